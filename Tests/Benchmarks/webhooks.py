"""How fast the runner sends webhooks, and how long a healthy receiver waits next to dead ones."""

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from bench import FUNCTIONS, ROOT, Installation, show

RUNNER = ROOT / "build" / "bin" / "runner"
EVENTS = 2000
DEAD = 40
PROBES = 10


class Receiver:
    """Answers at once, or never. Records when requests arrive."""

    def __init__(self, answers=True):
        self.arrivals = []
        self.answers = answers
        self.kept = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            if not self.answers:
                self.kept.append(connection)
                continue
            with contextlib.suppress(OSError), connection:
                connection.settimeout(5)
                request = b""
                while b"\r\n\r\n" not in request and (part := connection.recv(65536)):
                    request += part
                head, _, body = request.partition(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split()[0])
                while len(body) < length and (part := connection.recv(65536)):
                    body += part
                self.arrivals.append(time.monotonic())
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def wait(self, count, seconds):
        end = time.monotonic() + seconds
        while len(self.arrivals) < count and time.monotonic() < end:
            time.sleep(0.005)
        return len(self.arrivals) >= count


@contextlib.contextmanager
def running(installation):
    command = [RUNNER, "serve", "--port", "0", "--quiet", "--functions", FUNCTIONS]
    process = subprocess.Popen(command, env={**os.environ, **installation.environment}, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def subscribe(installation, receiver):
    installation.call("create-webhook", body={"url": receiver.url, "events": ["workspace.created"]})


def happen(installation, count):
    installation.run("create-workspace", "".join(
        installation.envelope(body={"name": f"Event {number}"}) for number in range(count)))


def main():
    with tempfile.TemporaryDirectory() as name:
        installation = Installation(Path(name) / "data", {"WEBHOOK_ALLOW_PRIVATE": "1"})
        healthy = Receiver()
        subscribe(installation, healthy)
        happen(installation, EVENTS)
        with running(installation):
            healthy.wait(EVENTS, 60)
        arrivals = healthy.arrivals
        rate = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0]) if len(arrivals) > 1 else 0
        show("webhooks to a receiver that answers at once", f"{rate:,.0f}/s, {len(arrivals):,} arrived", "200/s",
             rate >= 200 and len(arrivals) >= EVENTS)

        for _ in range(DEAD):
            subscribe(installation, Receiver(answers=False))
        waits = []
        with running(installation):
            for _ in range(PROBES):
                count, start = len(healthy.arrivals), time.monotonic()
                happen(installation, 1)
                waits.append(healthy.arrivals[count] - start if healthy.wait(count + 1, 60) else 60)
        show(f"one beside {DEAD} dead receivers waits", f"{max(waits):.2f} s at most", "2 s", max(waits) <= 2)


if __name__ == "__main__":
    main()
