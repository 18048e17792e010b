"""A refused attempt is on record, cannot fill the record, and stands in nobody's way."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from engine.actions import tasks
from engine.errors import Forbidden, NotFound
from engine.model.event import EventKind
from tests.offices import Office


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
