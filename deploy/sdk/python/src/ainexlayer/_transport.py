"""HTTP/1.1 with persistent connections, on the standard library's http.client."""

from __future__ import annotations

import http.client
import selectors
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Deque, Dict, Iterator, Mapping, Optional, Protocol, Type, Union
from urllib.parse import urlsplit

from .errors import APIConnectionError, APITimeoutError, AINexLayerError

BLOCK = 64 * 1024
"""How many bytes to read or send at a time."""
IDLE_CONNECTIONS = 8
"""How many connections to keep for the next requests."""


class Body(Protocol):
    """The body of a request. It can be sent several times."""

    @property
    def content_type(self) -> str: ...

    @property
    def size(self) -> int:
        """In bytes."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the beginning."""


@dataclass(frozen=True)
class BytesBody:
    content: bytes
    content_type: str

    @property
    def size(self) -> int:
        return len(self.content)

    def chunks(self) -> Iterator[bytes]:
        yield self.content


class Answer:
    """A response whose body may not have arrived yet."""

    def __init__(
        self, raw: http.client.HTTPResponse, connection: http.client.HTTPConnection, sock: socket.socket,
        transport: Transport,
    ) -> None:
        self.status = raw.status
        self.headers: Dict[str, str] = {name.lower(): value for name, value in raw.getheaders()}
        self._raw = raw
        self._connection: Optional[http.client.HTTPConnection] = connection
        # NB: the connection drops its socket if this is the last answer on it.
        self._socket = sock
        self._transport = transport

    def read(self) -> bytes:
        """The whole body. Returns the connection for the next request."""
        return b"".join(self.iter_bytes())

    def iter_bytes(self) -> Iterator[bytes]:
        """The body as it arrives. Leaving early closes the connection."""
        received = 0
        expected = self.headers.get("content-length")
        try:
            while True:
                block = self._read_some()
                if not block:
                    break
                received += len(block)
                yield block
            if expected is not None and received < int(expected) and self.status not in (204, 304):
                raise APIConnectionError("The connection broke inside the answer", code="CONNECTION_ERROR")
            self._release()
        finally:
            self.close()

    def _read_some(self) -> bytes:
        try:
            return self._raw.read1(BLOCK)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise connection_error(error) from error

    def _release(self) -> None:
        connection, self._connection = self._connection, None
        # NB: http.client refuses another request while it considers this response unread.
        self._raw.close()
        if connection is not None and not self._raw.will_close:
            self._transport.put(connection)
        elif connection is not None:
            connection.close()

    def close(self) -> None:
        """Closes the connection, unless the body was read completely. A read in another thread fails."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                # NB: wakes a thread that waits in a read. Closing would wait for it.
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The server was faster.
            # NB: the response has its own file on the socket, which stays open until both are closed.
            self._raw.close()
            connection.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class Transport:
    """Connections to one server. Several threads may share it."""

    def __init__(self, base_url: str, ssl_context: Optional[ssl.SSLContext] = None) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url must begin with http:// or https:// and name a host")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._ssl_context = ssl_context or (ssl.create_default_context() if parts.scheme == "https" else None)
        self._idle: Deque[http.client.HTTPConnection] = deque()
        self._lock = threading.Lock()

    def elsewhere(self, url: str) -> Transport:
        """Connections to another server, which trust what these trust."""
        return Transport(url, self._ssl_context)

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: Optional[Body], timeout: Optional[float]
    ) -> Answer:
        """Sends one request and waits for the head of its answer.

        ``timeout`` is in seconds and counts for each wait: connecting, sending, and every read.
        """
        connection = self._take(timeout)
        try:
            self._send(connection, method, target, headers, body)
            sock = connection.sock
            return Answer(connection.getresponse(), connection, sock, self)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise connection_error(error) from error
        except BaseException:
            connection.close()
            raise

    @staticmethod
    def _send(
        connection: http.client.HTTPConnection, method: str, target: str, headers: Mapping[str, str],
        body: Optional[Body],
    ) -> None:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Type", body.content_type)
            connection.putheader("Content-Length", str(body.size))
        elif method not in ("GET", "HEAD", "DELETE"):
            connection.putheader("Content-Length", "0")
        connection.endheaders()
        try:
            for chunk in body.chunks() if body is not None else ():
                connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            # The server may have answered before it read everything, for example with 413.
            return

    def _take(self, timeout: Optional[float]) -> http.client.HTTPConnection:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._connect(timeout)
            if not _has_ended(connection):
                connection.sock.settimeout(timeout)
                return connection
            connection.close()

    def _connect(self, timeout: Optional[float]) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._scheme == "https":
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=timeout, context=self._ssl_context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            connection.close()
            raise connection_error(error) from error
        return connection

    def put(self, connection: http.client.HTTPConnection) -> None:
        """Keeps a connection for the next request."""
        with self._lock:
            if connection.sock is not None and len(self._idle) < IDLE_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Closes idle connections."""
        with self._lock:
            idle, self._idle = self._idle, deque()
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        for connection in getattr(self, "_idle", ()):
            connection.close()


def _has_ended(connection: http.client.HTTPConnection) -> bool:
    """Whether the server closed an idle connection."""
    sock: Union[socket.socket, Any] = connection.sock
    if sock is None:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def connection_error(error: BaseException) -> AINexLayerError:
    """Maps an error of the operating system or of http.client to one of this package."""
    if isinstance(error, (socket.timeout, TimeoutError)):
        return APITimeoutError("The server took longer than the timeout", code="TIMEOUT")
    return APIConnectionError(f"No whole answer came: {type(error).__name__}: {error}", code="CONNECTION_ERROR")
