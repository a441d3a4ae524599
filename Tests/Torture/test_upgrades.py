"""Databases of earlier versions, and folders that do not exist yet, met by many processes at once."""

import sqlite3
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

import audit
import crashpoints
import upgrades
from crash_requests import envelope
from installation import call, pipe


class UpgradeTests(unittest.TestCase):
    def test_every_earlier_version_is_upgraded_by_many_processes_at_once(self):
        report = upgrades.run(kill=False)
        self.assertEqual(report.faults, [], f"\n{report}")

    def test_an_upgrade_that_is_killed_is_done_by_the_next_process(self):
        if reason := crashpoints.reason_against():
            self.skipTest(reason)
        report = upgrades.run(points=3)
        self.assertEqual(report.faults, [], f"\n{report}")

    def test_processes_that_start_at_once_on_a_folder_that_does_not_exist_all_start(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(8):
                data = Path(folder, f"{number}")
                self.assertEqual(upgrades.open_at_once(data, 6), [])
                self.assertEqual(audit.faults(data), [])

    def test_the_database_of_a_newer_version_is_refused_and_stays_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder, "data")
            pipe("health", {}, data=data)
            with closing(sqlite3.connect(data / "nexlayer.db")) as database:
                database.execute("PRAGMA user_version = 99")
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            before = (data / "nexlayer.db").read_bytes()
            for function, request in (("health", {}), ("list-workspaces", envelope("GET", "/workspaces", "x")),
                                      ("run-jobs", {})):
                self.assertEqual(call(function, request, data).status, 503, function)
            self.assertEqual((data / "nexlayer.db").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
