"""A case that was worked, and its copies: what differs from one to the next, row by row."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, func, select

from engine.core import Engine
from engine.model.event import GENESIS, EventKind, Scope, chain_link, event_header, payload_digest
from engine.model.instance import InstanceStatus
from engine.storage.packing import Bulky
from engine.storage.tables import (
    comment,
    data_store,
    document,
    event,
    incident,
    instance,
    job,
    message_wait,
    moved,
    participant,
    task,
    timer,
)

WEEK = timedelta(weeks=1)
OF_A_CASE = (task, document, comment, participant, timer)  # copied, in the order of their foreign keys
_NOT_COPIED = (job, message_wait, moved)  # a case with rows of these is no template
_SHIFTED = (date(2000, 1, 1).year, date(2100, 1, 1).year)  # beyond are the marks of due_key
# Identities, and days with or without a time behind them: what differs from copy to copy.
_VARYING = re.compile(r"([0-9a-f]{32}|20\d\d-\d\d-\d\d)")
_YEAR = re.compile(r"\b20\d\d\b")
_SALT_BYTES = 16
MOST = 500  # templates: an office that was filled before has its copies as well, more than memory holds


@dataclass
class Template:
    """A case with its rows; texts split where copies differ."""

    case: Mapping[str, Any]
    key: str  # of its SOP
    sop: str
    numbers: str  # how its SOP numbers cases
    rows: Mapping[Table, Sequence[Mapping[str, Any]]]
    events: Sequence[Mapping[str, Any]]
    _parts: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def own(self) -> tuple[UUID, ...]:
        """Give the identities that are this case's alone, in the order they were made."""
        rows = [row for table in OF_A_CASE for row in self.rows[table]]
        found = {row["id"] for row in rows if "id" in row} | {self.case["id"]}
        found |= {row["attempt"] for row in (*rows, *self.events) if row.get("attempt")}
        return tuple(sorted(found))

    def parts(self, text: str) -> list[str]:
        """Split a text once: every other part is one that differs."""
        return self._parts.setdefault(text, _VARYING.split(text))

    @property
    def is_open(self) -> bool:
        """Tell whether it still runs."""
        return bool(self.case["status"] == InstanceStatus.RUNNING)

    @property
    def days(self) -> tuple[date, date]:
        """Give its first and last day."""
        return self.case["started_at"].date(), self.events[-1]["at"].date()


def templates(engine: Engine, connection: Connection, chance: Random) -> list[Template]:
    """Read cases that can be copied, some hundreds at most: none with work outside of their own rows."""
    left_out = {row for table in _NOT_COPIED for row in connection.scalars(select(table.c.instance))}
    left_out |= set(connection.scalars(select(incident.c.instance).where(incident.c.instance.is_not(None))))
    if connection.scalar(select(func.count()).select_from(data_store)):
        raise SystemExit("Cases of this office leave data for each other: copies of them would not be true.")
    ids = connection.scalars(select(instance.c.id).order_by(instance.c.id))
    usable = [case for case in ids if case not in left_out]
    chosen = chance.sample(usable, MOST) if len(usable) > MOST else usable
    return [_template(engine, connection, case) for case in chosen]


def _template(engine: Engine, connection: Connection, id_: UUID) -> Template:
    case = connection.execute(select(instance).where(instance.c.id == id_)).mappings().one()
    version = engine.versions.get(case["version"])
    return Template(
        case=dict(case),
        key=version.key,
        sop=version.name,
        numbers=version.definition.document.case_number,
        rows={table: _rows(connection, table, case["id"]) for table in OF_A_CASE},
        events=_rows(connection, event, case["id"], "stream"),
    )


def _rows(connection: Connection, table: Table, case: UUID, by: str = "instance") -> list[Mapping[str, Any]]:
    statement = select(table).where(table.c[by] == case).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(statement).mappings()]


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One case to be written."""

    template: Template
    weeks: int  # before the template
    number: str
    ids: Mapping[UUID, UUID]

    @property
    def id(self) -> UUID:
        """Give its identity."""
        return self.ids[self.template.case["id"]]

    @property
    def shift(self) -> timedelta:
        """Give how much earlier it was."""
        return -self.weeks * WEEK

    @cached_property
    def years(self) -> int:
        """Give by how many years its titles and its year are earlier."""
        began = self.template.case["started_at"]
        return began.year - (began + self.shift).year

    @cached_property
    def _said(self) -> dict[str, str]:
        return {old.hex: new.hex for old, new in self.ids.items()}

    def text(self, text: str) -> str:
        """Give a text of the template as the copy has it."""
        parts = list(self.template.parts(text))
        said = self._said
        for place in range(1, len(parts), 2):
            part = parts[place]
            found = said.get(part)
            if found is None:
                found = said[part] = self._day(part)
            parts[place] = found
        return "".join(parts)

    def _day(self, text: str) -> str:
        try:
            return (date.fromisoformat(text) + self.shift).isoformat() if "-" in text else text
        except ValueError:  # digits of something else
            return text

    def title(self, text: str) -> str:
        """Name the year it is about."""
        return _YEAR.sub(lambda found: str(int(found[0]) - self.years), text)

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Give a row as the copy has it."""
        return {name: self._value(value) for name, value in row.items()}

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - of any column
        if isinstance(value, UUID):
            return self.ids.get(value, value)
        if isinstance(value, datetime) and _SHIFTED[0] < value.year < _SHIFTED[1]:
            return value + self.shift
        return value

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Give its rows of a table."""
        rows = [self.row(row) for row in self.template.rows[table]]
        if table is task:
            for row in rows:
                row["number"] = self.number
        return rows

    def events(self) -> list[dict[str, Any]]:
        """Give its events, chained anew; the links that the template kept are kept."""
        chain, made = GENESIS, []
        for old in self.template.events:
            row = self.row(old)
            payload = self._payload(old)
            salt = os.urandom(_SALT_BYTES) if old["salt"] else b""
            digest = payload_digest((payload or "").encode(), salt)
            chain = chain_link(chain, _header(row), digest)
            row |= {"digest": digest, "salt": salt or None, "chain": chain if old["chain"] else b""}
            made.append(row | {"payload": Bulky(payload), "sealed": None})
        return made

    def _payload(self, old: Mapping[str, Any]) -> str:
        text = self.text(old["payload"])
        if old["kind"] != EventKind.CASE_STARTED:
            return text
        said = json.loads(text)
        said |= {"number": self.number, "year": said["year"] - self.years, "title": self.title(said["title"])}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def case(self, last: Mapping[str, Any]) -> dict[str, Any]:
        """Give the row of the case, whose events end with this one."""
        row, old = self.row(self.template.case), self.template.case
        return row | {
            "number": self.number,
            "year": old["year"] - self.years,
            "title": self.title(old["title"]),
            "state": self._state(old["state"], old["year"]) if old["state"] else old["state"],
            "undo_task": None,
            "undo_state": None,
            "chain_head": last["chain"],
        }

    def _state(self, state: str, year: int) -> str:
        """Give the state; what knows the year it is about knows the copy's."""
        return self.text(state).replace(f'"case":{{"year":{year}', f'"case":{{"year":{year - self.years}')


def _header(row: Mapping[str, Any]) -> bytes:
    names = ("stream", "seq", "at", "actor", "on_behalf_of", "attempt", "element", "iteration")
    return event_header(
        scope=tuple(Scope)[row["scope"]],
        kind=EventKind(row["kind"]),
        round_=row["round"],
        **{name: row[name] for name in names},
    )
