"""Cases as rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Update, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.instance import InstanceStatus, Saved
from engine.storage import incidents
from engine.storage.events import Head, to_json
from engine.storage.prepared import Prepared
from engine.storage.tables import instance, participant, person, register, task


@dataclass(frozen=True, kw_only=True)
class InstanceRow:
    """A case as the actions need it."""

    id: UUID
    office: UUID
    process: UUID
    version: UUID
    number: str
    year: int
    title: str
    status: InstanceStatus
    starter: UUID
    started_at: datetime
    guard: int
    state: str | None
    undo_task: UUID | None
    on_trial: bool  # marked as a trial's
    takes_part: bool  # the asking person took part in it
    stopped: bool  # something of it could not go on: an incident is open
    roles: frozenset[str]  # roles that have or had a task in it

    @property
    def saved(self) -> Saved:
        """Give what a step begins with."""
        return Saved(id=self.id, version=self.version, guard=self.guard, state=self.state or "")


_COLUMNS = (
    instance.c.id,
    instance.c.office,
    instance.c.process,
    instance.c.version,
    instance.c.number,
    instance.c.year,
    instance.c.title,
    instance.c.status,
    instance.c.starter,
    instance.c.started_at,
    instance.c.guard,
    instance.c.state,
    instance.c.undo_task,
    instance.c.trial.label("on_trial"),
)


def load(connection: Connection, instance_id: UUID, person: UUID | None) -> InstanceRow | None:
    """Read a case with what decides whether a person may see it."""
    row = connection.execute(
        select(
            *_COLUMNS,
            exists()
            .where(participant.c.person == person, participant.c.instance == instance.c.id)
            .label("takes_part"),
            incidents.is_open(instance.c.id).label("stopped"),
        ).where(instance.c.id == instance_id)
    ).one_or_none()
    if row is None:
        return None
    roles = connection.scalars(select(task.c.role).where(task.c.instance == instance_id).distinct())
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["status"] = InstanceStatus(values["status"])
    return InstanceRow(**values, roles=frozenset(roles))


def lock(connection: Connection, instance_id: UUID) -> tuple[int, str, Head]:
    """Lock a case for writing; gives its guard, status and where its stream ends."""
    row = connection.execute(
        select(instance.c.guard, instance.c.status, instance.c.last_seq, instance.c.chain_head)
        .where(instance.c.id == instance_id)
        .with_for_update(key_share=True)
    ).one()
    return row.guard, row.status, Head(seq=row.last_seq, chain=row.chain_head)


def lock_many(
    connection: Connection, ids: Collection[UUID], *, waiting: bool
) -> dict[UUID, tuple[int, Head]]:
    """Lock cases for writing; gives their guards and where their streams end.

    Without ``waiting``, which is for one case, those that somebody else holds are left out: two that
    each wait for what the other has would wait for ever.
    """
    rows = connection.execute(
        select(instance.c.id, instance.c.guard, instance.c.last_seq, instance.c.chain_head)
        .where(instance.c.id.in_(ids))
        .with_for_update(key_share=True, skip_locked=not waiting)
    )
    return {row.id: (row.guard, Head(seq=row.last_seq, chain=row.chain_head)) for row in rows}


_HOLD = Prepared(
    select(instance.c.guard, instance.c.last_seq)
    .where(instance.c.id == bindparam("instance_id"))
    .with_for_update(key_share=True)
)


def hold(connection: Connection, instance_id: UUID) -> tuple[int, int]:
    """Keep others from writing to a case; gives its guard and the number of its last event.

    Every writer takes the case before its rows: two that took them in another order would wait for
    each other for ever. (On SQLite a writer is alone from its first statement.)
    """
    row = _HOLD.first(connection, {"instance_id": instance_id})
    return row.guard, row.last_seq


def version_of(connection: Connection, instance_id: UUID) -> UUID:
    """Read on which version a case runs."""
    found: UUID = connection.execute(
        select(instance.c.version).where(instance.c.id == instance_id)
    ).scalar_one()
    return found


def add(connection: Connection, **columns: Any) -> None:
    """Write a case."""
    connection.execute(insert(instance).values(**columns))


def save(connection: Connection, instance_id: UUID, head: Head, changes: Mapping[str, Any]) -> None:
    """Write a locked case's changes and where its stream ends now."""
    connection.execute(
        update(instance)
        .where(instance.c.id == instance_id)
        .values(last_seq=head.seq, chain_head=head.chain, **changes)
    )


