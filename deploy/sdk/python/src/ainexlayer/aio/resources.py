"""The API's endpoints, to be awaited. Made by generate_async.py from `ainexlayer.resources`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from .. import resources as sync
from .._content import Range
from .._core import Match, RequestOptions
from .._multipart import Content, FileUpload, Progress
from .._session import Tokens
from ..events import Delivery, NewWebhook, Webhook
from ..models import (
    Acknowledged, APIKey, ChatAnswer, Chunk, Conversation, Document, Health, Member, Message, NewAPIKey, SearchAnswer,
    SignedIn, SystemInfo, Uploaded, User, Workspace,
)
from ..resources.documents import SearchFilters
from ..resources.workspaces import SettingsInput
from .threads import AsyncChatStream, AsyncDocumentContent, AsyncPager, Threads


class Auth:
    """Registering and logging in. Both leave the client logged in."""

    def __init__(self, threads: Threads, resource: sync.Auth) -> None:
        self._threads = threads
        self._sync = resource

    async def register(
        self, *, email: str, password: str, name: str, options: Optional[RequestOptions] = None,
    ) -> SignedIn:
        """Makes an account and logs it in."""
        return await self._threads.run(
            lambda: self._sync.register(email=email, password=password, name=name, options=options))

    async def login(
        self, *, email: str, password: str, options: Optional[RequestOptions] = None,
    ) -> SignedIn:
        """Logs in. Raises ``AuthenticationError`` for a wrong e-mail address or password."""
        return await self._threads.run(
            lambda: self._sync.login(email=email, password=password, options=options))

    async def refresh(
        self, *, options: Optional[RequestOptions] = None,
    ) -> Optional[Tokens]:
        """Renews the tokens now; otherwise that happens by itself when it is time."""
        return await self._threads.run(
            lambda: self._sync.refresh(options=options))

    async def logout(
        self, *, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Ends the session on the server and forgets its tokens. One that has ended already is fine."""
        return await self._threads.run(
            lambda: self._sync.logout(options=options))


