"""`python3 -m unittest` with an end: a test that takes over TEST_TIMEOUT seconds (600) fails, and every thread's stack is
shown. One that cannot even be stopped ends the run."""

import faulthandler
import os
import signal
import sys
import unittest
from typing import Any

SECONDS = int(os.environ.get("TEST_TIMEOUT", 600))


def stop(*_: object) -> None:
    faulthandler.dump_traceback()
    raise TimeoutError(f"this took over {SECONDS} s")


class Result(unittest.TextTestResult):
    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        faulthandler.dump_traceback_later(SECONDS + 60, exit=True)
        signal.alarm(SECONDS)

    def stopTest(self, test: unittest.TestCase) -> None:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()
        super().stopTest(test)


class Runner(unittest.TextTestRunner):
    resultclass = Result


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, stop)
    arguments: list[Any] = ["python3 -m unittest", *sys.argv[1:]]
    unittest.main(module=None, argv=arguments, testRunner=Runner)
