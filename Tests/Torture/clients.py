"""Clients that write all the time, each with an account and workspaces of its own, and one that all share."""

import json
import random
import re
import threading

from documents import WORDS, Document, unique_word
from installation import PASSWORD
from journal import State, Thing

KINDS = ["text"] * 4 + ["markdown", "html", "csv", "json", "docx", "pdf"]


class Clients:
    """So many of them, which work until they are paused."""

    def __init__(self, count, installation, journal, receiver, seed):
        self.installation, self.journal, self.receiver = installation, journal, receiver
        self.running, self.ended, self.at_work = threading.Event(), False, {}
        with installation.client() as client:
            admin = client.register("admin@example.com")
            self.token = admin["token"]
            self.shared = Thing(client.ask("POST", "/workspaces", {"name": "Shared"}, self.token).data["id"], "Shared")
            client.ask("POST", "/webhooks", {"url": receiver.url, "events": [
                "document.uploaded", "document.deleted", "chat.conversation.started", "workspace.deleted"]}, self.token)
        journal.workspaces.append(self.shared)
        self.all = [Writer(number, self, random.Random(seed * 1000 + number)) for number in range(count)]
        for writer in self.all:
            writer.start()

    def pause(self):
        """Waits until nobody has a request under way."""
        self.running.clear()
        for writer in self.all:
            if not writer.parked.wait(120):
                self.journal.faults.append(f"a request hangs: {self.at_work.get(writer)}")

    def go_on(self):
        for writer in self.all:
            writer.parked.clear()
        self.running.set()

    def end(self):
        self.ended = True
        self.running.set()
        for writer in self.all:
            writer.join(10)


