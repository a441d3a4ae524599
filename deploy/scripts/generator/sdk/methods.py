"""Which method of the SDKs calls an operation: by rule, or as `deploy/sdk/operations.json` says."""

from __future__ import annotations

import json
import re
from typing import Any

from .. import names
from ..descriptions import ROOT

FILE = ROOT / "deploy" / "sdk" / "operations.json"


def exceptions() -> dict[str, Any]:
    """The groups, and the exceptions to the rules for operations and models."""
    read: dict[str, Any] = json.loads(FILE.read_text())
    return read


def method(operation_id: str, tag: str, known: dict[str, Any]) -> str:
    """`listWorkspaces` is `workspaces.list`; `retryDelivery`, with the tag `Webhooks`, is `webhooks.retryDelivery`."""
    named = known["operations"].get(operation_id, {}).get("method")
    if named:
        return str(named)
    groups = known["groups"]
    verb, rest = re.match(r"([a-z]+)(.*)", operation_id).groups()  # type: ignore[union-attr]
    noun = rest[:1].lower() + rest[1:]
    for group in (noun, names.plural(noun)):
        if group in groups:
            return f"{group}.{verb}"
    group = known["tags"].get(tag, names.camel(tag))
    if group not in groups:
        raise SystemExit(f"{FILE.relative_to(ROOT)}: name a group of methods for the tag {tag!r} ({operation_id})")
    # `systemInfo` is `system.info`.
    if verb == group and noun:
        return f"{group}.{noun}"
    return f"{group}.{operation_id}"


def extension(operation_id: str, tag: str, known: dict[str, Any]) -> dict[str, Any]:
    """The value of `x-sdk` in the OpenAPI document."""
    named = known["operations"].get(operation_id, {})
    said = {key: named[key] for key in ("positional", "body") if key in named}
    return {"method": method(operation_id, tag, known), **said}
