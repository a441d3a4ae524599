#!/usr/bin/env python3
"""Backups of an installation that is written to, and whose processes are killed: each is restored, and looked at.

    Tests/Torture/backups.py [COUNT]     1000, if nothing is said

Three clients upload and delete; the processes that serve them are killed all the time, and one backup in five as well.
Of each backup that came to its end, what is restored must have every document that was acknowledged before it began
and not deleted since, none that was deleted before, each with its bytes, and a sound database. Prints its figures.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from backup_load import BASE, FUNCTIONS, RUNNER, Gateway, Load, pipe, runner


def truth(data: Path, there: dict[str, str] | None = None, gone: set[str] | None = None) -> list[str]:
    """What is wrong with a data folder, seen without any of our code."""
    problems = []
    database = sqlite3.connect(data / "nexlayer.db")
    try:
        problems += [f"integrity: {row[0]}" for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"reference: {row}" for row in database.execute("PRAGMA foreign_key_check")]
        found = dict(database.execute("SELECT id, sha256 FROM documents"))
    except sqlite3.DatabaseError as error:
        return [f"database: {error}"]
    finally:
        database.close()
    for document, sha in found.items():
        file = data / "blobs" / sha[:2] / sha
        if not file.exists():
            problems.append(f"no file: {document}")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha:
            problems.append(f"other bytes: {document}")
    problems += [f"lost: {document}" for document, sha in (there or {}).items() if found.get(document) != sha]
    problems += [f"come back: {document}" for document in (gone or set()) if document in found]
    return problems


class Round:
    """One backup: made in one of the ways there are, perhaps killed, restored, and looked at."""

    WAYS = ("folder", "incremental", "archive", "pipe")

    def __init__(self, folder: Path, load: Load, chance: random.Random) -> None:
        self.folder, self.load, self.chance = folder, load, chance
        self.data = load.gateway.data

    def command(self, way: str) -> tuple[list[Any], Path, bytes | None]:
        if way == "pipe":
            path = self.folder / "piped"
            shutil.rmtree(path, ignore_errors=True)
            return [FUNCTIONS / "backup"], path, json.dumps({"body": {"path": str(path)}}).encode() + b"\n"
        path = self.folder / ("archive.tar" if way == "archive" else way)
        if way == "archive":
            path.unlink(missing_ok=True)
        elif way == "folder":
            shutil.rmtree(path, ignore_errors=True)
        return [RUNNER, "backup", path, *(["--incremental"] if way == "incremental" else [])], path, None

    def run(self, number: int, outcomes: Counter[str], problems: list[str]) -> float:
        way = self.WAYS[number % len(self.WAYS)]
        words, path, given = self.command(way)
        existed = path.exists()
        there, gone = self.load.before()
        start = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in words], stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, cwd=self.folder,
            env={**BASE, "DATA_DIR": str(self.data), "FUNCTIONS_DIR": str(FUNCTIONS)})
        if number % 5 == 4:
            # Somewhere on the way, or after it.
            timer = threading.Timer(self.chance.random() * 0.25, self.kill, [process])
            timer.start()
        else:
            timer = None
        said = process.communicate(given, timeout=300)[0].decode()
        seconds = time.monotonic() - start
        if timer:
            timer.join()
            self.wait_for_orphans()
            outcomes["killed"] += 1
            # A backup that was there before and was to be renewed is whole all the same, if an older one.
            if not path.exists():
                outcomes["killed, none left"] += 1
                return seconds
            if existed and way == "incremental":
                there, gone = {}, set()
        else:
            good = process.returncode == 0 and (way != "pipe" or json.loads(said)["statusCode"] == 200)
            if not good:
                problems.append(f"{way}: not made: {said[:300]}")
                return seconds
        # What came or went during the backup may be in it or not.
        with self.load.lock:
            there = {id: sha for id, sha in there.items() if id not in self.load.leaving}
        problems += [f"{way}: {problem}" for problem in self.restored(path, there, gone)]
        outcomes[way] += 1
        return seconds

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def wait_for_orphans(self) -> None:
        """The runner's function has a process group of its own, and goes on when the runner was killed."""
        mark = f"DATA_DIR={self.data}".encode()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = False
            for folder in Path("/proc").iterdir():
                if folder.name.isdigit():
                    try:
                        name = os.readlink(folder / "exe")
                        found = found or (name.endswith("/backup") and mark in (folder / "environ").read_bytes())
                    except OSError:
                        pass
            if not found:
                return
            time.sleep(0.02)
        raise AssertionError("a backup goes on and on")

    def restored(self, path: Path, there: dict[str, str], gone: set[str]) -> list[str]:
        target = self.folder / "restored"
        shutil.rmtree(target, ignore_errors=True)
        run = runner("restore", path, data=target)
        if run.returncode != 0:
            return [f"not restored: {run.stdout}{run.stderr}"]
        problems = truth(target, there, gone)
        health = pipe("health", {}, target)
        if health["status"] != 200:
            problems.append(f"not healthy: {health}")
        return problems


def measure(count: int, folder: Path) -> dict[str, Any]:
    (folder / "data").mkdir()
    outcomes: Counter[str] = Counter()
    problems: list[str] = []
    seconds = []
    with Gateway(folder / "data") as gateway, Load(gateway) as load:
        time.sleep(1)
        chance = random.Random(7)
        for number in range(count):
            seconds.append(Round(folder, load, chance).run(number, outcomes, problems))
            if number % 50 == 49:
                print(f"{number + 1} of {count}: {dict(outcomes)}, {len(problems)} problems", file=sys.stderr, flush=True)
        figures = {"backups": count, **outcomes, "problems": len(problems), "such as": problems[:5],
                   "uploads acknowledged": len(load.there), "deletions acknowledged": len(load.gone), "kills": load.kills,
                   "seconds, median": round(sorted(seconds)[len(seconds) // 2], 3), "longest": round(max(seconds), 3)}
    left = sorted(entry.name for entry in folder.iterdir() if ".partial" in entry.name)
    return {**figures, "left over": left}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="backups-") as name:
        result = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(name))
    print(json.dumps(result, indent=2))
    sys.exit(1 if result["problems"] else 0)
