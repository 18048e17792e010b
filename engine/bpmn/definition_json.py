"""A definition as JSON text, stored with its version; read again without XML."""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from engine.model.definition import Definition


def definition_to_json(definition: Definition) -> str:
    """Write a definition; what is at its default is left out."""
    return json.dumps(plain(definition), ensure_ascii=False, separators=(",", ":"))


def definition_from_json(text: str) -> Definition:
    """Read what ``definition_to_json`` wrote."""
    definition: Definition = build(Definition, json.loads(text))
    return definition


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """Give a value of the model as JSON keeps it."""
    if is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


@lru_cache(maxsize=32)
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def build(kind: Any, value: Any) -> Any:  # noqa: ANN401 - any type of the model
    """Make a value of the model again."""
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if len(parts) == 2 and parts[1] is ...:  # noqa: PLR2004 - tuple[X, ...]
            return tuple(build(parts[0], item) for item in value)
        return tuple(build(part, item) for part, item in zip(parts, value, strict=True))
    if is_dataclass(kind):
        kinds = _types(kind)  # type: ignore[arg-type] # a class, not an instance
        return kind(**{name: build(kinds[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value
