"""The client for asyncio: the same methods as coroutines. Each call runs in a thread of a pool."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Mapping, Optional, Type

from .._core import RequestOptions
from .._session import Tokens
from ..client import AINexLayer
from .resources import Resources
from .threads import AsyncChatStream, AsyncDocumentContent, AsyncPager, Threads

__all__ = ["AsyncAINexLayer", "AsyncChatStream", "AsyncDocumentContent", "AsyncPager"]

MAX_THREADS = 16


class AsyncAINexLayer(Resources):
    """A client for one installation, for asyncio.

    Args:
        base_url: where it is.
        max_threads: calls that can be under way at once; a stream takes a thread while it is waited for.
        client: does the work; made of ``settings`` if absent.
        settings: what ``AINexLayer`` takes.
    """

    def __init__(
        self, base_url: Optional[str] = None, *, max_threads: int = MAX_THREADS,
        client: Optional[AINexLayer] = None, **settings: Any,
    ) -> None:
        self._client = client or AINexLayer(base_url, **settings)
        self._threads = Threads(max_threads)
        super().__init__(self._threads, self._client)

    @property
    def tokens(self) -> Optional[Tokens]:
        """The session's tokens, or None if nobody is logged in."""
        return self._client.tokens

    async def request(
        self, method: str, path: str, *, query: Optional[Mapping[str, Any]] = None, json: Optional[Any] = None,
        options: Optional[RequestOptions] = None,
    ) -> Mapping[str, Any]:
        """Calls an endpoint that this version does not know; see ``AINexLayer.request``."""
        return await self._threads.run(
            lambda: self._client.request(method, path, query=query, json=json, options=options))

    def close(self) -> None:
        """Closes the connections and lets calls in progress finish."""
        self._threads.close()
        self._client.close()

    async def __aenter__(self) -> AsyncAINexLayer:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
