"""Backups that are made by themselves, what is said of their age, and what a gateway leaves when it ends."""

import json
import shutil
import sqlite3
import subprocess
import unittest

from backup_case import BASE, FUNCTIONS, BackupCase, pipe, runner
from backup_load import Gateway, Load
from harness import eventually


class BackupScheduleTests(BackupCase):
    def test_a_schedule_makes_backups_and_keeps_the_newest(self):
        self.fill(1)
        place = self.folder / "backups"
        made = lambda: sorted(path.name for path in place.glob("backup-*"))  # noqa: E731
        variables = {"BACKUP_DIR": str(place), "BACKUP_EVERY": "1s", "BACKUP_KEEP": "2"}
        with Gateway(self.data, **variables) as gateway:
            eventually(lambda: len(made()) == 2, "two backups", 30)
            oldest = made()[0]
            eventually(lambda: len(made()) == 2 and oldest not in made(), "the oldest goes", 30)
            checks = gateway.ask("GET", "/health")[1]["data"]["checks"]
            self.assertEqual(set(checks["backup"]), {"status", "lastAt", "ageSeconds"})
        for name in made():
            self.backup("--verify", place / name)
        newest = made()[-1]
        self.assertIn(newest, self.backup("--verify", place, expecting=1), "says which backups are in it")

    def test_health_and_the_doctor_tell_of_an_overdue_backup(self):
        self.fill(1)
        self.assertNotIn("backup", pipe("health", {}, self.data)["data"]["checks"])
        variables = {"BACKUP_DIR": str(self.folder / "backups"), "BACKUP_EVERY": "24h"}
        said = pipe("health", {}, self.data, **variables)["data"]
        self.assertEqual((said["status"], said["checks"]["backup"]),
                         ("degraded", {"status": "overdue", "lastAt": None, "ageSeconds": None}))
        self.assertIn("There is no backup yet", runner("doctor", "--port", "0", data=self.data, **variables).stdout)
        self.backup(**variables)
        said = pipe("health", {}, self.data, **variables)["data"]
        self.assertEqual((said["status"], said["checks"]["backup"]["status"]), ("ok", "ok"))
        self.assertLess(said["checks"]["backup"]["ageSeconds"], 60)
        self.assertIn("The last backup is", runner("doctor", "--port", "0", data=self.data).stdout)
        with sqlite3.connect(self.data / "nexlayer.db") as database:
            database.execute("UPDATE settings SET value = value - 37 * 3600 * 1000 WHERE name = 'last_backup'")
        database.close()
        self.assertEqual(pipe("health", {}, self.data, **variables)["data"]["checks"]["backup"]["status"], "overdue")
        for wrong in ({"BACKUP_EVERY": "often", "BACKUP_DIR": "x"}, {"BACKUP_EVERY": "1h"}, {"BACKUP_KEEP": "0"}):
            run = subprocess.run([FUNCTIONS / "health"], input=b"{}\n", capture_output=True,
                                 env={**BASE, "DATA_DIR": str(self.data), **wrong})
            self.assertEqual(run.returncode, 78)

    def test_a_backup_that_cannot_be_made_holds_up_nothing_else(self):
        self.fill(1)
        self.blobs()[0].unlink()
        run = subprocess.run(
            [FUNCTIONS / "run-jobs"], input=b"{}\n{}\n", capture_output=True,
            env={**BASE, "DATA_DIR": str(self.data), "BACKUP_DIR": str(self.folder / "backups"), "BACKUP_EVERY": "1s"})
        self.assertEqual([json.loads(line)["statusCode"] for line in run.stdout.splitlines()], [200, 200])
        self.assertEqual(run.stderr.decode().count("The scheduled backup failed"), 1, "and it is not tried at once again")

    def test_a_gateway_that_ends_leaves_all_in_the_database_file(self):
        with Gateway(self.data) as gateway, Load(gateway, kills=False) as load:
            eventually(lambda: len(load.there) > 5, "something is written")
            load.done.set()
            # Many processes that have only read keep the database open to the end.
            for path in ("/workspaces", "/users/me", "/users", "/webhooks", "/api-keys", "/system/info"):
                self.assertEqual(gateway.ask("GET", path, token=load.token)[0], 200)
            there, _ = load.before()
            self.assertEqual(gateway.stop(), 0)
        log = self.data / "nexlayer.db-wal"
        self.assertEqual(log.stat().st_size if log.exists() else 0, 0)
        (self.folder / "alone").mkdir()
        shutil.copy(self.data / "nexlayer.db", self.folder / "alone" / "nexlayer.db")
        with sqlite3.connect(self.folder / "alone" / "nexlayer.db") as database:
            found = {row[0] for row in database.execute("SELECT id FROM documents")}
        database.close()
        self.assertGreaterEqual(found, set(there))


if __name__ == "__main__":
    unittest.main()
