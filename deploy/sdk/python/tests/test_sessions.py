"""Logging in, and tokens that are renewed in time, once for all."""

from __future__ import annotations

import threading
import time
import unittest
from typing import List, Optional

from ainexlayer import (
    AINexLayer, AINexLayerError, APIConnectionError, AuthenticationError, MemoryTokenStore, Tokens,
)

from .installation import PASSWORD, QUICK, RealTest, needs
from .stub import Seen, Stub, answer, drop, error
from .test_retries import USER


class ListStore:
    """Remembers all that it was given."""

    def __init__(self, tokens: Optional[Tokens] = None) -> None:
        self.saved: List[Optional[Tokens]] = [tokens]

    def load(self) -> Optional[Tokens]:
        return self.saved[-1]

    def save(self, tokens: Optional[Tokens]) -> None:
        self.saved.append(tokens)


class ShortSessionTests(RealTest):
    environment = {"ACCESS_TOKEN_TTL": "3"}

    def test_many_threads_share_one_refresh(self) -> None:
        store = ListStore()
        client = self.installation.client(token_store=store)
        time.sleep(3.2)
        names: List[str] = []
        threads = [threading.Thread(target=lambda: names.append(client.users.me().name)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(names), 16)
        # The empty beginning, the registration, and one refresh: a second would have ended the session.
        self.assertEqual(len(store.saved), 3)

    def test_an_expired_token_is_renewed_when_the_server_says_so(self) -> None:
        store = ListStore()
        self.installation.client(token_store=store)
        tokens = store.load()
        assert tokens is not None
        # Another client believes that the token is still good.
        late = AINexLayer(
            self.installation.url, retry=QUICK,
            token_store=ListStore(Tokens(tokens.access_token, tokens.refresh_token, time.time() + 3600)))
        time.sleep(3.2)
        self.assertEqual(late.users.me().role, "user")
        self.assertNotEqual(late.tokens, tokens)


class SessionTests(RealTest):
    def test_login_keeps_the_tokens_and_logout_forgets_them(self) -> None:
        store = ListStore()
        self.installation.client(token_store=store)
        tokens = store.load()
        again = AINexLayer(self.installation.url, token_store=MemoryTokenStore(tokens))
        self.assertEqual(again.users.me().role, "user")
        self.assertNotIn(tokens.access_token if tokens else "", repr(again.tokens))
        again.auth.logout()
        self.assertIsNone(again.tokens)
        with self.assertRaises(AuthenticationError) as raised:
            AINexLayer(self.installation.url, token_store=MemoryTokenStore(tokens)).users.me()
        self.assertEqual(raised.exception.code, "TOKEN_REVOKED")

    def test_wrong_password(self) -> None:
        client = AINexLayer(self.installation.url)
        with self.assertRaises(AuthenticationError) as raised:
            client.auth.login(email="user1@example.com", password="something else")
        self.assertEqual((raised.exception.status, raised.exception.code), (401, "INVALID_CREDENTIALS"))
        self.assertIsNone(client.tokens)

    def test_explicit_refresh_changes_the_tokens(self) -> None:
        client = self.installation.client()
        before = client.tokens
        self.assertNotEqual(client.auth.refresh(), before)
        with self.assertRaises(AINexLayerError):
            AINexLayer(self.installation.url).auth.refresh()

    def test_own_account(self) -> None:
        client = self.installation.client()
        self.assertEqual(client.users.update_me(name="Grace").name, "Grace")
        client.users.update_me(password="another good one", current_password=PASSWORD)
        email = client.users.me().email
        AINexLayer(self.installation.url).auth.login(email=email, password="another good one")

    def test_api_keys(self) -> None:
        needs("create-api-key", "list-api-keys", "delete-api-key")
        key = self.admin.api_keys.create(name="Nightly", scopes=["read"])
        program = AINexLayer(self.installation.url, api_key=key.key)
        self.assertEqual(program.users.me().id, self.admin.users.me().id)
        with self.assertRaises(AINexLayerError) as raised:
            program.workspaces.create(name="No")
        self.assertEqual(raised.exception.status, 403)
        self.assertIn(key.id, [listed.id for listed in self.admin.api_keys.list()])
        self.admin.api_keys.delete(key.id)
        with self.assertRaises(AuthenticationError):
            program.users.me()


class ScriptedSessionTests(unittest.TestCase):
    PAIR = {"user": USER, "token": "new", "refreshToken": "new-refresh", "expiresIn": 3600, "tokenType": "Bearer"}

    def test_a_lost_refresh_is_not_repeated_and_the_session_is_kept(self) -> None:
        store = ListStore(Tokens("old", "refresh", 0))
        with Stub(drop) as stub:
            client = AINexLayer(stub.url, token_store=store, retry=QUICK)
            with self.assertRaises(APIConnectionError):
                client.auth.refresh()
            self.assertEqual(len(stub.seen), 1)
            self.assertIsNotNone(store.load())

    def test_a_logout_whose_answer_is_lost_is_done(self) -> None:
        store = ListStore(Tokens("old", "refresh", time.time() + 3600))
        with Stub(drop, error(401, "TOKEN_REVOKED")) as stub:
            AINexLayer(stub.url, token_store=store, retry=QUICK).auth.logout()
            self.assertEqual((len(stub.seen), store.load()), (2, None))

    def test_a_session_that_the_server_ended_is_forgotten(self) -> None:
        store = ListStore(Tokens("old", "refresh", 0))
        with Stub(error(401, "TOKEN_REVOKED")) as stub:
            with self.assertRaises(AuthenticationError):
                AINexLayer(stub.url, token_store=store, retry=QUICK).users.me()
            self.assertIsNone(store.load())

    def test_tokens_of_another_process_are_taken_over(self) -> None:
        store = ListStore(Tokens("old", "refresh", time.time() + 3600))

        def serve(seen: Seen, connection: object) -> None:
            good = seen.headers["authorization"] == "Bearer theirs"
            script = answer(200, {"success": True, "data": USER}) if good else error(401, "TOKEN_EXPIRED")
            script(seen, connection)  # type: ignore[arg-type]

        with Stub(serve) as stub:
            client = AINexLayer(stub.url, token_store=store, retry=QUICK)
            self.assertIsNotNone(client.tokens)
            store.save(Tokens("theirs", "their-refresh", time.time() + 3600))
            self.assertEqual(client.users.me().id, "usr_1")
            self.assertEqual([seen.target for seen in stub.seen], ["/api/v1/users/me"] * 2)

    def test_an_api_key_is_never_refreshed(self) -> None:
        with Stub(error(401, "TOKEN_EXPIRED")) as stub:
            with self.assertRaises(AuthenticationError):
                stub.client().users.me()
            self.assertEqual(len(stub.seen), 1)


if __name__ == "__main__":
    unittest.main()
