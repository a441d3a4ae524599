"""The API's endpoints, as coroutines.

Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from .. import resources as sync
from .._content import Range
from .._core import Match, RequestOptions
from .._multipart import Content, FileUpload, Progress
from .._session import Tokens
from ..models import (
    Acknowledged, APIKey, ChatAnswer, Chunk, Conversation, Delivery, Document, Health, Member, Message, MetadataKeys,
    NewAPIKey, NewUpload, NewWebhook, SearchAnswer, SignedIn, SystemInfo, Uploaded, User, Webhook, Workspace,
)
from ..resources import SearchFilters, SettingsInput
from .threads import AsyncChatStream, AsyncDocumentContent, AsyncPager, Threads


class Auth:
    """Registering and logging in. Both leave the client logged in."""

    def __init__(self, threads: Threads, resource: sync.Auth) -> None:
        self._threads = threads
        self._sync = resource

    async def register(
        self, *, email: str, password: str, name: str, options: Optional[RequestOptions] = None,
    ) -> SignedIn:
        """Creates an account and logs it in."""
        return await self._threads.run(
            lambda: self._sync.register(email=email, password=password, name=name, options=options))

    async def login(self, *, email: str, password: str, options: Optional[RequestOptions] = None) -> SignedIn:
        """Logs in. Raises ``AuthenticationError`` for a wrong e-mail address or password."""
        return await self._threads.run(
            lambda: self._sync.login(email=email, password=password, options=options))

    async def refresh(self, *, options: Optional[RequestOptions] = None) -> Optional[Tokens]:
        """Renews the tokens now. Otherwise the client does so by itself when it is time."""
        return await self._threads.run(
            lambda: self._sync.refresh(options=options))

    async def logout(self, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Ends the session on the server and forgets its tokens. It is no error if the session has ended already."""
        return await self._threads.run(
            lambda: self._sync.logout(options=options))


