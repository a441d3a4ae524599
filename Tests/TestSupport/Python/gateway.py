"""The real runner on a data folder of its own, for tests in Python."""

import json
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from running import FUNCTIONS, PASSWORD, UNLIMITED, RunnerProcess, environment

SECRET = "a secret of the interoperability tests, long enough"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def code(self):
        return self.json["error"]["code"]


class Gateway:
    def __init__(self, **variables):
        self.folder = tempfile.TemporaryDirectory(prefix="nexlayer-interop-")
        self.data = Path(self.folder.name) / "data"
        own = {"JWT_SECRET": SECRET, **UNLIMITED, **variables}
        self.environment = environment(self.data, **own)
        self.runner = RunnerProcess(self.folder.name, **own)
        self.url = f"{self.runner.origin}/api/v1"

    def close(self):
        self.runner.stop()
        self.folder.cleanup()

    def call(self, method, path, body=None, token=None, **headers):
        request = urllib.request.Request(self.url + path, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            if isinstance(body, bytes):
                request.data = body
            else:
                request.add_header("Content-Type", "application/json")
                request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def register(self, email="ada@example.com"):
        answer = self.call("POST", "/auth/register", {"email": email, "password": PASSWORD, "name": "Ada"})
        assert answer.status == 201, answer.body
        return answer.data["token"]

    def pipe(self, name, *envelopes):
        """Sends envelopes to a function through a pipe."""
        lines = "".join(json.dumps(envelope) + "\n" for envelope in envelopes)
        output = subprocess.run(
            [f"{FUNCTIONS}/{name}"], input=lines.encode(), env=self.environment, stdout=subprocess.PIPE, check=True)
        return [json.loads(line) for line in output.stdout.splitlines()]
