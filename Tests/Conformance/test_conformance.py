"""The cases for each transport: the runner, a pipe, and web servers that are started with the generated configurations."""

import os
import time

# NB: modules, because unittest would run the bases too if their names were here.
import cases
import transports


class RunnerTests(cases.ServerCases):
    kind = transports.Runner


class ColdCases:
    """For transports that start a process for each request."""

    def expect_no_log(self) -> None:
        place = self.transport.place
        # The disk may be busy: what is waited for is the end of every process, which syncs. Before its end, a process
        # may still write.
        deadline = time.monotonic() + 30
        while place.has_functions_running() and time.monotonic() < deadline:
            time.sleep(0.01)
        if "DATABASE_URL" not in place.environment:  # PostgreSQL's log is its own affair
            self.assertEqual((place.data / "nexlayer.db-wal").stat().st_size, 0)

    def test_a_process_that_wrote_leaves_no_log_to_recover(self) -> None:
        # lighttpd ends a process with SIGTERM as soon as it has all of the answer.
        for number in range(5):
            self.assertEqual(self.call("POST", "/workspaces", {"name": f"Log {number}"}).status, 201)
            self.expect_no_log()

    def test_neither_does_one_with_a_large_answer(self) -> None:
        content = "".join(f"Line {number} of a long text.\n" for number in range(15_000)).encode()
        document = self.upload("large.txt", content).data["id"]
        for number in range(10):
            # The first use of a key is written down.
            key = self.call("POST", "/api-keys", {"name": f"Key {number}"}).data["key"]
            answer = self.call("GET", f"{self.here}/documents/{document}/content", token=key)
            self.assertEqual(answer.body, content)
            self.expect_no_log()


class PipeTests(ColdCases, cases.Cases):
    kind = transports.Pipe


class LighttpdTests(ColdCases, cases.ServerCases):
    kind = transports.Lighttpd


class NginxFcgiwrapTests(ColdCases, cases.ServerCases):
    kind = transports.NginxFcgiwrap


class NginxFastCGITests(cases.ServerCases):
    kind = transports.NginxFastCGI

    def test_a_function_that_is_not_there(self) -> None:
        (process,) = [each for each in self.transport.place.processes if each.args[-1].endswith("/docs")]
        process.terminate()
        process.wait()
        self.expect_error(self.call("GET", "/docs", token=None), 503, "SERVICE_UNAVAILABLE")


class ApacheTests(ColdCases, cases.ServerCases):
    kind = transports.Apache


if "LAMBDA_EMULATOR" in os.environ:  # Set by run.sh, unless it is to work without PyPI.

    class LambdaTests(cases.Cases):
        kind = transports.Lambda
