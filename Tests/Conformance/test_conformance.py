"""The cases for each way in: the runner, a pipe, and web servers that are started with the generated configurations."""

import os

# NB: modules, because unittest would run the bases too if their names were here.
import cases
import ways


class RunnerTests(cases.ServerCases):
    kind = ways.Runner


class PipeTests(cases.Cases):
    kind = ways.Pipe


class LighttpdTests(cases.ServerCases):
    kind = ways.Lighttpd


class NginxFcgiwrapTests(cases.ServerCases):
    kind = ways.NginxFcgiwrap


class NginxFastCGITests(cases.ServerCases):
    kind = ways.NginxFastCGI

    def test_a_function_that_is_not_there(self) -> None:
        (process,) = [each for each in self.way.place.processes if each.args[-1].endswith("/docs")]
        process.terminate()
        process.wait()
        self.expect_error(self.call("GET", "/docs", token=None), 503, "SERVICE_UNAVAILABLE")


class ApacheTests(cases.ServerCases):
    kind = ways.Apache


if "LAMBDA_EMULATOR" in os.environ:  # Set by run.sh, unless it is to work without PyPI.

    class LambdaTests(cases.Cases):
        kind = ways.Lambda
