"""A function as a FastCGI server: what the tests of FastCGI share."""

import random
import signal
import socket
import subprocess

import fastcgi
from fastcgi import COMPLETE, Connection
from installation import parse_answer, variables

API = "/api/v1"


def is_listening(address):
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        return probe.connect_ex(address) == 0


class Server:
    """A function with a listening socket as descriptor 0, as a web server starts it."""

    def __init__(self, home, name, is_tcp=False, **own):
        self.home = home
        if is_tcp:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.address = self.listener.getsockname()
        else:
            self.address = str(home.path / f"{name}-{random.randrange(1 << 30)}.sock")
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.address)
            self.listener.listen(64)
        self.processes = []
        self.name, self.own = name, own
        self.add()

    def add(self):
        """Another process on the same socket."""
        self.processes.append(self.home.start(
            self.name, self.own, stdin=self.listener, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))

    def connect(self):
        return Connection(self.address)

    def call(self, method, target, body=b"", connection=None, request_id=1, flags=0, **more):
        """One request; on a connection of its own unless one is given."""
        values = variables(method, API + target, body=body or None, **more)
        own = connection or self.connect()
        own.send(fastcgi.request(request_id, values, body, flags))
        output, exit_status, status = own.answer(request_id)
        assert (exit_status, status) == (0, COMPLETE)
        if not connection:
            assert own.is_ended(), "without KEEP_CONN the connection ends"
            own.close()
        return parse_answer(output)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
            _, errors = process.communicate(timeout=30)
            assert process.returncode in (0, -signal.SIGKILL), (process.returncode, errors)
