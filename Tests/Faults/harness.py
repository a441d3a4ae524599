"""The runner over functions that misbehave, and what it holds of the machine: processes, descriptors, memory."""

import json
import os
import signal
import socket
import tempfile
import time
import unittest
from contextlib import contextmanager
from pathlib import Path

from running import ROOT, RUNNER, RunnerProcess  # noqa: F401 (the tests take them from here)

# What every fake function begins with: `serve` is given what answers one request.
PRELUDE = '''#!/usr/bin/env -S python3 -SE
import json, os, signal, sys, time
def write(answer):
    sys.stdout.write(json.dumps(answer) + "\\n")
    sys.stdout.flush()
def reply(text, **more):
    write({"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": text, **more})
def serve(answer, path, method="POST", **described):
    if "--describe" in sys.argv:
        return print(json.dumps({"name": path[1:], "method": method, "path": path, "timeoutSeconds": 10,
                                 "maxBodyBytes": 65536, "summary": "A fake", **described}))
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        if "cancel" not in request: answer(request)
'''


def function(path, answer, start="", **described):
    """The source of a function: `answer` is the body of what is called with `request`."""
    body = "\n".join("    " + line for line in answer.strip().splitlines())
    arguments = "".join(f", {key}={value!r}" for key, value in described.items())
    guarded = f"if '--describe' not in sys.argv:\n    {start}\n" if start else ""
    return f"{PRELUDE}{guarded}def answer(request):\n{body}\nserve(answer, {path!r}{arguments})\n"


ECHO = function("/echo", "reply(request.get('body', ''))")


def eventually(condition, what, seconds=10):
    """Waits for something that takes its time; fails with `what` when it never comes."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: still {value!r} after {seconds} s")
        time.sleep(0.02)


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    def __repr__(self):
        return f"<{self.status} {self.body[:120]!r}>"


class Client:
    """One connection, on which tests write exactly the bytes they mean."""

    def __init__(self, address, timeout=15, source=None):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else
                                    socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        self.socket.settimeout(timeout)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect(address)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def ask(self, method, path, body=None, headers=""):
        data = b"" if body is None else body if isinstance(body, bytes) else body.encode()
        length = f"Content-Length: {len(data)}\r\nContent-Type: text/plain\r\n" if body is not None else ""
        self.send(f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n{length}{headers}\r\n".encode() + data)
        return self.response(method)

    def response(self, method="GET"):
        head = self.head()
        if method == "HEAD" or head.status in (204, 304) or head.status < 200:
            return head
        if head.headers.get("transfer-encoding") == "chunked":
            while part := self.chunk():
                head.body += part
        else:
            head.body = self.take(int(head.headers.get("content-length", 0)))
        return head

    def head(self):
        status = int(self.line().split(b" ")[1])
        headers = {}
        while line := self.line():
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.strip().decode()
        return Response(status, headers, b"")

    def chunk(self):
        size = int(self.line(), 16)
        part = self.take(size)
        self.line()
        return part

    def line(self):
        while b"\r\n" not in self.received:
            self.more()
        line, _, self.received = self.received.partition(b"\r\n")
        return line

    def take(self, count):
        while len(self.received) < count:
            self.more()
        part, self.received = self.received[:count], self.received[count:]
        return part

    def more(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise EOFError("the runner closed the connection")
        self.received += data

    def is_closed(self):
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


class Runner(RunnerProcess):
    def __init__(self, functions, *options, prefix=(), **variables):
        self.temporary = tempfile.TemporaryDirectory(prefix="runner-faults-")
        self.folder = Path(self.temporary.name)
        self.functions = self.folder / "functions"
        self.functions.mkdir()
        for name, source in functions.items():
            self.install(name, source)
        super().__init__(
            self.folder, "--log-format", "json", *options, functions=self.functions, prefix=prefix,
            own_session=True, **variables)

    def install(self, name, source):
        """Puts a version of a function in place, as a build does: under another name, then renamed."""
        new = self.folder / f"{name}.new"
        new.write_text(source)
        new.chmod(0o755)
        new.rename(self.functions / name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        ended = self.process.poll()
        self.stop(seconds=15)
        left = self.processes()
        for process in left:
            os.kill(process, signal.SIGKILL)
        self.temporary.cleanup()
        assert ended is None or ended >= 0, f"the runner crashed: {self.process.returncode}"
        assert not left, f"the runner left {len(left)} processes behind"

    def connect(self, **more):
        return Client(self.address, **more)

    def ask(self, method, path, body=None, headers=""):
        with self.connect() as client:
            return client.ask(method, path, body, headers)

    @property
    def log(self):
        return [json.loads(line) for line in self.log_file.read_text(errors="replace").splitlines() if line]

    def logged(self, message):
        return [event for event in self.log if event.get("message") == message]

    # What it holds of the machine.

    def serving(self):
        """The processes that answer requests, not those that only describe themselves."""
        def words(process):
            try:
                return Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                return b"--describe"
        # Until it has become the function, a process has the words of the runner.
        return [process for process in self.processes()
                if not any(word in words(process) for word in (b"--describe", b"serve"))]

    def processes(self):
        """Every process that a function of this runner is or has started, wherever it has gone."""
        mark = str(self.folder / "data").encode()
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != self.process.pid:
                try:
                    if b"DATA_DIR=" + mark in (folder / "environ").read_bytes():
                        found.append(int(folder.name))
                except OSError:
                    pass
        return found

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        """Resident, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


class FaultTests(unittest.TestCase):
    """Tests that share one runner. It lets go of idle processes at once, so that what is left is what leaked."""

    functions = {}
    options = ("--idle-timeout", "0.2", "--max-processes", "2")
    memory_allowance = 8

    @classmethod
    def setUpClass(cls):
        cls.runner = cls.enterClassContext(Runner({"echo": ECHO, **cls.functions}, *cls.options))
        cls.at_rest()

    @classmethod
    def at_rest(cls):
        eventually(lambda: not cls.runner.processes(), "no process is left")
        return cls.runner.descriptors(), cls.runner.memory()

    @contextmanager
    def unharmed(self):
        """The runner serves on after what happens within, and has let go of all that it took for it."""
        descriptors, memory = self.at_rest()
        yield
        self.assertIsNone(self.runner.process.poll(), "the runner has ended")
        self.assertEqual(self.runner.ask("POST", "/echo", "on and on").text, "on and on")
        eventually(lambda: not self.runner.processes(), "no process is left")
        eventually(lambda: self.runner.descriptors() <= descriptors, f"no more than {descriptors} descriptors")
        self.assertLess(self.runner.memory(), memory + self.memory_allowance, "MB of memory")
