"""Writes the model file that Shared/Embedding/ModelFile.swift reads.

Little-endian: 8 bytes `AINXEMB1`, u32 number of sections, u32 0; for each section its name (16 bytes of ASCII, padded
with zeros), u64 offset from the start of the file (a multiple of 64) and u64 length; then the sections.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Iterable

MAGIC = b"AINXEMB1"
ALIGNMENT = 64
ENTRY = struct.Struct("<16sQQ")
HEADER = struct.Struct("<8sII")


def aligned(position: int) -> int:
    return -(-position // ALIGNMENT) * ALIGNMENT


def write(target: Path, sections: Iterable[tuple[str, bytes]]) -> int:
    """Writes the sections in their order, and replaces the file at once. Returns its size in bytes."""
    sections = list(sections)
    position, entries = aligned(HEADER.size + ENTRY.size * len(sections)), []
    for name, data in sections:
        encoded = name.encode("ascii")
        if not 0 < len(encoded) <= 16 or any(name == other for other, _, _ in entries):
            raise ValueError(f"{name} is too long for the name of a section, or is there twice")
        entries.append((name, position, memoryview(data).nbytes))
        position = aligned(position + entries[-1][2])
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(HEADER.pack(MAGIC, len(entries), 0))
            for name, offset, length in entries:
                file.write(ENTRY.pack(name.encode("ascii"), offset, length))
            for (_, data), (_, offset, _) in zip(sections, entries):
                file.write(bytes(offset - file.tell()))
                file.write(data)
            size = file.tell()
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return size


def section(path: Path, name: str) -> bytes | None:
    """A section of a file; None without the file, without the section, or if the file is damaged or cut off."""
    try:
        with path.open("rb") as file:
            magic, count, _ = HEADER.unpack(file.read(HEADER.size))
            if magic != MAGIC:
                return None
            size = os.fstat(file.fileno()).st_size
            entries = [ENTRY.unpack(file.read(ENTRY.size)) for _ in range(count)]
            if any(offset + length > size for _, offset, length in entries):
                return None
            for found, offset, length in entries:
                if found.rstrip(b"\0") == name.encode("ascii"):
                    file.seek(offset)
                    return file.read(length)
    except (OSError, struct.error):
        pass
    return None
