"""Runs a function over lines of input, and keeps those at which it fails."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from installation import FUNCTIONS, VARIABLES

SECONDS = 20     # for one answer
MEGABYTES = 300  # of memory, at most


class Run:
    """A function over `lines`, on a copy of `data`. `answers` has one for each line, up to where it failed."""

    def __init__(self, function, lines, data, seconds=SECONDS):
        self.answers, self.failure, self.megabytes, self.slowest = [], None, 0.0, 0.0
        self.streams, self.seconds = False, seconds
        # The protocol answers no line that takes a request back.
        self.lines = [line for line in lines if not line.startswith(b'{"cancel":')]
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, open(f"{folder}/errors", "w+b") as errors:
            shutil.copytree(data, f"{folder}/data")
            self.process = subprocess.Popen(
                [FUNCTIONS / function], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd=folder,
                env={"PATH": os.environ["PATH"], "DATA_DIR": f"{folder}/data", **VARIABLES, "WEBHOOK_TIMEOUT": "1"})
            writer = threading.Thread(target=self.write, args=(b"".join(line + b"\n" for line in lines),))
            writer.start()
            self.read()
            self.end()
            writer.join()
            errors.seek(0)
            self.errors = errors.read().decode(errors="replace")[-400:]

    def write(self, text):
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended, which its reader sees

    def read(self):
        """Takes answers until each line has one."""
        rest, last = b"", time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while len(self.answers) < len(self.lines) and self.failure is None:
                if not selector.select(max(0, last + self.seconds - time.monotonic())):
                    self.failure = f"no answer within {self.seconds} s"
                    break
                data = os.read(self.process.stdout.fileno(), 1 << 20)
                if not data:
                    self.failure = "it ended"
                    break
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    self.take(line)
                now = time.monotonic()
                if whole:
                    self.slowest, last = max(self.slowest, now - last), now
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            self.megabytes = int(status.split("VmHWM:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            pass  # it has ended

    def take(self, line):
        """An answer, of which a stream has several lines."""
        try:
            value = json.loads(line)
            if self.streams and "chunk" in value:
                return
            if self.streams and value == {"end": True}:
                self.streams = False
                return
            self.streams = value.get("stream") is True
            body = value if self.streams else value["body"]
            is_whole = 200 <= value["statusCode"] <= 599 and (self.streams or isinstance(body, str))
            if is_whole and not self.streams and not value["isBase64Encoded"] and is_json(value):
                json.loads(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            is_whole = False
        if not is_whole:
            self.failure = f"malformed answer {line[:200]!r}"
        else:
            self.answers.append(value)

    def end(self):
        if self.failure and self.failure != "it ended":
            self.process.kill()
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            status = self.process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
            self.failure = f"did not end within {self.seconds} s of its input"
        self.process.stdout.close()
        if self.failure in (None, "it ended") and (status or self.failure):
            self.failure = f"ended with {signal.Signals(-status).name if status < 0 else status}"


def is_json(answer):
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    return bool(answer["body"]) and "json" in str(headers.get("content-type"))


class Findings:
    """Inputs at which a function failed, each in a file, with what is wrong with it."""

    def __init__(self, folder, report):
        self.folder, self.report, self.count = Path(folder), report, 0

    def keep(self, name, content, what, replay):
        self.count += 1
        if self.count <= 50:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{name}-{self.count}"
            path.write_bytes(content)
            what += f"\n    replay: {replay.format(path)}"
        self.report.fault(what)

    def keep_lines(self, function, lines, data, what, seconds=SECONDS):
        """The last line alone where it fails alone, otherwise all that came before it."""
        if Run(function, lines[-1:], data, seconds).failure:
            lines = lines[-1:]
        self.keep(function, b"\n".join(lines) + b"\n", f"{function}: {what}",
                  "DATA_DIR=… " + str(FUNCTIONS / function) + " <{}")


def judge(run, function, data, findings, allowed=lambda status: status < 500):
    """Keeps what is wrong with a run."""
    if run.failure:
        findings.keep_lines(function, run.lines[:len(run.answers) + 1], data, f"{run.failure} {run.errors}", run.seconds)
    if run.megabytes > MEGABYTES:
        findings.keep(function, b"\n".join(run.lines) + b"\n", f"{function}: {run.megabytes:.0f} MB of memory",
                      "DATA_DIR=… " + str(FUNCTIONS / function) + " <{}")
    for line, answer in zip(run.lines, run.answers):
        if not allowed(answer["statusCode"]):
            findings.keep_lines(function, [line], data, f"{answer['statusCode']} {answer.get('body', '')[:200]} {run.errors}")
