"""What can go wrong: one base class, and a subclass for every kind that a caller may want to tell apart."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Type


class AINexLayerError(Exception):
    """The base of everything that this package raises on purpose.

    Attributes:
        message: what happened, as a sentence.
        code: the server's word for it (``NOT_FOUND``), or one of this package's own
            (``CONNECTION_ERROR``, ``TIMEOUT``, ``UNEXPECTED_ANSWER``, ``WEBHOOK_INVALID``).
        status: the HTTP status; None when no answer came.
        details: what the server adds to the message; empty when it adds nothing.
        request_id: what the server's log knows the request by.
        retry_after: seconds after which the server wants to be asked again.
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
        """The invalid fields and why, for an answer that names them."""
        listed: List[Any] = self.details.get("errors") or [self.details]
        return {item["field"]: item.get("reason", "") for item in listed if isinstance(item, dict) and "field" in item}

    def __str__(self) -> str:
        where = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.code}: {self.message}{where}"


class APIConnectionError(AINexLayerError):
    """No whole answer came: the server could not be reached, or the connection broke."""


class APITimeoutError(APIConnectionError):
    """The server took longer than the timeout."""


class WebhookVerificationError(AINexLayerError):
    """A webhook that this server did not sign, or not now."""


class APIError(AINexLayerError):
    """The server answered with an error."""


class NotModified(APIError):
    """304: what the caller has (``if_none_match``) is current."""


class BadRequestError(APIError):
    """400: not the shape that the endpoint takes."""


class AuthenticationError(APIError):
    """401: no credentials, wrong ones, or ones that ended."""


class PermissionDeniedError(APIError):
    """403: role, scope or membership does not allow it."""


class NotFoundError(APIError):
    """404: not there, or not for this caller."""


class ConflictError(APIError):
    """409: it contradicts what is there."""


class PreconditionFailedError(APIError):
    """412: the resource is no longer the one of ``if_match``."""


class PayloadTooLargeError(APIError):
    """413: more bytes than the installation takes."""


class UnsupportedMediaTypeError(APIError):
    """415: a type that cannot be read."""


class RangeNotSatisfiableError(APIError):
    """416: the range lies outside the document."""


class UnprocessableError(APIError):
    """422: well-formed, but it breaks a rule."""


class ValidationError(UnprocessableError):
    """422 ``VALIDATION_ERROR``: see ``field_errors``."""


class RateLimitError(APIError):
    """429: too many requests; see ``retry_after``."""


class ServerError(APIError):
    """5xx: the server's fault."""


class ServiceUnavailableError(ServerError):
    """503: busy, or its model is out of reach; see ``retry_after``."""


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
    """The error that an answer stands for. ``body`` is what was parsed of it, whatever that is."""
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
