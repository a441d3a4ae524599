"""Documents: uploading, reading and searching them."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Sequence, TypedDict, Union

from .._content import DocumentContent, Range, range_header
from .._core import Call, Core, Match, RequestOptions, json_body, match_headers, path_of
from .._decode import camel_case, decode
from .._multipart import Content, FileUpload, MultipartBody, Progress, metadata_field
from .._pager import Pager
from ..models import Acknowledged, Chunk, Document, SearchAnswer, Uploaded


class SearchFilters(TypedDict, total=False):
    """Which documents count for a search."""

    document_ids: Sequence[str]
    types: Sequence[str]
    metadata: Mapping[str, Any]
    """Equal, key by key."""
    created_after: datetime
    created_before: datetime


class Documents:
    """The documents of a workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, type: Optional[str] = None, status: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Document]:
        """The documents, the newest first. ``search`` looks at names."""
        query = {"limit": limit, "search": search, "type": type, "status": status}
        return self._core.pager(Document, _path(workspace_id), query, page, options)

    def upload(
        self, workspace_id: str, file: Union[Content, FileUpload], *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, on_progress: Optional[Progress] = None,
        options: Optional[RequestOptions] = None,
    ) -> Document:
        """Uploads a path, bytes, or an open binary file, without reading it whole into memory.

        ``name`` replaces the file's own. Bytes that the workspace has already give the document
        that is there, with ``duplicate`` set.
        """
        body = MultipartBody([file], {"name": name, "metadata": metadata_field(metadata)}, on_progress)
        return self._upload(workspace_id, body, options).documents[0]

    def upload_many(
        self, workspace_id: str, files: Sequence[Union[Content, FileUpload]], *,
        metadata: Optional[Mapping[str, Any]] = None, on_progress: Optional[Progress] = None,
        options: Optional[RequestOptions] = None,
    ) -> Uploaded:
        """Uploads several files in one request; the ``metadata`` counts for each.

        Look at ``errors`` of the answer: files that could not be read do not keep the others out. Raises only
        when that is true of all.
        """
        if not files:
            return Uploaded([], [])
        body = MultipartBody(files, {"metadata": metadata_field(metadata)}, on_progress)
        return self._upload(workspace_id, body, options)

    def _upload(
        self, workspace_id: str, body: MultipartBody, options: Optional[RequestOptions]
    ) -> Uploaded:
        with closing(body):
            envelope = self._core.envelope(Call("POST", _path(workspace_id), body=body), options)
        data = envelope.get("data")
        listed = data if isinstance(data, list) else [data]
        every, some = envelope.get("duplicate", False), envelope.get("duplicates") or []
        documents = [{"duplicate": every or item.get("id") in some, **item} if isinstance(item, dict) else item
                     for item in listed]
        return decode(Uploaded, {"documents": documents, "errors": envelope.get("errors") or []})

    def get(self, workspace_id: str, document_id: str, *, options: Optional[RequestOptions] = None) -> Document:
        """What is known of a document, with the entity tag of that."""
        return self._core.model(Document, Call("GET", _path(workspace_id, document_id)), options)

    def content(
        self, workspace_id: str, document_id: str, *, range: Optional[Range] = None,
        options: Optional[RequestOptions] = None,
    ) -> DocumentContent:
        """Begins to download the original bytes, or a range of them such as ``(0, 1023)``."""
        headers = {"Accept": "*/*"}
        if range is not None:
            headers["Range"] = range_header(range)
        call = Call("GET", _path(workspace_id, document_id, "content"), headers=headers)
        return DocumentContent(self._core.send(call, options))

    def chunks(
        self, workspace_id: str, document_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Chunk]:
        """The passages of a document as search sees them."""
        return self._core.pager(Chunk, _path(workspace_id, document_id, "chunks"), {"limit": limit}, page, options)

    def update(
        self, workspace_id: str, document_id: str, *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Document:
        """Changes a document's name or metadata."""
        call = Call(
            "PUT", _path(workspace_id, document_id), body=json_body(name=name, metadata=metadata),
            headers=match_headers(if_match))
        return self._core.model(Document, call, options)

    def delete(
        self, workspace_id: str, document_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes a document; search does not find it any more."""
        call = Call("DELETE", _path(workspace_id, document_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def search(
        self, workspace_id: str, query: str, *, limit: Optional[int] = None, mode: Optional[str] = None,
        threshold: Optional[float] = None, filters: Optional[SearchFilters] = None,
        options: Optional[RequestOptions] = None,
    ) -> SearchAnswer:
        """Finds passages. ``"exact phrases"`` and ``-excluded`` words work; ``mode`` is ``hybrid``,
        ``keyword`` or ``semantic``, and the answer's is the one that was used."""
        body = json_body(query=query, limit=limit, mode=mode, threshold=threshold, filters=_filters(filters))
        call = Call("POST", path_of("workspaces", workspace_id, "search"), body=body)
        return self._core.model(SearchAnswer, call, options)


def _path(workspace_id: str, *rest: str) -> str:
    return path_of("workspaces", workspace_id, "documents", *rest)


def _filters(filters: Optional[SearchFilters]) -> Optional[Dict[str, Any]]:
    return None if filters is None else {camel_case(name): value for name, value in filters.items()}
