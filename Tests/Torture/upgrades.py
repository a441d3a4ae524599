#!/usr/bin/env python3
"""Databases of every earlier version are upgraded by many processes at once, and by one that is killed at each change of
the disk. All that was in them is found afterwards, work that was left is done, and they are then like a new one.
"""

import argparse
import gzip
import hashlib
import random
import re
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import audit
from crash_requests import copy, envelope
from crashpoints import STRACE, changing_calls, choose
from installation import PASSWORD, call, pipe
from receiver import Receiver
from report import Report

FIXTURES = sorted(Path(__file__).resolve().parent.glob("Fixtures/version*.db.gz"))
PROCESSES = 12
INTERRUPTED = b"The interrupted upload is read again."
"""A file whose passages need not be there."""


def unpack(fixture, data):
    """The data folder of an earlier version, with the files of its documents."""
    (data / "blobs").mkdir(parents=True)
    (data / "nexlayer.db").write_bytes(gzip.decompress(fixture.read_bytes()))
    with audit.read(data) as database:
        contents = [row[0].encode() for row in database.execute("SELECT content FROM passages")]
    for content in [*contents, INTERRUPTED]:
        sha256 = hashlib.sha256(content).hexdigest()
        (data / "blobs" / sha256[:2]).mkdir(exist_ok=True)
        (data / "blobs" / sha256[:2] / sha256).write_bytes(content)
    return data


def schema(data):
    with audit.read(data) as database:
        made = [row[0] or "" for row in database.execute("SELECT sql FROM sqlite_schema")]
    return sorted(re.sub(r"\s+", " ", re.sub(r"--[^\n]*", "", sql)) for sql in made)


def open_at_once(data, count=PROCESSES):
    """How many of so many processes that come first all at once fail, in words."""
    with ThreadPoolExecutor(count) as pool:
        results = list(pool.map(lambda _: pipe("health", {}, data=data), range(count)))
    return [f"a process ended with {status}: {answers}" for answers, status in results
            if status != 0 or answers[0]["statusCode"] != 200]


def loss(data):
    """What of the old content is not there, as a client sees it."""
    found = []
    with audit.read(data) as database:
        is_searchable = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'passage_text'").fetchone()
    if not is_searchable:
        # Search cannot read the segments of that version, so jobs make new ones.
        audit.let_time_pass(data)
        pipe("run-jobs", {}, data=data)
    answer = call("login", envelope("POST", "/auth/login", None, {"email": "ada@example.com", "password": PASSWORD}), data)
    if not answer.ok:
        return [f"lost: the account: {answer}"]
    token = answer.data["token"]
    with audit.read(data) as database:
        workspace = database.execute("SELECT id FROM workspaces").fetchone()[0]
        conversation = database.execute("SELECT id FROM conversations").fetchone()[0]
        documents = database.execute(
            "SELECT document_id, content FROM passages WHERE document_id NOT IN (SELECT document_id FROM hidden_documents)"
        ).fetchall()
    here = f"/workspaces/{workspace}"

    def ask(function, method, path, body=None):
        return call(function, envelope(method, path, token, body), data)

    if len(documents) < 2:
        found.append(f"lost: documents, of which there are {len(documents)}")
    for document, text in documents:
        answer = ask("search-documents", "POST", f"{here}/search", {"query": text})
        if not answer.ok or document not in [hit["documentId"] for hit in answer.data["results"]]:
            found.append(f"lost: {text!r} is not found: {answer}")
        answer = ask("get-document-content", "GET", f"{here}/documents/{document}/content")
        if answer.body != text.encode():
            found.append(f"lost: the bytes of {document}: {answer}")
    listing = envelope("GET", "/workspaces", token)
    listing["rawQueryString"] = "search=b%C3%BCro"
    if call("list-workspaces", listing, data).json["pagination"]["total"] != 1:
        found.append("lost: the workspace's name is not found")
    turn = {"message": "How many days of leave?", "conversationId": conversation}
    for answer in (ask("send-message", "POST", f"{here}/chat", turn),
                   ask("delete-document", "DELETE", f"{here}/documents/{documents[0][0]}")):
        if not answer.ok:
            found.append(f"refused after the upgrade: {answer}")
    return found


