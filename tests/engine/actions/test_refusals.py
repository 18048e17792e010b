"""A refused attempt is on record, cannot fill the record, and stands in nobody's way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from engine.actions import people, roles, tasks
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.errors import Conflict, Forbidden, NotFound, Refused
from engine.ids import new_id
from engine.model.event import Event, EventKind
from engine.storage import people as people_rows
from tests.offices import SAMPLES, Office


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a case and bring it to Kasub."""
    started = office.start().instance
    office.complete(started, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    return started


def refusals(office: Office, case: UUID) -> int:
    return office.kinds(case).count(EventKind.ATTEMPT_REFUSED)


def test_it_says_who_wanted_what_and_why_not(office: Office, case: UUID) -> None:
    with pytest.raises(Forbidden):
        tasks.claim(office.engine, office.people["joko"], office.open_task(case, "memeriksa").id)
    refused = office.events(case)[-1]
    told = json.loads(refused.payload or "")
    assert (refused.actor, refused.element) == (office.people["joko"].person, "memeriksa")
    assert told["act"] == EventKind.TASK_CLAIMED
    assert "another role" in told["why"]


def test_what_does_not_exist_for_somebody_leaves_no_trace(office: Office, case: UUID) -> None:
    with pytest.raises(NotFound):
        tasks.claim(office.engine, office.people["tono"], office.open_task(case, "memeriksa").id)
    assert refusals(office, case) == 0


def test_nobody_fills_the_record_with_refusals(office: Office, case: UUID) -> None:
    task = office.open_task(case, "memeriksa").id
    for _ in range(30):
        with pytest.raises(Forbidden):
            tasks.claim(office.engine, office.people["joko"], task)
    assert refusals(office, case) == 10
    with pytest.raises(Forbidden):
        tasks.claim(office.engine, office.people["agus"], task)
    assert refusals(office, case) == 11


def test_it_changes_nothing_that_the_holder_compares(office: Office, case: UUID) -> None:
    task = office.open_task(case, "memeriksa")
    with pytest.raises(Forbidden):
        tasks.pause(office.engine, office.people["joko"], task.id, "Supaya terlambat")
    assert office.open_task(case, "memeriksa") == task
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    seqs = [event.seq for event in office.events(case)]
    assert seqs == list(range(1, len(seqs) + 1))


def refused_in_the_office(office: Office) -> tuple[Event, dict[str, Any]]:
    """Find what the office's stream ends with, when that is a refusal."""
    event = office.events(office.id)[-1]
    assert event.kind is EventKind.ATTEMPT_REFUSED
    return event, json.loads(event.payload or "")


def test_a_refused_start_is_on_record_at_the_office(office: Office) -> None:
    attempt = new_id()
    with pytest.raises(Forbidden):
        office.start("rina", attempt=attempt)
    event, told = refused_in_the_office(office)
    assert (event.actor, event.attempt) == (office.people["rina"].person, attempt)
    assert (told["act"], told["key"], told["year"]) == (EventKind.CASE_STARTED, "izin", 2027)
    assert "role of the first step" in told["why"]


def test_a_start_with_the_attempt_of_somebody_else_is_on_record(office: Office) -> None:
    attempt = new_id()
    office.start("joko", attempt=attempt)
    with pytest.raises(Conflict):
        office.start("wati", attempt=attempt)
    assert refused_in_the_office(office)[0].actor == office.people["wati"].person


def test_a_deployment_by_who_may_not_is_on_record(office: Office) -> None:
    package = read_package(SAMPLES / "izin")
    with pytest.raises(Forbidden):
        deploy(office.engine, office.people["joko"], package)
    _event, told = refused_in_the_office(office)
    assert (told["act"], told["key"]) == (EventKind.VERSION_DEPLOYED, "izin")
    assert told["sha256"] == package.digest.hex()


def test_a_refused_diagram_is_on_record_with_what_was_found(office: Office) -> None:
    package = read_package(SAMPLES / "izin")
    broken = replace(package, bpmn=package.bpmn.replace(b'role="kasub"', b'role="bupati"'))
    with pytest.raises(Refused):
        deploy(office.engine, operator(office.id), broken)
    event, told = refused_in_the_office(office)
    assert event.actor is None
    assert ["unknown-role", "lane_kasub"] in told["found"]


def test_a_refused_act_of_administration_is_on_record(office: Office) -> None:
    dewi = office.people["dewi"]
    assert dewi.person is not None
    with pytest.raises(Forbidden):
        people.deactivate_person(office.engine, dewi, dewi.person)
    event, told = refused_in_the_office(office)
    assert (event.actor, told["act"]) == (dewi.person, EventKind.PERSON_CHANGED)
    with office.engine.store.reading() as connection:
        role = people_rows.role_keys(connection, office.id)["admin"]
        [held] = people_rows.assignments_of(connection, dewi.person, role)
    with pytest.raises(Forbidden):
        roles.end_role(office.engine, dewi, held.id, "2026-11-30")
    assert refused_in_the_office(office)[1]["act"] == EventKind.ROLE_ENDED


def test_who_is_an_administrator_no_more_administers_nothing_more(office: Office) -> None:
    """The page was opened before; the request comes after."""
    dewi = office.people["dewi"]
    assert dewi.person is not None
    with office.engine.store.transaction() as connection:
        people_rows.change(connection, dewi.person, {"active": False})
    with pytest.raises(Forbidden, match="no longer"):
        roles.add_unit(office.engine, dewi, "Bidang Baru")
    assert refused_in_the_office(office)[1]["act"] == EventKind.UNIT_ADDED
