"""Requests and answers as the cases see them, whatever carries them."""

from __future__ import annotations

import base64
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any, Iterator, Sequence

Pairs = Sequence[tuple[str, str]]


@dataclass
class Request:
    method: str
    target: str
    """Path and query as they go over the wire, percent-encoded."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """Names may repeat."""
    body: bytes = b""
    chunked: bool = False
    """Over HTTP: sent without its length."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    """Names in lower case."""
    body: bytes
    seconds: float = 0
    """From the first byte of the body to the last."""

    def header(self, name: str) -> str:
        """The value of a header that may come once; empty when it does not."""
        values = self.all(name)
        if len(values) > 1:
            raise AssertionError(f"{name} came {len(values)} times: {values}")
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def code(self) -> str:
        return self.json["error"]["code"]


def over_http(address: tuple[str, int], request: Request) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    try:
        connection.putrequest(request.method, request.target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value)
        if request.chunked:
            connection.putheader("Transfer-Encoding", "chunked")
        elif request.body or request.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(request.body)))
        body = pieces(request.body) if request.chunked else request.body or None
        connection.endheaders(body, encode_chunked=request.chunked)
        return read(connection.getresponse())
    finally:
        connection.close()


def pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 60_000):
        yield body[start:start + 60_000]


def read(response: http.client.HTTPResponse) -> Answer:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    body = response.read1(65_536)
    start = time.monotonic()
    rest = b"".join(iter(lambda: response.read1(65_536), b"")) if body else b""
    return Answer(response.status, headers, body + rest, time.monotonic() - start)


def envelope(request: Request) -> dict[str, Any]:
    """The request as an API Gateway HTTP API gives it to a function (payload format 2.0)."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in request.headers:
        if name.lower() == "cookie":
            cookies += value.split("; ")
        else:
            headers[name.lower()] = f"{headers[name.lower()]},{value}" if name.lower() in headers else value
    made: dict[str, Any] = {
        "version": "2.0", "routeKey": "$default", "rawPath": request.path, "rawQueryString": request.query,
        "headers": headers, "isBase64Encoded": bool(request.body),
        "requestContext": {"timeEpoch": int(time.time() * 1000), "requestId": "JKJaXmPLvHcESHA=", "http": {
            "method": request.method, "path": request.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
            "userAgent": "conformance"}}}
    if cookies:
        made["cookies"] = cookies
    if request.body:
        made["body"] = base64.b64encode(request.body).decode()
    return made


def opened(answer: dict[str, Any], body: bytes | None = None, seconds: float = 0) -> Answer:
    """The answer in a function's envelope; with another body than the envelope's where it came in parts."""
    headers = [(name.lower(), value) for name, value in answer.get("headers", {}).items()]
    headers += [
        (name.lower(), value) for name, values in answer.get("multiValueHeaders", {}).items() for value in values]
    headers += [("set-cookie", cookie) for cookie in answer.get("cookies", [])]
    if body is None:
        text = answer.get("body") or ""
        body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    return Answer(answer["statusCode"], headers, body, seconds)
