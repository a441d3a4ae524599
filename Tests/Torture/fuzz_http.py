#!/usr/bin/env python3
"""Strange HTTP at the runner.

Whatever arrives, the answer is HTTP with no status from 500 on, a connection ends when its client has said all that it
will, and the runner serves on within its memory (VmHWM). The bytes at which it does not are kept in a file.
"""

import argparse
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from documents import Document
from fuzzing import Findings
from installation import Installation
from report import Report
from strange_requests import StrangeRequests

OPTIONS = ("--head-timeout", "3", "--body-timeout", "3", "--max-processes", "2", "--jobs-interval", "0")
SECONDS = 30     # until a connection has ended
MEGABYTES = 100  # of the runner's memory


class Fuzzer:
    def __init__(self, installation, report, kept):
        self.installation, self.report, self.kept = installation, report, kept
        self.statuses, self.slowest, self.lock = Counter(), 0.0, threading.Lock()
        with installation.client() as client:
            self.token = client.register("ada@example.com")["token"]
            self.workspace = client.ask("POST", "/workspaces", {"name": "W"}, self.token).data["id"]
            form = Document("text", 3000, random.Random(1)).form
            self.document = client.upload(self.workspace, self.token, form).data["id"]

    def work(self, count, rng):
        maker = StrangeRequests(self.token, self.workspace, self.document, rng)
        for _ in range(count):
            raw, started = maker.some(), time.monotonic()
            try:
                outcome, fault = self.judge(self.exchange(raw, rng))
            except socket.timeout:
                outcome, fault = "hung", f"the connection is open after {SECONDS} s"
            except ConnectionResetError:
                outcome, fault = "reset", None
            except OSError as error:
                outcome, fault = "refused", f"no connection: {error}"
            with self.lock:
                self.report.count("requests")
                self.statuses[outcome] += 1
                self.slowest = max(self.slowest, time.monotonic() - started)
                if fault:
                    self.kept.keep("http", raw, fault, "build/bin/runner serve, then: nc -N 127.0.0.1 3001 <{}")

    def exchange(self, raw, rng):
        """All that comes back; None when the client leaves before."""
        received = []
        with socket.create_connection(("127.0.0.1", self.installation.port), timeout=SECONDS) as connection:
            try:
                cut = rng.randrange(len(raw) + 1) if rng.random() < 0.1 else len(raw)
                connection.sendall(raw[:cut])
                connection.sendall(raw[cut:])
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused before all was said; the answer is there
            if rng.random() < 0.05:
                return None
            while data := connection.recv(1 << 18):
                received.append(data)
        return b"".join(received)

    def judge(self, received):
        """What it was, and what is wrong with it."""
        if not received:
            return "left" if received is None else "closed without an answer", None
        if not received.startswith(b"HTTP/1.1 "):
            return "not HTTP", f"the answer is not HTTP: {received[:200]!r}"
        status = received[9:12].decode(errors="replace")
        # The answers to later requests as well.
        failed = next((code for code in (b"500", b"502", b"503", b"504") if b"HTTP/1.1 " + code + b" " in received), None)
        return f"answered {status}", f"answered {failed.decode()}: {received[:300]!r}" if failed else None


def memory(process):
    """The most that it ever had, in MB."""
    return int(Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def run(count, seed=1, findings="build/fuzz", clients=8):
    report = Report("HTTP: strange requests at the runner")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, Installation(folder, *OPTIONS) as installation:
        fuzzer = Fuzzer(installation, report, Findings(findings, report))
        threads = [threading.Thread(target=fuzzer.work, args=(count // clients, random.Random(f"{seed} {number}")))
                   for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if installation.process.poll() is not None:
            report.fault(f"the runner ended with {installation.process.returncode}")
        else:
            most = memory(installation.process)
            with installation.client() as client:
                health = client.ask("GET", "/health")
            if health is None or not health.ok:
                report.fault(f"health after all: {health}")
            if most > MEGABYTES:
                report.fault(f"the runner took {most:.0f} MB of memory")
            for outcome, number in sorted(fuzzer.statuses.items()):
                report.show(outcome, number)
            report.show("most memory (VmHWM)", f"{most:.0f} MB")
            report.show("longest exchange", f"{fuzzer.slowest:.1f} s")
            if status := installation.stop():
                report.fault(f"the runner ended with {status}")
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="connections, with one to four requests each")
    parser.add_argument("--seed", type=int, default=1, help="the same one makes the same requests, but for ids")
    parser.add_argument("--findings", default="build/fuzz", help="the folder for bytes at which the runner fails")
    options = parser.parse_args()
    return run(options.count, options.seed, options.findings).close()


if __name__ == "__main__":
    sys.exit(main())
