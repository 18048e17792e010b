"""What was submitted, from the record; and the names of everybody and everything it mentions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from engine.forms.definition import Field, FieldType, FormDefinition
from engine.ids import parse_id
from engine.model.event import EventKind
from engine.storage.tables import blob, event, office, person

Values = Mapping[str, Any]
Place = tuple[str, int]  # element and round


def submissions(connection: Connection, case: UUID, places: Iterable[Place]) -> dict[Place, Values]:
    """Read what was last submitted at elements in rounds; what was erased is missing."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    one_of = or_(*(and_(event.c.element == element, event.c.round == round_) for element, round_ in wanted))
    rows = connection.execute(
        select(event.c.element, event.c.round, event.c.payload)
        .where(event.c.stream == case, event.c.kind == EventKind.TASK_COMPLETED.value, one_of)
        .order_by(event.c.seq)
    )
    return {
        (row.element, row.round): json.loads(row.payload).get("data", {}) for row in rows if row.payload
    }


def names_in(connection: Connection, forms: Iterable[tuple[FormDefinition, Values]]) -> dict[str, str]:
    """Name the people, units and files (hex) that stand in submissions."""
    people: set[UUID] = set()
    units: set[UUID] = set()
    files: set[UUID] = set()
    for form, values in forms:
        for field, value in _pairs(form, values):
            kind = files if field.type is FieldType.FILE else units if field.source == "units" else people
            kind.update(_ids(value))
    names: dict[str, str] = {}
    if people:
        for row in connection.execute(select(person.c.id, person.c.name, person.c.post).where(person.c.id.in_(people))):
            names[row.id.hex] = f"{row.name}, {row.post}" if row.post else row.name
    if units:
        for row in connection.execute(select(office.c.id, office.c.name).where(office.c.id.in_(units))):
            names[row.id.hex] = row.name
    if files:
        for row in connection.execute(select(blob.c.id, blob.c.filename).where(blob.c.id.in_(files))):
            names[row.id.hex] = row.filename
    return names


def _pairs(form: FormDefinition, values: Values) -> Iterator[tuple[Field, Any]]:
    """Give the fields whose values are ids, with those values; columns of lists too."""
    for field in form.inputs:
        value = values.get(field.key)
        if field.type is FieldType.LIST:
            rows = [row for row in value or () if isinstance(row, Mapping)]
            columns = [column for column in field.fields if column.source]
            yield from ((column, row.get(column.key)) for row in rows for column in columns)
        elif field.source or field.type is FieldType.FILE:
            yield field, value


def _ids(value: Any) -> Iterator[UUID]:  # noqa: ANN401 - a clean value
    for one in value if isinstance(value, list) else [value]:
        found = parse_id(one) if isinstance(one, str) else None
        if found is not None:
            yield found
