"""An installation moves from SQLite to PostgreSQL and back: its users notice nothing, and a transfer that fails changes
nothing."""

from __future__ import annotations

import base64
import json
import os
import pty
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

import postgres
from harness import eventually
from running import FUNCTIONS, UNLIMITED

TEXT = "The lantern of the harbour is lit at dusk."
PASSWORD = "correct horse"


@postgres.needs_postgres
class TransferTests(unittest.TestCase):
    server: postgres.PostgresServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = postgres.PostgresServer(
            Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="transfer-"))) / "server")
        cls.addClassCleanup(cls.server.close)

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="transfer-")))
        self.data = self.folder / "data"
        self.name = self.id().split(".")[-1][:60]
        self.server.create(self.name)
        self.url = self.server.url(self.name)

    def environment(self, data: Path | None = None, **variables: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "DATA_DIR": str(data or self.data), **UNLIMITED, **variables}

    def call(self, function: str, body: Any = None, *, token: str | None = None, data: Path | None = None,
             path: dict[str, str] | None = None, headers: dict[str, str] | None = None, **variables: str) -> Any:
        """The body of the answer, with its status; bytes as they are."""
        headers = {**(headers or {}), **({"authorization": f"Bearer {token}"} if token else {})}
        envelope: dict[str, Any] = {"headers": headers, "pathParameters": path or {}}
        if body is not None:
            envelope["body"] = body if isinstance(body, str) else json.dumps(body)
        run = subprocess.run([FUNCTIONS / function], input=json.dumps(envelope).encode() + b"\n", capture_output=True,
                             env=self.environment(data, **variables), timeout=120)
        self.said = run.stdout.decode() + run.stderr.decode()
        answer = json.loads(run.stdout)
        if answer.get("isBase64Encoded"):
            return base64.b64decode(answer["body"])
        try:
            return {"status": answer["statusCode"], **json.loads(answer["body"])}
        except json.JSONDecodeError:
            return answer["body"].encode()

    def upload(self, text: str, **variables: Any) -> Any:
        form = ('--XX\r\nContent-Disposition: form-data; name="file"; filename="harbour.txt"\r\n'
                f"Content-Type: text/plain\r\n\r\n{text}\r\n--XX--\r\n")
        return self.call("upload-document", form, token=self.token, path={"workspaceId": self.workspace},
                         headers={"content-type": "multipart/form-data; boundary=XX"}, **variables)

    def fill(self, **variables: str) -> None:
        """An account, a document, and a conversation."""
        made = self.call("register", {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"})
        self.token, self.refresh = made["data"]["token"], made["data"]["refreshToken"]
        self.key = self.call("create-api-key", {"name": "key", "scope": "read"}, token=self.token)["data"]["key"]
        self.workspace = self.call("create-workspace", {"name": "Handbook"}, token=self.token)["data"]["id"]
        self.document = self.upload(TEXT, **variables)["data"]["id"]
        self.call("send-message", {"message": "When is the lantern lit?"}, token=self.token,
                  path={"workspaceId": self.workspace})

    def check(self, data: Path, **variables: str) -> None:
        """Everybody is still logged in, and everything is still there."""
        made = self.call("refresh-token", {"refreshToken": self.refresh}, data=data, **variables)
        self.assertEqual(made["status"], 200, made)
        self.refresh = made["data"]["refreshToken"]
        path = {"workspaceId": self.workspace}
        for token in self.token, self.key:
            found = self.call("search-documents", {"query": "lantern", "mode": "keyword"}, token=token, path=path,
                              data=data, **variables)
            self.assertEqual([each["documentId"] for each in found["data"]["results"]], [self.document], found)
        content = self.call("get-document-content", token=self.token, path={**path, "documentId": self.document},
                            data=data, **variables)
        self.assertEqual(content, TEXT.encode())
        report = self.call("check-index", {}, data=data, **variables)
        self.assertTrue(report["data"]["ok"], report)

    def write(self, **variables: str) -> int:
        return self.call("create-workspace", {"name": "Another"}, token=self.token, **variables)["status"]

    def rows(self, table: str) -> int:
        return self.server.rows(f"SELECT count(*) FROM {table}", database=self.name)[0][0]

    def start(self, **body: Any) -> subprocess.Popen[bytes]:
        """A transfer that does not get beyond the accounts, because another session has locked them."""
        self.call("health", DATABASE_URL=self.url)
        self.lock = subprocess.Popen(
            ["psql", "--no-psqlrc", "--quiet", "--dbname", self.url], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(self.release)
        self.lock.stdin.write(b"BEGIN; LOCK TABLE users IN EXCLUSIVE MODE;\n")
        self.lock.stdin.flush()
        locks = "SELECT 1 FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation = 'users'::regclass"
        eventually(lambda: self.server.rows(locks, database=self.name), "the lock")
        process = subprocess.Popen([FUNCTIONS / "transfer"], env=self.environment(), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdin.write(json.dumps({"body": {"to": self.url, **body}}).encode() + b"\n")
        process.stdin.close()
        self.addCleanup(process.stdout.close)
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass"
        eventually(lambda: self.server.rows(waiting, database=self.name), "the transfer")
        return process

    def release(self) -> None:
        if not self.lock.stdin.closed:
            self.lock.stdin.close()
        self.lock.wait(30)

    def test_there_and_back_nobody_notices(self) -> None:
        self.fill()
        moved = self.call("transfer", {"to": self.url})
        self.assertEqual(moved["status"], 200, moved)
        tables = {each["name"]: each["rows"] for each in moved["data"]["tables"]}
        self.assertEqual((tables["users"], tables["documents"], tables["messages"]), (1, 1, 2))
        self.assertEqual(moved["data"]["blobs"], {"files": 1, "bytes": len(TEXT)})
        self.assertNotIn(postgres.SECRET, self.said)
        self.assertIn('"Copied passages"', self.said)
        self.assertEqual(self.write(), 503)
        # The database has the uploaded files now.
        (self.data / "blobs").rename(self.folder / "blobs")
        self.check(self.data, DATABASE_URL=self.url)
        self.assertEqual(self.write(DATABASE_URL=self.url), 201)
        self.assertEqual(self.upload("Another document.", DATABASE_URL=self.url)["status"], 201)

        back = self.folder / "back"
        back.mkdir()
        moved = self.call("transfer", {"from": self.url}, data=back)
        self.assertEqual(moved["status"], 200, moved)
        self.check(back)
        self.assertEqual(self.write(data=back), 201)
        self.assertEqual(self.upload("A third document.", data=back)["status"], 201)
        self.assertEqual(self.write(DATABASE_URL=self.url), 503)
        self.assertTrue(self.call("transfer", {"reopen": True}, DATABASE_URL=self.url)["data"]["reopened"])
        self.assertEqual(self.write(DATABASE_URL=self.url), 201)

    def test_files_move_out_of_one_database_into_the_other(self) -> None:
        self.fill(BLOBS="database")
        moved = self.call("transfer", {"to": self.url}, BLOBS="database")
        self.assertEqual((moved["status"], moved["data"]["blobs"]["files"]), (200, 1), moved)
        self.check(self.data, DATABASE_URL=self.url)

    def test_a_dry_run_makes_nothing(self) -> None:
        self.fill()
        counted = self.call("transfer", {"to": self.url, "dryRun": True})
        self.assertEqual(counted["status"], 200, counted)
        self.assertIn({"name": "users", "rows": 1}, counted["data"]["tables"])
        self.assertEqual(self.rows("pg_tables WHERE schemaname = 'public'"), 0)
        self.assertEqual(self.write(), 201)

    def test_a_target_with_an_account_stays_as_it_is(self) -> None:
        self.fill()
        ada = {"email": "bob@example.com", "password": PASSWORD, "name": "Bob"}
        self.call("register", ada, DATABASE_URL=self.url)
        for body in {"to": self.url}, {"to": self.url, "dryRun": True}:
            refused = self.call("transfer", body)
            self.assertEqual((refused["status"], "users" in refused["error"]["message"]), (409, True), refused)
        self.assertEqual((self.rows("users"), self.rows("workspaces")), (1, 0))
        self.assertEqual(self.write(), 201)

    def test_a_transfer_that_is_killed_leaves_an_empty_target_and_an_open_source(self) -> None:
        self.fill()
        process = self.start(leaseSeconds=3)
        self.assertEqual(self.write(), 503)
        process.kill()
        process.wait()
        self.assertEqual(self.write(), 503)
        eventually(lambda: self.write() == 201, "the end of the lease", 20)
        self.release()
        self.assertEqual((self.rows("users"), self.rows("settings WHERE name = 'jwt_secret'")), (0, 0))
        self.assertEqual(self.call("transfer", {"to": self.url})["status"], 200)

    def test_an_interruption_opens_the_source_at_once(self) -> None:
        self.fill()
        process = self.start()
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.release()
        process.wait(30)
        self.assertEqual(self.write(), 201)
        self.assertEqual(self.rows("users"), 0)

    def test_a_wrong_password_is_named_and_not_shown(self) -> None:
        self.fill()
        wrong = self.server.url(self.name).replace(postgres.SECRET.replace(" ", "%20"), "hidden%20elephant")
        without = wrong.replace(":hidden%20elephant", "")
        for body, variables in (({"to": wrong}, {}), ({"to": without}, {"PGPASSWORD": "hidden elephant"}),
                                ({"to": wrong + "?nonsense=1"}, {})):
            refused = self.call("transfer", body, **variables)
            self.assertEqual((refused["status"], refused["error"]["details"]["field"]), (422, "to"), refused)
            self.assertNotIn("hidden", self.said)
        self.assertEqual(self.write(), 201)

    def test_a_terminal_shows_a_bar(self) -> None:
        self.fill()
        master, slave = pty.openpty()
        with open(master, "rb", buffering=0) as terminal:
            process = subprocess.Popen(
                [FUNCTIONS / "transfer"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=slave,
                env=self.environment(NO_COLOR="1"))
            os.close(slave)
            process.stdin.write(json.dumps({"body": {"to": self.url}}).encode() + b"\n")
            process.stdin.close()
            shown = b""
            try:
                while piece := terminal.read(4096):
                    shown += piece
            except OSError:  # the other end was closed
                pass
            self.assertEqual(process.wait(60), 0)
        self.assertIn("passages           ██████████████████████████████ 1 rows".encode(), shown)
        self.assertNotIn(b"\x1b[3", shown)


if __name__ == "__main__":
    unittest.main()
