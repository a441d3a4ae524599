"""An installation that is backed up: what the tests of backups share."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import ROOT

sys.path.insert(0, str(ROOT / "Tests" / "Torture"))
from backup_load import BASE, FUNCTIONS, pipe, runner  # noqa: E402


@unittest.skipIf("TEST_DATABASE_URL" in os.environ, "PostgreSQL has programs of its own for backups")
class BackupCase(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="backup-faults-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.data = self.folder / "data"
        self.data.mkdir()

    def fill(self, documents=3):
        """An installation with documents; their ids."""
        made = pipe("register", {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}, self.data)
        self.token = made["data"]["token"]
        self.workspace = self.ask("create-workspace", body={"name": "W"})["data"]["id"]
        return [self.upload(f"Document number {number}. " * (200 * number + 1)) for number in range(documents)]

    def ask(self, function, data=None, **envelope):
        if isinstance(envelope.get("body"), dict):
            envelope["body"] = json.dumps(envelope["body"])
        envelope.setdefault("headers", {})["authorization"] = f"Bearer {self.token}"
        run = subprocess.run([FUNCTIONS / function], input=json.dumps(envelope).encode() + b"\n", capture_output=True,
                             env={**BASE, "DATA_DIR": str(data or self.data)}, timeout=60)
        answer = json.loads(run.stdout)
        return {"status": answer["statusCode"], **json.loads(answer["body"])}

    def upload(self, text):
        form = ('--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
                f"Content-Type: text/plain\r\n\r\n{text}\r\n--XX--\r\n")
        answer = self.ask("upload-document", body=form, pathParameters={"workspaceId": self.workspace},
                          headers={"content-type": "multipart/form-data; boundary=XX"})
        self.assertEqual(answer["status"], 201, answer)
        return answer["data"]["id"]

    def backup(self, *words, expecting=0, **variables):
        run = runner("backup", *words, data=self.data, **variables)
        self.assertEqual(run.returncode, expecting, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def restore(self, *words, expecting=0):
        run = runner("restore", *words, data=self.data)
        self.assertEqual(run.returncode, expecting, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def blobs(self, data=None):
        return sorted(path for path in ((data or self.data) / "blobs").glob("??/*") if not path.name.startswith("."))

    def leftovers(self):
        """Hidden files beside the data, but for the marker of the installation."""
        return sorted(path.name for path in self.folder.iterdir()
                      if path.name.startswith(".") and not path.name.endswith(".installation"))

    def damaged(self, name, change):
        """A copy of a backup with a change made to it."""
        path = self.folder / "damaged"
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True) if path.is_file() else None
        source = self.folder / name
        shutil.copytree(source, path) if source.is_dir() else shutil.copy(source, path)
        change(path)
        return path

    @staticmethod
    def flip(path, offset):
        content = bytearray(path.read_bytes())
        content[offset] ^= 1
        path.write_bytes(content)
