"""What the tokenizer reads of the model. Shared/Embedding/Tokenizer says how.

- `vocabulary`: u32 pieces, start, end, unknown, length of the longest piece in bytes; f32 score of an unknown scalar.
- `scores`: f32 of each piece.
- `trie`: a double array of the pieces, a u64 for each unit: from the lowest bit on, 20 bits id + 1, or 0 if no piece ends
  here; 22 bits base; 22 bits parent. Unit 0 is the root. The child by byte b of a unit is at base + b, if the unit there
  has it as its parent. What has no parent has the highest number there.
- `normalise`: u16 page of each 64 scalars. `normalise.pages`: 64 × u16 each: 0 for a scalar that stays, or 1 + the
  offset of its replacement. `normalise.text`: replacements in UTF-8, each after its length (u8).
"""

from __future__ import annotations

import struct
from array import array
from typing import Iterable

from source import Source

VALUE_BITS, PLACE_BITS = 20, 22
NOWHERE = (1 << PLACE_BITS) - 1
PAGE = 64
UNKNOWN_PENALTY = 10


class Trie:
    """A trie by bytes. Nodes are numbers in preorder, so the first child of a node is the next one.

    - labels, values, parents: of each node; a value is 0 if no key ends there.
    - others: the children of a node but its first.
    """

    def __init__(self, keys: Iterable[tuple[bytes, int]]):
        """- keys: sorted, with their values."""
        self.labels, self.values, self.parents, self.others = bytearray(1), array("I", [0]), array("I", [0]), {}
        path, before = [0], b""
        for key, value in keys:
            common = 0
            for one, other in zip(before, key):
                if one != other:
                    break
                common += 1
            del path[common + 1:]
            for byte in key[common:]:
                parent, node = path[-1], len(self.labels)
                self.labels.append(byte)
                self.values.append(0)
                self.parents.append(parent)
                path.append(node)
                if parent != node - 1:
                    self.others.setdefault(parent, []).append(node)
            self.values[path[-1]] = value
            before = key

    def bases(self) -> array:
        """Places the children of every node: families first, the largest before others; only children fill the gaps."""
        labels, parents, others = self.labels, self.parents, self.others
        bases, used = array("I", bytes(4 * len(labels))), bytearray(NOWHERE)
        used[0], cursor = 1, 256
        for node in sorted(others, key=lambda node: -len(others[node])):
            first, rest = labels[node + 1], [labels[child] for child in others[node]]
            place = used.find(0, cursor)
            while any([used[place - first + label] for label in rest]):
                place = used.find(0, place + 1)
            bases[node] = place - first
            for label in (first, *rest):
                used[place - first + label] = 1
            cursor = max(cursor, place - 128)
        place = 255
        for node in range(len(labels) - 1):
            if parents[node + 1] == node and node not in others:
                place = used.find(0, place + 1)
                bases[node] = place - labels[node + 1]
        return bases

    def units(self) -> bytes:
        bases, labels, values, parents = self.bases(), self.labels, self.values, self.parents
        places = [0, *(bases[parents[node]] + labels[node] for node in range(1, len(labels)))]
        units = array("Q", [NOWHERE << VALUE_BITS + PLACE_BITS]) * (max(places) + 1)
        for node, place in enumerate(places):
            parent = places[parents[node]] if node > 0 else NOWHERE
            units[place] = parent << VALUE_BITS + PLACE_BITS | bases[node] << VALUE_BITS | values[node]
        if len(units) >= NOWHERE or max(values) >> VALUE_BITS:
            raise ValueError("the vocabulary is too large for the trie")
        return little_endian(units)


def little_endian(numbers: array) -> bytes:
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        numbers.byteswap()
    return numbers.tobytes()


def normalisation(replacements: dict[int, tuple[int, ...]]) -> Iterable[tuple[str, bytes]]:
    text, offsets = bytearray(), {}
    pages = {(0,) * PAGE: 0}
    index = array("H")
    for first in range(0, max(replacements) + 1, PAGE):
        page = []
        for scalar in range(first, first + PAGE):
            if scalar not in replacements:
                page.append(0)
                continue
            encoded = "".join(map(chr, replacements[scalar])).encode()
            if encoded not in offsets:
                offsets[encoded] = len(text)
                text += bytes([len(encoded)]) + encoded
            page.append(offsets[encoded] + 1)
        index.append(pages.setdefault(tuple(page), len(pages)))
    yield "normalise", little_endian(index)
    yield "normalise.pages", little_endian(array("H", [entry for page in pages for entry in page]))
    yield "normalise.text", bytes(text)


def sections(source: Source) -> Iterable[tuple[str, bytes]]:
    pieces = source.pieces
    yield "vocabulary", struct.pack(
        "<5If", len(pieces), source.start, source.end, source.unknown, max(map(len, pieces)),
        min(source.scores) - UNKNOWN_PENALTY)
    yield "scores", little_endian(array("f", source.scores))
    keys = sorted((piece, number + 1) for number, piece in enumerate(pieces) if number != source.unknown)
    yield "trie", Trie(keys).units()
    yield from normalisation(source.replacements)
