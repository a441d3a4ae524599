"""A CGI program and its answer: what the tests of CGI share."""

import socket
import subprocess

from installation import InstalledTests, parse_answer, variables

API = "/api/v1"


def listen():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)
    return listener


class CGICase(InstalledTests):
    def run_raw(self, name, environment, body=b"", arguments=(), home=None):
        process = (home or self.home).start(
            name, environment, arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, errors = process.communicate(body, timeout=60)
        self.assertEqual(process.returncode, 0, errors)
        return output

    def call(self, name, method, target, body=None, home=None, arguments=(), drop=(), **more):
        environment = variables(method, API + target, body=body, **more)
        for variable in drop:
            environment.pop(variable, None)
        answer = parse_answer(self.run_raw(name, environment, body or b"", arguments, home))
        self.check_length(answer, method)
        return answer

    def check_length(self, answer, method):
        length = answer.header("content-length")
        if answer.status in (204, 304):
            self.assertEqual((length, answer.body), (None, b""))
        elif method == "HEAD":
            self.assertEqual(answer.body, b"")
            self.assertGreater(int(length), 0)
        elif length is None:
            self.assertTrue(answer.header("content-type").startswith("text/event-stream"))
        else:
            self.assertEqual(int(length), len(answer.body))