class Users:
    """Your own account and, for administrators and managers, the accounts of others."""

    def __init__(self, threads: Threads, resource: sync.Users) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, role: Optional[str] = None,
        status: Optional[str] = None, search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[User]:
        """List accounts. Needs the role ``manager``. An API key needs the scope ``admin``.

        Args:
            role: ``admin``, ``manager`` or ``user``.
            status: ``active`` or ``suspended``.
            search: In the name and the e-mail address.
        """
        return AsyncPager(
            self._threads,
            self._sync.list(page=page, limit=limit, role=role, status=status, search=search, options=options))

    async def create(
        self, *, email: str, name: str, password: str, role: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> User:
        """Create an account for someone. Needs the role ``manager``. An API key needs the scope ``admin``.

        Args:
            role: Not above your own; ``user`` if absent. One of ``admin``, ``manager`` and ``user``.
        """
        return await self._threads.run(
            lambda: self._sync.create(email=email, name=name, password=password, role=role, options=options))

    async def get(self, user_id: str, *, options: Optional[RequestOptions] = None) -> User:
        """Show an account. Needs the role ``manager``. An API key needs the scope ``admin``."""
        return await self._threads.run(
            lambda: self._sync.get(user_id, options=options))

    async def update(
        self, user_id: str, *, email: Optional[str] = None, name: Optional[str] = None,
        password: Optional[str] = None, role: Optional[str] = None, status: Optional[str] = None,
        if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> User:
        """Change an account. The status ``suspended`` ends the account's sessions and keys at once. Needs the role
        ``manager``. An API key needs the scope ``admin``.

        Args:
            password: A new one; it ends all sessions of the account.
            role: Not above your own. One of ``admin``, ``manager`` and ``user``.
            status: ``active`` or ``suspended``.
        """
        return await self._threads.run(
            lambda: self._sync.update(
                user_id, email=email, name=name, password=password, role=role, status=status, if_match=if_match,
                options=options))

    async def delete(
        self, user_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete an account. Needs the role ``manager``. An API key needs the scope ``admin``."""
        return await self._threads.run(
            lambda: self._sync.delete(user_id, if_match=if_match, options=options))

    async def me(self, *, options: Optional[RequestOptions] = None) -> User:
        """Show your account. An API key needs the scope ``read``."""
        return await self._threads.run(
            lambda: self._sync.me(options=options))

    async def update_me(
        self, *, name: Optional[str] = None, email: Optional[str] = None, password: Optional[str] = None,
        current_password: Optional[str] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> User:
        """Change your account. A new ``password`` needs ``current_password`` and ends your other sessions. A request
        with ``current_password`` or ``email`` also counts as an attempt to log in. Needs a login: an API key cannot
        do this.

        Args:
            password: A new one; requires ``current_password``.
        """
        return await self._threads.run(
            lambda: self._sync.update_me(
                name=name, email=email, password=password, current_password=current_password, if_match=if_match,
                options=options))


class APIKeys:
    """Keys for programs. You need a login to manage them: a key cannot create keys."""

    def __init__(self, threads: Threads, resource: sync.APIKeys) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[APIKey]:
        """List your API keys. An API key needs the scope ``read``."""
        return AsyncPager(
            self._threads,
            self._sync.list(page=page, limit=limit, options=options))

    async def create(
        self, *, name: str, scopes: Optional[Sequence[str]] = None, expires_at: Optional[datetime] = None,
        options: Optional[RequestOptions] = None,
    ) -> NewAPIKey:
        """Create an API key. The answer is the only one that contains the ``key``. Needs a login: an API key cannot
        do this.

        Args:
            scopes: What it may do; each scope includes the ones before it. ``read`` and ``write`` by default. Any of
                ``read``, ``write`` and ``admin``.
            expires_at: When it stops working; never, if absent.
        """
        return await self._threads.run(
            lambda: self._sync.create(name=name, scopes=scopes, expires_at=expires_at, options=options))

    async def delete(self, key_id: str, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Revoke an API key. It stops working at once. Needs a login: an API key cannot do this."""
        return await self._threads.run(
            lambda: self._sync.delete(key_id, options=options))


class Workspaces:
    """Places for documents and the conversations about them."""

    def __init__(self, threads: Threads, resource: sync.Workspaces) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, search: Optional[str] = None,
        sort: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Workspace]:
        """List workspaces. An API key needs the scope ``read``.

        Args:
            search: In name and description.
            sort: ``-`` for descending. One of ``name``, ``-name``, ``createdAt``, ``-createdAt``, ``updatedAt`` and
                ``-updatedAt``.
        """
        return AsyncPager(
            self._threads,
            self._sync.list(page=page, limit=limit, search=search, sort=sort, options=options))

    async def create(
        self, *, name: str, description: Optional[str] = None, settings: Optional[SettingsInput] = None,
        options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Create a workspace. An API key needs the scope ``write``."""
        return await self._threads.run(
            lambda: self._sync.create(name=name, description=description, settings=settings, options=options))

    async def get(self, workspace_id: str, *, options: Optional[RequestOptions] = None) -> Workspace:
        """Show a workspace. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, options=options))

    async def update(
        self, workspace_id: str, *, name: Optional[str] = None, description: Optional[str] = None,
        settings: Optional[SettingsInput] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Change a workspace. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.

        Args:
            settings: Fields that are absent stay as they are.
        """
        return await self._threads.run(
            lambda: self._sync.update(
                workspace_id, name=name, description=description, settings=settings, if_match=if_match,
                options=options))

    async def delete(
        self, workspace_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a workspace. Its documents, conversations and files are deleted with it. Needs the role ``owner`` in
        the workspace. An API key needs the scope ``write``.
        """
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, if_match=if_match, options=options))

    async def search(
        self, query: str, *, limit: Optional[int] = None, threshold: Optional[float] = None,
        mode: Optional[str] = None, explain: Optional[bool] = None, filters: Optional[SearchFilters] = None,
        workspace_ids: Optional[Sequence[str]] = None, options: Optional[RequestOptions] = None,
    ) -> SearchAnswer:
        """Search several workspaces. Like the search in one workspace. A workspace that does not exist, or that you
        may not read, is a 404. Each workspace's results are scored by its own statistics. Administrators may read all
        workspaces. If the search takes too long, the newest workspaces have been searched. An API key needs the scope
        ``read``.

        Args:
            query: No text is an error. At most 8 phrases of 16 words; what goes beyond that is words like all others.
            threshold: Results that score below it are left out.
            mode: By words, by meaning, or by both. Without vectors (``embedding`` of documents), by words alone; the
                answer says so. ``semantic`` finds only passages that have vectors. One of ``hybrid``, ``keyword`` and
                ``semantic``.
            explain: Each result tells why it has its score.
            filters: Which documents count.
            workspace_ids: All that you may read if absent. An empty list matches nothing.
        """
        return await self._threads.run(
            lambda: self._sync.search(
                query, limit=limit, threshold=threshold, mode=mode, explain=explain, filters=filters,
                workspace_ids=workspace_ids, options=options))


