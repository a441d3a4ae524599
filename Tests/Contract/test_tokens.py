"""Access tokens that somebody else made with the right secret: only those that mean one thing, and mean it now."""

import base64
import hashlib
import hmac
import json
import time
import unittest

from gateway import SECRET, Gateway


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(header, claims):
    signed = f"{encode(header.encode())}.{encode(claims.encode())}"
    return signed + "." + encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())


class TokenTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        token = cls.gateway.register()
        part = token.split(".")[1]
        cls.claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def status(self, header='{"alg":"HS256","typ":"JWT"}', claims=None, **changed):
        claims = claims or json.dumps({**self.claims, **changed})
        return self.gateway.call("GET", "/users/me", token=sign(header, claims)).status

    def test_ours_is_accepted(self):
        self.assertEqual(self.status(), 200)
        self.assertEqual(self.status(nbf=int(time.time()) - 5), 200)
        self.assertEqual(self.status(iat=int(time.time()) + 5), 200)

    def test_a_token_is_not_valid_before_its_time(self):
        now = int(time.time())
        for changed in ({"nbf": now + 30}, {"nbf": now + 3600}, {"nbf": now + 30.5}, {"nbf": 2**62}, {"nbf": "soon"},
                        {"nbf": None}, {"iat": now + 600}, {"iat": 2**62}):
            with self.subTest(changed=changed):
                self.assertEqual(self.status(**changed), 401)

    def test_nothing_is_said_twice(self):
        for header in ('{"alg":"none","alg":"HS256"}', '{"alg":"HS256","alg":"HS256"}', '{"alg":"HS256","al\\u0067":"HS256"}',
                       '{"typ":"JWT","alg":"HS256","typ":"JWT"}'):
            with self.subTest(header=header):
                self.assertEqual(self.status(header), 401)
        text = json.dumps(self.claims)
        for name in ("sub", "exp", "sid", "role", "iat", "jti"):
            with self.subTest(claim=name):
                again = json.dumps({name: self.claims[name]})[1:-1]
                self.assertEqual(self.status(claims=text[:-1] + ", " + again + "}"), 401)


if __name__ == "__main__":
    unittest.main()
