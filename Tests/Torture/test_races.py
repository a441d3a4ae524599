"""What must be true however requests meet."""

import random
import sqlite3
import tempfile
import threading
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import audit
from documents import Document
from installation import PASSWORD, Installation, pipe
from receiver import Receiver


def together(installation, count, ask):
    """So many requests at one moment, each on a connection that is open already."""
    barrier = threading.Barrier(count)

    def one(number):
        with installation.client() as client:
            client.connect()
            barrier.wait()
            return ask(client, number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def statuses(answers):
    return Counter(answer.status if answer else None for answer in answers)


class LimitTests(unittest.TestCase):
    def test_limits_of_uploads_and_chats_are_exact_when_they_come_at_once(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        limits = {"RATE_LIMIT_UPLOAD": "10", "RATE_LIMIT_CHAT": "50"}
        with Installation(folder, **limits) as installation, installation.client() as client:
            token = client.register("ada@example.com")["token"]
            workspace = client.ask("POST", "/workspaces", {"name": "W"}, token).data["id"]
            forms = [Document("text", 500, random.Random(n)).form for n in range(30)]
            answers = together(installation, 30, lambda c, n: c.upload(workspace, token, forms[n]))
            self.assertEqual(statuses(answers), {201: 10, 429: 20})
            path = f"/workspaces/{workspace}/chat"
            answers = together(installation, 80, lambda c, n: c.ask("POST", path, {"message": f"What is {n}?"}, token))
            self.assertEqual(statuses(answers), {200: 50, 429: 30})


class RaceTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.installation = cls.enterClassContext(Installation(folder, "--jobs-interval", "0"))
        cls.client = cls.enterClassContext(cls.installation.client())
        cls.ada = cls.client.register("ada@example.com")
        cls.bob = cls.client.register("bob@example.com")
        cls.token = cls.ada["token"]

    def tearDown(self):
        self.assertEqual(audit.faults(self.installation.data), [])

    def make_workspace(self):
        return self.client.ask("POST", "/workspaces", {"name": "W"}, self.token).data["id"]

    def total(self, path):
        return self.client.ask("GET", path, None, self.token).json["pagination"]["total"]

    def rows(self, query, *values):
        with audit.read(self.installation.data) as database:
            return database.execute(query, values).fetchall()

    def test_of_60_chats_under_one_key_one_is_held(self):
        workspace = self.make_workspace()
        together(self.installation, 60, lambda c, n: c.ask(
            "POST", f"/workspaces/{workspace}/chat", {"message": "What?"}, self.token, Idempotency_Key="chat"))
        self.assertEqual(self.total(f"/workspaces/{workspace}/conversations"), 1)
        self.assertEqual(self.rows("SELECT message_count FROM conversations WHERE workspace_id = ?", workspace), [(2,)])

    def test_of_50_uploads_of_the_same_bytes_one_is_new(self):
        for size in (2000, 400_000):
            workspace, form = self.make_workspace(), Document("text", size, random.Random(size)).form
            answers = together(self.installation, 50, lambda c, n: c.upload(workspace, self.token, form))
            self.assertEqual(statuses(answers), {201: 1, 200: 49})
            self.assertEqual(sum(one.json.get("duplicate") is True for one in answers), 49)
            self.assertEqual(self.total(f"/workspaces/{workspace}/documents"), 1)

    def test_of_30_registrations_of_an_address_one_is_made(self):
        answers = together(self.installation, 30, lambda c, n: c.ask("POST", "/auth/register", {
            "email": ("Twin@Example.com", "twin@example.com")[n % 2], "password": PASSWORD, "name": "Twin"}))
        self.assertEqual(statuses(answers), {201: 1, 409: 29})

    def test_an_administrator_is_left_when_two_act_against_each_other(self):
        pair = (self.ada, self.bob)

        def demote(victim):
            return lambda c, n: c.ask("PUT", f"/users/{pair[victim(n)]['user']['id']}", {"role": "user"}, pair[n]["token"])

        def suspend(c, n):
            return c.ask("PUT", f"/users/{pair[1 - n]['user']['id']}", {"status": "suspended"}, pair[n]["token"])
        self.addCleanup(self.make_administrators)
        for number in range(24):
            self.make_administrators()
            together(self.installation, 2, (demote(lambda n: 1 - n), demote(lambda n: n), suspend)[number % 3])
            self.assertTrue(self.rows("SELECT id FROM users WHERE role = 'admin' AND status = 'active'"), number)

    def make_administrators(self):
        """Of both, and their sessions are good again."""
        with closing(sqlite3.connect(self.installation.data / "nexlayer.db", timeout=20)) as database:
            database.execute("UPDATE users SET role = 'admin', status = 'active' WHERE id IN (?, ?)",
                             [one["user"]["id"] for one in (self.ada, self.bob)])
            database.execute("UPDATE sessions SET revoked_at = NULL")
            database.commit()

    def test_an_owner_is_left_when_two_act_against_each_other(self):
        pair = (self.ada, self.bob)
        for number in range(24):
            workspace = self.make_workspace()
            members = f"/workspaces/{workspace}/members"
            self.client.ask("POST", members, {"userId": self.bob["user"]["id"], "role": "owner"}, self.token)
            victim = (lambda n: pair[1 - n]["user"]["id"], lambda n: pair[n]["user"]["id"])[number // 2 % 2]
            if number % 2:
                together(self.installation, 2, lambda c, n: c.ask("DELETE", f"{members}/{victim(n)}", None, pair[n]["token"]))
            else:
                together(self.installation, 2, lambda c, n: c.ask(
                    "POST", members, {"userId": victim(n), "role": "viewer"}, pair[n]["token"]))
            self.assertTrue(self.rows("SELECT 1 FROM members WHERE workspace_id = ? AND role = 'owner'", workspace), number)

    def test_a_member_or_a_workspace_removed_while_they_are_at_work_fails_no_request(self):
        small, large = (Document("text", size, random.Random(size)).form for size in (3000, 300_000))
        for number in range(12):
            workspace = self.make_workspace()
            here = f"/workspaces/{workspace}"
            self.client.ask("POST", f"{here}/members", {"userId": self.bob["user"]["id"], "role": "editor"}, self.token)

            def one(client, n):
                if n == 0:
                    victim = f"{here}/members/{self.bob['user']['id']}" if number % 2 else here
                    return client.ask("DELETE", victim, None, self.token)
                if n == 1:
                    return client.ask("POST", f"{here}/chat", {"message": "What?"}, self.bob["token"])
                return client.upload(workspace, self.bob["token"], small if n == 2 else large)

            for answer in together(self.installation, 4, one):
                self.assertIsNotNone(answer)
                self.assertLess(answer.status, 500, answer)

    def test_turns_of_a_conversation_are_told_apart(self):
        workspace = self.make_workspace()
        path = f"/workspaces/{workspace}/chat"
        first = self.client.ask("POST", path, {"message": "Turn first?"}, self.token).data["conversationId"]
        answers = together(self.installation, 30, lambda c, n: c.ask(
            "POST", path, {"message": f"Turn {n}?", "conversationId": first}, self.token))
        messages = self.client.ask(
            "GET", f"/workspaces/{workspace}/conversations/{first}/messages?limit=100", None, self.token).data
        self.assertEqual([one["role"] for one in messages], ["user", "assistant"] * 31)
        turns = {one.data["message"]["id"]: f"Turn {n}?" for n, one in enumerate(answers)}
        for question, answer in zip(messages[2::2], messages[3::2]):
            self.assertEqual(question["content"], turns[answer["id"]])

    def test_a_refresh_token_used_many_times_at_once_gives_one_successor(self):
        login = {"email": "bob@example.com", "password": PASSWORD}
        for _ in range(3):
            refresh = {"refreshToken": self.client.ask("POST", "/auth/login", login).data["refreshToken"]}
            answers = together(self.installation, 20, lambda c, n: c.ask("POST", "/auth/refresh", refresh))
            self.assertLessEqual(set(statuses(answers)), {200, 401})
            self.assertEqual(len({one.data["refreshToken"] for one in answers if one.ok}), 1)

    def test_ten_processes_that_send_webhooks_send_each_once(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        hook = {"url": receiver.url, "events": ["workspace.created"]}
        self.client.ask("POST", "/webhooks", hook, self.token)
        made = {self.make_workspace() for _ in range(60)}
        with ThreadPoolExecutor(10) as pool:
            ended = list(pool.map(lambda _: pipe("run-jobs", {}, data=self.installation.data)[1], range(10)))
        self.assertEqual(ended, [0] * 10)
        self.assertEqual({subject: count for (_, subject), count in receiver.events.items() if subject in made},
                         dict.fromkeys(made, 1))


if __name__ == "__main__":
    unittest.main()
