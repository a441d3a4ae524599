#!/usr/bin/env python3
"""The plug is pulled: what had not reached the disk is gone.

The data folder is on a file system of its own, which is a file. At a random moment of the load everything stands still, and
the file is copied as the disk has it, without what the kernel still holds in memory. The copy is mounted and looked at.
A file that nobody syncs shows that it is a power cut. Takes root and loop devices.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time

import audit
import disk
from clients import Clients
from installation import Installation, call
from journal import Journal, State
from receiver import Receiver
from report import Report

CONTROL = b"x" * 4096


def snapshot(journal):
    """What was acknowledged until now, by ids alone."""
    with journal.lock:
        def there(things):
            return [one for one in things if one.is_there]
        documents = {one.id: (one.sha256, "processed", one.chunks) for one in there(journal.documents)}
        messages = {id for one in there(journal.conversations) for id in one.messages}
        gone = {one.id for things in (journal.documents, journal.conversations, journal.workspaces) for one in things
                if one.state is State.GONE}
        return {"document": documents, "workspace": {one.id for one in there(journal.workspaces)}, "message": messages,
                "conversation": {one.id for one in there(journal.conversations)}, "gone": gone,
                "account": {one.id for one in there(journal.users)}}


def being_removed(journal):
    with journal.lock:
        things = journal.documents + journal.conversations + journal.workspaces
        conversations = [one for one in journal.conversations if not one.is_there]
        return {one.id for one in things if not one.is_there} | {id for one in conversations for id in one.messages}


def compare(data, known, going):
    """What was acknowledged and is not on the disk."""
    with audit.read(data) as database:
        def rows(query):
            return {row[0]: row[1:] for row in database.execute(query)}
        found = {"document": rows("SELECT id, sha256, status, chunk_count FROM documents"),
                 "workspace": rows("SELECT id FROM workspaces"), "message": rows("SELECT id FROM messages"),
                 "conversation": rows("SELECT id FROM conversations"), "account": rows("SELECT email FROM users")}
    faults = []
    for kind, rows in found.items():
        faults += [f"lost: the {kind} {id}" for id in known[kind] if id not in rows and id not in going]
        faults += [f"came back: the {kind} {id}" for id in known["gone"] if id in rows]
    faults += [f"half-done: the document {id} is {found['document'][id]}" for id, wanted in known["document"].items()
               if id in found["document"] and found["document"][id] != wanted]
    return faults


class PowerCuts:
    def __init__(self, folder, machine, seed):
        self.disk, self.journal, self.receiver = machine, Journal(), Receiver()
        self.rng = random.Random(seed)
        self.installation = Installation(f"{folder}/runner", data=machine.mounted / "data").start()
        self.clients = Clients(4, self.installation, self.journal, self.receiver, seed)
        self.report = Report(f"Power cuts on {machine.system}: what the disk has without the kernel's memory")

    def signal(self, number):
        for process in [self.installation.process.pid] + [process for process, _ in self.installation.processes()]:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def cut(self, number, seconds):
        self.clients.go_on()
        time.sleep(self.rng.uniform(0.3, 1) * seconds)
        known = snapshot(self.journal)
        self.signal(signal.SIGSTOP)
        control = f"control-{number}"
        (self.disk.mounted / control).write_bytes(CONTROL)
        cut = self.disk.cut()
        self.signal(signal.SIGCONT)
        # What was asked for until then may have been done.
        going = being_removed(self.journal)
        with cut as mounted:
            is_there = (mounted / control).exists() and (mounted / control).read_bytes() == CONTROL
            self.report.count("files gone that nobody synced", not is_there)
            answer = call("health", {}, mounted / "data")
            faults = [] if answer.ok else [f"health: {answer}"]
            faults += audit.faults(mounted / "data", whole_index=number % 5 == 0)
            faults += compare(mounted / "data", known, going)
        self.report.count("cuts")
        self.report.count("acknowledged things looked for", sum(len(ids) for kind, ids in known.items() if kind != "gone"))
        self.report.count("removed things looked for", len(known["gone"]))
        for fault in faults:
            self.report.fault(f"cut {number}: {fault}")

    def finish(self):
        self.clients.pause()
        self.clients.end()
        self.installation.stop()
        self.receiver.close()
        for fault in self.journal.faults + audit.faults(self.installation.data):
            self.report.fault(fault)
        for kind in ("lost", "half-done", "came back"):
            self.report.show(kind, sum(kind in fault for fault in self.report.faults))
        return self.report


def run(cuts, seconds, system="ext4", seed=None, progress=lambda text: None):
    with tempfile.TemporaryDirectory(prefix="powercut-") as folder, disk.Disk(folder, system) as machine:
        power = PowerCuts(folder, machine, seed if seed is not None else random.randrange(1 << 30))
        try:
            for number in range(cuts):
                power.cut(number, seconds)
                progress(f"{system}: cut {number + 1} of {cuts}, {len(power.report.faults)} faults")
            report = power.finish()
        finally:
            power.installation.stop()  # otherwise the disk stays mounted
    if report.figures["files gone that nobody synced"] == 0:
        report.fault("each file that nobody synced was on the disk: this was no power cut")
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=10, help="on each file system")
    parser.add_argument("--seconds", type=float, default=4, help="from one to the next at most")
    parser.add_argument("--seed", type=int, help="of what clients do; moments stay random")
    parser.add_argument("system", nargs="*", help="of ext4, btrfs, xfs; all that this machine has, if absent")
    options = parser.parse_args()
    status = 0
    for system in options.system or disk.MAKERS:
        if reason := disk.reason_against(system):
            print(f"SKIPPED: power cuts on {system}: {reason}", flush=True)
            status = status or bool(options.system)
        else:
            status |= run(options.cuts, options.seconds, system, options.seed, lambda text: print(text, flush=True)).close()
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
