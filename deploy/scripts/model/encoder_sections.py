"""What the encoder reads of the model."""

from __future__ import annotations

import struct
from typing import Iterable

from source import Source


def sections(source: Source) -> Iterable[tuple[str, bytes]]:
    yield "config", struct.pack("<7If", *source.config)
    yield "word", source.tensor("emb.word")[2]
