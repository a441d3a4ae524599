"""What must hold for every transport. Over 300 lines: every case is written once, in one list, and run for each transport."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import unittest
from typing import Any
from urllib.parse import quote

from exchange import Answer, Request
from place import ECHO
from samples import FORM, document_of, form
from transports import Transport

API = "/api/v1"
PASSWORD = "correct horse battery"
ORIGIN = "https://app.example.com"


class Cases(unittest.TestCase):
    """The base of a test case for one transport."""

    kind: type[Transport]
    transport: Transport
    token: str
    workspace: str
    here: str
    """The workspace's path."""
    document: str

    @classmethod
    def setUpClass(cls) -> None:
        if missing := cls.kind.missing():
            raise unittest.SkipTest(f"not installed: {', '.join(missing)}")
        cls.transport = cls.kind(ECHO)
        try:
            cls.prepare()
        except BaseException:
            cls.transport.close()
            raise

    @classmethod
    def prepare(cls) -> None:
        """An account, and a workspace with one document."""
        account = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
        cls.token = cls.call("POST", "/auth/register", account, token=None).data["token"]
        cls.workspace = cls.call("POST", "/workspaces", {"name": "Handbook"}).data["id"]
        cls.here = f"/workspaces/{cls.workspace}"
        text = "# Leave\n\nEmployees get 28 days of paid leave a year.\n\n# Travel\n\nTrains are booked in second class.\n"
        cls.document = cls.upload("handbook.md", text.encode()).data["id"]

    @classmethod
    def tearDownClass(cls) -> None:
        cls.transport.close()

    @classmethod
    def call(cls, method: str, path: str, body: Any = None, *headers: tuple[str, str], token: str | None = "",
             chunked: bool = False) -> Answer:
        """With the account's token, unless another or none is given; bodies that are no bytes are sent as JSON."""
        sent = list(headers)
        if token is not None:
            sent.append(("Authorization", f"Bearer {token or cls.token}"))
        if body is not None and not isinstance(body, bytes):
            sent.append(("Content-Type", "application/json"))
            body = json.dumps(body).encode()
        return cls.transport.send(Request(method, API + path, sent, body or b"", chunked))

    @classmethod
    def upload(cls, name: str, content: bytes, **more: Any) -> Answer:
        return cls.call("POST", f"{cls.here}/documents", form(name, content), ("Content-Type", FORM), **more)

    def echo(self, query: str = "", *headers: tuple[str, str], method: str = "POST", body: bytes = b"",
             text: str = "text", **more: Any) -> Answer:
        return self.call(method, f"/echo/{text}" + (f"?{query}" if query else ""), body, *headers, **more)

    def expect_error(self, answer: Answer, status: int, code: str) -> None:
        kind = answer.header("content-type").split(";")[0]
        self.assertEqual((answer.status, kind), (status, "application/json"), answer.body[:1000])
        self.assertEqual(answer.code, code)
        self.assertEqual(answer.json["error"]["requestId"], answer.header("x-request-id"))

    # The product

    def test_login(self) -> None:
        account = {"email": "ADA@example.com", "password": PASSWORD}
        answer = self.call("POST", "/auth/login", account, token=None)
        self.assertEqual(answer.status, 200)
        me = self.call("GET", "/users/me", token=answer.data["token"])
        self.assertEqual((me.status, me.data["email"]), (200, "ada@example.com"))
        wrong = self.call("POST", "/auth/login", {**account, "password": "wrong horse"}, token=None)
        self.expect_error(wrong, 401, "INVALID_CREDENTIALS")

    def test_create(self) -> None:
        answer = self.call("POST", "/workspaces", {"name": "Żółć 🐢", "description": "a\u2028b \\ \" <"})
        self.assertEqual(answer.status, 201)
        place = answer.header("location")
        self.assertTrue(place.endswith(f"/workspaces/{answer.data['id']}"), place)
        again = self.call("GET", place[place.index("/workspaces"):])
        self.assertEqual((again.data["name"], again.data["description"]), ("Żółć 🐢", "a\u2028b \\ \" <"))

    def test_upload_and_download(self) -> None:
        content = document_of(self.transport.upload - 1000)
        digest = hashlib.sha256(content).hexdigest()
        uploaded = self.upload("noise.docx", content)
        self.assertEqual((uploaded.status, uploaded.data["sha256"]), (201, digest))
        path = f"{self.here}/documents/{uploaded.data['id']}/content"
        whole = self.call("GET", path)
        self.assertEqual((whole.status, whole.header("content-length")), (200, str(len(content))))
        self.assertEqual(hashlib.sha256(whole.body).hexdigest(), digest)
        part = self.call("GET", path, None, ("Range", "bytes=1000-1999"))
        self.assertEqual((part.status, part.body), (206, content[1000:2000]))
        self.assertEqual(part.header("content-range"), f"bytes 1000-1999/{len(content)}")
        outside = self.call("GET", path, None, ("Range", f"bytes={len(content)}-"))
        self.expect_error(outside, 416, "RANGE_NOT_SATISFIABLE")
        unchanged = self.call("GET", path, None, ("If-None-Match", whole.header("etag")))
        self.assertEqual((unchanged.status, unchanged.body), (304, b""))
        head = self.call("HEAD", path)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.header("etag"), whole.header("etag"))

    def test_lists_with_filters(self) -> None:
        for name in ("Übung eins", "Übung zwei", "Other"):
            self.call("POST", "/workspaces", {"name": name})
        page = self.call("GET", f"/workspaces?search={quote('übung')}&sort=name&limit=1&page=2")
        self.assertEqual([each["name"] for each in page.data], ["Übung zwei"])
        self.assertEqual(page.json["pagination"]["total"], 2)
        found = self.call("GET", f"{self.here}/documents?type=markdown&status=processed&search=hand")
        self.assertEqual([each["id"] for each in found.data], [self.document])
        self.expect_error(self.call("GET", "/workspaces?page=abc"), 400, "BAD_REQUEST")

    def test_search(self) -> None:
        answer = self.call("POST", f"{self.here}/search", {"query": "paid leave", "filters": {"types": ["markdown"]}})
        self.assertEqual(answer.status, 200)
        self.assertIn("28 days", answer.data["results"][0]["content"])
        everywhere = self.call("POST", "/search", {"query": "paid leave", "workspaceIds": [self.workspace]})
        self.assertEqual(everywhere.data["results"][0]["chunkId"], answer.data["results"][0]["chunkId"])
        keys = self.call("GET", f"{self.here}/documents/metadata-keys")
        self.assertEqual((keys.status, keys.data["partial"]), (200, False))

    def test_streamed_chat(self) -> None:
        answer = self.call("POST", f"{self.here}/chat", {"message": "How many days of leave?", "stream": True})
        self.assertEqual((answer.status, answer.header("content-type").split(";")[0]), (200, "text/event-stream"))
        events = [block.split("\n", 1) for block in answer.body.decode().strip().split("\n\n")]
        names = [name.removeprefix("event: ") for name, _ in events]
        self.assertEqual((names[:2], names[-1], set(names[2:-1])), (["start", "sources"], "done", {"delta"}))
        text = "".join(json.loads(data.removeprefix("data: "))["content"] for name, data in events if name == "event: delta")
        self.assertIn("28 days", text)

    def test_errors(self) -> None:
        self.expect_error(self.call("GET", "/workspaces", token=None), 401, "UNAUTHORIZED")
        self.expect_error(self.call("GET", "/workspaces", token="nxl_nobody"), 401, "UNAUTHORIZED")
        self.expect_error(self.call("GET", "/workspaces/ws_nothing"), 404, "NOT_FOUND")
        self.expect_error(self.call("POST", "/workspaces", {"name": ""}), 422, "VALIDATION_ERROR")
        self.expect_error(self.call("POST", "/workspaces", b"{", ("Content-Type", "application/json")), 400, "BAD_REQUEST")
        self.expect_error(self.call("POST", "/workspaces", b"name=x", ("Content-Type", "text/plain")), 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_nobodys_paths(self) -> None:
        for method in ("GET", "POST", "DELETE"):
            self.expect_error(self.call(method, "/nowhere", b"x" if method == "POST" else None), 404, "NOT_FOUND")
        self.expect_error(self.call("GET", "/workspaces/a/b/c/d"), 404, "NOT_FOUND")

    def test_a_slash_at_the_end_means_nothing(self) -> None:
        for path in ("/health/", "/workspaces/?limit=1", f"{self.here}/", f"{self.here}/documents/{self.document}/"):
            self.assertEqual(self.call("GET", path).status, 200, path)
        allowed = self.call("DELETE", "/users/me/")
        self.expect_error(allowed, 405, "METHOD_NOT_ALLOWED")
        self.assertIn("GET", allowed.header("allow"))

    def test_methods_that_a_path_does_not_take(self) -> None:
        answer = self.call("DELETE", "/users/me")
        self.expect_error(answer, 405, "METHOD_NOT_ALLOWED")
        self.assertIn("GET", answer.header("allow"))

    def test_bodies_that_are_too_large(self) -> None:
        for _ in range(3):  # What leaves stdin unread is told by its connection breaking, now and then.
            large = self.call("POST", "/workspaces", {"name": "x" * 2_000_000})
            self.expect_error(large, 413, "PAYLOAD_TOO_LARGE")

    def test_bodies_that_nobody_reads(self) -> None:
        for _ in range(3):
            self.expect_error(self.call("POST", "/workspaces", {"name": "x" * 1_000_000}, token=None), 401, "UNAUTHORIZED")
            self.expect_error(self.call("POST", "/nowhere", b"x" * 1_000_000), 404, "NOT_FOUND")

    def test_head(self) -> None:
        for path in (self.here, "/workspaces", "/health", f"{self.here}/documents/nothing"):
            get, head = self.call("GET", path), self.call("HEAD", path)
            self.assertEqual((head.status, head.body), (get.status, b""))
            self.assertEqual(head.header("content-type"), get.header("content-type"))

    def test_entity_tags(self) -> None:
        tag = self.call("GET", self.here).header("etag")
        unchanged = self.call("GET", self.here, None, ("If-None-Match", tag))
        self.assertEqual((unchanged.status, unchanged.body, unchanged.header("etag")), (304, b"", tag))
        stale = self.call("PATCH", self.here, {"description": "x"}, ("If-Match", '"stale"'))
        self.expect_error(stale, 412, "PRECONDITION_FAILED")

    def test_preflight(self) -> None:
        for method in ("POST", "GET"):
            answer = self.call("OPTIONS", "/workspaces", None, ("Origin", ORIGIN), ("Access-Control-Request-Method", method),
                               token=None)
            self.assertEqual((answer.status, answer.body), (204, b""))
            self.assertEqual(answer.header("access-control-allow-origin"), ORIGIN)
            self.assertIn(method, answer.header("access-control-allow-methods"))
        answer = self.call("GET", "/workspaces", None, ("Origin", ORIGIN))
        self.assertEqual(answer.header("access-control-allow-origin"), ORIGIN)

    # What gateways do to requests and answers

    def test_what_reaches_a_function(self) -> None:
        body = bytes(range(256)) * 4000
        seen = self.echo("", ("X-Request-Id", "from-the-client"), ("X-One", "1"), body=body, method="PUT").json
        self.assertEqual((seen["method"], seen["path"], seen["text"]), ("PUT", f"{API}/echo/text", "text"))
        self.assertEqual(seen["bodyLength"], len(body))
        self.assertEqual(seen["bodySHA256"], hashlib.sha256(body).hexdigest())
        headers = dict(map(tuple, seen["headers"]))
        self.assertEqual((headers["x-one"], headers["x-request-id"]), ("1", "from-the-client"))
        self.assertEqual(headers["authorization"], f"Bearer {self.token}")
        self.assertEqual(seen["sourceIP"], "127.0.0.1")

    def test_cookies(self) -> None:
        answer = self.echo("", ("Cookie", "a=1; b=2"))
        self.assertEqual(answer.json["cookies"], ["a=1", "b=2"])
        lines = self.echo("", ("Cookie", "a=1"), ("Cookie", "b=2"))
        self.assertEqual(lines.json["cookies"], ["a=1", "b=2"])
        self.assertEqual(sorted(answer.all("set-cookie")), ["first=1; Path=/", "second=2; Path=/"])

    def test_repeated_headers(self) -> None:
        headers = dict(map(tuple, self.echo("", ("X-Many", "one"), ("X-Many", "two")).json["headers"]))
        self.assertEqual([each.strip() for each in headers["x-many"].split(",")], ["one", "two"])

    def test_query(self) -> None:
        seen = self.echo("a=1&b=x%20y%2Bz&a=2&c=%C3%BC+%26&d&e=").json["query"]
        self.assertEqual(seen, [["a", "1"], ["b", "x y+z"], ["a", "2"], ["c", "ü &"], ["d", ""], ["e", ""]])

    def test_paths(self) -> None:
        for sent, seen in (("a%20b", "a b"), ("%C3%BC%F0%9F%90%A2", "ü🐢"), ("a%25b", "a%b"), ("a+b", "a+b"),
                           ("a%3Fb", "a?b"), ("a;b=c,d", "a;b=c,d"), ("%7Eme", "~me")):
            answer = self.echo(text=sent)
            self.assertEqual((answer.status, answer.json["text"]), (200, seen))
        escaped = self.workspace.replace("_", "%5F")
        self.assertEqual(self.call("GET", f"/workspaces/{escaped}").data["id"], self.workspace)
        self.assertEqual(self.call("GET", f"/workspaces/{quote('ü')}").status, 404)

    def test_a_slash_within_a_segment(self) -> None:
        answer = self.echo(text="a%2Fb")
        self.assertIn(answer.status, (200, 404))
        if answer.status == 200:
            self.assertEqual(answer.json["text"], "a/b")

    def test_a_large_answer_before_a_large_body(self) -> None:
        answer = self.echo("bytes=300000", body=b"x" * 1_000_000)
        self.assertEqual((answer.status, len(answer.json["padding"])), (200, 300_000))
        self.assertEqual(answer.json["bodyLength"], 1_000_000)

    def test_a_handler_that_prints(self) -> None:
        self.assertEqual(self.echo().status, 200)
        self.assertNotIn(b"noise", self.echo().body)

    def test_a_proxy_header_is_no_proxy(self) -> None:
        self.assertEqual(self.echo("", ("Proxy", "http://192.0.2.1:1")).json["httpProxy"], "")

    def test_a_body_that_fails_midway_is_an_error(self) -> None:
        for length in (0, 300_000):
            answer = self.echo(f"fails={length}")
            self.expect_error(answer, 503, "SERVICE_UNAVAILABLE")
            self.assertNotIn(b"xxxx", answer.body)
            head = self.echo(f"fails={length}", method="HEAD")
            self.assertEqual((head.status, head.body), (503, b""))
        self.assertEqual(self.echo().status, 200)

    def test_parts_come_as_they_are_made(self) -> None:
        answer = self.echo("parts=4")
        self.assertEqual(answer.body, b"".join(b"data: %d\n\n" % part for part in range(4)))
        if self.transport.streams:
            self.assertGreater(answer.seconds, 0.35)
        else:
            self.assertLess(answer.seconds, 0.35)


class ServerCases(Cases):
    """What takes HTTP besides."""

    def test_uploads_without_a_length(self) -> None:
        body = os.urandom(300_000)
        seen = self.echo(body=body, chunked=True).json
        self.assertEqual((seen["bodyLength"], seen["bodySHA256"]), (len(body), hashlib.sha256(body).hexdigest()))
        answer = self.upload("chunked.txt", b"Sent in chunks. " * 10, chunked=True)
        self.assertEqual(answer.status, 201)

    def test_every_method_of_a_path_is_named(self) -> None:
        answer = self.call("DELETE", "/workspaces")
        self.expect_error(answer, 405, "METHOD_NOT_ALLOWED")
        self.assertEqual(sorted(answer.header("allow").split(", ")), ["GET", "HEAD", "OPTIONS", "POST"])
        options = self.call("OPTIONS", "/workspaces", token=None)
        self.assertEqual(sorted(options.header("allow").split(", ")), ["GET", "HEAD", "OPTIONS", "POST"])

    def test_an_answer_says_how_long_it_is(self) -> None:
        answer = self.call("GET", self.here)
        self.assertEqual(answer.header("content-length"), str(len(answer.body)))

    def test_a_body_beyond_every_limit_is_refused_by_its_length(self) -> None:
        head = f"POST {API}{self.here}/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 80000000\r\n\r\n"
        with socket.create_connection(self.transport.place.address, timeout=30) as connection:
            connection.sendall(head.encode())
            self.assertRegex(connection.recv(1000), rb"^HTTP/1.1 413 ")

    def test_what_has_no_route_cannot_be_called(self) -> None:
        for path in ("/run-jobs", "/../../.ainexlayer/run-jobs"):
            self.assertEqual(self.call("POST", path, b"{}").status, 404)
        self.assertNotIn(self.transport.send(Request("POST", "/.ainexlayer/run-jobs")).status, (200, 500))
