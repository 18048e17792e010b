"""Reading a form file: form-js JSON, the part of it that the server draws and checks itself."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from engine.errors import Finding, Refused, Sentence, say
from engine.forms.components import ComponentReader
from engine.forms.fields import (
    MOST_ROWS,
    Field,
    FieldType,
    FormDefinition,
    Option,
    Raw,
    row_numbers,
)
from engine.forms.order import KNOWN, comparable

__all__ = [
    "MOST_ROWS",
    "Field",
    "FieldType",
    "FormDefinition",
    "Option",
    "Raw",
    "read_form",
    "row_numbers",
]

LARGEST_FILE = 256 * 1024  # characters
MOST_COMPONENTS = 200
MOST_COLUMNS = 16
MOST_GROUPS = 4  # in each other
_ROOT = frozenset(
    {"type", "id", "components", "schemaVersion", "exporter", "executionPlatform", "title", "$schema"}
    | {"executionPlatformVersion", "versionTag", "generated"}
)


def read_form(key: str, text: str) -> FormDefinition:
    """Read a form, or raise Refused with every finding.

    The title is the file's ``title``, else its first heading, else the key.
    """
    schema = _json(key, text)
    reader = _FormReader()
    fields = reader.form(schema)
    findings = reader.findings + list(_cross_checks(fields))
    if findings:
        raise Refused(tuple(findings))
    canonical = json.dumps(schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    title = str(schema.get("title") or "").strip() or _first_heading(fields)
    return FormDefinition(
        key=key,
        title=title or key.replace("_", " ").capitalize(),
        fields=fields,
        digest=hashlib.sha256(canonical.encode()).digest(),
    )


def _json(key: str, text: str) -> dict[str, Any]:
    sentence = None
    if len(text) > LARGEST_FILE:
        sentence = say("The form is larger than %(most)s characters", most=LARGEST_FILE)
    else:
        try:
            text.encode()
            schema = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
            json.dumps(schema, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            sentence = say("The form is not JSON: %(error)s", error=str(error)[:200])
        else:
            if isinstance(schema, dict):
                return schema
            sentence = say("The form is not a form-js form")
    raise Refused((Finding(code="form-json", element=key, name=key, sentence=sentence),))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        msg = f"{twice!r} stands twice in one object"
        raise ValueError(msg)
    return found


def _no_constant(name: str) -> None:
    msg = f"{name} is not a number"
    raise ValueError(msg)


class _FormReader(ComponentReader):
    """Walks the tree of components."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def form(self, schema: dict[str, Any]) -> tuple[Field, ...]:
        self.component = schema
        self.unknown(schema, _ROOT)
        if schema.get("type") != "default" or not isinstance(schema.get("components"), list):
            self.find("form-json", say("The form is not a form-js form"))
            return ()
        self.text(schema, "title")
        return self._components(schema["components"], depth=0, in_list=False)

    def _components(self, given: object, *, depth: int, in_list: bool) -> tuple[Field, ...]:
        if not isinstance(given, list):
            self.find("form-json", say("The components are not a list"))
            return ()
        fields = []
        for component in given:
            self.count += 1
            if self.count > MOST_COMPONENTS:
                if self.count == MOST_COMPONENTS + 1:
                    self.find(
                        "form-size", say("The form has more than %(most)s fields", most=MOST_COMPONENTS)
                    )
                break
            field = self._one(component, depth=depth, in_list=in_list)
            if field is not None:
                fields.append(field)
        return tuple(fields)

    def _one(self, component: object, *, depth: int, in_list: bool) -> Field | None:
        if not isinstance(component, dict):
            self.find("form-json", say("A component is not an object"))
            return None
        self.component = component
        kind = component.get("type")
        members: tuple[Field, ...] = ()
        if kind in ("group", "dynamiclist"):
            if in_list:
                self.find("form-list", say("A list cannot hold lists or groups"))
                return None
            if depth >= MOST_GROUPS:
                self.find("form-size", say("Groups stand too deep in each other"))
                return None
            inner = kind == "dynamiclist"
            members = self._components(component.get("components", []), depth=depth + 1, in_list=inner)
        return self.field(component, members)


