"""Streamed answers: Server-Sent Events (the HTML standard, section 9.2) as typed objects."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Iterable, Iterator, List, Literal, Optional, Tuple, Type, Union

from ._decode import decode
from ._transport import Answer
from .errors import APIConnectionError, APIError, error_of
from .models import Source, Usage


@dataclass(frozen=True)
class ChatStart:
    conversation_id: str
    message_id: str
    type: Literal["start"] = "start"


@dataclass(frozen=True)
class ChatSources:
    sources: List[Source]
    type: Literal["sources"] = "sources"


@dataclass(frozen=True)
class ChatDelta:
    content: str
    type: Literal["delta"] = "delta"


@dataclass(frozen=True)
class ChatDone:
    usage: Usage
    finish_reason: str
    type: Literal["done"] = "done"
    partial: bool = False
    """The search for sources ended early: the answer uses the best sources found so far."""


@dataclass(frozen=True)
class ChatFailed:
    """The answer failed. The error is raised when the iteration continues."""

    error: APIError
    type: Literal["error"] = "error"


ChatEvent = Union[ChatStart, ChatSources, ChatDelta, ChatDone, ChatFailed]


class ChatStream:
    """A streamed answer. Iterate over it once. Leaving early (``break``, ``close``, ``with``) closes the connection and
    stops the generation on the server."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.request_id: Optional[str] = answer.headers.get("x-request-id")
        self._events = self._run()

    def __iter__(self) -> Iterator[ChatEvent]:
        try:
            yield from self._events
        finally:
            self.close()

    def text(self) -> Iterator[str]:
        """Only the text. Raises if the answer fails."""
        for event in self:
            if isinstance(event, ChatDelta):
                yield event.content

    def close(self) -> None:
        self._answer.close()

    def _run(self) -> Iterator[ChatEvent]:
        for name, data in _messages(self._answer.iter_bytes()):
            event = _event(name, data, self.request_id)
            if event is not None:
                yield event
            if isinstance(event, ChatFailed):
                raise event.error
            if isinstance(event, ChatDone):
                return
        raise APIConnectionError("The answer broke off before its end", code="CONNECTION_ERROR")

    def __enter__(self) -> ChatStream:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


def _event(name: str, text: str, request_id: Optional[str]) -> Optional[ChatEvent]:
    """None for an event that this version does not know."""
    try:
        data: Any = json.loads(text)
        if name == "start":
            return ChatStart(data["conversationId"], data["messageId"])
        if name == "sources":
            listed = data["sources"] if isinstance(data, dict) else data
            return ChatSources([decode(Source, item) for item in listed])
        if name == "delta":
            return ChatDelta(data["content"])
        if name == "done":
            return ChatDone(decode(Usage, data["usage"]), data["finishReason"], partial=data.get("partial", False))
        if name == "error":
            return ChatFailed(error_of(None, data if "error" in data else {"error": data}, request_id=request_id))
    except (ValueError, KeyError, TypeError) as error:
        raise APIConnectionError("An event of the answer cannot be read", code="UNEXPECTED_ANSWER") from error
    return None


def _messages(blocks: Iterable[bytes]) -> Iterator[Tuple[str, str]]:
    """The name and data of each complete event."""
    name = "message"
    data: List[str] = []
    for line in _lines(blocks):
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Lines that end in LF, CR LF or CR; a character may be split between blocks, and so may CR LF."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for block in blocks:
        rest += decoder.decode(block)
        held = "\r" if rest.endswith("\r") else ""
        ready = rest[: len(rest) - len(held)].replace("\r\n", "\n").replace("\r", "\n")
        *lines, last = ready.split("\n")
        yield from lines
        rest = last + held
    if rest.endswith("\r"):
        yield rest[:-1]
