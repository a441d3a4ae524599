"""What a server, or somebody between, may send and when."""

from __future__ import annotations

import socket
import threading
import time
import unittest
from typing import Callable

from certificates import REQUEST, Front, exactly, passed
from client import TLSTestCase
from postgres import USER


class ByteTests(TLSTestCase):
    def test_much_passes_in_both_directions(self) -> None:
        text = "x" * 100_000
        done = self.run_client(f"SELECT '{text}'", "SELECT repeat('0123456789', 300000)", root=self.trusted.file)
        self.assertEqual((done.stderr, done.stdout), ("", f"{text}\n{'0123456789' * 300_000}\n"))

    def test_a_connection_serves_many_statements(self) -> None:
        backend = "SELECT pg_backend_pid()::text"
        done = self.run_client(*[backend] * 200, root=self.trusted.file)
        self.assertEqual((done.stderr, done.stdout.count("\n"), len(set(done.stdout.split()))), ("", 200, 1))

    def relayed(self, change: Callable[[bytes, int], bytes | None], size: int = 65536) -> Front:
        """Passes bytes on. What the server says goes through `change` with its position, and ends where that is None."""
        def relay(client: socket.socket) -> None:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with socket.create_connection(("127.0.0.1", self.server.port)) as server:
                threading.Thread(target=passed, args=(client, server, size), daemon=True).start()
                position = 0
                while piece := server.recv(size):
                    changed = change(piece, position)
                    if changed is None:
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    position += len(piece)
                    client.sendall(changed)

        return self.enterContext(Front(relay))

    def test_bytes_may_come_one_by_one(self) -> None:
        def late(piece: bytes, _: int) -> bytes:
            time.sleep(0.00002)
            return piece

        self.assert_connects(port=self.relayed(late, 1).port, root=self.trusted.file)

    def test_a_cut_is_a_lost_connection(self) -> None:
        """Anywhere: after the answer to the request for TLS, within a record, and between records."""
        for end in (0, 1, 2, 6, 100, 1000, 1500):
            front = self.relayed(lambda piece, position: piece if position < end else None, 1)
            with self.subTest(end=end):
                self.assert_refused("The server has closed the connection", port=front.port, root=self.trusted.file)

    def test_changed_bytes_are_refused(self) -> None:
        for place in (1, 60, 700, 1400):
            front = self.relayed(lambda piece, position: bytes([piece[0] ^ 1]) if position == place else piece, 1)
            with self.subTest(place=place):
                self.assert_refused("", port=front.port, root=self.trusted.file)

    def answering(self, answer: bytes, then: bytes = b"") -> Front:
        """A server that answers the request for TLS, and says something more after the client's next words."""
        def respond(client: socket.socket) -> None:
            self.assertEqual(exactly(client, len(REQUEST)), REQUEST)
            client.sendall(answer)
            self.said = client.recv(65536)
            client.sendall(then)
            self.said += client.recv(65536)

        self.said = b""
        return self.enterContext(Front(respond))

    def test_words_before_tls_are_refused(self) -> None:
        welcome = b"R" + bytes([0, 0, 0, 8, 0, 0, 0, 0]) + b"Z" + bytes([0, 0, 0, 5]) + b"I"
        for answer, then in ((b"S" + welcome, b""), (b"N" + welcome, b""), (b"S", welcome)):
            for mode in ("verify-full", "require"):
                with self.subTest(answer=answer, mode=mode):
                    front = self.answering(answer, then)
                    done = self.run_client(port=front.port, sslmode=mode)
                    self.assertEqual((done.returncode, done.stdout), (1, ""))
                    self.assertNotIn(USER.encode(), self.said)

    def test_errors_without_tls_are_not_believed(self) -> None:
        front = self.answering(b"E" + bytes([0, 0, 0, 30]) + b"SFATAL\0C28000\0Mgo to evil\0\0")
        done = self.run_client(port=front.port, sslmode="require")
        self.assertNotIn("evil", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_silence_ends_by_the_time_limit(self) -> None:
        front = self.answering(b"S")
        start = time.monotonic()
        self.assert_refused("1000 ms", port=front.port, sslmode="require", connect_timeout="1")
        self.assertLess(time.monotonic() - start, 4)


if __name__ == "__main__":
    unittest.main()
