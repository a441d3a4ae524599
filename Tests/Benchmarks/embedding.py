#!/usr/bin/env python3
"""What embedding costs: a query in a new and in a warm process, passages a second, and memory, for each kernel.

Figures are of one query of about 12 tokens and of passages of about 256, in a process that embeds nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

from bench import ROOT, show

EMBED = os.environ.get("EMBED", str(ROOT / ".build" / "release-static" / "release" / "embed"))
MODEL = os.environ.get("EMBEDDING_MODEL_FILE", str(ROOT / "build" / "models" / "multilingual-e5-small.bin"))
QUERY = "How many days of annual leave do I have"
PASSAGE = " ".join(
    f"Section {number} says that employees with {number} years of service may take {number + 20} days of leave."
    for number in range(1, 13))
"""About 256 tokens."""

TARGETS = {"avx512vnni": (8, 15), "avx2": (25, 8), "sdot": (25, 8), "portable": (500, 0.5)}
"""The most milliseconds of a warm query, and passages a second with two threads."""


class Embedder:
    """A warm process."""

    def __init__(self, kernel: str, role: str, threads: int) -> None:
        environment = {**os.environ, "EMBEDDING_KERNEL": kernel, "EMBEDDING_MODEL_FILE": MODEL}
        self.process = subprocess.Popen([EMBED, role, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=environment, text=True)
        self.kernel = self.process.stdout.readline().strip()

    def embed(self, texts: list[str]) -> list[list[float]]:
        self.process.stdin.write("\n".join(texts) + "\n\n")
        self.process.stdin.flush()
        return [json.loads(self.process.stdout.readline()) for _ in texts]

    def peak(self) -> float:
        """The most resident memory so far, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1000

    def __enter__(self) -> Embedder:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()


def timed(work, *arguments) -> float:
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def cold(kernel: str) -> None:
    with Embedder(kernel, "query", 1) as embedder:
        embedder.embed([QUERY])


def measure(kernel: str, passages: int) -> None:
    with Embedder(kernel, "query", 1) as embedder:
        if embedder.kernel != kernel:
            print(f"        {kernel}: this machine does not run it")
            return
        embedder.embed([QUERY])
        warm = statistics.median(timed(embedder.embed, [QUERY]) for _ in range(20)) * 1e3
    most, least = TARGETS[kernel]
    show(f"{kernel}: a query", f"{warm:.1f} ms", f"{most} ms", warm <= most)
    first = statistics.median(timed(cold, kernel) for _ in range(5)) * 1e3
    show(f"{kernel}: a query in a new process", f"{first:.0f} ms", f"{most + 42} ms", first <= most + 42)
    for threads in (1, 2):
        with Embedder(kernel, "passage", threads) as embedder:
            texts = [f"{number}. {PASSAGE}" for number in range(passages)]
            embedder.embed(texts[:1])
            rate = passages / timed(embedder.embed, texts)
            wanted = least * threads / 2
            show(f"{kernel}: passages, {threads} thread{'s'[:threads - 1]}", f"{rate:.1f}/s", f"{wanted}/s",
                 rate >= wanted)
            peak = embedder.peak()
    show(f"{kernel}: resident memory", f"{peak:.0f} MB", "120 MB", peak <= 120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", action="append", choices=TARGETS, help="measure only this one")
    parser.add_argument("--passages", type=int, default=40, help="how many to embed (default: 40)")
    options = parser.parse_args()
    for kernel in options.kernel or TARGETS:
        measure(kernel, 4 if kernel == "portable" else options.passages)


if __name__ == "__main__":
    main()
