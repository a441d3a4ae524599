"""What a cold start costs behind each web server, next to a static C program behind the same server.

Prints lines as bench.py does. Starts the servers as the conformance suite does, with the generated configurations.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "Tests" / "Conformance"), str(ROOT / "Tests" / "Benchmarks")]
import transports  # noqa: E402 (needs the path above)
from bench import show  # noqa: E402
from exchange import Answer, Request  # noqa: E402

PAIRS = 200
ALLOWED = 1.5
"""How many milliseconds more than C a function may take at the median."""


def prepare(transport: transports.Transport) -> list[tuple[str, str]]:
    """Creates an account with twenty workspaces, and returns the headers for its requests."""
    def post(path: str, body: dict[str, str], *headers: tuple[str, str]) -> Answer:
        kind = ("Content-Type", "application/json")
        return transport.send(Request("POST", "/api/v1" + path, [kind, *headers], json.dumps(body).encode()))

    account = {"email": "bench@example.com", "password": "correct horse", "name": "Bench"}
    token = post("/auth/register", account).data["token"]
    headers = [("Authorization", f"Bearer {token}")]
    for number in range(20):
        post("/workspaces", {"name": f"Workspace {number}"}, *headers)
    return headers


def milliseconds(transport: transports.Transport, path: str, headers: list[tuple[str, str]]) -> float:
    start = time.perf_counter()
    answer = transport.send(Request("GET", "/api/v1" + path, headers))
    taken = (time.perf_counter() - start) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return taken


def bench(name: str, kind: type[transports.Transport], floor: Path) -> None:
    transport = kind(floor)
    try:
        headers = prepare(transport)
        pairs = [(milliseconds(transport, "/static", headers), milliseconds(transport, "/workspaces", headers))
                 for _ in range(PAIRS)]
    finally:
        transport.close()
    base, ours = (statistics.median(column) for column in zip(*pairs))
    show(f"cold list-workspaces behind {name}", f"{ours:.2f} ms, C {base:.2f} ms", f"C + {ALLOWED} ms",
         ours - base <= ALLOWED)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        floor = Path(name) / "static"
        subprocess.run(["cc", "-O2", "-static", "-o", floor, ROOT / "Tests" / "Benchmarks" / "static.c"], check=True)
        os.chmod(name, 0o755)
        for server, kind in (
                ("nginx + fcgiwrap", transports.NginxFcgiwrap), ("Apache", transports.Apache),
                ("lighttpd", transports.Lighttpd)):
            bench(server, kind, floor)


if __name__ == "__main__":
    main()
