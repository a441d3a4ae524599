"""A runner over a data folder that can be killed at any moment, and its functions as pipes."""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "TestSupport" / "Python"))
from running import FUNCTIONS, PASSWORD, ROOT, RUNNER, UNLIMITED, RunnerProcess  # noqa: E402, F401

API = "/api/v1"

# No limits, webhooks to this machine, and retries that a test can wait for. No embedding model: after each of hundreds of
# kills, all jobs are done, and embedding would take minutes of that.
VARIABLES = {
    **UNLIMITED, "RATE_LIMIT_LOGIN_ADDRESS": "0", "WEBHOOK_ALLOW_PRIVATE": "1", "WEBHOOK_RETRIES": ",".join(["1"] * 20),
    "WEBHOOK_TIMEOUT": "3", "WEBHOOK_LEASE_SLACK": "2", "WEBHOOK_CONCURRENCY": "8", "MIN_FREE_BYTES": "0",
    "EMBEDDING": "off",
}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @classmethod
    def of_line(cls, line):
        """Of an answer's envelope."""
        body = line.get("body") or ""
        return cls(line["statusCode"], line.get("headers") or {},
                   base64.b64decode(body) if line.get("isBase64Encoded") else body.encode())

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def code(self):
        try:
            return self.json["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return ""

    def __repr__(self):
        return f"<{self.status} {self.body[:200]!r}>"


class Client:
    """One kept connection. A request without a whole answer gives None: nobody knows whether it was done.

    `port` is a function: a runner that is started again gets another port.
    """

    def __init__(self, port, timeout=90):
        self.port, self.timeout, self.connection = port, timeout, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def connect(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=self.timeout)
        self.connection.connect()

    def ask(self, method, path, body=None, token=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is None and method in ("POST", "PUT"):
            body = b""
        try:
            if self.connection is None:
                self.connect()
            self.connection.request(method, API + path, body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def register(self, email):
        answer = self.ask("POST", "/auth/register", {"email": email, "password": PASSWORD, "name": "Ada"})
        if answer is None or not answer.ok:
            raise RuntimeError(f"register: {answer}")
        return answer.data

    def upload(self, workspace, token, form, **headers):
        body, media = form
        return self.ask("POST", f"/workspaces/{workspace}/documents", body, token, Content_Type=media, **headers)


class Installation:
    """A runner over a data folder. Its log is beside the data."""

    def __init__(self, folder, *options, data=None, **variables):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = Path(data) if data else self.folder / "data"
        self.options, self.log, self.runner = options, self.folder / "runner.log", None
        self.environment = {"DATA_DIR": str(self.data), **VARIABLES, **variables}

    @property
    def process(self):
        return self.runner.process

    @property
    def port(self):
        return self.runner.port

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.runner = RunnerProcess(self.folder, "--log-format", "json", *self.options, **self.environment)
        return self

    def client(self, **more):
        return Client(lambda: self.port, **more)

    def processes(self):
        """Process ids of the functions, and of all that they started, with their programs' names."""
        mark = b"DATA_DIR=" + str(self.data).encode() + b"\0"
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != self.process.pid:
                try:
                    if mark in (folder / "environ").read_bytes():
                        found.append((int(folder.name), os.path.basename(os.readlink(folder / "exe"))))
                except OSError:
                    pass
        return found

    def kill(self, process):
        try:
            os.kill(process, signal.SIGKILL)
            return 1
        except ProcessLookupError:
            return 0

    def kill_everything(self):
        """Ends the runner and every function at once. Returns how many processes that were."""
        others = self.processes()
        self.process.kill()
        killed = 1 + sum(self.kill(process) for process, _ in others)
        self.process.wait()
        # What was being started while it was killed.
        for process, _ in self.processes():
            self.kill(process)
        return killed

    def stop(self):
        """Ends the runner as an operator does. Returns its exit status."""
        if self.runner is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill_everything()
        return self.process.returncode


def pipe(function, *envelopes, data, prefix=(), timeout=120, **variables):
    """The answers of a function to envelopes, as they are on its stdout, and its exit status."""
    lines = "".join(json.dumps(envelope) + "\n" for envelope in envelopes)
    done = subprocess.run(
        [*prefix, str(FUNCTIONS / function)], input=lines.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        timeout=timeout, env={"PATH": os.environ["PATH"], "DATA_DIR": str(data), **VARIABLES, **variables})
    answers = []
    for line in done.stdout.splitlines():
        try:
            answers.append(json.loads(line))
        except ValueError:
            answers.append(None)  # cut short by a kill
    return answers, done.returncode


def call(function, envelope, data, **more):
    """The answer to one request by pipe."""
    answers, status = pipe(function, envelope, data=data, **more)
    if status or not answers or answers[0] is None:
        raise RuntimeError(f"{function} ended with {status}: {answers}")
    return Answer.of_line(answers[0])
