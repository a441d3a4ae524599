#!/usr/bin/env python3
"""Clients write while functions are killed at random moments of their work, and every second round everything at once.

What was acknowledged must be there, what was not must be there whole or not at all, what was removed must stay away, and
webhooks must deliver every event at least once.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter

import audit
from clients import Clients
from installation import Installation, call
from journal import Journal, State
from machines import Machines
from receiver import Receiver
from report import Report


class Kills:
    def __init__(self, installation, workers, seed):
        self.installation, self.journal = installation, Journal()
        self.receiver, self.rng = Receiver(refused=0.1), random.Random(seed)
        self.clients = Clients(workers, self.installation, self.journal, self.receiver, seed)
        self.report = Report("Kills: acknowledged writes under SIGKILL")

    def round(self, seconds, everything):
        self.clients.go_on()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.rng.uniform(0, 0.5))
            self.kill_one()
            if isinstance(self.installation, Machines):
                self.kill_more()
        if everything:
            self.report.count("kills of everything at once")
            self.clients.running.clear()  # nobody begins another request, which could not even be sent
            self.report.count("processes killed", self.installation.kill_everything())
        self.clients.pause()
        if everything:
            self.installation.start()
        self.check(audit.faults(self.installation.data))
        self.check_answers([one for one in self.journal.documents if self.is_served(one)][-30:])
        self.check_removed([one for one in self.journal.documents if self.was_removed(one)][-30:])

    def kill_one(self):
        """A function that has a request, at a random moment of its work; now and then the one that sends webhooks."""
        busy = list(self.clients.at_work.values())
        name = self.rng.choice(busy) if busy and self.rng.random() < 0.9 else "run-jobs"
        time.sleep(self.rng.choice([0, 0.001, 0.003, 0.01, 0.03]))
        for process, function in self.installation.processes():
            if function == name:
                self.report.count("processes killed", self.installation.kill(process))

    def kill_more(self):
        """Now and then a whole machine, or the database server."""
        if self.rng.random() < 0.1:
            self.report.count("processes killed", self.installation.kill_machine(self.rng))
            self.report.count("machines killed")
        if self.rng.random() < 0.2:
            self.installation.server.crash()
            self.report.count("crashes of PostgreSQL")

    def is_served(self, document):
        return document.is_there and document.workspace.is_there

    def was_removed(self, document):
        return document.state is State.GONE and document.workspace.is_there

    def check(self, faults):
        for fault in faults + self.journal.verify(self.installation.data):
            self.report.fault(fault)

    def check_answers(self, documents):
        """Their bytes, and that a search finds each of their passages and no other."""
        with self.installation.client() as client:
            for one in documents:
                path = f"/workspaces/{one.workspace.id}"
                answer = client.ask("GET", f"{path}/documents/{one.id}/content", None, one.token)
                if answer is None or hashlib.sha256(answer.body).hexdigest() != one.sha256:
                    self.report.fault(f"lost: the bytes of {one.id}: {answer}")
                answer = client.ask("POST", f"{path}/search", {"query": one.word, "limit": 50}, one.token)
                hits = [hit["documentId"] for hit in answer.data["results"]] if answer is not None and answer.ok else []
                if hits != [one.id] * min(one.chunks, 50):
                    self.report.fault(f"lost: {len(hits)} of {one.chunks} passages of {one.id} are found")

    def check_removed(self, documents):
        with self.installation.client() as client:
            for one in documents:
                answer = client.ask("POST", f"/workspaces/{one.workspace.id}/search", {"query": one.word}, one.token)
                if answer is None or not answer.ok or answer.data["results"]:
                    self.report.fault(f"came back: passages of {one.id}: {answer}")

    def events_not_delivered(self):
        with self.receiver.lock:
            return [event for event in self.journal.events if not self.receiver.events[event]]

    def finish(self):
        """Lets everything come to its end, and looks at all of it."""
        self.installation.stop()
        left = len(audit.orphans(self.installation.data))
        audit.let_time_pass(self.installation.data)
        self.installation.start()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if not self.events_not_delivered() and not audit.unfinished(self.installation.data):
                break
            time.sleep(0.5)
        self.check(audit.faults(self.installation.data, at_rest=True, whole_index=True))
        self.check_answers([one for one in self.journal.documents if self.is_served(one)])
        report = self.pipe("check-index").data
        if not report["ok"]:
            self.report.fault(f"the index is not as the documents are: {report['differences'][:3]}")
        for event in self.events_not_delivered():
            self.report.fault(f"lost: no webhook delivered {event}")
        self.clients.end()
        status = self.installation.stop()
        if status != 0:
            self.report.fault(f"the runner ended with {status}")
        # Files that killed uploads left go, and no other.
        audit.let_time_pass(self.installation.data)
        self.pipe("run-jobs")
        self.check(audit.faults(self.installation.data) + [
            f"a file of no document stays: {name}" for name in audit.orphans(self.installation.data)])
        self.receiver.close()
        self.show(left)
        return self.report

    def pipe(self, function):
        return call(function, {}, self.installation.environment["DATA_DIR"], **self.installation.environment)

    def show(self, left):
        report, journal = self.report, self.journal
        for fault in journal.faults:
            report.fault(fault)
        for kind, number in sorted(journal.outcomes.items()):
            report.show(kind, number)
        for kind in ("lost", "half-done", "came back", "under one key", "integrity"):
            report.show({"under one key": "done twice"}.get(kind, kind), sum(kind in fault for fault in report.faults))
        report.show("documents", len(journal.documents))
        report.show("conversations", len(journal.conversations))
        report.show("events", len(journal.events))
        report.show("events delivered more than once", sum(count > 1 for count in Counter(self.receiver.deliveries).values()))
        report.show("files left by kills and removed", left)


def run(rounds, seconds, workers=8, seed=None, machines=0, progress=lambda text: None):
    """With `machines`, so many runners share PostgreSQL, which crashes, too."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, (
            Machines(folder, machines) if machines else Installation(folder)) as installation:
        kills = Kills(installation, workers, seed if seed is not None else random.randrange(1 << 30))
        try:
            for number in range(rounds):
                kills.round(seconds, everything=number % 2 == 1)
                progress(f"round {number + 1} of {rounds}: {kills.journal.outcomes['acknowledged']} acknowledged, "
                         f"{kills.journal.unknown} unknown, {len(kills.report.faults)} faults")
            return kills.finish()
        finally:
            kills.installation.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12, help="every second one ends with a kill of everything")
    parser.add_argument("--seconds", type=float, default=8, help="how long each lasts")
    parser.add_argument("--workers", type=int, default=8, help="clients at once")
    parser.add_argument("--seed", type=int, help="of what clients do; moments stay random")
    parser.add_argument("--machines", type=int, default=0, help="so many runners on one PostgreSQL, which crashes, too")
    options = parser.parse_args()
    return run(options.rounds, options.seconds, options.workers, options.seed, options.machines,
               lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
