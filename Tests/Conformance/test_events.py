"""The sample events of AWS's own tool, piped into functions as they come."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from typing import Any

from place import FUNCTIONS

KINDS = ("apigateway aws-proxy", "apigateway http-api-proxy", "alb request")


def event(kind: str, *options: str) -> dict[str, Any]:
    command = [os.environ["SAM"], "local", "generate-event", *kind.split(), *options]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@unittest.skipUnless("SAM" in os.environ, "OFFLINE=1")
class SampleEventTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="nexlayer-")
        self.addCleanup(folder.cleanup)
        self.environment = {"DATA_DIR": folder.name, "PATH": os.environ["PATH"]}

    def answer(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        run = subprocess.run([FUNCTIONS / function], input=json.dumps(event).encode() + b"\n", check=True,
                             env=self.environment, capture_output=True)
        return json.loads(run.stdout)

    def test_a_path_that_is_not_the_functions_own(self) -> None:
        for kind in KINDS:
            with self.subTest(kind=kind):
                answer = self.answer("health", event(kind))
                self.assertEqual(answer["statusCode"], 404)
                self.assertEqual(json.loads(answer["body"])["error"]["code"], "NOT_FOUND")
                self.assertEqual(answer.get("statusDescription"), "404 Not Found" if kind == "alb request" else None)

    def test_the_functions_own_path(self) -> None:
        for kind in KINDS:
            with self.subTest(kind=kind):
                answer = self.answer("health", event(kind, "--method", "GET", "--path", "api/v1/health"))
                self.assertEqual((answer["statusCode"], json.loads(answer["body"])["data"]["status"]), (200, "ok"))

    def test_a_body_and_a_parameter_in_the_path(self) -> None:
        account = {"email": "ada@example.com", "password": "correct horse battery", "name": "Ada"}
        sample = event("apigateway aws-proxy", "--path", "api/v1/auth/register", "--body", json.dumps(account))
        self.assertEqual(self.answer("register", sample)["statusCode"], 415)  # The sample has no content type.
        sample["headers"]["Content-Type"] = "application/json"
        sample.pop("multiValueHeaders", None)
        created = self.answer("register", sample)
        self.assertEqual(created["statusCode"], 201)
        # The path parameters of a sample are those of a route for everything: {"proxy": …}
        sample = event("apigateway aws-proxy", "--method", "GET", "--path", "api/v1/workspaces/ws_nothing")
        sample["headers"]["Authorization"] = "Bearer " + json.loads(created["body"])["data"]["token"]
        sample.pop("multiValueHeaders", None)
        self.assertEqual(self.answer("get-workspace", sample)["statusCode"], 404)

    def test_what_is_no_request(self) -> None:
        answer = self.answer("get-me", event("apigateway request-authorizer"))
        self.assertEqual(answer["statusCode"], 404)
