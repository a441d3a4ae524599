"""The resources of the API. Times are aware datetimes; fields that a server adds later are in ``raw``.

Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Optional

from ._decode import Model


@dataclass(frozen=True)
class User(Model):
    id: str
    email: str
    name: str
    role: str
    """``admin``, ``manager`` or ``user``."""
    status: str
    """``active`` or ``suspended``."""
    created_at: datetime
    updated_at: datetime
    last_login_at: Optional[datetime] = None


@dataclass(frozen=True)
class SignedIn(Model):
    """What you get for registering, logging in and refreshing."""

    user: User
    token: str
    """The access token: send it as ``Authorization: Bearer …``."""
    refresh_token: str
    """Can be exchanged once for a new pair."""
    expires_in: int
    """Seconds until the access token expires."""
    token_type: str = "Bearer"


@dataclass(frozen=True)
class APIKey(Model):
    id: str
    name: str
    prefix: str
    """The first characters of the key."""
    scopes: List[str]
    """``read``, ``write`` or ``admin``."""
    created_at: datetime
    expires_at: Optional[datetime] = None
    last_used_at: Optional[datetime] = None
    """To within a minute."""


@dataclass(frozen=True)
class NewAPIKey(APIKey):
    key: str = ""
    """The key in clear. It is shown this once: keep it."""


@dataclass(frozen=True)
class WorkspaceSettings(Model):
    system_prompt: str = ""
    """What the model is told about its task."""
    model: str = ""
    """The model to use; empty for the installation's own."""
    temperature: Optional[float] = None
    """0 to 2. Absent until somebody sets one: the model then uses its own."""
    chat_mode: str = "chat"
    """``chat`` may use general knowledge, ``query`` answers only from documents."""
    top_k: int = 6
    """How many passages an answer may use, 1 to 50."""
    similarity_threshold: float = 0.2
    """Passages that score below this share of the best one's score are not used, 0 to 1."""
    history_length: int = 20
    """How many earlier messages a model is shown, 0 to 100."""


@dataclass(frozen=True)
class Workspace(Model):
    id: str
    name: str
    slug: str
    """The name in lower-case ASCII, for URLs and file names; unique."""
    description: str
    settings: WorkspaceSettings
    owner_id: str
    role: str
    """What the caller may do here. One of ``viewer``, ``editor`` and ``owner``."""
    document_count: int
    conversation_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Member(Model):
    """Someone who takes part in a workspace, or was invited by e-mail address."""

    role: str
    """``viewer``, ``editor`` or ``owner``."""
    user_id: Optional[str] = None
    name: Optional[str] = None
    email: Optional[str] = None
    status: str = "active"
    """``pending``: asked by e-mail address, and not here yet; only owners see these. There may be no such account.
    One of ``active`` and ``pending``."""
    joined_at: Optional[datetime] = None
    invitation_id: Optional[str] = None
    """Of one that is pending: what removes it."""
    invited_at: Optional[datetime] = None
    expires_at: Optional[datetime] = None
    """When a pending one is forgotten."""


@dataclass(frozen=True)
class Embedding(Model):
    """How many of a document's passages have a vector."""

    status: str
    """``off``: the installation has no embedding model, or the document could not be read. One of ``pending``,
    ``done``, ``failed`` and ``off``."""
    done: int
    """The passages that have a vector."""
    total: int
    """All passages."""
    estimated_seconds: Optional[int] = None
    """Estimated seconds until all passages have vectors."""


@dataclass(frozen=True)
class DocumentWarnings(Model):
    pages_without_text: Optional[List[int]] = None
    """The pages, from 1, on which there is no text, such as scanned ones."""
    skipped_parts: Optional[List[str]] = None
    """What was left out, in words."""


@dataclass(frozen=True)
class Document(Model):
    id: str
    workspace_id: str
    name: str
    type: str
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``odp``, ``epub``, ``html``, ``markdown``, ``text``, ``csv``,
    ``json``, ``rtf`` or ``eml``."""
    mime_type: str
    size: int
    """In bytes."""
    sha256: str
    """Of the uploaded bytes."""
    status: str
    """``processed``: search finds it. One of ``processing``, ``processed`` and ``failed``."""
    embedding: Embedding
    """How far search by meaning can find it. Keyword search does not wait for that."""
    chunk_count: int
    word_count: int
    warnings: DocumentWarnings
    """What is missing from the text; empty if nothing is."""
    metadata: Dict[str, Any]
    """The uploader's own key-value pairs, and as ``front_matter`` those that a file begins with."""
    uploaded_by: str
    created_at: datetime
    updated_at: datetime
    error: Optional[str] = None
    """Why processing or embedding failed."""
    encoding: Optional[str] = None
    """Of text files: how the file was decoded, as an IANA name."""
    language: Optional[str] = None
    """Of the text, as its ISO 639-1 code: as stated, or as detected."""
    duplicate: bool = False
    """After an upload: the workspace had these bytes already, and this is the document that has them."""


