"""What every request needs: credentials, retries, and answers decoded as models."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional, Type, TypeVar, Union
from urllib.parse import quote, urlencode, urlsplit

from ._decode import Model, attach, camel_case, decode
from ._pager import Page, Pager
from ._retry import RetryPolicy, retry_after
from ._session import Session
from ._transport import Answer, Body, BytesBody, Transport
from ._version import VERSION
from .errors import AINexLayerError, AuthenticationError, error_of
from .models import Acknowledged

M = TypeVar("M", bound=Model)
Match = Union[str, Model, None]
"""An entity tag, or a resource that you read by itself, which has one."""

BASE_PATH = "/api/v1"


@dataclass(frozen=True)
class RequestOptions:
    """Settings of one call, which replace those of the client.

    Attributes:
        timeout: seconds for each wait (connecting, sending, every read).
        max_retries: attempts after the first.
        headers: more of them.
        idempotency_key: for calls that create; made automatically if absent. The server does a
            request once a key and a day, so give one of your own to be safe across restarts.
        if_none_match: raises ``NotModified`` if the resource still has this version.
    """

    timeout: Optional[float] = None
    max_retries: Optional[int] = None
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotency_key: Optional[str] = None
    if_none_match: Match = None


@dataclass(frozen=True)
class Call:
    """One request, without credentials."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Optional[Body] = None
    headers: Mapping[str, str] = field(default_factory=dict)
    authenticated: bool = True
    repeatable: bool = True
    """Whether the client may repeat it if the outcome is unknown."""