def _first_heading(fields: tuple[Field, ...]) -> str:
    return next((field.label for field in fields if field.type is FieldType.TEXT and field.label), "")


def _finding(field: Field, code: str, sentence: Sentence) -> Finding:
    return Finding(code=code, element=field.key, name=field.label, sentence=sentence)


def _cross_checks(fields: tuple[Field, ...]) -> Iterator[Finding]:
    """Check what one component alone cannot know."""
    form = FormDefinition(key="", title="", fields=fields, digest=b"")
    yield from _twice(form.inputs, lambda field: field.key, "form-key", _same_key)
    yield from _twice(form.inputs, lambda field: field.shared, "form-shared", _same_shared)
    yield from _twice(form.inputs, lambda field: field.document, "form-document", _same_document)
    for attribute in ("decision", "notes"):
        holders = [field for field in form.inputs if getattr(field, attribute)]
        for field in holders[1:]:
            yield _finding(field, "form-decision", say("Only one field can be the %(what)s", what=attribute))
    for field in form.every:
        yield from _references(field, form, ())
        if field.type is FieldType.LIST:
            yield from _list_checks(field)
            for column in field.fields:
                yield from _references(column, form, field.fields)


def _twice(
    fields: tuple[Field, ...], name_of: Callable[[Field], str], code: str, saying: Callable[[str], Sentence]
) -> Iterator[Finding]:
    seen = set()
    for field in fields:
        name = name_of(field)
        if name and name in seen:
            yield _finding(field, code, saying(name))
        seen.add(name)


def _same_key(name: str) -> Sentence:
    return say("Two fields have the key %(name)s", name=name)


def _same_shared(name: str) -> Sentence:
    return say("Two fields share %(name)s", name=name)


def _same_document(name: str) -> Sentence:
    return say("Two fields fill the document %(name)s", name=name)


def _list_checks(field: Field) -> Iterator[Finding]:
    if not field.fields or len(field.fields) > MOST_COLUMNS:
        yield _finding(field, "form-list", say("A list has 1 to %(most)s columns", most=MOST_COLUMNS))
    yield from _twice(field.fields, lambda column: column.key, "form-key", _same_key)
    for column in field.fields:
        if not column.has_value:
            yield _finding(column, "form-list", say("A list holds only fields"))
        if column.type is FieldType.FILE:
            yield _finding(
                column, "form-list", say("A list cannot hold files: put the field beside the list")
            )
        if column.printed_in:
            yield _finding(column, "form-list", say("A column is printed with its list"))
        if column.shared or column.assigns or column.decision or column.notes or column.readonly:
            yield _finding(
                column, "form-list", say("A column cannot be shared, assign, decide or be read only")
            )


def _references(field: Field, form: FormDefinition, siblings: tuple[Field, ...]) -> Iterator[Finding]:
    known = {other.key: other for other in (*form.inputs, *siblings)}
    compared = [one for one in (field.required_if, field.number_if) if one]
    names = [*(field.hide.names if field.hide else ()), *(name for name, _ in compared)]
    for name in names:
        other = known.get(name)
        if other is None or other is field or other.type in (FieldType.LIST, FieldType.FILE):
            yield _finding(
                field, "form-reference", say("There is no field %(name)s to compare with", name=name)
            )
    for name in {field.not_before, field.not_after} - {""}:
        other = known.get(name)
        fits = field.type is not FieldType.TIME if name in KNOWN else other and comparable(field, other)
        if not fits or other is field:
            yield _finding(
                field, "form-reference", say("There is no field %(name)s to compare with", name=name)
            )
    for name, value in compared:
        other = known.get(name)
        if other is not None and other.options and value not in other.option_values:
            yield _finding(
                field,
                "form-reference",
                say("%(name)s has no option %(value)s", name=other.key, value=value),
            )
