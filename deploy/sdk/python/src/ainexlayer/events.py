"""Webhooks, and what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Optional

from ._decode import Model


@dataclass(frozen=True)
class Webhook(Model):
    id: str
    url: str
    events: List[str]
    active: bool
    created_at: datetime
    workspace_id: Optional[str] = None
    description: Optional[str] = None
    updated_at: Optional[datetime] = None
    owner_id: Optional[str] = None
    """Whose rights it has: the account that made it or changed it last."""
    disabled_reason: Optional[str] = None
    """Why it gets no more events although nobody switched it off."""


@dataclass(frozen=True)
class NewWebhook(Webhook):
    secret: str = ""
    """What its deliveries are signed with. The server shows it this once."""


@dataclass(frozen=True)
class Delivery(Model):
    """One event on its way to one webhook."""

    id: str
    event_id: str
    event: str
    """What happened: ``document.processed``."""
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
class WebhookEvent(Model):
    """The payload of a webhook."""

    id: str
    type: str
    timestamp: datetime
    data: Dict[str, Any]
    workspace_id: Optional[str] = None
