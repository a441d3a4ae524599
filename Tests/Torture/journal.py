"""What clients know: of each thing that they made, what must be true of it from what they were answered."""

import threading
from collections import Counter
from enum import Enum

import audit


class State(Enum):
    MAYBE = "asked for, and never answered"
    THERE = "acknowledged"
    MAYBE_GONE = "its removal was asked for, and never answered"
    GONE = "its removal was acknowledged"


class Thing:
    """Something in the database. `names`: what it may be called, after renamings that nobody answered."""

    def __init__(self, id, name, workspace=None, state=State.THERE, **known):
        self.id, self.names, self.workspace, self.state = id, {name}, workspace, state
        self.__dict__.update(known)

    @property
    def is_there(self):
        return self.state is State.THERE


class Journal:
    def __init__(self):
        self.lock = threading.RLock()
        self.users, self.workspaces, self.documents, self.conversations, self.webhooks = [], [], [], [], []
        # Names of workspaces and questions that were sent under an idempotency key, and whether they were acknowledged.
        self.keyed_names, self.keyed_questions = {}, {}
        self.events = set()  # (type, id) that webhooks must deliver
        self.faults, self.outcomes = [], Counter()

    def note(self, answer):
        """Counts an answer, or that there was none. Whether it is a success."""
        with self.lock:
            is_unknown = answer is None or answer.status in (502, 503, 504)
            kind = f"unknown: {answer.code if answer else 'no answer'}" if is_unknown else "acknowledged" if answer.ok else f"refused: {answer.code}"
            self.outcomes[kind] += 1
            if answer is not None and answer.status == 500:
                self.faults.append(f"answered {answer}")
        return kind == "acknowledged"

    @property
    def unknown(self):
        """How many requests nobody knows the outcome of."""
        return sum(count for kind, count in self.outcomes.items() if kind.startswith("unknown"))

    def remove(self, thing, ask, *within):
        """Asks for the removal of something, and so of what is in it. Whether that was acknowledged."""
        with self.lock:
            going = [thing] + [one for one in sum(map(list, within), []) if one.workspace is thing]
            going = [one for one in going if one.state in (State.THERE, State.MAYBE)]
            for one in going:
                one.state = State.MAYBE_GONE
        done = self.note(ask())
        if done:
            for one in going:
                one.state = State.GONE
        return done

    def rename(self, thing, name, ask):
        thing.names.add(name)
        if self.note(ask()):
            thing.names = {name}

    # What must be true

    def verify(self, data):
        """What was acknowledged and is not so, in words."""
        with audit.read(data) as database:
            database.execute("BEGIN")

            def rows(query):
                return {row[0]: row[1:] for row in database.execute(query)}

            found = self.compare("account", self.users, rows("SELECT email, name FROM users"))
            workspaces = rows("SELECT id, name FROM workspaces")
            found += self.compare("workspace", self.workspaces, workspaces)
            webhooks = [one for one in self.webhooks if one.workspace.is_there]
            found += self.compare("webhook", webhooks, rows("SELECT id, description FROM webhooks"))
            documents = rows("SELECT id, name, status, sha256, chunk_count FROM documents")
            found += self.compare("document", self.documents, documents)
            conversations = rows("SELECT id, title, message_count FROM conversations")
            found += self.compare("conversation", self.conversations, conversations)
            messages = rows("SELECT id FROM messages")
            questions = Counter(row[0] for row in database.execute("SELECT content FROM messages WHERE role = 'user'"))
        for one in self.documents:
            row = documents.get(one.id)
            if one.is_there and row and row[1:] != ("processed", one.sha256, one.chunks):
                found.append(f"half-done: the document {one.id} is {row}")
        for one in self.conversations:
            row = conversations.get(one.id)
            if one.is_there and row:
                if not one.least <= row[1] <= one.most:
                    found.append(f"the conversation {one.id} has {row[1]} messages, not {one.least} to {one.most}")
                found += [f"lost: the message {id}" for id in one.messages if id not in messages]
        names = Counter(row[0] for row in workspaces.values())
        return found + self.compare_keyed("workspace", self.keyed_names, names) + self.compare_keyed(
            "question", self.keyed_questions, questions)

    def compare_keyed(self, kind, sent, counts):
        return [f"made {counts[one]} times under one key: the {kind} {one}" for one, acknowledged in list(sent.items())
                if counts[one] > 1 or acknowledged and not counts[one]]

    def compare(self, kind, things, rows):
        found = []
        for one in list(things):
            row = rows.get(one.id)
            if one.is_there and row is None:
                found.append(f"lost: the {kind} {one.id}")
            elif one.is_there and None not in one.names and row[0] not in one.names:
                found.append(f"lost: the name of the {kind} {one.id}, which is {row[0]!r} and not of {one.names}")
            elif one.state is State.GONE and row is not None:
                found.append(f"came back: the {kind} {one.id}")
        return found
