#!/usr/bin/env python3
"""Kills a backup at each system call that changes a file. What is there then is whole, the installation is as it was, and
the next backup is whole and restores all of it.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import audit
from crash_requests import World, copy
from crashpoints import STRACE, changing_calls, choose, reason_against
from installation import call, pipe
from receiver import Receiver
from report import Report
from states import state


class Backups:
    """Of one copy of an installation: the function and its folder."""

    def __init__(self, data):
        self.data, self.folder = data, Path(f"{data}-backups")
        self.variables = {"BACKUP_DIR": str(self.folder)}

    def faults(self):
        """Of the backups that can be seen: those whose names do not begin with a dot."""
        found = []
        for path in sorted(self.folder.glob("[!.]*")):
            answer = call("backup", {"body": {"action": "verify", "path": str(path)}}, self.data)
            if not answer.ok and (path / "manifest.json").exists():
                found.append(f"half-done: the backup {path.name}: {answer}")
        return found

    def restored(self, target):
        """What a new backup restores, as a state."""
        answer = call("backup", {}, self.data, **self.variables)
        if not answer.ok:
            return [f"the next backup fails: {answer}"], None
        path = answer.data["path"]
        answer = call("backup", {"body": {"action": "restore", "path": path}}, target)
        if not answer.ok:
            return [f"the next backup cannot be restored: {answer}"], None
        return audit.faults(target), state(target)


def crash(base, wanted, point):
    """Kills at one call. What is wrong then, in words."""
    name, number = point
    backups = Backups(copy(base, base.parent / f"{name}-{number}"))
    _, status = pipe("backup", {}, data=backups.data, **backups.variables, prefix=(
        *STRACE, f"--inject={name}:signal=KILL:when={number}", "--output=/dev/null"))
    faults = [] if status < 0 else [f"ended with {status}, not by the kill"]
    faults += audit.faults(backups.data) + backups.faults()
    if state(backups.data) != wanted:
        faults.append("lost: the installation is not as it was")
    more, found = backups.restored(Path(f"{backups.data}-restored"))
    faults += more + backups.faults()
    if not more and found != wanted:
        faults.append("lost: the restored installation is not as it was")
    if hidden := [path.name for path in backups.folder.glob(".*")]:
        faults.append(f"the next backup leaves {hidden}")
    subprocess.run(f"rm -rf {backups.data}*", shell=True, check=True)
    return faults


def run(points=0, seed=1):
    report = Report("Backups: SIGKILL at each system call of theirs that changes a file")
    with tempfile.TemporaryDirectory(prefix="backups-") as folder:
        receiver = Receiver()
        base = World(Path(folder, "base"), receiver).data
        receiver.close()
        first = Backups(copy(base, Path(folder, "first")))
        calls = changing_calls("backup", {}, first.data, Path(folder, "trace"), **first.variables)
        chosen, wanted = choose(calls, points, random.Random(seed)), state(base)
        with ThreadPoolExecutor(os.cpu_count() + 1) as pool:
            for point, faults in zip(chosen, pool.map(lambda one: crash(base, wanted, one), chosen)):
                report.count("kills")
                report.count("whole after that", not faults)
                if faults:
                    report.fault(f"killed at {point[0]} number {point[1]}: " + "; ".join(faults))
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=0, help="so many of the calls, chosen at random; all if 0")
    parser.add_argument("--seed", type=int, default=1, help="of that choice")
    options = parser.parse_args()
    if reason := reason_against():
        print(f"SKIPPED: crash points of backups: {reason}", flush=True)
        return 1
    return run(options.points, options.seed).close()


if __name__ == "__main__":
    sys.exit(main())