@dataclass(frozen=True)
class MetadataTypeCount(Model):
    """How many documents have a value of a type."""

    type: str
    """``string``, ``number``, ``boolean``, ``date``, ``null``, ``array`` or ``object``."""
    count: int
    """Documents."""


@dataclass(frozen=True)
class MetadataValueCount(Model):
    """How many documents have a value."""

    count: int
    """Documents."""
    value: Optional[Any] = None


@dataclass(frozen=True)
class MetadataKey(Model):
    """A key of the metadata, and what documents have under it."""

    key: str
    """As filters name it: dots lead into nested objects."""
    document_count: int
    """How many documents have it."""
    types: List[MetadataTypeCount]
    """``date``: a text that filters compare as a date."""
    values: List[MetadataValueCount]
    """The most frequent single values, also of lists; at most 10, of at most 200 bytes each."""


@dataclass(frozen=True)
class MetadataKeys(Model):
    """Which metadata the documents of a workspace have."""

    document_count: int
    """The documents that are processed."""
    keys: List[MetadataKey]
    """Those that most documents have come first; 200 at most."""
    partial: bool = False
    """There are more keys or documents than the installation counts, or it took too long."""


@dataclass(frozen=True)
class NewUpload(Model):
    upload_id: str
    """Makes the document once the bytes have been sent."""
    url: str
    """Send the file there with PUT, without credentials."""
    headers: Dict[str, str]
    """The headers that the PUT needs, besides ``Content-Length``."""
    expires_at: datetime
    """Until when the PUT may begin."""


@dataclass(frozen=True)
class Position(Model):
    """Where a passage stands in the extracted text."""

    index: int
    """0 for the document's first passage."""
    start: int
    """In Unicode code points of the extracted text."""
    end: int
    page: Optional[int] = None
    """Where the passage begins, from 1; so are slide, row, message and line."""
    slide: Optional[int] = None
    sheet: Optional[str] = None
    """The name of the sheet."""
    row: Optional[int] = None
    """Of a sheet or table, as spreadsheets count; of a file of records, the record."""
    chapter: Optional[str] = None
    """The name of the chapter."""
    message: Optional[int] = None
    """Of a mailbox."""
    line: Optional[int] = None
    """Of source code and logs."""
    heading: Optional[str] = None
    """The nearest heading above."""
    heading_path: Optional[List[str]] = None
    """The headings above ``heading``, outermost first."""


@dataclass(frozen=True)
class Chunk(Model):
    """A passage as it is indexed."""

    id: str
    content: str
    document_id: Optional[str] = None
    position: Optional[Position] = None


@dataclass(frozen=True)
class DuplicatePassage(Model):
    chunk_id: str
    document_id: str
    document_name: str


@dataclass(frozen=True)
class FieldShares(Model):
    name: float
    """The share of the document's name in the score by words. The three add up to 1, or are all 0."""
    heading: float
    content: float


@dataclass(frozen=True)
class Explanation(Model):
    fields: FieldShares
    words: Optional[float] = None
    """The score by words alone, 0 to 1; null if words were not searched."""
    meaning: Optional[float] = None
    """The score by meaning alone, 0 to 1; null if meaning was not searched, or if the passage has no vector yet."""
    rerank: Optional[float] = None
    """What the reranker gives, 0 to 1. Absent if it gave nothing."""


@dataclass(frozen=True)
class SearchResult(Model):
    chunk_id: str
    document_id: str
    document_name: str
    workspace_id: str
    workspace_name: str
    type: str
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odt``, ``odp``, ``epub``, ``html``, ``markdown``, ``text``, ``csv``,
    ``json``, ``rtf`` or ``eml``."""
    content: str
    highlight: str
    """HTML: hits in ``<mark>``, everything else escaped."""
    score: float
    """0 to 1, by the statistics of the workspace, or by the reranker if ``reranked``."""
    position: Position
    metadata: Dict[str, Any]
    duplicates: Optional[List[DuplicatePassage]] = None
    """Passages that say the same, with the same numbers. They are no results."""
    explain: Optional[Explanation] = None
    """Why it has its score. Only if the request asks for it."""


@dataclass(frozen=True)
class WorkspaceMatches(Model):
    """A workspace, and how many of its passages match."""

    id: str
    name: str
    count: int
    """How many passages its words find, beyond ``limit`` and below ``threshold``, too."""


@dataclass(frozen=True)
class SearchAnswer(Model):
    query: str
    mode: str
    """The one that was used. In several workspaces, those without vectors are searched by words. One of ``hybrid``,
    ``keyword`` and ``semantic``."""
    results: List[SearchResult]
    """Best first. Of equal scores, the newest document first; of documents of the same name, the newer first if it
    scores at most a fifth less."""
    total: int
    """How many results there are here."""
    took_ms: int
    """Whole milliseconds, rounded up."""
    workspaces: Optional[List[WorkspaceMatches]] = None
    """Of a search in several: where the matches are, most first. Workspaces that the request names, and others that
    have matches or results."""
    partial: bool = False
    """The search took more than the installation allows: these are the best results that it found until then."""
    reranked: bool = False
    """Whether the installation's reranker scored the results. If it did not answer in time, they keep their order; it
    is asked for ``hybrid`` only. Absent without a reranker."""


@dataclass(frozen=True)
class Source(Model):
    """A passage that an answer cites as ``[number]``."""

    number: int
    """The number in the answer's citations."""
    document_id: str
    document_name: str
    chunk_id: str
    content: str
    score: float
    """0 to 1."""
    position: Position


