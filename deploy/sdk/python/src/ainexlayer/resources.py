"""The API's endpoints, in groups.

Each listing takes ``page``, the first page to read (1), and ``limit``, how many items a page has (1 to 100). With
``if_match``, an entity tag or a resource as you read it, a change fails if somebody else was faster.

Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.
It inherits what is written by hand from `_custom.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, List, Mapping, Optional, Sequence, TypedDict

from ._core import Call, Core, Match, RequestOptions, Resource, json_body, match_headers, path_of
from ._custom import CustomAuth, CustomChat, CustomDocuments, CustomSystem
from ._decode import camel_keys
from ._pager import Pager
from .models import (
    Acknowledged, APIKey, ChatAnswer, Chunk, Conversation, Delivery, Document, Health, Member, Message, MetadataKeys,
    NewAPIKey, NewUpload, NewWebhook, SearchAnswer, SystemInfo, User, Webhook, Workspace,
)


class SettingsInput(TypedDict, total=False):
    system_prompt: str
    model: str
    temperature: float
    chat_mode: str
    """``chat`` or ``query``."""
    top_k: int
    similarity_threshold: float
    history_length: int


class SearchFilters(TypedDict, total=False):
    document_ids: Sequence[str]
    """An empty list matches nothing."""
    types: Sequence[str]
    """An empty list matches nothing. Any of ``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``odp``, ``epub``,
    ``html``, ``markdown``, ``text``, ``csv``, ``json``, ``rtf`` and ``eml``."""
    metadata: Mapping[str, Any]
    """A comparison of a ``key`` with a ``value`` (``type``: eq, ne, gt, gte, lt, lte, in, nin, contains, exists), or
    several: {"type": "and", "filters": […]}, or, {"type": "not", "filter": …}. May also stand in place of the whole
    filter. Dots in a key lead into nested objects. Dates compare as points in time, numbers as numbers, texts by code
    points. A list matches if one of its values does; ``contains`` finds a value in a list, or a part of a text.
    ``ne``, ``nin`` and ``not`` also match documents without the key; ``exists`` asks for the key, whatever its value,
    and an empty ``in`` matches nothing. In the short form {"year": 2024}, every key equals its value as a whole. At
    most 4096 bytes, 100 conditions, 10 levels, 100 values in a list, 50 keys in the short form."""
    created_after: datetime
    created_before: datetime


class Auth(CustomAuth):
    """Registering and logging in. Both leave the client logged in."""


class Users(Resource):
    """Your own account and, for administrators and managers, the accounts of others."""

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, role: Optional[str] = None,
        status: Optional[str] = None, search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[User]:
        """List accounts. Needs the role ``manager``. An API key needs the scope ``admin``.

        Args:
            role: ``admin``, ``manager`` or ``user``.
            status: ``active`` or ``suspended``.
            search: In the name and the e-mail address.
        """
        query = {"limit": limit, "role": role, "status": status, "search": search}
        return self._core.pager(User, path_of("users"), query, page, options)

    def create(
        self, *, email: str, name: str, password: str, role: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> User:
        """Create an account for someone. Needs the role ``manager``. An API key needs the scope ``admin``.

        Args:
            role: Not above your own; ``user`` if absent. One of ``admin``, ``manager`` and ``user``.
        """
        body = json_body(email=email, name=name, password=password, role=role)
        return self._core.model(User, Call("POST", path_of("users"), body=body), options)

    def get(self, user_id: str, *, options: Optional[RequestOptions] = None) -> User:
        """Show an account. Needs the role ``manager``. An API key needs the scope ``admin``."""
        return self._core.model(User, Call("GET", path_of("users", user_id)), options)

    def update(
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
        body = json_body(email=email, name=name, password=password, role=role, status=status)
        call = Call("PUT", path_of("users", user_id), body=body, headers=match_headers(if_match))
        return self._core.model(User, call, options)

    def delete(
        self, user_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete an account. Needs the role ``manager``. An API key needs the scope ``admin``."""
        call = Call("DELETE", path_of("users", user_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def me(self, *, options: Optional[RequestOptions] = None) -> User:
        """Show your account. An API key needs the scope ``read``."""
        return self._core.model(User, Call("GET", path_of("users", "me")), options)

    def update_me(
        self, *, name: Optional[str] = None, email: Optional[str] = None, password: Optional[str] = None,
        current_password: Optional[str] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> User:
        """Change your account. A new ``password`` needs ``current_password`` and ends your other sessions. A request
        with ``current_password`` or ``email`` also counts as an attempt to log in. Needs a login: an API key cannot
        do this.

        Args:
            password: A new one; requires ``current_password``.
        """
        body = json_body(name=name, email=email, password=password, current_password=current_password)
        call = Call("PUT", path_of("users", "me"), body=body, headers=match_headers(if_match))
        return self._core.model(User, call, options)


class APIKeys(Resource):
    """Keys for programs. You need a login to manage them: a key cannot create keys."""

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[APIKey]:
        """List your API keys. An API key needs the scope ``read``."""
        return self._core.pager(APIKey, path_of("api-keys"), {"limit": limit}, page, options)

    def create(
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
        body = json_body(name=name, scopes=scopes, expires_at=expires_at)
        return self._core.model(NewAPIKey, Call("POST", path_of("api-keys"), body=body), options)

    def delete(self, key_id: str, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Revoke an API key. It stops working at once. Needs a login: an API key cannot do this."""
        return self._core.acknowledged(Call("DELETE", path_of("api-keys", key_id)), options)


class Workspaces(Resource):
    """Places for documents and the conversations about them."""

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, search: Optional[str] = None,
        sort: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Workspace]:
        """List workspaces. An API key needs the scope ``read``.

        Args:
            search: In name and description.
            sort: ``-`` for descending. One of ``name``, ``-name``, ``createdAt``, ``-createdAt``, ``updatedAt`` and
                ``-updatedAt``.
        """
        query = {"limit": limit, "search": search, "sort": sort}
        return self._core.pager(Workspace, path_of("workspaces"), query, page, options)

    def create(
        self, *, name: str, description: Optional[str] = None, settings: Optional[SettingsInput] = None,
        options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Create a workspace. An API key needs the scope ``write``."""
        body = json_body(name=name, description=description, settings=camel_keys(settings))
        return self._core.model(Workspace, Call("POST", path_of("workspaces"), body=body), options)

    def get(self, workspace_id: str, *, options: Optional[RequestOptions] = None) -> Workspace:
        """Show a workspace. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        return self._core.model(Workspace, Call("GET", path_of("workspaces", workspace_id)), options)

    def update(
        self, workspace_id: str, *, name: Optional[str] = None, description: Optional[str] = None,
        settings: Optional[SettingsInput] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Change a workspace. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.

        Args:
            settings: Fields that are absent stay as they are.
        """
        body = json_body(name=name, description=description, settings=camel_keys(settings))
        call = Call("PUT", path_of("workspaces", workspace_id), body=body, headers=match_headers(if_match))
        return self._core.model(Workspace, call, options)

    def delete(
        self, workspace_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a workspace. Its documents, conversations and files are deleted with it. Needs the role ``owner`` in
        the workspace. An API key needs the scope ``write``."""
        call = Call("DELETE", path_of("workspaces", workspace_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def search(
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
        body = json_body(
            query=query, limit=limit, threshold=threshold, mode=mode, explain=explain, filters=camel_keys(filters),
            workspace_ids=workspace_ids)
        return self._core.model(SearchAnswer, Call("POST", path_of("search"), body=body), options)


class Members(Resource):
    """The members of a workspace: ``owner``, ``editor`` or ``viewer``."""

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Member]:
        """List members. In the order in which they joined. Owners also see invitations, with the status ``pending``.
        Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        query = {"limit": limit}
        return self._core.pager(Member, path_of("workspaces", workspace_id, "members"), query, page, options)

    def add(
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
        body = json_body(role=role, user_id=user_id, email=email)
        call = Call("POST", path_of("workspaces", workspace_id, "members"), body=body)
        return self._core.model(Member, call, options)

    def remove(self, workspace_id: str, user_id: str, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Remove a member, or leave. The last owner cannot leave. Needs the role ``viewer`` in the workspace. An API
        key needs the scope ``write``.

        Args:
            user_id: A member's ``user_id``, or the ``invitation_id`` of one that is pending.
        """
        call = Call("DELETE", path_of("workspaces", workspace_id, "members", user_id))
        return self._core.acknowledged(call, options)


class Documents(CustomDocuments):
    """The documents of a workspace."""

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, type: Optional[str] = None, status: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Document]:
        """List documents. Newest first. Needs the role ``viewer`` in the workspace. An API key needs the scope
        ``read``.

        Args:
            search: In the name.
            type: ``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``odp``, ``epub``, ``html``, ``markdown``, ``text``,
                ``csv``, ``json``, ``rtf`` or ``eml``.
            status: ``processing``, ``processed`` or ``failed``.
        """
        query = {"limit": limit, "search": search, "type": type, "status": status}
        return self._core.pager(Document, path_of("workspaces", workspace_id, "documents"), query, page, options)

    def get(self, workspace_id: str, document_id: str, *, options: Optional[RequestOptions] = None) -> Document:
        """Show a document. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        call = Call("GET", path_of("workspaces", workspace_id, "documents", document_id))
        return self._core.model(Document, call, options)

    def update(
        self, workspace_id: str, document_id: str, *, name: Optional[str] = None,
        metadata: Optional[Mapping[str, Any]] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Document:
        """Change a document. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.

        Args:
            metadata: Replaces all metadata.
        """
        body = json_body(name=name, metadata=metadata)
        call = Call(
            "PUT", path_of("workspaces", workspace_id, "documents", document_id), body=body,
            headers=match_headers(if_match))
        return self._core.model(Document, call, options)

    def delete(
        self, workspace_id: str, document_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a document. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``."""
        call = Call(
            "DELETE", path_of("workspaces", workspace_id, "documents", document_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def chunks(
        self, workspace_id: str, document_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Chunk]:
        """List a document's chunks. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``.
        """
        query = {"limit": limit}
        return self._core.pager(
            Chunk, path_of("workspaces", workspace_id, "documents", document_id, "chunks"), query, page, options)

    def create_upload(
        self, workspace_id: str, *, size: int, sha256: str, options: Optional[RequestOptions] = None,
    ) -> NewUpload:
        """Prepare an upload to S3. Needs the role ``editor`` in the workspace. An API key needs the scope ``write``.
        Counts against the rate limit of the class ``upload``.

        Args:
            size: The size of the file in bytes.
            sha256: The SHA-256 of the file, in hexadecimal.
        """
        body = json_body(size=size, sha256=sha256)
        call = Call("POST", path_of("workspaces", workspace_id, "documents", "uploads"), body=body)
        return self._core.model(NewUpload, call, options)

    def metadata_keys(self, workspace_id: str, *, options: Optional[RequestOptions] = None) -> MetadataKeys:
        """List the keys of the metadata. Of the documents that search finds. What you need to offer filters to
        people. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        call = Call("GET", path_of("workspaces", workspace_id, "documents", "metadata-keys"))
        return self._core.model(MetadataKeys, call, options)

    def search(
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
        body = json_body(
            query=query, limit=limit, threshold=threshold, mode=mode, explain=explain, filters=camel_keys(filters))
        call = Call("POST", path_of("workspaces", workspace_id, "search"), body=body)
        return self._core.model(SearchAnswer, call, options)


class Chat(CustomChat):
    """Questions to the assistant of a workspace. It answers from the documents and cites them."""

    def send(
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
        body = json_body(
            message=message, conversation_id=conversation_id, mode=mode, top_k=top_k, filters=camel_keys(filters),
            document_ids=document_ids, temperature=temperature, model=model, explain=explain)
        call = Call("POST", path_of("workspaces", workspace_id, "chat"), body=body)
        return self._core.model(ChatAnswer, call, options)


class Conversations(Resource):
    """Your conversations in a workspace."""

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Conversation]:
        """List your conversations. Newest first. Needs the role ``viewer`` in the workspace. An API key needs the
        scope ``read``.

        Args:
            search: In the title.
        """
        query = {"limit": limit, "search": search}
        return self._core.pager(
            Conversation, path_of("workspaces", workspace_id, "conversations"), query, page, options)

    def get(
        self, workspace_id: str, conversation_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Show a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``read``."""
        call = Call("GET", path_of("workspaces", workspace_id, "conversations", conversation_id))
        return self._core.model(Conversation, call, options)

    def update(
        self, workspace_id: str, conversation_id: str, *, title: str, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Conversation:
        """Rename a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``write``.
        """
        body = json_body(title=title)
        call = Call(
            "PUT", path_of("workspaces", workspace_id, "conversations", conversation_id), body=body,
            headers=match_headers(if_match))
        return self._core.model(Conversation, call, options)

    def delete(
        self, workspace_id: str, conversation_id: str, *, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a conversation. Needs the role ``viewer`` in the workspace. An API key needs the scope ``write``.
        """
        call = Call(
            "DELETE", path_of("workspaces", workspace_id, "conversations", conversation_id),
            headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def messages(
        self, workspace_id: str, conversation_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Message]:
        """List messages. Oldest first. Needs the role ``viewer`` in the workspace. An API key needs the scope
        ``read``."""
        query = {"limit": limit}
        return self._core.pager(
            Message, path_of("workspaces", workspace_id, "conversations", conversation_id, "messages"), query, page,
            options)


class Webhooks(Resource):
    """Addresses that the server sends events to, and the deliveries to each."""

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, active: Optional[bool] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Webhook]:
        """List webhooks. An API key needs the scope ``read``."""
        return self._core.pager(Webhook, path_of("webhooks"), {"limit": limit, "active": active}, page, options)

    def create(
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
        body = json_body(url=url, events=events, workspace_id=workspace_id, description=description, active=active)
        return self._core.model(NewWebhook, Call("POST", path_of("webhooks"), body=body), options)

    def get(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Webhook:
        """Show a webhook. An API key needs the scope ``read``."""
        return self._core.model(Webhook, Call("GET", path_of("webhooks", webhook_id)), options)

    def update(
        self, webhook_id: str, *, url: Optional[str] = None, events: Optional[Sequence[str]] = None,
        description: Optional[str] = None, active: Optional[bool] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Webhook:
        """Change a webhook. An API key needs the scope ``admin``.

        Args:
            active: An inactive webhook gets no new events.
        """
        body = json_body(url=url, events=events, description=description, active=active)
        call = Call("PUT", path_of("webhooks", webhook_id), body=body, headers=match_headers(if_match))
        return self._core.model(Webhook, call, options)

    def delete(
        self, webhook_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Acknowledged:
        """Delete a webhook. An API key needs the scope ``admin``."""
        call = Call("DELETE", path_of("webhooks", webhook_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def deliveries(
        self, webhook_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        status: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Delivery]:
        """List deliveries. An API key needs the scope ``read``.

        Args:
            status: ``pending``, ``succeeded`` or ``failed``.
        """
        query = {"limit": limit, "status": status}
        return self._core.pager(Delivery, path_of("webhooks", webhook_id, "deliveries"), query, page, options)

    def retry_delivery(
        self, webhook_id: str, delivery_id: str, *, options: Optional[RequestOptions] = None,
    ) -> Delivery:
        """Retry a delivery. Makes it due now, whatever its status. An API key needs the scope ``write``."""
        call = Call("POST", path_of("webhooks", webhook_id, "deliveries", delivery_id, "retry"))
        return self._core.model(Delivery, call, options)

    def test(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Delivery:
        """Try a webhook out. Sends a test event now and returns the outcome. An API key needs the scope ``write``.
        """
        return self._core.model(Delivery, Call("POST", path_of("webhooks", webhook_id, "test")), options)


class System(CustomSystem):
    """The installation itself."""

    def health(self, *, options: Optional[RequestOptions] = None) -> Health:
        """Check the installation. Answers 503 if something that it needs does not work; ``details`` say what."""
        return self._core.model(Health, Call("GET", path_of("health"), authenticated=False), options)

    def info(self, *, options: Optional[RequestOptions] = None) -> SystemInfo:
        """Show the installation. Needs the role ``admin``. An API key needs the scope ``admin``."""
        return self._core.model(SystemInfo, Call("GET", path_of("system", "info")), options)


class Resources:
    """All groups, as attributes of the client."""

    def __init__(self, core: Core) -> None:
        self.auth = Auth(core)
        self.users = Users(core)
        self.api_keys = APIKeys(core)
        self.workspaces = Workspaces(core)
        self.members = Members(core)
        self.documents = Documents(core)
        self.chat = Chat(core)
        self.conversations = Conversations(core)
        self.webhooks = Webhooks(core)
        self.system = System(core)
