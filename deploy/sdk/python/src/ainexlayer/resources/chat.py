"""Asking the assistant, and what was said before."""

from __future__ import annotations

from typing import Optional, Sequence

from .._core import Call, Core, Match, RequestOptions, json_body, match_headers, path_of
from .._pager import Pager
from .._stream import ChatStream
from ..models import Acknowledged, ChatAnswer, Conversation, Message


class Chat:
    """Questions to the assistant of a workspace, which answers from its documents and cites them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def send(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None,
        mode: Optional[str] = None, document_ids: Optional[Sequence[str]] = None, top_k: Optional[int] = None,
        temperature: Optional[float] = None, model: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> ChatAnswer:
        """Asks, and waits for the whole answer. Without ``conversation_id`` a conversation begins;
        ``mode`` is ``chat`` or ``query`` (only from the documents)."""
        body = json_body(
            message=message, conversation_id=conversation_id, mode=mode, document_ids=document_ids, top_k=top_k,
            temperature=temperature, model=model)
        return self._core.model(ChatAnswer, Call("POST", _path(workspace_id), body=body), options)

    def stream(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None,
        mode: Optional[str] = None, document_ids: Optional[Sequence[str]] = None, top_k: Optional[int] = None,
        temperature: Optional[float] = None, model: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> ChatStream:
        """Asks, and gives the answer as it is written.

        A question that was sent is never sent again by itself, because a stream cannot be replayed:
        only a server that declines at once (429, 503) is asked a second time.
        """
        body = json_body(
            message=message, conversation_id=conversation_id, mode=mode, document_ids=document_ids, top_k=top_k,
            temperature=temperature, model=model, stream=True)
        call = Call(
            "POST", _path(workspace_id), body=body, headers={"Accept": "text/event-stream"}, repeatable=False)
        return ChatStream(self._core.send(call, options))


class Conversations:
    """The caller's conversations in a workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Conversation]:
        """The conversations, the newest first."""
        query = {"limit": limit, "search": search}
        return self._core.pager(Conversation, _conversations(workspace_id), query, page, options)

    def get(
        self, workspace_id: str, conversation_id: str, *, options: Optional[RequestOptions] = None
    ) -> Conversation:
        """One conversation, without its messages."""
        return self._core.model(Conversation, Call("GET", _conversations(workspace_id, conversation_id)), options)

    def update(
        self, workspace_id: str, conversation_id: str, *, title: str, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Renames a conversation."""
        call = Call(
            "PUT", _conversations(workspace_id, conversation_id), body=json_body(title=title),
            headers=match_headers(if_match))
        return self._core.model(Conversation, call, options)

    def delete(
        self, workspace_id: str, conversation_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes a conversation with its messages."""
        call = Call("DELETE", _conversations(workspace_id, conversation_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def messages(
        self, workspace_id: str, conversation_id: str, *, page: Optional[int] = None,
        limit: Optional[int] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Message]:
        """What was said, the oldest first."""
        path = _conversations(workspace_id, conversation_id, "messages")
        return self._core.pager(Message, path, {"limit": limit}, page, options)


def _path(workspace_id: str) -> str:
    return path_of("workspaces", workspace_id, "chat")


def _conversations(workspace_id: str, *rest: str) -> str:
    return path_of("workspaces", workspace_id, "conversations", *rest)