@dataclass(frozen=True)
class Message(Model):
    id: str
    role: str
    """``user`` or ``assistant``."""
    content: str
    """Cites its sources as ``[1]``, ``[2]``."""
    sources: List[Source]
    created_at: datetime
    model: Optional[str] = None
    finish_reason: Optional[str] = None
    """``stop``, ``length``, ``content_filter``, ``cancelled`` or ``error``."""


@dataclass(frozen=True)
class Usage(Model):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


@dataclass(frozen=True)
class ExplainedSource(Model):
    number: int
    """The number in the answer's citations."""
    explain: Explanation


@dataclass(frozen=True)
class NearestPassage(Model):
    document_id: str
    document_name: str
    chunk_id: str
    excerpt: str
    """The sentence that came nearest, or how the passage begins."""
    score: float
    """0 to 1."""
    explain: Explanation


@dataclass(frozen=True)
class AnswerExplanation(Model):
    sources: List[ExplainedSource]
    """The sources of the message, in order."""
    reason: Optional[str] = None
    """Why the built-in answerer gave no answer, in English."""
    nearest: Optional[NearestPassage] = None
    """The passage that came nearest to an answer, if there is none."""


@dataclass(frozen=True)
class ChatAnswer(Model):
    conversation_id: str
    message: Message
    usage: Usage
    finish_reason: str
    """``stop``, ``length``, ``content_filter``, ``cancelled`` or ``error``."""
    partial: bool = False
    """The search for sources took more than the installation allows: the answer is made from the best that it found
    until then."""
    reranked: bool = False
    """Whether the installation's reranker ordered the passages that the answer is made from. If it did not answer in
    time, they keep their order. Absent without a reranker."""
    explain: Optional[AnswerExplanation] = None
    """Only if the request asks for it."""


@dataclass(frozen=True)
class Conversation(Model):
    id: str
    title: str
    message_count: int
    created_at: datetime
    last_message_at: Optional[datetime] = None


@dataclass(frozen=True)
class Webhook(Model):
    id: str
    url: str
    events: List[str]
    """Names, ``document.*`` or ``*``."""
    active: bool
    created_at: datetime
    workspace_id: Optional[str] = None
    """Only events of this workspace."""
    description: Optional[str] = None
    owner_id: Optional[str] = None
    """Whose rights it has: the account that made it or changed it last."""
    disabled_reason: Optional[str] = None
    """Why it gets no more events although nobody switched it off."""
    updated_at: Optional[datetime] = None


@dataclass(frozen=True)
class NewWebhook(Webhook):
    secret: str = ""
    """Verifies deliveries (Standard Webhooks). It is shown this once: keep it."""


@dataclass(frozen=True)
class Delivery(Model):
    """One event on its way to one webhook."""

    id: str
    event_id: str
    event: str
    status: str
    """``pending``, ``succeeded`` or ``failed``."""
    attempts: int
    payload: Dict[str, Any]
    """The body that is sent."""
    created_at: datetime
    response_status: Optional[int] = None
    """What the receiver answered last."""
    error: Optional[str] = None
    """Why the last attempt failed."""
    last_attempt_at: Optional[datetime] = None
    next_attempt_at: Optional[datetime] = None


@dataclass(frozen=True)
class Health(Model):
    status: str
    """``ok`` or ``degraded``."""
    version: str
    checks: Dict[str, Dict[str, Any]]


@dataclass(frozen=True)
class SystemInfo(Model):
    """What an installation is, what it holds, and how it is configured."""

    version: str
    build: str
    platform: str
    counts: Dict[str, int]
    bytes_stored: int
    providers: Dict[str, str]
    limits: Dict[str, int]


@dataclass(frozen=True)
class Acknowledged(Model):
    """What deletions and the like return."""

    message: Optional[str] = None


@dataclass(frozen=True)
class RefusedFile(Model):
    """A file of an upload that became no document, and why."""

    index: int
    """Its place among the files of the request, from 0."""
    name: str
    code: str
    message: str


@dataclass(frozen=True)
class Uploaded(Model):
    """What became of several files."""

    documents: List[Document]
    errors: List[RefusedFile]
    """The files that could not be read."""


@dataclass(frozen=True)
class WebhookEvent(Model):
    """The payload of a webhook."""

    id: str
    type: str
    timestamp: datetime
    data: Dict[str, Any]
    workspace_id: Optional[str] = None
