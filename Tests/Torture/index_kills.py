#!/usr/bin/env python3
"""Kills uploads, removals, renames and background work, one process after the other, and compares the index with the
documents after each kill.

Each worker has an installation of its own with several workspaces, so that nothing but the processes that it kills writes
there, and two of these at a time. What was acknowledged must be there and be found, and nothing else may be found.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from index_worker import Worker
from report import Report


class Kills:
    """The workers together."""

    def __init__(self, folder: Path, wanted: int, workers: int, seed: int) -> None:
        self.report, self.lock = Report("The index under SIGKILL"), threading.Lock()
        self.wanted, self.killed, self.began = wanted, 0, time.monotonic()
        self.workers = [Worker(number, folder, self, seed) for number in range(workers)]

    def goes_on(self) -> bool:
        return self.killed < self.wanted and len(self.report.faults) < 20

    def count(self, function: str, killed: bool, answered: bool) -> None:
        with self.lock:
            self.killed += killed
            self.report.count(f"killed: {function}", int(killed))
            self.report.count("kills", int(killed))
            self.report.count("kills after the answer", int(killed and answered))
            self.report.count("ended before the kill", int(not killed))

    def add(self, name: str, number: int) -> None:
        with self.lock:
            self.report.count(name, number)

    def fault(self, what: str) -> None:
        with self.lock:
            self.report.fault(what)

    def run(self, progress: Any) -> Report:
        for worker in self.workers:
            worker.start()
        shown = 0
        for worker in self.workers:
            while worker.is_alive():
                worker.join(1)
                if self.killed - shown >= 1000:
                    shown = self.killed
                    progress(f"{shown:,} kills, {len(self.report.faults)} faults")
        seconds = time.monotonic() - self.began
        self.report.show("kills a second", f"{self.killed / seconds:.1f}")
        return self.report


def run(kills: int, workers: int = 4, seed: int | None = None, progress: Any = lambda text: None) -> Report:
    with tempfile.TemporaryDirectory(prefix="index-kills-") as folder:
        seed = seed if seed is not None else random.randrange(1 << 30)
        return Kills(Path(folder), kills, workers, seed).run(progress)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4, help="installations that are written to at the same time")
    parser.add_argument("--seed", type=int, help="of what is written; moments stay random")
    options = parser.parse_args()
    return run(options.kills, options.workers, options.seed, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
