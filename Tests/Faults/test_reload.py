"""Functions that are replaced, added, removed and broken while they are served."""

import os
import random
import signal
import threading
import time
import unittest

from harness import ECHO, Runner, eventually, function


def version(number, path="/v", start=""):
    return function(path, f"reply({str(number)!r} + ' ' + request.get('body', ''))", start, method="POST")


class ReloadTests(unittest.TestCase):
    def setUp(self):
        self.runner = self.enterContext(Runner({"v": version(0), "echo": ECHO}, "--max-processes", "2"))

    def ask(self, body="x"):
        answer = self.runner.ask("POST", "/v", body)
        return answer.text if answer.status == 200 else answer.status

    def test_a_new_version_answers_the_next_request(self):
        with self.runner.connect() as client:
            for number in range(1, 11):
                self.assertEqual(client.ask("POST", "/v", "x").text, f"{number - 1} x")
                self.runner.install("v", version(number))
                self.assertEqual(client.ask("POST", "/v", "x").text, f"{number} x")

    def test_a_request_that_is_under_way_ends_with_the_version_it_began_with(self):
        slow = function("/v", "time.sleep(0.7)\nreply('slow')")
        self.runner.install("v", slow)
        with self.runner.connect() as client:
            client.send("POST /api/v1/v HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            time.sleep(0.3)
            self.runner.install("v", version(1))
            self.assertEqual(self.ask(), "1 x")
            self.assertEqual(client.response().text, "slow")

    def test_a_version_that_does_not_describe_itself_is_reported_and_not_used(self):
        self.assertEqual(self.ask(), "0 x")
        for source in ("#!/bin/sh\nexit 3\n", "#!/bin/sh\necho '{}}'\n", "#!/no/such/interpreter\n", "\0\1\2"):
            self.runner.install("v", source)
            for _ in range(3):
                self.assertEqual(self.ask(), "0 x")
        told = self.runner.logged("the new version of a function cannot be used; the old one stays in service")
        self.assertEqual(len(told), 4)
        self.assertIn("exit code 3", told[0]["reason"])
        # Also by processes that are started only now.
        for process in self.runner.processes():
            os.kill(process, signal.SIGKILL)
        self.assertEqual(self.ask(), "0 x")
        self.runner.install("v", version(1))
        self.assertEqual(self.ask(), "1 x")

    def test_a_version_that_ends_when_it_is_started_is_reported_and_not_used(self):
        self.assertEqual(self.ask(), "0 x")
        self.runner.install("v", version(1, start="sys.exit(7)"))
        for _ in range(3):
            self.assertEqual(self.ask(), "0 x")
        self.assertTrue(self.runner.logged(
            "the new version of a function does not answer; the old one stays in service"))

    def test_a_version_that_answers_nothing_that_can_be_passed_on_is_not_used_for_long(self):
        self.assertEqual(self.ask(), "0 x")
        for broken, status, described in (("print('garbage', flush=True)", 502, {}),
                                          ("time.sleep(60)", 504, {"timeoutSeconds": 0.5})):
            with self.subTest(broken):
                self.runner.install("v", function("/v", broken, **described))
                answers = [self.ask() for _ in range(5)]
                # What it may have done already is not done again.
                self.assertEqual(answers, [status] * 3 + ["0 x"] * 2)
        self.assertEqual(len(self.runner.logged("the new version of a function does not answer; the old one stays in service")), 2)

    def test_functions_come_and_go(self):
        self.assertEqual(self.runner.ask("POST", "/w", "x").status, 404)
        self.runner.install("w", version(1, "/w"))
        eventually(lambda: self.runner.ask("POST", "/w", "x").text == "1 x", "the new function is served")
        self.runner.install("w", version(2, "/moved"))
        eventually(lambda: self.runner.ask("POST", "/moved", "x").text == "2 x", "the new route is served")
        self.assertEqual(self.runner.ask("POST", "/w", "x").status, 404)
        (self.runner.functions / "w").unlink()
        eventually(lambda: self.runner.ask("POST", "/moved", "x").status == 404, "the function is gone")
        self.assertEqual(self.ask(), "0 x")

    def test_a_folder_that_is_made_anew_is_read_again(self):
        self.runner.functions.rename(self.runner.folder / "old")
        self.runner.functions.mkdir()
        self.runner.install("v", version(5))
        eventually(lambda: self.ask() == "5 x", "the new folder is served")

    def test_a_thousand_requests_while_functions_are_replaced_and_killed(self):
        """Every request gets an answer, its own, from a version that was there since it was sent."""
        generator = random.Random(4)
        newest, seen, wrong, statuses = 0, 0, [], []
        threads, lock = [], threading.Lock()
        is_over = threading.Event()

        def disturb():
            nonlocal newest
            kills = 0
            while not is_over.wait(generator.uniform(0.02, 0.1)):
                # The next version comes only when the last one has answered: how fast that goes is not the question.
                if seen == newest and generator.random() < 0.7:
                    self.runner.install("v", version(newest + 1))
                    newest, kills = newest + 1, 0
                # One that is killed again and again before it ever answered would be taken for broken.
                elif (seen == newest or kills < 2) and (processes := self.runner.serving()):
                    kills += 1
                    try:
                        os.kill(generator.choice(processes), signal.SIGKILL)
                    except ProcessLookupError:
                        pass

        def ask(thread):
            nonlocal seen
            with self.runner.connect(timeout=30) as client:
                for number in range(250):
                    body = f"{thread}-{number}"
                    before = newest
                    time.sleep(0.01)
                    answer = client.ask("POST", "/v", body)
                    with lock:
                        statuses.append(answer.status)
                        if answer.status == 200:
                            used, _, echoed = answer.text.partition(" ")
                            seen = max(seen, int(used))
                            if echoed != body or not before <= int(used) <= newest + 1:
                                wrong.append((body, before, answer.text))
                        # A request whose process was killed in its midst may have done its work already.
                        elif answer.status != 502:
                            wrong.append((body, answer))

        disturber = threading.Thread(target=disturb)
        disturber.start()
        threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        is_over.set()
        disturber.join()
        self.assertEqual(wrong, [])
        self.assertEqual(len(statuses), 1000)
        self.assertGreater(statuses.count(200), 900)
        self.assertGreater(newest, 3)
