"""Where the runner listens, what processes may use, and how it ends."""

import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path

from harness import ECHO, RUNNER, Client, Runner, eventually, function

SLOW = function("/slow", "time.sleep(0.6)\nreply('slow')")
HUNGRY = function("/hungry", "kept = bytearray(300 * 1000 * 1000)\nreply('fed')")
BUSY = function("/busy", "while True: pass", timeoutSeconds=20)


class ListeningTests(unittest.TestCase):
    def test_a_unix_socket_is_listened_on_and_goes_with_the_runner(self):
        with Runner({"echo": ECHO}, "--socket", "socket", "--socket-mode", "600") as runner:
            path = runner.folder / "socket"
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            with Client(str(path)) as client:
                self.assertEqual(client.ask("POST", "/echo", "by socket").text, "by socket")
            other = subprocess.run([RUNNER, "--socket", path, "--functions", runner.functions], capture_output=True, text=True)
            self.assertEqual(other.returncode, 1)
            self.assertIn("in use", other.stderr)
            runner.process.terminate()
            self.assertEqual(runner.process.wait(10), 0)
            self.assertFalse(path.exists())

    def test_a_socket_that_was_left_behind_is_replaced(self):
        with socket.socket(socket.AF_UNIX) as left:
            path = f"/tmp/runner-left-{time.time_ns()}"
            left.bind(path)
        try:
            with Runner({"echo": ECHO}, "--socket", path):
                with Client(path) as client:
                    self.assertEqual(client.ask("POST", "/echo", "x").text, "x")
        finally:
            Path(path).unlink(missing_ok=True)

    def test_every_address_of_both_families(self):
        with Runner({"echo": ECHO}, "--host", "::") as runner:
            for address in (runner.address, ("::1", runner.address[1])):
                with Client(address) as client:
                    self.assertEqual(client.ask("POST", "/echo", "x").text, "x")


class BodyTests(unittest.TestCase):
    def test_bodies_have_a_common_bound(self):
        large = function("/large", "reply(str(len(request['body'])))", maxBodyBytes=2_000_000)
        half = b"POST /api/v1/large HTTP/1.1\r\nHost: localhost\r\nAuthorization: x\r\nContent-Length: 1200000\r\n\r\n" + b"x" * 700_000
        with Runner({"large": large}, "--max-body-memory", "1048576") as runner:
            with runner.connect() as first:
                first.send(half)
                eventually(lambda: self.is_refused(runner, half), "the second is refused")
                first.send(b"x" * 300_000)
            # What a client leaves behind makes room.
            eventually(lambda: runner.ask("POST", "/large", "x" * 900_000).status == 200, "there is room again")
            for _ in range(3):
                self.assertEqual(runner.ask("POST", "/large", "x" * 900_000).status, 200)

    def is_refused(self, runner, request):
        with runner.connect() as client:
            try:
                client.send(request)
                client.send(b"x" * 500_000)
            except OSError:
                pass
            answer = client.response()
            return answer.status == 503 and answer.headers["retry-after"] == "1"


