"""One process serves many callers: nothing of one request shows in the response to the next."""

import json
import subprocess
import tempfile
import unittest

from running import FUNCTIONS, environment

LIMIT = "x-ratelimit-remaining"


def envelope(method, path, token=None, body=None):
    made = {"version": "2.0", "rawPath": path, "requestContext": {"http": {"method": method, "path": path}},
            "headers": {"content-type": "application/json"}}
    if token:
        made["headers"]["authorization"] = f"Bearer {token}"
    if body is not None:
        made["body"] = json.dumps(body) if not isinstance(body, str) else body
    return made


class IsolationTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def send(self, function, *envelopes, **variables):
        lines = "".join(json.dumps(one) + "\n" for one in envelopes)
        done = subprocess.run([f"{FUNCTIONS}/{function}"], input=lines, capture_output=True, text=True,
                              env=environment(self.folder.name + "/data", **variables), timeout=30, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def register(self):
        body = {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
        made, = self.send("register", envelope("POST", "/api/v1/auth/register", body=body))
        return json.loads(made["body"])["data"]["token"]

    def headers(self, response):
        return {name.lower() for name in {**response.get("headers", {}), **response.get("multiValueHeaders", {})}}

    def test_the_next_caller_does_not_see_the_limit_of_the_last_one(self):
        token = self.register()
        path = "/api/v1/workspaces"
        responses = self.send(
            "list-workspaces", envelope("GET", path, token), envelope("OPTIONS", path), envelope("PUT", path),
            envelope("GET", "/api/v1/elsewhere"), envelope("GET", path, body="x" * 2000), envelope("GET", path),
            MAX_BODY_BYTES="1024")
        self.assertEqual([one["statusCode"] for one in responses], [200, 204, 405, 404, 413, 401])
        self.assertIn(LIMIT, self.headers(responses[0]))
        for response in responses[1:]:
            self.assertNotIn(LIMIT, self.headers(response), response["statusCode"])

    def test_an_error_shows_the_limit_of_its_own_caller(self):
        token = self.register()
        path = "/api/v1/workspaces/ws_01ARZ3NDEKTSV4RRFFQ69G5FAV"
        anonymous, missing = self.send("get-workspace", envelope("GET", path), envelope("GET", path, token))
        self.assertEqual((anonymous["statusCode"], missing["statusCode"]), (401, 404))
        self.assertNotIn(LIMIT, self.headers(anonymous))
        self.assertIn(LIMIT, self.headers(missing))


if __name__ == "__main__":
    unittest.main()
