"""Workspaces and who takes part in them."""

from __future__ import annotations

from typing import Optional, TypedDict

from .._core import Call, Core, Match, RequestOptions, json_body, match_headers, path_of
from .._decode import camel_case
from .._pager import Pager
from ..models import Acknowledged, Member, Workspace


class SettingsInput(TypedDict, total=False):
    """Settings of a workspace as they are given: any subset."""

    system_prompt: str
    model: str
    temperature: float
    chat_mode: str
    top_k: int
    similarity_threshold: float
    history_length: int


def _settings(settings: Optional[SettingsInput]) -> Optional[object]:
    return None if settings is None else {camel_case(name): value for name, value in settings.items()}


class Workspaces:
    """Places for documents and the conversations about them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, search: Optional[str] = None,
        sort: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Workspace]:
        """The workspaces that the caller takes part in. ``sort`` is ``name``, ``createdAt`` or
        ``updatedAt``, with ``-`` before it for descending."""
        query = {"limit": limit, "search": search, "sort": sort}
        return self._core.pager(Workspace, path_of("workspaces"), query, page, options)

    def create(
        self, *, name: str, description: Optional[str] = None, settings: Optional[SettingsInput] = None,
        options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Makes a workspace that belongs to the caller."""
        body = json_body(name=name, description=description, settings=_settings(settings))
        return self._core.model(Workspace, Call("POST", path_of("workspaces"), body=body), options)

    def get(self, workspace_id: str, *, options: Optional[RequestOptions] = None) -> Workspace:
        """One workspace, with its entity tag."""
        return self._core.model(Workspace, Call("GET", path_of("workspaces", workspace_id)), options)

    def update(
        self, workspace_id: str, *, name: Optional[str] = None, description: Optional[str] = None,
        settings: Optional[SettingsInput] = None, if_match: Match = None, options: Optional[RequestOptions] = None,
    ) -> Workspace:
        """Changes what is given. With ``if_match``, only if nobody changed it since it was read."""
        body = json_body(name=name, description=description, settings=_settings(settings))
        call = Call("PUT", path_of("workspaces", workspace_id), body=body, headers=match_headers(if_match))
        return self._core.model(Workspace, call, options)

    def delete(
        self, workspace_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None
    ) -> Acknowledged:
        """Removes a workspace with its documents, conversations and files."""
        call = Call("DELETE", path_of("workspaces", workspace_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)


class Members:
    """Who takes part in a workspace, as ``owner``, ``editor`` or ``viewer``."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, workspace_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Member]:
        """The members, in the order in which they joined; for owners also who was invited and is ``pending``."""
        path = path_of("workspaces", workspace_id, "members")
        return self._core.pager(Member, path, {"limit": limit}, page, options)

    def add(
        self, workspace_id: str, *, role: str, user_id: Optional[str] = None, email: Optional[str] = None,
        options: Optional[RequestOptions] = None,
    ) -> Member:
        """Lets someone take part, named by identifier or e-mail address; a member gets the new role.

        By e-mail address it is an invitation: ``pending`` until whoever has the address comes, or makes an account.
        """
        call = Call(
            "POST", path_of("workspaces", workspace_id, "members"),
            body=json_body(user_id=user_id, email=email, role=role))
        return self._core.model(Member, call, options)

    def remove(self, workspace_id: str, user_id: str, *, options: Optional[RequestOptions] = None) -> Acknowledged:
        """Takes someone out; the last owner stays. An ``invitation_id`` takes an invitation back."""
        path = path_of("workspaces", workspace_id, "members", user_id)
        return self._core.acknowledged(Call("DELETE", path), options)
