#!/usr/bin/env python3
"""Requests that meet at random on several runners with one PostgreSQL, and what must be true however they meet.

Each schedule sends a few requests at one moment, each to a runner of its own, and then looks at what is left. No answer may
be a 5xx.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import audit
from documents import Document
from installation import PASSWORD, Answer, Client, Installation, call
from machines import Machines
from receiver import Receiver
from report import Report

KEYS, CHATS = 3, 5
"""The most API keys of an account, and the most chats of one a minute."""
VARIABLES = {"MAX_API_KEYS": str(KEYS), "RATE_LIMIT_CHAT": str(CHATS), "WEBHOOK_RETRIES": "60"}

Ask = Callable[[Client], "Answer | None"]


class Schedules:
    def __init__(self, installation: Machines | Installation, seed: int) -> None:
        self.installation, self.rng, self.report = installation, random.Random(seed), Report("Schedules of several runners")
        self.machines = installation.all if isinstance(installation, Machines) else [installation] * 4
        self.pool, self.clients = ThreadPoolExecutor(CHATS + 2), {}  # as many threads as the most requests that meet
        self.receiver = Receiver()
        self.client = installation.client()
        self.root = self.client.register("root@example.com")["token"]
        self.people = [self.client.register(f"{name}@example.com") for name in ("ada", "bob", "eve")]
        self.names = 0
        self.due: set[str] = set()
        self.watch()

    def watch(self) -> None:
        """Has events sent. Who is no administrator any more gets none, so this ends with the role."""
        self.ask("POST", "/webhooks", {"url": self.receiver.url, "events": ["workspace.created"]})

    # Requests

    def name(self, kind: str) -> str:
        self.names += 1
        return f"{kind} {self.names}"

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str) -> Answer:
        answer = self.client.ask(method, path, body, token or self.root, **headers)
        if answer is None:
            raise RuntimeError(f"{method} {path} was not answered")
        return answer

    def together(self, *requests: Ask) -> list[Answer]:
        """Sends each from its own thread to a runner of its own, at one moment."""
        barrier = threading.Barrier(len(requests))
        machines = self.rng.sample(range(len(self.machines)), len(self.machines))

        def one(number: int, request: Ask) -> Answer | None:
            key = number, machines[number % len(machines)]
            client = self.clients.setdefault(key, self.machines[key[1]].client())
            if client.connection is None:
                client.connect()
            barrier.wait(60)
            return request(client)

        answers = list(self.pool.map(one, range(len(requests)), requests))
        for answer in answers:
            if answer is None or answer.status >= 500:
                self.report.fault(f"answered {answer}")
            self.report.count("requests")
        return [answer for answer in answers if answer is not None]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with audit.read(self.installation.data) as database:
            return database.execute(query).fetchall()

    def fault(self, what: str, answers: list[Answer]) -> None:
        self.report.fault(f"{what}: {[(answer.status, answer.code) for answer in answers]}")

    # What may not be broken. Each is one schedule.

    def workspace(self) -> str:
        made = self.ask("POST", "/workspaces", {"name": self.name("Schedule")}).data["id"]
        self.due.add(made)
        return made

    def administrators(self) -> None:
        """At least one active administrator is left."""
        pair = self.rng.sample(self.people, 2)
        self.deliveries()
        for hook in self.ask("GET", "/webhooks").data:
            self.ask("DELETE", f"/webhooks/{hook['id']}")
        for one in self.people:  # root is none while this runs
            self.ask("PUT", f"/users/{one['user']['id']}", {"role": "admin" if one in pair else "user", "status": "active"})
        tokens = [self.login(one) for one in pair]
        mine = self.ask("GET", "/users/me").data["id"]
        self.ask("PUT", f"/users/{mine}", {"role": "user"}, tokens[0])
        change = self.rng.choice([{"role": "user"}, {"status": "suspended"}, None])

        def act(victim: int, token: str) -> Ask:
            path = f"/users/{pair[victim]['user']['id']}"
            return lambda client: client.ask("PUT", path, change or {"role": "user"}, token)

        crossed = self.rng.random() < 0.7
        answers = self.together(*(act(1 - n if crossed else n, tokens[n]) for n in range(2)))
        left = self.rows("SELECT id FROM users WHERE role = 'admin' AND status = 'active'")
        if not left:
            self.fault("no administrator is left", answers)
        survivor = next((n for n in range(2) if (pair[n]["user"]["id"],) in left), 0)
        self.ask("PUT", f"/users/{mine}", {"role": "admin"}, self.login(pair[survivor]))
        self.watch()

    def login(self, person: dict[str, Any]) -> str:
        return self.client.ask("POST", "/auth/login", {"email": person["user"]["email"], "password": PASSWORD}).data["token"]

    def owners(self) -> None:
        """A workspace keeps an owner."""
        pair = self.rng.sample(self.people, 2)
        workspace = self.ask("POST", "/workspaces", {"name": self.name("Owned")}, self.token(pair[0])).data["id"]
        members = f"/workspaces/{workspace}/members"
        self.ask("POST", members, {"userId": pair[1]["user"]["id"], "role": "owner"}, self.token(pair[0]))
        crossed, demotes = self.rng.random() < 0.6, self.rng.random() < 0.5

        def act(n: int) -> Ask:
            victim, token = pair[1 - n if crossed else n]["user"]["id"], self.token(pair[n])
            if demotes:
                return lambda client: client.ask("POST", members, {"userId": victim, "role": "viewer"}, token)
            return lambda client: client.ask("DELETE", f"{members}/{victim}", None, token)

        answers = self.together(act(0), act(1))
        if not self.rows(f"SELECT 1 AS one FROM members m JOIN workspaces w ON w.id = m.workspace_id AND w.owner_id = m.user_id "
                         f"WHERE w.id = '{workspace}' AND m.role = 'owner'"):
            self.fault("a workspace has no owner", answers)

    def token(self, person: dict[str, Any]) -> str:
        """Of a session that still is one: a change of the role ends those before."""
        if self.client.ask("GET", "/users/me", None, person["token"]).status != 200:
            self.ask("PUT", f"/users/{person['user']['id']}", {"status": "active"})
            person["token"] = self.login(person)
        return person["token"]

    def one_per_key(self) -> None:
        """One idempotency key makes one workspace."""
        name, key = self.name("Keyed"), self.name("key").replace(" ", "-")
        answers = self.together(*[lambda client: client.ask(
            "POST", "/workspaces", {"name": name}, self.root, Idempotency_Key=key)] * self.rng.randint(2, 4))
        made = self.rows(f"SELECT id FROM workspaces WHERE name = '{name}'")
        self.due |= {row[0] for row in made}
        answered = {answer.data["id"] for answer in answers if answer.ok}
        if len(made) != 1 or answered != {made[0][0]} or any(not answer.ok for answer in answers):
            self.fault(f"{len(made)} workspaces under one key, {len(answered)} in answers", answers)

    def api_keys(self) -> None:
        """No account gets more API keys than it may have."""
        person = self.rng.choice(self.people)
        token = self.token(person)
        for key in self.ask("GET", "/api-keys", None, token).data:
            self.ask("DELETE", f"/api-keys/{key['id']}", None, token)
        answers = self.together(*[lambda client: client.ask(
            "POST", "/api-keys", {"name": "k", "scopes": ["read"]}, token)] * (KEYS + 1))
        if sum(answer.ok for answer in answers) != KEYS:
            self.fault("the limit of API keys is not exact", answers)

    def limit(self) -> None:
        """Exactly as many chats pass as the limit allows."""
        person = self.client.register(f"{self.name('limited').replace(' ', '')}@example.com")
        workspace = self.client.ask("POST", "/workspaces", {"name": "Limited"}, person["token"]).data["id"]
        second = time.time() % 60
        if second > 55:  # the window must not end in between
            time.sleep(60.1 - second)
        answers = self.together(*[lambda client: client.ask(
            "POST", f"/workspaces/{workspace}/chat", {"message": "What?"}, person["token"])] * (CHATS + 2))
        if sorted(answer.status for answer in answers) != [200] * CHATS + [429] * 2:
            self.fault("the rate limit is not exact", answers)

    def messages(self) -> None:
        """Turns of a conversation are numbered without gaps, each question before its answer."""
        person = self.client.register(f"{self.name('chatter').replace(' ', '')}@example.com")["token"]
        workspace = self.client.ask("POST", "/workspaces", {"name": "Talk"}, person).data["id"]
        path = f"/workspaces/{workspace}/chat"
        conversation = self.client.ask("POST", path, {"message": "First?"}, person).data["conversationId"]
        answers = self.together(*(
            lambda client, n=n: client.ask("POST", path, {"message": f"Turn {n}?", "conversationId": conversation}, person)
            for n in range(4)))
        found = self.rows(f"SELECT position, role FROM messages WHERE conversation_id = '{conversation}' ORDER BY position")
        wanted = [(n, ("user", "assistant")[n % 2]) for n in range(2 + 2 * sum(answer.ok for answer in answers))]
        if found != wanted or not all(answer.ok for answer in answers):
            self.fault(f"messages are {found}", answers)

    def registrations(self) -> None:
        """An address has one account."""
        email = f"{self.name('twin').replace(' ', '')}@example.com"
        body = {"email": email, "password": PASSWORD, "name": "Twin"}
        answers = self.together(*[lambda client: client.ask("POST", "/auth/register", body)] * 3)
        if sorted(answer.status for answer in answers) != [201, 409, 409]:
            self.fault("an address has not one account", answers)

    def uploads(self) -> None:
        """The same bytes are one document, and a removed workspace leaves none."""
        workspace, form = self.workspace(), Document("text", 3000, self.rng).form
        removes = self.rng.random() < 0.5
        requests: list[Ask] = [lambda client: client.upload(workspace, self.root, form)] * 3
        if removes:
            requests.append(lambda client: client.ask("DELETE", f"/workspaces/{workspace}", None, self.root))
        answers = self.together(*requests)
        count = self.rows(f"SELECT count(*) AS n FROM documents WHERE workspace_id = '{workspace}'")[0][0]
        if removes and not answers[-1].ok or count != (0 if removes else 1):
            self.fault(f"the same bytes are {count} documents", answers)

    def refresh(self) -> None:
        """A refresh token has one successor."""
        person = self.rng.choice(self.people)
        self.token(person)
        body = {"refreshToken": self.client.ask("POST", "/auth/login", {
            "email": person["user"]["email"], "password": PASSWORD}).data["refreshToken"]}
        answers = self.together(*[lambda client: client.ask("POST", "/auth/refresh", body)] * 3)
        if len({answer.data["refreshToken"] for answer in answers if answer.ok}) != 1:
            self.fault("a refresh token has not one successor", answers)

    # All of it

    KINDS = {administrators: 2, owners: 4, one_per_key: 4, api_keys: 3, limit: 2, messages: 3, registrations: 2, uploads: 4,
             refresh: 2}

    def run(self, count: int, progress: Callable[[str], None]) -> Report:
        for number in range(count):
            kind = self.rng.choices(list(self.KINDS), list(self.KINDS.values()))[0]
            self.report.count(f"schedules: {kind.__name__}")
            kind(self)
            if number % 200 == 199:
                progress(f"{number + 1} of {count} schedules, {len(self.report.faults)} faults")
        self.deliveries()
        for fault in audit.faults(self.installation.data):
            self.report.fault(fault)
        return self.report

    def deliveries(self) -> None:
        """Every runner sends webhooks; each event of workspaces that root made arrives once."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and self.rows("SELECT 1 AS one FROM deliveries WHERE status = 'pending' LIMIT 1"):
            time.sleep(0.2)
        with self.receiver.lock:
            counts = {subject: count for (_, subject), count in self.receiver.events.items()}
        for subject in self.due:
            self.report.count("events")
            if counts.get(subject) != 1:
                self.report.fault(f"an event was delivered {counts.get(subject, 0)} times: {subject}")
        self.due.clear()

    def close(self) -> None:
        self.receiver.close()
        self.pool.shutdown()


def run(count: int, machines: int = 4, seed: int = 1, progress: Callable[[str], None] = lambda text: None) -> Report:
    """With no machines, one runner on SQLite."""
    with tempfile.TemporaryDirectory(prefix="schedules-") as folder, (
            Machines(folder, machines, **VARIABLES) if machines else Installation(folder, **VARIABLES)) as installation:
        schedules = Schedules(installation, seed)
        try:
            return schedules.run(count, progress)
        finally:
            schedules.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="how many schedules")
    parser.add_argument("--machines", type=int, default=4, help="runners on one PostgreSQL; 0 for one on SQLite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return run(options.count, options.machines, options.seed, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
