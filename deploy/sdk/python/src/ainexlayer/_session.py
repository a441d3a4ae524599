"""The client's credentials: an API key, or a pair of tokens, which it renews."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Callable, Optional, Protocol

from .errors import AuthenticationError
from .models import SignedIn

EARLY = 30.0
"""How many seconds before its expiry a token is renewed, but at most a tenth of its lifetime."""


@dataclass(frozen=True)
class Tokens:
    """A session that can be stored between runs of a program. Treat it like a password."""

    access_token: str
    refresh_token: str
    expires_at: float
    """The time, in Unix seconds, after which the client no longer uses the access token."""

    @classmethod
    def of(cls, signed_in: SignedIn) -> Tokens:
        lifetime = signed_in.expires_in
        return cls(signed_in.token, signed_in.refresh_token, time.time() + lifetime - min(EARLY, lifetime * 0.1))

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at})"


class TokenStore(Protocol):
    """Stores the tokens. Several processes may share one: each refresh reads it first."""

    def load(self) -> Optional[Tokens]:
        """The tokens of the session, or None if nobody is logged in."""

    def save(self, tokens: Optional[Tokens]) -> None:
        """Stores new tokens, or deletes them (None)."""


class MemoryTokenStore:
    """Keeps the tokens in memory."""

    def __init__(self, tokens: Optional[Tokens] = None) -> None:
        self._tokens = tokens

    def load(self) -> Optional[Tokens]:
        return self._tokens

    def save(self, tokens: Optional[Tokens]) -> None:
        self._tokens = tokens


class Session:
    """Gives each request its bearer token. If several threads need new tokens, one of them refreshes."""

    def __init__(
        self, api_key: Optional[str], store: TokenStore, refresh: Callable[[str], SignedIn]
    ) -> None:
        self._api_key = api_key
        self._store = store
        self._refresh = refresh
        self._lock = threading.Lock()
        self._tokens: Optional[Tokens] = None

    @property
    def tokens(self) -> Optional[Tokens]:
        if self._tokens is None:
            self._tokens = self._store.load()
        return self._tokens

    def set(self, tokens: Optional[Tokens]) -> None:
        with self._lock:
            self._keep(tokens)

    def bearer(self) -> Optional[str]:
        """The token for the next request, renewed if it is about to expire. None if there is none."""
        if self._api_key is not None:
            return self._api_key
        tokens = self.tokens
        if tokens is None:
            return None
        if tokens.expires_at <= time.time():
            self.renew(tokens.access_token)
            tokens = self.tokens
        return tokens.access_token if tokens is not None else None

    def renew(self, used: Optional[str]) -> bool:
        """Gets new tokens to replace ``used``, unless another thread or process already has.

        Returns whether there are others now. Raises what the refresh raised; a session that the
        server has ended is forgotten.
        """
        if self._api_key is not None:
            return False
        with self._lock:
            if self._tokens is not None and self._tokens.access_token != used:
                return True
            tokens = self._store.load() or self._tokens
            if tokens is None:
                return False
            if tokens.access_token != used and tokens.expires_at > time.time():
                self._tokens = tokens
                return True
            try:
                self._keep(Tokens.of(self._refresh(tokens.refresh_token)))
            except AuthenticationError:
                self._keep(None)
                raise
            return True

    def _keep(self, tokens: Optional[Tokens]) -> None:
        self._tokens = tokens
        self._store.save(tokens)
