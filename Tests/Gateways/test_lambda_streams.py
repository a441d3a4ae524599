"""Streamed answers on AWS Lambda, with response streaming and without."""

import json
import time
import unittest

from installation import InstalledTests, Installation
from runtime_api import error_body, parse_stream
from lambda_runtime import HomeWithModel, Runtime, SlowServer, http


class LambdaStreamTests(InstalledTests):
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
        with SlowServer([model]) as url, self.home_with_model(url) as (home, chat):
            with Runtime(home, "send-message", FUNCTION_STREAMING="1") as runtime:
                post = runtime.invoke(chat)
                self.assertIn(b"event: error", parse_stream(post.body)[1])
                self.assertEqual(post.trailers["lambda-runtime-function-error-type"], "Function.StreamFailed")
                self.assertEqual(json.loads(error_body(post.trailers))["errorType"], "Function.StreamFailed")

    def test_streams_end_before_the_time_does(self):
        chunk = b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": "word "}}]}).encode() + b"\n\n"
        model = [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"] + [chunk] * 200
        for streaming in ("1", "0"):
            with SlowServer(model) as url, self.home_with_model(url) as (home, chat):
                with Runtime(home, "send-message", FUNCTION_STREAMING=streaming) as runtime:
                    started = time.monotonic()
                    post = runtime.invoke(chat, deadline=2.5)
                    self.assertLess(time.monotonic() - started, 2.5)
                    self.assertIn(b"word", post.body)

    def home_with_model(self, url):
        return HomeWithModel(url)

if __name__ == "__main__":
    unittest.main()
