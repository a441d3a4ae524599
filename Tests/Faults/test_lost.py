"""Functions that cannot be used for a while. They are not forgotten, and nobody is told that they are not there."""

import json
import os
import threading
import time
import unittest

from harness import ECHO, Runner, eventually, function

HEALTH = function("/health", 'reply(json.dumps({"success": True, "data": {"status": "ok", "checks": {"a": 1}}}))', method="GET")
# Describes itself only once there is a file `ready` beside the folder of functions.
LATER = function("/later", "reply('at last')").replace('if "--describe" in sys.argv:', '''if "--describe" in sys.argv:
        ready = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0]))), "ready")
        %s''')
SLOW = LATER % "while not os.path.exists(ready): time.sleep(0.05)"
FAILING = LATER % "if not os.path.exists(ready): sys.exit(1)"


class LostFunctionTests(unittest.TestCase):
    def is_unavailable(self, answer):
        return (answer.status == 503 and int(answer.headers["retry-after"]) > 0
                and '"code":"SERVICE_UNAVAILABLE"' in answer.text)

    def ready(self, runner):
        (runner.folder / "ready").touch()

    def health(self, runner):
        return json.loads(runner.ask("GET", "/health").text)["data"]

    def test_a_slow_function_holds_up_no_start_and_is_served_as_soon_as_it_answers(self):
        with Runner({"echo": ECHO, "health": HEALTH, "later": SLOW}) as runner:
            self.assertTrue(self.is_unavailable(runner.ask("POST", "/later", "x")))
            # Nobody knows which routes it has: it may be this one, or this method.
            self.assertTrue(self.is_unavailable(runner.ask("POST", "/nowhere", "x")))
            self.assertTrue(self.is_unavailable(runner.ask("GET", "/echo")))
            self.assertEqual(runner.ask("POST", "/echo", "x").text, "x")
            self.assertEqual(self.health(runner), {
                "status": "degraded", "checks": {"a": 1, "functions": {"status": "failed", "unavailable": ["later"]}}})
            told, = runner.logged("a function cannot be served; retrying")
            self.assertIn("longer than 5 s", told["reason"])
            self.ready(runner)
            eventually(lambda: runner.ask("POST", "/later", "x").text == "at last", "it is served")
            self.assertEqual(runner.ask("POST", "/nowhere", "x").status, 404)
            self.assertEqual(runner.ask("GET", "/echo").status, 405)
            self.assertEqual(self.health(runner), {"status": "ok", "checks": {"a": 1}})

    def test_a_start_waits_for_the_only_function_however_slow_it_is(self):
        with Runner({"later": LATER % "time.sleep(6)"}) as runner:
            self.assertEqual(runner.ask("POST", "/later", "x").text, "at last")

    def test_a_function_that_fails_to_describe_itself_is_asked_again(self):
        with Runner({"echo": ECHO, "later": FAILING}) as runner:
            self.assertTrue(self.is_unavailable(runner.ask("POST", "/later", "x")))
            self.ready(runner)
            eventually(lambda: runner.ask("POST", "/later", "x").text == "at last", "it is served", seconds=20)
            # Once, not at every try.
            self.assertEqual(len(runner.logged("a function cannot be served; retrying")), 1)

    def test_a_function_that_may_not_be_executed_is_not_gone(self):
        with Runner({"echo": ECHO, "health": HEALTH, "w": function("/w", "reply('w')")}) as runner:
            self.assertEqual(runner.ask("POST", "/w", "x").text, "w")
            file = runner.functions / "w"
            file.chmod(0o644)
            eventually(lambda: self.is_unavailable(runner.ask("POST", "/w", "x")), "it is unavailable")
            self.assertEqual(self.health(runner)["checks"]["functions"]["unavailable"], ["w"])
            told, = runner.logged("a function cannot be served; retrying")
            self.assertIn("x bit", told["reason"])
            # Its routes are known: others are not there.
            self.assertEqual(runner.ask("POST", "/nowhere", "x").status, 404)
            file.chmod(0o755)
            eventually(lambda: runner.ask("POST", "/w", "x").text == "w", "it is served again")
            self.assertEqual(self.health(runner)["status"], "ok")

    def test_a_function_that_never_was_executable_is_missed(self):
        with Runner({"echo": ECHO}) as runner:
            (runner.functions / "README").write_text("No program.")
            time.sleep(1.5)
            self.assertEqual(runner.ask("POST", "/w", "x").status, 404)
            (runner.functions / "w").write_text(function("/w", "reply('w')"))
            eventually(lambda: self.is_unavailable(runner.ask("POST", "/w", "x")), "it is unavailable")
            (runner.functions / "w").chmod(0o755)
            eventually(lambda: runner.ask("POST", "/w", "x").text == "w", "it is served")

    def test_many_functions_are_served_with_few_descriptors(self):
        functions = {f"f{number}": function(f"/f{number}", f"reply('{number}')") for number in range(40)}
        with Runner(functions, prefix=("prlimit", "--nofile=48:48")) as runner:
            for round in range(2):
                for number in range(40):
                    eventually(lambda: runner.ask("POST", f"/f{number}", "x").text == str(number), f"f{number} is served", 30)

    def test_a_function_that_cannot_be_read_is_served(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        with Runner({"echo": ECHO}) as runner:
            (runner.functions / "echo").chmod(0o111)
            self.assertEqual(runner.ask("POST", "/echo", "x").text, "x")


class RollbackTests(unittest.TestCase):
    def test_no_request_fails_by_a_version_that_describes_itself_and_dies(self):
        sound = function("/v", "reply('sound')")
        dying = function("/v", "reply('never')", start="time.sleep(0.1); os._exit(7)", summary="Another")
        with Runner({"v": sound}, "--max-processes", "8") as runner:
            self.assertEqual(runner.ask("POST", "/v", "x").text, "sound")
            for round in range(3):
                runner.install("v", dying + f"# {round}\n")
                answers = []

                def ask():
                    with runner.connect(timeout=30) as client:
                        for _ in range(5):
                            answers.append(client.ask("POST", "/v", "x"))

                threads = [threading.Thread(target=ask) for _ in range(8)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual({(answer.status, answer.text) for answer in answers}, {(200, "sound")})
                self.assertEqual(len(answers), 40)

    def test_the_version_before_has_its_routes_again(self):
        with Runner({"v": function("/v", "reply('sound')")}) as runner:
            runner.install("v", function("/moved", "reply('never')", start="sys.exit(7)"))
            eventually(lambda: runner.ask("POST", "/moved", "x").status == 200, "the old version answers there")
            self.assertEqual(runner.ask("POST", "/v", "x").text, "sound")


if __name__ == "__main__":
    unittest.main()
