"""Backups: made while everything runs, whole or not there, checked, and put back."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import unittest
from pathlib import Path

from backup_case import BASE, FUNCTIONS, BackupCase, pipe, runner
from backup_load import RUNNER, Gateway
from backups import measure, truth
from harness import eventually


class BackupTests(BackupCase):
    # What a backup is.

    def test_backups_under_load_and_kills_restore_whole(self):
        self.data.rmdir()
        figures = measure(12, self.folder)
        self.assertEqual(figures["problems"], 0, figures)
        self.assertGreaterEqual(sum(figures.get(way, 0) for way in ("folder", "incremental", "archive", "pipe")), 9, figures)

    def test_a_backup_is_whole_for_its_owner_alone_and_says_what_it_holds(self):
        self.fill()
        self.backup(self.folder / "one")
        self.backup(self.folder / "one.tar")
        for path in (self.folder / "one").rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o700 if path.is_dir() else 0o600, path)
        self.assertEqual((self.folder / "one.tar").stat().st_mode & 0o777, 0o600)
        manifest = json.loads((self.folder / "one" / "manifest.json").read_text())
        self.assertEqual((manifest["documents"], len(manifest["files"])), (3, 4))
        self.assertFalse((self.folder / "one" / "limits.bin").exists())
        # Other programs read the archive, and the folder that they make of it is a backup.
        (self.folder / "unpacked").mkdir()
        subprocess.run(["tar", "-xf", self.folder / "one.tar", "-C", self.folder / "unpacked"], check=True)
        subprocess.run(["tar", "-cf", self.folder / "again.tar", "-C", self.folder / "unpacked", "."], check=True)
        for name in ("one", "one.tar", "unpacked", "again.tar"):
            self.assertIn("3 documents", self.backup("--verify", self.folder / name))
        self.assertEqual(truth(self.folder / "unpacked"), [])

    def test_a_renewed_backup_copies_what_is_new_only(self):
        self.fill()
        self.backup(self.folder / "one")
        before = {path.name: path.stat().st_ino for path in self.blobs(self.folder / "one")}
        # As on another disk: nothing can be linked to the data folder.
        for path in self.blobs():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
        self.upload("One more document.")
        self.assertIn("already contains a backup", self.backup(self.folder / "one", expecting=1))
        self.backup(self.folder / "one", "--incremental")
        after = {path.name: path.stat().st_ino for path in self.blobs(self.folder / "one")}
        self.assertEqual(len(after), 4)
        self.assertEqual({name: after[name] for name in before}, before)
        self.assertEqual(self.leftovers(), [])
        self.backup("--verify", self.folder / "one")

    def test_files_stay_while_a_backup_copies_them(self):
        first, *_ = self.fill()
        files = self.blobs()
        with (self.data / "blobs.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            removed = self.ask("delete-document", pathParameters={"workspaceId": self.workspace, "documentId": first})
            self.assertEqual(removed["status"], 200)
            self.assertEqual(pipe("run-jobs", {}, self.data)["status"], 200)
            self.assertEqual(self.blobs(), files, "removed while somebody copies it")
        self.assertEqual(pipe("run-jobs", {}, self.data)["status"], 200)
        self.assertEqual(len(self.blobs()), len(files) - 1, "removed once nobody does")

    def test_a_document_without_its_file_makes_no_backup(self):
        self.fill()
        self.blobs()[0].unlink()
        said = self.backup(self.folder / "one", expecting=1)
        self.assertRegex(said, r"doc_\w+ is missing or damaged")
        self.assertIn("missing or damaged", self.backup(self.folder / "one.tar", expecting=1))
        self.assertFalse((self.folder / "one").exists() or (self.folder / "one.tar").exists())
        self.assertEqual(self.leftovers(), [])

    def test_places_where_no_backup_can_be_are_refused(self):
        self.fill(1)
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "letter").write_text("mine")
        for words, complaint in (
                ([self.folder / "mine"], "is not a backup"), ([self.data / "inside"], "is inside the data folder"),
                ([self.folder / "nowhere" / "b"], "does not exist"), ([self.folder / "mine", "--data", "/nowhere"], "contains no installation"),
                ([self.folder / "x.tar", "--incremental"], "an archive is written completely")):
            self.assertIn(complaint, self.backup(*words, expecting=1))
        self.assertIn("unless BACKUP_DIR names a folder", self.backup(expecting=64))
        self.assertEqual((self.folder / "mine" / "letter").read_text(), "mine")

    # Interruptions.

    def test_an_interrupted_backup_leaves_nothing(self):
        self.fill(20)
        for name in ("one", "one.tar"):
            process = subprocess.Popen(
                [RUNNER, "backup", self.folder / name], env={**BASE, "DATA_DIR": str(self.data), "FUNCTIONS_DIR": str(FUNCTIONS)},
                cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
            eventually(lambda: self.leftovers() or process.poll() is not None, "it begins")
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=60)[0].decode()
            self.assertEqual(self.leftovers(), [], said)
            # It may have been done before the signal came.
            self.assertEqual((self.folder / name).exists(), process.returncode == 0, said)
            self.assertIn(process.returncode, (0, 130), said)

    def test_waiting_for_another_backup_can_be_interrupted(self):
        self.fill(1)
        with (self.data / "blobs.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen(
                [FUNCTIONS / "backup"], env={**BASE, "DATA_DIR": str(self.data)}, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, cwd=self.folder)
            process.stdin.write(json.dumps({"body": {"path": str(self.folder / "one")}}).encode() + b"\n")
            process.stdin.flush()
            blocked = f"/proc/{process.pid}/status"
            eventually(lambda: "SigBlk:\t0000000000004003" in Path(blocked).read_text(), "it waits")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=20), -signal.SIGTERM)
            process.stdin.close()
            process.stdout.close()
        self.assertFalse((self.folder / "one").exists())

    # Damage.

    @staticmethod
    def replace(path):
        """Another file of the machine in the place of one of the backup."""
        path.unlink()
        path.symlink_to("/etc/passwd")

    def test_a_damaged_backup_is_told_and_never_restored(self):
        self.fill()
        self.backup(self.folder / "one")
        self.backup(self.folder / "one.tar")
        before = truth(self.data), [path.stat().st_ino for path in self.blobs()]
        edit = lambda text, other: lambda path: (path / "manifest.json").write_text(  # noqa: E731
            (path / "manifest.json").read_text().replace(text, other))
        size = (self.folder / "one.tar").stat().st_size
        changes = [
            ("one", lambda path: self.flip(self.blobs(path)[1], 5), "have changed"),
            ("one", lambda path: self.blobs(path)[1].unlink(), "is missing"),
            ("one", lambda path: self.blobs(path)[1].write_bytes(b""), "has 0 bytes instead of"),
            ("one", lambda path: self.replace(self.blobs(path)[1]), "is not a regular file"),
            ("one", lambda path: self.flip(path / "nexlayer.db", 5000), "the contents of nexlayer.db have changed"),
            ("one", lambda path: (path / "manifest.json").unlink(), "not a complete backup"),
            ("one", lambda path: (path / "manifest.json").write_bytes((path / "manifest.json").read_bytes()[:-40]), "damaged"),
            ("one", edit('"documents":3', '"documents":4'), "3 documents instead of 4"),
            ("one", edit("blobs/", "../x/"), "damaged"), ("one", edit('"format":1', '"format":2'), "format 2"),
            ("one", edit('"schemaVersion":', '"schemaVersion":1'), "not the one in the manifest"),
            ("one.tar", lambda path: self.flip(path, size // 2), "damaged"), ("one.tar", lambda path: self.flip(path, 600), "damaged"),
            ("one.tar", lambda path: os.truncate(path, size - 4096), "complete"), ("one.tar", lambda path: os.truncate(path, 0), "complete"),
            ("one.tar", lambda path: path.write_bytes(b"no archive at all" * 100), "damaged"),
        ]
        for name, change, words in changes:
            with self.subTest(name=name, words=words):
                path = self.damaged(name, change)
                self.assertIn(words, self.backup("--verify", path, expecting=1))
                self.restore(path, "--force", expecting=1)
        self.assertEqual((truth(self.data), [path.stat().st_ino for path in self.blobs()]), before)
        self.assertEqual(self.leftovers(), [])
        self.assertIn("There is no backup", self.backup("--verify", self.folder / "nowhere", expecting=1))

    # Restoring.

    def test_restoring_puts_aside_what_is_there_and_refuses_what_is_in_use(self):
        first, *_ = self.fill()
        self.backup(self.folder / "one")
        later = self.upload("Uploaded after the backup.")
        self.assertIn("--force", self.restore(self.folder / "one", expecting=1))
        with Gateway(self.data) as gateway:
            self.assertEqual(gateway.ask("GET", "/workspaces", token=self.token)[0], 200)
            self.assertIn("is in use by process", self.restore(self.folder / "one", "--force", expecting=1))
        said = self.restore(self.folder / "one", "--force")
        aside = Path(said.split("is now in ")[1].strip())
        where = {"workspaceId": self.workspace, "documentId": later}
        self.assertEqual(self.ask("get-document", pathParameters=where)["status"], 404)
        self.assertEqual(self.ask("get-document", aside, pathParameters=where)["status"], 200)
        self.assertEqual(self.ask("get-document", pathParameters={**where, "documentId": first})["status"], 200)
        self.assertEqual((truth(self.data), truth(aside)), ([], []))
        # What is changed now does not reach the backup, with which it shares files.
        self.ask("delete-document", pathParameters={**where, "documentId": first})
        self.backup("--verify", self.folder / "one")

    def test_a_restore_that_is_killed_when_it_changes_names_loses_nothing(self):
        if not shutil.which("strace"):
            # CI installs it.
            self.assertNotIn("CI", os.environ, "strace is not installed")
            self.skipTest("strace is not installed")
        self.fill()
        self.backup(self.folder / "one")
        self.upload("Uploaded after the backup.")
        original = self.folder / "original"
        self.data.rename(original)
        for call in ("rename", "renameat2"):
            for number in range(1, 20):
                shutil.copytree(original, self.data)
                body = {"action": "restore", "path": str(self.folder / "one"), "replace": True}
                killed = subprocess.run(
                    ["strace", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}", FUNCTIONS / "backup"],
                    input=json.dumps({"body": body}).encode() + b"\n", capture_output=True,
                    env={**BASE, "DATA_DIR": str(self.data)}).returncode != 0
                with self.subTest(call=call, number=number):
                    self.assertIn(self.documents(self.data), (3, 4))
                    self.restore(self.folder / "one", "--force")
                    self.assertEqual((self.documents(self.data), truth(self.data)), (3, []))
                    places = [place for place in self.folder.glob("data*") if self.documents(place) == 4]
                    self.assertTrue(places, "what was there before is somewhere")
                for place in self.folder.glob("data*"):
                    shutil.rmtree(place)
                if not killed:
                    break

    @staticmethod
    def documents(data):
        database = sqlite3.connect(f"file:{data}/nexlayer.db?immutable=1", uri=True)
        try:
            return database.execute("SELECT count(*) FROM documents").fetchone()[0]
        finally:
            database.close()

    def test_a_newer_backup_is_not_restored(self):
        self.fill(1)
        with sqlite3.connect(self.data / "nexlayer.db") as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
        answer = pipe("backup", {"path": str(self.folder / "one")}, self.data)
        self.assertEqual(answer["status"], 200, answer)
        run = runner("restore", self.folder / "one", data=self.folder / "new")
        self.assertEqual(run.returncode, 1)
        self.assertIn("newer than this one", run.stderr)
        self.assertFalse((self.folder / "new").exists())


if __name__ == "__main__":
    unittest.main()
