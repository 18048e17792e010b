"""Who works by an SOP is asked to read what a revision changed; its owner decides how strictly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from engine.actions.acknowledgements import Unread, acknowledge, set_policy
from engine.actions.tasks import claim
from engine.errors import Conflict, Forbidden, NotFound
from engine.model.event import EventKind
from engine.model.permission import RoleKind
from engine.model.revision import Acknowledging
from engine.queries.acknowledging import readers_page, reading_page
from engine.queries.inbox import InboxFilter, inbox_page
from engine.queries.task_page import task_page
from engine.storage import versions
from tests.offices import Office
from tests.revising import also, approved, submitted, today

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
CHANGED = ("izin", "Izin Kegiatan", 2)


@pytest.fixture
def revised(office: Office) -> Office:
    """Give an office whose SOP has a second revision in force: one step takes longer."""
    approved(office, submitted(office), today(office))
    return office


def asked(office: Office, by: str) -> list[tuple[str, str, int]]:
    return list(inbox_page(office.engine, office.people[by], InboxFilter()).unread)


def policy(office: Office, wanted: Acknowledging) -> None:
    set_policy(office.engine, office.people["putu"], "izin", wanted)


def read(office: Office, by: str, number: int = 2) -> None:
    acknowledge(office.engine, office.people[by], "izin", number)


def waits(office: Office, **facts: Any) -> UUID:
    """Start a case; gives the first task, for joko and wati."""
    case = office.start(**facts).instance
    return office.open_task(case, "mengajukan").id


def process(office: Office) -> UUID:
    with office.engine.store.reading() as connection:
        found = versions.find_process(connection, office.id, "izin")
    assert found is not None
    return found


def test_whose_role_has_work_in_it_is_asked_until_they_say_so(revised: Office) -> None:
    assert asked(revised, "joko") == asked(revised, "wati") == [CHANGED]
    read(revised, "joko")
    assert asked(revised, "joko") == []
    assert asked(revised, "wati") == [CHANGED]


@pytest.mark.parametrize("by", ["putu", "lina", "agus", "tono"])
def test_nobody_else_is_asked(revised: Office, by: str) -> None:
    assert asked(revised, by) == []
    with pytest.raises((Forbidden, NotFound)):
        read(revised, by)


def test_what_an_operator_deployed_is_not_asked_about(office: Office) -> None:
    assert asked(office, "joko") == []


def test_a_revision_whose_day_has_not_come_is_not_asked_about(office: Office) -> None:
    approved(office, submitted(office), today(office) + timedelta(days=3))
    assert asked(office, "joko") == []
    with pytest.raises(Conflict):
        read(office, "joko")


def test_it_is_on_record_once(revised: Office) -> None:
    read(revised, "joko")
    read(revised, "joko")
    said = [one for one in revised.events(process(revised)) if one.kind is EventKind.VERSION_ACKNOWLEDGED]
    assert [one.actor for one in said] == [revised.people["joko"].person]


def test_what_is_read_is_what_changed_for_the_role(revised: Office) -> None:
    [longer] = reading_page(revised.engine, revised.people["joko"], "izin", 2).difference.changes  # type: ignore[union-attr]
    assert longer.role == "staf"
    page = reading_page(revised.engine, revised.people["rina"], "izin", 2)
    assert page.concerned
    assert page.difference is not None
    assert page.difference.changes == ()


def test_shown_is_not_more_than_shown(revised: Office) -> None:
    task = waits(revised)
    assert task_page(revised.engine, revised.people["joko"], task).unread is None
    claim(revised.engine, revised.people["joko"], task)


def test_a_warning_stands_on_the_task_and_stops_nobody(revised: Office) -> None:
    policy(revised, Acknowledging.WARN)
    task = waits(revised)
    unread = task_page(revised.engine, revised.people["joko"], task).unread
    assert unread is not None
    assert (unread.key, unread.name, unread.number) == CHANGED
    claim(revised.engine, revised.people["joko"], task)
    read(revised, "joko")
    assert task_page(revised.engine, revised.people["joko"], task).unread is None


def test_who_has_not_read_takes_no_task_where_that_is_blocked(revised: Office) -> None:
    policy(revised, Acknowledging.BLOCK)
    task = waits(revised)
    joko = revised.people["joko"]
    with pytest.raises(Unread, match="Read first what revision 2 of “Izin Kegiatan” changed") as told:
        claim(revised.engine, joko, task)
    assert (told.value.key, told.value.number) == ("izin", 2)
    with pytest.raises(Unread):
        revised.complete_task(task, "joko", {})
    read(revised, "joko")
    claim(revised.engine, joko, task)


def test_the_owner_decides_how_strictly_and_it_is_on_record(revised: Office) -> None:
    policy(revised, Acknowledging.BLOCK)
    policy(revised, Acknowledging.BLOCK)
    assert revised.kinds(process(revised)).count("acknowledgement.changed") == 1
    for by in ("joko", "lina", "agus", "dewi"):
        with pytest.raises(NotFound):
            set_policy(revised.engine, revised.people[by], "izin", Acknowledging.SHOW)


def test_the_report_names_who_works_on_what_they_have_not_read(revised: Office) -> None:
    read(revised, "wati")
    claim(revised.engine, revised.people["joko"], waits(revised))
    page = readers_page(revised.engine, revised.people["agus"], "izin")
    rows = {one.who.partition(" (")[2].rstrip(")"): one for one in page.readers}
    assert set(rows) == {"Joko", "Wati", "Rina"}
    assert (rows["Joko"].read_at, rows["Joko"].holds) == (None, 1)
    assert rows["Wati"].read_at is not None
    assert page.readers[0].who == "Staf Subbag (Joko)"
    assert {name for name, one in rows.items() if one.is_affected} == {"Joko", "Wati"}
    assert not page.may_change
    with pytest.raises(NotFound):
        readers_page(revised.engine, revised.people["joko"], "izin")


def test_who_approved_it_is_neither_asked_nor_reported(revised: Office) -> None:
    also(revised, "lina", "staf", RoleKind.PERFORMER)
    assert asked(revised, "lina") == []
    page = readers_page(revised.engine, revised.people["putu"], "izin")
    assert not [one for one in page.readers if "Lina" in one.who]


def test_the_report_counts_what_was_completed_unread(revised: Office) -> None:
    revised.clock.move(timedelta(minutes=5))
    task = waits(revised)
    revised.complete_task(task, "joko", ASKED)
    page = readers_page(revised.engine, revised.people["putu"], "izin")
    assert next(one for one in page.readers if "Joko" in one.who).done == 1


def test_what_was_completed_unread_is_counted_where_it_is_kept(revised: Office) -> None:
    """An SOP in force for years has tasks without end; the report reads a number of each person."""
    revised.clock.move(timedelta(minutes=5))
    revised.complete_task(waits(revised, year=2027), "joko", ASKED)
    revised.complete_task(waits(revised, year=2028), "joko", ASKED)
    revised.clock.move(timedelta(minutes=5))
    read(revised, "joko")
    revised.complete_task(waits(revised, year=2029), "joko", ASKED)
    revised.complete_task(waits(revised, year=2030), "wati", ASKED)
    sent: list[str] = []

    def listen(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(revised.engine.store.engine, "before_cursor_execute", listen)
    page = readers_page(revised.engine, revised.people["putu"], "izin")
    event.remove(revised.engine.store.engine, "before_cursor_execute", listen)
    done = {one.who.partition(" (")[2].rstrip(")"): one.done for one in page.readers}
    assert done == {"Joko": 2, "Wati": 1, "Rina": 0}
    [counted] = [one for one in sent if "completed_by" in one]
    assert "GROUP BY task.completed_by" in counted
