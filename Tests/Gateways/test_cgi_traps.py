"""Bodies, variables and arguments that CGI programs trip over."""

import json
import os
import subprocess
import time
import unittest

from installation import FORM, FUNCTIONS, PASSWORD, Installation, form, parse_answer, variables
from cgi_case import API, CGICase, listen


class CGITrapTests(CGICase):
    # Traps

    def test_the_body_is_read_before_the_answer_is_written(self):
        """A server that writes the whole body before it reads, with an answer that fills the pipe."""
        body = json.dumps({"email": "x" * 900_000, "password": ""}).encode()
        environment = variables("GET", API + "/docs", body=body)
        process = self.home.start("docs", environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(body)
        process.stdin.close()
        output = process.stdout.read()
        process.stdout.close()
        self.assertEqual(process.wait(timeout=30), 0)
        self.assertEqual(parse_answer(output).status, 200)

    def test_a_body_that_is_too_large_is_read_to_its_end(self):
        with Installation(MAX_BODY_BYTES="2048") as home:
            for size in (2049, 5_000_000):
                body = b"x" * size
                # communicate() fails on a pipe that nobody reads; the write end must not break.
                environment = variables("POST", API + "/auth/login", body=body)
                process = home.start("login", environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                process.stdin.write(body)
                process.stdin.flush()
                process.stdin.close()
                answer = parse_answer(process.stdout.read())
                process.stdout.close()
                process.wait(timeout=30)
                self.assertEqual((answer.status, answer.code), (413, "PAYLOAD_TOO_LARGE"))
            limit = self.call("login", "POST", "/auth/login", b" " * 2046 + b"{}", home=home)
            self.assertEqual(limit.status, 422)

    def test_a_body_without_a_length_is_read_to_the_end(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        for length in (None, ""):
            environment = variables("POST", API + "/auth/login", body=body)
            environment.pop("CONTENT_LENGTH")
            if length is not None:
                environment["CONTENT_LENGTH"] = length
            self.assertEqual(parse_answer(self.run_raw("login", environment, body)).status, 200)
        with Installation(MAX_BODY_BYTES="2048") as home:
            environment.pop("CONTENT_LENGTH")
            answer = parse_answer(self.run_raw("login", environment, b"x" * 1_000_000, home=home))
            self.assertEqual(answer.status, 413)

    def test_no_more_than_the_length_is_read(self):
        """Behind the body may be the next request, on a descriptor that stays open."""
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        environment = variables("POST", API + "/auth/login", body=body)
        process = self.home.start("login", environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(body + b"GET / HTTP/1.1")
        process.stdin.flush()
        self.assertEqual(parse_answer(process.stdout.read()).status, 200)
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)

    def test_a_get_does_not_wait_for_a_stdin_that_stays_open(self):
        process = self.home.start("health", variables("GET", API + "/health"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual(parse_answer(process.stdout.read()).status, 200)
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)

    def test_half_a_body_is_no_body(self):
        text = form(b"The first half of a long document.")
        environment = variables("POST", f"{API}/workspaces/{self.workspace}/documents", self.token, text, FORM)
        answer = parse_answer(self.run_raw("upload-document", environment, text[:-40]))
        self.assertEqual(answer.status, 400)

    def test_lengths_that_are_none(self):
        for length in ("-1", "+5", "5 5", "0x10", "99999999999999999999999", "1e3", "²"):
            environment = {**variables("POST", API + "/auth/login", body=b"{}"), "CONTENT_LENGTH": length}
            self.assertEqual(parse_answer(self.run_raw("login", environment, b"{}")).status, 400, length)

    def test_the_proxy_header_sets_no_proxy(self):
        """fcgiwrap makes HTTP_PROXY of it: what a function sends would go where the client says."""
        model, proxy = listen(), listen()
        with Installation(
                LLM_BASE_URL=f"http://127.0.0.1:{model.getsockname()[1]}/v1", LLM_MODEL="m", PATH=os.environ["PATH"]) as home:
            token = home.register()
            home.pipe("upload-document", {
                "headers": {"authorization": f"Bearer {token}", "content-type": FORM}, "body": form(b"The fox jumps.").decode(),
                "pathParameters": {"workspaceId": (workspace := home.make_workspace(token))}})
            body = json.dumps({"message": "What does the fox do?"}).encode()
            environment = variables(
                "POST", f"{API}/workspaces/{workspace}/chat", token, body,
                headers={"Proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}"})
            process = home.start(
                "send-message", environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            process.stdin.write(body)
            process.stdin.close()
            with model.accept()[0] as connection:
                self.assertTrue(connection.recv(100).startswith(b"POST /v1/chat/completions HTTP/1.1\r\n"))
            self.assertEqual(parse_answer(process.stdout.read()).status, 503)
            process.stdout.close()
            process.wait(timeout=30)
        with self.assertRaises(BlockingIOError):
            proxy.setblocking(False)
            proxy.accept()
        model.close()
        proxy.close()

    def test_authorization_under_apache(self):
        environment = variables("GET", API + "/workspaces")
        environment["REDIRECT_HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        self.assertEqual(parse_answer(self.run_raw("list-workspaces", environment)).status, 200)

    def test_the_path_is_the_client_s_own(self):
        """`PATH_INFO` is decoded: `%2F` in it would pass for a slash."""
        environment = variables("GET", f"{API}/workspaces/{self.workspace}%2Fmembers", self.token)
        environment |= {"SCRIPT_NAME": "/x", "PATH_INFO": f"{API}/workspaces/{self.workspace}/members"}
        self.assertEqual(parse_answer(self.run_raw("get-workspace", environment)).status, 404)
        encoded = "".join(f"%{byte:02X}" for byte in self.workspace.encode())
        self.assertEqual(self.call("get-workspace", "GET", f"/workspaces/{encoded}", token=self.token).status, 200)
        self.assertEqual(self.call("get-workspace", "GET", "/workspaces/%C3%A4%20%FF", token=self.token).status, 404)

    def test_other_ways_to_tell_the_path(self):
        path = f"{API}/workspaces/{self.workspace}"
        for own in (
            {"REQUEST_URI": f"http://example.com{path}?x=1", "SCRIPT_NAME": path},
            {"SCRIPT_NAME": f"{API}/workspaces", "PATH_INFO": f"/{self.workspace}"},
            {"SCRIPT_NAME": "/cgi-bin/get-workspace", "PATH_INFO": path},
            {"REQUEST_URI": f"/cgi-bin/get-workspace{path}", "SCRIPT_NAME": "/cgi-bin/get-workspace", "PATH_INFO": path},
            {"REQUEST_URI": f"{path}", "SCRIPT_NAME": f"{API}/workspaces", "PATH_INFO": f"/{self.workspace}"},
            {"REQUEST_URI": f"/workspaces/{self.workspace}"},
        ):
            environment = variables("GET", path, self.token)
            for name in ("REQUEST_URI", "SCRIPT_NAME", "PATH_INFO"):
                environment.pop(name, None)
            answer = parse_answer(self.run_raw("get-workspace", {**environment, **own}))
            self.assertEqual(answer.status, 200, own)

    def test_query_values_are_decoded_once(self):
        self.home.pipe("create-workspace", {"headers": {"authorization": f"Bearer {self.token}"}, "body": {"name": "50% off+ü"}})
        answer = self.call("list-workspaces", "GET", "/workspaces?search=50%25+off%2B%C3%BC", token=self.token)
        self.assertEqual([item["name"] for item in answer.data], ["50% off+ü"])
        without = variables("GET", API + "/workspaces?search=50%25+off%2B%C3%BC", self.token)
        without.pop("QUERY_STRING")
        self.assertEqual(len(parse_answer(self.run_raw("list-workspaces", without)).data), 1)

    def test_arguments_are_the_client_s(self):
        """Of `/health?--describe` servers make an argument (RFC 3875 section 4.4)."""
        for argument in ("--describe", "--help", "--version", "--gateway=lines", "--nonsense"):
            self.assertEqual(self.call("health", "GET", "/health?" + argument, arguments=[argument]).status, 200)

    def test_a_function_that_prints_cannot_spoil_its_answer(self):
        """Before the request is read, descriptor 1 is what descriptor 2 is: a print goes to the log."""
        body = b"{}"
        process = self.home.start(
            "login", variables("POST", API + "/auth/login", body=body), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        deadline = time.monotonic() + 10
        targets = []
        while len(set(targets)) != 1 and time.monotonic() < deadline:
            targets = [os.readlink(f"/proc/{process.pid}/fd/{number}") for number in (1, 2)]
        self.assertEqual(targets[0], targets[1])
        output, _ = process.communicate(body, timeout=30)
        self.assertEqual(parse_answer(output).status, 422)

    def test_closed_standard_descriptors_do_no_harm(self):
        """A log line must not land in a database that became descriptor 2."""
        for closed in ([2], [0], [0, 2]):
            closing = "; ".join(f"os.close({number})" for number in closed)
            program = f"import os, sys; {closing}; os.execv(sys.argv[1], sys.argv[1:])"
            with Installation() as home:
                output = subprocess.run(
                    ["python3", "-SE", "-c", program, str(FUNCTIONS / "register")],
                    env={**home.environment, **variables("POST", API + "/auth/register"), "PATH": os.environ["PATH"]},
                    stdout=subprocess.PIPE, timeout=60).stdout
                self.assertIn(parse_answer(output).status, (415, 422))
                home.register()

    def test_a_missing_method_is_no_request(self):
        environment = variables("POST", API + "/run-jobs")
        environment.pop("REQUEST_METHOD")
        self.assertEqual(parse_answer(self.run_raw("run-jobs", environment)).status, 400)

if __name__ == "__main__":
    unittest.main()
