#!/usr/bin/env python3
"""Kills a function at each system call that changes a file, one after the other, for every function that writes.

strace does the killing, so that each moment between two changes of the disk comes once. Afterwards the folder must hold
all that the request does, or nothing of it; all, when it was answered. Then the same request is sent again, as a client
does that got no answer: under an Idempotency-Key, or where it asks for what is already so, it must not be done twice.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import audit
from crash_requests import World, copy
from installation import FUNCTIONS, Answer, pipe
from provider import Provider
from receiver import Receiver
from report import Report
from states import difference, state, without_answers

# A question mark: not every machine has it.
CALLS = ",".join(["write", "writev", "pwrite64", "?pwritev", "fsync", "fdatasync", "ftruncate", "fallocate", "?open", "openat",
                  "?mkdir", "mkdirat", "?rename", "?renameat", "renameat2", "?link", "linkat", "?unlink", "unlinkat"])
STRACE = ("strace", "--follow-forks", "-qq", f"--trace={CALLS}")
# Functions that change nothing though their method is not GET: `create-upload` without a store of objects.
READERS = {"search-documents", "search-workspaces", "create-upload"}


def reason_against():
    """Why this machine cannot do it; None if it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run([*STRACE, "--output=/dev/null", "true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return None if tried.returncode == 0 else tried.stdout.decode(errors="replace").strip()


def changing_calls(function, envelope, data, trace, **variables):
    """System calls of an undisturbed run that change something, each with how many of its name came until then: strace
    counts so, and each process by itself."""
    pipe(function, envelope, data=data, prefix=(*STRACE, "--output", str(trace)), **variables)
    found, counts = [], Counter()
    lines = trace.read_text(errors="replace").splitlines()
    process = lines[0].split(" ")[0]  # not what it starts
    for line in lines:
        if call := re.match(process + r" +(\w+)\(", line):
            name = call[1]
            counts[name] += 1
            if not name.startswith("open") or "O_CREAT" in line:
                found.append((name, counts[name]))
    return found


class Request:
    """One request over its own copies of the world."""

    def __init__(self, name, world, function, envelope, *before):
        self.name, self.function, self.envelope = name, function, envelope
        self.is_keyed = "idempotency-key" in envelope.get("headers", {})
        # Who got no answer sends the same refresh token again, and stays logged in.
        self.is_once = self.is_keyed or function == "refresh-token"
        self.is_streamed = '"stream": true' in envelope.get("body", "")
        self.variables = world.model if "model" in name else {}
        self.folder = Path(tempfile.mkdtemp(dir=world.data.parent))
        self.base = copy(world.data, self.folder / "base")
        for earlier_function, earlier_envelope in before:
            pipe(earlier_function, earlier_envelope, data=self.base)
        self.states = [self.state_after(0) if before else world.state, self.state_after(1), self.state_after(2)]
        data = copy(self.base, self.folder / "undisturbed")
        self.points = changing_calls(function, envelope, data, self.folder / "trace", **self.variables)

    def state_after(self, times):
        """What the folder holds when the request was made so many times, undisturbed."""
        data = copy(self.base, self.folder / "undisturbed")
        for _ in range(times):
            self.send(data)
        settle(data)
        return state(data)

    def send(self, data):
        return pipe(self.function, self.envelope, data=data, **self.variables)[0]

    def crash(self, point):
        """Kills at one call. Returns how it ended and what is wrong."""
        call, number = point
        data, later = self.folder / f"{call}-{number}", self.folder / f"{call}-{number}-later"
        answers, status = pipe(self.function, self.envelope, data=copy(self.base, data), prefix=(
            *STRACE, f"--inject={call}:signal=KILL:when={number}", "--output=/dev/null"), **self.variables)
        acknowledged = is_acknowledged(answers)
        # Without another try.
        faults = [] if status == -signal.SIGKILL else [f"ended with {status}, not by the kill"]
        faults += settle(copy(data, later))
        found = state(later)
        done = 1 if found == self.states[1] and self.states[1] != self.states[0] else 0
        # The question of a stream is kept before its answer, which begins at once.
        is_asked = self.is_streamed and not done and without_answers(found) == without_answers(self.states[1])
        # Each of several files is taken in by itself.
        is_part = "files" in self.name and self.states[0] <= found <= self.states[1]
        if found != self.states[done] and not is_asked and not is_part:
            faults.append(f"half-done: {difference(found, self.states[1])}")
        elif acknowledged and found != self.states[1]:
            faults.append(f"acknowledged and lost: {difference(found, self.states[1])}")
        if missing := missing_conversation(answers, later):
            faults.append(f"lost: the client knows of {missing}")
        # With one.
        again = self.send(data)
        if self.is_keyed and again and again[0] and again[0]["statusCode"] == 409:
            audit.let_time_pass(data)  # the killed request still holds the key
            again = self.send(data)
        if self.is_once and not is_acknowledged(again):
            faults.append(f"refused when sent again: {again[0]}")
        elif self.is_keyed and not again[0].get("stream") and self.send(data)[0]["body"] != again[0]["body"]:
            faults.append("done twice under one key: the third answer is not the second")
        faults += settle(data)
        repeated = state(data)
        wanted = self.states[1 if self.is_once else 1 + (done or is_asked)]
        if is_asked and not self.is_once:
            repeated, wanted = without_answers(repeated), without_answers(wanted)
        if repeated != wanted:
            what = "done twice, or half, when sent again" if self.is_once else "sent again"
            faults.append(f"{what}: {difference(repeated, wanted)}")
        for folder in (data, later):
            subprocess.run(["rm", "-rf", folder], check=True)
        return acknowledged, done, faults


def is_acknowledged(answers):
    if not answers or answers[0] is None:
        return False
    if answers[0].get("stream"):
        return any("event: done" in (line or {}).get("chunk", "") for line in answers)
    return Answer.of_line(answers[0]).ok


def missing_conversation(answers, data):
    """One that the beginning of a stream gives the id of, and that is not kept."""
    chunks = "".join((line or {}).get("chunk", "") for line in answers)
    if begun := re.search(r"conv_\w{26}", chunks):
        with audit.read(data) as database:
            if not database.execute("SELECT 1 FROM conversations WHERE id = ?", [begun[0]]).fetchone():
                return begun[0]
    return None


def settle(data):
    """Lets time pass and the jobs run. Returns what is wrong then."""
    audit.let_time_pass(data)
    faults = []
    for _ in range(3):
        pipe("run-jobs", {}, {}, data=data)
        faults = audit.faults(data, at_rest=True)
        if not faults:
            break
    return faults + [f"a file of no document stays: {name}" for name in audit.orphans(data)]


def uncovered(names):
    """Functions that write and have no request here."""
    described = [json.loads(subprocess.run([path, "--describe"], stdout=subprocess.PIPE, check=True).stdout)
                 for path in sorted(FUNCTIONS.iterdir())]
    covered = {name.split(" ")[0] for name in names} | READERS
    return [one["name"] for one in described if one.get("method") not in (None, "GET") and one["name"] not in covered]


def choose(points, count, rng):
    """So many of them, or all if 0. One half are turns: where the disk is made to have it, a file comes or goes, or
    something is answered."""
    if count == 0 or count >= len(points):
        return points
    turns = [point for point in points if point[0] not in ("pwrite64", "ftruncate", "openat")]
    chosen = rng.sample(turns, min((count + 1) // 2, len(turns)))
    return chosen + rng.sample([point for point in points if point not in chosen], count - len(chosen))


class Tried:
    """What became of one request: its points, and of each how it ended."""

    def __init__(self, name, world, parts, points, seed, pool):
        request = Request(name, world, *parts)
        self.name, self.all = name, len(request.points)
        self.points = choose(request.points, points, random.Random(f"{seed} {name}"))
        self.is_repeated = request.is_once and request.states[2] != request.states[1]
        self.results = list(pool.map(request.crash, self.points))
        subprocess.run(["rm", "-rf", request.folder], check=True)

    @property
    def summary(self):
        faulty = sum(bool(faults) for _, _, faults in self.results)
        return f"{self.name}: {len(self.results)} of {self.all} points, {faulty} faulty"

    def add(self, report):
        report.count("requests")
        report.count("kills", len(self.results))
        if self.is_repeated:
            report.fault(f"{self.name}: done twice without any kill")
        for (call, number), (acknowledged, done, faults) in zip(self.points, self.results):
            report.count("acknowledged", acknowledged)
            report.count("unknown, done", done and not acknowledged)
            report.count("unknown, not done", not done and not acknowledged)
            for kind in ("lost", "half-done", "done twice"):
                report.count(kind, any(kind in fault for fault in faults))
            if faults:
                report.fault(f"{self.name}, killed at {call} number {number}: " + "; ".join(dict.fromkeys(faults)))


def run(points=0, seed=1, only=(), progress=lambda text: None):
    report, width = Report("Crash points: SIGKILL at each system call that changes a file"), os.cpu_count() + 1
    with tempfile.TemporaryDirectory(prefix="crashpoints-") as folder:
        receiver, provider = Receiver(), Provider()
        world = World(Path(folder, "world"), receiver)
        settle(copy(world.data, Path(folder, "at-rest")))
        world.model, world.state = provider.variables, state(Path(folder, "at-rest"))
        requests = world.requests()
        for name in uncovered(requests):
            report.fault(f"no request for {name}")
        chosen = {name: parts for name, parts in requests.items() if not only or name in only}
        with ThreadPoolExecutor(width) as outer, ThreadPoolExecutor(width) as inner:
            for tried in outer.map(lambda one: Tried(*one, points, seed, inner),
                                   [(name, world, parts) for name, parts in chosen.items()]):
                tried.add(report)
                progress(tried.summary)
        receiver.close()
        provider.close()
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=0, help="so many points of each request, chosen at random; all if 0")
    parser.add_argument("--seed", type=int, default=1, help="of that choice")
    parser.add_argument("request", nargs="*", help='only these, such as "send-message (stream)"')
    options = parser.parse_args()
    if reason := reason_against():
        print(f"SKIPPED: crash points: {reason}", flush=True)
        return 1
    return run(options.points, options.seed, options.request, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
