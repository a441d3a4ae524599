"""SIGTERM while requests are at each stage of their way."""

import random
import signal
import socket
import tempfile
import time
import unittest

from documents import Document
from installation import API, Installation


class DrainTests(unittest.TestCase):
    def setUp(self):
        self.installation = Installation(self.enterContext(tempfile.TemporaryDirectory())).start()
        self.addCleanup(self.installation.stop)
        with self.installation.client() as client:
            token = client.register("ada@example.com")["token"]
            workspace = client.ask("POST", "/workspaces", {"name": "W"}, token).data["id"]
        self.body, media = Document("text", 1_500_000, random.Random(1)).form
        self.head = (
            f"POST {API}/workspaces/{workspace}/documents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: {media}\r\nContent-Length: {len(self.body)}\r\n\r\n").encode()

    def send(self, data):
        connection = socket.create_connection(("127.0.0.1", self.installation.port), timeout=60)
        self.addCleanup(connection.close)
        connection.sendall(data)
        return connection

    def status_and_head(self, connection):
        """Of the answer, which is the last thing on its connection."""
        received = b""
        while data := connection.recv(1 << 16):
            received += data
        head = received.partition(b"\r\n\r\n")[0].lower()
        return head[9:12], head

    def test_requests_that_began_before_the_signal_are_answered_and_their_connections_end(self):
        half = len(self.body) // 2
        # First, so that the gateway has read of it when a function has the other.
        half_a_body = self.send(self.head + self.body[:half])
        at_work = self.send(self.head + self.body)
        self.wait_for_a_function()
        self.installation.process.send_signal(signal.SIGTERM)
        half_a_body.sendall(self.body[half:])
        for connection, statuses in ((at_work, {b"201", b"200"}), (half_a_body, {b"201", b"200"})):
            status, head = self.status_and_head(connection)
            self.assertIn(status, statuses, head)
            self.assertIn(b"connection: close", head)
        self.assertEqual(self.installation.process.wait(30), 0)

    def wait_for_a_function(self):
        deadline = time.monotonic() + 20
        while "upload-document" not in [name for _, name in self.installation.processes()]:
            self.assertLess(time.monotonic(), deadline, "no function has the request")
            time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
