"""A folder for one transport: the functions, their data, the servers' files, and the processes that belong to it."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

import postgres
from running import FUNCTIONS, ROOT, RUNNER, UNLIMITED

sys.path.insert(0, str(ROOT / "deploy" / "scripts"))
from exchange import Request  # noqa: E402
from generator import descriptions, routes  # noqa: E402 (only now is it found)
from generator.installation import Installation  # noqa: E402

ECHO = Path(os.environ.get("ECHO", str(ROOT / ".build" / "release-static" / "release" / "echo")))

VARIABLES = {
    **UNLIMITED,
    "JWT_SECRET": "a secret of the conformance tests, long enough", "CORS_ORIGINS": "https://app.example.com"}
PR_SET_PDEATHSIG = 1
SECONDS_TO_START = 20


def end_with_parent() -> None:
    """In a child, before its program begins: it is ended when the tests are, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open_to_all(path: Path) -> bool:
    """Whether every user of the machine gets there."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


class Place:
    """Made anew for each transport, and removed with its processes by `close`."""

    def __init__(self, *further: Path) -> None:
        """
        - further: executables that are served besides the functions.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="nexlayer-"))
        # Servers that begin as root serve as somebody else, who has to get at the data and the functions.
        self.folder.chmod(0o711)
        self.functions, self.data, self.sockets = (self.folder / name for name in ("functions", "data", "sockets"))
        for each in (self.functions, self.data, self.sockets):
            each.mkdir()
        for source in [*FUNCTIONS.iterdir(), *further]:
            if is_open_to_all(source):
                (self.functions / source.name).symlink_to(source.resolve())
            else:
                shutil.copy(source, self.functions)
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.table = routes.table(descriptions.read(self.functions))
        self.installation = Installation(
            functions=str(self.functions), data=str(self.data), sockets=str(self.sockets),
            fcgiwrap=str(self.folder / "fcgiwrap.sock"), address="127.0.0.1", port=self.port,
            variables={**VARIABLES, **postgres.variables(self.data)})

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def environment(self) -> dict[str, str]:
        """Of functions that nothing but their start gives one."""
        return {"PATH": os.environ["PATH"], **self.installation.environment}

    def function(self, request: Request) -> str:
        """The function that a gateway would choose."""
        asked = [value for name, value in request.headers if name == "Access-Control-Request-Method"]
        return self.table.find(request.method, request.path, *asked)

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen(
                command, env=environment or {"PATH": os.environ["PATH"]}, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=end_with_parent)
        self.processes.append(process)
        return process

    def wait(self, until: Callable[[], bool]) -> None:
        """Waits until a server is ready; when it is not in time or has ended, says what it said."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not until():
            if time.monotonic() > deadline or self.processes[-1].poll() is not None:
                raise RuntimeError(f"{self.processes[-1].args[0]} did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.01)

    def listens(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def has_functions_running(self) -> bool:
        """Whether a function of this place is running, whoever started it."""
        executables = {path.resolve() for path in self.functions.iterdir()}
        data = f"DATA_DIR={self.data}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "exe").resolve() in executables and data in (process / "environ").read_bytes().split(b"\0"):
                    return True
            except OSError:
                continue  # It has ended, or is another user's.
        return False

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
