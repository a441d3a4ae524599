"""A scripted server, for what a real one does not do on demand."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Union

from ainexlayer import AINexLayer

from .installation import QUICK


@dataclass
class Seen:
    method: str
    target: str
    headers: Dict[str, str]
    body: bytes


Script = Callable[[Seen, socket.socket], None]


def answer(status: int, body: Any = None, **headers: str) -> Script:
    """A whole answer; ``retry_after="1"`` makes a Retry-After."""
    body = {"success": True, "data": {}} if body is None else body
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *lines]) + "\r\n\r\n"
    return lambda seen, connection: connection.sendall(head.encode() + content)


def error(status: int, code: str, **headers: str) -> Script:
    return answer(status, {"success": False, "error": {"code": code, "message": code, "requestId": "r1"}}, **headers)


def drop(seen: Seen, connection: socket.socket) -> None:
    """Closes the connection without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def stream(*blocks: bytes, ends: bool = True) -> Script:
    """Server-Sent Events in these blocks; without an end the connection breaks after them."""

    def run(seen: Seen, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for block in blocks:
            connection.sendall(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        if ends:
            connection.sendall(b"0\r\n\r\n")
        else:
            connection.shutdown(socket.SHUT_RDWR)

    return run


class Stub:
    """Answers each request by the next script, and by the last one from then on."""

    def __init__(self, *scripts: Union[Script, str]) -> None:
        self._scripts: List[Any] = list(scripts) or [answer(200)]
        self.seen: List[Seen] = []
        self.closed = threading.Event()
        """Set when a client has closed a connection."""
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def client(self, **settings: Any) -> AINexLayer:
        return AINexLayer(self.url, **{"api_key": "nxl_test", "retry": QUICK, **settings})

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        # NB: closing alone does not wake a thread that waits in accept, and it takes one more connection.
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            try:
                while self._one(connection, reader):
                    pass
            except OSError:
                pass
            self.closed.set()

    def _one(self, connection: socket.socket, reader: Any) -> bool:
        line = reader.readline().decode()
        if not line:
            return False
        method, target, _ = line.split(" ")
        headers: Dict[str, str] = {}
        for raw in iter(reader.readline, b"\r\n"):
            if not raw:
                return False
            name, _, value = raw.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        seen = Seen(method, target, headers, reader.read(int(headers.get("content-length", "0"))))
        with self._lock:
            self.seen.append(seen)
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        script(seen, connection)
        return True
