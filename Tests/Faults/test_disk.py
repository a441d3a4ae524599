"""Disks that are full, by a small file system of memory. It takes root to mount one."""

import base64
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from running import FUNCTIONS


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        if os.getuid() != 0 or not self.mount():
            self.skipTest("takes root, and leave to mount a file system")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder])
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk])
        answer = self.call("register", body={"email": "a@example.com", "password": "correct horse", "name": "A"})
        self.token = answer[1]["data"]["token"]
        self.workspace = self.call("create-workspace", body={"name": "W"})[1]["data"]["id"]

    def mount(self):
        command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", self.disk]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    def call(self, name, variables={}, **envelope):
        headers = {"authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        headers.update(envelope.pop("headers", {}))
        limits = {f"RATE_LIMIT_{name}": "0" for name in ("AUTH", "UPLOAD", "CHAT")}
        run = subprocess.run(
            [FUNCTIONS / name], input=json.dumps({"headers": headers, **envelope}).encode(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={"DATA_DIR": str(self.disk / "data"), **limits, **variables})
        self.assertEqual(run.returncode, 0, (name, run.returncode, run.stderr))
        answer = json.loads(run.stdout)
        return answer["statusCode"], json.loads(answer["body"])

    def upload(self, size):
        form = (b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
                + os.urandom(8).hex().encode() + b" The keeper lights the lamp at dusk.\n" * (size // 36) + b"\r\n--XX--\r\n")
        return self.call(
            "upload-document", pathParameters={"workspaceId": self.workspace},
            body=base64.b64encode(form).decode(), isBase64Encoded=True,
            headers={"content-type": "multipart/form-data; boundary=XX"})

    def fill(self):
        """Leaves not a byte."""
        with open(self.disk / "ballast", "wb", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def test_counting_a_request_on_a_full_disk_is_an_answer_and_no_signal(self):
        (self.disk / "data/limits.bin").unlink(missing_ok=True)
        self.fill()
        self.assertIn(self.call("list-workspaces")[0], (200, 503))

    def test_health_fails_when_nothing_can_be_written_and_names_the_cause(self):
        self.assertEqual(self.call("health")[0], 200)
        self.fill()
        status, body = self.call("health")
        self.assertEqual(status, 503)
        self.assertIn("full", body["error"]["details"]["storage"]["reason"])
        (self.disk / "ballast").unlink()
        self.assertEqual(self.call("health")[0], 200)

    def test_a_disk_full_of_documents_can_be_freed(self):
        documents = []
        for _ in range(60):
            status, body = self.upload(400_000)
            if status != 201:
                break
            documents.append(body["data"]["id"])
        self.assertEqual(status, 503, body)
        self.assertIn("disk", body["error"]["message"])
        self.assertGreater(len(documents), 2)
        for document in documents:
            status, body = self.call(
                "delete-document", pathParameters={"workspaceId": self.workspace, "documentId": document})
            self.assertEqual(status, 200, body)
        self.assertEqual(self.upload(400_000)[0], 201)


class FullDiskOfSmallBlocks(FullDisk):
    """ext4 with blocks of 1 KiB, as small disks have: what is written by the byte leaves holes between."""

    def mount(self):
        image = self.folder / "image"
        with image.open("wb") as file:
            file.truncate(24 << 20)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        make = ["mkfs.ext4", "-q", "-b", "1024", "-m", "0", "-O", "^has_journal", image]
        return (subprocess.run(make, **quiet).returncode == 0
                and subprocess.run(["mount", "-o", "loop", image, self.disk], **quiet).returncode == 0)


if __name__ == "__main__":
    unittest.main()
