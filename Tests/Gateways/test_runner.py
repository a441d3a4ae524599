"""The runner where a platform starts it in front of some of the functions: OpenFaaS's mode `http`, Knative,
Cloud Run, Azure's custom handlers."""

import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from installation import FUNCTIONS, Installation
from running import RUNNER


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def status(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1{path}", timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


class RunnerTests(unittest.TestCase):
    def setUp(self):
        self.home = Installation()
        self.addCleanup(self.home.close)

    def start(self, *arguments, **own):
        return subprocess.Popen(
            [RUNNER, "serve", "--functions", str(FUNCTIONS), "--quiet", *arguments], cwd=self.home.path,
            env={**self.home.environment, **own}, stderr=subprocess.PIPE, stdout=subprocess.PIPE)

    def serving(self, port, *arguments, **own):
        process = self.start(*arguments, **own)
        self.addCleanup(self.stop, process)
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        return process

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)

    def test_one_function_alone(self):
        port = free_port()
        self.serving(port, "--function", "health", PORT=str(port))
        self.assertEqual((status(port, "/health"), status(port, "/workspaces")), (200, 404))

    def test_some_functions(self):
        port = free_port()
        self.serving(port, RUNNER_FUNCTION="health,list-workspaces", PORT=str(port), HOST="0.0.0.0")
        self.assertEqual((status(port, "/health"), status(port, "/workspaces"), status(port, "/users")), (200, 401, 404))

    def test_azure_names_the_port_its_own_way(self):
        port = free_port()
        self.serving(port, "--function", "health", "--function", "docs", FUNCTIONS_CUSTOMHANDLER_PORT=str(port), PORT="1")
        self.assertEqual((status(port, "/health"), status(port, "/docs")), (200, 200))

    def test_a_function_that_is_not_there(self):
        for names in (["nothing"], ["health", "nothing"], ["../functions/health"], [""]):
            process = self.start(*[word for name in names for word in ("--function", name)], "--port", "0")
            self.addCleanup(process.kill)
            _, errors = process.communicate(timeout=30)
            self.assertIn(process.returncode, (64, 78), names)
            self.assertIn(b"function", errors)


if __name__ == "__main__":
    unittest.main()
