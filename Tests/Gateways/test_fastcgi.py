"""The functions as FastCGI responders, on Unix and TCP sockets, over one connection and over many."""

import hashlib
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest

import fastcgi
from fastcgi import CANT_MPX, COMPLETE, KEEP, Connection
from installation import FORM, FUNCTIONS, PASSWORD, InstalledTests, Installation, form, parse_answer, variables

API = "/api/v1"


def is_listening(address):
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        return probe.connect_ex(address) == 0


class Server:
    """A function with a listening socket as descriptor 0, as a web server starts it."""

    def __init__(self, home, name, is_tcp=False, **own):
        self.home = home
        if is_tcp:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.address = self.listener.getsockname()
        else:
            self.address = str(home.path / f"{name}-{random.randrange(1 << 30)}.sock")
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.address)
            self.listener.listen(64)
        self.processes = []
        self.name, self.own = name, own
        self.add()

    def add(self):
        """Another process on the same socket."""
        self.processes.append(self.home.start(
            self.name, self.own, stdin=self.listener, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))

    def connect(self):
        return Connection(self.address)

    def call(self, method, target, body=b"", connection=None, request_id=1, flags=0, **more):
        """One request; on a connection of its own unless one is given."""
        values = variables(method, API + target, body=body or None, **more)
        own = connection or self.connect()
        own.send(fastcgi.request(request_id, values, body, flags))
        output, exit_status, status = own.answer(request_id)
        assert (exit_status, status) == (0, COMPLETE)
        if not connection:
            assert own.is_ended(), "without KEEP_CONN the connection ends"
            own.close()
        return parse_answer(output)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
            _, errors = process.communicate(timeout=30)
            assert process.returncode in (0, -signal.SIGKILL), (process.returncode, errors)


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

    # The protocol

    def test_values(self):
        with Server(self.home, "health") as server, server.connect() as connection:
            wanted = {name: "" for name in ("FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS", "FCGI_OTHER")}
            connection.send(fastcgi.record(fastcgi.GET_VALUES, 0, fastcgi.pairs(wanted)))
            kind, request_id, content = connection.receive()
            self.assertEqual((kind, request_id), (fastcgi.GET_VALUES_RESULT, 0))
            self.assertEqual(
                fastcgi.parse_pairs(content), {"FCGI_MAX_CONNS": "128", "FCGI_MAX_REQS": "1", "FCGI_MPXS_CONNS": "0"})
            self.assertEqual(server.call("GET", "/health", connection=connection).status, 200)

    def test_types_that_are_unknown(self):
        with Server(self.home, "health") as server, server.connect() as connection:
            connection.send(fastcgi.record(99, 0, b"?"))
            self.assertEqual(connection.receive(), (fastcgi.UNKNOWN_TYPE, 0, bytes([99]) + bytes(7)))
            # Of a request that is not active, anything is ignored.
            connection.send(fastcgi.record(99, 5) + fastcgi.record(fastcgi.STDIN, 5, b"x") + fastcgi.record(fastcgi.ABORT, 5))
            self.assertEqual(server.call("GET", "/health", connection=connection).status, 200)

    def test_a_second_request_at_once_is_refused(self):
        with Server(self.home, "health") as server, server.connect() as connection:
            values = variables("GET", API + "/health")
            connection.send(fastcgi.begin(1, flags=KEEP) + fastcgi.request(2, values))
            self.assertEqual(connection.receive(), (fastcgi.END, 2, bytes([0, 0, 0, 0, CANT_MPX, 0, 0, 0])))
            connection.send(fastcgi.stream(fastcgi.PARAMS, 1, fastcgi.pairs(values)) + fastcgi.record(fastcgi.STDIN, 1))
            self.assertEqual(parse_answer(connection.answer(1)[0]).status, 200)

    def test_other_roles_are_refused(self):
        with Server(self.home, "health") as server, server.connect() as connection:
            connection.send(fastcgi.begin(1, fastcgi.AUTHORIZER, KEEP) + fastcgi.record(fastcgi.PARAMS, 1))
            self.assertEqual(connection.receive(), (fastcgi.END, 1, bytes([0, 0, 0, 0, fastcgi.UNKNOWN_ROLE, 0, 0, 0])))
            self.assertEqual(server.call("GET", "/health", connection=connection).status, 200)

    def test_a_request_aborted_while_it_comes(self):
        with Server(self.home, "login") as server, server.connect() as connection:
            values = variables("POST", API + "/auth/login", body=b"x" * 100)
            connection.send(
                fastcgi.begin(9, flags=KEEP) + fastcgi.stream(fastcgi.PARAMS, 9, fastcgi.pairs(values))
                + fastcgi.record(fastcgi.STDIN, 9, b"half") + fastcgi.record(fastcgi.ABORT, 9))
            self.assertEqual(connection.answer(9), (b"", 1, COMPLETE))
            self.assertEqual(server.call("POST", "/auth/login", b"{}", connection).status, 422)

    def test_malformed_records_end_the_connection_not_the_process(self):
        values = fastcgi.pairs(variables("GET", API + "/health"))
        whole = fastcgi.begin(1) + fastcgi.stream(fastcgi.PARAMS, 1, values)
        cases = [
            b"GET / HTTP/1.1\r\n\r\n",
            fastcgi.record(fastcgi.BEGIN, 1, b"\0\1\0\0\0\0\0\0", version=2),
            fastcgi.begin(0),
            fastcgi.record(fastcgi.BEGIN, 1, b"\0\1"),
            fastcgi.begin(1) * 2,
            whole + fastcgi.record(fastcgi.PARAMS, 1, b"x"),
            whole + b"\7" * 8,
            fastcgi.begin(1) + fastcgi.stream(fastcgi.PARAMS, 1, b"\xff\xff\xff\xff\xff\xff\xff\xffab") + fastcgi.record(fastcgi.STDIN, 1),
            fastcgi.begin(1) + fastcgi.stream(fastcgi.PARAMS, 1, b"\x05") + fastcgi.record(fastcgi.STDIN, 1),
            fastcgi.record(fastcgi.GET_VALUES, 0, b"\x80"),
            fastcgi.begin(1) + fastcgi.record(fastcgi.PARAMS, 1, b"x" * 65535) * 17,
        ]
        with Server(self.home, "health") as server:
            for case in cases:
                with server.connect() as connection:
                    connection.send(case)
                    while not connection.is_ended():
                        pass
                self.assertEqual(server.call("GET", "/health").status, 200)
            self.assertIsNone(server.processes[0].poll())

    def test_noise(self):
        """Requests with bytes changed, cut and doubled: an answer or an end, never a crash or a hang."""
        chance = random.Random(3)
        whole = fastcgi.request(1, variables("POST", API + "/auth/login", body=b"{}"), b"{}", KEEP)
        with Server(self.home, "login") as server:
            for _ in range(400):
                data = bytearray(whole)
                for _ in range(chance.randrange(1, 4)):
                    at = chance.randrange(len(data))
                    match chance.randrange(4):
                        case 0: data[at] = chance.randrange(256)
                        case 1: del data[at:at + chance.randrange(1, 20)]
                        case 2: data[at:at] = data[at:at + chance.randrange(1, 40)]
                        case 3: data[at:at] = chance.randbytes(chance.randrange(1, 9))
                with server.connect() as connection:
                    connection.send(bytes(data))
                    connection.socket.shutdown(socket.SHUT_WR)
                    try:
                        while connection.socket.recv(65536):
                            pass
                    except ConnectionResetError:
                        pass
            self.assertIsNone(server.processes[0].poll())
            self.assertEqual(server.call("POST", "/auth/login", b"{}").status, 422)

    # The process

    def test_only_named_servers_may_connect(self):
        with Server(self.home, "health", is_tcp=True, FCGI_WEB_SERVER_ADDRS="192.0.2.1, 127.0.0.1") as server:
            self.assertEqual(server.call("GET", "/health").status, 200)
        with Server(self.home, "health", is_tcp=True, FCGI_WEB_SERVER_ADDRS="192.0.2.1") as server:
            with server.connect() as connection:
                self.assertTrue(connection.is_ended())
        with Server(self.home, "health", FCGI_WEB_SERVER_ADDRS="192.0.2.1") as server:
            self.assertEqual(server.call("GET", "/health").status, 200)
        process = self.home.start(
            "health", {"FUNCTION_GATEWAY": "fastcgi"}, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.assertIn(b"listening socket", process.communicate(timeout=30)[1])
        self.assertEqual(process.returncode, 78)

    def test_sigterm_lets_requests_finish(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        with Server(self.home, "login") as server, server.connect() as busy, server.connect() as idle:
            data = fastcgi.request(1, variables("POST", API + "/auth/login", body=body), body, KEEP)
            busy.send(data[:-12])
            self.assertEqual(server.call("POST", "/auth/login", b"{}", idle, flags=KEEP).status, 422)
            server.processes[0].terminate()
            self.assertTrue(idle.is_ended())
            busy.send(data[-12:])
            self.assertEqual(parse_answer(busy.answer(1)[0]).status, 200)
            self.assertTrue(busy.is_ended())
            self.assertEqual(server.processes[0].wait(timeout=30), 0)

    def test_only_descriptor_0_is_open(self):
        """The specification starts programs like this (section 2.2)."""
        with Installation() as home:
            program = "import os, sys; os.close(1); os.close(2); os.execv(sys.argv[1], sys.argv[1:])"
            listener = socket.socket(socket.AF_UNIX)
            address = str(home.path / "s")
            listener.bind(address)
            listener.listen()
            process = subprocess.Popen(
                ["python3", "-SE", "-c", program, str(FUNCTIONS / "register")], stdin=listener,
                env={**home.environment, "PATH": os.environ["PATH"]})
            body = json.dumps({"email": "b@example.com", "password": PASSWORD, "name": "B"}).encode()
            with Connection(address) as connection:
                connection.send(fastcgi.request(1, variables("POST", API + "/auth/register", body=body), body))
                self.assertEqual(parse_answer(connection.answer(1)[0]).status, 201)
            process.terminate()
            self.assertEqual(process.wait(timeout=30), 0)
            listener.close()

    @unittest.skipUnless(shutil.which("spawn-fcgi"), "needs spawn-fcgi")
    def test_spawn_fcgi(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        for place, address in ((["-s", str(self.home.path / "spawn.sock")], str(self.home.path / "spawn.sock")),
                               (["-a", "127.0.0.1", "-p", str(port)], ("127.0.0.1", port))):
            process = subprocess.Popen(
                ["spawn-fcgi", "-n", *place, "--", str(FUNCTIONS / "health")], env={**self.home.environment, "PATH": os.environ["PATH"]})
            deadline = time.monotonic() + 20
            while not is_listening(address):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
            with Connection(address) as connection:
                connection.send(fastcgi.request(1, variables("GET", API + "/health")))
                self.assertEqual(parse_answer(connection.answer(1)[0]).status, 200)
            process.terminate()
            self.assertEqual(process.wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main()
