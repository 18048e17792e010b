"""A form file as a list of fields with what each says, read leniently: a draft's need not be right.

Equal by meaning: ids of components with a key and names of rows (editors make new ones), what names the
program that wrote the file, empty values, and a ``false`` that could as well be left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_OF_THE_FILE = frozenset(
    {"components", "id", "$schema", "exporter", "generated", "schemaVersion"}
    | {"executionPlatform", "executionPlatformVersion"}
)
_APART = frozenset({"components", "values"})
# Left out they mean yes; of all others a false says what leaving it out says.
_TRUE_UNLESS_SAID = frozenset({"isRepeating", "allowAddRemove", "use24h"})


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One component. ``said`` has its attributes by dotted path, ``options`` labels by value."""

    ident: str  # key, columns as list.column; of what has no key, its id or its place
    type: str
    label: str
    said: Mapping[str, Any]
    options: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @property
    def called(self) -> str:
        """Name it as people see it."""
        return self.label or self.ident

    @property
    def is_entered(self) -> bool:
        """Tell whether people enter something."""
        return self.type not in {"group", "text", "separator", "spacer"}


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    """A form; ``unread`` is its text where that is no form at all."""

    title: str
    about: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    fields: Mapping[str, FormField] = field(default_factory=lambda: _NOTHING)
    unread: str | None = None


def read_form_file(key: str, text: str) -> ReadForm:
    """Read a form's text."""
    try:
        schema = json.loads(text)
        fields = dict(_fields(schema))
        about = dict(_flat({name: one for name, one in schema.items() if name not in _OF_THE_FILE}))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ReadForm(title=key, unread=text)
    title = schema.get("title")
    return ReadForm(title=title if isinstance(title, str) and title else key, about=about, fields=fields)


def _fields(schema: Mapping[str, Any]) -> Iterator[tuple[str, FormField]]:
    seen: dict[str, int] = {}
    for component, prefix, group in _components(schema.get("components", []), "", ""):
        wanted = _ident(component, prefix)
        seen[wanted] = seen.get(wanted, 0) + 1
        ident = wanted if seen[wanted] == 1 else f"{wanted} ({seen[wanted]})"
        yield ident, _field(ident, component, group)


def _components(
    given: list[dict[str, Any]], prefix: str, group: str
) -> Iterator[tuple[dict[str, Any], str, str]]:
    rows: dict[str, str] = {}
    for component in given:
        row = str((component.get("layout") or {}).get("row") or "")
        beside = rows.setdefault(row, _ident(component, prefix)) if row else ""
        shown = {**component, "layout": {**(component.get("layout") or {}), "row": None}}
        if beside and beside != _ident(component, prefix):
            shown["layout"]["row"] = beside
        yield shown, prefix, group
        if component.get("components"):
            path = component.get("path") if component.get("type") == "dynamiclist" else ""
            inner = f"{prefix}{path}." if path else prefix
            yield from _components(component["components"], inner, _ident(component, prefix))


def _ident(component: Mapping[str, Any], prefix: str) -> str:
    name = component.get("key") or component.get("path")
    return f"{prefix}{name or component.get('id') or component.get('type')}"


def _field(ident: str, component: Mapping[str, Any], group: str) -> FormField:
    said = dict(_flat({name: one for name, one in component.items() if name not in {"id", *_APART}}))
    if group:
        said["group"] = group
    values = component.get("values")
    options: dict[str, str] = {}
    counts: Counter[str] = Counter()
    if isinstance(values, list) and all(isinstance(one, dict) for one in values):
        for one in values:
            value = one.get("value", f"– {one.get('label', '')}")
            name = value if isinstance(value, str) else json.dumps(value)
            counts[name] += 1
            options[name if counts[name] == 1 else f"{name} ({counts[name]})"] = _option(one)
    elif values:
        said["values"] = values
    label = component.get("label") or component.get("dateLabel") or component.get("timeLabel")
    text = str(component.get("text") or "").strip().partition("\n")[0].strip("# ")
    return FormField(
        ident=ident,
        type=str(component.get("type", "")),
        label=label if isinstance(label, str) and label else text[:80],
        said=said,
        options=options,
    )


def _option(one: Mapping[str, Any]) -> str:
    label = str(one.get("label", "–"))
    more = dict(_flat({name: inner for name, inner in one.items() if name not in {"label", "value"}}))
    return f"{label} {json.dumps(more, ensure_ascii=False)}" if more else label


def same(one: object, other: object) -> bool:
    """Tell whether two values of JSON are the same: 1 is not true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, one in value.items():
        here = f"{path}{name}"
        if isinstance(one, dict):
            yield from _flat(one, f"{here}.")
        elif isinstance(one, list) and one:
            yield here, json.dumps(one, ensure_ascii=False, sort_keys=True)  # too deep shows while reading
        elif not (one is None or one in ("", []) or (one is False and name not in _TRUE_UNLESS_SAID)):
            yield here, one
