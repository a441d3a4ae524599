#!/usr/bin/env python3
"""The same few files are uploaded to several workspaces and deleted from them while functions are killed.

The bytes of a document must be there as long as one workspace has it, whatever the others do with theirs.
"""

import argparse
import random
import sys
import tempfile
import threading
import time

import audit
from documents import Document
from installation import Installation, pipe
from report import Report


class SharedFiles:
    def __init__(self, folder, workspaces, seconds):
        self.installation, self.report = Installation(folder).start(), Report("Shared files: the same bytes in several workspaces")
        sizes = [("text", 900), ("csv", 2000), ("markdown", 40_000), ("text", 300_000)]
        self.documents = [Document(kind, size, random.Random(number)) for number, (kind, size) in enumerate(sizes)]
        with self.installation.client() as client:
            self.token = client.register("admin@example.com")["token"]
        self.end, self.lock = time.monotonic() + seconds, threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(workspaces)]

    def count(self, what, answer):
        with self.lock:
            self.report.count(what if answer is not None and answer.ok else f"{what}, unknown")

    def work(self, number):
        rng, mine = random.Random(number), {}
        with self.installation.client() as client:
            workspace = client.ask("POST", "/workspaces", {"name": f"W{number}"}, self.token).data["id"]
            while time.monotonic() < self.end:
                document = rng.choice(self.documents)
                if document in mine and rng.random() < 0.6:
                    path = f"/workspaces/{workspace}/documents/{mine.pop(document)}"
                    self.count("deleted", client.ask("DELETE", path, None, self.token))
                    continue
                answer = client.upload(workspace, self.token, document.form)
                self.count("uploaded", answer)
                if answer is not None and answer.ok and answer.data["status"] == "processed":
                    mine[document] = answer.data["id"]
                    self.check(client, workspace, answer.data["id"], document)

    def check(self, client, workspace, id, document):
        answer = client.ask("GET", f"/workspaces/{workspace}/documents/{id}/content", None, self.token)
        if answer is not None and answer.status not in (502, 503) and answer.body != document.content:
            self.report.fault(f"lost: the bytes of {id}, just uploaded: {answer}")

    def run(self):
        rng = random.Random()
        for thread in self.threads:
            thread.start()
        while time.monotonic() < self.end:
            time.sleep(rng.uniform(0, 0.4))
            for process, function in self.installation.processes():
                if function in ("upload-document", "delete-document") and rng.random() < 0.3:
                    self.report.count("processes killed", self.installation.kill(process))
        for thread in self.threads:
            thread.join()
        found = audit.faults(self.installation.data)
        self.installation.stop()
        audit.let_time_pass(self.installation.data)
        for _ in range(2):
            pipe("run-jobs", {}, {}, data=self.installation.data)
        for fault in found + audit.faults(self.installation.data, at_rest=True, whole_index=True):
            self.report.fault(fault)
        for name in audit.orphans(self.installation.data):
            self.report.fault(f"a file of no document stays: {name}")
        self.report.show("lost", sum("lost" in fault for fault in self.report.faults))
        return self.report


def run(seconds, workspaces=6):
    with tempfile.TemporaryDirectory(prefix="shared-files-") as folder:
        return SharedFiles(folder, workspaces, seconds).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--workspaces", type=int, default=6, help="each with a client of its own")
    options = parser.parse_args()
    return run(options.seconds, options.workspaces).close()


if __name__ == "__main__":
    sys.exit(main())
