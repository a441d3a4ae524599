"""What one client can keep from the others: the room for bodies, the connections. It can keep nothing."""

import threading
import time
import unittest

from harness import ECHO, Runner, eventually, function

LARGE = function("/large", "reply(str(len(request.get('body') or '')))", maxBodyBytes=4_000_000)
BIG = function("/big", "reply('x' * 4_000_000)", method="GET")
SLOW = function("/slow", "time.sleep(0.5)\nreply('slow')")


def head(length, path="/large", fields="Authorization: Bearer x\r\n"):
    return (f"POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n{fields}"
            f"Content-Length: {length}\r\n\r\n")


class BodyEndTests(unittest.TestCase):
    """A body has an end, however often its client gives a sign of life."""

    def setUp(self):
        self.runner = self.enterContext(Runner({"large": LARGE}, "--body-timeout", "1", "--min-rate", "1000"))

    def trickle(self, client, start, piece):
        """Sends a piece now and then until the runner answers."""
        client.send(start)
        client.socket.settimeout(0.2)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                return client.response().status
            except TimeoutError:
                client.send(piece)
        return None

    def test_a_body_that_trickles_in_has_an_end(self):
        with self.runner.connect() as client:
            self.assertEqual(self.trickle(client, head(4_000_000), b"x"), 408)

    def test_chunks_that_trickle_in_have_an_end_whatever_is_around_them(self):
        start = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
        with self.runner.connect() as client:
            self.assertEqual(self.trickle(client, start, b"1;" + b"e" * 900 + b"\r\nx\r\n"), 408)
        with self.runner.connect() as client:
            self.assertEqual(self.trickle(client, start + "0\r\n", b"Trailer: x\r\n"), 408)

    def test_what_came_quickly_buys_no_time_for_later(self):
        with self.runner.connect() as client:
            self.assertEqual(self.trickle(client, head(4_000_000).encode() + b"x" * 3_000_000, b"x"), 408)

    def test_a_body_that_comes_quickly_enough_may_take_longer(self):
        with Runner({"large": LARGE}, "--body-timeout", "2", "--min-rate", "100") as runner, runner.connect() as client:
            client.send(head(3000))
            for _ in range(30):
                client.send(b"x" * 100)
                time.sleep(0.1)
            self.assertEqual(client.response().text, "3000")

    def test_an_answer_that_is_taken_byte_by_byte_has_an_end(self):
        with Runner({"big": BIG}, "--write-timeout", "1", "--min-rate", "100000") as runner, runner.connect() as client:
            client.send(b"GET /api/v1/big HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
            deadline = time.monotonic() + 20
            while self.open_connections(runner) > 0 and time.monotonic() < deadline:
                client.socket.recv(10)
                time.sleep(0.2)
            self.assertEqual(self.open_connections(runner), 0)

    def open_connections(self, runner):
        with runner.connect() as client:
            client.send(f"GET /_runner/metrics HTTP/1.1\r\nHost: localhost:{runner.address[1]}\r\n\r\n")
            text = client.response().text
        return int(text.split("\nrunner_connections ")[1].split()[0]) - 1


class BodyRoomTests(unittest.TestCase):
    """The room for bodies is everybody's."""

    def runner(self, **variables):
        return self.enterContext(Runner({"large": LARGE}, "--max-body-memory", "1048576", **variables))

    def ask(self, runner, fields="", **more):
        with runner.connect(**more) as client:
            client.send(head(200_000, fields="Authorization: Bearer x\r\n" + fields) + "x" * 200_000)
            return client.response()

    def test_who_stops_in_the_midst_gives_way(self):
        runner = self.runner()
        with runner.connect() as stopped:
            stopped.send(head(2_000_000) + "x" * 1_000_000)
            eventually(lambda: self.ask(runner).status == 200, "there is room for others")
            answer = stopped.response()
            self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "1"))

    def test_who_has_more_than_its_share_gives_way_to_others_at_once(self):
        runner = self.runner()
        with runner.connect(source="127.0.0.2") as greedy:
            greedy.send(head(2_000_000) + "x" * 1_000_000)
            time.sleep(0.1)
            self.assertEqual(self.ask(runner).status, 200)
            self.assertEqual(greedy.response().status, 503)

    def test_behind_a_proxy_it_is_the_proxys_client_that_has_a_share(self):
        runner = self.runner(TRUSTED_PROXIES="127.0.0.1")
        with runner.connect() as greedy:
            greedy.send(head(2_000_000, fields="Authorization: x\r\nX-Forwarded-For: 192.0.2.7\r\n") + "x" * 1_000_000)
            time.sleep(0.1)
            self.assertEqual(self.ask(runner, "X-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n").status, 200)
            self.assertEqual(greedy.response().status, 503)

    def test_behind_a_proxy_a_client_has_one_share_for_all_its_requests(self):
        runner = self.runner(TRUSTED_PROXIES="127.0.0.1")
        greedy = "Authorization: x\r\nX-Forwarded-For: 192.0.2.7\r\n"
        clients = []
        for _ in range(8):
            clients.append(self.enterContext(runner.connect()))
            clients[-1].send(head(200_000, fields=greedy))
            # One of its requests ends while another has sent nothing yet.
            self.assertEqual(runner.ask("POST", "/large", "x", greedy).text, "1")
        for client in clients:
            client.send("x" * 125_000)
        time.sleep(0.1)
        with runner.connect() as client:
            client.send(head(100_000, fields="X-Forwarded-For: 192.0.2.8\r\n") + "x" * 100_000)
            self.assertEqual(client.response().text, "100000")

    def test_alone_a_client_may_have_all_of_it(self):
        with self.runner().connect() as client:
            client.send(head(1_000_000) + "x" * 900_000)
            time.sleep(1.5)
            client.send("x" * 100_000)
            self.assertEqual(client.response().text, "1000000")


