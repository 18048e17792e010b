"""Clean values for reading: labels with texts, tables, and what changed between two submissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.alignment import aligned
from engine.forms.fields import CHOICES, SEVERAL, Field, FieldType, FormDefinition, Raw
from engine.forms.notation import date_text, moment_text, number_text, time_text
from engine.forms.raw import raw_of, rows_of

Names = Mapping[str, str]  # people, units and files (hex) -> what people read
YES_NO = ("Ya", "Tidak")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table for reading; numbers stand at the right."""

    key: str
    label: str
    is_number: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One field for reading: a label with its text, or with a table (then ``columns`` is not empty)."""

    key: str
    label: str
    text: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to read."""
        return not self.text and not self.rows


@dataclass(frozen=True, kw_only=True)
class Change:
    """One place that differs. ``row`` is 1-based in the new list (in the old one where it is gone).

    ``column`` is the column's label; empty with a row where the whole row came or went, and empty
    without one for a plain field.
    """

    key: str
    label: str
    row: int | None = None
    column_key: str = ""
    column: str = ""
    before: str = ""
    after: str = ""


def show(
    form: FormDefinition,
    values: Mapping[str, Any],
    names: Names,
    yes_no: tuple[str, str] = YES_NO,
    document: str = "",
) -> tuple[Shown, ...]:
    """Give every field of a submission for reading, in the form's order, the empty ones included.

    With a document's name only what that document shows, where it was made from this form.
    """
    fields = form.printed_in(document) if document else form.inputs
    return tuple(show_field(field, values.get(field.key), names, yes_no) for field in fields)


def show_field(
    field: Field,
    value: Any,  # noqa: ANN401 - a clean value of the field
    names: Names,
    yes_no: tuple[str, str] = YES_NO,
) -> Shown:
    """Give one field for reading."""
    if field.type is not FieldType.LIST:
        return Shown(key=field.key, label=field.label, text=text_of(field, value, names, yes_no))
    columns = tuple(
        Column(key=column.key, label=column.label, is_number=column.type is FieldType.NUMBER)
        for column in field.fields
    )
    return Shown(
        key=field.key, label=field.label, columns=columns, rows=_row_texts(field, value, names, yes_no)
    )


def text_of(
    field: Field,
    value: Any,  # noqa: ANN401 - a clean value of the field
    names: Names,
    yes_no: tuple[str, str] = YES_NO,
) -> str:
    """Write one value for reading; what is no longer known is shown as it was kept."""
    if isinstance(value, bool):
        return yes_no[0] if value else yes_no[1]
    if value is None or value in ("", []):
        return ""
    if field.type in SEVERAL or field.type is FieldType.FILE:
        return ", ".join(_label(field, one, names) for one in value)
    if field.type in CHOICES:
        return _label(field, value, names)
    if field.type is FieldType.NUMBER:
        return number_text(value, field.decimals, grouped=True)
    write = {FieldType.DATE: date_text, FieldType.TIME: time_text, FieldType.DATETIME: moment_text}
    return write[field.type](value) if field.type in write else str(value)


def differences(
    form: FormDefinition,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Names,
    yes_no: tuple[str, str] = YES_NO,
) -> tuple[Change, ...]:
    """Compare two submissions of a form, fields and cells alike, in the form's order.

    What nobody types (read-only fields) is left out.
    """
    return tuple(_changes(form, before, after, names, yes_no))


def list_differences(
    field: Field, before: object, after: object, names: Names, yes_no: tuple[str, str] = YES_NO
) -> tuple[Change, ...]:
    """Compare two states of one list cell by cell (a shared table, for one)."""
    old, new = _row_texts(field, before, names, yes_no), _row_texts(field, after, names, yes_no)
    return tuple(_row_changes(field, old, new))


