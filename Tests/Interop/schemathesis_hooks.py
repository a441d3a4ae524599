"""Gives every test case a login that works, whatever the cases before it did to theirs."""

import os
import uuid

import requests
import schemathesis

BASE = os.environ["CONTRACT_BASE_URL"]
# An administrator of their own, whom no case knows of.
KEY = {"Authorization": f"Bearer {os.environ['CONTRACT_ADMIN_TOKEN']}"}


def log_in():
    account = {"email": f"{uuid.uuid4()}@example.com", "password": "correct horse battery", "name": "Case"}
    requests.post(f"{BASE}/users", json={**account, "role": "admin"}, headers=KEY, timeout=30).raise_for_status()
    answer = requests.post(f"{BASE}/auth/login", json=account, timeout=30)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['data']['token']}"}


@schemathesis.auth(refresh_interval=None)
class Login:
    headers = None

    def get(self, case, context):
        if Login.headers is None or requests.get(f"{BASE}/users/me", headers=Login.headers, timeout=30).status_code != 200:
            Login.headers = log_in()
        return Login.headers

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), **data}
        # Each case is a request of its own: two that draw one key are no repetition.
        key = case.headers.get("Idempotency-Key")
        if isinstance(key, str) and 1 <= len(key) <= 255:
            unique = str(uuid.uuid4())
            case.headers["Idempotency-Key"] = (key[:-len(unique)] if len(key) > len(unique) else "") + unique