def unfinished(data, receiver):
    """What of the work that was left is not done: deliveries, interrupted uploads, removed documents."""
    with closing(sqlite3.connect(data / "nexlayer.db")) as database:
        database.execute("UPDATE webhooks SET url = ?", [receiver.url])
        database.execute("UPDATE events SET payload = json_object('id', id, 'type', kind, 'data', json('{}'))")
        # Old ones are removed once they were sent.
        database.execute("UPDATE deliveries SET created_at = ?", [int(time.time() * 1000)])
        wanted = database.execute(
            "SELECT id FROM deliveries WHERE status <> 'failed' UNION SELECT subject FROM jobs WHERE kind = 'webhook'").fetchall()
        processing = database.execute("SELECT id FROM documents WHERE status <> 'processed'").fetchall()
        database.commit()
    audit.let_time_pass(data)  # what a killed process held
    for _ in range(4):
        pipe("run-jobs", {}, data=data)
    found = audit.faults(data, at_rest=True, whole_index=True)
    if not (report := call("check-index", {}, data).data)["ok"]:
        found.append(f"check-index: {report}")
    with audit.read(data) as database:
        for table, ids, status in (("deliveries", wanted, "succeeded"), ("documents", processing, "processed")):
            for one, in ids:
                row = database.execute(f"SELECT status FROM {table} WHERE id = ?", [one]).fetchone()
                if row != (status,):
                    found.append(f"{one} is {row}, not {status}")
    return found


class Upgrade:
    def __init__(self, fixture, folder, report, receiver):
        self.report, self.version, self.folder, self.receiver = report, fixture.name.split(".")[0], folder, receiver
        self.old = unpack(fixture, folder / f"{self.version}-old")
        if not (folder / "new").exists():
            call("health", {}, folder / "new")
            call("run-jobs", {}, folder / "new")  # drops what only earlier versions need
        self.new = schema(folder / "new")

    def judge(self, data, faults, what):
        faults = faults + audit.faults(data, whole_index=True) + loss(data) + unfinished(data, self.receiver)
        if not faults and schema(data) != self.new:
            faults.append("the schema is not that of a new database")
        for fault in faults:
            self.report.fault(f"{self.version}, {what}: {fault}")
        return not faults

    def by_many(self):
        data = copy(self.old, self.folder / f"{self.version}-many")
        good = self.judge(data, open_at_once(data), f"upgraded by {PROCESSES} processes at once")
        self.report.count(f"upgraded by {PROCESSES} processes at once", good)

    def by_killed(self, points, rng):
        self.killed("health", self.old, points, rng, "while they were upgraded")
        # Then documents are indexed again.
        upgraded = copy(self.old, self.folder / f"{self.version}-upgraded")
        call("health", {}, upgraded)
        self.killed("run-jobs", upgraded, points, rng, "while documents were indexed again")

    def killed(self, function, base, points, rng, when):
        data = self.folder / f"{self.version}-killed"
        calls = changing_calls(function, {}, copy(base, data), self.folder / "trace")
        for call_name, number in choose(calls, points, rng):
            _, status = pipe(function, {}, data=copy(base, data), prefix=(
                *STRACE, f"--inject={call_name}:signal=KILL:when={number}", "--output=/dev/null"))
            faults = [] if status < 0 else [f"ended with {status}, not by the kill"]
            good = self.judge(
                data, faults + open_at_once(data, 2), f"{function} killed at {call_name} number {number}")
            self.report.count(f"killed {when}")
            self.report.count(f"whole though killed {when}", good)


def run(points=0, seed=1, kill=True):
    report, rng = Report("Upgrades: databases of every earlier version"), random.Random(seed)
    report.show("versions", len(FIXTURES))
    receiver = Receiver()
    with tempfile.TemporaryDirectory(prefix="upgrades-") as folder:
        for fixture in FIXTURES:
            upgrade = Upgrade(fixture, Path(folder), report, receiver)
            upgrade.by_many()
            if kill:
                upgrade.by_killed(points, rng)
    receiver.close()
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=0, help="kills of each version, chosen at random; all if 0")
    parser.add_argument("--seed", type=int, default=1, help="of that choice")
    options = parser.parse_args()
    return run(options.points, options.seed).close()


if __name__ == "__main__":
    sys.exit(main())
