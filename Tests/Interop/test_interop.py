"""What others make of us: their verifiers, their validators, their fuzzers."""

import base64
import concurrent.futures
import ctypes
import ctypes.util
import hashlib
import hmac
import http.server
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
from pathlib import Path

import jwt
from openapi_spec_validator import validate
from prometheus_client.parser import text_string_to_metric_families
from standardwebhooks.webhooks import Webhook

from gateway import PASSWORD, SECRET, Gateway

HERE = Path(__file__).resolve().parent


class TokenTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.token = cls.gateway.register()
        cls.claims = jwt.decode(cls.token, SECRET, algorithms=["HS256"])

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def status(self, token):
        return self.gateway.call("GET", "/users/me", token=token).status

    def test_pyjwt_verifies_our_tokens(self):
        self.assertEqual(jwt.get_unverified_header(self.token), {"alg": "HS256", "typ": "JWT"})
        self.assertEqual(set(self.claims), {"sub", "iat", "exp", "jti", "sid", "role"})
        self.assertEqual(self.claims["exp"] - self.claims["iat"], 3600)
        self.assertEqual(self.status(self.token), 200)

    def test_we_verify_what_pyjwt_signs(self):
        self.assertEqual(self.status(jwt.encode(self.claims, SECRET, algorithm="HS256")), 200)

    def test_wrong_tokens_are_refused(self):
        head, body, signature = self.token.split(".")
        other = base64.urlsafe_b64encode(json.dumps({**self.claims, "role": "user"}).encode()).decode().rstrip("=")
        rs256 = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode().rstrip("=")
        mac = hmac.new(SECRET.encode(), f"{rs256}.{body}".encode(), hashlib.sha256).digest()
        forged = f"{rs256}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        wrong = {
            "tampered claims": f"{head}.{other}.{signature}",
            "tampered signature": f"{head}.{body}.{signature[:-2]}AA",
            "expired": jwt.encode({**self.claims, "exp": int(time.time()) - 1}, SECRET, algorithm="HS256"),
            "another secret": jwt.encode(self.claims, SECRET + "x", algorithm="HS256"),
            "none": jwt.encode(self.claims, None, algorithm="none"),
            "HS512": jwt.encode(self.claims, SECRET, algorithm="HS512"),
            "RS256 with the secret": forged,
            "no signature": f"{head}.{body}.",
            "two parts": f"{head}.{body}",
            "another session": jwt.encode(
                {**self.claims, "sid": "ses_01JD8Q3W5X7Y9Z1A3B5C7D9E0F"}, SECRET, algorithm="HS256"),
        }
        for name, token in wrong.items():
            answer = self.gateway.call("GET", "/users/me", token=token)
            self.assertEqual(answer.status, 401, name)
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer", name)

    def test_a_revoked_token_is_refused(self):
        token = self.gateway.register("bob@example.com")
        self.assertEqual(self.gateway.call("POST", "/auth/logout", token=token).status, 200)
        answer = self.gateway.call("GET", "/users/me", token=token)
        self.assertEqual((answer.status, answer.code), (401, "TOKEN_REVOKED"))

    def test_the_systems_crypt_verifies_password_hashes(self):
        with sqlite3.connect(self.gateway.data / "nexlayer.db") as database:
            (stored,) = database.execute("SELECT password_hash FROM users LIMIT 1").fetchone()
        crypt = ctypes.CDLL(ctypes.util.find_library("crypt")).crypt
        crypt.restype = ctypes.c_char_p
        self.assertTrue(stored.startswith("$y$"))
        self.assertEqual(crypt(PASSWORD.encode(), stored.encode()).decode(), stored)
        self.assertNotEqual(crypt(b"another", stored.encode()).decode(), stored)


