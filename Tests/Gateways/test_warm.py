"""A warm process between two requests: it holds nothing, and what it answers next is as it is by then."""

import json
import sqlite3
import subprocess
import unittest
from contextlib import closing

from installation import FORM, FUNCTIONS, InstalledTests, form


class WarmTests(InstalledTests):
    def start(self, name):
        """A warm function: called with an envelope, it gives the answer's status and data."""
        process = subprocess.Popen([str(FUNCTIONS / name)], env=self.home.environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, timeout=10)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)

        def call(token=self.token, **fields):
            headers = {"authorization": f"Bearer {token}", **fields.pop("headers", {})}
            method = {"requestContext": {"http": {"method": fields.pop("method", "GET")}}}
            process.stdin.write(json.dumps({"headers": headers, **method, **fields}).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            return answer["statusCode"], json.loads(answer["body"] or "{}").get("data")

        return call

    def database(self):
        database = sqlite3.connect(self.home.path / "data" / "nexlayer.db", isolation_level=None)
        database.execute("PRAGMA busy_timeout = 5000")
        return closing(database)

    def rename(self, name):
        """Writes, and empties the write-ahead log, which nobody can who waits for a reader."""
        with self.database() as database:
            database.execute("UPDATE workspaces SET name = ?", (name,))
            database.execute("PRAGMA busy_timeout = 0")
            self.assertEqual(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0, "somebody reads on")

    def test_listings_hold_nothing(self):
        listing = self.start("list-workspaces")
        other = self.home.register("carol@example.com")
        for name, fields, expected in [
            ("a", {}, 200), ("b", {"method": "HEAD"}, 200), ("c", {"queryStringParameters": {"page": "7"}}, 200),
            ("d", {"queryStringParameters": {"limit": "0"}}, 400), ("e", {"token": "none"}, 401), ("f", {"token": other}, 200),
        ]:
            with self.subTest(name):
                self.assertEqual(listing(**fields)[0], expected)
                self.rename(name)
                status, data = listing()
                self.assertEqual((status, [workspace["name"] for workspace in data]), (200, [name]))

    def test_a_listing_that_fails_holds_nothing(self):
        listing = self.start("list-workspaces")
        self.assertEqual(listing()[0], 200)
        self.home.spoil("workspaces")
        try:
            self.assertEqual(listing()[0], 500)
        finally:
            with self.database() as database:
                database.execute("ALTER TABLE workspaces_spoilt RENAME TO workspaces")
        self.rename("after a failure")
        self.assertEqual(listing()[1][0]["name"], "after a failure")

    def test_resources_hold_nothing(self):
        resource = self.start("get-workspace")
        other = self.home.register("dave@example.com")
        here = {"pathParameters": {"workspaceId": self.workspace}}
        tagged = {**here, "headers": {"if-none-match": "*"}}
        for name, fields, expected in [
            ("g", here, 200), ("h", {**here, "method": "HEAD"}, 200), ("i", {**here, "token": other}, 404), ("j", tagged, 304),
        ]:
            with self.subTest(name):
                self.assertEqual(resource(**fields)[0], expected)
                self.rename(name)
                self.assertEqual(resource(**here)[1]["name"], name)

    def test_the_use_of_a_key_is_written_down_while_it_reads(self):
        key = self.home.pipe("create-api-key", {
            "headers": {"authorization": f"Bearer {self.token}"}, "body": {"name": "reader", "scopes": ["read"]}})["key"]
        listing = self.start("list-workspaces")
        for name in ("k", "l"):
            self.assertEqual(listing(token=key)[0], 200)
            self.rename(name)
            self.assertEqual(listing(token=key)[1][0]["name"], name)
        with self.database() as database:
            self.assertIsNotNone(database.execute("SELECT last_used_at FROM api_keys").fetchone()[0])

    def test_a_document_whose_file_is_gone(self):
        document = self.home.pipe("upload-document", {
            "headers": {"authorization": f"Bearer {self.token}", "content-type": FORM},
            "body": form(b"kept for a while").decode(), "pathParameters": {"workspaceId": self.workspace}})["id"]
        content = self.start("get-document-content")
        here = {"pathParameters": {"workspaceId": self.workspace, "documentId": document}}
        self.assertEqual(content(**here, method="HEAD")[0], 200)
        self.rename("m")
        for file in (self.home.path / "data" / "blobs").rglob("*"):
            if file.is_file():
                file.unlink()
        self.assertEqual(content(**here)[0], 503)
        self.rename("n")


if __name__ == "__main__":
    unittest.main()