class Users:
    """The own account, and for administrators and managers those of others."""

    def __init__(self, threads: Threads, resource: sync.Users) -> None:
        self._threads = threads
        self._sync = resource

    async def me(
        self, *, options: Optional[RequestOptions] = None,
    ) -> User:
        """The caller's own account."""
        return await self._threads.run(
            lambda: self._sync.me(options=options))

    async def update_me(
        self, *, name: Optional[str] = None, email: Optional[str] = None, password: Optional[str]
        = None, current_password: Optional[str] = None, if_match: Match = None, options:
        Optional[RequestOptions] = None,
    ) -> User:
        """Changes the own account. A new password takes the current one too and ends the other sessions."""
        return await self._threads.run(
            lambda: self._sync.update_me(name=name, email=email, password=password,
            current_password=current_password, if_match=if_match, options=options))

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, role: Optional[str] =
        None, status: Optional[str] = None, search: Optional[str] = None, options:
        Optional[RequestOptions] = None,
    ) -> AsyncPager[User]:
        """All accounts."""
        return AsyncPager(
            self._threads, self._sync.list(page=page, limit=limit, role=role, status=status, search=search,
            options=options))

    async def create(
        self, *, email: str, name: str, password: str, role: Optional[str] = None, options:
        Optional[RequestOptions] = None,
    ) -> User:
        """Makes an account for someone. ``role`` is not above the caller's; ``user`` if absent."""
        return await self._threads.run(
            lambda: self._sync.create(email=email, name=name, password=password, role=role, options=options))

    async def get(
        self, user_id: str, *, options: Optional[RequestOptions] = None,
    ) -> User:
        """One account."""
        return await self._threads.run(
            lambda: self._sync.get(user_id, options=options))

    async def update(
        self, user_id: str, *, name: Optional[str] = None, email: Optional[str] = None, role:
        Optional[str] = None, status: Optional[str] = None, password: Optional[str] =
        None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> User:
        """Changes an account. ``status="suspended"`` ends its sessions and keys at once."""
        return await self._threads.run(
            lambda: self._sync.update(user_id, name=name, email=email, role=role, status=status,
            password=password, if_match=if_match, options=options))

    async def delete(
        self, user_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes an account."""
        return await self._threads.run(
            lambda: self._sync.delete(user_id, if_match=if_match, options=options))


class APIKeys:
    """Keys for programs. Managing them takes a login; a key cannot make keys."""

    def __init__(self, threads: Threads, resource: sync.APIKeys) -> None:
        self._threads = threads
        self._sync = resource

    async def create(
        self, *, name: str, scopes: Optional[Sequence[str]] = None, expires_at: Optional[datetime]
        = None, options: Optional[RequestOptions] = None,
    ) -> NewAPIKey:
        """Makes a key; its ``key`` is shown this once. ``scopes`` are of ``read``, ``write``, ``admin``."""
        return await self._threads.run(
            lambda: self._sync.create(name=name, scopes=scopes, expires_at=expires_at, options=options))

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, options:
        Optional[RequestOptions] = None,
    ) -> AsyncPager[APIKey]:
        """The caller's keys, without their secrets."""
        return AsyncPager(
            self._threads, self._sync.list(page=page, limit=limit, options=options))

    async def delete(
        self, key_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Revokes a key; it stops working at once."""
        return await self._threads.run(
            lambda: self._sync.delete(key_id, options=options))


class Chat:
    """Questions to the assistant of a workspace, which answers from its documents and cites them."""

    def __init__(self, threads: Threads, resource: sync.Chat) -> None:
        self._threads = threads
        self._sync = resource

    async def send(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None, mode:
        Optional[str] = None, document_ids: Optional[Sequence[str]] = None, top_k:
        Optional[int] = None, temperature: Optional[float] = None, model: Optional[str] =
        None, options: Optional[RequestOptions] = None,
    ) -> ChatAnswer:
        """Asks, and waits for the whole answer. Without ``conversation_id`` a conversation begins;
        ``mode`` is ``chat`` or ``query`` (only from the documents).
        """
        return await self._threads.run(
            lambda: self._sync.send(workspace_id, message, conversation_id=conversation_id, mode=mode,
            document_ids=document_ids, top_k=top_k, temperature=temperature, model=model,
            options=options))

    async def stream(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None, mode:
        Optional[str] = None, document_ids: Optional[Sequence[str]] = None, top_k:
        Optional[int] = None, temperature: Optional[float] = None, model: Optional[str] =
        None, options: Optional[RequestOptions] = None,
    ) -> AsyncChatStream:
        """Asks, and gives the answer as it is written.
        
        A question that was sent is never sent again by itself, because a stream cannot be replayed:
        only a server that declines at once (429, 503) is asked a second time.
        """
        return AsyncChatStream(self._threads, await self._threads.run(
            lambda: self._sync.stream(workspace_id, message, conversation_id=conversation_id, mode=mode,
            document_ids=document_ids, top_k=top_k, temperature=temperature, model=model,
            options=options)))


class Conversations:
    """The caller's conversations in a workspace."""

    def __init__(self, threads: Threads, resource: sync.Conversations) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Conversation]:
        """The conversations, the newest first."""
        return AsyncPager(
            self._threads, self._sync.list(workspace_id, page=page, limit=limit, search=search, options=options))

    async def get(
        self, workspace_id: str, conversation_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """One conversation, without its messages."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, conversation_id, options=options))

    async def update(
        self, workspace_id: str, conversation_id: str, *, title: str, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Renames a conversation."""
        return await self._threads.run(
            lambda: self._sync.update(workspace_id, conversation_id, title=title, if_match=if_match,
            options=options))

    async def delete(
        self, workspace_id: str, conversation_id: str, *, if_match: Match = None, options:
        Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes a conversation with its messages."""
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, conversation_id, if_match=if_match, options=options))

    def messages(
        self, workspace_id: str, conversation_id: str, *, page: Optional[int] = None, limit:
        Optional[int] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Message]:
        """What was said, the oldest first."""
        return AsyncPager(
            self._threads, self._sync.messages(workspace_id, conversation_id, page=page, limit=limit,
            options=options))


class Documents:
    """The documents of a workspace."""

    def __init__(self, threads: Threads, resource: sync.Documents) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, type: Optional[str] = None, status: Optional[str] =
        None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Document]:
        """The documents, the newest first. ``search`` looks at names."""
        return AsyncPager(
            self._threads, self._sync.list(workspace_id, page=page, limit=limit, search=search, type=type,
            status=status, options=options))

    async def upload(
        self, workspace_id: str, file: Union[Content, FileUpload], *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, on_progress: Optional[Progress] =
        None, options: Optional[RequestOptions] = None,
    ) -> Document:
        """Uploads a path, bytes, or an open binary file, without reading it whole into memory.
        
        ``name`` replaces the file's own. Bytes that the workspace has already give the document
        that is there, with ``duplicate`` set.
        """
        return await self._threads.run(
            lambda: self._sync.upload(workspace_id, file, name=name, metadata=metadata,
            on_progress=on_progress, options=options))

    async def upload_many(
        self, workspace_id: str, files: Sequence[Union[Content, FileUpload]], *, metadata:
        Optional[Mapping[str, Any]] = None, on_progress: Optional[Progress] = None,
        options: Optional[RequestOptions] = None,
    ) -> Uploaded:
        """Uploads several files in one request; the ``metadata`` counts for each.
        
        Look at ``errors`` of the answer: files that could not be read do not keep the others out. Raises only
        when that is true of all.
        """
        return await self._threads.run(
            lambda: self._sync.upload_many(workspace_id, files, metadata=metadata, on_progress=on_progress,
            options=options))

    async def get(
        self, workspace_id: str, document_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Document:
        """What is known of a document, with the entity tag of that."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, document_id, options=options))

    async def content(
        self, workspace_id: str, document_id: str, *, range: Optional[Range] = None, options:
        Optional[RequestOptions] = None,
    ) -> AsyncDocumentContent:
        """Begins to download the original bytes, or a range of them such as ``(0, 1023)``."""
        return AsyncDocumentContent(self._threads, await self._threads.run(
            lambda: self._sync.content(workspace_id, document_id, range=range, options=options)))

    def chunks(
        self, workspace_id: str, document_id: str, *, page: Optional[int] = None, limit:
        Optional[int] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Chunk]:
        """The passages of a document as search sees them."""
        return AsyncPager(
            self._threads, self._sync.chunks(workspace_id, document_id, page=page, limit=limit, options=options))

    async def update(
        self, workspace_id: str, document_id: str, *, name: Optional[str] = None, metadata:
        Optional[Mapping[str, Any]] = None, if_match: Match = None, options:
        Optional[RequestOptions] = None,
    ) -> Document:
        """Changes a document's name or metadata."""
        return await self._threads.run(
            lambda: self._sync.update(workspace_id, document_id, name=name, metadata=metadata,
            if_match=if_match, options=options))

    async def delete(
        self, workspace_id: str, document_id: str, *, if_match: Match = None, options:
        Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes a document; search does not find it any more."""
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, document_id, if_match=if_match, options=options))

    async def search(
        self, workspace_id: str, query: str, *, limit: Optional[int] = None, mode: Optional[str] =
        None, threshold: Optional[float] = None, filters: Optional[SearchFilters] = None,
        options: Optional[RequestOptions] = None,
    ) -> SearchAnswer:
        """Finds passages. ``"exact phrases"`` and ``-excluded`` words work; ``mode`` is ``hybrid``,
        ``keyword`` or ``semantic``, and the answer's is the one that was used.
        """
        return await self._threads.run(
            lambda: self._sync.search(workspace_id, query, limit=limit, mode=mode, threshold=threshold,
            filters=filters, options=options))


class System:
    """Health, figures and the contract."""

    def __init__(self, threads: Threads, resource: sync.System) -> None:
        self._threads = threads
        self._sync = resource

    async def health(
        self, *, options: Optional[RequestOptions] = None,
    ) -> Health:
        """Whether it works. Raises ``ServiceUnavailableError`` when it does not; ``details`` say what."""
        return await self._threads.run(
            lambda: self._sync.health(options=options))

    async def info(
        self, *, options: Optional[RequestOptions] = None,
    ) -> SystemInfo:
        """Version, counts, providers and limits, for administrators."""
        return await self._threads.run(
            lambda: self._sync.info(options=options))

    async def openapi(
        self, *, options: Optional[RequestOptions] = None,
    ) -> Dict[str, Any]:
        """The contract as an OpenAPI document."""
        return await self._threads.run(
            lambda: self._sync.openapi(options=options))

    async def docs(
        self, *, options: Optional[RequestOptions] = None,
    ) -> str:
        """The page to read and try the contract, as HTML."""
        return await self._threads.run(
            lambda: self._sync.docs(options=options))


class Webhooks:
    """Addresses that the server tells of events, and what became of each telling."""

    def __init__(self, threads: Threads, resource: sync.Webhooks) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, active: Optional[bool] =
        None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Webhook]:
        """The webhooks that the caller may see."""
        return AsyncPager(
            self._threads, self._sync.list(page=page, limit=limit, active=active, options=options))

    async def create(
        self, *, url: str, events: Sequence[str], workspace_id: Optional[str] = None, description:
        Optional[str] = None, active: Optional[bool] = None, options:
        Optional[RequestOptions] = None,
    ) -> NewWebhook:
        """Makes a webhook; its ``secret`` is shown this once. Events may be ``*`` or ``document.*``."""
        return await self._threads.run(
            lambda: self._sync.create(url=url, events=events, workspace_id=workspace_id,
            description=description, active=active, options=options))

    async def get(
        self, webhook_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Webhook:
        """One webhook, without its secret."""
        return await self._threads.run(
            lambda: self._sync.get(webhook_id, options=options))

    async def update(
        self, webhook_id: str, *, url: Optional[str] = None, events: Optional[Sequence[str]] =
        None, description: Optional[str] = None, active: Optional[bool] = None, if_match:
        Match = None, options: Optional[RequestOptions] = None,
    ) -> Webhook:
        """Changes what is given."""
        return await self._threads.run(
            lambda: self._sync.update(webhook_id, url=url, events=events, description=description,
            active=active, if_match=if_match, options=options))

    async def delete(
        self, webhook_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Removes a webhook."""
        return await self._threads.run(
            lambda: self._sync.delete(webhook_id, if_match=if_match, options=options))

    async def test(
        self, webhook_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Delivery:
        """Sends a trial event now, and tells how that went."""
        return await self._threads.run(
            lambda: self._sync.test(webhook_id, options=options))

    def deliveries(
        self, webhook_id: str, *, page: Optional[int] = None, limit: Optional[int] = None, status:
        Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Delivery]:
        """What was sent, or is going to be."""
        return AsyncPager(
            self._threads, self._sync.deliveries(webhook_id, page=page, limit=limit, status=status, options=options))

    async def retry_delivery(
        self, webhook_id: str, delivery_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Delivery:
        """Makes a delivery due now, whatever became of it before."""
        return await self._threads.run(
            lambda: self._sync.retry_delivery(webhook_id, delivery_id, options=options))


class Workspaces:
    """Places for documents and the conversations about them."""

    def __init__(self, threads: Threads, resource: sync.Workspaces) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, search: Optional[str] =
        None, sort: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Workspace]:
        """The workspaces that the caller takes part in. ``sort`` is ``name``, ``createdAt`` or
        ``updatedAt``, with ``-`` before it for descending.
        """
        return AsyncPager(
            self._threads, self._sync.list(page=page, limit=limit, search=search, sort=sort, options=options))

    async def create(
        self, *, name: str, description: Optional[str] = None, settings: Optional[SettingsInput] =
        None, options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Makes a workspace that belongs to the caller."""
        return await self._threads.run(
            lambda: self._sync.create(name=name, description=description, settings=settings, options=options))

    async def get(
        self, workspace_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """One workspace, with its entity tag."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, options=options))

    async def update(
        self, workspace_id: str, *, name: Optional[str] = None, description: Optional[str] = None,
        settings: Optional[SettingsInput] = None, if_match: Match = None, options:
        Optional[RequestOptions] = None,
    ) -> Workspace:
        """Changes what is given. With ``if_match``, only if nobody changed it since it was read."""
        return await self._threads.run(
            lambda: self._sync.update(workspace_id, name=name, description=description, settings=settings,
            if_match=if_match, options=options))

    async def delete(
        self, workspace_id: str, *, if_match: Match = None, options: Optional[RequestOptions] =
        None,
    ) -> Acknowledged:
        """Removes a workspace with its documents, conversations and files."""
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, if_match=if_match, options=options))


class Members:
    """Who takes part in a workspace, as ``owner``, ``editor`` or ``viewer``."""

    def __init__(self, threads: Threads, resource: sync.Members) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Member]:
        """The members, in the order in which they joined; for owners also who was invited and is ``pending``."""
        return AsyncPager(
            self._threads, self._sync.list(workspace_id, page=page, limit=limit, options=options))

    async def add(
        self, workspace_id: str, *, role: str, user_id: Optional[str] = None, email: Optional[str]
        = None, options: Optional[RequestOptions] = None,
    ) -> Member:
        """Lets someone take part, named by identifier or e-mail address; a member gets the new role.
        
        By e-mail address it is an invitation: ``pending`` until whoever has the address comes, or makes an account.
        """
        return await self._threads.run(
            lambda: self._sync.add(workspace_id, role=role, user_id=user_id, email=email, options=options))

    async def remove(
        self, workspace_id: str, user_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Takes someone out; the last owner stays. An ``invitation_id`` takes an invitation back."""
        return await self._threads.run(
            lambda: self._sync.remove(workspace_id, user_id, options=options))
