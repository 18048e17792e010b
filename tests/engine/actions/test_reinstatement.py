"""Back to an earlier revision: as it was, at once, by an approver who has not worked on it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from engine.actions.acknowledgements import Unread, acknowledge, set_policy
from engine.actions.approvals import withdraw
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.reinstatement import reinstate
from engine.actions.tasks import claim
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.model.revision import Acknowledging
from engine.queries.acknowledging import readers_page, reading_page
from engine.queries.inbox import InboxFilter, inbox_page
from engine.queries.library import sop_page
from engine.queries.review import review_page
from engine.storage import acknowledgements, revisions
from engine.storage.startable import startable
from engine.storage.tables import process_version
from engine.storage.versions import find_process
from tests.offices import Office
from tests.revising import approved, submitted, today

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
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


def test_only_what_was_in_force_comes_back(replaced: Office) -> None:
    """The first was an operator's trial, which nobody has approved."""
    with pytest.raises(Conflict, match="was not in force before"):
        reinstate(replaced.engine, replaced.people["lina"], "izin", 1, WHY)


def test_a_second_click_is_told_since_when_it_is_in_force(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    with pytest.raises(Conflict, match="3 is in force already, since 2026-11-30"):
        reinstate(office.engine, lina, "izin", 3, WHY)
    office.clock.move(timedelta(days=1))
    reinstate(office.engine, lina, "izin", 2, WHY)
    with pytest.raises(Conflict, match="2 is in force already, since 2026-12-01"):
        reinstate(office.engine, lina, "izin", 2, WHY)


@pytest.fixture
def back(replaced: Office) -> Office:
    """Let joko have read revisions 2 and 3, and revision 2 be in force again."""
    office, person = replaced, replaced.people["joko"].person
    assert person is not None
    for number in (2, 3):
        with office.engine.store.transaction() as connection:  # as each of them was in force
            found = revisions.standing(connection, office.id, "izin", number)
            assert found is not None
            acknowledgements.add(connection, found.id, person, office.clock.now(), again=None)
    office.clock.move(timedelta(days=7))
    reinstate(office.engine, office.people["lina"], "izin", 2, WHY)
    office.clock.move(timedelta(minutes=5))
    return office


def asked(office: Office, by: str) -> list[tuple[str, str, int]]:
    return list(inbox_page(office.engine, office.people[by], InboxFilter()).unread)


def test_who_had_read_it_is_asked_to_read_it_again(back: Office) -> None:
    joko = back.people["joko"]
    assert asked(back, "joko") == asked(back, "wati") == [("izin", "Izin Kegiatan", 2)]
    assert reading_page(back.engine, joko, "izin", 2).read_at is None
    acknowledge(back.engine, joko, "izin", 2)
    acknowledge(back.engine, joko, "izin", 2)
    assert asked(back, "joko") == []
    assert reading_page(back.engine, joko, "izin", 2).read_at == back.clock.now()
    with back.engine.store.reading() as connection:
        sop = find_process(connection, back.id, "izin")
    assert sop is not None
    assert back.kinds(sop).count("version.acknowledged") == 1


def test_who_has_not_read_it_again_takes_no_task_where_that_is_blocked(back: Office) -> None:
    set_policy(back.engine, back.people["putu"], "izin", Acknowledging.BLOCK)
    task = back.open_task(back.start().instance, "mengajukan").id
    with pytest.raises(Unread, match="Read first what revision 2"):
        claim(back.engine, back.people["joko"], task)
    acknowledge(back.engine, back.people["joko"], "izin", 2)
    claim(back.engine, back.people["joko"], task)


def test_it_is_compared_with_the_last_one_also_of_the_same_day(back: Office) -> None:
    office, lina = back, back.people["lina"]

    def against(number: int) -> int | None:
        return review_page(office.engine, lina, "izin", number).against.usual

    assert against(2) == 3
    reinstate(office.engine, lina, "izin", 3, "Revisi 3 sudah dapat dijalankan")
    assert against(3) == 2
    office.clock.move(timedelta(hours=1))
    withdraw(office.engine, lina, "izin", 3, "Keliru")
    reinstate(office.engine, lina, "izin", 2, WHY)
    assert (against(2), against(3)) == (3, 2)


def test_one_that_was_withdrawn_on_its_first_day_was_worked_by(replaced: Office) -> None:
    office, lina = replaced, replaced.people["lina"]
    office.clock.move(timedelta(hours=1))
    withdraw(office.engine, lina, "izin", 3, "Keliru")
    reinstate(office.engine, lina, "izin", 2, WHY)
    assert review_page(office.engine, lina, "izin", 2).against.usual == 3


def test_done_unread_is_counted_from_when_it_is_in_force_again(replaced: Office) -> None:
    office = replaced

    def done() -> tuple[int, bool]:
        page = readers_page(office.engine, office.people["putu"], "izin")
        [row] = [one for one in page.readers if "Joko" in one.who]
        return row.done, row.read_at is not None

    def complete(year: int) -> None:
        office.clock.move(timedelta(minutes=5))
        task = office.open_task(office.start(year=year).instance, "mengajukan").id
        office.complete_task(task, "joko", ASKED)
        office.clock.move(timedelta(minutes=5))

    complete(2027)
    assert done() == (1, False)
    reinstate(office.engine, office.people["lina"], "izin", 2, WHY)
    assert done() == (0, False)
    complete(2028)
    assert done() == (1, False)
    acknowledge(office.engine, office.people["joko"], "izin", 2)
    complete(2029)
    assert done() == (1, True)
