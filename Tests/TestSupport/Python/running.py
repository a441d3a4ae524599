"""Where the built programs are, and the runner as a process: what every suite in Python needs."""

import os
import signal
import subprocess
import time
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parents[3]
RUNNER = Path(os.environ.get("RUNNER", ROOT / "build" / "bin" / "runner"))
FUNCTIONS = Path(os.environ.get("FUNCTIONS_DIR", ROOT / "build" / "functions"))
PASSWORD = "correct horse battery"
UNLIMITED = {f"RATE_LIMIT_{name}": "0" for name in ("AUTH", "GENERAL", "UPLOAD", "CHAT")}
"""Tests ask faster than people do; those of the limits set their own."""


def environment(data, **variables):
    """Of a process of the installation in a data folder, or, with TEST_DATABASE_URL, in a database of PostgreSQL."""
    own = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **variables}
    return {**postgres.variables(own["DATA_DIR"]), **own}


class RunnerProcess:
    """`runner serve` on a free port of 127.0.0.1, ready when it has been made. Its log is `runner.log` in the folder."""

    def __init__(self, folder, *options, functions=FUNCTIONS, prefix=(), own_session=False,
                 **variables):
        self.folder = Path(folder)
        self.log_file = self.folder / "runner.log"
        port_file = self.folder / f"port-{time.monotonic_ns()}"
        listening = () if "--socket" in options else ("--port", "0")
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, RUNNER, "serve", *listening, "--port-file", port_file, "--functions", functions, "--quiet",
                 *options],
                env=environment(self.folder / "data", **variables), cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=own_session)
        deadline = time.monotonic() + 60
        while not port_file.exists() or not port_file.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the runner did not start: {self.log_file.read_text(errors='replace')[-800:]}")
            time.sleep(0.01)
        self.port = int(port_file.read_text())
        port_file.unlink()

    @property
    def address(self):
        return "127.0.0.1", self.port

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, seconds=30):
        """Ends the runner as an operator does, or by force when that takes too long. Returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()
