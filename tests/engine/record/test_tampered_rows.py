"""Rows that pages show and decide by are held against the record, and each that has none is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from engine.ids import new_id
from engine.storage.tables import (
    audit_assignment,
    audit_member,
    finding,
    finding_case,
    inquiry,
    role_assignment,
    sample,
    sample_case,
)
from tests.audits import audit, person, wrong
from tests.offices import Office


@pytest.fixture
def audited(office: Office, tmp_path: Path) -> Office:
    """Give an office that is audited, whose record is whole."""
    found = audit(office, tmp_path)
    assert wrong(found) == []
    return found


def changed(table: Table, office: Office, **values: object) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(update(table).values(**values))


def again(connection: Connection, table: Table, *where: ColumnElement[bool], **values: object) -> None:
    """Put in a row like one that is there."""
    row = connection.execute(select(table).where(*where)).mappings().first()
    assert row
    connection.execute(insert(table).values({**row, **values}))


@pytest.mark.parametrize("column", ["prepared_by", "reviewed_by", "delivered_by", "answered_by"])
def test_who_did_what_of_a_finding(audited: Office, column: str) -> None:
    changed(finding, audited, **{column: person(audited, "joko")})
    assert f"finding 1: its row says otherwise than the record ({column})" in wrong(audited)[0]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (finding, {"figures": "[]"}),
        (inquiry, {"answer": "Tidak tahu."}),
        (sample, {"seed": "2"}),
        (sample_case, {"verdict": "in-order"}),
        (sample_case, {"note": "Sesuai."}),
        (role_assignment, {"since": date(2020, 1, 1)}),
        (audit_assignment, {"cases_from": date(2020, 1, 1)}),
        (audit_member, {"head": False}),
    ],
)
def test_what_a_row_says(audited: Office, table: Table, values: dict[str, object]) -> None:
    changed(table, audited, **values)
    assert all("its row says otherwise than the record" in one for one in wrong(audited))
    assert wrong(audited)


def test_another_role_for_the_same_person(audited: Office) -> None:
    held = role_assignment.c
    with audited.engine.store.transaction() as connection:
        other = connection.scalar(select(held.role).where(held.person == person(audited, "dewi")))
        connection.execute(
            update(role_assignment).where(held.person == person(audited, "joko")).values(role=other)
        )
    assert "(role)" in wrong(audited)[0]


@pytest.mark.parametrize("table", [role_assignment, audit_member])
def test_what_is_taken_away(audited: Office, table: Table) -> None:
    with audited.engine.store.transaction() as connection:
        connection.execute(delete(table))
    assert wrong(audited)


def test_another_event_that_a_finding_is_about(audited: Office) -> None:
    with audited.engine.store.transaction() as connection:
        one, case = connection.scalar(select(finding.c.id)), connection.scalar(select(inquiry.c.instance))
        connection.execute(insert(finding_case).values(finding=one, instance=case, seq=7))
    assert wrong(audited) == ["finding 1: its row says otherwise than the record (cases)"]


def test_a_role_that_nobody_gave(audited: Office) -> None:
    with audited.engine.store.transaction() as connection:
        ours = role_assignment.c.person == person(audited, "dewi")
        again(connection, role_assignment, ours, id=new_id(), person=person(audited, "joko"))
    [said] = wrong(audited)
    assert said.startswith("role_assignment")
    assert said.endswith("it is there, and no event tells of it")


def test_a_letter_that_nobody_issued(audited: Office) -> None:
    with audited.engine.store.transaction() as connection:
        again(connection, audit_assignment, id=new_id(), number="999/2026")
    assert wrong(audited) == ["assignment 999/2026: it is there, and no event tells of it"]


@pytest.mark.parametrize("until", [date(2026, 11, 26), None])
def test_somebody_who_was_put_into_a_team(audited: Office, until: date | None) -> None:
    with audited.engine.store.transaction() as connection:
        more = {"person": person(audited, "joko")} | ({"until": until} if until else {})
        again(connection, audit_member, **more)
    assert "(members" in wrong(audited)[0]


def test_a_finding_that_nobody_wrote(audited: Office) -> None:
    with audited.engine.store.transaction() as connection:
        again(connection, finding, id=new_id(), number=99)
    assert wrong(audited) == ["finding 99: it is there, and no event tells of it"]
