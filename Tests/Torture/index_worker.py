"""One of the installations of `index_kills.py`: what is done there and killed, and what must hold after each kill."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import audit
from attempts import Attempt, Warm
from documents import form
from index_check import index_faults
from installation import PASSWORD, call, pipe
from journal import State
from passages import UNIQUE, Document, name_word

if TYPE_CHECKING:
    from index_kills import Kills

WORKSPACES = 3
ENOUGH = 50
"""Passages of a workspace, above which documents are removed."""


class Workspace:
    def __init__(self, workspace: str) -> None:
        self.id, self.documents, self.state, self.busy = workspace, [], State.THERE, None

    def living(self) -> list[Document]:
        return [one for one in self.documents if one.state is State.THERE]

    def passages(self) -> int:
        return sum(len(one.words) for one in self.living())


class Worker(threading.Thread):
    def __init__(self, number: int, folder: Path, kills: Kills, seed: int) -> None:
        super().__init__(daemon=True)
        self.kills, self.data, self.rng = kills, folder / str(number), random.Random(seed * 1000 + number)
        account = call("register", {"body": json.dumps({
            "email": "ada@example.com", "password": PASSWORD, "name": "Ada"})}, self.data).data
        self.headers = {"authorization": f"Bearer {account['token']}"}
        self.workspaces = [self.made() for _ in range(WORKSPACES)]
        self.search, self.list = Warm("search-documents", self.data), Warm("list-documents", self.data)
        self.checker = Warm("check-index", self.data)
        self.uploads, self.removals = Warm("upload-document", self.data), Warm("delete-document", self.data)
        self.finds_names = self.knows_names(self.workspaces[0])
        self.merged, self.held = set(), set()

    def run(self) -> None:
        try:
            while self.kills.goes_on():
                self.step()
            self.finish()
        except Exception as error:  # a fault of this program or of an answer: either is to be seen
            self.kills.fault(f"{type(error).__name__}: {error}")
        finally:
            for warm in (self.search, self.list, self.checker, self.uploads, self.removals):
                warm.close()

    def envelope(self, workspace: Workspace, body: Any = None, **more: Any) -> dict[str, Any]:
        path = {"workspaceId": workspace.id, **more.pop("path", {})}
        return {"headers": {**self.headers, **more.pop("headers", {})}, "pathParameters": path,
                "body": json.dumps(body) if body is not None else "", **more}

    def made(self) -> Workspace:
        answer = call("create-workspace", {"headers": self.headers, "body": json.dumps({"name": "Killed"})}, self.data)
        return Workspace(answer.data["id"])

    def knows_names(self, workspace: Workspace) -> bool:
        """Whether documents are found by their names."""
        document = Document(self.rng, 1)
        call("upload-document", self.upload_of(workspace, document), self.data)
        document.state = State.THERE
        self.learn(workspace)
        return self.found(workspace, [name_word(document.names[0])]) != []

    # What is killed

    def step(self) -> None:
        """One or two processes at once."""
        for workspace in self.workspaces:
            workspace.busy = None
        if self.rng.random() < 0.4:
            self.add_segments(self.rng.choice(self.workspaces))
        attempts = [self.begin() for _ in range(self.rng.choice([1, 1, 2]))]
        for attempt, settle in attempts:
            answer, killed = attempt.end()
            if answer is not None and answer.status >= 400:
                self.kills.fault(f"{attempt.function}: {answer}")
            settle(answer is not None and answer.ok)
            self.kills.count(attempt.function, killed, answer is not None)
        self.count_merges()
        if self.rng.random() < 0.25:
            audit.let_time_pass(self.data)
        self.check()
        if self.rng.random() < 0.02:
            self.rest()

    def add_segments(self, workspace: Workspace) -> None:
        """Small documents in place of others, so that there is something to merge."""
        while workspace.passages() > ENOUGH // 2:
            document = self.rng.choice(workspace.living())
            answer = self.removals.ask(self.envelope(workspace, path={"documentId": document.id}))
            document.state = State.GONE
            if not answer.ok and workspace.state is State.THERE:
                self.kills.fault(f"delete-document: {answer}")
        for _ in range(self.rng.randint(2, 7)):
            document = Document(self.rng, 1)
            answer = self.uploads.ask(self.upload_of(workspace, document))
            if answer.ok:
                document.id, document.state = answer.data["id"], State.THERE
            elif workspace.state is State.THERE:
                self.kills.fault(f"upload-document: {answer}")
        workspace.busy = None

    def count_merges(self) -> None:
        """What merges did, and what kills left of them."""
        with audit.read(self.data) as database:
            merged = {row for row in database.execute("SELECT workspace_id, segment FROM index_segments WHERE level > 0")}
            held = {row for row in database.execute(
                "SELECT kind, subject, lease FROM jobs WHERE kind IN ('merge', 'index') AND lease IS NOT NULL")}
        self.kills.add("merges", len(merged - self.merged))
        for kind in ("merge", "index"):
            self.kills.add(f"killed in a job: {kind}", sum(one[0] == kind for one in held - self.held))
        self.merged, self.held = merged, held

    def begin(self) -> tuple[Attempt, Any]:
        """A process at work, and what to do when it is known whether it was acknowledged."""
        workspace = self.rng.choice(self.workspaces)
        free = [one for one in workspace.living() if one is not workspace.busy]
        if workspace.busy == "all" or self.rng.random() < 0.3:
            return self.attempt("run-jobs", {"body": "{}"}), lambda acknowledged: None
        if self.rng.random() < 0.01 and workspace.busy is None:
            return self.remove_workspace(workspace)
        if free and (workspace.passages() > ENOUGH or self.rng.random() < 0.2):
            return self.change(workspace, self.rng.choice(free), "delete-document")
        if free and self.rng.random() < 0.2:
            return self.change(workspace, self.rng.choice(free), "update-document")
        return self.upload(workspace)

    def attempt(self, function: str, envelope: dict[str, Any]) -> Attempt:
        return Attempt(function, envelope, self.data, self.rng)

    def upload(self, workspace: Workspace) -> tuple[Attempt, Any]:
        # Now and then one that is written in several batches.
        document = Document(self.rng, 450 if self.rng.random() < 0.005 else self.rng.choice([1, 1, 1, 2, 3, 5, 12]))
        envelope = self.upload_of(workspace, document)

        def settle(acknowledged: bool) -> None:
            document.state = State.THERE if acknowledged else State.MAYBE

        return self.attempt("upload-document", envelope), settle

    def upload_of(self, workspace: Workspace, document: Document) -> dict[str, Any]:
        body, media = form((document.names[0], document.text.encode()))
        workspace.documents.append(document)
        workspace.busy = workspace.busy or document  # nobody removes the workspace meanwhile
        return {**self.envelope(workspace, headers={"content-type": media}), "body": body.decode()}

    def change(self, workspace: Workspace, document: Document, function: str) -> tuple[Attempt, Any]:
        """Removes or renames a document."""
        workspace.busy = document
        name = document.named(self.rng)
        envelope = self.envelope(workspace, {"name": name} if function == "update-document" else None,
                                 path={"documentId": document.id})
        renames = function == "update-document"

        def settle(acknowledged: bool) -> None:
            if renames:
                if acknowledged:
                    document.former += document.names
                document.names = [name] if acknowledged else [*document.names, name]
            else:
                document.state = State.GONE if acknowledged else State.MAYBE

        return self.attempt(function, envelope), settle

    def remove_workspace(self, workspace: Workspace) -> tuple[Attempt, Any]:
        workspace.busy = "all"

        def settle(acknowledged: bool) -> None:
            workspace.state = State.GONE if acknowledged else State.MAYBE

        return self.attempt("delete-workspace", self.envelope(workspace)), settle

    # What must hold

    def check(self) -> None:
        for workspace in list(self.workspaces):
            if self.learn(workspace):
                for fault in index_faults(self, workspace):
                    self.kills.fault(f"{fault} (workspace {workspace.id} of {self.data.name})")

    def learn(self, workspace: Workspace) -> bool:
        """What became of the documents, as the list tells. Returns false if the workspace is gone."""
        answer = self.list.ask(self.envelope(workspace, queryStringParameters={"limit": "100"}))
        if not answer.ok:
            if workspace.state is State.THERE or answer.status != 404:
                self.kills.fault(f"lost: the workspace {workspace.id}: {answer}")
            self.workspaces[self.workspaces.index(workspace)] = self.made()
            return False
        if workspace.state is State.GONE:
            self.kills.fault(f"came back: the workspace {workspace.id}")
        workspace.state = State.THERE
        listed = {one["name"].split(" ")[0]: one for one in answer.data}
        for document in workspace.documents:
            found = listed.pop(document.label, None)
            if document.state is State.THERE and (found is None or found["status"] != "processed"):
                self.kills.fault(f"lost: the document {document.id}: {found}")
            elif document.state is State.GONE and found is not None:
                self.kills.fault(f"came back: the document {document.id}")
            elif found is None:
                document.state = State.GONE
            elif found["status"] == "processed":
                document.state, document.id = State.THERE, found["id"]
                if found["name"] not in document.names or found["chunkCount"] != len(document.words):
                    self.kills.fault(f"half-done: {found}")
                document.former += [name for name in document.names if name != found["name"]]
                document.names = [found["name"]]
        for name in listed:
            self.kills.fault(f"came back: a document named {name}")
        # Those that are gone are looked for a while longer.
        gone = [one for one in workspace.documents if one.state is State.GONE]
        for document in gone[:-8]:
            workspace.documents.remove(document)
        return True

    def found(self, workspace: Workspace, words: list[str]) -> list[tuple[str, str]]:
        """The documents and unique words of the passages that a search for some words finds."""
        answer = self.search.ask(self.envelope(workspace, {"query": " ".join(words), "limit": 50}))
        return [(hit["documentId"], *UNIQUE.findall(hit["content"])) for hit in answer.data["results"]]

    # Rest

    def rest(self) -> None:
        """Lets all background work come to its end, and looks at everything."""
        audit.let_time_pass(self.data)
        for _ in range(20):
            pipe("run-jobs", {}, data=self.data)
            if not audit.unfinished(self.data):
                break
        self.check()
        for fault in audit.faults(self.data):
            self.kills.fault(fault)

    def finish(self) -> None:
        self.rest()
        for fault in audit.faults(self.data, at_rest=True, whole_index=True):
            self.kills.fault(fault)
        # Of removed workspaces, too.
        if not (report := self.checker.ask({"body": {}}).data)["ok"]:
            self.kills.fault(f"check-index: {report}")
