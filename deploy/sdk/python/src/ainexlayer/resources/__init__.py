"""The API's endpoints, grouped by what they are about."""

from .accounts import APIKeys, Auth, Users
from .chat import Chat, Conversations
from .documents import Documents
from .system import System
from .webhooks import Webhooks
from .workspaces import Members, Workspaces

__all__ = [
    "APIKeys", "Auth", "Chat", "Conversations", "Documents", "Members", "System", "Users", "Webhooks", "Workspaces",
]
