"""Rows that say what events said, in the form in which events say it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from engine.storage.record_audits import Beside, of_findings, of_letters, of_roles_held, of_samples
from engine.storage.tables import (
    audit_assignment,
    finding,
    inquiry,
    instance,
    office,
    person,
    process,
    role,
    role_assignment,
    sample,
)

_AT_ONCE = 500  # rows that one statement asks for
_ELEMENTS = ("title", "condition", "criteria", "cause", "effect", "recommendation")
_ACTED = ("prepared_by", "reviewed_by", "delivered_by", "answered_by", "followed_up_by", "closed_by")
# By subject: its table, the column it is called by, and those that events say.
_ROWS: Mapping[str, tuple[Table, str, tuple[str, ...]]] = {
    "person": (person, "name", ("name", "post", "nip", "sign_in_name", "unit", "active")),
    "role": (role, "label", ("key", "label", "name", "kind")),
    "unit": (office, "name", ("name",)),
    "assignment": (
        audit_assignment,
        "number",
        ("number", "dated", "issuer", "valid_from", "valid_until", "cases_from", "cases_until", "units"),
    ),
    "finding": (
        finding,
        "number",
        (
            "number",
            "assignment",
            *_ELEMENTS,
            "figures",
            "state",
            "answer",
            "follow_up",
            "follow_up_text",
            "conclusion",
            *_ACTED,
        ),
    ),
    "inquiry": (
        inquiry,
        "number",
        ("number", "assignment", "seq", "question", "answer", "asked_by", "asked_of"),
    ),
    "sample": (
        sample,
        "title",
        (
            "title",
            "assignment",
            "seed",
            "since",
            "until",
            "state",
            "conclusion",
            "review",
            "prepared_by",
            "reviewed_by",
        ),
    ),
    "role_assignment": (role_assignment, "id", ("person", "standing", "since", "until", "letter")),
}
_BESIDE: Mapping[str, Callable[[Connection, Sequence[UUID]], Beside]] = {
    "assignment": of_letters,
    "finding": of_findings,
    "role_assignment": of_roles_held,
}
_AS_JSON = ("units", "figures")


def rows(
    connection: Connection, subject: str, keys: Sequence[Any]
) -> Iterator[tuple[Any, str, Mapping[str, Any]]]:
    """Read key, name and what rows of a subject say; keys of rows that are gone are left out.

    A key is the row's id; of a case of a sample, the ids of both.
    """
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        yield from (
            of_samples(connection, some) if subject == "sample_case" else _rows(connection, subject, some)
        )


def ids(connection: Connection, subject: str) -> Iterator[tuple[UUID, str]]:
    """Read id and name of every row of a subject."""
    table, named, _columns = _ROWS[subject]
    for row in connection.execute(select(table.c.id, table.c[named].label("name"))):
        yield row.id, str(row.name)


def _rows(
    connection: Connection, subject: str, ids: Sequence[UUID]
) -> Iterator[tuple[UUID, str, Mapping[str, Any]]]:
    table, named, columns = _ROWS[subject]
    beside = _BESIDE[subject](connection, ids) if subject in _BESIDE else {}
    wanted = select(table.c.id, *(table.c[name] for name in dict.fromkeys((named, *columns))))
    for row in connection.execute(wanted.where(table.c.id.in_(ids))):
        said = {name: _said(row._mapping[name]) for name in columns}  # noqa: SLF001 - SQLAlchemy's public name
        said |= {name: json.loads(said[name]) for name in _AS_JSON if name in said}
        said |= beside.get(row.id, {})
        yield row.id, str(row._mapping[named]), said  # noqa: SLF001 - SQLAlchemy's public name for it


def cases(connection: Connection, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Mapping[str, Any]]]:
    """Read what rows of cases say of how they began; ``is_ours``: their office is that of their SOP."""
    columns = (instance.c.number, instance.c.year, instance.c.title, instance.c.started_at, instance.c.trial)
    ours = (instance.c.office == process.c.office).label("is_ours")
    found = select(instance.c.id, *columns, process.c.key, ours).join(
        process, process.c.id == instance.c.process
    )
    for id_, number, year, title, began, trial, key, is_ours in connection.execute(
        found.where(instance.c.id.in_(ids))
    ):
        yield (
            id_,
            {
                "number": number,
                "year": year,
                "title": title,
                "started_at": _said(began),
                "trial": trial,
                "key": key,
                "is_ours": is_ours,
            },
        )


def _said(value: Any) -> Any:  # noqa: ANN401 - a column's
    """Say a value as an event says it."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value.isoformat() if isinstance(value, date) else value