def save_many(connection: Connection, cases: Iterable[tuple[UUID, Head, Mapping[str, Any]]]) -> None:
    """Write changes of several locked cases, and where their streams end now."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for instance_id, head, changes in cases:
        values = {**changes, "last_seq": head.seq, "chain_head": head.chain}
        row = {f"new_{name}": value for name, value in values.items()} | {"instance_id": instance_id}
        alike.setdefault(tuple(values), []).append(row)
    for columns, rows in alike.items():
        connection.execute(_of_one(*columns), rows)


def _of_one(*columns: str) -> Update:
    return (
        update(instance)
        .where(instance.c.id == bindparam("instance_id"))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )


def _compared(*columns: str) -> Update:
    return _of_one(*columns).where(
        instance.c.guard == bindparam("seen_guard"), instance.c.last_seq == bindparam("seen_seq")
    )


_MOVES: dict[tuple[str, ...], Prepared] = {}


def move(
    connection: Connection,
    instance_id: UUID,
    guard: int,
    seen: Head,
    head: Head,
    changes: Mapping[str, Any],
) -> bool:
    """Write changes to a case that is still as it was seen, no event more; False when it moved."""
    values = {**changes, "last_seq": head.seq, "chain_head": head.chain}
    columns = tuple(values)
    statement = _MOVES.get(columns)
    if statement is None:
        statement = _MOVES[columns] = Prepared(_compared(*columns))
    facts = {f"new_{name}": value for name, value in values.items()}
    facts |= {"instance_id": instance_id, "seen_guard": guard, "seen_seq": seen.seq}
    return statement.run(connection, facts) == 1


def undo_text(undo: Mapping[str, Any], state: str) -> str:
    """Write what a completion can be taken back to: the state is JSON already and stands below the rest."""
    return f"{to_json(undo)}\n{state}"


def undo_of(connection: Connection, instance_id: UUID) -> dict[str, Any] | None:
    """Read what the last completion can be taken back to."""
    text = connection.scalar(select(instance.c.undo_state).where(instance.c.id == instance_id))
    if text is None:
        return None
    rest, _, state = text.partition("\n")
    undo: dict[str, Any] = json.loads(rest)
    return {"state": state} | undo  # until 0.2.0 the state stood among the rest


def undo_text_of(connection: Connection, instance_id: UUID) -> str | None:
    """Read the same as it is stored."""
    text: str | None = connection.scalar(select(instance.c.undo_state).where(instance.c.id == instance_id))
    return text


def forget_undo(connection: Connection, instance_id: UUID) -> None:
    """Let the last completion stand: somebody has gone on from it."""
    connection.execute(
        update(instance).where(instance.c.id == instance_id).values(undo_task=None, undo_state=None)
    )


def next_number(connection: Connection, office: UUID, process: UUID, year: int) -> int:
    """Take the next number of a register: gapless, because it commits with the case that uses it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(register).values(office=office, process=process, year=year, last=1)
    number: int = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[register.c.office, register.c.process, register.c.year],
            set_={"last": register.c.last + 1},
        ).returning(register.c.last)
    ).scalar_one()
    return number


def numbered(connection: Connection, office: UUID, number: str) -> UUID | None:
    """Find the case of an office that has this number."""
    found = select(instance.c.id).where(instance.c.office == office, instance.c.number == number)
    return connection.scalar(found)


_UNIT = select(person.c.unit).where(person.c.id == bindparam("who")).scalar_subquery()
_JOIN = {
    name: Prepared(
        dialect.insert(participant).values(unit=_UNIT).on_conflict_do_nothing(), "instance", "person"
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def join_in(connection: Connection, instance_id: UUID, *people: UUID) -> None:
    """Note that people took part, and for which unit; a second time changes nothing."""
    if people:
        rows = [{"instance": instance_id, "person": one, "who": one} for one in people]
        _JOIN[connection.dialect.name].run_all(connection, rows)


def is_open_for_year(connection: Connection, process: UUID, year: int, *, but: UUID) -> bool:
    """Tell whether another case of a process for a year is running."""
    found = connection.execute(
        select(instance.c.id)
        .where(
            instance.c.process == process,
            instance.c.year == year,
            instance.c.status == InstanceStatus.RUNNING,
            instance.c.id != but,
        )
        .limit(1)
    )
    return found.first() is not None
