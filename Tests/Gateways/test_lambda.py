"""The functions on AWS Lambda: a runtime API of our own that is strict, or misbehaves."""

import base64
import json
import subprocess
import unittest

from installation import FORM, FUNCTIONS, PASSWORD, InstalledTests, Installation, form
from runtime_api import RuntimeAPI, parse_stream
from lambda_runtime import ANSWER_LIMIT, API, EVENTS, Runtime, http


class LambdaTests(InstalledTests):
    # Events

    def test_requests_one_after_the_other_on_one_connection(self):
        with Runtime(self.home, "list-workspaces") as runtime:
            for _ in range(5):
                answer = runtime.answer(http("GET", "/workspaces", self.token))
                self.assertEqual(answer["statusCode"], 200)
                self.assertEqual(answer["headers"]["x-request-id"], "request-1")
                self.assertEqual(json.loads(answer["body"])["data"][0]["id"], self.workspace)
            self.assertEqual(runtime.answer(http("GET", "/workspaces"))["statusCode"], 401)
            self.assertEqual(runtime.answer(http("POST", "/workspaces", self.token))["statusCode"], 405)
            self.assertEqual(runtime.answer(http("HEAD", "/workspaces", self.token))["body"], "")
            self.assertEqual(runtime.api.connections, 1)

    def test_sample_events(self):
        """As `sam local generate-event` makes them: to somewhere else, and turned towards the endpoint."""
        keys = {
            "rest-api": {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"},
            "http-api": {"statusCode", "headers", "cookies", "body", "isBase64Encoded"},
            "load-balancer": {"statusCode", "statusDescription", "headers", "multiValueHeaders", "body", "isBase64Encoded"},
        }
        with Runtime(self.home, "login") as runtime:
            for name, known in keys.items():
                event = json.loads((EVENTS / f"{name}.json").read_text())
                elsewhere = runtime.answer(event)
                self.assertEqual(elsewhere["statusCode"], 404, name)
                self.assertLessEqual(elsewhere.keys(), known)
                event["path" if "path" in event else "rawPath"] = API + "/auth/login"
                event["headers"]["content-type"] = "application/json"
                body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
                event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
                answer = runtime.answer(event)
                self.assertEqual(answer["statusCode"], 200, answer)
                self.assertLessEqual(answer.keys(), known)
                self.assertTrue(all(isinstance(value, str) for value in answer["headers"].values()))
                if name == "load-balancer":
                    self.assertEqual(answer["statusDescription"], "200 OK")

    def test_sample_events_by_pipe(self):
        for name in ("rest-api", "http-api", "load-balancer"):
            event = json.loads((EVENTS / f"{name}.json").read_text())
            for path, status in (("/elsewhere", 404), ("/auth/login", 415)):
                event["path" if "path" in event else "rawPath"] = API + path
                output = subprocess.run(
                    [str(FUNCTIONS / "login")], input=json.dumps(event).encode(), env=self.home.environment,
                    stdout=subprocess.PIPE, timeout=30).stdout
                self.assertEqual(json.loads(output)["statusCode"], status, name)

    def test_a_load_balancer_that_reads_lists(self):
        event = json.loads((EVENTS / "load-balancer.json").read_text())
        event |= {"httpMethod": "GET", "path": API + "/workspaces", "body": "", "isBase64Encoded": False}
        headers = event.pop("headers") | {"authorization": f"Bearer {self.token}"}
        event["multiValueHeaders"] = {name: [value] for name, value in headers.items()}
        event.pop("queryStringParameters")
        event["multiValueQueryStringParameters"] = {"search": ["Sh%65lf"], "limit": ["1"]}
        with Runtime(self.home, "list-workspaces") as runtime:
            answer = runtime.answer(event)
        self.assertEqual((answer["statusCode"], len(json.loads(answer["body"])["data"])), (200, 1))
        self.assertNotIn("headers", answer)
        self.assertTrue(all(isinstance(value, list) and len(value) == 1 for value in answer["multiValueHeaders"].values()))

    def test_paths_of_stages_and_greedy_routes(self):
        path = f"/workspaces/{self.workspace}"
        with Runtime(self.home, "get-workspace") as runtime:
            for change in (
                {"pathParameters": {"workspaceId": self.workspace}, "rawPath": "/whatever"},
                {"pathParameters": {"proxy": path[1:]}},
                {"rawPath": "/dev" + API + path},
            ):
                event = http("GET", path, self.token, stage="dev") | change
                self.assertEqual(runtime.answer(event)["statusCode"], 200, change)
            self.assertEqual(runtime.answer(http("GET", path + "/members", self.token))["statusCode"], 404)

    def test_a_stage_may_have_the_name_that_the_base_path_begins_with(self):
        path = f"/workspaces/{self.workspace}"
        with Runtime(self.home, "get-workspace") as runtime:
            for raw, status in {
                # A custom domain leaves the stage out.
                API + path: 200, "/api" + API + path: 200, API + path + "/": 200, "/api" + API + path + "/": 200,
                "/v1" + path: 404, "/apx" + API + path: 404, "/api/api" + API + path: 404, API + "/" + path: 404,
            }.items():
                event = http("GET", path, self.token, stage="api") | {"rawPath": raw}
                self.assertEqual(runtime.answer(event)["statusCode"], status, raw)

    def test_bytes(self):
        content = ("The quick brown fox.\n" * 100_000).encode()
        headers = {"content-type": FORM}
        with Runtime(self.home, "upload-document") as runtime:
            event = http("POST", f"/workspaces/{self.workspace}/documents", self.token, headers=headers)
            event |= {"body": base64.b64encode(form(content)).decode(), "isBase64Encoded": True}
            answer = runtime.answer(event)
            self.assertEqual(answer["statusCode"], 201)
            document = json.loads(answer["body"])["data"]["id"]
            event["body"] = "not base64!"
            self.assertEqual(runtime.invoke(event).kind, "error")
        with Runtime(self.home, "get-document-content") as runtime:
            answer = runtime.answer(http("GET", f"/workspaces/{self.workspace}/documents/{document}/content", self.token))
            self.assertTrue(answer["isBase64Encoded"])
            self.assertEqual(base64.b64decode(answer["body"]), content)

    def test_an_answer_that_is_too_large_says_so(self):
        content = ("The quick brown fox.\n" * 250_000).encode()
        document = self.home.pipe("upload-document", {
            "headers": {"authorization": f"Bearer {self.token}", "content-type": FORM}, "body": form(content).decode(),
            "pathParameters": {"workspaceId": self.workspace}})["id"]
        path = f"/workspaces/{self.workspace}/documents/{document}/content"
        with Runtime(self.home, "get-document-content") as runtime:
            post = runtime.invoke(http("GET", path, self.token))
            answer = json.loads(post.body)
            self.assertEqual((answer["statusCode"], json.loads(answer["body"])["error"]["details"]), (413, {"maxBytes": ANSWER_LIMIT}))
            part = runtime.answer(http("GET", path, self.token, headers={"range": "bytes=0-999999"}))
            self.assertEqual(part["statusCode"], 206)
            event = json.loads((EVENTS / "load-balancer.json").read_text())
            event |= {"httpMethod": "GET", "path": API + path, "body": ""}
            event["headers"] |= {"authorization": f"Bearer {self.token}", "range": "bytes=0-999999"}
            self.assertEqual(runtime.answer(event)["statusCode"], 413)
        # A stream has no such limit.
        with Runtime(self.home, "get-document-content", FUNCTION_STREAMING="1") as runtime:
            head, body = parse_stream(runtime.invoke(http("GET", path, self.token)).body)
            self.assertEqual((head["statusCode"], body), (200, content))

    # What is no HTTP

    def test_a_schedule_runs_the_jobs(self):
        schedule = (EVENTS / "schedule.json").read_bytes()
        with Runtime(self.home, "run-jobs") as runtime:
            for event in (schedule, b"{}", json.dumps({"body": {"limit": 10}}).encode()):
                answer = runtime.answer(event)
                self.assertEqual(answer["statusCode"], 200, answer)
                self.assertEqual(json.loads(answer["body"])["data"]["failed"], 0)
                self.assertTrue(answer["headers"]["x-request-id"].startswith("id-"))

    def test_no_request_runs_the_jobs(self):
        lattice = {"version": "2.0", "path": "/run-jobs", "method": "POST", "headers": {"host": "x"}, "requestContext": {}}
        rest = {"httpMethod": "POST", "path": "/run-jobs", "requestContext": {}}
        with Runtime(self.home, "run-jobs") as runtime:
            for event in (http("POST", "/run-jobs", body={}), rest, lattice):
                self.assertEqual(runtime.answer(event)["statusCode"], 404, event)

    def test_a_schedule_that_fails_counts_as_failed(self):
        with Installation(DATA_DIR="/dev/null/nowhere") as home, Runtime(home, "run-jobs") as runtime:
            post = runtime.invoke((EVENTS / "schedule.json").read_bytes())
            self.assertEqual((post.kind, post.headers["lambda-runtime-function-error-type"]), ("error", "Function.Failed"))
            self.assertEqual(json.loads(post.body)["errorType"], "Function.Failed")
            self.assertEqual(runtime.answer(http("POST", "/run-jobs"))["statusCode"], 404)

    def test_events_that_are_no_objects(self):
        with Runtime(self.home, "health") as runtime:
            for event in (b'"hello"', b"[]", b"", b"{", b"null", b'{"headers": 5}', b"\xff"):
                post = runtime.invoke(event)
                self.assertEqual((post.kind, json.loads(post.body)["errorType"]), ("error", "Function.EventInvalid"), event)
            self.assertEqual(runtime.answer(http("GET", "/health"))["statusCode"], 200)

    # The API

    def test_a_start_that_fails_is_told(self):
        for own, word in (({"MAX_BODY_BYTES": "many"}, "MAX_BODY_BYTES"), ({"FUNCTION_STREAMING": "yes"}, "FUNCTION_STREAMING")):
            with Runtime(self.home, "health", **own) as runtime:
                post = runtime.api.posts.get(timeout=30)
                self.assertTrue(post.path.endswith("/runtime/init/error"))
                self.assertEqual(post.headers["lambda-runtime-function-error-type"], "Function.ConfigurationInvalid")
                self.assertIn(word, json.loads(post.body)["errorMessage"])
                self.assertEqual(runtime.process.wait(timeout=30), 78)

    def test_connections_that_are_closed(self):
        """Between requests, instead of a response, and amid one."""
        seen = []

        def handle(api, request, send):
            seen.append(request[0])
            if len(seen) in (1, 4):
                raise EOFError
            if len(seen) == 2:
                send(b"HTTP/1.1 200 OK\r\nContent-Le")
                raise EOFError
            return False

        api = RuntimeAPI(handle)
        with Runtime(self.home, "health", api) as runtime:
            for _ in range(2):
                self.assertEqual(runtime.answer(http("GET", "/health"))["statusCode"], 200)
            self.assertGreater(api.connections, 3)

    def test_responses_in_every_form(self):
        """In single bytes, in chunks, up to the end of the connection, behind a 100."""
        event = json.dumps(http("GET", "/health")).encode()
        head = ("HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id:  id-0 \r\nLAMBDA-RUNTIME-DEADLINE-MS: 9999999999999999999\r\n").encode()
        forms = [
            head + b"Content-Length: %d\r\n\r\n" % len(event) + event,
            head + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(
                b"%x;x=y\r\n%s\r\n" % (len(event[at:at + 7]), event[at:at + 7]) for at in range(0, len(event), 7)) + b"0\r\nA: b\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\n" + head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(event) + event,
            head + b"\r\n" + event,
        ]

        def handle(api, request, send):
            if request[0] != "GET" or not forms:
                return False
            response = forms.pop(0)
            for at in range(0, len(response), 3):
                send(response[at:at + 3])
            if b"Content-Length" not in response and b"chunked" not in response or b"Connection: close" in response:
                raise EOFError
            return True

        api = RuntimeAPI(handle)
        with Runtime(self.home, "health", api):
            for _ in range(4):
                post = api.posts.get(timeout=30)
                self.assertEqual((post.id, json.loads(post.body)["statusCode"]), ("id-0", 200))

    def test_nonsense_ends_the_process_in_order(self):
        """After some tries, with a line in the log, and never by a signal."""
        for response in (b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                         b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                         b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                         b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                         b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a/b c\r\nContent-Length: 2\r\n\r\n{}",
                         b"HTTP/1.1 200 OK\r\n" + b"x" * 100_000):
            def handle(api, request, send):
                send(response)
                raise EOFError
            with Runtime(self.home, "health", RuntimeAPI(handle)) as runtime:
                self.assertEqual(runtime.process.wait(timeout=30), 1, response)
                self.assertIn(b'"level":"error"', runtime.process.stderr.read())

    def test_an_api_that_takes_no_answer(self):
        """Is told of in the log; the next event is served."""
        rejected = []

        def handle(api, request, send):
            if request[0] == "POST" and not rejected:
                rejected.append(request)
                send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
                return True
            return False

        with Runtime(self.home, "health", RuntimeAPI(handle)) as runtime:
            runtime.api.events.put((json.dumps(http("GET", "/health")).encode(), 30))
            self.assertEqual(runtime.answer(http("GET", "/health"))["statusCode"], 200)
            self.assertEqual(len(rejected), 1)

    def test_addresses_that_are_none(self):
        for address in ("nowhere", "127.0.0.1", "127.0.0.1:x", ":9001", "127.0.0.1:99999", "example.com:80"):
            process = self.home.start("health", {"AWS_LAMBDA_RUNTIME_API": address}, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            _, errors = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 78)
            self.assertIn(b"AWS_LAMBDA_RUNTIME_API", errors)

if __name__ == "__main__":
    unittest.main()
