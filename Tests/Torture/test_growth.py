"""What may grow under load, and what must not."""

import os
import tempfile
import time
import unittest
from pathlib import Path

import audit
from clients import Clients
from installation import Installation
from journal import Journal
from receiver import Receiver
from stores import store


class GrowthTests(unittest.TestCase):
    """Functions that are soon replaced, and soon ended when they are idle."""

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.temporary = Path(folder, "tmp")
        self.temporary.mkdir()
        self.installation = self.enterContext(Installation(
            folder, "--idle-timeout", "0.5", "--max-requests", "50", TMPDIR=str(self.temporary)))
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def test_nothing_is_left_of_some_thousand_requests(self):
        at_first = self.descriptors()
        journal = Journal()
        clients = Clients(6, self.installation, journal, self.receiver, seed=1)
        clients.go_on()
        time.sleep(2)
        clients.pause()
        clients.end()
        self.assertEqual(journal.faults, [])
        self.assertEqual(journal.unknown, 0)
        # The timer for jobs has a process of its own.
        self.eventually(lambda: {name for _, name in self.installation.processes()} <= {"run-jobs"}, "idle functions end")
        self.eventually(lambda: self.descriptors() <= at_first + 8, "descriptors are closed")
        self.assertEqual(self.zombies(), [])
        self.assertEqual(os.listdir(self.temporary), [])
        data = self.installation.data
        self.assertEqual([name for name in store(data).blobs() if name.startswith(".")], [])
        # It is cut back to 16 MiB.
        self.assertLessEqual((data / "nexlayer.db-wal").stat().st_size, 17 << 20)
        self.assertLess(self.megabytes(), 40)
        self.assertEqual(audit.faults(data) + journal.verify(data), [])

    def eventually(self, condition, what):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.1)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.installation.process.pid}/fd"))

    def megabytes(self):
        status = Path(f"/proc/{self.installation.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def zombies(self):
        """Processes of this runner that ended and that it has not taken note of."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2] if folder.name.isdigit() else "--"
                if state == "Z" and int(parent) == self.installation.process.pid:
                    found.append(folder.name)
            except OSError:
                pass
        return found


if __name__ == "__main__":
    unittest.main()
