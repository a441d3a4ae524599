"""An authority for a test, and servers that answer a request for TLS in their own way."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any, Callable

REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
"""SSLRequest, the first message of a client that wants TLS."""


class Authority:
    """Issues certificates, by the program openssl."""

    def __init__(self, folder: Path, name: str, issued: Path | None = None) -> None:
        """With a certificate of its own, or one that another authority has issued."""
        self.folder, self.name, self.file = folder, name, issued or folder / f"{name}.pem"
        if not issued:
            self.run("req", "-x509", *self.key(name), "-subj", f"/CN={name}", "-addext", "subjectAltName = DNS:localhost",
                     "-out", self.file, "-days", "2")

    def issue(self, name: str, names: str = "", *, days: int = 2, constraints: str = "CA:FALSE",
              subject: str = "") -> tuple[Path, Path]:
        """The files of a certificate and its key. `names` is a subjectAltName; the certificate of -1 days has expired."""
        request, extensions, certificate = (self.folder / f"{name}.{kind}" for kind in ("csr", "ext", "crt"))
        extensions.write_text(f"basicConstraints = {constraints}\n" + (names and f"subjectAltName = {names}\n"))
        self.run("req", *self.key(name), "-subj", f"/CN={subject or name}", "-out", request)
        self.run("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.folder / f"{self.name}.key",
                 "-CAcreateserial", "-extfile", extensions, "-days", days, "-out", certificate)
        return certificate, self.folder / f"{name}.key"

    def key(self, name: str) -> list[Any]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", self.folder / f"{name}.key"]

    def run(self, *arguments: Any) -> None:
        subprocess.run([shutil.which("openssl") or "openssl", *map(str, arguments)], check=True, capture_output=True)


class Front:
    """A server on a free port of 127.0.0.1 that handles each connection by `answer`, which gets the socket."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.handle, args=(client,), daemon=True).start()

    def handle(self, client: socket.socket) -> None:
        client.settimeout(20)
        with client:
            try:
                self.answer(client)
            except (OSError, EOFError):
                pass

    def __enter__(self) -> Front:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Terminator(Front):
    """A server that speaks TLS to the client, and passes what it says on to PostgreSQL, by TLS too if it `encrypts`."""

    def __init__(self, certificate: tuple[Path, Path], port: int, *, encrypts: bool = False,
                 minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
                 maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.context.minimum_version, self.context.maximum_version = minimum, maximum
        if maximum < ssl.TLSVersion.TLSv1_2:
            self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
        self.context.sni_callback = lambda _, name, __: self.names.append(name)
        self.names: list[str | None] = []
        self.target, self.encrypts = port, encrypts
        super().__init__(self.terminate)

    def connected(self) -> socket.socket:
        server = socket.create_connection(("127.0.0.1", self.target))
        if not self.encrypts:
            return server
        server.sendall(REQUEST)
        exactly(server, 1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(server)

    def terminate(self, client: socket.socket) -> None:
        if exactly(client, len(REQUEST)) != REQUEST:
            return
        client.sendall(b"S")
        with self.context.wrap_socket(client, server_side=True) as inner, self.connected() as server:
            back = threading.Thread(target=passed, args=(server, inner), daemon=True)
            back.start()
            passed(inner, server)
            back.join(5)


def passed(source: socket.socket, target: socket.socket, size: int = 65536) -> None:
    try:
        while piece := source.recv(size):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def exactly(source: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        piece = source.recv(count - len(received))
        if not piece:
            raise EOFError
        received += piece
    return received
