"""Back to an earlier revision: as it was, at once, by an approver who has not worked on it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from engine.actions.approvals import withdraw
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.reinstatement import reinstate
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.queries.library import sop_page
from engine.queries.review import review_page
from engine.storage.startable import startable
from engine.storage.tables import process_version
from engine.storage.versions import find_process
from tests.offices import Office
from tests.revising import approved, submitted, today

WHY = "Revisi 3 tidak dapat dijalankan"


@pytest.fixture
def replaced(office: Office) -> Office:
    """Let revision 2 be in force for a week, and revision 3 take its place."""
    approved(office, submitted(office), today(office))
    office.clock.move(timedelta(days=7))
    approved(office, submitted(office, to="PT4H"), today(office))
    return office


def states(office: Office) -> dict[int, str]:
    with office.engine.store.reading() as connection:
        rows = connection.execute(select(process_version.c.number, process_version.c.state)).all()
    return {row.number: row.state for row in rows}


def digest(office: Office, number: int) -> bytes:
    with office.engine.store.reading() as connection:
        found = select(process_version.c.digest).where(process_version.c.number == number)
        return connection.execute(found).scalar_one()


def test_it_is_in_force_again_as_it_was(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    before = digest(office, 2)
    assert review_page(office.engine, lina, "izin", 3).before == 2
    reinstate(office.engine, lina, "izin", 2, WHY)
    assert states(office) == {
        1: VersionState.SUPERSEDED,
        2: VersionState.IN_FORCE,
        3: VersionState.SUPERSEDED,
    }
    assert digest(office, 2) == before
    shown = sop_page(office.engine, office.people["joko"], "izin")
    assert (shown.version.number, shown.header.number) == (2, "065/12/2026")
    assert (shown.version.reinstated_on, shown.version.reason) == (today(office), WHY)
    assert shown.version.effective_from == today(office) - timedelta(days=7)  # what was approved stays so
    with office.engine.store.reading() as connection:
        process = find_process(connection, office.id, "izin")
        assert process is not None
        [one] = startable(connection, process, today(office), office.people["joko"].person)
    assert (one.number, one.state) == (2, VersionState.IN_FORCE)
    told = office.events(process)[-1]
    assert (told.kind, told.actor) == (EventKind.VERSION_REINSTATED, lina.person)
    said = json.loads(told.payload or "")
    assert (said["number"], said["sha256"], said["reason"]) == (2, before.hex(), WHY)
    assert said["superseded"] == [[3, VersionState.IN_FORCE]]


def test_and_the_other_one_again_after_it(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    reinstate(office.engine, lina, "izin", 2, WHY)
    reinstate(office.engine, lina, "izin", 3, "Revisi 3 sudah dapat dijalankan")
    assert states(office)[3] == VersionState.IN_FORCE
    assert states(office)[2] == VersionState.SUPERSEDED


def test_it_is_there_too_where_the_one_in_force_was_withdrawn(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    withdraw(office.engine, lina, "izin", 3, "Keliru")
    reinstate(office.engine, lina, "izin", 2, WHY)
    assert states(office)[2] == VersionState.IN_FORCE


def test_what_is_approved_for_later_still_comes(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    approved(office, submitted(office, to="PT5H"), today(office) + timedelta(days=3))
    coming = review_page(office.engine, lina, "izin", 2).coming
    assert coming is not None
    assert coming.number == 4
    reinstate(office.engine, lina, "izin", 2, WHY)
    office.clock.move(timedelta(days=3))
    assert bring_due_into_force(office.engine) == 1
    assert states(office)[2] == VersionState.SUPERSEDED
    assert states(office)[4] == VersionState.IN_FORCE


def test_of_two_that_come_into_force_at_once_one_is(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    number, both = submitted(office, to="PT5H"), Barrier(2)

    def back() -> None:
        both.wait()
        reinstate(office.engine, lina, "izin", 2, WHY)

    def on() -> None:
        both.wait()
        approved(office, number, today(office))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(back), pool.submit(on)]:
            done.result()
    assert sorted(number for number, state in states(office).items() if state == VersionState.IN_FORCE) in (
        [2],
        [number],
    )


def test_an_author_does_not_put_it_in_force_again(replaced: Office) -> None:
    office, lina, putu = replaced, replaced.people["lina"], replaced.people["putu"]
    with pytest.raises(NotFound):  # has not the right
        reinstate(office.engine, putu, "izin", 2, WHY)
    both = replace(putu, roles=putu.roles + lina.roles)
    assert not review_page(office.engine, both, "izin", 2).may_reinstate
    with pytest.raises(Forbidden):
        reinstate(office.engine, both, "izin", 2, WHY)
    assert states(office)[3] == VersionState.IN_FORCE


def test_it_takes_a_reason(replaced: Office) -> None:
    with pytest.raises(Invalid):
        reinstate(replaced.engine, replaced.people["lina"], "izin", 2, " ")


@pytest.mark.parametrize("number", [1, 3])
def test_only_what_was_in_force_comes_back(replaced: Office, number: int) -> None:
    """The first was an operator's trial, which nobody has approved; the third is in force."""
    with pytest.raises(Conflict, match="was not in force before"):
        reinstate(replaced.engine, replaced.people["lina"], "izin", number, WHY)
