"""The functions under OpenFaaS's watchdog in the modes that start a process for every request."""

import json
import subprocess
import unittest

from installation import FORM, PASSWORD, InstalledTests, Installation, form

API = "/api/v1"


class OpenFaaSTests(InstalledTests):
    def call(self, name, method, path, body=b"", query="", token=None, home=None, **headers):
        """The exit status and the body."""
        variables = {"Http_Method": method, "Http_Path": path, "Http_Host": "127.0.0.1"}
        if query:
            variables["Http_Query"] = query
        if token:
            variables["Http_Authorization"] = f"Bearer {token}"
        if body:
            variables |= {"Http_Content_Type": "application/json", "Http_Content_Length": str(len(body))}
        process = (home or self.home).start(
            name, variables | headers, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, _ = process.communicate(body, timeout=30)
        return process.returncode, output

    def test_requests(self):
        body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        for path in (API + "/auth/login", "/"):
            status, output = self.call("login", "POST", path, body)
            self.assertEqual((status, json.loads(output)["success"]), (0, True))
        status, output = self.call("list-workspaces", "GET", API + "/workspaces", query="search=Sh%65lf", token=self.token)
        self.assertEqual([item["id"] for item in json.loads(output)["data"]], [self.workspace])
        status, output = self.call("get-workspace", "GET", f"{API}/workspaces/{self.workspace}", token=self.token)
        self.assertEqual(json.loads(output)["data"]["id"], self.workspace)

    def test_errors_show_in_the_body(self):
        for name, method, path, code in (
            ("login", "GET", API + "/auth/login", "METHOD_NOT_ALLOWED"), ("login", "POST", API + "/elsewhere", "NOT_FOUND"),
            ("list-workspaces", "GET", API + "/workspaces", "UNAUTHORIZED"), ("run-jobs", "POST", "/", "NOT_FOUND"),
            ("get-workspace", "GET", API + "/workspaces/50%", "UNAUTHORIZED"),
        ):
            status, output = self.call(name, method, path)
            self.assertEqual((status, json.loads(output)["error"]["code"]), (0, code))
        with Installation(DATA_DIR="/dev/null/nowhere") as home:
            status, output = self.call("list-workspaces", "GET", API + "/workspaces", token="x", home=home)
            self.assertEqual((status, json.loads(output)["error"]["code"]), (1, "SERVICE_UNAVAILABLE"))

    def test_a_body_that_cannot_be_written_is_an_error(self):
        with Installation() as home:
            token = home.register()
            home.make_workspace(token)
            home.spoil("workspaces")
            for method in ("GET", "HEAD"):
                status, output = self.call("list-workspaces", method, API + "/workspaces", token=token, home=home)
                self.assertEqual(status, 1)
                if method == "GET":
                    self.assertEqual(json.loads(output)["error"]["code"], "INTERNAL_ERROR")

    def test_bytes(self):
        content = bytes(range(32, 127)) * 40_000
        status, output = self.call(
            "upload-document", "POST", f"{API}/workspaces/{self.workspace}/documents", form(content), token=self.token,
            Http_Content_Type=FORM)
        document = json.loads(output)["data"]["id"]
        path = f"{API}/workspaces/{self.workspace}/documents/{document}/content"
        self.assertEqual(self.call("get-document-content", "GET", path, token=self.token), (0, content))
        self.assertEqual(self.call("get-document-content", "HEAD", path, token=self.token), (0, b""))

    def test_streams(self):
        body = json.dumps({"message": "What does the fox do?", "stream": True}).encode()
        status, output = self.call("send-message", "POST", f"{API}/workspaces/{self.workspace}/chat", body, token=self.token)
        self.assertTrue(status == 0 and output.startswith(b"event: start\n") and b"event: done\n" in output)


if __name__ == "__main__":
    unittest.main()
