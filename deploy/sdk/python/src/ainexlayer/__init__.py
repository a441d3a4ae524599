"""Client for the AINexLayer API.

    from ainexlayer import AINexLayer

    client = AINexLayer(api_key="nxl_…")
    for workspace in client.workspaces.list():
        print(workspace.name)
"""

from ._content import DocumentContent
from ._core import RequestOptions
from ._multipart import FileUpload
from ._pager import Page, Pager
from ._retry import RetryPolicy
from ._session import MemoryTokenStore, Tokens, TokenStore
from ._stream import ChatDelta, ChatDone, ChatEvent, ChatFailed, ChatSources, ChatStart, ChatStream
from ._version import VERSION as __version__
from .client import DEFAULT_BASE_URL, AINexLayer
from .errors import (
    AINexLayerError, APIConnectionError, APIError, APITimeoutError, AuthenticationError, BadRequestError,
    ConflictError, NotFoundError, NotModified, PayloadTooLargeError, PermissionDeniedError,
    PreconditionFailedError, RangeNotSatisfiableError, RateLimitError, ServerError, ServiceUnavailableError,
    UnprocessableError, UnsupportedMediaTypeError, ValidationError, WebhookVerificationError,
)
from .events import Delivery, NewWebhook, Webhook, WebhookEvent
from .models import (
    Acknowledged, APIKey, ChatAnswer, Chunk, Conversation, Document, Embedding, Health, Member, Message, NewAPIKey,
    Position, RefusedFile, SearchAnswer, SearchResult, SignedIn, Source, SystemInfo, Uploaded, Usage, User, Workspace,
    WorkspaceSettings,
)
from .resources import SearchFilters, SettingsInput
from .webhooks import verify_webhook

__all__ = [
    "AINexLayer", "AINexLayerError", "APIConnectionError", "APIError", "APIKey", "APITimeoutError", "Acknowledged",
    "AuthenticationError", "BadRequestError", "ChatAnswer", "ChatDelta", "ChatDone", "ChatEvent", "ChatFailed",
    "ChatSources", "ChatStart", "ChatStream", "Chunk", "ConflictError", "Conversation", "DEFAULT_BASE_URL", "Delivery",
    "Document", "DocumentContent", "Embedding", "FileUpload", "Health", "Member", "MemoryTokenStore", "Message",
    "NewAPIKey", "NewWebhook", "NotFoundError", "NotModified", "Page", "Pager", "PayloadTooLargeError",
    "PermissionDeniedError", "Position", "PreconditionFailedError", "RangeNotSatisfiableError", "RateLimitError",
    "RefusedFile", "RequestOptions", "RetryPolicy", "SearchAnswer", "SearchFilters", "SearchResult", "ServerError",
    "ServiceUnavailableError", "SettingsInput", "SignedIn", "Source", "SystemInfo", "TokenStore", "Tokens",
    "UnprocessableError", "UnsupportedMediaTypeError", "Uploaded", "Usage", "User", "ValidationError", "Webhook",
    "WebhookEvent", "WebhookVerificationError", "Workspace", "WorkspaceSettings", "__version__", "verify_webhook",
]
