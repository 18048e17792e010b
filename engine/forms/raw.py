"""Raw fields: what stands in a form as a person would type it.

Filled from values when a task is first opened, kept as typed in a draft, and changed by a list's
buttons: ``add:<key>`` and ``remove:<key>:<row>``. ``add`` takes in what stands in the list's paste
box, the field ``<key>.paste``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFound, Problem, say
from engine.forms.context import FormContext
from engine.forms.fields import SEVERAL, Field, FieldType, FormDefinition, Raw, row_numbers
from engine.forms.notation import date_text, moment_text, number_text, time_text
from engine.forms.paste import Sources, pasted_rows
from engine.forms.prefill import beginning

Fields = dict[str, list[str]]
Row = dict[str, list[str]]  # column -> what was typed

CHECKED = "true"
_NO_OPTIONS: Sources = {}


def typed(field: Field, value: Any) -> list[str]:  # noqa: ANN401 - a clean value of the field
    """Write a clean value as a person would type it; nothing is an empty list."""
    if value is None or value == "" or value is False:
        return []
    if value is True:
        return [CHECKED]
    if field.type in SEVERAL:
        return [str(one) for one in value]
    if field.type is FieldType.NUMBER:
        return [number_text(value, field.decimals)]
    write = {FieldType.DATE: date_text, FieldType.TIME: time_text, FieldType.DATETIME: moment_text}
    return [write[field.type](value) if field.type in write else str(value)]


def raw_of(form: FormDefinition, values: Mapping[str, Any]) -> Fields:
    """Write clean values back as raw fields; files are not typed and not among them."""
    raw: Fields = {}
    for field in form.inputs:
        if field.type is FieldType.FILE:
            continue
        if field.type is FieldType.LIST:
            _put_rows(field, [_typed_row(field, row) for row in values.get(field.key) or ()], raw)
        else:
            raw[field.key] = typed(field, values.get(field.key))
    return raw


def fill(form: FormDefinition, context: FormContext) -> Fields:
    """Give the raw fields a form begins with: shared variables, what the case knows, defaults."""
    raw = raw_of(form, {field.key: beginning(field, context) for field in form.inputs})
    for field in form.lists:
        if not field.rows_in(raw):
            _put_rows(field, [_new_row(field) for _ in range(field.first_rows)], raw)
    return raw


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """What a list button made of the fields, and the anchor of the row to return to."""

    raw: Fields
    anchor: str
    problems: tuple[Problem, ...] = ()


def own_fields(form: FormDefinition, raw: Raw) -> Fields:
    """Keep what belongs to the form, as a draft does: neither the page's own fields nor inventions."""
    kept: Fields = {}
    for field in form.inputs:
        if field.type is FieldType.LIST:
            _put_rows(field, rows_of(field, raw), kept)
            if any(raw.get(paste_box(field), ())):
                kept[paste_box(field)] = list(raw[paste_box(field)])
        elif field.type is not FieldType.FILE and field.key in raw:
            kept[field.key] = list(raw[field.key])
    return kept


def list_button(form: FormDefinition, name: str) -> Field | None:
    """Find the list whose button this is; None where it is no list button of the form."""
    act, _, rest = name.partition(":")
    field = form.by_key.get(rest.partition(":")[0])
    if act not in ("add", "remove") or field is None or field.type is not FieldType.LIST:
        return None
    return field


def press(form: FormDefinition, raw: Raw, button: str, options: Sources = _NO_OPTIONS) -> Pressed:
    """Add or remove rows; NotFound where the form has no such button.

    ``options`` are those the server supplies, by source: a pasted name becomes its id.
    """
    field = list_button(form, button)
    if field is None:
        raise NotFound(say("There is no such button in this form"))
    act, _, rest = button.partition(":")
    rows = rows_of(field, raw)
    if act == "remove":
        numbers = [str(one) for one in field.rows_in(raw)]
        number = rest.partition(":")[2]
        if number not in numbers:  # a second click: the row is gone already
            return Pressed(raw=_with_rows(field, rows, raw), anchor=field.key)
        at = numbers.index(number)
        del rows[at]
        last = max(0, min(at, len(rows) - 1))
        return Pressed(raw=_with_rows(field, rows, raw), anchor=form.row_anchor(field, last))
    pasted = "\n".join(raw.get(paste_box(field), ()))
    added = pasted_rows(field, pasted, options) if pasted.strip() else [_new_row(field)]
    if pasted.strip():
        rows = [row for row in rows if not _is_blank(field, row)]
    if len(rows) + len(added) > field.most_rows:
        return _too_many(field, raw, len(rows) + len(added))
    anchor = form.row_anchor(field, len(rows))
    return Pressed(raw=_with_rows(field, rows + added, raw), anchor=anchor)


def paste_box(field: Field) -> str:
    """Name the box of a list into which rows of a spreadsheet are pasted."""
    return f"{field.key}.paste"


def rows_of(field: Field, raw: Raw) -> list[Row]:
    """Gather a list's rows as typed; rows beyond twice the most allowed are not looked at."""
    return [
        {key: list(raw.get(field.cell(number, key), ())) for key in field.column_keys}
        for number in field.rows_in(raw)[: 2 * field.most_rows]
    ]


def _too_many(field: Field, raw: Raw, rows: int) -> Pressed:
    sentence = say("%(rows)s rows are more than the %(most)s that fit.", rows=rows, most=field.most_rows)
    problem = Problem(field=field.key, label=field.label, sentence=sentence)
    unchanged = {name: list(texts) for name, texts in raw.items()}
    return Pressed(raw=unchanged, anchor=field.key, problems=(problem,))


def _with_rows(field: Field, rows: list[Row], raw: Raw) -> Fields:
    start, numbers = field.key + ".", row_numbers(field.key, raw)
    old = {f"{start}{number}." for number in numbers}
    gone = (paste_box(field), f"add:{field.key}")
    kept = {
        name: list(texts)
        for name, texts in raw.items()
        if name not in gone and not (name.startswith(start) and _row_start(name, start) in old)
    }
    _put_rows(field, rows, kept)
    return kept


def _row_start(name: str, start: str) -> str:
    return start + name[len(start) :].partition(".")[0] + "."


def _put_rows(field: Field, rows: list[Row], raw: Fields) -> None:
    for number, row in enumerate(rows):
        for key in field.column_keys:
            raw[field.cell(number, key)] = row.get(key, [])


def _typed_row(field: Field, row: Mapping[str, Any]) -> Row:
    return {column.key: typed(column, row.get(column.key)) for column in field.fields}


def _new_row(field: Field) -> Row:
    return {column.key: default_texts(column) for column in field.fields}


def default_texts(column: Field) -> list[str]:
    """Write a column's default as it stands in a new row."""
    default = column.default
    if isinstance(default, tuple):
        return list(default)
    if isinstance(default, str):
        return [default] if default else []
    return typed(column, default)


def _is_blank(field: Field, row: Row) -> bool:
    return all(
        not any(text.strip() for text in row[column.key]) or row[column.key] == default_texts(column)
        for column in field.fields
    )