class AnonymousBodyTests(unittest.TestCase):
    """Large bodies of clients that do not say who they are are not read."""

    def setUp(self):
        self.runner = self.enterContext(Runner({"large": LARGE}))

    def refused(self, request):
        with self.runner.connect() as client:
            client.send(request)
            answer = client.response()
            self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, "Bearer"))
            self.assertIn('"code":"UNAUTHORIZED"', answer.text)
            self.assertTrue(client.is_closed())

    def test_a_large_body_needs_authorization(self):
        large = head(1_048_577, fields="")
        self.refused(large)
        self.refused(large.replace("Content-Length", "Expect: 100-continue\r\nContent-Length"))
        self.refused(large.replace("Content-Length", "Authorization:\r\nContent-Length"))
        chunked = large.replace("Content-Length: 1048577", "Transfer-Encoding: chunked")
        self.refused(chunked + "100001\r\n")
        self.refused(chunked + "80000\r\n" + "x" * 0x80000 + "\r\n80001\r\n")
        with self.runner.connect() as client:
            client.send(head(1_048_576, fields="") + "x" * 1_048_576)
            self.assertEqual(client.response().text, "1048576")
            client.send(head(1_048_577) + "x" * 1_048_577)
            self.assertEqual(client.response().text, "1048577")

    def test_what_is_too_large_for_everybody_is_told_so(self):
        with self.runner.connect() as client:
            client.send(head(4_000_001, fields=""))
            self.assertEqual(client.response().status, 413)


class ConnectionTests(unittest.TestCase):
    """Connections that do nothing, or next to nothing, make room."""

    def setUp(self):
        functions = {"echo": ECHO, "large": LARGE, "big": BIG, "slow": SLOW}
        self.runner = self.enterContext(Runner(functions, "--max-connections", "5"))

    def connect(self, count=5):
        return [self.enterContext(self.runner.connect(timeout=20)) for _ in range(count)]

    def test_the_one_that_has_been_idle_longest_is_closed(self):
        clients = self.connect()
        for client in clients:
            self.assertEqual(client.ask("POST", "/echo", "x").text, "x")
            time.sleep(0.02)
        # The first has been idle shorter than the second.
        clients[0].ask("POST", "/echo", "again")
        another, = self.connect(1)
        self.assertEqual(another.ask("POST", "/echo", "new").text, "new")
        self.assertTrue(clients[1].is_closed())
        for client in (clients[0], *clients[2:]):
            self.assertEqual(client.ask("POST", "/echo", "kept").text, "kept")

    def test_who_stops_in_the_midst_of_a_request_gives_way(self):
        for start in (head(1000) + "x", head(1000)[:40], "", head(1000, "/nowhere")):
            with self.subTest(start[:20]):
                for client in self.connect():
                    client.send(start)
                another, = self.connect(1)
                self.assertEqual(another.ask("POST", "/echo", "new").text, "new")
                another.socket.close()

    def test_who_has_more_than_its_share_gives_way_to_others_although_it_is_quick(self):
        clients, is_over = self.connect(), threading.Event()
        # More of them wait for a place than are let in to wait.
        self.connect(70)
        for client in clients:
            client.send(head(3_900_000))

        def keep_quick():
            while not is_over.wait(0.05):
                for client in clients:
                    try:
                        client.send(b"x" * 2000)
                    except OSError:
                        pass

        sender = threading.Thread(target=keep_quick)
        sender.start()
        try:
            with self.runner.connect(timeout=20, source="127.0.0.2") as another:
                self.assertEqual(another.ask("POST", "/echo", "new").text, "new")
        finally:
            is_over.set()
            sender.join()
        self.assertTrue(any(self.gave_way(client) for client in clients))

    def gave_way(self, client):
        client.socket.settimeout(0.05)
        try:
            return client.response().status == 503
        except TimeoutError:
            return False
        except (ConnectionResetError, EOFError):
            # It was still sending when the runner closed the connection, so the kernel dropped the response; the sender may
            # have been told of that already.
            return True

    def test_who_takes_no_answer_gives_way(self):
        for client in self.connect():
            client.send(b"GET /api/v1/big HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5)
        another, = self.connect(1)
        self.assertEqual(another.ask("POST", "/echo", "new").text, "new")

    def test_who_waits_for_a_function_keeps_its_place(self):
        clients = self.connect(8)
        for client in clients:
            client.send(head(1, "/slow") + "x")
        for client in clients:
            answer = client.response()
            self.assertEqual(answer.text, "slow")
            client.socket.close()


if __name__ == "__main__":
    unittest.main()
