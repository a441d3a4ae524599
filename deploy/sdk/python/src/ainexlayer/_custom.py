"""Methods that do more than send one request and read its answer. `resources.py` has the others."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from ._content import DocumentContent, Range, range_header
from ._core import Call, RequestOptions, Resource, json_body, path_of
from ._decode import camel_keys, decode
from ._multipart import Content, FileUpload, MultipartBody, Progress, metadata_field
from ._session import Tokens
from ._stream import ChatStream
from ._transport import Body, BytesBody
from .errors import AINexLayerError, AuthenticationError
from .models import Acknowledged, Document, SignedIn, Uploaded


class CustomAuth(Resource):
    """Sessions: each method also changes the tokens that the client has."""

    def register(
        self, *, email: str, password: str, name: str, options: Optional[RequestOptions] = None
    ) -> SignedIn:
        """Creates an account and logs it in."""
        return self._sign_in("register", json_body(email=email, password=password, name=name), options)

    def login(self, *, email: str, password: str, options: Optional[RequestOptions] = None) -> SignedIn:
        """Logs in. Raises ``AuthenticationError`` for a wrong e-mail address or password."""
        return self._sign_in("login", json_body(email=email, password=password), options)

    def refresh(self, *, options: Optional[RequestOptions] = None) -> Optional[Tokens]:
        """Renews the tokens now. Otherwise the client does so by itself when it is time."""
        tokens = self._core.session.tokens
        if tokens is None:
            raise AINexLayerError("Nobody is logged in", code="NOT_LOGGED_IN")
        self._core.session.renew(tokens.access_token)
        return self._core.session.tokens

    def logout(self, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Ends the session on the server and forgets its tokens. It is no error if the session has ended already."""
        try:
            done = self._core.acknowledged(Call("POST", path_of("auth", "logout")), options)
        except AuthenticationError:
            # This also happens after a retry: the first request ended the session, and its answer was lost.
            done = Acknowledged("The session had ended")
        self._core.session.set(None)
        return done

    def _sign_in(self, how: str, body: BytesBody, options: Optional[RequestOptions]) -> SignedIn:
        call = Call("POST", path_of("auth", how), body=body, authenticated=False)
        signed_in = self._core.model(SignedIn, call, options)
        self._core.session.set(Tokens.of(signed_in))
        return signed_in


class CustomDocuments(Resource):
    """Uploads and downloads."""

    def upload(
        self, workspace_id: str, file: Union[Content, FileUpload], *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None,
        language: Optional[str] = None,
        on_progress: Optional[Progress] = None, options: Optional[RequestOptions] = None,
    ) -> Document:
        """Uploads a path, bytes, or an open binary file, without reading it whole into memory.

        If the workspace already has these bytes, returns the document that has them, with ``duplicate`` set.

        Args:
            name: replaces the file's own.
            charset: the encoding of a text file, such as ``windows-1251``; otherwise it is detected.
            language: of the text, as its ISO 639-1 code; otherwise it is detected.
        """
        fields = {"name": name, "metadata": metadata_field(metadata), "charset": charset, "language": language}
        body = MultipartBody([file], fields, on_progress)
        return self._upload(workspace_id, body, options).documents[0]

    def finish_upload(
        self, workspace_id: str, upload_id: str, *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None,
        language: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Document:
        """Makes the document of an upload from ``create_upload``, whose bytes have been sent to its URL.

        Args:
            name: of the document.
            charset: the encoding of a text file, such as ``windows-1251``; otherwise it is detected.
            language: of the text, as its ISO 639-1 code; otherwise it is detected.
        """
        fields = {
            "uploadId": upload_id, "name": name, "metadata": None if metadata is None else dict(metadata),
            "charset": charset, "language": language}
        given = {key: value for key, value in fields.items() if value is not None}
        body = BytesBody(json.dumps(given).encode(), "application/json")
        return self._made(workspace_id, body, options).documents[0]

    def upload_many(
        self, workspace_id: str, files: Sequence[Union[Content, FileUpload]], *,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None,
        language: Optional[str] = None,
        on_progress: Optional[Progress] = None, options: Optional[RequestOptions] = None,
    ) -> Uploaded:
        """Uploads several files in one request.

        A file that cannot be read does not keep the others out: look at ``errors`` of the answer. Raises only if
        none can be read.

        Args:
            metadata: for each of the files.
            charset: of each of the files that is text.
            language: of each of the files.
        """
        if not files:
            return Uploaded([], [])
        fields = {"metadata": metadata_field(metadata), "charset": charset, "language": language}
        body = MultipartBody(files, fields, on_progress)
        return self._upload(workspace_id, body, options)

    def _upload(self, workspace_id: str, body: MultipartBody, options: Optional[RequestOptions]) -> Uploaded:
        with closing(body):
            return self._made(workspace_id, body, options)

    def _made(self, workspace_id: str, body: Body, options: Optional[RequestOptions]) -> Uploaded:
        call = Call("POST", path_of("workspaces", workspace_id, "documents"), body=body)
        envelope = self._core.envelope(call, options)
        data = envelope.get("data")
        listed = data if isinstance(data, list) else [data]
        every, some = envelope.get("duplicate", False), envelope.get("duplicates") or []
        documents = [{"duplicate": every or item.get("id") in some, **item} if isinstance(item, dict) else item
                     for item in listed]
        return decode(Uploaded, {"documents": documents, "errors": envelope.get("errors") or []})

    def content(
        self, workspace_id: str, document_id: str, *, range: Optional[Range] = None,
        options: Optional[RequestOptions] = None,
    ) -> DocumentContent:
        """Starts to download the original bytes, or a range of them such as ``(0, 1023)``."""
        headers = {"Accept": "*/*"}
        if range is not None:
            headers["Range"] = range_header(range)
        path = path_of("workspaces", workspace_id, "documents", document_id, "content")
        return DocumentContent(self._core.send(Call("GET", path, headers=headers), options))


class CustomChat(Resource):
    """Answers as they are written."""

    def stream(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None,
        mode: Optional[str] = None, document_ids: Optional[Sequence[str]] = None,
        filters: Optional[Mapping[str, Any]] = None, top_k: Optional[int] = None, temperature: Optional[float] = None,
        model: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> ChatStream:
        """Asks, and returns the answer while it is written.

        The client never repeats a question that was sent, because a stream cannot be replayed. Only if the server
        declines at once (429, 503) does it ask again.
        """
        body = json_body(
            message=message, conversation_id=conversation_id, mode=mode, document_ids=document_ids,
            filters=camel_keys(filters), top_k=top_k, temperature=temperature, model=model, stream=True)
        call = Call(
            "POST", path_of("workspaces", workspace_id, "chat"), body=body, headers={"Accept": "text/event-stream"},
            repeatable=False)
        return ChatStream(self._core.send(call, options))


class CustomSystem(Resource):
    """Answers that are not in the API's envelope."""

    def openapi(self, *, options: Optional[RequestOptions] = None) -> Dict[str, Any]:
        """The API as an OpenAPI document."""
        answer = self._core.send(Call("GET", path_of("openapi.json"), authenticated=False), options)
        document: Dict[str, Any] = json.loads(answer.read())
        return document

    def docs(self, *, options: Optional[RequestOptions] = None) -> str:
        """The documentation page, as HTML."""
        call = Call("GET", path_of("docs"), headers={"Accept": "text/html"}, authenticated=False)
        return self._core.send(call, options).read().decode()
