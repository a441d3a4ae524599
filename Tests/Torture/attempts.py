"""Functions by pipe: one that stays, and processes that are killed at random moments of their work."""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from installation import FUNCTIONS, VARIABLES, Answer


class Warm:
    """A function that is not killed."""

    def __init__(self, name: str, data: Path) -> None:
        self.process = subprocess.Popen([FUNCTIONS / name], env={"DATA_DIR": str(data), **VARIABLES},
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, envelope: dict[str, Any]) -> Answer:
        self.process.stdin.write(json.dumps(envelope).encode() + b"\n")
        self.process.stdin.flush()
        return Answer.of_line(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Attempt:
    """A process that is killed at a random moment of its work."""

    typical: dict[str, float] = {}
    """How many seconds each function takes when it is not killed. All share it."""

    def __init__(self, function: str, envelope: dict[str, Any], data: Path, rng: random.Random) -> None:
        self.function, self.began = function, time.monotonic()
        self.until = self.began + rng.uniform(0, self.typical.setdefault(function, 0.03))
        # From a file: nobody need wait until the process has read all of it.
        with tempfile.TemporaryFile() as request:
            request.write(json.dumps(envelope).encode() + b"\n")
            request.seek(0)
            self.process = subprocess.Popen([FUNCTIONS / function], env={"DATA_DIR": str(data), **VARIABLES}, stdin=request,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def end(self) -> tuple[Answer | None, bool]:
        """Its answer, if it gave one, and whether the kill came before it had ended."""
        try:
            output, _ = self.process.communicate(timeout=max(0, self.until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, _ = self.process.communicate()
        killed = self.process.returncode != 0
        # The estimate grows when the kill was early, and follows the time that was taken otherwise.
        taken = self.typical[self.function] * 1.02 if killed else time.monotonic() - self.began
        self.typical[self.function] += 0.1 * (min(taken, 2) - self.typical[self.function])
        try:
            return Answer.of_line(json.loads(output)), killed
        except ValueError:
            return None, killed
