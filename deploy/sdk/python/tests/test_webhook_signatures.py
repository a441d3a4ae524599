"""Signatures of the Standard Webhooks specification."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unittest
from typing import Dict

from ainexlayer import WebhookVerificationError, verify_webhook

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four!").decode()
BODY = json.dumps({
    "id": "evt_1", "type": "document.processed", "timestamp": "2026-11-23T20:45:24.120Z",
    "workspaceId": "ws_1", "data": {"name": "Größe"},
}, ensure_ascii=False).encode()
NOW = 1_800_000_000.0


def signed(body: bytes = BODY, timestamp: str = str(int(NOW)), secret: str = SECRET) -> Dict[str, str]:
    key = base64.b64decode(secret[len("whsec_"):])
    mac = hmac.new(key, b"msg_1." + timestamp.encode() + b"." + body, hashlib.sha256).digest()
    return {
        "Webhook-Id": "msg_1", "webhook-timestamp": timestamp,
        "WEBHOOK-SIGNATURE": "v1," + base64.b64encode(mac).decode(),
    }


class SignatureTests(unittest.TestCase):
    def test_the_specifications_own_example(self) -> None:
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        with self.assertRaises(WebhookVerificationError) as raised:
            verify_webhook(b'{"test": 2432232314}', headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now=NOW)
        # The signature is right, so only the age is wrong.
        self.assertIn("too old", raised.exception.message)

    def test_a_good_one(self) -> None:
        event = verify_webhook(BODY, signed(), SECRET, now=NOW)
        self.assertEqual((event.id, event.type, event.workspace_id), ("evt_1", "document.processed", "ws_1"))
        self.assertEqual(event.data, {"name": "Größe"})
        self.assertEqual(verify_webhook(BODY.decode(), signed(), SECRET, now=NOW).id, "evt_1")

    def test_one_of_several_signatures_is_enough(self) -> None:
        headers = signed()
        headers["WEBHOOK-SIGNATURE"] = "v1a,xyz v1,AAAA nonsense " + headers["WEBHOOK-SIGNATURE"]
        self.assertEqual(verify_webhook(BODY, headers, SECRET, now=NOW).id, "evt_1")

    def test_what_is_refused(self) -> None:
        other = "whsec_" + base64.b64encode(b"another secret of ours!!").decode()
        cases = {
            "body": (BODY + b" ", signed(), NOW),
            "secret": (BODY, signed(secret=other), NOW),
            "old": (BODY, signed(), NOW + 301),
            "future": (BODY, signed(), NOW - 301),
            "moved time": (BODY, {**signed(), "webhook-timestamp": str(int(NOW) + 1)}, NOW),
            "no time": (BODY, signed(timestamp="now"), NOW),
            "superscript time": (BODY, signed(timestamp="²"), NOW),
            "nothing": (BODY, {}, NOW),
            "not JSON": (b"{", signed(b"{"), NOW),
        }
        for name, (body, headers, now) in cases.items():
            with self.subTest(name), self.assertRaises(WebhookVerificationError):
                verify_webhook(body, headers, SECRET, now=now)
        verify_webhook(BODY, signed(), SECRET, now=NOW + 300)

    def test_a_secret_that_is_none(self) -> None:
        for secret in ("", "whsec_", "whsec_%%%"):
            with self.subTest(secret), self.assertRaises(ValueError):
                verify_webhook(BODY, signed(), secret, now=NOW)


if __name__ == "__main__":
    unittest.main()
