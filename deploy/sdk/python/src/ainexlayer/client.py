"""The client."""

from __future__ import annotations

import json as jsonlib
import os
import ssl
from types import TracebackType
from typing import Any, Mapping, Optional, Type

from ._core import Call, Core, RequestOptions, json_body, path_of
from ._retry import RetryPolicy
from ._session import MemoryTokenStore, Session, Tokens, TokenStore
from ._transport import BytesBody, Transport
from .models import SignedIn
from .resources import Resources

DEFAULT_BASE_URL = "http://localhost:3001"


class AINexLayer(Resources):
    """A client for one installation. Threads may share it.

    Args:
        base_url: where it is. ``/api/v1`` is added unless the address has a path of its own.
            Defaults to ``AINEXLAYER_BASE_URL``, else ``http://localhost:3001``.
        api_key: a key (``nxl_…``). Defaults to ``AINEXLAYER_API_KEY``. Without one, log in.
        token_store: where the tokens of a login are kept; in memory by default. With a store of
            your own a later run of the program is still logged in.
        timeout: seconds for each wait (connecting, sending, every read); None waits for ever.
        retry: how often and how patiently failed requests are repeated.
        headers: sent with every request.
        ssl_context: for https; the system's certificates by default.
    """

    def __init__(
        self,
        base_url: Optional[str] = None,
        *,
        api_key: Optional[str] = None,
        token_store: Optional[TokenStore] = None,
        timeout: Optional[float] = 60.0,
        retry: RetryPolicy = RetryPolicy(),
        headers: Optional[Mapping[str, str]] = None,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self.base_url = base_url or os.environ.get("AINEXLAYER_BASE_URL") or DEFAULT_BASE_URL
        # A store means a login, so a key in the environment must not override it.
        key = api_key or (os.environ.get("AINEXLAYER_API_KEY") if token_store is None else None)
        self._transport = Transport(self.base_url, ssl_context)
        self._session = Session(key or None, token_store or MemoryTokenStore(), self._refresh)
        self._core = Core(self.base_url, self._transport, self._session, retry, timeout, headers or {})
        super().__init__(self._core)

    @property
    def tokens(self) -> Optional[Tokens]:
        """The session's tokens, or None if nobody is logged in."""
        return self._session.tokens

    def request(
        self, method: str, path: str, *, query: Optional[Mapping[str, Any]] = None, json: Optional[Any] = None,
        options: Optional[RequestOptions] = None,
    ) -> Mapping[str, Any]:
        """Calls an endpoint that this version does not know, with the usual credentials, retries and errors. ``path``
        follows ``/api/v1`` and begins with a slash."""
        body = None if json is None else BytesBody(jsonlib.dumps(json, ensure_ascii=False).encode(), "application/json")
        return self._core.envelope(Call(method, path, query=query or {}, body=body), options)

    def close(self) -> None:
        """Closes idle connections. You can still use the client."""
        self._transport.close()

    def _refresh(self, refresh_token: str) -> SignedIn:
        # NB: never repeated if its answer is lost. The server repeats the answer only for half a minute and treats a
        # later use as theft. The client keeps its tokens, so a caller that tries again soon gets the answer.
        call = Call(
            "POST", path_of("auth", "refresh"), body=json_body(refresh_token=refresh_token), authenticated=False,
            repeatable=False)
        return self._core.model(SignedIn, call)

    def __enter__(self) -> AINexLayer:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

