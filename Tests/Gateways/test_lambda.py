"""The functions on AWS Lambda: a runtime API of our own that is strict, or misbehaves."""

import base64
import json
import os
import subprocess
import time
import unittest
from pathlib import Path

from installation import FORM, FUNCTIONS, PASSWORD, InstalledTests, Installation, form
from runtime_api import RuntimeAPI, error_body, parse_stream

API = "/api/v1"
EVENTS = Path(__file__).parent / "events"
ANSWER_LIMIT = 6_291_556


class Runtime:
    """A function under a Runtime API."""

    def __init__(self, home, name, api=None, **own):
        self.api = api or RuntimeAPI()
        self.process = home.start(
            name, {"AWS_LAMBDA_RUNTIME_API": self.api.address, **own}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.api.close()
        self.process.kill()
        output, errors = self.process.communicate(timeout=30)
        if kind is None:
            assert not output, f"something on stdout: {output!r}"
            assert not self.api.faults, (self.api.faults, errors)

    def invoke(self, event, **more):
        return self.api.invoke(event if isinstance(event, bytes) else json.dumps(event).encode(), **more)

    def answer(self, event, **more):
        post = self.invoke(event, **more)
        assert post.kind == "response", post.body
        return json.loads(post.body)


def http(method, path, token=None, body=None, headers=None, stage="$default", parameters=None):
    """A function URL's or HTTP API's event."""
    event = {
        "version": "2.0", "routeKey": "$default", "rawPath": API + path, "rawQueryString": "",
        "headers": {**({"authorization": f"Bearer {token}"} if token else {}), **(headers or {})},
        "requestContext": {
            "requestId": "request-1", "stage": stage,
            "http": {"method": method, "path": API + path, "sourceIp": "192.0.2.7", "userAgent": "test"}},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["headers"].setdefault("content-type", "application/json")
        event["body"] = json.dumps(body)
    if parameters:
        event["pathParameters"] = parameters
    return event


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

    # Streams

    def chat(self):
        return http("POST", f"/workspaces/{self.workspace}/chat", self.token, {"message": "What does the fox do?", "stream": True})

    def test_streams_are_joined_without_streaming(self):
        with Runtime(self.home, "send-message") as runtime:
            answer = runtime.answer(self.chat())
            self.assertEqual((answer["statusCode"], answer["isBase64Encoded"]), (200, False))
            self.assertTrue(answer["body"].startswith("event: start\n") and "event: done\n" in answer["body"])
            self.assertTrue(answer["headers"]["content-type"].startswith("text/event-stream"))

    def test_streams(self):
        with Runtime(self.home, "send-message", FUNCTION_STREAMING="1") as runtime:
            for _ in range(2):
                post = runtime.invoke(self.chat())
                self.assertEqual(post.headers["content-type"], "application/vnd.awslambda.http-integration-response")
                self.assertEqual(post.trailers, {})
                head, body = parse_stream(post.body)
                self.assertEqual(head["statusCode"], 200)
                self.assertTrue(body.startswith(b"event: start\n") and b"event: done\n" in body)
                self.assertGreater(len(runtime.api.last_pieces), 3)
            # Errors and answers that are whole come the same way.
            head, body = parse_stream(runtime.invoke(http("POST", f"/workspaces/{self.workspace}/chat", self.token, {})).body)
            self.assertEqual((head["statusCode"], json.loads(body)["error"]["code"]), (422, "VALIDATION_ERROR"))
            self.assertEqual(runtime.api.connections, 1)

    def test_a_body_that_cannot_be_written_is_an_error(self):
        with Installation() as home:
            event = http("GET", "/workspaces", home.register())
            home.spoil("workspaces")
            with Runtime(home, "list-workspaces") as runtime:
                answer = runtime.answer(event)
                self.assertEqual(
                    (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (500, "INTERNAL_ERROR"))
            with Runtime(home, "list-workspaces", FUNCTION_STREAMING="1") as runtime:
                head, body = parse_stream(runtime.invoke(event).body)
                self.assertEqual((head["statusCode"], json.loads(body)["error"]["code"]), (500, "INTERNAL_ERROR"))

    def test_a_stream_that_fails_says_so_in_its_trailers(self):
        chunk = json.dumps({"choices": [{"index": 0, "delta": {"content": "The fox "}}]}).encode()
        model = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\ndata: " + chunk + b"\n\n"
        with slow_server([model]) as url, self.home_with_model(url) as (home, chat):
            with Runtime(home, "send-message", FUNCTION_STREAMING="1") as runtime:
                post = runtime.invoke(chat)
                self.assertIn(b"event: error", parse_stream(post.body)[1])
                self.assertEqual(post.trailers["lambda-runtime-function-error-type"], "Function.StreamFailed")
                self.assertEqual(json.loads(error_body(post.trailers))["errorType"], "Function.StreamFailed")

    def test_streams_end_before_the_time_does(self):
        chunk = b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": "word "}}]}).encode() + b"\n\n"
        model = [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"] + [chunk] * 200
        for streaming in ("1", "0"):
            with slow_server(model) as url, self.home_with_model(url) as (home, chat):
                with Runtime(home, "send-message", FUNCTION_STREAMING=streaming) as runtime:
                    started = time.monotonic()
                    post = runtime.invoke(chat, deadline=2.5)
                    self.assertLess(time.monotonic() - started, 2.5)
                    self.assertIn(b"word", post.body)

    def home_with_model(self, url):
        return HomeWithModel(url)

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


class slow_server:
    """Sends pieces, one every 50 ms, to whoever connects."""

    def __init__(self, pieces):
        import socket
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.pieces = pieces

    def __enter__(self):
        import threading
        threading.Thread(target=self.serve, daemon=True).start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"

    def serve(self):
        try:
            with self.listener.accept()[0] as connection:
                connection.recv(65536)
                for piece in self.pieces:
                    connection.sendall(piece)
                    time.sleep(0.05)
        except OSError:
            pass

    def __exit__(self, *_):
        self.listener.close()


class HomeWithModel:
    """An installation that asks a model, with one document, and the event of a streamed chat."""

    def __init__(self, url):
        self.home = Installation(LLM_BASE_URL=url, LLM_MODEL="m", PATH=os.environ["PATH"])

    def __enter__(self):
        token = self.home.register()
        workspace = self.home.make_workspace(token)
        self.home.pipe("upload-document", {
            "headers": {"authorization": f"Bearer {token}", "content-type": FORM}, "body": form(b"The fox jumps.").decode(),
            "pathParameters": {"workspaceId": workspace}})
        return self.home, http(
            "POST", f"/workspaces/{workspace}/chat", token, {"message": "What does the fox do?", "stream": True})

    def __exit__(self, *_):
        self.home.close()


if __name__ == "__main__":
    unittest.main()
