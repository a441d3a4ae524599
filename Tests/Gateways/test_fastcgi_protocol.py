"""The records of FastCGI, the malformed ones too, and the process that reads them."""

import json
import os
import random
import shutil
import socket
import subprocess
import time
import unittest

import fastcgi
from fastcgi import CANT_MPX, COMPLETE, KEEP, Connection
from installation import FUNCTIONS, PASSWORD, InstalledTests, Installation, parse_answer, variables
from fastcgi_server import API, Server, is_listening


class FastCGIProtocolTests(InstalledTests):
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
