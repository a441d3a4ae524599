"""A function alone in an empty root: no /dev, no libraries, no /etc, nothing but itself and its data."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from installation import FUNCTIONS, PASSWORD, parse_answer, variables

API = "/api/v1"


@unittest.skipUnless(os.geteuid() == 0, "chroot(2) needs root")
class EmptyRootTests(unittest.TestCase):
    def test_cgi_requests(self):
        with tempfile.TemporaryDirectory(prefix="nexlayer-root-") as folder:
            root = Path(folder)
            (root / "data").mkdir()
            account = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
            self.assertEqual(self.call(root, "register", "POST", "/auth/register", account).status, 201)
            token = self.call(root, "login", "POST", "/auth/login", account).data["token"]
            made = self.call(root, "create-workspace", "POST", "/workspaces", {"name": "Shelf"}, token)
            self.assertEqual(made.status, 201)
            listed = self.call(root, "list-workspaces", "GET", "/workspaces", token=token)
            self.assertEqual([item["id"] for item in listed.data], [made.data["id"]])
            self.assertEqual(self.call(root, "list-workspaces", "GET", "/workspaces").status, 401)
            self.assertEqual(self.call(root, "health", "GET", "/health").status, 200)

    def call(self, root, name, method, target, content=None, token=None):
        body = None if content is None else json.dumps(content).encode()
        function = root / name
        shutil.copy(FUNCTIONS / name, function)
        process = subprocess.run(
            [f"/{name}"], input=body or b"", stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30,
            preexec_fn=lambda: (os.chroot(root), os.chdir("/")),
            env={"DATA_DIR": "/data", "RATE_LIMIT_AUTH": "0", **variables(method, API + target, token, body)})
        function.unlink()
        self.assertEqual({entry.name for entry in root.iterdir()}, {"data", ".data.installation"}, "nothing else is made")
        return parse_answer(process.stdout)


if __name__ == "__main__":
    unittest.main()
