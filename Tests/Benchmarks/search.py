#!/usr/bin/env python3
"""What search costs: warm medians of `search-documents`, the speed of uploads, the size of the index, and memory.

One workspace has many passages of 110 words, and many other workspaces have 50 each. How often words occur follows Zipf's
law. With `--against`, the functions of another build get the same documents, and their queries take turns with ours.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any, Iterator

from bench import FUNCTIONS, Installation, show

WORDS = 110
"""In a passage."""
VOCABULARY = 150_000
SMALL = 50
"""Passages of a small workspace."""
FILE = 4000
"""Passages of a file of the large workspace: about 3.5 MB."""
WRITES, WRITTEN = 500, 20
"""Uploads that are not merged, and the passages of each."""
TICK = os.sysconf("SC_CLK_TCK")

RANKS = {"rare": (30_000, 125_000), "usual": (675, 3000, 15_000), "mixed": (1, 60, 675, 9000), "common": (0, 2, 7)}
"""The ranks of the words of a query. Of 100,000 passages, the rarest occur in about 9, the most frequent in almost all."""
INDEX = re.compile(r"^(passage_text|passage_statistics|search_|index_|segment|posting)|_segments?$")
"""The tables of the index, of any version."""


class Corpus:
    """The same documents and queries for every build."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            words["".join(self.random.choices("aeioubcdfglmnprst", k=self.random.randint(4, 10)))] = None
        self.words = list(words)
        total, self.sums = 0.0, []
        for rank in range(VOCABULARY):
            total += 1 / (rank + 2)
            self.sums.append(total)
        self.phrases: list[list[str]] = []

    def document(self, passages: int) -> str:
        """Sections of one passage each."""
        picked = self.random.choices(self.words, cum_weights=self.sums, k=passages * WORDS)
        parts = [picked[at:at + WORDS] for at in range(0, len(picked), WORDS)]
        self.phrases.append(parts[0][10:13])
        return "\n\n".join(f"## {part[0].capitalize()}\n\n{' '.join(part).capitalize()}." for part in parts)

    def queries(self) -> dict[str, list[dict[str, Any]]]:
        """Bodies of requests, by kind."""
        made: dict[str, list[dict[str, Any]]] = {
            kind: [{"query": " ".join(self.words[rank + step] for rank in ranks)} for step in range(5)]
            for kind, ranks in RANKS.items()}
        made["phrase"] = [{"query": f'"{" ".join(phrase)}"'} for phrase in self.phrases[:5]]
        made["filter"] = [{**body, "filters": {"metadata": {"tenth": 3}}} for body in made["mixed"]]
        return made


class Process:
    """A warm function."""

    def __init__(self, installation: Installation, name: str) -> None:
        self.installation, self.name = installation, name
        self.process = subprocess.Popen([installation.functions / name], env=installation.environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, **fields: Any) -> tuple[dict[str, Any], float]:
        """The answer, and the milliseconds that it took."""
        line = self.installation.envelope(**fields).encode()
        start = time.perf_counter()
        self.process.stdin.write(line)
        self.process.stdin.flush()
        text = self.process.stdout.readline()
        took = (time.perf_counter() - start) * 1000
        answer = json.loads(text)
        if answer["statusCode"] >= 400:
            raise SystemExit(f"{self.name} answered {answer['body']}")
        return json.loads(answer["body"]), took

    def seconds(self) -> float:
        """Of processor time until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def megabytes(self) -> float:
        """The most memory that was resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Index:
    """An installation of one build that is filled and asked."""

    def __init__(self, folder: Path, functions: Path) -> None:
        # Embedding this many passages would take an hour, and is measured by itself.
        self.installation, self.folder = Installation(folder, {"EMBEDDING": "off"}, functions), folder
        self.upload = Process(self.installation, "upload-document")
        self.search = Process(self.installation, "search-documents")
        self.jobs = Process(self.installation, "run-jobs")
        self.text, self.passages, self.uploads = 0, 0, 0
        self.times: dict[str, list[float]] = defaultdict(list)

    def workspace(self, name: str) -> str:
        return self.installation.call("create-workspace", body={"name": name})["id"]

    def add(self, workspace: str, text: str) -> None:
        self.uploads += 1
        form = (f'--XX\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{{"tenth": {self.uploads % 10}}}\r\n'
                f'--XX\r\nContent-Disposition: form-data; name="file"; filename="{self.uploads}.md"\r\n\r\n'
                f"{text}\r\n--XX--\r\n")
        answer, _ = self.upload.ask(pathParameters={"workspaceId": workspace}, body=form,
                                    headers={"content-type": "multipart/form-data; boundary=XX"})
        self.text += len(text.encode())
        self.passages += answer["data"]["chunkCount"]

    def merge(self) -> None:
        """Does the work that uploads leave for later."""
        for _ in range(10_000):
            answer, _ = self.jobs.ask(body="{}", headers={"authorization": ""})
            due = answer["data"]["nextDueAt"]
            if not due or due > time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 1)):
                return

    def ask(self, kind: str, workspace: str, body: dict[str, Any]) -> None:
        _, took = self.search.ask(pathParameters={"workspaceId": workspace}, body=json.dumps(body))
        self.times[kind].append(took)

    def index_bytes(self) -> int:
        with closing(sqlite3.connect(f"file:{self.folder}/nexlayer.db?mode=ro", uri=True)) as database:
            names = dict(database.execute("SELECT name, tbl_name FROM sqlite_schema"))
            return sum(size for name, size in database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
                       if INDEX.search(names.get(name, name)))

    def close(self) -> None:
        for process in (self.upload, self.search, self.jobs):
            process.close()


