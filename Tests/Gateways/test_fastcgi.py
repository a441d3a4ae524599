"""The functions as FastCGI responders, on Unix and TCP sockets, over one connection and over many."""

import hashlib
import json
import os
import socket
import threading
import time
import unittest

import fastcgi
from fastcgi import COMPLETE, KEEP
from installation import FORM, PASSWORD, InstalledTests, Installation, form, parse_answer, variables
from fastcgi_server import API, Server


class FastCGITests(InstalledTests):
    # Requests

    def test_unix_and_tcp_sockets(self):
        for is_tcp in (False, True):
            with Server(self.home, "list-workspaces", is_tcp) as server:
                answer = server.call("GET", "/workspaces?search=Shel", token=self.token)
                self.assertEqual([item["id"] for item in answer.data], [self.workspace])
                self.assertEqual(int(answer.header("content-length")), len(answer.body))
                self.assertEqual(server.call("GET", "/workspaces").status, 401)
                self.assertEqual(server.call("GET", "/elsewhere").status, 404)
                head = server.call("HEAD", "/workspaces", token=self.token)
                self.assertEqual((head.status, head.body), (200, b""))

    def test_many_requests_on_one_connection(self):
        with Server(self.home, "login") as server, server.connect() as connection:
            body = json.dumps({"email": "ada@example.com", "password": "wrong password"}).encode()
            for number in range(1, 20):
                answer = server.call("POST", "/auth/login", body, connection, request_id=number * 3, flags=KEEP)
                self.assertEqual(answer.status, 401)
            # Without the flag it is the last one.
            self.assertEqual(server.call("POST", "/auth/login", b"{}", connection).status, 422)
            self.assertTrue(connection.is_ended())

    def test_requests_that_were_sent_ahead(self):
        with Server(self.home, "health") as server, server.connect() as connection:
            values = variables("GET", API + "/health")
            connection.send(fastcgi.request(1, values, flags=KEEP) * 3)
            for _ in range(3):
                self.assertEqual(parse_answer(connection.answer(1)[0]).status, 200)

    def test_idle_connections_hold_up_nobody(self):
        with Server(self.home, "health") as server:
            idle = [server.connect() for _ in range(20)]
            half = server.connect()
            half.send(fastcgi.begin(1) + b"\1")
            for connection in idle[:3]:
                self.assertEqual(server.call("GET", "/health", connection=connection, flags=KEEP).status, 200)
            self.assertEqual(server.call("GET", "/health").status, 200)
            for connection in [*idle, half]:
                connection.close()

    def test_a_busy_connection_keeps_nobody_out(self):
        values = variables("GET", API + "/health")
        with Server(self.home, "health") as server, server.connect() as busy:
            done = threading.Event()

            def hammer():
                # Always one sent ahead, so that the connection is never quiet.
                busy.send(fastcgi.request(1, values, flags=KEEP))
                while not done.is_set():
                    busy.send(fastcgi.request(1, values, flags=KEEP))
                    busy.answer(1)

            thread = threading.Thread(target=hammer)
            thread.start()
            try:
                for _ in range(5):
                    started = time.monotonic()
                    self.assertEqual(server.call("GET", "/health").status, 200)
                    self.assertLess(time.monotonic() - started, 5)
            finally:
                done.set()
                thread.join()

    def test_several_processes_share_a_socket(self):
        with Server(self.home, "health") as server:
            for _ in range(3):
                server.add()
            statuses = []
            threads = [threading.Thread(target=lambda: statuses.append(server.call("GET", "/health").status)) for _ in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(statuses, [200] * 40)

    def test_bytes_come_back_as_they_went(self):
        text = ("The quick brown fox.\n" * 200_000).encode()
        target = f"/workspaces/{self.workspace}/documents"
        with Server(self.home, "upload-document") as server:
            created = server.call("POST", target, form(text), token=self.token, content_type=FORM)
            self.assertEqual(created.status, 201, created.body[:300])
        with Server(self.home, "get-document-content") as server:
            back = server.call("GET", f"{target}/{created.data['id']}/content", token=self.token)
            self.assertEqual(hashlib.sha256(back.body).digest(), hashlib.sha256(text).digest())

    def test_records_of_every_size_and_padding(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        with Server(self.home, "login") as server:
            values = variables("POST", API + "/auth/login", body=body, headers={"Cookie": "x" * 5000})
            for size, padding in ((1, 0), (1, 255), (7, 3), (300, 0), (65535, 255)):
                with server.connect() as connection:
                    data = fastcgi.request(1, values, body, size=size, padding=padding)
                    for at in range(0, len(data), 997):
                        connection.send(data[at:at + 997])
                    self.assertEqual(parse_answer(connection.answer(1)[0]).status, 200)

    def test_bodies_have_the_length_they_say(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        with Server(self.home, "login") as server, server.connect() as connection:
            values = variables("POST", API + "/auth/login", body=body)
            for length, status in ((len(body), 200), ("", 200), (len(body) + 1, 400), (len(body) - 1, 400), ("x", 400)):
                connection.send(fastcgi.request(1, {**values, "CONTENT_LENGTH": str(length)}, body, KEEP))
                self.assertEqual(parse_answer(connection.answer(1)[0]).status, status, length)
            values.pop("CONTENT_LENGTH")
            connection.send(fastcgi.request(1, values, body))
            self.assertEqual(parse_answer(connection.answer(1)[0]).status, 200)

    def test_bodies_that_are_too_large(self):
        with Installation(MAX_BODY_BYTES="2048") as home, Server(home, "login") as server:
            for size in (2049, 8_000_000):
                answer = server.call("POST", "/auth/login", b"x" * size)
                self.assertEqual((answer.status, answer.code), (413, "PAYLOAD_TOO_LARGE"))

    def test_variables_are_not_configuration(self):
        """What comes with a request must not set up the process."""
        with Server(self.home, "register") as server, server.connect() as connection:
            body = json.dumps({"email": "b@example.com", "password": PASSWORD, "name": "B"}).encode()
            values = variables("POST", API + "/auth/register", body=body)
            connection.send(fastcgi.request(1, {**values, "REGISTRATION": "closed", "HTTP_PROXY": "x:1"}, body))
            self.assertEqual(parse_answer(connection.answer(1)[0]).status, 201)

    def test_run_jobs_is_not_there(self):
        with Server(self.home, "run-jobs") as server:
            self.assertEqual(server.call("POST", "/run-jobs", b"{}").status, 404)

    # Streams

    def chat(self):
        return json.dumps({"message": "What does the fox do?", "stream": True}).encode()

    def test_streams_come_part_by_part(self):
        with Server(self.home, "send-message") as server, server.connect() as connection:
            body, parts = self.chat(), []
            values = variables("POST", f"{API}/workspaces/{self.workspace}/chat", self.token, body)
            for _ in range(2):
                connection.send(fastcgi.request(7, values, body, KEEP))
                parts.clear()
                answer = parse_answer(connection.answer(7, parts)[0])
                self.assertEqual(answer.header("content-type"), "text/event-stream; charset=utf-8")
                self.assertIsNone(answer.header("content-length"))
                self.assertGreater(len(parts), 3)
                self.assertTrue(answer.body.startswith(b"event: start\n") and b"event: done\n" in answer.body)

    def slow_model(self):
        """Says a word every 50 ms; how many it could say."""
        listener = socket.create_server(("127.0.0.1", 0))
        said = []

        def serve():
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            try:
                for number in range(200):
                    chunk = {"choices": [{"index": 0, "delta": {"content": f"word{number} "}}]}
                    connection.sendall(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                    said.append(number)
                    time.sleep(0.05)
            except OSError:
                pass
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        return listener, said, thread

    def check_that_it_stops(self, stop):
        listener, said, thread = self.slow_model()
        with Installation(
                LLM_BASE_URL=f"http://127.0.0.1:{listener.getsockname()[1]}/v1", LLM_MODEL="m", PATH=os.environ["PATH"]) as home:
            token = home.register()
            workspace = home.make_workspace(token)
            home.pipe("upload-document", {
                "headers": {"authorization": f"Bearer {token}", "content-type": FORM},
                "body": form(b"The fox jumps.").decode(), "pathParameters": {"workspaceId": workspace}})
            with Server(home, "send-message") as server, server.connect() as connection:
                body = self.chat()
                values = variables("POST", f"{API}/workspaces/{workspace}/chat", token, body)
                connection.send(fastcgi.request(3, values, body, KEEP))
                output = b""
                while b"word2" not in output:
                    kind, _, content = connection.receive()
                    self.assertEqual(kind, fastcgi.STDOUT, content)
                    output += content
                stop(connection)
                thread.join(20)
                self.assertLess(len(said), 150, "the model was asked on and on")
                # The process goes on.
                self.assertEqual(server.call("POST", f"/workspaces/{workspace}/chat", b"{}", token=token).status, 422)
        listener.close()

    def test_an_abort_cancels_a_stream(self):
        def stop(connection):
            connection.send(fastcgi.record(fastcgi.ABORT, 3))
            _, _, status = connection.answer(3)
            self.assertEqual(status, COMPLETE)
        self.check_that_it_stops(stop)

    def test_a_server_that_goes_away_cancels_a_stream(self):
        self.check_that_it_stops(lambda connection: connection.close())

if __name__ == "__main__":
    unittest.main()