class Members:
    """The members of a workspace: ``owner``, ``editor`` or ``viewer``."""

    def __init__(self, threads: Threads, resource: sync.Members) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Member]:
        """List members. In the order in which they joined. Owners also see invitations, with the status ``pending``.
        Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``.
        """
        return AsyncPager(
            self._threads,
            self._sync.list(workspace_id, page=page, limit=limit, options=options))

    async def add(
        self, workspace_id: str, *, role: str, user_id: Optional[str] = None, email: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> Member:
        """Add a member. With a ``user_id``, the account becomes a member at once. With an ``email``, you send an
        invitation. The answer is the same whether or not an account has this address. Its owner becomes a member at
        the next request, or by creating an account within two weeks. Needs the role ``owner`` in the workspace. An
        API key needs the scope ``admin``.

        Args:
            role: ``viewer``, ``editor`` or ``owner``.
            user_id: Either this or ``email``.
        """
        return await self._threads.run(
            lambda: self._sync.add(workspace_id, role=role, user_id=user_id, email=email, options=options))

    async def remove(
        self, workspace_id: str, user_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Remove a member, or leave. The last owner cannot leave. Needs the role ``viewer`` in the workspace. An API
        key needs the scope ``write``.

        Args:
            user_id: A member's ``user_id``, or the ``invitation_id`` of one that is pending.
        """
        return await self._threads.run(
            lambda: self._sync.remove(workspace_id, user_id, options=options))


class Documents:
    """The documents of a workspace."""

    def __init__(self, threads: Threads, resource: sync.Documents) -> None:
        self._threads = threads
        self._sync = resource

    async def upload(
        self, workspace_id: str, file: Union[Content, FileUpload], *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None, language: Optional[str] = None,
        on_progress: Optional[Progress] = None, options: Optional[RequestOptions] = None,
    ) -> Document:
        """Uploads a path, bytes, or an open binary file, without reading it whole into memory.

        If the workspace already has these bytes, returns the document that has them, with ``duplicate`` set.

        Args:
            name: replaces the file's own.
            charset: the encoding of a text file, such as ``windows-1251``; otherwise it is detected.
            language: of the text, as its ISO 639-1 code; otherwise it is detected.
        """
        return await self._threads.run(
            lambda: self._sync.upload(
                workspace_id, file, name=name, metadata=metadata, charset=charset, language=language,
                on_progress=on_progress, options=options))

    async def finish_upload(
        self, workspace_id: str, upload_id: str, *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None, language: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> Document:
        """Makes the document of an upload from ``create_upload``, whose bytes have been sent to its URL.

        Args:
            name: of the document.
            charset: the encoding of a text file, such as ``windows-1251``; otherwise it is detected.
            language: of the text, as its ISO 639-1 code; otherwise it is detected.
        """
        return await self._threads.run(
            lambda: self._sync.finish_upload(
                workspace_id, upload_id, name=name, metadata=metadata, charset=charset, language=language,
                options=options))

    async def upload_many(
        self, workspace_id: str, files: Sequence[Union[Content, FileUpload]], *,
        metadata: Optional[Mapping[str, Any]] = None, charset: Optional[str] = None, language: Optional[str] = None,
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
        return await self._threads.run(
            lambda: self._sync.upload_many(
                workspace_id, files, metadata=metadata, charset=charset, language=language, on_progress=on_progress,
                options=options))

    async def content(
        self, workspace_id: str, document_id: str, *, range: Optional[Range] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncDocumentContent:
        """Starts to download the original bytes, or a range of them such as ``(0, 1023)``."""
        return AsyncDocumentContent(self._threads, await self._threads.run(
            lambda: self._sync.content(workspace_id, document_id, range=range, options=options)))

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, type: Optional[str] = None, status: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Document]:
        """List documents. Newest first. Needs the role ``viewer`` in the workspace. An API key needs the scope
        ``read``.

        Args:
            search: In the name.
            type: ``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``odp``, ``epub``, ``html``, ``markdown``, ``text``,
                ``csv``, ``json``, ``rtf`` or ``eml``.
            status: ``processing``, ``processed`` or ``failed``.
        """
        return AsyncPager(
            self._threads,
            self._sync.list(
                workspace_id, page=page, limit=limit, search=search, type=type, status=status, options=options))

    async def get(self, workspace_id: str, document_id: str, *, options: Optional[RequestOptions] = None) -> Document:
        """Show a document. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, document_id, options=options))

    async def update(
        self, workspace_id: str, document_id: str, *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Document:
        """Change a document. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.

        Args:
            metadata: Replaces all metadata.
        """
        return await self._threads.run(
            lambda: self._sync.update(
                workspace_id, document_id, name=name, metadata=metadata, if_match=if_match, options=options))

    async def delete(
        self, workspace_id: str, document_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a document. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``."""
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, document_id, if_match=if_match, options=options))

    def chunks(
        self, workspace_id: str, document_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Chunk]:
        """List a document's chunks. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``.

        """
        return AsyncPager(
            self._threads,
            self._sync.chunks(workspace_id, document_id, page=page, limit=limit, options=options))

    async def create_upload(
        self, workspace_id: str, *, size: int, sha256: str, options: Optional[RequestOptions] = None,
    ) -> NewUpload:
        """Prepare an upload to S3. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.
        Counts against the rate limit of the class ``upload``.

        Args:
            size: The size of the file in bytes.
            sha256: The SHA-256 of the file, in hexadecimal.
        """
        return await self._threads.run(
            lambda: self._sync.create_upload(workspace_id, size=size, sha256=sha256, options=options))

    async def metadata_keys(self, workspace_id: str, *, options: Optional[RequestOptions] = None) -> MetadataKeys:
        """List the keys of the metadata. Of the documents that search finds. What you need to offer filters to
        people. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``.
        """
        return await self._threads.run(
            lambda: self._sync.metadata_keys(workspace_id, options=options))

    async def search(
        self, workspace_id: str, query: str, *, limit: Optional[int] = None, threshold: Optional[float] = None,
        mode: Optional[str] = None, explain: Optional[bool] = None, filters: Optional[SearchFilters] = None,
        options: Optional[RequestOptions] = None,
    ) -> SearchAnswer:
        """Search the documents. Understands ``"exact phrases"`` and ``-excluded`` words. If the search takes longer
        than the installation allows (``SEARCH_BUDGET_MS``), the answer has the best results found so far, and
        ``partial`` is true. A filter that is malformed, such as one with an unknown operator, is a 400 that names the
        part: ``filters.metadata.filters[1].type``. Needs the role ``viewer`` in the workspace. An API key needs the
        scope ``read``.

        Args:
            query: No text is an error. At most 8 phrases of 16 words; what goes beyond that is words like all others.
            threshold: Results that score below it are left out.
            mode: By words, by meaning, or by both. Without vectors (``embedding`` of documents), by words alone; the
                answer says so. ``semantic`` finds only passages that have vectors. One of ``hybrid``, ``keyword`` and
                ``semantic``.
            explain: Each result tells why it has its score.
            filters: Which documents count.
        """
        return await self._threads.run(
            lambda: self._sync.search(
                workspace_id, query, limit=limit, threshold=threshold, mode=mode, explain=explain, filters=filters,
                options=options))


class Chat:
    """Questions to the assistant of a workspace. It answers from the documents and cites them."""

    def __init__(self, threads: Threads, resource: sync.Chat) -> None:
        self._threads = threads
        self._sync = resource

    async def stream(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None, mode: Optional[str] = None,
        document_ids: Optional[Sequence[str]] = None, filters: Optional[Mapping[str, Any]] = None,
        top_k: Optional[int] = None, temperature: Optional[float] = None, model: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncChatStream:
        """Asks, and returns the answer while it is written.

        The client never repeats a question that was sent, because a stream cannot be replayed. Only if the server
        declines at once (429, 503) does it ask again.
        """
        return AsyncChatStream(self._threads, await self._threads.run(
            lambda: self._sync.stream(
                workspace_id, message, conversation_id=conversation_id, mode=mode, document_ids=document_ids,
                filters=filters, top_k=top_k, temperature=temperature, model=model, options=options)))

    async def send(
        self, workspace_id: str, message: str, *, conversation_id: Optional[str] = None, mode: Optional[str] = None,
        top_k: Optional[int] = None, filters: Optional[SearchFilters] = None,
        document_ids: Optional[Sequence[str]] = None, temperature: Optional[float] = None,
        model: Optional[str] = None, explain: Optional[bool] = None, options: Optional[RequestOptions] = None,
    ) -> ChatAnswer:
        """Ask the assistant. With ``stream``, ``start`` and ``sources`` come at once, then a ``delta`` for each piece
        of the answer, and at the end ``done`` or ``error``. Another ``sources`` before the first ``delta`` replaces
        the first: not all passages fitted into the model's context. While the model thinks, a comment (``:
        keep-alive``) comes every ten seconds. A model that cannot be reached is a 503 (``LLM_UNAVAILABLE``); what
        would fail again is a 502 (``LLM_REJECTED``). ``finish_reason`` is ``length`` if the answer was cut off at its
        longest, and ``content_filter`` if the provider's filter cut it off. Needs the role ``viewer`` in the
        workspace. An API key needs the scope ``write``. Counts against the rate limit of the class ``chat``.

        Args:
            conversation_id: Begins one if absent.
            mode: ``chat`` or ``query``.
            filters: Which documents count.
            document_ids: The same as in ``filters``. An empty list matches nothing.
            explain: The answer tells why it has its sources, or why there is none.
        """
        return await self._threads.run(
            lambda: self._sync.send(
                workspace_id, message, conversation_id=conversation_id, mode=mode, top_k=top_k, filters=filters,
                document_ids=document_ids, temperature=temperature, model=model, explain=explain, options=options))


class Conversations:
    """Your conversations in a workspace."""

    def __init__(self, threads: Threads, resource: sync.Conversations) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Conversation]:
        """List your conversations. Newest first. Needs the role ``viewer`` in the workspace. An API key needs the
        scope ``read``.

        Args:
            search: In the title.
        """
        return AsyncPager(
            self._threads,
            self._sync.list(workspace_id, page=page, limit=limit, search=search, options=options))

    async def get(
        self, workspace_id: str, conversation_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Show a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        return await self._threads.run(
            lambda: self._sync.get(workspace_id, conversation_id, options=options))

    async def update(
        self, workspace_id: str, conversation_id: str, *, title: str, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Rename a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``write``.

        """
        return await self._threads.run(
            lambda: self._sync.update(workspace_id, conversation_id, title=title, if_match=if_match, options=options))

    async def delete(
        self, workspace_id: str, conversation_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``write``.

        """
        return await self._threads.run(
            lambda: self._sync.delete(workspace_id, conversation_id, if_match=if_match, options=options))

    def messages(
        self, workspace_id: str, conversation_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Message]:
        """List messages. Oldest first. Needs the role ``viewer`` in the workspace. An API key needs the scope
        ``read``.
        """
        return AsyncPager(
            self._threads,
            self._sync.messages(workspace_id, conversation_id, page=page, limit=limit, options=options))


class Webhooks:
    """Addresses that the server sends events to, and the deliveries to each."""

    def __init__(self, threads: Threads, resource: sync.Webhooks) -> None:
        self._threads = threads
        self._sync = resource

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, active: Optional[bool] = None,
        options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Webhook]:
        """List webhooks. An API key needs the scope ``read``."""
        return AsyncPager(
            self._threads,
            self._sync.list(page=page, limit=limit, active=active, options=options))

    async def create(
        self, *, url: str, events: Sequence[str], workspace_id: Optional[str] = None,
        description: Optional[str] = None, active: Optional[bool] = None, options: Optional[RequestOptions] = None,
    ) -> NewWebhook:
        """Create a webhook. The answer is the only one that contains the ``secret``. An API key needs the scope
        ``admin``.

        Args:
            url: Where to POST to; ``https`` and a public address.
            events: Names, ``document.*`` or ``*``. Those of chats tell what was asked and answered, whoever asked.
            workspace_id: Only events of this workspace; required unless you are a manager.
        """
        return await self._threads.run(
            lambda: self._sync.create(
                url=url, events=events, workspace_id=workspace_id, description=description, active=active,
                options=options))

    async def get(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Webhook:
        """Show a webhook. An API key needs the scope ``read``."""
        return await self._threads.run(
            lambda: self._sync.get(webhook_id, options=options))

    async def update(
        self, webhook_id: str, *, url: Optional[str] = None, events: Optional[Sequence[str]] = None,
        description: Optional[str] = None, active: Optional[bool] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Webhook:
        """Change a webhook. An API key needs the scope ``admin``.

        Args:
            active: An inactive webhook gets no new events.
        """
        return await self._threads.run(
            lambda: self._sync.update(
                webhook_id, url=url, events=events, description=description, active=active, if_match=if_match,
                options=options))

    async def delete(
        self, webhook_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a webhook. An API key needs the scope ``admin``."""
        return await self._threads.run(
            lambda: self._sync.delete(webhook_id, if_match=if_match, options=options))

    def deliveries(
        self, webhook_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        status: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> AsyncPager[Delivery]:
        """List deliveries. An API key needs the scope ``read``.

        Args:
            status: ``pending``, ``succeeded`` or ``failed``.
        """
        return AsyncPager(
            self._threads,
            self._sync.deliveries(webhook_id, page=page, limit=limit, status=status, options=options))

    async def retry_delivery(
        self, webhook_id: str, delivery_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Delivery:
        """Retry a delivery. Makes it due now, whatever its status. An API key needs the scope ``write``."""
        return await self._threads.run(
            lambda: self._sync.retry_delivery(webhook_id, delivery_id, options=options))

    async def test(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Delivery:
        """Try a webhook out. Sends a test event now and returns the outcome. An API key needs the scope ``write``.

        """
        return await self._threads.run(
            lambda: self._sync.test(webhook_id, options=options))


class System:
    """The installation itself."""

    def __init__(self, threads: Threads, resource: sync.System) -> None:
        self._threads = threads
        self._sync = resource

    async def openapi(self, *, options: Optional[RequestOptions] = None) -> Dict[str, Any]:
        """The API as an OpenAPI document."""
        return await self._threads.run(
            lambda: self._sync.openapi(options=options))

    async def docs(self, *, options: Optional[RequestOptions] = None) -> str:
        """The documentation page, as HTML."""
        return await self._threads.run(
            lambda: self._sync.docs(options=options))

    async def health(self, *, options: Optional[RequestOptions] = None) -> Health:
        """Check the installation. Answers 503 if something that it needs does not work; ``details`` say what."""
        return await self._threads.run(
            lambda: self._sync.health(options=options))

    async def info(self, *, options: Optional[RequestOptions] = None) -> SystemInfo:
        """Show the installation. Needs the role ``admin``. An API key needs the scope ``admin``."""
        return await self._threads.run(
            lambda: self._sync.info(options=options))


class Resources:
    """All groups, as attributes of the client."""

    def __init__(self, threads: Threads, resources: sync.Resources) -> None:
        self.auth = Auth(threads, resources.auth)
        self.users = Users(threads, resources.users)
        self.api_keys = APIKeys(threads, resources.api_keys)
        self.workspaces = Workspaces(threads, resources.workspaces)
        self.members = Members(threads, resources.members)
        self.documents = Documents(threads, resources.documents)
        self.chat = Chat(threads, resources.chat)
        self.conversations = Conversations(threads, resources.conversations)
        self.webhooks = Webhooks(threads, resources.webhooks)
        self.system = System(threads, resources.system)
