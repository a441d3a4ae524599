"""Downloads of documents."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Callable, Iterator, Optional, Tuple, Type, Union
from urllib.parse import unquote

from ._transport import Answer

Range = Tuple[int, Optional[int]]
"""The first and the last byte, both included, as in HTTP. A last byte of None means the end. A negative first byte
with None means that many bytes at the end."""


def range_header(wanted: Range) -> str:
    first, last = wanted
    if first < 0:
        if last is not None:
            raise ValueError("A range from the end takes None as its last byte")
        return f"bytes=-{-first}"
    return f"bytes={first}-{'' if last is None else last}"


class DocumentContent:
    """A download in progress. Read it once, in one of three ways, or close it."""

    def __init__(self, answer: Answer) -> None:
        headers = answer.headers
        self._answer = answer
        self.content_type: str = headers.get("content-type", "application/octet-stream")
        self.etag: Optional[str] = headers.get("etag")
        self.request_id: Optional[str] = headers.get("x-request-id")
        self.size: Optional[int] = int(headers["content-length"]) if "content-length" in headers else None
        """The size of this download in bytes: of the range, if there is one."""
        self.content_range: Optional[str] = headers.get("content-range")
        """``bytes 0-1023/4096`` if the server sent a part, None if it sent the whole."""
        self.filename: Optional[str] = _filename(headers.get("content-disposition", ""))

    def iter_bytes(self) -> Iterator[bytes]:
        """The bytes as they arrive. Leaving early closes the connection."""
        return self._answer.iter_bytes()

    def read(self) -> bytes:
        """All of it, in memory."""
        return self._answer.read()

    def save(
        self, to: Union[str, os.PathLike[str], BinaryIO],
        on_progress: Optional[Callable[[int, Optional[int]], None]] = None,
    ) -> int:
        """Writes it to a file and returns its length in bytes.

        If it fails, a path does not change. ``on_progress`` gets the bytes so far and ``size``.
        """
        if not isinstance(to, (str, os.PathLike)):
            return self._copy(to, on_progress)
        target = Path(to)
        partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with open(partial, "xb") as file:
                written = self._copy(file, on_progress)
            os.replace(partial, target)
            return written
        except BaseException:
            partial.unlink()
            raise

    def _copy(self, file: BinaryIO, on_progress: Optional[Callable[[int, Optional[int]], None]]) -> int:
        written = 0
        for block in self.iter_bytes():
            file.write(block)
            written += len(block)
            if on_progress:
                on_progress(written, self.size)
        return written

    def close(self) -> None:
        self._answer.close()

    def __enter__(self) -> DocumentContent:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def _filename(disposition: str) -> Optional[str]:
    """RFC 6266: prefers the extended form. Removes folders, so that a name cannot lead elsewhere."""
    extended = re.search(r"filename\*\s*=\s*UTF-8''([^;]+)", disposition, re.IGNORECASE)
    plain = re.search(r'filename\s*=\s*"([^"]*)"', disposition, re.IGNORECASE)
    name = unquote(extended.group(1)) if extended else plain.group(1) if plain else ""
    return re.split(r"[/\\]", name)[-1] or None
