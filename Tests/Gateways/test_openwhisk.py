"""The functions in OpenWhisk's action loop: lines in, results on descriptor 3."""

import base64
import json
import os
import subprocess
import time
import unittest

from installation import FORM, FUNCTIONS, PASSWORD, InstalledTests, Installation, form

API = "/api/v1"


class Loop:
    def __init__(self, home, name, ack=True, **own):
        reading, writing = os.pipe()
        # The proxy gives the pipe as descriptor 3.
        program = f"import os, sys; os.dup2({writing}, 3); os.execv(sys.argv[1], sys.argv[1:])"
        marks = {"__OW_WAIT_FOR_ACK": "1"} if ack else {"__OW_PROXY_VERSION": "1.17.0"}
        self.process = subprocess.Popen(
            ["python3", "-SE", "-c", program, str(FUNCTIONS / name)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, pass_fds=[writing], env={**home.environment, **marks, **own, "PATH": os.environ["PATH"]})
        os.close(writing)
        self.results = os.fdopen(reading, "rb")
        if ack:
            assert json.loads(self.results.readline()) == {"ok": True}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.results.close()
        output, errors = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, errors
        assert not output, output

    def send(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        return json.loads(self.results.readline())

    def activate(self, value, **more):
        return self.send(json.dumps({"activation_id": "a1", "action_name": "/_/f", "value": value, **more}).encode())


def web(method, path, token=None, body=None, query="", headers=None, content_type="application/json"):
    """A raw web action's value; JSON comes in base64."""
    own = {"host": "example.com", "x-forwarded-for": "198.51.100.1, 192.0.2.7", **(headers or {})}
    if token:
        own["authorization"] = f"Bearer {token}"
    if body is not None:
        own["content-type"] = content_type
    return {"__ow_method": method.lower(), "__ow_headers": own, "__ow_path": path and API + path, "__ow_query": query,
            "__ow_body": base64.b64encode(body).decode() if body is not None else ""}


class OpenWhiskTests(InstalledTests):
    def test_attempts_are_counted_by_the_address_that_the_gateway_adds(self):
        login = json.dumps({"email": "nobody@example.com", "password": PASSWORD}).encode()
        disguises = ["\u0600", "x\u0600", "\U000110bd", "%", "9\u0301"]
        with Loop(self.home, "login", RATE_LIMIT_AUTH="3") as loop:
            found = [
                loop.activate(web("POST", "/auth/login", body=login, headers={
                    "x-forwarded-for": f"{each}, 192.0.2.77"}))["statusCode"] for each in disguises]
        self.assertEqual(found, [401, 401, 401, 429, 429])

    def test_raw_web_actions(self):
        login = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        for ack in (True, False):
            with Loop(self.home, "login", ack) as loop:
                result = loop.activate(web("POST", "/auth/login", body=login))
                self.assertEqual((result["statusCode"], result.keys()), (200, {"statusCode", "headers", "body"}))
                self.assertIn("token", json.loads(result["body"])["data"])
                self.assertEqual(loop.activate(web("POST", "/auth/login", body=b"{}"))["statusCode"], 422)
                self.assertEqual(loop.activate(web("GET", "/auth/login"))["statusCode"], 405)
                self.assertEqual(loop.activate(web("POST", "", body=login))["statusCode"], 200)
                self.assertEqual(loop.activate(web("POST", "/elsewhere", body=login))["statusCode"], 404)
        with Loop(self.home, "list-workspaces") as loop:
            result = loop.activate(web("GET", "/workspaces", self.token, query="search=Sh%65lf&limit=1"))
            self.assertEqual(len(json.loads(result["body"])["data"]), 1)
            self.assertEqual(loop.activate(web("HEAD", "/workspaces", self.token))["body"], "")

    def test_web_actions_that_were_taken_apart(self):
        with Loop(self.home, "login") as loop:
            value = {"__ow_method": "post", "__ow_headers": {}, "__ow_path": "", "email": "ada@example.com", "password": PASSWORD}
            self.assertEqual(loop.activate(value)["statusCode"], 200)
        with Loop(self.home, "list-workspaces") as loop:
            value = {"__ow_method": "get", "__ow_headers": {"authorization": f"Bearer {self.token}"}, "search": "Shelf", "limit": 1}
            self.assertEqual(len(json.loads(loop.activate(value)["body"])["data"]), 1)

    def test_a_body_that_cannot_be_written_is_an_error(self):
        with Installation() as home:
            token = home.register()
            home.spoil("workspaces")
            with Loop(home, "list-workspaces") as loop:
                for _ in range(2):
                    result = loop.activate(web("GET", "/workspaces", token))
                    self.assertEqual(
                        (result["statusCode"], json.loads(result["body"])["error"]["code"]), (500, "INTERNAL_ERROR"))

    def test_bytes(self):
        content = "The quick brown fox, naïve.\n".encode() * 1000
        with Loop(self.home, "upload-document") as loop:
            result = loop.activate(web(
                "POST", f"/workspaces/{self.workspace}/documents", self.token, form(content), content_type=FORM))
            self.assertEqual(result["statusCode"], 201, result)
            document = json.loads(result["body"])["data"]["id"]
        with Loop(self.home, "get-document-content") as loop:
            path = f"/workspaces/{self.workspace}/documents/{document}/content"
            result = loop.activate(web("GET", path, self.token))
            self.assertEqual(result["body"].encode(), content)
            # Half a letter is no text: it comes as bytes.
            at = content.index("ï".encode())
            part = loop.activate(web("GET", path, self.token, headers={"range": f"bytes={at}-{at}"}))
            self.assertEqual((part["statusCode"], part["headers"]["content-type"]), (206, "application/octet-stream"))
            self.assertEqual(base64.b64decode(part["body"]), content[at:at + 1])

    def test_streams_are_joined(self):
        body = json.dumps({"message": "What does the fox do?", "stream": True}).encode()
        with Loop(self.home, "send-message") as loop:
            result = loop.activate(web("POST", f"/workspaces/{self.workspace}/chat", self.token, body))
            self.assertTrue(result["body"].startswith("event: start\n") and "event: done\n" in result["body"])

    def test_triggers_run_the_jobs_and_requests_do_not(self):
        with Loop(self.home, "run-jobs") as loop:
            for value in ({}, {"body": {"limit": 5}}):
                result = loop.activate(value, deadline=str(int(time.time() * 1000) + 60_000))
                self.assertEqual((result["statusCode"], result["headers"]["x-request-id"]), (200, "a1"))
            self.assertEqual(loop.activate(web("POST", "/run-jobs", body=b"{}"))["statusCode"], 404)
        with Installation(DATA_DIR="/dev/null/nowhere") as home, Loop(home, "run-jobs") as loop:
            self.assertEqual(loop.activate({}).keys(), {"error"})

    def test_nonsense(self):
        with Loop(self.home, "health") as loop:
            for line in (b"", b"{", b"[]", b"5", b'{"value": 5}', b'{"value": []}', b'{"value": {"headers": 5}}', b"\xff\x00",
                         b'{"value": {"__ow_method": "get", "__ow_headers": [1], "__ow_path": 5}}', b"[" * 100_000):
                self.assertTrue({"error", "statusCode"} & loop.send(line).keys(), line[:80])
            self.assertEqual(loop.activate(web("GET", "/health"))["statusCode"], 200)
            self.assertEqual(loop.send(b"x" * 6_000_000).keys(), {"error"})
            self.assertEqual(loop.activate(web("GET", "/health"))["statusCode"], 200)

    def test_variables_alone_are_no_proof(self):
        """Descriptor 3 must be a pipe: children inherit variables."""
        process = self.home.start("health", {"__OW_WAIT_FOR_ACK": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        output, _ = process.communicate(b"{}", timeout=30)
        self.assertEqual(json.loads(output)["statusCode"], 200)


if __name__ == "__main__":
    unittest.main()
