"""An installation that is written to: a runner, clients that upload and delete, and processes that are killed."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport" / "Python"))
from running import FUNCTIONS, ROOT, RUNNER, UNLIMITED, RunnerProcess  # noqa: E402, F401

BASE = {"PATH": os.environ["PATH"], **UNLIMITED}


def pipe(function: str, body: Any, data: Path, **variables: str) -> dict[str, Any]:
    """What a function answers to a bare envelope: its status, and its body."""
    envelope = json.dumps({"body": body}) + "\n"
    run = subprocess.run([FUNCTIONS / function], input=envelope.encode(), capture_output=True, timeout=120,
                         env={**BASE, "DATA_DIR": str(data), **variables})
    answer = json.loads(run.stdout)
    return {"status": answer["statusCode"], **json.loads(answer["body"])}


def runner(*words: Any, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RUNNER, *map(str, words)], capture_output=True, text=True, timeout=300, cwd=data.parent,
                          env={**BASE, "DATA_DIR": str(data), "FUNCTIONS_DIR": str(FUNCTIONS), **variables})


class Gateway(RunnerProcess):
    """A runner over a data folder."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        super().__init__(
            data.parent, "--log-format", "json", own_session=True, **{**UNLIMITED, "DATA_DIR": str(data), **variables})

    def children(self) -> list[int]:
        try:
            return [int(word) for word in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]
        except OSError:
            return []

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None, content_type: str = "application/json",
            ) -> tuple[int, dict[str, Any]] | None:
        """Nothing where the connection broke: then nobody knows what was done."""
        headers = {"Content-Type": content_type} | ({"Authorization": f"Bearer {token}"} if token else {})
        payload = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, "/api/v1" + path, payload, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def upload(self, workspace: str, token: str, content: bytes, name: str = "a.txt") -> tuple[int, dict[str, Any]] | None:
        form = (b'--XX\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode()
                + b'"\r\nContent-Type: text/plain\r\n\r\n' + content + b"\r\n--XX--\r\n")
        return self.ask("POST", f"/workspaces/{workspace}/documents", form, token, "multipart/form-data; boundary=XX")


class Load:
    """Clients that upload and delete, and what was answered to them."""

    def __init__(self, gateway: Gateway, clients: int = 3, kills: bool = True) -> None:
        self.gateway = gateway
        self.lock = threading.Lock()
        self.done = threading.Event()
        # Acknowledged; those somebody has begun to delete; those whose deletion was acknowledged.
        self.there: dict[str, str] = {}
        self.leaving: set[str] = set()
        self.gone: set[str] = set()
        self.kills = 0
        made = gateway.ask("POST", "/auth/register", {"email": "ada@example.com", "password": "correct horse", "name": "Ada"})
        assert made and made[0] == 201, made
        self.token = made[1]["data"]["token"]
        self.workspaces = []
        for number in range(clients):
            made = gateway.ask("POST", "/workspaces", {"name": f"W{number}"}, self.token)
            assert made and made[0] == 201, made
            self.workspaces.append(made[1]["data"]["id"])
        self.threads = [threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(clients)]
        if kills:
            self.threads.append(threading.Thread(target=self.kill, daemon=True))

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join(60)

    def work(self, number: int) -> None:
        chance = random.Random(number)
        mine: list[str] = []
        while not self.done.is_set():
            time.sleep(0.01)
            if len(mine) < 4 or (chance.random() < 0.55 and len(mine) < 20):
                content = (f"{chance.random()} words of a document. " * chance.choice([20, 200, 1500])).encode()
                answer = self.gateway.upload(self.workspaces[number], self.token, content)
                if answer and answer[0] in (200, 201):
                    document = answer[1]["data"]["id"]
                    mine.append(document)
                    with self.lock:
                        self.there[document] = hashlib.sha256(content).hexdigest()
            else:
                document = mine.pop(chance.randrange(len(mine)))
                with self.lock:
                    self.leaving.add(document)
                answer = self.gateway.ask(
                    "DELETE", f"/workspaces/{self.workspaces[number]}/documents/{document}", None, self.token)
                if answer and answer[0] in (200, 404):
                    with self.lock:
                        self.gone.add(document)

    def kill(self) -> None:
        chance = random.Random(99)
        while not self.done.is_set():
            time.sleep(chance.random() * 0.4)
            children = self.gateway.children()
            if children:
                try:
                    os.kill(chance.choice(children), signal.SIGKILL)
                    self.kills += 1
                except ProcessLookupError:
                    pass

    def before(self) -> tuple[dict[str, str], set[str]]:
        """What must be in a backup that begins now, unless it is deleted during that time, and what must not."""
        with self.lock:
            return {id: sha for id, sha in self.there.items() if id not in self.leaving}, set(self.gone)
