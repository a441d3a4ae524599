"""Short forms of `make torture` and `make fuzz`."""

import os
import sys
import tempfile
import unittest

import backup_crashes
import crashpoints
import disk
import fuzz_documents
import fuzz_envelopes
import fuzz_http
import index_kills
import kills
import merge_kills
import powercut
import schedules
import shared_files
from postgres import needs_postgres


class TortureTests(unittest.TestCase):
    def check(self, report):
        self.assertEqual(report.faults, [], f"\n{report}")

    def skip(self, reason):
        print(f"SKIPPED, and so not tested here: {self.id()}: {reason}", file=sys.stderr, flush=True)
        self.skipTest(reason)

    def test_killed_processes_lose_nothing_that_was_acknowledged(self):
        self.check(kills.run(rounds=2, seconds=2, workers=4))

    def test_promises_hold_however_requests_meet(self):
        self.check(schedules.run(150, machines=0))

    @needs_postgres
    def test_promises_hold_however_requests_meet_on_several_machines(self):
        self.check(schedules.run(60, machines=3))

    def test_the_index_equals_the_documents_after_each_kill(self):
        self.check(index_kills.run(kills=150, workers=2))

    def test_a_merge_that_is_killed_loses_nothing(self):
        self.check(merge_kills.run(rounds=1))

    def test_files_that_workspaces_share_survive_kills(self):
        self.check(shared_files.run(seconds=3))

    def test_a_kill_at_any_change_of_the_disk_leaves_all_or_nothing(self):
        if reason := crashpoints.reason_against():
            # CI installs it.
            self.assertNotEqual(("CI" in os.environ, reason), (True, "strace is not installed"))
            self.skip(reason)
        self.check(crashpoints.run(points=2))
        self.check(backup_crashes.run(points=8))

    def test_a_power_cut_loses_nothing_that_was_acknowledged(self):
        if reason := disk.reason_against("ext4"):
            self.skip(reason)
        self.check(powercut.run(cuts=2, seconds=1.5))


class FuzzTests(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def check(self, report):
        self.assertEqual(report.faults, [], f"\n{report}\nmake fuzz keeps such input in files.")

    def test_no_envelope_ends_a_function(self):
        self.check(fuzz_envelopes.run(4000, findings=self.folder))

    def test_no_document_ends_its_reader(self):
        self.check(fuzz_documents.run(500, findings=self.folder))

    def test_no_request_ends_the_runner(self):
        self.check(fuzz_http.run(3000, findings=self.folder))


if __name__ == "__main__":
    unittest.main()
