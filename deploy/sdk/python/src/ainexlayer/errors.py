"""Errors: one base class, and a subclass for each kind that a caller may handle differently."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Type


class AINexLayerError(Exception):
    """The base class of this package's errors.

    Attributes:
        message: what happened, as a sentence.
        code: the server's word for it (``NOT_FOUND``), or one of this package's own
            (``CONNECTION_ERROR``, ``TIMEOUT``, ``UNEXPECTED_ANSWER``, ``WEBHOOK_INVALID``).
        status: the HTTP status; None when no answer came.
        details: what the server adds to the message; empty when it adds nothing.
        request_id: what the server's log knows the request by.
        retry_after: how many seconds the server asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: Optional[int] = None,
        details: Optional[Mapping[str, Any]] = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.details: Mapping[str, Any] = details or {}
        self.request_id = request_id
        self.retry_after = retry_after

    @property
    def field_errors(self) -> Dict[str, str]:
        """The invalid fields and the reasons, if the server named them."""
        listed: List[Any] = self.details.get("errors") or [self.details]
        return {item["field"]: item.get("reason", "") for item in listed if isinstance(item, dict) and "field" in item}

    def __str__(self) -> str:
        where = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.code}: {self.message}{where}"


class APIConnectionError(AINexLayerError):
    """There was no complete answer: the server was unreachable, or the connection broke."""


class APITimeoutError(APIConnectionError):
    """The server took longer than the timeout."""


class WebhookVerificationError(AINexLayerError):
    """A webhook with a wrong signature, or one that is too old."""


class APIError(AINexLayerError):
    """The server answered with an error."""


class NotModified(APIError):
    """304: the caller's version (``if_none_match``) is current."""


class BadRequestError(APIError):
    """400: the request is malformed."""


class AuthenticationError(APIError):
    """401: the credentials are missing, wrong or expired."""


class PermissionDeniedError(APIError):
    """403: the role, scope or membership does not allow it."""


class NotFoundError(APIError):
    """404: it does not exist, or the caller has no access to it."""


class ConflictError(APIError):
    """409: it conflicts with existing data."""


class PreconditionFailedError(APIError):
    """412: the resource has changed since ``if_match``."""


class PayloadTooLargeError(APIError):
    """413: the body is larger than the installation allows."""


class UnsupportedMediaTypeError(APIError):
    """415: the server cannot read this type."""


class RangeNotSatisfiableError(APIError):
    """416: the range is outside the document."""


class UnprocessableError(APIError):
    """422: the request is well-formed but breaks a rule."""


class ValidationError(UnprocessableError):
    """422 ``VALIDATION_ERROR``: see ``field_errors``."""


class RateLimitError(APIError):
    """429: too many requests; see ``retry_after``."""


class ServerError(APIError):
    """5xx: the server's fault."""


class ServiceUnavailableError(ServerError):
    """503: the server is busy, or cannot reach its model; see ``retry_after``."""


_BY_STATUS: Dict[int, Type[APIError]] = {
    304: NotModified,
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    413: PayloadTooLargeError,
    415: UnsupportedMediaTypeError,
    416: RangeNotSatisfiableError,
    422: UnprocessableError,
    429: RateLimitError,
    503: ServiceUnavailableError,
}


def error_of(
    status: Optional[int], body: Any, *, request_id: Optional[str] = None, retry_after: Optional[float] = None
) -> APIError:
    """The error for an answer. ``body`` is its parsed body, which may be anything."""
    said = body.get("error") if isinstance(body, dict) else None
    said = said if isinstance(said, dict) else {}
    code = said.get("code") or ("NOT_MODIFIED" if status == 304 else f"HTTP_{status}")
    kind: Type[APIError] = ServerError if status is not None and status >= 500 else APIError
    kind = _BY_STATUS.get(status or 0, kind)
    if code == "VALIDATION_ERROR":
        kind = ValidationError
    details = said.get("details")
    return kind(
        str(said.get("message") or f"The server answered with status {status}"),
        code=str(code),
        status=status,
        details=details if isinstance(details, dict) else None,
        request_id=said.get("requestId") or request_id,
        retry_after=retry_after,
    )
