"""Uploads as multipart/form-data (RFC 7578). Reads files while it sends them, and knows their length before."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterator, List, Mapping, Optional, Sequence, Union

from ._transport import BLOCK

Content = Union[str, "os.PathLike[str]", bytes, BinaryIO]
"""A path, bytes, or a file opened for reading bytes."""
Progress = Callable[[int, int], None]
"""Called with the bytes sent so far and in total, including the few of the form itself. A retry begins at 0."""
SPOOLED_IN_MEMORY = 1 << 20
"""How many bytes of a stream without a length stay in memory. The rest goes to a temporary file."""


@dataclass(frozen=True)
class FileUpload:
    """A file with a name or type of its own.

    ``filename`` defaults to the path's last part, else ``untitled``; ``content_type`` to what the
    server finds in the bytes.
    """

    content: Content
    filename: Optional[str] = None
    content_type: Optional[str] = None


class _Part:
    """One file of the form. It can be read several times."""

    def __init__(self, upload: FileUpload) -> None:
        content = upload.content
        self._path: Optional[Path] = None
        self._file: Optional[BinaryIO] = None
        self._spool: Optional[BinaryIO] = None
        name = upload.filename
        if isinstance(content, (str, os.PathLike)):
            self._path = Path(content)
            self.size = self._path.stat().st_size
            name = name or self._path.name
        elif isinstance(content, (bytes, bytearray, memoryview)):
            self._file = io.BytesIO(content)
            self.size = len(content)
        else:
            self._spool = None if content.seekable() else _spooled(content)
            self._file = self._spool or content
            name = name or _own_name(content)
        if self._file is not None:
            self._start = self._file.tell()
            self.size = self._file.seek(0, os.SEEK_END) - self._start
        self.filename = name or "untitled"
        self.content_type = upload.content_type

    def close(self) -> None:
        """Removes the temporary file, if there is one."""
        if self._spool is not None:
            self._spool.close()

    def chunks(self) -> Iterator[bytes]:
        """Exactly ``size`` bytes from the beginning. Raises if the file has become shorter."""
        left = self.size
        file = open(self._path, "rb") if self._path is not None else self._file
        assert file is not None
        try:
            file.seek(0 if self._path is not None else self._start)
            while left > 0:
                block = file.read(min(BLOCK, left))
                if not block:
                    raise ValueError(f"{self.filename} became shorter while it was sent")
                left -= len(block)
                yield block
        finally:
            if self._path is not None:
                file.close()


def _spooled(stream: BinaryIO) -> BinaryIO:
    """Copies a pipe or socket, which has no length and can be read only once, to a temporary file."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY)
    shutil.copyfileobj(stream, spool, BLOCK)
    spool.seek(0)
    # NB: it has every method of a file that is used here. The standard library's types say so since 3.11.
    result: Any = spool
    return result  # type: ignore[no-any-return]


def _own_name(file: BinaryIO) -> Optional[str]:
    name = getattr(file, "name", None)
    return os.path.basename(name) if isinstance(name, str) else None


class MultipartBody:
    """A form of files and fields."""

    def __init__(
        self,
        files: Sequence[Union[Content, FileUpload]],
        fields: Mapping[str, Optional[str]],
        on_progress: Optional[Progress] = None,
    ) -> None:
        boundary = f"nexlayer-{uuid.uuid4().hex}"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._on_progress = on_progress
        self._pieces: List[Union[bytes, _Part]] = []
        for name, value in fields.items():
            if value is not None:
                self._pieces.append(_head(boundary, name) + value.encode() + b"\r\n")
        for file in files:
            part = _Part(file if isinstance(file, FileUpload) else FileUpload(file))
            self._pieces += [_head(boundary, "file", part), part, b"\r\n"]
        self._pieces.append(f"--{boundary}--\r\n".encode())
        self.size = sum(piece.size if isinstance(piece, _Part) else len(piece) for piece in self._pieces)

    def chunks(self) -> Iterator[bytes]:
        sent = 0
        for piece in self._pieces:
            for chunk in piece.chunks() if isinstance(piece, _Part) else (piece,):
                yield chunk
                sent += len(chunk)
                if self._on_progress:
                    self._on_progress(sent, self.size)

    def close(self) -> None:
        """Removes temporary files. The body cannot be sent again."""
        for piece in self._pieces:
            if isinstance(piece, _Part):
                piece.close()


def _head(boundary: str, name: str, part: Optional[_Part] = None) -> bytes:
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"']
    if part is not None:
        # A quoted string (RFC 7578 section 4.2). NB: browsers write %22 for a quote, and servers do not decode it.
        name = part.filename.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
        lines[1] += f'; filename="{name}"'
        if part.content_type:
            if "\r" in part.content_type or "\n" in part.content_type:
                raise ValueError("content_type must be one line")
            lines.append(f"Content-Type: {part.content_type}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def metadata_field(metadata: Optional[Mapping[str, Any]]) -> Optional[str]:
    return None if metadata is None else json.dumps(metadata, ensure_ascii=False)
