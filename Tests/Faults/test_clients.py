"""What clients can do wrong. After each the runner serves on, and has lost nothing."""

import random
import time
from contextlib import ExitStack

from harness import FaultTests, Runner, eventually, function, ECHO

STREAM = function("/stream", """
write({"statusCode": 200, "headers": {"content-type": "text/plain"}, "stream": True})
for number in range(int(request["queryStringParameters"]["chunks"])):
    write({"chunk": "%07d" % number + "." * 16377})
    if number == 5: open(os.environ["DATA_DIR"] + ".begun", "w").close()
    import select
    if select.select([0], [], [], 0)[0]: break
open(os.environ["DATA_DIR"] + ".ended", "w").write(str(number))
write({"end": True})
""", method="GET", streams=True)
# Streams at times, but now has a whole response in work.
PENDING = function("/pending", """
open(os.environ["DATA_DIR"] + ".pending", "w").close()
line = sys.stdin.readline()
open(os.environ["DATA_DIR"] + ".told", "w").write(line)
reply("too late")
""", streams=True)
SEEDS = [
    b"GET /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
    b"POST /api/v1/echo?a=b%20c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, x-name\r\nX-Name: 1\r\n\r\n",
    b"POST http://localhost/api/v1/echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab",
]
INSERTED = [b"\0", b"\r", b"\n", b"\r\n", b" ", b"\t", b":", b",", b";", b"%", b"\xff", b"\xc3\x28", b"0", b"-1", b"9" * 30,
            b"chunked", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 1\r\n", b"Host: u\r\n", b"{", b"\x7f", b"../",
            b"HTTP/1.1", b"A" * 9000]


def mutated(generator):
    """A request with some bytes changed, lost, doubled or put in."""
    request = bytearray(generator.choice(SEEDS))
    for _ in range(generator.randint(1, 4)):
        at = generator.randrange(len(request)) if request else 0
        match generator.randrange(5):
            case 0: request[at:at + 1] = bytes([generator.randrange(256)])
            case 1: del request[at:at + generator.randint(1, 8)]
            case 2: request[at:at] = request[at:at + generator.randint(1, 30)]
            case 3: request[at:at] = generator.choice(INSERTED)
            case 4: del request[at:]
    return bytes(request)


class ClientFaultTests(FaultTests):
    functions = {"stream": STREAM, "pending": PENDING}
    options = ("--idle-timeout", "0.2", "--max-processes", "2", "--head-timeout", "1", "--body-timeout", "1",
               "--keep-alive-timeout", "2", "--write-timeout", "2", "--max-connections", "3000", "--queue", "2000")

    def test_clients_that_leave_in_the_midst(self):
        whole = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000
        for length in (1, 20, 60, 110, 30_000, len(whole)):
            with self.subTest(length), self.unharmed():
                for _ in range(20):
                    with self.runner.connect() as client:
                        client.send(whole[:length])

    def test_clients_that_stop_in_the_midst_get_a_408(self):
        for start in (b"GET /api/v1/echo HT", b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"):
            with self.unharmed(), self.runner.connect() as client:
                client.send(start)
                self.assertEqual(client.response().status, 408)
                self.assertTrue(client.is_closed())

    def test_a_connection_without_a_request_is_closed(self):
        with self.unharmed(), self.runner.connect() as client:
            self.assertTrue(client.is_closed())

    def test_a_head_behind_another_request_has_its_time_too(self):
        whole = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"
        with self.unharmed(), self.runner.connect() as client:
            client.send(whole + b"GET / HT")
            self.assertEqual(client.response().status, 200)
            self.assertEqual(client.response().status, 408)
            self.assertTrue(client.is_closed())

    def test_empty_lines_do_not_keep_a_connection(self):
        with self.unharmed(), self.runner.connect() as client:
            client.send(b"\r\n\r")
            deadline = time.monotonic() + 10
            with self.assertRaises(OSError):
                while time.monotonic() < deadline:
                    time.sleep(0.3)
                    client.send(b"\n\r")

    def stream(self, client, chunks, method="GET"):
        for name in ("begun", "ended"):
            (self.runner.folder / f"data.{name}").unlink(missing_ok=True)
        client.send(f"{method} /api/v1/stream?chunks={chunks} HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(client.head().status, 200)

    def ended_at(self):
        ended = self.runner.folder / "data.ended"
        return int(eventually(lambda: ended.exists() and ended.read_text(), "the stream ends"))

    def test_a_stream_ends_when_its_client_leaves(self):
        with self.unharmed():
            with self.runner.connect() as client:
                self.stream(client, 1_000_000)
                client.chunk()
            self.assertLess(self.ended_at(), 999_999)

    def test_a_function_is_told_that_the_client_of_a_whole_response_has_left(self):
        pending, told = (self.runner.folder / f"data.{name}" for name in ("pending", "told"))
        for leave in (lambda client: client.socket.close(), lambda client: client.socket.shutdown(1)):
            for file in (pending, told):
                file.unlink(missing_ok=True)
            with self.unharmed(), self.runner.connect() as client:
                client.send("POST /api/v1/pending HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                eventually(pending.exists, "the function begins")
                leave(client)
                eventually(lambda: told.exists() and "cancel" in told.read_text(), "the function is told")

    def test_a_slow_client_makes_the_function_wait(self):
        with self.unharmed(), self.runner.connect() as client:
            self.stream(client, 1500)
            begun = self.runner.folder / "data.begun"
            eventually(begun.exists, "the stream begins")
            time.sleep(0.5)
            self.assertFalse((self.runner.folder / "data.ended").exists(), "24 MB were taken from the function")
            self.assertLess(self.runner.memory(), 40)
            for number in range(1500):
                self.assertEqual(client.chunk()[:7], b"%07d" % number)
            self.assertEqual(client.chunk(), b"")

    def test_a_client_that_takes_nothing_is_given_up(self):
        with self.unharmed(), self.runner.connect() as client:
            self.stream(client, 1_000_000)
            self.assertLess(self.ended_at(), 999_999)

    def test_head_of_a_stream_is_its_head(self):
        with self.unharmed(), self.runner.connect() as client:
            self.stream(client, 1_000_000, "HEAD")
            self.assertLess(self.ended_at(), 999_999)
            self.assertEqual(client.ask("POST", "/echo", "next").text, "next")

    def test_ten_thousand_malformed_requests(self):
        generator = random.Random(9112)
        with self.unharmed():
            for start in range(0, 10_000, 100):
                clients = []
                for _ in range(100):
                    client = self.runner.connect()
                    clients.append(client)
                    try:
                        client.send(mutated(generator))
                        client.socket.shutdown(1)
                    except OSError:
                        pass
                for client in clients:
                    with client:
                        self.drained(client)

    def drained(self, client):
        """Every answer is a whole one; nothing else comes."""
        try:
            while True:
                answer = client.response()
                self.assertIn(answer.status, (100, 200, 204, 400, 404, 405, 408, 413, 414, 417, 421, 431, 505), answer)
        except (EOFError, ConnectionResetError):
            self.assertEqual(client.received, b"")

    def test_a_thousand_connections_at_once(self):
        with self.unharmed():
            with ExitStack() as stack:
                clients = [stack.enter_context(self.runner.connect()) for _ in range(1200)]
                for number, client in enumerate(clients):
                    client.send("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                                f"Content-Length: 4\r\n\r\n{number:04}")
                for number, client in enumerate(clients):
                    answer = client.response()
                    self.assertEqual((answer.status, answer.text), (200, f"{number:04}"))

    def test_pipelined_requests_are_taken_as_fast_as_they_are_answered(self):
        request = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
        with self.unharmed(), self.runner.connect() as client:
            client.socket.settimeout(0.2)
            sent = 0
            # Until the gateway takes no more: nobody reads the answers, so it must not gather them.
            try:
                while sent < 40_000:
                    client.send(request + b"%05d" % sent)
                    sent += 1
            except TimeoutError:
                pass
            self.assertLess(self.runner.memory(), 40)


class DescriptorTests(FaultTests):
    """So few descriptors that they run out, whatever the gateway reckons with."""

    options = ("--idle-timeout", "0.2", "--max-processes", "4", "--max-connections", "500")

    @classmethod
    def setUpClass(cls):
        cls.runner = cls.enterClassContext(
            Runner({"echo": ECHO}, *cls.options, prefix=("prlimit", "--nofile=40:40")))
        cls.at_rest()

    def test_descriptors_run_out(self):
        with self.unharmed():
            clients = [self.runner.connect(timeout=30) for _ in range(100)]
            for client in clients:
                client.send("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n"
                            "Connection: close\r\n\r\nx")
            for client in clients:
                with client:
                    self.assertIn(client.response().status, (200, 503))
