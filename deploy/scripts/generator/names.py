"""Names in the spellings of each language."""

from __future__ import annotations

import re


def snake(name: str) -> str:
    """``apiKeys`` to ``api_keys``."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def camel(name: str) -> str:
    """``list-api-keys``, ``API keys`` and ``list_api_keys`` to ``listApiKeys`` or ``apiKeys``."""
    first, *rest = re.split(r"[-_ ]", name.lower())
    return first + "".join(word.capitalize() for word in rest)


def pascal(name: str) -> str:
    """``apiKeys`` to ``APIKeys``: the name of a type."""
    name = name[:1].upper() + name[1:]
    return re.sub(r"Api(?=[A-Z]|$)", "API", name)


def plural(noun: str) -> str:
    return noun[:-1] + "ies" if re.search(r"[^aeiou]y$", noun) else noun + "s"
