"""Checking that a webhook comes from this installation (the Standard Webhooks specification)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Mapping, NoReturn, Optional, Union

from ._decode import decode
from .errors import WebhookVerificationError
from .events import WebhookEvent

TOLERANCE = 300.0
"""How many seconds the sender's clock and ours may differ."""


def verify_webhook(
    body: Union[bytes, str],
    headers: Mapping[str, str],
    secret: str,
    *,
    tolerance: float = TOLERANCE,
    now: Optional[float] = None,
) -> WebhookEvent:
    """Checks the signature and the age of a webhook, and returns its event.

    Args:
        body: the request's body exactly as it came, not parsed and written again.
        headers: the request's headers; names in any case.
        secret: the webhook's (``whsec_…``).
        tolerance: seconds that its time may be away from now.
        now: Unix seconds, for tests.

    Raises:
        WebhookVerificationError: it was not signed with this secret, or not now.
    """
    raw = body.encode() if isinstance(body, str) else bytes(body)
    given = {name.lower(): value for name, value in headers.items()}
    identifier, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "")
    if not (identifier and timestamp and signatures):
        _refuse("webhook-id, webhook-timestamp or webhook-signature is missing")
    if not (timestamp.isascii() and timestamp.isdigit()):
        _refuse("webhook-timestamp is not a time")
    expected = hmac.new(_key(secret), f"{identifier}.{timestamp}.".encode() + raw, hashlib.sha256).digest()
    if not any(_matches(signature, expected) for signature in signatures.split(" ")):
        _refuse("No signature is right")
    # After the signature, so that a stranger learns nothing about our clock.
    if abs((time.time() if now is None else now) - int(timestamp)) > tolerance:
        _refuse("It is too old, or from the future")
    return _event(raw)


def _event(raw: bytes) -> WebhookEvent:
    try:
        parsed = json.loads(raw)
    except ValueError:
        _refuse("The body is not JSON")
    return decode(WebhookEvent, parsed)


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError("The secret of a webhook is whsec_ and base64")
    return key


def _matches(signature: str, expected: bytes) -> bool:
    version, _, value = signature.partition(",")
    if version != "v1":
        return False
    try:
        return hmac.compare_digest(base64.b64decode(value, validate=True), expected)
    except (binascii.Error, ValueError):
        return False


def _refuse(why: str) -> NoReturn:
    raise WebhookVerificationError(f"The webhook is refused: {why}", code="WEBHOOK_INVALID")
