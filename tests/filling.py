"""Fills any form as somebody would who only wants to get on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from engine.forms.definition import FormDefinition, Option
from engine.forms.fields import CHOICES, SEVERAL, TEXTS, Field, FieldType
from engine.model.calendar import WorkCalendar

Raw = dict[str, list[str]]
Options = Mapping[str, Sequence[Option]]
_ROWS = 1


def filled(
    form: FormDefinition,
    begun: Mapping[str, Sequence[str]],
    options: Options,
    now: datetime,
    calendar: WorkCalendar,
    number: int = 0,
) -> Raw:
    """Give what a form begins with, and something that fits in every field left empty."""
    filler = _Filler(options, now, calendar, number)
    raw: Raw = {name: list(texts) for name, texts in begun.items()}
    for field in form.inputs:
        if field.type is FieldType.LIST:
            rows = field.rows_in(raw) or tuple(range(_ROWS))
            for row in rows:
                for column in field.fields:
                    name = field.cell(row, column.key)
                    raw[name] = raw.get(name) or filler.text(column)
        elif field.type is FieldType.FILE:
            raw[field.key] = ["true"]
        else:
            raw[field.key] = raw.get(field.key) or filler.text(field)
    return raw


class _Filler:
    def __init__(self, options: Options, now: datetime, calendar: WorkCalendar, number: int) -> None:
        self.options, self.calendar, self.number = options, calendar, number
        self.now = calendar.local(now)

    def text(self, field: Field) -> list[str]:
        """Write something."""
        if field.type in CHOICES or field.type in SEVERAL:
            given = self.options.get(field.source, ()) if field.source else field.options
            return [given[self.number % len(given)].value] if given else []
        if field.type in TEXTS:
            words = field.example or {"email": "a@example.go.id", "phone": "0812345678"}.get(
                field.kind, "Isi"
            )
            return [words.ljust(field.min_length or 0, "x")[: field.max_length]]
        day = next(self.calendar.working_days_after((self.now + timedelta(days=1)).date()))
        return {
            FieldType.NUMBER: [str(int(max(field.minimum or 1, 1)))],
            FieldType.CHECKBOX: ["true"],
            FieldType.DATE: [f"{day:%d-%m-%Y}"],
            FieldType.TIME: ["10.00"],
            FieldType.DATETIME: [f"{day:%d-%m-%Y} 10.00"],
        }[field.type]
