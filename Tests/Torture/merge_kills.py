#!/usr/bin/env python3
"""Kills merges of large segments, which take several writes, while documents are removed and renamed.

The index must equal the documents after each kill, and nothing is left of what a killed merge had written."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import audit
from attempts import Warm
from documents import form
from installation import FUNCTIONS, PASSWORD, VARIABLES, call, pipe
from report import Report

DOCUMENTS = 8


class Kills:
    def __init__(self, folder: Path, words: int, rng: random.Random, report: Report) -> None:
        self.base, self.data, self.rng, self.report = folder / "base", folder / "data", rng, report
        self.words = ["".join(rng.choices("bcdfghjkmnpqrtvwaeiou", k=6)) for _ in range(200_000)]
        account = call("register", {"body": json.dumps({
            "email": "ada@example.com", "password": PASSWORD, "name": "Ada"})}, self.base).data
        self.headers = {"authorization": f"Bearer {account['token']}"}
        made = call("create-workspace", {"headers": self.headers, "body": '{"name": "Large"}'}, self.base)
        self.workspace = made.data["id"]
        self.documents = [self.uploaded(number, words) for number in range(DOCUMENTS)]

    def uploaded(self, number: int, words: int) -> str:
        """The id of a document with many different words."""
        text = "\n\n".join(
            " ".join(self.rng.choice(self.words) for _ in range(100)) for _ in range(words // 100))
        body, media = form((f"part{number}.txt", text.encode()))
        answer = call("upload-document", {
            "headers": {**self.headers, "content-type": media}, "pathParameters": {"workspaceId": self.workspace},
            "body": body.decode()}, self.base)
        if not answer.ok:
            raise RuntimeError(f"upload: {answer}")
        return answer.data["id"] if isinstance(answer.data, dict) else answer.data[0]["id"]

    def path(self, document: str) -> dict[str, Any]:
        return {"headers": self.headers, "pathParameters": {"workspaceId": self.workspace, "documentId": document}}

    def check(self, what: str, at_rest: bool = False) -> None:
        checker = Warm("check-index", self.data)
        report = checker.ask({"body": {}}).data
        checker.close()
        if not report["ok"]:
            self.report.fault(f"{what}: {report['differences']}")
        for fault in audit.faults(self.data, at_rest=at_rest):
            self.report.fault(f"{what}: {fault}")

    def garbage(self) -> int:
        with audit.read(self.data) as database:
            return database.execute("SELECT count(*) FROM index_segments WHERE level < 0").fetchone()[0]

    def one(self, seconds: float) -> None:
        """A merge that is killed again and again until it is done."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.base, self.data)
        left = list(self.documents)
        for turn in range(5):
            jobs = subprocess.Popen(
                [FUNCTIONS / "run-jobs"], env={"DATA_DIR": str(self.data), **VARIABLES}, stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            jobs.stdin.write(b"{}\n")
            jobs.stdin.close()
            began, until = time.monotonic(), self.rng.uniform(0, seconds)
            if turn < 3:
                time.sleep(self.rng.uniform(0, until))
                document = self.rng.choice(left)
                if self.rng.random() < 0.5:
                    left.remove(document)
                    answer = call("delete-document", self.path(document), self.data)
                else:
                    answer = call("update-document", {
                        **self.path(document), "body": json.dumps({"name": f"n{self.rng.random()}.txt"})}, self.data)
                if not answer.ok:
                    self.report.fault(f"refused: {answer}")
                self.report.count("removed or renamed during a merge", int(jobs.poll() is None))
            time.sleep(max(0, until - (time.monotonic() - began)))
            self.report.count("kills", int(jobs.poll() is None))
            jobs.kill()
            jobs.wait()
            self.report.count("segments half written or half removed", int(self.garbage() > 0))
            self.check(f"turn {turn}")
            audit.let_time_pass(self.data)
        for _ in range(30):
            audit.let_time_pass(self.data)
            pipe("run-jobs", {}, data=self.data)
            if not audit.unfinished(self.data) and not self.garbage():
                break
        else:
            self.report.fault("something stays")
        self.check("at the end", at_rest=True)
        with audit.read(self.data) as database:
            levels = database.execute("SELECT level FROM index_segments").fetchall()
        if len(levels) >= 2 * DOCUMENTS:
            self.report.fault(f"nothing was merged: {levels}")


def run(rounds: int, words: int = 120_000, seed: int | None = None, progress: Any = lambda text: None) -> Report:
    report, rng = Report("Merges of large segments under SIGKILL"), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="merge-kills-") as folder:
        kills = Kills(Path(folder), words, rng, report)
        # How long it takes when it is not killed.
        shutil.copytree(kills.base, kills.data)
        began = time.monotonic()
        pipe("run-jobs", {}, data=kills.data)
        seconds = time.monotonic() - began
        report.show("seconds of a merge", f"{seconds:.1f}")
        for number in range(rounds):
            kills.one(seconds)
            progress(f"{number + 1} of {rounds}: {len(report.faults)} faults")
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--words", type=int, default=120_000, help="of each document")
    parser.add_argument("--seed", type=int, help="of what is written; moments stay random")
    options = parser.parse_args()
    return run(options.rounds, options.words, options.seed, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