class HeadTests(unittest.TestCase):
    def test_bounds_of_heads_can_be_set(self):
        options = ("--max-request-line", "100", "--max-head-bytes", "500", "--max-header-fields", "5")
        with Runner({"echo": ECHO}, *options) as runner:
            self.assertEqual(runner.ask("POST", "/echo", "x").status, 200)
            self.assertEqual(runner.ask("POST", "/echo?" + "a" * 100, "x").status, 414)
            self.assertEqual(runner.ask("POST", "/echo", "x", headers=f"A: {'b' * 500}\r\n").status, 431)
            self.assertEqual(runner.ask("POST", "/echo", "x", headers="A: b\r\n" * 5).status, 431)

    def test_an_absolute_target_names_the_host(self):
        shown = function("/host", "reply(request['headers']['host'])")
        with Runner({"host": shown}, "--allowed-hosts", "other") as runner, runner.connect() as client:
            client.send("POST http://other:81/api/v1/host HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            self.assertEqual(client.response().text, "other:81")

    def test_pages_of_allowed_origins_can_read_what_the_runner_answers_itself(self):
        with Runner({"echo": ECHO}, CORS_ORIGINS="https://a.example, https://b.example") as runner:
            answer = runner.ask("GET", "/nowhere", headers="Origin: https://b.example\r\n")
            self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (404, "https://b.example"))
            asked = "Origin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n"
            preflight = runner.ask("OPTIONS", "/nowhere", headers=asked)
            self.assertEqual((preflight.status, preflight.headers["access-control-allow-methods"]), (204, "GET"))
            other = runner.ask("GET", "/nowhere", headers="Origin: https://c.example\r\n")
            self.assertNotIn("access-control-allow-origin", other.headers)


class ProcessTests(unittest.TestCase):
    def test_processes_are_kept_warm_and_within_their_limits(self):
        options = ("--min-processes", "1", "--limit", "slow=1,echo=2-3", "--idle-timeout", "0.2")
        with Runner({"echo": ECHO, "slow": SLOW}, *options) as runner:
            eventually(lambda: len(runner.processes()) == 2, "the warm processes of echo are there")
            time.sleep(0.6)
            self.assertEqual(len(runner.processes()), 2)
            clients = [runner.connect() for _ in range(3)]
            started = time.monotonic()
            for client in clients:
                client.send("POST /api/v1/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            for client in clients:
                with client:
                    self.assertEqual(client.response().text, "slow")
            self.assertGreater(time.monotonic() - started, 1.7, "one process answers one after the other")

    def test_what_uses_too_much_is_ended(self):
        functions = {"echo": ECHO, "hungry": HUNGRY, "busy": BUSY}
        with Runner(functions, "--memory-limit", "200000000", "--cpu-limit", "1") as runner:
            self.assertEqual(runner.ask("POST", "/hungry", "").status, 502)
            self.assertEqual(runner.ask("POST", "/busy", "").status, 502)
            ended = eventually(lambda: [event["end"] for event in runner.logged("function failed")][1:], "it is logged")
            self.assertEqual(ended, [f"signal {signal.SIGXCPU.value}"])
            self.assertEqual(runner.ask("POST", "/echo", "x").text, "x")

    def test_quick_requests_are_not_added_up(self):
        work = function("/work", "end = time.process_time() + 0.1\nwhile time.process_time() < end: pass\nreply(str(os.getpid()))")
        with Runner({"work": work}, "--cpu-limit", "1") as runner:
            with runner.connect() as client:
                self.assertEqual(len({client.ask("POST", "/work", "").text for _ in range(30)}), 1)

    def test_a_start_without_any_function_says_why(self):
        with self.assertRaises(AssertionError) as failure:
            Runner({"broken": "#!/bin/sh\necho PORT is wrong >&2; exit 78\n"})
        self.assertIn("PORT is wrong", str(failure.exception))


class EndTests(unittest.TestCase):
    def test_the_second_signal_ends_at_once(self):
        # A runner started under nohup ignores this signal, and so would one started by tests that run under nohup.
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        with Runner({"slow": function("/slow", "time.sleep(60)", timeoutSeconds=90)}) as runner, runner.connect() as client:
            client.send("POST /api/v1/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            eventually(runner.processes, "the function runs")
            runner.process.send_signal(signal.SIGHUP)
            with self.assertRaises(subprocess.TimeoutExpired):
                runner.process.wait(0.5)
            started = time.monotonic()
            runner.process.send_signal(signal.SIGTERM)
            self.assertEqual(runner.process.wait(10), 128 + signal.SIGTERM)
            self.assertLess(time.monotonic() - started, 1.5)
            self.assertTrue(client.is_closed())
            self.assertEqual(runner.processes(), [])
