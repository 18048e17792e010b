"""What the server knows when a form of a case is filled or submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition, Option
from engine.model.calendar import WorkCalendar
from engine.storage import office

_PEOPLE, _UNITS = "people", "units"


def form_context(  # noqa: PLR0913 - the surroundings of one form
    connection: Connection,
    form: FormDefinition | None,
    *,
    office_id: UUID,
    person: UUID | None,
    calendar: WorkCalendar,
    now: datetime,
    round_: int,
    office_seq: int,
    arrived: datetime | None = None,
    case_year: int | None = None,
    variables: Mapping[str, Any] | None = None,
    staged: Mapping[str, Sequence[str]] | None = None,
) -> FormContext:
    """Gather the surroundings; people and units are read only where the form asks for them."""
    local = calendar.local(now)
    return FormContext(
        now=local,
        is_workday=calendar.is_working_day,
        options=_options(connection, form, office_id, local, office_seq) if form else {},
        staged=staged or {},
        variables=variables or {},
        case_year=case_year,
        round=round_,
        arrived=calendar.local(arrived).date() if arrived else None,
        me=person.hex if person else "",
    )


def _options(
    connection: Connection, form: FormDefinition, office_id: UUID, local: datetime, office_seq: int
) -> dict[str, Sequence[Option]]:
    wanted = frozenset(form.sources)
    if not wanted:
        return {}
    options: dict[str, Sequence[Option]] = {}
    if _UNITS in wanted:
        options[_UNITS] = [
            Option(value=id_.hex, label=name)
            for id_, name in office.units_at(connection, office_id, office_seq)
        ]
    if wanted - {_UNITS}:
        everybody = office.colleagues_at(connection, office_id, local.date(), office_seq)
        for source in wanted - {_UNITS}:
            role = source.partition(":")[2]
            options[source] = [
                Option(value=one.id.hex, label=f"{one.name}, {one.post}" if one.post else one.name)
                for one in everybody
                if not role or role in one.roles
            ]
    return options
