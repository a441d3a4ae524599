"""What is sent again, when, and what never is."""

from __future__ import annotations

import time
import unittest
from email.utils import formatdate

from ainexlayer import (
    AINexLayerError, APIConnectionError, APITimeoutError, ConflictError, RateLimitError, RequestOptions, RetryPolicy,
    ServerError, ServiceUnavailableError,
)
from ainexlayer._retry import retry_after

from .stub import Stub, answer, drop, error

USER = {
    "id": "usr_1", "email": "a@b.c", "name": "A", "role": "user", "status": "active",
    "createdAt": "2026-11-23T20:45:24.120Z", "updatedAt": "2026-11-23T20:45:24.120Z", "newField": [1],
}
FOUND = answer(200, {"success": True, "data": USER})


class RetryTests(unittest.TestCase):
    def test_waits_as_long_as_the_server_wants(self) -> None:
        with Stub(error(429, "RATE_LIMIT_EXCEEDED", retry_after="1"), FOUND) as stub:
            start = time.monotonic()
            self.assertEqual(stub.client().users.me().id, "usr_1")
            self.assertGreaterEqual(time.monotonic() - start, 1)
            self.assertEqual(len(stub.seen), 2)

    def test_gives_up_when_the_server_wants_too_much_patience(self) -> None:
        with Stub(error(429, "RATE_LIMIT_EXCEEDED", retry_after="3600")) as stub:
            with self.assertRaises(RateLimitError) as raised:
                stub.client().users.me()
            self.assertEqual(raised.exception.retry_after, 3600)
            self.assertEqual(len(stub.seen), 1)

    def test_repeats_503_and_broken_connections(self) -> None:
        with Stub(error(503, "SERVICE_UNAVAILABLE"), drop, FOUND) as stub:
            self.assertEqual(stub.client().users.me().name, "A")
            self.assertEqual(len(stub.seen), 3)

    def test_a_repeated_post_keeps_its_idempotency_key(self) -> None:
        with Stub(drop, error(503, "SERVICE_UNAVAILABLE"), error(409, "CONFLICT", retry_after="0"), FOUND) as stub:
            client = stub.client()
            client.users.create(email="a@b.c", name="A", password="12345678")
            client.users.create(email="a@b.c", name="A", password="12345678")
            keys = [seen.headers["idempotency-key"] for seen in stub.seen]
            self.assertEqual(len(set(keys[:4])), 1)
            self.assertNotEqual(keys[3], keys[4])

    def test_takes_an_idempotency_key_of_the_callers(self) -> None:
        with Stub(FOUND) as stub:
            options = RequestOptions(idempotency_key="mine")
            stub.client().users.create(email="a@b.c", name="A", password="12345678", options=options)
            self.assertEqual(stub.seen[0].headers["idempotency-key"], "mine")

    def test_does_not_repeat_what_would_fail_again(self) -> None:
        for status in (400, 401, 403, 404, 409, 412, 422, 500):
            with self.subTest(status), Stub(error(status, "X")) as stub:
                with self.assertRaises(AINexLayerError):
                    stub.client().users.me()
                self.assertEqual(len(stub.seen), 1)

    def test_repeats_a_502_unless_the_model_rejected_the_request(self) -> None:
        with Stub(error(502, "BAD_GATEWAY"), FOUND) as stub:
            stub.client().users.me()
            self.assertEqual(len(stub.seen), 2)
        with Stub(error(502, "LLM_REJECTED")) as stub:
            with self.assertRaises(AINexLayerError):
                stub.client().users.me()
            self.assertEqual(len(stub.seen), 1)

    def test_gives_up_after_the_last_retry(self) -> None:
        with Stub(error(503, "SERVICE_UNAVAILABLE")) as stub:
            with self.assertRaises(ServiceUnavailableError) as raised:
                stub.client().users.me(options=RequestOptions(max_retries=2))
            self.assertEqual(len(stub.seen), 3)
            self.assertEqual(raised.exception.request_id, "r1")

    def test_a_stream_is_not_asked_twice(self) -> None:
        with Stub(drop) as stub:
            with self.assertRaises(APIConnectionError):
                stub.client().chat.stream("ws_1", "Hello?")
            self.assertEqual(len(stub.seen), 1)

    def test_a_slow_server_is_a_timeout(self) -> None:
        with Stub(lambda seen, connection: time.sleep(2)) as stub:
            with self.assertRaises(APITimeoutError):
                stub.client(timeout=0.1).users.me(options=RequestOptions(max_retries=0))

    def test_nobody_there(self) -> None:
        with Stub() as stub:
            client = stub.client()
        with self.assertRaises(APIConnectionError) as raised:
            client.users.me()
        self.assertIsNone(raised.exception.status)

    def test_an_answer_that_breaks_off(self) -> None:
        cut = b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{"

        def breaks(seen: object, connection: object) -> None:
            connection.sendall(cut)  # type: ignore[attr-defined]
            drop(seen, connection)  # type: ignore[arg-type]

        with Stub(breaks) as stub:
            with self.assertRaises(APIConnectionError):
                b"".join(stub.client().documents.content("ws_1", "doc_1").iter_bytes())

    def test_a_kept_connection_that_the_server_closed_is_not_used(self) -> None:
        def once(seen: object, connection: object) -> None:
            FOUND(seen, connection)  # type: ignore[arg-type]
            drop(seen, connection)  # type: ignore[arg-type]

        with Stub(once) as stub:
            client = stub.client()
            for _ in range(3):
                stub.closed.clear()
                client.users.me(options=RequestOptions(max_retries=0))
                stub.closed.wait(5)
            self.assertEqual(len(stub.seen), 3)

    def test_what_is_no_json_is_an_error_of_its_own(self) -> None:
        with Stub(answer(200, b"<html>")) as stub:
            with self.assertRaises(AINexLayerError) as raised:
                stub.client().users.me()
            self.assertEqual(raised.exception.code, "UNEXPECTED_ANSWER")
        with Stub(answer(500, b"<html>")) as stub:
            with self.assertRaises(ServerError) as failed:
                stub.client().users.me()
            self.assertEqual(failed.exception.code, "HTTP_500")

    def test_unknown_fields_are_kept_aside(self) -> None:
        with Stub(FOUND) as stub:
            self.assertEqual(stub.client().users.me().raw["newField"], [1])

    def test_identifiers_cannot_lead_elsewhere(self) -> None:
        with Stub(FOUND) as stub:
            client = stub.client()
            for wrong in ("", ".", ".."):
                with self.assertRaises(ValueError):
                    client.users.get(wrong)
            client.users.get("a/../b?c")
            self.assertEqual(stub.seen[0].target, "/api/v1/users/a%2F..%2Fb%3Fc")


class PolicyTests(unittest.TestCase):
    def test_backoff_doubles_with_jitter_up_to_its_limit(self) -> None:
        policy = RetryPolicy(max_retries=10, base_delay=1, max_delay=4)
        problem = APIConnectionError("", code="CONNECTION_ERROR")
        for attempt, longest in enumerate((1, 2, 4, 4)):
            delays = [policy.delay(problem, attempt, True) or 0 for _ in range(200)]
            self.assertTrue(all(longest / 2 <= delay <= longest for delay in delays))
            self.assertGreater(len(set(delays)), 100)

    def test_conflicts_are_repeated_only_while_the_first_is_in_work(self) -> None:
        policy = RetryPolicy()
        self.assertIsNone(policy.delay(ConflictError("", code="CONFLICT", status=409), 0, True))
        self.assertIsNotNone(policy.delay(ConflictError("", code="CONFLICT", status=409, retry_after=1), 0, True))

    def test_retry_after_is_a_number_or_a_date(self) -> None:
        self.assertEqual(retry_after({"retry-after": "7"}), 7)
        in_a_minute = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
        self.assertTrue(in_a_minute is not None and 55 < in_a_minute <= 60)
        self.assertEqual(retry_after({"retry-after": formatdate(0, usegmt=True)}), 0)
        self.assertIsNone(retry_after({"retry-after": "soon"}))
        self.assertIsNone(retry_after({}))


if __name__ == "__main__":
    unittest.main()
