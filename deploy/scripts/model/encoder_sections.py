"""What the encoder reads of the model: dimensions, embeddings, and the weights of its layers as Shared/CEmbedding wants
them (`embedding_matrix` in CEmbedding.h).

A layer `l00` … has four matrices: `qkv` (queries, keys and values in one), `out` (what attention returns), `up` and
`down` (the two of the feed-forward part). Each has its weights `.w`, scales `.s` and bias `.b`. The normalisation after
attention is `norm1`, the one at the end of the layer `norm2`: scale `.w`, shift `.b`.
"""

from __future__ import annotations

import struct
from array import array
from typing import Iterable

from source import BLOCK_BYTES, BLOCK_NUMBERS, FLOATS, FOUR_BITS, Source

PANEL = 16
"""Outputs whose weights are interleaved."""


def sections(source: Source) -> Iterable[tuple[str, bytes]]:
    yield "config", struct.pack("<7If", *source.config)
    yield "position", positions(source)
    yield "norm.w", floats(source, "emb.ln.w")
    yield "norm.b", floats(source, "emb.ln.b")
    hidden, inner = source.config.hidden, source.config.inner
    for layer in range(source.config.layers):
        for name, parts, inputs in (
            ("qkv", "q k v", hidden), ("out", "ao", hidden), ("up", "fi", hidden), ("down", "fo", inner)
        ):
            tensors = [f"l{layer}.{part}" for part in parts.split()]
            weights, scales = panels(b"".join(four_bits(source, f"{tensor}.w") for tensor in tensors), inputs)
            yield f"l{layer:02}.{name}.w", weights
            yield f"l{layer:02}.{name}.s", scales
            yield f"l{layer:02}.{name}.b", b"".join(floats(source, f"{tensor}.b") for tensor in tensors)
        for name, tensor in (("norm1", "aln"), ("norm2", "oln")):
            for part in ("w", "b"):
                yield f"l{layer:02}.{name}.{part}", floats(source, f"l{layer}.{tensor}.{part}")
    yield "word", four_bits(source, "emb.word")


def panels(matrix: bytes, inputs: int) -> tuple[bytes, bytes]:
    """The weights and scales of a matrix in the order of the kernels: see `embedding_matrix`."""
    blocks = inputs // BLOCK_NUMBERS
    row_bytes = blocks * BLOCK_BYTES
    weights, scales = bytearray(len(matrix) // BLOCK_BYTES * 16), bytearray(len(matrix) // BLOCK_BYTES * 2)
    for output in range(len(matrix) // row_bytes):
        row = matrix[output * row_bytes:(output + 1) * row_bytes]
        panel, place = divmod(output, PANEL)
        start, end = panel * blocks * 256, (panel + 1) * blocks * 256
        for byte in range(16):
            weights[start + byte // 4 * 64 + place * 4 + byte % 4:end:256] = row[2 + byte::BLOCK_BYTES]
        start, end = panel * blocks * 32, (panel + 1) * blocks * 32
        for byte in range(2):
            scales[start + place * 2 + byte:end:32] = row[byte::BLOCK_BYTES]
    return bytes(weights), bytes(scales)


def positions(source: Source) -> bytes:
    """The embedding of each position, with that of the only type in use."""
    values, kind = numbers(source, "emb.pos"), numbers(source, "emb.type")[:source.config.hidden]
    return array("f", (value + kind[i % len(kind)] for i, value in enumerate(values))).tobytes()


def numbers(source: Source, name: str) -> array:
    kind, elements, data = source.tensor(name)
    if kind == FLOATS:
        return array("f", bytes(data))
    values = array("f", bytes(4 * elements))
    for block in range(elements // BLOCK_NUMBERS):
        scale, *quants = struct.unpack_from("<e16B", data, block * BLOCK_BYTES)
        for j, quant in enumerate(quants, block * BLOCK_NUMBERS):
            values[j], values[j + 16] = ((quant & 15) - 8) * scale, ((quant >> 4) - 8) * scale
    return values


def floats(source: Source, name: str) -> bytes:
    kind, _, data = source.tensor(name)
    if kind != FLOATS:
        raise ValueError(f"{name} should be in floats")
    return bytes(data)


def four_bits(source: Source, name: str) -> bytes:
    kind, _, data = source.tensor(name)
    if kind != FOUR_BITS:
        raise ValueError(f"{name} should be in 4 bits")
    return bytes(data)
