"""Rows that pages show and decide by are held against the record, and each that has none is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from engine.actions import assignments
from engine.actions.assignments import LetterForm, TeamForm
from engine.ids import new_id
from engine.storage.tables import (
    audit_assignment,
    audit_member,
    finding,
    finding_case,
    inquiry,
    role,
    role_assignment,
    sample,
    sample_case,
)
from engine.storage.tables import office as office_row
from engine.storage.tables import person as person_row
from tests.audits import LETTER, audit, person, wrong
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


def letter_of(office: Office) -> UUID:
    """Give the letter of the team that audits."""
    return next(one.assignment for one in office.people["agus"].coverage if one.number == LETTER)


def until(office: Office, day: date) -> None:
    """Let everybody of the audit's team be of it until a day."""
    ours = (audit_member.c.assignment == letter_of(office), audit_member.c.person == person(office, "tono"))
    with office.engine.store.transaction() as connection:
        connection.execute(update(audit_member).where(*ours).values(until=day))


def test_somebody_who_left_a_team_and_is_of_it_again(audited: Office) -> None:
    agus, letter = person(audited, "agus").hex, letter_of(audited)
    form = TeamForm(valid_until="2030-12-31", team=(agus,), head=agus)
    assignments.change(audited.engine, audited.people["dewi"], letter, form)
    assert wrong(audited) == []
    until(audited, date(2030, 12, 30))
    assert "somebody is of its team for longer than recorded" in wrong(audited)[0]


def test_a_team_that_goes_on_after_its_letter_has_ended(audited: Office) -> None:
    assignments.end(audited.engine, audited.people["dewi"], letter_of(audited), "Selesai")
    assert wrong(audited) == []
    until(audited, date(2030, 12, 31))
    assert "somebody is of its team for longer than recorded" in wrong(audited)[0]


def test_a_role_of_another_kind_under_the_same_name(audited: Office) -> None:
    with audited.engine.store.transaction() as connection:
        unit = connection.scalar(select(office_row.c.id).where(office_row.c.parent.is_not(None)))
        held = connection.execute(
            select(role_assignment).where(role_assignment.c.person == person(audited, "joko"))
        )
        row = held.mappings().first()
        assert row
        other = new_id()
        again(connection, role, role.c.id == row["role"], id=other, office=unit, kind="administrator")
        connection.execute(
            update(role_assignment).where(role_assignment.c.id == row["id"]).values(role=other)
        )
    assert any("it is there, and no event tells of it" in one for one in wrong(audited))


def test_an_sop_that_was_named_twice_is_no_finding(audited: Office) -> None:
    agus = person(audited, "agus").hex
    form = LetterForm(
        number="9/2026",
        dated="2026-11-20",
        issuer="Inspektur",
        valid_from="2026-11-23",
        valid_until="2026-11-27",
        team=(agus,),
        head=agus,
        sops=("izin", "izin"),
    )
    assignments.issue(audited.engine, audited.people["dewi"], form)
    assert wrong(audited) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (finding, {"state": "closed", "conclusion": "Tuntas."}),
        (finding, {"follow_up": "done", "follow_up_text": "Selesai."}),
        (sample, {"state": "reviewed"}),
        (sample, {"review": "Sudah."}),
        (sample, {"conclusion": "Sesuai."}),
        (finding, {"assignment": None}),
        (inquiry, {"asked_of": None}),
        (person_row, {"active": False}),
    ],
)
def test_what_no_event_has_said_yet(audited: Office, table: Table, values: dict[str, object]) -> None:
    with audited.engine.store.reading() as connection:
        other = connection.scalar(select(audit_assignment.c.id).where(audit_assignment.c.number != LETTER))
    new = {"assignment": other, "asked_of": person(audited, "joko")}
    changed(
        table, audited, **{name: new.get(name) if value is None else value for name, value in values.items()}
    )
    assert "its row says otherwise than the record" in "".join(wrong(audited))
