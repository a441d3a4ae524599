"""Processes of an installation whose data is on a PostgreSQL server."""

from __future__ import annotations

import hashlib
import http.client
import json
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path
from typing import Any

import postgres
from harness import eventually
from running import FUNCTIONS, UNLIMITED, RunnerProcess, environment


@postgres.needs_postgres
class PostgresTests(unittest.TestCase):
    server: postgres.PostgresServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = postgres.PostgresServer(
            Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="postgres-"))) / "server")
        cls.addClassCleanup(cls.server.close)

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="postgres-")))
        self.name = self.id().split(".")[-1][:60]
        self.server.create(self.name)
        self.variables = {**UNLIMITED, "DATABASE_URL": self.server.url(self.name)}

    def start(self, name: str) -> RunnerProcess:
        folder = self.folder / name
        folder.mkdir()
        runner = RunnerProcess(folder, "--init", "--log-level", "info", "--log-format", "json", **self.variables)
        self.addCleanup(runner.stop)
        return runner

    @staticmethod
    def ask(runner: RunnerProcess, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{runner.origin}/api/v1{path}", data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["data"]

    def test_runners_that_start_together_make_one_installation(self) -> None:
        runners = [self.start(f"machine-{number}") for number in range(5)]
        for runner in runners:
            health = self.ask(runner, "/health")
            self.assertEqual((health["status"], health["checks"]["database"]["engine"]), ("ok", "postgresql"), health)
        people = [
            self.ask(runner, "/auth/register", {
                "email": f"{number}@example.com", "password": "correct horse", "name": "A"})["user"]
            for number, runner in enumerate(runners)]
        self.assertEqual([person["role"] for person in people], ["admin", "user", "user", "user", "user"])
        self.assertEqual([runner.stop() for runner in runners], [0] * 5)
        lines = [json.loads(line) for runner in runners for line in runner.log_file.read_text().splitlines()]
        self.assertEqual([line for line in lines if line["level"] in ("warning", "error")], [])

    # MARK: Large documents

    PART = 1 << 20
    SIZE = 41 * PART + 5

    def enlarge(self, document: str) -> None:
        """Makes an uploaded document one of `SIZE` bytes, which no reader of formats would take in a test's time. Each part
        has its own number in all bytes."""
        name = "f" * 64
        self.server.rows(f"UPDATE documents SET size = {self.SIZE}, sha256 = '{name}' WHERE id = '{document}'",
                         database=self.name)
        self.server.rows(f"""
            INSERT INTO blob_parts SELECT '{name}', n, decode(repeat(lpad(to_hex(n), 2, '0'), CAST(
                least({self.PART}, {self.SIZE} - n * {self.PART}) AS INTEGER)), 'hex')
            FROM generate_series(0, {self.SIZE // self.PART}) AS n""", database=self.name)

    def bytes(self, first: int, last: int) -> bytes:
        parts = range(first // self.PART, last // self.PART + 1)
        return b"".join(bytes([part]) * (
            min(last + 1, (part + 1) * self.PART) - max(first, part * self.PART)) for part in parts)

    def peak(self, function: str) -> float:
        """The most memory that a process of the function has had, in MB."""
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and str(self.folder).encode() in (folder / "environ").read_bytes() \
                        and (folder / "exe").readlink().name == function:
                    return int((folder / "status").read_text().split("VmHWM:")[1].split()[0]) / 1024
            except OSError:
                continue
        raise AssertionError(f"no process of {function}")

    def test_large_documents_are_read_while_they_are_sent(self) -> None:
        runner = self.start("machine")
        token = self.ask(runner, "/auth/register", {
            "email": "a@example.com", "password": "correct horse", "name": "A"})["token"]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(*runner.address, timeout=60)
        self.addCleanup(connection.close)

        def send(method: str, path: str, body: str | None = None, **more: str) -> http.client.HTTPResponse:
            connection.request(method, f"/api/v1{path}", body, {**headers, **more})
            return connection.getresponse()

        workspace = json.load(send("POST", "/workspaces", '{"name": "Handbook"}'))["data"]["id"]
        form = '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ntext\r\n--XX--\r\n'
        uploaded = json.load(send("POST", f"/workspaces/{workspace}/documents", form,
                                  **{"Content-Type": "multipart/form-data; boundary=XX"}))
        path = f"/workspaces/{workspace}/documents/{uploaded['data']['id']}/content"
        self.enlarge(uploaded["data"]["id"])

        whole = send("GET", path)
        self.assertEqual((whole.status, whole.headers["Content-Length"]), (200, str(self.SIZE)))
        self.assertEqual(hashlib.sha256(whole.read()).digest(), hashlib.sha256(self.bytes(0, self.SIZE - 1)).digest())
        ends = 1_048_570, 20_000_000
        part = send("GET", path, Range="bytes={}-{}".format(*ends))
        self.assertEqual((part.status, part.headers["Content-Range"]), (206, "bytes {}-{}/{}".format(*ends, self.SIZE)))
        self.assertEqual(part.read(), self.bytes(*ends))
        self.assertLess(self.peak("get-document-content"), 30)
        # What cannot be read is no shorter document.
        self.server.rows("DELETE FROM blob_parts WHERE part = 30", database=self.name)
        with self.assertRaises(http.client.IncompleteRead):
            send("GET", path).read()
        connection.close()
        self.server.rows("DELETE FROM blob_parts WHERE part = 0", database=self.name)
        self.assertEqual(send("GET", path).status, 503)

    # MARK: One process

    def test_the_first_process_says_that_it_made_the_tables(self) -> None:
        said = [subprocess.run(
            [FUNCTIONS / "health"], input="{}", env=environment(self.folder / "data", **self.variables),
            capture_output=True, text=True).stderr for _ in range(2)]
        self.assertIn("The tables of a new installation were made", said[0])
        self.assertIn(self.name, said[0])
        self.assertNotIn(postgres.SECRET.split()[0], said[0])
        self.assertEqual(said[1], "")

    def sessions(self) -> int:
        return self.server.rows(
            f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{postgres.USER}'", database=self.name)[0][0]

    def test_an_idle_process_gives_its_connection_back(self) -> None:
        process = subprocess.Popen(
            [FUNCTIONS / "health"], env=environment(self.folder / "data", DATABASE_IDLE="1", **self.variables),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 30)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)

        def ask() -> int:
            process.stdin.write(b"{}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())["statusCode"]

        for _ in range(2):
            self.assertEqual(ask(), 200)
            self.assertEqual(self.sessions(), 1)
            eventually(lambda: self.sessions() == 0, "no connection")
        self.assertIsNone(process.poll())
