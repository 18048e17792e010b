"""Our additions to form-js: what a component's ``properties`` may say, all of it texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import say
from engine.forms.attributes import AttributeReader
from engine.forms.fields import CHOICES, MOMENTS, SEVERAL, TEXTS, FieldType

_ELEMENT = r"[A-Za-z_][A-Za-z0-9_.-]{0,79}"
_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
_TRUE = "true"
_INPUTS = frozenset(FieldType) - {FieldType.GROUP, FieldType.TEXT, FieldType.SEPARATOR}
_CHOOSING = CHOICES | SEVERAL
_DATED = frozenset({FieldType.DATE, FieldType.DATETIME})
# What each property reads like, and which fields may have it.
_RULES: Mapping[str, tuple[str, frozenset[FieldType]]] = {
    "shared": (_NAME, _INPUTS - {FieldType.FILE}),
    "assigns": (_ELEMENT, _CHOOSING),
    "document": (r".{1,200}", frozenset({FieldType.FILE})),
    "printedIn": (r".{1,400}", frozenset(FieldType) - {FieldType.TEXT, FieldType.SEPARATOR}),
    "decision": (r".{1,200}", CHOICES),
    "requiredIf": (rf"{_NAME}\s*=.{{1,200}}", _INPUTS - {FieldType.CHECKBOX}),
    "numberIf": (rf"{_NAME}\s*=.{{1,200}}", TEXTS),
    "source": (rf"people|units|people:{_NAME}", _CHOOSING),
    "prefill": (rf"case\.year|today|now|round|me|{_ELEMENT}\.{_NAME}", _INPUTS - {FieldType.FILE}),
    "workday": ("true|false", _DATED),
    "notBefore": (_NAME, MOMENTS),
    "notAfter": (_NAME, MOMENTS),
    "plain": ("letter_number|signature", TEXTS),
    "notes": ("true|false", TEXTS),
    "example": (r".{1,200}", TEXTS | MOMENTS | {FieldType.NUMBER}),
}


def own_properties(reader: AttributeReader, type_: FieldType) -> Mapping[str, str]:
    """Read ``properties``: only what is known, well formed, and meant for this type of field."""
    found = {}
    for name, value in reader.mapping("properties").items():
        rule = _RULES.get(name)
        if rule is None or type_ not in rule[1]:
            reader.find("form-property", say("%(name)s would be ignored", name=f"properties.{name}"[:60]))
        elif not isinstance(value, str) or not re.fullmatch(rule[0], value, re.ASCII):
            reader.find("form-property", say("%(name)s cannot be read", name=f"properties.{name}"))
        else:
            found[name] = value
    return found


def read_additions(reader: AttributeReader, own: Mapping[str, str], type_: FieldType) -> dict[str, Any]:
    """Give the field's values for the properties, checking what must go together."""
    if own.get("assigns") and not own.get("source", "").startswith("people"):
        reader.find("form-property", say("Only a choice of people can assign a task"))
    if own.get("decision") and len(reader.component.get("values") or []) < 2:  # noqa: PLR2004 - accept, return
        reader.find("form-property", say("A decision needs at least two options: accept and return"))
    if own.get("prefill") in ("today", "now") and type_ not in MOMENTS:
        reader.find("form-property", say("Only a date or time can be prefilled with today or now"))
    return {
        "shared": own.get("shared", ""),
        "assigns": own.get("assigns", ""),
        "document": own.get("document", ""),
        "printed_in": tuple(name.strip() for name in own.get("printedIn", "").split(";") if name.strip()),
        "decision": own.get("decision", ""),
        "required_if": _comparison(own.get("requiredIf", "")),
        "number_if": _comparison(own.get("numberIf", "")),
        "source": own.get("source", ""),
        "prefill": own.get("prefill", ""),
        "workday": own.get("workday") == _TRUE,
        "not_before": own.get("notBefore", ""),
        "not_after": own.get("notAfter", ""),
        "plain": own.get("plain", ""),
        "notes": own.get("notes") == _TRUE,
        "example": own.get("example", ""),
    }


def _comparison(text: str) -> tuple[str, str] | None:
    key, sign, value = text.partition("=")
    return (key.strip(), value.strip()) if sign else None