def fill(indexes: list[Index], corpus: Corpus, passages: int, workspaces: int) -> tuple[list[str], list[str], list[str]]:
    """Uploads the same to all. Returns the id, in each, of the large workspace, of a small one and of the unmerged one."""
    def each(place: list[str], text: str) -> None:
        for index, workspace in zip(indexes, place):
            index.add(workspace, text)

    def made(name: str) -> list[str]:
        return [index.workspace(name) for index in indexes]

    def parts() -> Iterator[int]:
        for start in range(0, passages, FILE):
            yield min(FILE, passages - start)

    large = made("Large")
    for count in parts():
        each(large, corpus.document(count))
        for index in indexes:
            index.merge()
    # One in their middle is searched: the postings of many others come before and after its own.
    small = large
    for number in range(workspaces):
        place = made(f"Small {number}")
        each(place, corpus.document(SMALL))
        small = place if number == workspaces // 2 else small
        if number % 100 == 99:
            for index in indexes:
                index.merge()
    for index in indexes:
        index.merge()
    for index in indexes:
        index.cost = (index.upload.seconds(), index.jobs.seconds(), index.text, index.index_bytes())
    unmerged = made("Unmerged")
    for _ in range(WRITES):
        each(unmerged, corpus.document(WRITTEN))
    return large, small, unmerged


def measure(indexes: list[Index], corpus: Corpus, places: tuple[list[str], list[str], list[str]], rounds: int) -> None:
    large, small, unmerged = places
    queries = corpus.queries()
    asked = [(kind, large, body) for kind, bodies in queries.items() for body in bodies]
    asked += [(f"small {kind}", small, body) for kind in ("usual", "common") for body in queries[kind]]
    for index in indexes:
        index.idle_megabytes = index.search.megabytes()
    for turn in range(rounds + 1):
        for kind, place, body in asked:
            # Each is the first in turn: the second finds caches of the processor that are not its own.
            for index, workspace in list(zip(indexes, place))[::1 if turn % 2 else -1]:
                index.ask(kind if turn else "first", workspace, body)
    for index in indexes:
        index.search_megabytes = index.search.megabytes()
    for turn in range(rounds + 1):
        for kind in ("usual", "common"):
            for index, workspace in zip(indexes, unmerged):
                index.ask("unmerged" if turn else "first", workspace, queries[kind][turn % 5])


def report(indexes: list[Index], passages: int, workspaces: int) -> None:
    ours, others = indexes[0], indexes[1:]

    def line(what: str, figures: list[float], form: str, target: float, more: bool = False) -> None:
        """The figure of ours, and in brackets those of the others."""
        text = form.format(figures[0]) + "".join(f" ({form.format(other)})" for other in figures[1:])
        show(what, text, form.format(target), figures[0] >= target if more else figures[0] <= target)

    large = passages > 500_000
    limits = {"rare": 1, "usual": 4, "mixed": 4, "common": 4, "phrase": 6, "filter": 4}
    for kind, limit in limits.items():
        line(f"search of {passages:,} passages, {kind}", [statistics.median(index.times[kind]) for index in indexes],
             "{:.2f} ms", 25 if large else limit)
    for kind in ("usual", "common"):
        line(f"search of 50, beside {workspaces:,} others, {kind}",
             [statistics.median(index.times[f"small {kind}"]) for index in indexes], "{:.2f} ms", 0.5)
    line(f"search of {WRITES} unmerged uploads", [statistics.median(index.times["unmerged"]) for index in indexes],
         "{:.2f} ms", 30)
    line("text per processor second, upload", [index.cost[2] / 1e6 / index.cost[0] for index in indexes],
         "{:.1f} MB", 5, more=True)
    line("the same with run-jobs", [index.cost[2] / 1e6 / (index.cost[0] + index.cost[1]) for index in indexes],
         "{:.1f} MB", 5, more=True)
    line("size of the index per text", [index.cost[3] / index.cost[2] for index in indexes], "{:.2f}", 0.5)
    line("size of the index", [index.cost[3] / 1e6 for index in indexes], "{:.0f} MB", 150 if large else 50)
    line("memory of search-documents", [index.search_megabytes for index in indexes], "{:.0f} MB", 150)
    line("memory of upload-document", [index.upload.megabytes() for index in indexes], "{:.0f} MB", 300)
    line("memory of run-jobs", [index.jobs.megabytes() for index in indexes], "{:.0f} MB", 300)
    for index in others:
        if index.passages != ours.passages:
            print(f"        the other build has {index.passages:,} passages, ours {ours.passages:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000, help="of the large workspace")
    parser.add_argument("--workspaces", type=int, default=1000, help="other workspaces, of 50 passages each")
    parser.add_argument("--functions", type=Path, default=FUNCTIONS, help="the folder of functions to measure")
    parser.add_argument("--against", type=Path, help="the folder of functions to compare with")
    parser.add_argument("--rounds", type=int, default=11, help="how often each query is sent")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    folders = [options.functions] + ([options.against] if options.against else [])
    with tempfile.TemporaryDirectory(prefix="bench-search-") as name:
        indexes = [Index(Path(name, str(number)), folder.resolve()) for number, folder in enumerate(folders)]
        corpus = Corpus(options.seed)
        places = fill(indexes, corpus, options.passages, options.workspaces)
        measure(indexes, corpus, places, options.rounds)
        report(indexes, options.passages, options.workspaces)
        for index in indexes:
            index.close()


if __name__ == "__main__":
    main()
