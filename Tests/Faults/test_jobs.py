"""The function that the runner calls by itself, when the runner ends."""

import signal
import unittest

from harness import ECHO, Runner, eventually, function

# Works for long, and stops at SIGTERM.
JOBS = function("/run-jobs", """
def stop(*_):
    open("stopped", "w").close()
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
open("working", "w").close()
time.sleep(60)
""", timeoutSeconds=100)


class JobTests(unittest.TestCase):
    def test_jobs_that_are_under_way_get_sigterm_when_the_runner_ends(self):
        with Runner({"echo": ECHO, "run-jobs": JOBS}, "--jobs-interval", "0.1") as runner:
            eventually((runner.folder / "working").exists, "the runner calls it")
            runner.process.send_signal(signal.SIGTERM)
            runner.process.wait(timeout=15)
            self.assertTrue((runner.folder / "stopped").exists())
