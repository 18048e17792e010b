"""A strict JSON Schema per form: the second net behind the reading of each field.

What a submission may hold is said twice, in two ways; a fault in one is caught by the other before
anything is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from engine.forms.fields import SEVERAL, TEXTS, Field, FieldType, FormDefinition
from engine.forms.values import LONGEST_LINE, LONGEST_TEXT

_BLOB = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_MOST_FILES = 100
_FORMS = {
    FieldType.DATE: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    FieldType.TIME: "^[0-9]{2}:[0-9]{2}$",
    FieldType.DATETIME: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:00(\.0+)?[+-][0-9]{2}:[0-9]{2}$",
}


def json_schema(form: FormDefinition) -> dict[str, Any]:
    """Describe the clean values of a form: every key required, nothing besides."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(form.inputs)}


@lru_cache(maxsize=512)
def validator(form: FormDefinition) -> Draft202012Validator:
    """Compile the schema once per form."""
    return Draft202012Validator(json_schema(form))


def _object(fields: Iterable[Field]) -> dict[str, Any]:
    properties = {field.key: _value(field) for field in fields}
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _value(field: Field) -> dict[str, Any]:
    if field.type in TEXTS:
        most = LONGEST_LINE if field.type is FieldType.TEXTFIELD else LONGEST_TEXT
        return {"type": "string", "maxLength": field.max_length or most}
    if field.type is FieldType.CHECKBOX:
        return {"type": "boolean"}
    if field.type is FieldType.NUMBER:
        return _number(field)
    if field.type is FieldType.FILE:
        return {"type": "array", "items": _BLOB, "maxItems": _MOST_FILES if field.multiple else 1}
    if field.type is FieldType.LIST:
        return {"type": "array", "items": _object(field.fields), "maxItems": field.most_rows}
    return _chosen(field)


def _chosen(field: Field) -> dict[str, Any]:
    if field.type in SEVERAL:
        return {"type": "array", "items": _answer(field), "uniqueItems": True}
    if field.type in _FORMS:
        return {"type": ["string", "null"], "pattern": _FORMS[field.type]}
    answer = _answer(field)
    return {"enum": [*answer["enum"], None]} if "enum" in answer else {"type": ["string", "null"]}


def _answer(field: Field) -> dict[str, Any]:
    if field.source:
        return {"type": "string", "maxLength": 200}
    return {"enum": [option.value for option in field.options]}


def _number(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": ["integer" if field.decimals == 0 else "number", "null"]}
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    if field.maximum is not None:
        schema["maximum"] = field.maximum
    return schema
