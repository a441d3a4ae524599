"""The functions as CGI/1.1 programs: a process for a request, variables and stdin in, a head and a body out."""

import hashlib
import json
import os
import random
import subprocess
import unittest

from installation import FORM, FUNCTIONS, PASSWORD, form, parse_answer, variables
from cgi_case import API, CGICase


class CGITests(CGICase):
    # What every gateway must do

    def test_people_log_in_and_list(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        token = self.call("login", "POST", "/auth/login", body).data["token"]
        answer = self.call("list-workspaces", "GET", "/workspaces?search=Shel&limit=5", token=token)
        self.assertEqual([item["id"] for item in answer.data], [self.workspace])
        self.assertEqual(answer.header("content-type"), "application/json; charset=utf-8")

    def test_errors_keep_their_status(self):
        self.assertEqual(self.call("list-workspaces", "GET", "/workspaces").status, 401)
        self.assertEqual(self.call("list-workspaces", "GET", "/elsewhere", token=self.token).status, 404)
        self.assertEqual(self.call("list-workspaces", "DELETE", "/workspaces", token=self.token).header("allow"), "GET, HEAD, OPTIONS")
        unfit = self.call("create-workspace", "POST", "/workspaces", b"{}", token=self.token)
        self.assertEqual((unfit.status, unfit.code), (422, "VALIDATION_ERROR"))
        self.assertEqual(self.call("login", "POST", "/auth/login", b"{}", content_type="text/plain").status, 415)

    def test_head_and_options_have_no_body(self):
        self.assertEqual(self.call("health", "HEAD", "/health").status, 200)
        self.assertEqual(self.call("health", "OPTIONS", "/health").status, 204)

    def test_what_the_client_knows_already_is_not_sent(self):
        target = f"/workspaces/{self.workspace}"
        tag = self.call("get-workspace", "GET", target, token=self.token).header("etag")
        self.assertEqual(self.call("get-workspace", "GET", target, token=self.token, headers={"If-None-Match": tag}).status, 304)

    def test_bytes_come_back_as_they_went(self):
        content = random.Random(5).randbytes(3_000_000)
        # A PDF need not be readable to be kept; text must be.
        text = ("The quick brown fox.\n" * 50_000).encode()
        answer = self.call(
            "upload-document", "POST", f"/workspaces/{self.workspace}/documents", form(text), token=self.token, content_type=FORM)
        self.assertEqual(answer.status, 201, answer.body[:300])
        path = f"/workspaces/{self.workspace}/documents/{answer.data['id']}/content"
        back = self.call("get-document-content", "GET", path, token=self.token)
        self.assertEqual(hashlib.sha256(back.body).hexdigest(), hashlib.sha256(text).hexdigest())
        part = self.call("get-document-content", "GET", path, token=self.token, headers={"Range": "bytes=4-8"})
        self.assertEqual((part.status, part.body), (206, b"quick"))
        self.assertEqual(self.call("get-document-content", "HEAD", path, token=self.token).header("content-length"), str(len(text)))
        refused = self.call(
            "upload-document", "POST", f"/workspaces/{self.workspace}/documents", form(content, "a.bin", "application/x-thing"),
            token=self.token, content_type=FORM)
        self.assertEqual(refused.status, 415)

    def test_a_client_s_request_id_is_kept_and_a_server_s_used(self):
        self.assertEqual(self.call("health", "GET", "/health", headers={"X-Request-Id": "mine-1"}).header("x-request-id"), "mine-1")
        environment = {**variables("GET", API + "/health"), "REQUEST_ID": "servers-1"}
        self.assertEqual(parse_answer(self.run_raw("health", environment)).header("x-request-id"), "servers-1")

    def test_run_jobs_is_not_there(self):
        for method in ("GET", "POST"):
            answer = self.call("run-jobs", method, "/run-jobs", b"{}" if method == "POST" else None)
            self.assertEqual(answer.status, 404)

    # Streams

    def stream(self, **more):
        body = json.dumps({"message": "What does the fox do?", "stream": True}).encode()
        environment = variables("POST", f"{API}/workspaces/{self.workspace}/chat", self.token, body)
        process = self.home.start("send-message", environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **more)
        process.stdin.write(body)
        process.stdin.close()
        return process

    def test_a_stream_comes_part_by_part_and_without_a_length(self):
        process = self.stream()
        parts = []
        while part := os.read(process.stdout.fileno(), 1 << 20):
            parts.append(part)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=30), 0)
        answer = parse_answer(b"".join(parts))
        self.assertEqual((answer.status, answer.header("content-type")), (200, "text/event-stream; charset=utf-8"))
        self.assertIsNone(answer.header("content-length"))
        self.assertTrue(answer.body.startswith(b"event: start\n"))
        self.assertIn(b"event: done\n", answer.body)

    def test_who_goes_away_ends_the_stream(self):
        process = self.stream(stderr=subprocess.PIPE)
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(timeout=30), (0, 1), errors)

    def test_what_fails_before_the_stream_has_its_own_status(self):
        body = json.dumps({"message": "", "stream": True}).encode()
        answer = self.call("send-message", "POST", f"/workspaces/{self.workspace}/chat", body, token=self.token)
        self.assertEqual(answer.status, 422)

    # Nonsense

    def test_nonsense_gets_an_answer(self):
        """Whatever the variables hold, there is one well-formed answer, and no crash."""
        chance = random.Random(11)
        names = ["REQUEST_METHOD", "REQUEST_URI", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE",
                 "REMOTE_ADDR", "HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_", "HTTP_X_REQUEST_ID", "HTTP_RANGE", "HTTP_HOST",
                 "HTTP_IF_NONE_MATCH", "REDIRECT_HTTP_AUTHORIZATION", "UNIQUE_ID", "HTTP_ACCEPT"]
        letters = [b"/", b"?", b"%", b"%2F", b"%zz", b"&", b"=", b";", b"\xff", b"\xc3\xa4", b" ", b"\r\n", b"a", b"://", b",", b"\x01"]
        for _ in range(150):
            environment = {os.fsencode(key): os.fsencode(value) for key, value in
                           {**self.home.environment, **variables("GET", API + "/workspaces")}.items()}
            for name in chance.sample(names, 5):
                environment[name.encode()] = b"".join(chance.choices(letters, k=chance.randrange(30)))
            process = subprocess.run(
                [str(FUNCTIONS / "list-workspaces")], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, timeout=30)
            self.assertEqual(process.returncode, 0, environment)
            self.assertIn(parse_answer(process.stdout).status, (200, 400, 401, 404, 405), environment)

if __name__ == "__main__":
    unittest.main()
