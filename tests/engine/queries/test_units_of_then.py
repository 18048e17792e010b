"""Whose unit took part in a case is told by what it was then: moving people changes no audit of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions import assignments
from engine.actions.people import PersonForm, change_person
from engine.errors import NotFound
from engine.queries.case_access import audits, visible
from engine.queries.completeness import completeness
from engine.queries.figures import figures_page
from engine.queries.figures_asked import FiguresAsked
from engine.queries.people import units_page
from engine.storage.tables import instance
from tests.offices import Office, assign
from tests.plans import plan_of

WEEK = FiguresAsked(sop="izin", since=date(2026, 11, 23), until=date(2026, 11, 29))


@pytest.fixture
def units(office: Office) -> tuple[UUID, UUID]:
    """Give the office's units; the letter every office of the tests begins with is ended."""
    dewi = office.people["dewi"]
    for one in office.people["agus"].coverage:
        assignments.end(office.engine, dewi, one.assignment, "Selesai")
    secretariat, field = (unit for unit, _name, _people in units_page(office.engine, dewi))
    return secretariat, field


def move(office: Office, unit: UUID | None) -> None:
    """Let the administrator say of which unit Joko is."""
    joko = office.people["joko"].person
    assert joko is not None
    form = PersonForm(sign_in_name="joko.kantor", name="Joko", unit=unit.hex if unit else "")
    change_person(office.engine, office.people["dewi"], joko, form)


def auditor_of(office: Office, unit: UUID) -> None:
    """Give Agus a letter for one unit alone."""
    assign(office, "agus", number="700/9/2026", units=(unit.hex,))
    letters = tuple(one for one in office.people["agus"].coverage if one.units)
    office.people["agus"] = replace(office.people["agus"], coverage=letters)


def seen(office: Office) -> list[UUID]:
    with office.engine.store.reading() as connection:
        return list(connection.scalars(select(instance.c.id).where(visible(office.people["agus"]))))


@pytest.mark.parametrize("whereto", ["another", "none"])
def test_who_moves_a_person_takes_no_case_from_the_audit_of_their_unit(
    office: Office, units: tuple[UUID, UUID], whereto: str
) -> None:
    secretariat, field = units
    move(office, field)
    case = office.start().instance
    auditor_of(office, field)
    move(office, secretariat if whereto == "another" else None)
    assert seen(office) == [case]
    with office.engine.store.reading() as connection:
        assert audits(connection, office.people["agus"], case)
    assert figures_page(office.engine, office.people["agus"], WEEK).cases.started == 1


def test_a_person_brings_no_earlier_case_along_to_their_new_unit(
    office: Office, units: tuple[UUID, UUID]
) -> None:
    secretariat, field = units
    move(office, field)
    case = office.start().instance
    move(office, secretariat)
    auditor_of(office, secretariat)
    assert seen(office) == []
    with office.engine.store.reading() as connection, pytest.raises(NotFound):
        audits(connection, office.people["agus"], case)
    assert figures_page(office.engine, office.people["agus"], WEEK).cases.started == 0
    later = office.start(knowingly=True).instance
    assert seen(office) == [later]


def test_who_takes_part_again_from_another_unit_did_so_for_the_first(
    office: Office, units: tuple[UUID, UUID]
) -> None:
    secretariat, field = units
    move(office, field)
    case = office.start().instance
    move(office, secretariat)
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    auditor_of(office, field)
    assert seen(office) == [case]


def test_what_a_unit_started_stays_its_own_in_completeness(office: Office, units: tuple[UUID, UUID]) -> None:
    secretariat, field = units
    office.start()
    move(office, field)
    office.start(knowingly=True)
    office.start(knowingly=True)
    before = [(one.unit, one.cases) for one in completeness(office.engine, office.people["agus"], None).units]
    assert before == [("Dinas Contoh", 1), ("Sekretariat", 0), ("Bidang SD", 2)]
    move(office, secretariat)
    after = completeness(office.engine, office.people["agus"], None).units
    assert [(one.unit, one.cases) for one in after] == before
    assert {one.unit: one.people for one in after}["Sekretariat"] == 1


def test_cases_of_a_unit_are_found_by_their_index(office: Office, units: tuple[UUID, UUID]) -> None:
    auditor_of(office, units[1])
    with office.engine.store.reading() as connection:
        wanted = select(instance.c.id).where(visible(office.people["agus"]))
        assert "ix_participant_unit" in plan_of(connection, lambda: connection.execute(wanted).all())