class Writer(threading.Thread):
    def __init__(self, number, clients, rng):
        super().__init__(daemon=True)
        self.clients, self.journal, self.rng = clients, clients.journal, rng
        self.token, self.own, self.parked = None, [], threading.Event()

    def run(self):
        while not self.clients.ended:
            if not self.clients.running.is_set():
                self.parked.set()
                self.clients.running.wait(0.5)
                continue
            with self.clients.installation.client() as self.client:
                while self.clients.running.is_set() and not self.clients.ended:
                    try:
                        self.step()
                    except Exception as error:  # a fault of this program or of an answer: either is to be seen
                        self.journal.faults.append(f"{type(error).__name__}: {error}")
                        return self.parked.set()

    def step(self):
        if self.token is None:
            return self.register()
        if not self.workspaces() or len(self.workspaces()) < 4 and self.rng.random() < 0.05:
            return self.create_workspace()
        actions = {self.upload: 36, self.chat: 20, self.rename_document: 10, self.delete_document: 8,
                   self.rename_conversation: 5, self.delete_conversation: 3, self.create_keyed_workspace: 4,
                   self.rename_workspace: 4, self.delete_workspace: 2, self.create_webhook: 2, self.register: 2,
                   self.upload_keyed: 4, self.chat_keyed: 4}
        self.rng.choices(list(actions), list(actions.values()))[0]()

    def ask(self, function, *request, **headers):
        self.clients.at_work[self] = function
        try:
            return self.client.ask(*request, **headers)
        finally:
            self.clients.at_work.pop(self, None)

    def workspaces(self):
        return [one for one in self.own if one.is_there]

    def mine(self, things):
        """Those that are there, in workspaces of this client."""
        return [one for one in list(things) if one.is_there and one.workspace in self.own and one.workspace.is_there]

    # Accounts, workspaces, webhooks

    def register(self):
        email = f"{unique_word(self.rng)}@example.com"
        answer = self.ask("register", "POST", "/auth/register", {"email": email, "password": PASSWORD, "name": "Writer"})
        if self.journal.note(answer):
            self.journal.users.append(Thing(email, "Writer"))
            self.token = self.token or answer.data["token"]

    def create_workspace(self, name=None, **headers):
        name = name or f"Workspace {unique_word(self.rng)}"
        answer = self.ask("create-workspace", "POST", "/workspaces", {"name": name}, self.token, **headers)
        if not self.journal.note(answer):
            return None
        made = next((one for one in self.own if one.id == answer.data["id"]), None)
        if made is None:
            made = Thing(answer.data["id"], name)
            self.journal.workspaces.append(made)
            self.own.append(made)
        return made

    def create_keyed_workspace(self):
        """Under one key, until it is answered twice: exactly one is made. Nobody renames or removes it."""
        key, name, answered = unique_word(self.rng), f"Keyed {unique_word(self.rng)}", 0
        self.journal.keyed_names[name] = False
        for _ in range(20):
            made = self.create_workspace(name, Idempotency_Key=key)
            if made:
                self.journal.keyed_names[name], answered = True, answered + 1
            if answered == 2 or not made and not self.clients.running.wait(0.1):
                break
        self.own = [one for one in self.own if name not in one.names]

    def rename_workspace(self):
        one, name = self.rng.choice(self.workspaces()), f"Renamed {unique_word(self.rng)}"
        self.journal.rename(one, name, lambda: self.ask(
            "update-workspace", "PUT", f"/workspaces/{one.id}", {"name": name}, self.token))

    def delete_workspace(self):
        if len(self.workspaces()) < 3:
            return
        one, journal = self.rng.choice(self.workspaces()), self.journal
        if journal.remove(one, lambda: self.ask("delete-workspace", "DELETE", f"/workspaces/{one.id}", None, self.token),
                          journal.documents, journal.conversations):
            journal.events.add(("workspace.deleted", one.id))

    def create_webhook(self):
        workspace = self.rng.choice(self.workspaces())
        if sum(one.workspace is workspace for one in self.journal.webhooks) >= 10:
            return
        answer = self.ask("create-webhook", "POST", "/webhooks", {
            "url": self.clients.receiver.url, "events": ["workspace.updated"], "workspaceId": workspace.id}, self.token)
        if self.journal.note(answer):
            # It is removed once the end of its workspace was sent to it.
            self.journal.webhooks.append(Thing(answer.data["id"], "", workspace))

    # Documents

    def upload(self, tries=1, **headers):
        workspace, token = self.rng.choice(self.workspaces()), self.token
        if self.rng.random() < 0.2:
            workspace, token = self.clients.shared, self.clients.token
        size = self.rng.choices([1500, 30_000, 300_000, 5 << 20], [700, 250, 44, 6])[0]
        document = Document("text" if size > 30_000 else self.rng.choice(KINDS), size, self.rng)
        body, media = document.form
        for _ in range(tries):
            answer = self.ask("upload-document", "POST", f"/workspaces/{workspace.id}/documents", body, token,
                              Content_Type=media, **headers)
            if self.journal.note(answer):
                state = State.THERE if answer.data["status"] == "processed" else State.MAYBE
                self.journal.documents.append(Thing(
                    answer.data["id"], document.name, workspace, state, sha256=document.sha256, word=document.word,
                    chunks=answer.data["chunkCount"], token=token))
                self.journal.events.add(("document.uploaded", answer.data["id"]))
                return
            if not self.clients.running.wait(0.2):
                return

    def upload_keyed(self):
        self.upload(tries=8, Idempotency_Key=unique_word(self.rng))

    def rename_document(self):
        if mine := self.mine(self.journal.documents):
            one, name = self.rng.choice(mine), f"{unique_word(self.rng)}.txt"
            self.journal.rename(one, name, lambda: self.ask(
                "update-document", "PUT", f"/workspaces/{one.workspace.id}/documents/{one.id}", {"name": name}, self.token))

    def delete_document(self):
        mine = self.mine(self.journal.documents)
        if len(mine) >= 3:
            one = self.rng.choice(mine)
            if self.journal.remove(one, lambda: self.ask(
                    "delete-document", "DELETE", f"/workspaces/{one.workspace.id}/documents/{one.id}", None, self.token)):
                self.journal.events.add(("document.deleted", one.id))

    # Conversations

    def chat(self):
        mine = self.mine(self.journal.conversations)
        one = self.rng.choice(mine) if mine and self.rng.random() < 0.7 else None
        workspace = one.workspace if one else self.rng.choice(self.workspaces())
        word = self.rng.choice([one.word for one in self.mine(self.journal.documents)] or WORDS)
        question = {"message": f"What does {word} keep {unique_word(self.rng)}?", "stream": self.rng.random() < 0.4}
        if one:
            question["conversationId"] = one.id
            one.most += 2
        answer = self.ask("send-message", "POST", f"/workspaces/{workspace.id}/chat", question, self.token)
        conversation, message = self.answered(answer, question["stream"])
        if not self.journal.note(answer if message else None if answer is None or answer.ok else answer):
            return
        if one is None:
            one = Thing(conversation, None, workspace, least=0, most=2, messages=[])
            self.journal.conversations.append(one)
            self.journal.events.add(("chat.conversation.started", conversation))
        one.least += 2
        one.messages.append(message)

    def chat_keyed(self):
        """Under one key, until it is answered: the question is asked once. The conversation stays as it is."""
        question = {"message": f"What is {unique_word(self.rng)}?", "stream": self.rng.random() < 0.5}
        key, path = unique_word(self.rng), f"/workspaces/{self.clients.shared.id}/chat"
        self.journal.keyed_questions[question["message"]] = False
        for _ in range(20):
            answer = self.ask("send-message", "POST", path, question, self.clients.token, Idempotency_Key=key)
            if self.answered(answer, question["stream"])[1] and self.journal.note(answer):
                self.journal.keyed_questions[question["message"]] = True
                return
            if not self.clients.running.wait(0.1):
                return

    def answered(self, answer, is_stream):
        """The ids of the conversation and of the answer. A stream acknowledges by its last event alone."""
        if answer is None or not answer.ok:
            return None, None
        if not is_stream:
            return answer.data["conversationId"], answer.data["message"]["id"]
        events = dict(re.findall(r"event: (start|done)\ndata: (.*)", answer.body.decode()))
        start = json.loads(events["start"]) if "done" in events else {}
        return start.get("conversationId"), start.get("messageId")

    def rename_conversation(self):
        if mine := self.mine(self.journal.conversations):
            one, title = self.rng.choice(mine), f"Title {unique_word(self.rng)}"
            self.journal.rename(one, title, lambda: self.ask(
                "update-conversation", "PUT", f"/workspaces/{one.workspace.id}/conversations/{one.id}", {"title": title},
                self.token))

    def delete_conversation(self):
        if mine := self.mine(self.journal.conversations):
            one = self.rng.choice(mine)
            self.journal.remove(one, lambda: self.ask(
                "delete-conversation", "DELETE", f"/workspaces/{one.workspace.id}/conversations/{one.id}", None, self.token))
