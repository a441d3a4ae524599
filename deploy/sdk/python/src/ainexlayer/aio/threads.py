"""Calls, listings, streams and downloads of the client, in threads for asyncio."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import AsyncIterator, BinaryIO, Callable, Generic, Iterator, Optional, Type, TypeVar, Union

from .._content import DocumentContent
from .._pager import Page, Pager
from .._stream import ChatDelta, ChatEvent, ChatStream

T = TypeVar("T")


class Threads:
    """Runs blocking calls without blocking the event loop."""

    def __init__(self, count: int) -> None:
        self._executor = ThreadPoolExecutor(count, thread_name_prefix="ainexlayer")

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    async def iterate(self, make: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """The items of an iterator, each loaded in a thread. None ends the iteration, so no item may be None."""
        items = make()
        while True:
            item = await self.run(lambda: next(items, None))
            if item is None:
                return
            yield item

    def close(self) -> None:
        self._executor.shutdown(wait=False)


class AsyncPager(Generic[T]):
    """A listing. It loads each page only when you need it."""

    def __init__(self, threads: Threads, pager: Pager[T]) -> None:
        self._threads = threads
        self._pager = pager

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    def pages(self) -> AsyncIterator[Page[T]]:
        """The pages, with one request for each."""
        return self._threads.iterate(self._pager.pages)

    async def page(self, number: Optional[int] = None) -> Page[T]:
        """One page, by default the first. It also has the ``total``."""
        return await self._threads.run(lambda: self._pager.page(number))


class AsyncChatStream:
    """A streamed answer. Iterate over it once. Leaving early stops the generation on the server."""

    def __init__(self, threads: Threads, stream: ChatStream) -> None:
        self._threads = threads
        self._stream = stream
        self.request_id = stream.request_id

    async def __aiter__(self) -> AsyncIterator[ChatEvent]:
        try:
            async for event in self._threads.iterate(lambda: iter(self._stream)):
                yield event
        finally:
            self.close()

    async def text(self) -> AsyncIterator[str]:
        """Only the text. Raises if the answer fails."""
        async for event in self:
            if isinstance(event, ChatDelta):
                yield event.content

    def close(self) -> None:
        self._stream.close()

    async def __aenter__(self) -> AsyncChatStream:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class AsyncDocumentContent:
    """A download in progress. Read it once, in one of three ways, or close it."""

    def __init__(self, threads: Threads, content: DocumentContent) -> None:
        self._threads = threads
        self._content = content
        self.content_type = content.content_type
        self.etag = content.etag
        self.request_id = content.request_id
        self.size = content.size
        self.content_range = content.content_range
        self.filename = content.filename

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """The bytes as they arrive. Leaving early closes the connection."""
        try:
            async for block in self._threads.iterate(self._content.iter_bytes):
                yield block
        finally:
            self.close()

    async def read(self) -> bytes:
        """All of it, in memory."""
        return await self._threads.run(self._content.read)

    async def save(
        self, to: Union[str, os.PathLike[str], BinaryIO],
        on_progress: Optional[Callable[[int, Optional[int]], None]] = None,
    ) -> int:
        """Writes it to a file and returns its length. ``on_progress`` is called in another thread."""
        return await self._threads.run(lambda: self._content.save(to, on_progress))

    def close(self) -> None:
        self._content.close()
