"""The real runner over the built functions, on a data folder of its own."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Dict, Optional

from ainexlayer import AINexLayer, RetryPolicy

ROOT = Path(__file__).resolve().parents[4]
RUNNER = Path(os.environ.get("RUNNER", ROOT / "build/bin/runner"))
FUNCTIONS = Path(os.environ.get("FUNCTIONS_DIR", ROOT / "build/functions"))
PASSWORD = "correct horse battery"
QUICK = RetryPolicy(base_delay=0.01, max_delay=0.05)
"""Waits that tests can afford."""


class Installation:
    """A running installation without rate limits, unless the environment says otherwise."""

    def __init__(self, **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nexlayer-sdk-")
        folder = Path(self._folder.name)
        limits = {f"RATE_LIMIT_{name}": "0" for name in ("AUTH", "GENERAL", "UPLOAD", "CHAT")}
        port = folder / "port"
        self._log = open(folder / "log", "wb")
        self._runner = subprocess.Popen(
            [RUNNER, "serve", "--port", "0", "--port-file", port, "--functions", FUNCTIONS, "--quiet"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), **limits, **environment})
        for _ in range(1500):
            if port.exists() and port.read_text().strip():
                break
            if self._runner.poll() is not None:
                raise RuntimeError(f"The runner did not start: {(folder / 'log').read_text()}")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{port.read_text().strip()}"
        self._numbers = itertools.count(1)

    def client(self, **settings: object) -> AINexLayer:
        """A client of somebody new; the first is the administrator."""
        client = AINexLayer(self.url, **{"retry": QUICK, **settings})  # type: ignore[arg-type]
        number = next(self._numbers)
        client.auth.register(email=f"user{number}@example.com", password=PASSWORD, name=f"User {number}")
        return client

    def stop(self) -> None:
        self._runner.send_signal(signal.SIGTERM)
        try:
            self._runner.wait(10)
        except subprocess.TimeoutExpired:
            self._runner.kill()
            self._runner.wait()
        self._log.close()
        self._folder.cleanup()


def needs(*functions: str) -> None:
    """Skips a test of what is not built here."""
    missing = [name for name in functions if not (FUNCTIONS / name).exists()]
    if missing:
        raise unittest.SkipTest(f"not built: {', '.join(missing)}")


class RealTest(unittest.TestCase):
    """Tests that share one installation, whose first user is ``self.admin``."""

    environment: Dict[str, str] = {}
    installation: Installation
    admin: AINexLayer

    @classmethod
    def setUpClass(cls) -> None:
        cls.installation = Installation(**cls.environment)
        cls.addClassCleanup(cls.installation.stop)
        cls.admin = cls.installation.client()

    def workspace(self, client: Optional[AINexLayer] = None, name: str = "Handbook") -> str:
        return (client or self.admin).workspaces.create(name=name).id
