"""Reading a case of which one is no part is on record, in the office's stream and not in the case's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import assignments as letters
from engine.actions import reads
from engine.errors import NotFound
from engine.queries import assignments
from tests.offices import Office, assign, furnish


def readings(office: Office) -> list[dict[str, Any]]:
    events = [event for event in office.events(office.id) if event.kind == "case.read"]
    return [{"actor": event.actor, **json.loads(event.payload or "{}")} for event in events]


def read(office: Office, name: str, case: UUID, page: str = "cases") -> None:
    reads.note_case(office.engine, office.people[name], case, page)


@pytest.mark.parametrize("reader", ["agus", "dewi", "putu"])
def test_who_only_supervises_leaves_a_reading(office: Office, reader: str) -> None:
    case = office.start()
    read(office, reader, case.instance)
    told = readings(office)[0]
    assert (told["actor"], told["case"], told["page"]) == (
        office.people[reader].person,
        case.instance.hex,
        "cases",
    )
    assert told["number"] == case.number
    assert told["letters"] == (["700/1/2026"] if reader == "agus" else [])


def test_who_takes_part_or_has_the_role_of_a_task_leaves_none(office: Office) -> None:
    case = office.start(by="joko").instance
    read(office, "joko", case)
    read(office, "wati", case)
    assert readings(office) == []


def test_a_reading_names_the_letters_that_cover_the_case(office: Office) -> None:
    assign(office, "agus", number="700/2/2026", sops=("izin",))
    assign(office, "agus", number="700/3/2026", cases_until="2026-01-31")
    read(office, "agus", office.start().instance)
    assert sorted(readings(office)[0]["letters"]) == ["700/1/2026", "700/2/2026"]


def test_within_a_quarter_of_an_hour_a_page_is_read_once(office: Office) -> None:
    case, begun = office.start().instance, office.clock.now()
    for minutes, count in ((0, 1), (14, 1), (15, 2), (29, 2), (30, 3)):
        office.clock.set(begun + timedelta(minutes=minutes))
        read(office, "agus", case)
        assert len(readings(office)) == count
    read(office, "agus", case, "cases/history")
    read(office, "dewi", case)
    assert len(readings(office)) == 5


def test_reading_moves_nothing_of_the_case(office: Office) -> None:
    case = office.start().instance
    before = len(office.events(case))
    read(office, "agus", case)
    assert len(office.events(case)) == before


def test_a_case_that_is_not_there_for_somebody_is_not_found_and_leaves_no_reading(office: Office) -> None:
    there = furnish(office.engine, office.clock, "lain")
    case = there.start().instance
    with pytest.raises(NotFound):
        read(office, "dewi", case)
    for one in assignments.assignments_page(office.engine, office.people["dewi"]):
        letters.end(office.engine, office.people["dewi"], one.id, "Selesai")
    assert readings(office) == []


def test_a_page_of_a_task_is_a_reading_of_its_case(office: Office) -> None:
    case = office.start().instance
    task = office.tasks(case)[0].id
    reads.note_task(office.engine, office.people["agus"], task, f"tasks/{task.hex}")
    assert [(one["case"], one["page"]) for one in readings(office)] == [(case.hex, f"tasks/{task.hex}")]
