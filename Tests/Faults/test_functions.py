"""What functions can do wrong. After each the runner serves on, and has lost nothing."""

import time

from harness import FaultTests, eventually, function

FAULTS = {
    # How a function misbehaves when it is asked to, and what its caller gets.
    "at-start": ("reply('never')", "sys.stderr.write('no database\\n'); sys.exit(9)", 502),
    "mid-answer": ("sys.stdout.write('{\"statusCode\":200,\"bo'); sys.stdout.flush(); os._exit(3)", "", 502),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "", 502),
    "garbage": ("print('no JSON at all', flush=True)", "", 502),
    "no-status": ("write({'body': 'text'})", "", 502),
    "header-injection": ("reply('x', headers={'x-name': 'a\\r\\nset-cookie: b'})", "", 502),
    "header-name": ("reply('x', headers={'x name': 'a'})", "", 502),
    "bad-base64": ("reply('***', isBase64Encoded=True)", "", 502),
    "binary": ("sys.stdout.buffer.write(bytes(range(256)) * 500 + b'\\n'); sys.stdout.flush()", "", 502),
    "line-of-200-MB": (
        "for _ in range(200): sys.stdout.write('x' * (1 << 20))\nsys.stdout.write('\\n')\nsys.stdout.flush()", "", 502),
    "other-request": ("reply('stale', headers={'x-request-id': 'another'})", "", 502),
    "nothing": ("time.sleep(60)", "", 504),
    "ignores-sigterm": ("signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)", "", 504),
    "stops-itself": ("os.kill(os.getpid(), signal.SIGSTOP)", "", 504),
    "closes-its-output": ("os.close(1)\ntime.sleep(60)", "", 502),
    "closes-its-input": ("os.close(0)\nreply('closed')", "", 200),
    "after-the-answer": ("reply('done')\nos._exit(4)", "", 200),
    "two-answers": ("line = json.dumps({'statusCode': 200, 'body': 'one'}) + '\\n'\n"
                    "sys.stdout.write(line * 2)\nsys.stdout.flush()", "", 200),
    "fills-stderr": ("for _ in range(64): sys.stderr.write('y' * (1 << 16))\nreply('said much')", "", 200),
    "forks": ("if os.fork() == 0: time.sleep(60)\nreply('forked')", "", 200),
    "leaves-a-sleeper": ("if os.fork() == 0:\n    os.setsid()\n    os.closerange(0, 100)\n    time.sleep(60)\nreply('asleep')", "", 200),
    "leaves-a-daemon": (
        "if os.fork() == 0:\n    os.setsid()\n    while True:\n        os.write(2, b'z' * 4096)\nreply('daemon')", "", 200),
}
LATE = function("/late", """
if request["body"] == "late": time.sleep(1.6)
reply(request["body"])
""", timeoutSeconds=1)


BROKEN_STREAM = function("/broken-stream", """
write({"statusCode": 200, "headers": {"content-type": "text/plain"}, "stream": True})
write({"chunk": "part"})
os._exit(3)
""", streams=True)


ANNOUNCED = function("/announced", """
write({"statusCode": 200, "headers": {"content-type": "text/plain", "content-length": "4"}, "stream": True})
write({"chunk": "YWI=", "isBase64Encoded": True})
write({"chunk": request["body"]})
write({"end": True})
""", streams=True)


class FunctionFaultTests(FaultTests):
    functions = {
        **{name: function(f"/{name}", answer, start, timeoutSeconds=1) for name, (answer, start, _) in FAULTS.items()},
        "late": LATE, "broken-stream": BROKEN_STREAM, "announced": ANNOUNCED}

    def test_every_fault_is_survived(self):
        for name, (_, _, status) in FAULTS.items():
            with self.subTest(name), self.unharmed():
                for _ in range(1 if status == 504 else 2):
                    self.assertEqual(self.runner.ask("POST", f"/{name}", "x").status, status)

    def test_a_crash_is_told_with_its_request_and_its_last_words(self):
        with self.unharmed():
            answer = self.runner.ask("POST", "/at-start", "x", headers="X-Request-Id: the-crash\r\n")
        self.assertIn('"requestId":"the-crash"', answer.text)
        event = eventually(lambda: [event for event in self.runner.logged("function failed")
                                    if event.get("requestId") == "the-crash"], "the crash is logged")[0]
        self.assertEqual((event["function"], event["stderr"], event["end"]), ("at-start", "no database", "exit code 9"))

    def test_a_stream_that_its_function_breaks_off_is_the_functions_fault(self):
        with self.unharmed(), self.runner.connect() as client:
            client.send(b"POST /api/v1/broken-stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx")
            self.assertEqual(client.head().status, 200)
            self.assertEqual(client.chunk(), b"part")
            self.assertTrue(client.is_closed())
            metrics = self.metrics()
        self.assertIn('runner_requests_total{function="broken-stream",status="5xx"} 1\n', metrics)
        self.assertNotIn('runner_requests_total{function="broken-stream",status="4xx"} 1\n', metrics)

    def test_a_stream_has_the_length_that_was_announced_or_is_cut_off(self):
        with self.unharmed(), self.runner.connect() as client:
            for _ in range(2):
                answer = client.ask("POST", "/announced", "cd")
                self.assertEqual((answer.text, answer.headers.get("content-length")), ("abcd", "4"))
                self.assertNotIn("transfer-encoding", answer.headers)
        for rest, received in ("c", b"abc"), ("cde", b"ab"):
            with self.subTest(rest), self.unharmed(), self.runner.connect() as client:
                client.send("POST /api/v1/announced HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                            f"Content-Length: {len(rest)}\r\n\r\n{rest}")
                self.assertEqual(client.head().status, 200)
                self.assertEqual(client.take(len(received)), received)
                self.assertTrue(client.is_closed())
                self.assertEqual(client.received, b"")

    def metrics(self):
        with self.runner.connect() as client:
            client.send(f"GET /_runner/metrics HTTP/1.1\r\nHost: localhost:{self.runner.address[1]}\r\n\r\n")
            return client.response().text

    def test_a_late_answer_is_given_to_nobody(self):
        with self.unharmed(), self.runner.connect() as client:
            for round in range(2):
                self.assertEqual(client.ask("POST", "/late", "late").status, 504)
                deadline = time.monotonic() + 1
                while time.monotonic() < deadline:
                    self.assertEqual(client.ask("POST", "/late", f"next {round}").text, f"next {round}")
                    time.sleep(0.05)
