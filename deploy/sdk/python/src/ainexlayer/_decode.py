"""Decodes the server's JSON as dataclasses. camelCase becomes snake_case, and unknown fields are ignored."""

from __future__ import annotations

import dataclasses
import functools
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Tuple, Type, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import AINexLayerError

M = TypeVar("M", bound="Model")


class Model:
    """What every model has besides its fields."""

    raw: Mapping[str, Any] = {}
    """The JSON object, including fields that this version does not know."""
    etag: Optional[str] = None
    """The entity tag of a resource that you read by itself, for ``if_match`` and ``if_none_match``."""
    request_id: Optional[str] = None
    """The id of the request that read it, as in the server's log."""


def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def camel_keys(given: Optional[Mapping[str, object]]) -> Optional[Dict[str, object]]:
    """A nested object that a caller gave, with the API's names."""
    return None if given is None else {camel_case(name): value for name, value in given.items()}


def decode(model: Type[M], data: Any) -> M:
    """Decodes a JSON object. Raises if a required field is missing."""
    if not isinstance(data, dict):
        raise _unexpected(f"{model.__name__} is not an object")
    values: Dict[str, Any] = {}
    hashable: Any = model
    for name, key, kind, default in _fields(hashable):
        value = data.get(key)
        if value is None and default is not dataclasses.MISSING:
            values[name] = default
        else:
            values[name] = _value(kind, value, f"{model.__name__}.{key}")
    made = model(**values)
    object.__setattr__(made, "raw", data)
    return made


def attach(made: M, etag: Optional[str], request_id: Optional[str]) -> M:
    """Adds the entity tag and the request's id to a model."""
    object.__setattr__(made, "etag", etag)
    object.__setattr__(made, "request_id", request_id)
    return made


@functools.lru_cache(maxsize=None)
def _fields(model: Any) -> Tuple[Tuple[str, str, Any, Any], ...]:
    hints = get_type_hints(model)
    return tuple((f.name, camel_case(f.name), hints[f.name], f.default) for f in dataclasses.fields(model))


def _value(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin is Union:
        inner = [arg for arg in get_args(kind) if arg is not type(None)]
        return None if value is None else _value(inner[0], value, where)
    if kind is Any:
        return value
    if value is None:
        raise _unexpected(f"{where} is missing")
    if origin in (list, List):
        return [_value(get_args(kind)[0], item, where) for item in value]
    if isinstance(kind, type) and issubclass(kind, Model):
        return decode(kind, value)
    if kind is datetime:
        return parse_time(value)
    if kind is float and isinstance(value, int):
        return float(value)
    return value


def parse_time(text: str) -> datetime:
    """``2026-11-23T20:45:24.120Z``, with its time zone."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, AttributeError):
        raise _unexpected("a time is not in ISO 8601") from None


def _unexpected(what: str) -> AINexLayerError:
    return AINexLayerError(f"The server's answer cannot be read: {what}", code="UNEXPECTED_ANSWER")
