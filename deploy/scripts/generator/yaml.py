"""Writes the subset of YAML 1.2 that manifests need: mappings, lists and scalars."""

from __future__ import annotations

import json
import re
from typing import Any

# Text that cannot be anything else, in YAML 1.1 too: no number, boolean, null, date or special character.
PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./${}+-]*( [A-Za-z0-9_./-]+)*")
WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def scalar(value: Any) -> str:
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)  # JSON's scalars are YAML's.


def lines(value: Any, indent: int) -> list[str]:
    space = "  " * indent
    if isinstance(value, dict) and value:
        found = []
        for key, item in value.items():
            nested = isinstance(item, (dict, list)) and item
            found += [f"{space}{scalar(key)}:"] + lines(item, indent + 1) if nested else [
                f"{space}{scalar(key)}: {scalar(item)}"]
        return found
    if isinstance(value, list) and value:
        found = []
        for item in value:
            first, *rest = lines(item, indent + 1)
            found += [f"{space}- {first.lstrip()}", *rest]
        return found
    return [space + scalar(value)]


def dump(value: Any, about: str = "") -> str:
    """A document, with comment lines before it."""
    comment = "".join(f"# {line}\n" for line in about.splitlines())
    return comment + "\n".join(lines(value, 0)) + "\n"
