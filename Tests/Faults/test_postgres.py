"""Processes of an installation whose data is on a PostgreSQL server."""

from __future__ import annotations

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

    def sessions(self) -> int:
        return self.server.rows(
            f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{postgres.USER}'", database=self.name)[0][0]

    def test_an_idle_process_gives_its_connection_back(self) -> None:
        process = subprocess.Popen(
            [FUNCTIONS / "health"], env=environment(self.folder / "data", DATABASE_IDLE="1", **self.variables),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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
