"""What the API speaks of. Times are aware datetimes; fields that a server adds later are in ``raw``."""

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
    """What registering, logging in and refreshing give."""

    user: User
    token: str
    refresh_token: str
    expires_in: int
    """Seconds for which ``token`` is good."""
    token_type: str = "Bearer"


@dataclass(frozen=True)
class APIKey(Model):
    id: str
    name: str
    prefix: str
    scopes: List[str]
    created_at: datetime
    expires_at: Optional[datetime] = None
    last_used_at: Optional[datetime] = None


@dataclass(frozen=True)
class NewAPIKey(APIKey):
    key: str = ""
    """The key in clear. The server shows it this once."""


@dataclass(frozen=True)
class WorkspaceSettings(Model):
    system_prompt: str = ""
    model: str = ""
    temperature: float = 0.7
    chat_mode: str = "chat"
    """``chat`` answers from general knowledge too, ``query`` only from documents."""
    top_k: int = 6
    similarity_threshold: float = 0.2
    history_length: int = 20


@dataclass(frozen=True)
class Workspace(Model):
    id: str
    name: str
    slug: str
    description: str
    settings: WorkspaceSettings
    owner_id: str
    role: str
    """The caller's: ``owner``, ``editor`` or ``viewer``."""
    document_count: int
    conversation_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Member(Model):
    """Someone who takes part in a workspace, or was asked to by e-mail address (``status`` is ``pending``)."""

    role: str
    status: str = "active"
    """``active``, or ``pending``: asked, and not here yet. Nobody learns whether there is such an account."""
    user_id: Optional[str] = None
    """None of one that is pending."""
    name: Optional[str] = None
    email: Optional[str] = None
    joined_at: Optional[datetime] = None
    invitation_id: Optional[str] = None
    """What removes one that is pending."""
    invited_at: Optional[datetime] = None
    expires_at: Optional[datetime] = None


@dataclass(frozen=True)
class Embedding(Model):
    """How far the vectors of a document are."""

    status: str
    """``pending``, ``done``, ``failed`` or ``off``."""
    done: int
    total: int


@dataclass(frozen=True)
class Document(Model):
    id: str
    workspace_id: str
    name: str
    type: str
    mime_type: str
    size: int
    """In bytes."""
    sha256: str
    status: str
    """``processing``, ``processed`` (search finds it) or ``failed`` (see ``error``)."""
    embedding: Embedding
    chunk_count: int
    word_count: int
    metadata: Dict[str, Any]
    uploaded_by: str
    created_at: datetime
    updated_at: datetime
    error: Optional[str] = None
    duplicate: bool = False
    """After an upload: the workspace had these bytes already, and this is the document that has them."""


@dataclass(frozen=True)
class RefusedFile(Model):
    """A file that is no document, and why."""

    index: int
    """Its place among the files of the upload, from 0."""
    name: str
    code: str
    message: str


@dataclass(frozen=True)
class Uploaded(Model):
    """What became of several files."""

    documents: List[Document]
    errors: List[RefusedFile]
    """Those that could not be read."""


@dataclass(frozen=True)
class Position(Model):
    """Where a passage stands in the extracted text, in Unicode code points."""

    index: int
    start: int
    end: int
    page: Optional[int] = None
    heading: Optional[str] = None


@dataclass(frozen=True)
class Chunk(Model):
    """A passage as it is indexed."""

    id: str
    content: str
    document_id: Optional[str] = None
    position: Optional[Position] = None


@dataclass(frozen=True)
class SearchResult(Model):
    chunk_id: str
    document_id: str
    document_name: str
    type: str
    content: str
    highlight: str
    """HTML: hits in ``<mark>``, everything else escaped."""
    score: float
    position: Position
    metadata: Dict[str, Any]


@dataclass(frozen=True)
class SearchAnswer(Model):
    query: str
    mode: str
    """The one that was used: ``hybrid``, ``keyword`` or ``semantic``."""
    results: List[SearchResult]
    total: int
    took_ms: int
    """Whole milliseconds, rounded up."""
    partial: bool = False
    """The search took more than the installation allows: these are the best results that it found until then."""


@dataclass(frozen=True)
class Source(Model):
    """A passage that an answer cites as ``[number]``."""

    number: int
    document_id: str
    document_name: str
    chunk_id: str
    content: str
    score: float
    position: Position


@dataclass(frozen=True)
class Message(Model):
    id: str
    role: str
    content: str
    sources: List[Source]
    created_at: datetime
    model: Optional[str] = None
    finish_reason: Optional[str] = None


@dataclass(frozen=True)
class Usage(Model):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


@dataclass(frozen=True)
class ChatAnswer(Model):
    conversation_id: str
    message: Message
    usage: Usage
    finish_reason: str
    partial: bool = False
    """The search for sources had to end early: the answer is made from the best that it found until then."""


@dataclass(frozen=True)
class Conversation(Model):
    id: str
    title: str
    message_count: int
    created_at: datetime
    last_message_at: Optional[datetime] = None


@dataclass(frozen=True)
class Health(Model):
    status: str
    """``ok``, or ``degraded`` when the model cannot be reached."""
    version: str
    checks: Dict[str, Any]


@dataclass(frozen=True)
class SystemInfo(Model):
    """What an installation is, what it holds, and how it is set."""

    version: str
    build: str
    platform: str
    counts: Dict[str, int]
    bytes_stored: int
    providers: Dict[str, str]
    limits: Dict[str, int]


@dataclass(frozen=True)
class Acknowledged(Model):
    """What deletions and the like give: nothing but a word."""

    message: Optional[str] = None