def earlier_marks(form: FormDefinition, raw: Raw, earlier: Mapping[str, Any], names: Names) -> dict[str, str]:
    """Find what an earlier submission had where the fields now differ: field name -> its old text.

    Names are those of the raw fields (``indikator.2.target``). New rows and cells that were empty
    carry no mark; the decision and its notes never do.
    """
    was = raw_of(form, earlier)
    marks = {}
    for field in form.inputs:
        if field.type is FieldType.LIST:
            marks.update(_cell_marks(field, raw, was, earlier.get(field.key), names))
        elif field.type is not FieldType.FILE and not (field.decision or field.notes or field.readonly):
            text = text_of(field, earlier.get(field.key), names)
            if text and _plain(was.get(field.key)) != _plain(raw.get(field.key)):
                marks[field.key] = text
    return marks


def _changes(
    form: FormDefinition,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Names,
    yes_no: tuple[str, str],
) -> Iterator[Change]:
    for field in form.inputs:
        old, new = before.get(field.key), after.get(field.key)
        if old == new or field.readonly:
            continue
        if field.type is FieldType.LIST:
            yield from list_differences(field, old, new, names, yes_no)
        else:
            texts = text_of(field, old, names, yes_no), text_of(field, new, names, yes_no)
            yield Change(key=field.key, label=field.label, before=texts[0], after=texts[1])


def _row_changes(
    field: Field, old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]
) -> Iterator[Change]:
    for was, now in aligned(old, new):
        if was is None or now is None:
            row = (now if now is not None else was) or 0
            before = "; ".join(text for text in old[was] if text) if was is not None else ""
            after = "; ".join(text for text in new[now] if text) if now is not None else ""
            yield Change(key=field.key, label=field.label, row=row + 1, before=before, after=after)
            continue
        for place, column in enumerate(field.fields):
            if old[was][place] != new[now][place]:
                yield Change(
                    key=field.key,
                    label=field.label,
                    row=now + 1,
                    column_key=column.key,
                    column=column.label,
                    before=old[was][place],
                    after=new[now][place],
                )


def _cell_marks(field: Field, raw: Raw, was: Raw, earlier: object, names: Names) -> dict[str, str]:
    numbers = field.rows_in(raw)
    old, new = _typed_rows(field, was), _typed_rows(field, raw)
    read = _row_texts(field, earlier, names, YES_NO)
    return {
        field.cell(numbers[now], column.key): read[before][place]
        for before, now in aligned(old, new)
        if before is not None and now is not None
        for place, column in enumerate(field.fields)
        if old[before][place] != new[now][place] and read[before][place]
    }


def _typed_rows(field: Field, raw: Raw) -> list[tuple[str, ...]]:
    return [tuple(_plain(row[key]) for key in field.column_keys) for row in rows_of(field, raw)]


def _plain(texts: Sequence[str] | None) -> str:
    return " ".join("\t".join(texts or ()).split())


def _row_texts(
    field: Field, value: object, names: Names, yes_no: tuple[str, str]
) -> tuple[tuple[str, ...], ...]:
    rows = value if isinstance(value, list) else []
    return tuple(
        tuple(text_of(column, row.get(column.key), names, yes_no) for column in field.fields)
        for row in rows
        if isinstance(row, Mapping)
    )


def _label(field: Field, value: str, names: Names) -> str:
    if field.options:
        return next((option.label for option in field.options if option.value == value), value)
    return names.get(value, value)


def typed_lines(form: FormDefinition, raw: Raw) -> Iterator[tuple[str, list[str]]]:
    """Give what was typed as it was typed: labels with their texts, a line per row of a list."""
    for field in form.inputs:
        if field.type is FieldType.LIST:
            for number, row in enumerate(field.rows_in(raw), 1):
                cells = [text for key in field.column_keys for text in raw.get(field.cell(row, key), ())]
                if any(cells):
                    yield f"{field.label} {number}", [text for text in cells if text]
        elif any(raw.get(field.key, ())):
            yield field.label, [text for text in raw[field.key] if text]