class Core:
    """What all groups of methods share."""

    def __init__(
        self, base_url: str, transport: Transport, session: Session, policy: RetryPolicy,
        timeout: Optional[float], headers: Mapping[str, str],
    ) -> None:
        path = urlsplit(base_url).path.rstrip("/")
        self._prefix = path or BASE_PATH
        self._transport = transport
        self.session = session
        self._policy = policy
        self._timeout = timeout
        self._headers = {"User-Agent": f"ainexlayer-python/{VERSION}", "Accept": "application/json", **headers}

    # Sending

    def send(self, call: Call, options: Optional[RequestOptions] = None) -> Answer:
        """Repeats the request until it succeeds, or fails in a way that a retry does not change."""
        options = options or RequestOptions()
        policy = self._policy if options.max_retries is None else RetryPolicy(
            options.max_retries, self._policy.base_delay, self._policy.max_delay, self._policy.max_retry_after)
        headers = self._headers_of(call, options)
        attempt, renewed = 0, False
        while True:
            bearer = self.session.bearer() if call.authenticated else None
            if bearer is not None:
                headers["Authorization"] = f"Bearer {bearer}"
            try:
                return self._attempt(call, headers, options)
            except AuthenticationError as error:
                if error.code != "TOKEN_EXPIRED" or renewed or not call.authenticated:
                    raise
                renewed = True
                if not self.session.renew(bearer):
                    raise
            except AINexLayerError as error:
                delay = policy.delay(error, attempt, call.repeatable)
                if delay is None:
                    raise
                attempt += 1
                time.sleep(delay)

    def _attempt(self, call: Call, headers: Mapping[str, str], options: RequestOptions) -> Answer:
        target = quote(self._prefix) + call.path
        query = {camel_case(name): _text(value) for name, value in call.query.items() if value is not None}
        if query:
            target += "?" + urlencode(query)
        timeout = self._timeout if options.timeout is None else options.timeout
        answer = self._transport.exchange(call.method, target, headers, call.body, timeout)
        if answer.status == 307 and call.method == "GET" and "location" in answer.headers:
            location = answer.headers["location"]
            answer.read()
            answer = self._elsewhere(location, headers, timeout)
        if answer.status < 300:
            return answer
        body = _json(answer.read(), default=None)
        raise error_of(
            answer.status, body, request_id=answer.headers.get("x-request-id"), retry_after=retry_after(answer.headers))

    def _elsewhere(self, location: str, headers: Mapping[str, str], timeout: Optional[float]) -> Answer:
        """Gets what the server has put elsewhere, such as a large document in S3, which must not see the credentials."""
        parts = urlsplit(location)
        kept = {name: value for name, value in headers.items() if name in ("Accept", "Range", "User-Agent")}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        return self._transport.elsewhere(location).exchange("GET", target, kept, None, timeout)

    def _headers_of(self, call: Call, options: RequestOptions) -> Dict[str, str]:
        headers = {**self._headers, **call.headers, **options.headers}
        if call.method == "POST" and call.repeatable:
            headers["Idempotency-Key"] = options.idempotency_key or uuid.uuid4().hex
        elif options.idempotency_key is not None:
            headers["Idempotency-Key"] = options.idempotency_key
        tag = tag_of(options.if_none_match)
        if tag is not None:
            headers["If-None-Match"] = tag
        return headers

    # Answers

    def envelope(self, call: Call, options: Optional[RequestOptions] = None) -> Dict[str, Any]:
        """The whole JSON of the answer."""
        return self._envelope(self.send(call, options))

    @staticmethod
    def _envelope(answer: Answer) -> Dict[str, Any]:
        parsed = _json(answer.read(), default=None)
        if not isinstance(parsed, dict):
            raise AINexLayerError(
                "The answer is not the JSON of this API; is base_url right?", code="UNEXPECTED_ANSWER",
                status=answer.status, request_id=answer.headers.get("x-request-id"))
        return parsed

    def model(self, model: Type[M], call: Call, options: Optional[RequestOptions] = None) -> M:
        """The answer's ``data`` as a model that knows its entity tag."""
        answer = self.send(call, options)
        made = decode(model, self._envelope(answer).get("data"))
        return attach(made, answer.headers.get("etag"), answer.headers.get("x-request-id"))

    def acknowledged(self, call: Call, options: Optional[RequestOptions] = None) -> Acknowledged:
        """The message of an answer without data."""
        envelope = self.envelope(call, options)
        done = Acknowledged(envelope.get("message"))
        data = envelope.get("data")
        object.__setattr__(done, "raw", data if isinstance(data, dict) else {})
        return done

    def pager(
        self, model: Type[M], path: str, query: Mapping[str, Any], first: Optional[int],
        options: Optional[RequestOptions],
    ) -> Pager[M]:
        def fetch(number: int) -> Page[M]:
            envelope = self.envelope(Call("GET", path, query={**query, "page": number}), options)
            items = [decode(model, item) for item in envelope.get("data") or []]
            about = envelope.get("pagination") or {}
            return Page(
                items, about.get("page", number), about.get("limit", len(items)), about.get("total", len(items)),
                about.get("totalPages", 1), bool(about.get("hasNext")), bool(about.get("hasPrev")))

        return Pager(fetch, first)


class Resource:
    """A group of methods."""

    def __init__(self, core: Core) -> None:
        self._core = core


def path_of(*parts: str) -> str:
    """``("workspaces", id)`` to ``/workspaces/…``. Raises ValueError for an empty or invalid identifier."""
    for part in parts:
        if not isinstance(part, str) or part in ("", ".", ".."):
            raise ValueError("An identifier is missing")
    return "".join("/" + quote(part, safe="") for part in parts)


def json_body(**fields: Any) -> BytesBody:
    """The fields that are not None, in camelCase. Names inside values do not change."""
    content = {camel_case(name): _value(value) for name, value in fields.items() if value is not None}
    return BytesBody(json.dumps(content, ensure_ascii=False).encode(), "application/json")


def tag_of(match: Match) -> Optional[str]:
    """Raises ValueError for a resource without a tag, which could not guard anything."""
    if not isinstance(match, Model):
        return match
    if match.etag is None:
        raise ValueError(f"This {type(match).__name__} has no entity tag; read it with get() first")
    return match.etag


def match_headers(match: Match) -> Dict[str, str]:
    tag = tag_of(match)
    return {} if tag is None else {"If-Match": tag}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return _text(value)
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A datetime needs its time zone")
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)


def _json(content: bytes, default: Any) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return default


