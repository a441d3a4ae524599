"""What is uploaded."""

from __future__ import annotations

import io
import os
import zipfile

BOUNDARY = "conformance"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def document_of(size: int) -> bytes:
    """A Word document of that many bytes at least, most of which are noise: a picture that nobody can read."""
    parts = {
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="x" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>').encode(),
        "word/document.xml": (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
            "The zebra finch sings at dawn. Bread rises in a warm kitchen.</w:t></w:r></w:p></w:body></w:document>").encode(),
        "word/media/noise.png": os.urandom(size)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def form(name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