class RateLimitTests(unittest.TestCase):
    def test_150_requests_through_runner_and_pipes_pass_100_times(self):
        gateway = Gateway(RATE_LIMIT_GENERAL="100")
        try:
            token = gateway.register()
            envelope = {"headers": {"authorization": f"Bearer {token}"}}

            def ask(number):
                if number % 10 == 0:
                    return gateway.pipe("list-workspaces", envelope)[0]["statusCode"]
                path = ("/users/me", "/workspaces", "/api-keys")[number % 3]
                return gateway.call("GET", path, token=token).status

            with concurrent.futures.ThreadPoolExecutor(30) as pool:
                statuses = list(pool.map(ask, range(150)))
            self.assertEqual((statuses.count(200), statuses.count(429)), (100, 50))
        finally:
            gateway.close()


class WebhookTests(unittest.TestCase):
    def test_standardwebhooks_verifies_what_the_runner_delivers(self):
        received, arrived = [], threading.Event()

        class Receiver(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def do_POST(self):
                received.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()
                arrived.set()

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        gateway = Gateway(WEBHOOK_ALLOW_PRIVATE="1")
        try:
            token = gateway.register()
            made = gateway.call("POST", "/webhooks", {
                "url": f"http://127.0.0.1:{server.server_port}/", "events": ["workspace.*"]}, token=token)
            workspace = gateway.call("POST", "/workspaces", {"name": "Handbook"}, token=token).data["id"]
            self.assertTrue(arrived.wait(20), "the runner calls run-jobs by itself")
            headers, body = received[0]
            event = Webhook(made.data["secret"]).verify(body, {name.lower(): value for name, value in headers.items()})
            self.assertEqual((event["type"], event["data"]["id"]), ("workspace.created", workspace))
            with self.assertRaises(Exception):
                Webhook(made.data["secret"]).verify(body + b" ", {name.lower(): value for name, value in headers.items()})
        finally:
            gateway.close()
            server.shutdown()


class MetricsTests(unittest.TestCase):
    def test_prometheus_reads_the_metrics(self):
        gateway = Gateway()
        self.addCleanup(gateway.close)
        token = gateway.register()
        for _ in range(3):
            gateway.call("GET", "/workspaces", token=token)
        gateway.call("GET", "/nowhere")
        families = {family.name: family for family in text_string_to_metric_families(self.read(gateway))}
        requests = {(each.labels["function"], each.labels["status"]): each.value for each in families["runner_requests"].samples}
        self.assertEqual(requests, {("register", "2xx"): 1, ("list-workspaces", "2xx"): 3, ("", "4xx"): 1})
        for family in families.values():
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ("counter", "gauge", "histogram"), family.name)
            names = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
            self.assertEqual(len(names), len(set(names)), family.name)
        duration = families["runner_request_duration_seconds"]
        buckets = [each.value for each in duration.samples if each.name.endswith("_bucket") and each.labels["function"] == "list-workspaces"]
        self.assertEqual((buckets, buckets[-1]), (sorted(buckets), 3))
        total = next(each.value for each in duration.samples if each.name.endswith("_sum") and each.labels["function"] == "list-workspaces")
        self.assertTrue(0 < total < 3)

    def read(self, gateway):
        with urllib.request.urlopen(gateway.url.replace("/api/v1", "/_runner/metrics")) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            return answer.read().decode()


class ContractTests(unittest.TestCase):
    EXAMPLES = 50
    # The same cases at every run, so that a failure is the change's; SCHEMATHESIS_SEED looks at others.
    SEED = os.environ.get("SCHEMATHESIS_SEED", "1")

    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.operator = cls.gateway.register("operator@example.com")

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def test_the_document_is_valid_openapi(self):
        validate(self.gateway.call("GET", "/openapi.json").json)

    def test_schemathesis_finds_nothing(self):
        environment = {
            **os.environ, "CONTRACT_BASE_URL": self.gateway.url, "CONTRACT_ADMIN_TOKEN": self.operator,
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)}
        run = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run",
             f"{self.gateway.url}/openapi.json", "--max-examples", str(self.EXAMPLES),
             "--seed", self.SEED],
            env=environment, cwd=self.gateway.folder.name, capture_output=True, text=True, timeout=900)
        self.assertEqual(run.returncode, 0, run.stdout[-20_000:])


if __name__ == "__main__":
    unittest.main()
