"""Backups and what they are made of: rotten files, other installations, and what a restore looks at first."""

import json
import os
import unittest

from backup_case import BackupCase


class BackupSourceTests(BackupCase):
    # Rot.

    def test_rot_in_a_backup_is_not_passed_on_and_heals(self):
        self.fill()
        series = {"BACKUP_DIR": str(self.folder / "series")}
        self.backup(**series)
        self.backup(self.folder / "one")
        first, = (self.folder / "series").glob("backup-*")
        # As on another disk: what is linked is linked to the previous backup.
        for path in self.blobs():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
        for place in (first, self.folder / "one"):
            path = self.blobs(place)[1]
            content = bytearray(path.read_bytes())
            content[7] ^= 1
            path.unlink()
            path.write_bytes(content)
        self.backup(self.folder / "one", "--incremental")
        self.backup(**series)
        _, second = sorted((self.folder / "series").glob("backup-*"))
        for place in (self.folder / "one", second):
            self.assertIn("is complete", self.backup("--verify", place))
            # Those that are sound are linked all the same.
            self.assertEqual(self.blobs(place)[0].stat().st_ino, self.blobs(first)[0].stat().st_ino)

    def test_rot_in_the_data_folder_makes_no_backup(self):
        self.fill()
        self.backup(self.folder / "one")
        # One file with several names: the earlier backup has rotted with it.
        self.flip(self.blobs()[1], 7)
        for words in ([self.folder / "two"], [self.folder / "one", "--incremental"], [self.folder / "two.tar"]):
            self.assertRegex(self.backup(*words, expecting=1), r"doc_\w+ is missing or damaged")
        self.assertFalse((self.folder / "two").exists() or (self.folder / "two.tar").exists())
        self.assertEqual(self.leftovers(), [])

    # Installations.

    def test_a_backup_of_another_installation_is_not_renewed(self):
        self.fill(1)
        series = {"BACKUP_DIR": str(self.folder / "series"), "BACKUP_KEEP": "1"}
        self.backup(self.folder / "one")
        self.backup(**series)
        own, self.data = self.data, self.folder / "other"
        self.data.mkdir()
        self.fill(2)
        made = lambda: [(path.name, (path / "manifest.json").read_bytes())  # noqa: E731
                        for path in [self.folder / "one", *(self.folder / "series").glob("backup-*")]]
        before = made()
        for words, variables in (([self.folder / "one", "--incremental"], {}), ([], series)):
            self.assertRegex(self.backup(*words, expecting=1, **variables), "of another installation.*DATA_DIR.*another backup folder")
        self.assertEqual(made(), before)
        # A restored installation is the same one. Manifests of earlier versions do not say whose they are.
        self.restore(self.folder / "one", "--force")
        self.backup(self.folder / "one", "--incremental")
        self.data = own
        self.backup(self.folder / "one", "--incremental")
        manifest = json.loads((self.folder / "one" / "manifest.json").read_text())
        self.assertRegex(manifest.pop("installation"), "^[0-9a-f]{32}$")
        (self.folder / "one" / "manifest.json").write_text(json.dumps(manifest))
        self.data = self.folder / "third"
        self.data.mkdir()
        self.fill(1)
        self.backup(self.folder / "one", "--incremental")

    # Restoring.

    def test_a_restore_looks_at_the_backup_before_it_advises_force(self):
        self.fill(1)
        self.backup(self.folder / "one")
        self.backup(self.folder / "one.tar")
        size = (self.folder / "one.tar").stat().st_size
        for path, words in (
                (lambda: self.folder / "nowhere", "There is no backup"),
                (lambda: self.damaged("one", lambda path: (path / "manifest.json").unlink()), "not a complete backup"),
                (lambda: self.damaged("one", lambda path: (path / "manifest.json").write_text("{")), "is damaged")):
            said = self.restore(path(), expecting=1)
            self.assertIn(words, said)
            self.assertNotIn("--force", said)
        said = self.restore(self.damaged("one.tar", lambda path: os.truncate(path, size // 2)), expecting=1)
        self.assertIn("it ends too early", said)
        self.assertNotIn("--force", said)
        for name in ("one", "one.tar"):
            self.assertIn("--force", self.restore(self.folder / name, expecting=1))


if __name__ == "__main__":
    unittest.main()
