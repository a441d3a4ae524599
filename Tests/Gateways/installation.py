"""A data folder of its own, and the built functions on it."""

import json
import sqlite3
import subprocess
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

from running import FUNCTIONS, PASSWORD, ROOT, UNLIMITED  # noqa: F401 (the tests take them from here)

BOUNDARY = "gateways"


class Answer:
    """A status, header fields as they came, and the bytes of the body."""

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def header(self, name):
        values = [value for key, value in self.fields if key.lower() == name]
        assert len(values) < 2, f"{name} comes {len(values)} times"
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def code(self):
        return self.json["error"]["code"]


def parse_answer(output):
    """What a CGI program wrote; strict about its form (RFC 3875 section 6)."""
    head, separator, body = output.partition(b"\r\n\r\n")
    assert separator, f"no end of the head in {output[:200]!r}"
    fields = []
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b": ")
        assert colon and name and b" " not in name and b"\n" not in line, f"no header field: {line!r}"
        fields.append((name.decode("ascii"), value.decode("utf-8")))
    assert fields[0][0] == "Status", "the status comes first"
    status = int(fields[0][1].split(" ")[0])
    answer = Answer(status, fields[1:], body)
    for name in ("connection", "transfer-encoding", "keep-alive", "status"):
        assert answer.header(name) is None, f"{name} is the server's"
    return answer


class InstalledTests(unittest.TestCase):
    """Tests on an installation with one account and one workspace."""

    @classmethod
    def setUpClass(cls):
        cls.home = Installation()
        cls.addClassCleanup(cls.home.close)
        cls.token = cls.home.register()
        cls.workspace = cls.home.make_workspace(cls.token)


class Installation:
    def __init__(self, **variables):
        self.folder = tempfile.TemporaryDirectory(prefix="nexlayer-gateways-")
        self.path = Path(self.folder.name)
        self.environment = {"DATA_DIR": str(self.path / "data"), **UNLIMITED, **variables}

    def close(self):
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, name, variables, arguments=(), **options):
        return subprocess.Popen(
            [str(FUNCTIONS / name), *arguments], env={**self.environment, **variables}, **options)

    def pipe(self, name, envelope):
        """One bare envelope, for what tests need to be there."""
        output = subprocess.run(
            [str(FUNCTIONS / name)], input=json.dumps(envelope).encode(), env=self.environment, stdout=subprocess.PIPE,
            check=True).stdout
        answer = json.loads(output)
        assert answer["statusCode"] < 300, answer
        return json.loads(answer["body"])["data"]

    def register(self, email="ada@example.com"):
        """Makes an account; its token."""
        return self.pipe("register", {"body": {"email": email, "password": PASSWORD, "name": "Ada"}})["token"]

    def spoil(self, table):
        """Takes a table away under its name, so that what reads it fails."""
        with closing(sqlite3.connect(self.path / "data" / "nexlayer.db")) as database:
            database.execute(f"ALTER TABLE {table} RENAME TO {table}_spoilt")

    def make_workspace(self, token):
        return self.pipe(
            "create-workspace", {"headers": {"authorization": f"Bearer {token}"}, "body": {"name": "Shelf"}})["id"]


def form(content, name="a.txt", kind="text/plain"):
    """A multipart body with one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


FORM = f"multipart/form-data; boundary={BOUNDARY}"


def variables(method, target, token=None, body=None, content_type=None, headers=None):
    """The meta-variables of a request, as web servers make them."""
    path, _, query = target.partition("?")
    made = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "REQUEST_METHOD": method, "REQUEST_URI": target, "SCRIPT_NAME": path, "QUERY_STRING": query,
        "REMOTE_ADDR": "192.0.2.7",
    }
    if token:
        made["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    if body is not None:
        made["CONTENT_LENGTH"] = str(len(body))
        made["CONTENT_TYPE"] = content_type or "application/json"
    for name, value in (headers or {}).items():
        made["HTTP_" + name.upper().replace("-", "_")] = value
    return made
