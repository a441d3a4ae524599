"""Sessions, accounts and API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Optional, Sequence

from .._core import Call, Core, Match, RequestOptions, json_body, match_headers, path_of
from .._pager import Pager
from .._session import Tokens
from .._transport import BytesBody
from ..errors import AINexLayerError, AuthenticationError
from ..models import Acknowledged, APIKey, NewAPIKey, SignedIn, User


class Auth:
    """Registering and logging in. Both leave the client logged in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def register(
        self, *, email: str, password: str, name: str, options: Optional[RequestOptions] = None
    ) -> SignedIn:
        """Makes an account and logs it in."""
        return self._sign_in("register", json_body(email=email, password=password, name=name), options)

    def login(self, *, email: str, password: str, options: Optional[RequestOptions] = None) -> SignedIn:
        """Logs in. Raises ``AuthenticationError`` for a wrong e-mail address or password."""
        return self._sign_in("login", json_body(email=email, password=password), options)

    def refresh(self, *, options: Optional[RequestOptions] = None) -> Optional[Tokens]:
        """Renews the tokens now; otherwise that happens by itself when it is time."""
        tokens = self._core.session.tokens
        if tokens is None:
            raise AINexLayerError("Nobody is logged in", code="NOT_LOGGED_IN")
        self._core.session.renew(tokens.access_token)
        return self._core.session.tokens

    def logout(self, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Ends the session on the server and forgets its tokens. One that has ended already is fine."""
        try:
            done = self._core.acknowledged(Call("POST", path_of("auth", "logout")), options)
        except AuthenticationError:
            # Also after a repetition: the first request ended the session, and its answer was lost.
            done = Acknowledged("The session had ended")
        self._core.session.set(None)
        return done

    def _sign_in(self, how: str, body: BytesBody, options: Optional[RequestOptions]) -> SignedIn:
        call = Call("POST", path_of("auth", how), body=body, authenticated=False)
        signed_in = self._core.model(SignedIn, call, options)
        self._core.session.set(Tokens.of(signed_in))
        return signed_in


class Users:
    """The own account, and for administrators and managers those of others."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def me(self, *, options: Optional[RequestOptions] = None) -> User:
        """The caller's own account."""
        return self._core.model(User, Call("GET", path_of("users", "me")), options)

    def update_me(
        self, *, name: Optional[str] = None, email: Optional[str] = None, password: Optional[str] = None,
        current_password: Optional[str] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> User:
        """Changes the own account. A new password takes the current one too and ends the other sessions."""
        body = json_body(name=name, email=email, password=password, current_password=current_password)
        call = Call("PUT", path_of("users", "me"), body=body, headers=match_headers(if_match))
        return self._core.model(User, call, options)

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, role: Optional[str] = None,
        status: Optional[str] = None, search: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[User]:
        """All accounts."""
        query = {"limit": limit, "role": role, "status": status, "search": search}
        return self._core.pager(User, path_of("users"), query, page, options)

    def create(
        self, *, email: str, name: str, password: str, role: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> User:
        """Makes an account for someone. ``role`` is not above the caller's; ``user`` if absent."""
        body = json_body(email=email, name=name, password=password, role=role)
        return self._core.model(User, Call("POST", path_of("users"), body=body), options)

    def get(self, user_id: str, *, options: Optional[RequestOptions] = None) -> User:
        """One account."""
        return self._core.model(User, Call("GET", path_of("users", user_id)), options)

    def update(
        self, user_id: str, *, name: Optional[str] = None, email: Optional[str] = None, role: Optional[str] = None,
        status: Optional[str] = None, password: Optional[str] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> User:
        """Changes an account. ``status="suspended"`` ends its sessions and keys at once."""
        body = json_body(name=name, email=email, role=role, status=status, password=password)
        call = Call("PUT", path_of("users", user_id), body=body, headers=match_headers(if_match))
        return self._core.model(User, call, options)

    def delete(
        self, user_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None
    ) -> Acknowledged:
        """Removes an account."""
        call = Call("DELETE", path_of("users", user_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)


class APIKeys:
    """Keys for programs. Managing them takes a login; a key cannot make keys."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def create(
        self, *, name: str, scopes: Optional[Sequence[str]] = None, expires_at: Optional[datetime] = None,
        options: Optional[RequestOptions] = None,
    ) -> NewAPIKey:
        """Makes a key; its ``key`` is shown this once. ``scopes`` are of ``read``, ``write``, ``admin``."""
        body = json_body(name=name, scopes=scopes, expires_at=expires_at)
        return self._core.model(NewAPIKey, Call("POST", path_of("api-keys"), body=body), options)

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, options: Optional[RequestOptions] = None
    ) -> Pager[APIKey]:
        """The caller's keys, without their secrets."""
        return self._core.pager(APIKey, path_of("api-keys"), {"limit": limit}, page, options)

    def delete(self, key_id: str, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Revokes a key; it stops working at once."""
        return self._core.acknowledged(Call("DELETE", path_of("api-keys", key_id)), options)
