"""The inbox: what waits for whom, in which order, found how."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions import tasks
from engine.model.actor import Actor
from engine.model.task import Task
from engine.queries import inbox
from engine.queries.inbox import Due, InboxFilter, InboxPage, Place, Sort, Tab
from tests.offices import Office

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}


def see(office: Office, who: str, **wanted: object) -> InboxPage:
    return inbox.inbox_page(office.engine, office.people[who], InboxFilter(**wanted))  # type: ignore[arg-type]


def numbers(page: InboxPage) -> list[str]:
    return [row.case_number for row in page.rows]


def held_by(office: Office, name: str) -> UUID:
    person = office.people[name].person
    assert person is not None
    return person


@pytest.fixture
def three(office: Office) -> list[UUID]:
    """Start three cases an hour apart: each waits in the pool of Staf, due two hours later."""
    cases = []
    for title in ("Pelatihan guru", "Lomba siswa", "Rapat dinas"):
        cases.append(office.start(title=title, knowingly=True).instance)
        office.clock.move(timedelta(hours=1))
    return cases


def test_the_pool_of_ones_role_is_sorted_by_due_time(office: Office, three: list[UUID]) -> None:
    page = see(office, "joko")
    assert [row.task.instance for row in page.rows] == three
    assert {row.act for row in page.rows} == {"claim"}
    assert page.counts == {Tab.MINE: 3, Tab.UNIT: 3, Tab.ASSIGNED: 0}


@pytest.mark.usefixtures("three")
def test_nothing_waits_for_another_role_or_for_who_holds_none(office: Office) -> None:
    for who in ("rina", "putu", "tono"):
        assert see(office, who).rows == ()
        assert inbox.waiting(office.engine, office.people[who]) == 0


def test_what_a_colleague_took_is_in_the_unit_only(office: Office, three: list[UUID]) -> None:
    tasks.claim(office.engine, office.people["wati"], office.open_task(three[0], "mengajukan").id)
    assert [row.task.instance for row in see(office, "joko").rows] == three[1:]
    unit = see(office, "joko", tab=Tab.UNIT)
    assert [(row.holder, row.act) for row in unit.rows] == [
        ("Staf Subbag (Wati)", "look"),
        ("", "claim"),
        ("", "claim"),
    ]
    assert [row.act for row in see(office, "wati").rows] == ["go-on", "claim", "claim"]


def test_what_one_handed_out_stays_in_sight(office: Office, three: list[UUID]) -> None:
    office.complete(three[0], "mengajukan", "joko", ASKED)
    task = office.open_task(three[0], "memeriksa")
    tasks.assign(office.engine, office.people["rina"], task.id, held_by(office, "wati"))
    assert [row.holder for row in see(office, "rina", tab=Tab.ASSIGNED).rows] == ["Staf Subbag (Wati)"]
    assert task.id in [row.task.id for row in see(office, "wati").rows]
    assert task.id not in [row.task.id for row in see(office, "rina").rows]


def test_who_prepares_a_task_finds_it_once(office: Office, three: list[UUID]) -> None:
    task = office.open_task(three[0], "mengajukan")
    tasks.ask_preparation(office.engine, office.people["joko"], task.id, held_by(office, "wati"))
    assert [row.act for row in see(office, "wati").rows if row.task.id == task.id] == ["prepare"]
    assert [row.preparer for row in see(office, "joko").rows if row.task.id == task.id] == [
        "Staf Subbag (Wati)"
    ]
    tasks.release(office.engine, office.people["joko"], task.id)
    assert [row.task.id for row in see(office, "wati").rows].count(task.id) == 1


def test_what_one_completed_is_listed_last_first(office: Office, three: list[UUID]) -> None:
    for case in three[:2]:
        office.complete(case, "mengajukan", "joko", ASKED)
        office.clock.move(timedelta(minutes=1))
    done = see(office, "joko", tab=Tab.DONE)
    assert [row.task.instance for row in done.rows] == [three[1], three[0]]
    assert see(office, "wati", tab=Tab.DONE).rows == ()


def test_the_other_orders(office: Office, three: list[UUID]) -> None:
    assert [row.task.instance for row in see(office, "joko", sort=Sort.NEWEST).rows] == three[::-1]
    assert numbers(see(office, "joko", sort=Sort.NUMBER)) == ["001/IZ/2026", "002/IZ/2026", "003/IZ/2026"]


def test_due_times_are_filtered(office: Office, three: list[UUID]) -> None:
    office.clock.move(timedelta(minutes=-30))  # the first is late by half an hour
    assert [row.task.instance for row in see(office, "joko", due=Due.LATE).rows] == three[:1]
    assert [row.task.instance for row in see(office, "joko", due=Due.TODAY).rows] == three[1:]
    assert [row.task.instance for row in see(office, "joko", due=Due.WEEK).rows] == three[1:]
    tasks.pause(office.engine, office.people["joko"], office.open_task(three[2], "mengajukan").id, "Menunggu")
    assert [row.task.instance for row in see(office, "joko", due=Due.NONE).rows] == three[2:]


@pytest.mark.usefixtures("three")
def test_an_sop_is_filtered(office: Office) -> None:
    assert len(see(office, "joko", process="izin").rows) == 3
    assert see(office, "joko", process="tidak-ada").rows == ()
    assert ("izin", "Izin Kegiatan") in see(office, "joko").processes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("002/IZ/2026", ["002/IZ/2026"]),
        ("002/iz", ["002/IZ/2026"]),
        ("lomba", ["002/IZ/2026"]),
        ("LOM sis", ["002/IZ/2026"]),
        ("mengajukan", ["001/IZ/2026", "002/IZ/2026", "003/IZ/2026"]),
        ("izin lomba", ["002/IZ/2026"]),
        ("notulen", []),
        ("%", []),
        ('"); drop', []),
    ],
)
@pytest.mark.usefixtures("three")
def test_it_is_searched_by_number_title_and_step(office: Office, text: str, found: list[str]) -> None:
    assert numbers(see(office, "joko", text=text)) == found


@pytest.mark.usefixtures("three")
def test_a_word_that_many_cases_have_is_found_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.queries.tasks_found._FEW", 1)
    assert len(see(office, "joko", text="2026").rows) == 3
    assert numbers(see(office, "joko", text="izin lomba")) == ["002/IZ/2026"]
    assert numbers(see(office, "joko", text="iz raPat")) == ["003/IZ/2026"]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repetition(
    office: Office, three: list[UUID], sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE", 1)
    seen, after = [], ""
    while True:
        page = see(office, "joko", sort=sort, after=after)
        seen += [row.task.instance for row in page.rows]
        if not page.after:
            break
        after = page.after
    assert sorted(seen) == sorted(three)
    assert page.before
    back = see(office, "joko", sort=sort, before=page.before)
    assert [row.task.instance for row in back.rows] == [seen[1]]
    assert back.after
    assert back.before
    assert see(office, "joko", sort=sort, before=back.before).before == ""


@pytest.mark.parametrize("cursor", ["", "x", "00000000000000000000000000000000.x", "0" * 32 + "." + "9" * 60])
@pytest.mark.usefixtures("three")
def test_a_cursor_that_makes_no_sense_begins_at_the_beginning(office: Office, cursor: str) -> None:
    assert len(see(office, "joko", after=cursor).rows) == 3


@pytest.mark.usefixtures("three")
def test_counting_stops(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "COUNTED", 2)
    assert inbox.waiting(office.engine, office.people["joko"]) == 2
    assert inbox.waiting(office.engine, Actor(person=None, office=office.id, name="")) == 0


def follow(office: Office, done: Task, number: str, **wanted: object) -> tuple[UUID, str] | None:
    place = Place(task=done.id, due_at=done.due_at, number=number)
    with office.engine.store.reading() as connection:
        asked = InboxFilter(**wanted)  # type: ignore[arg-type]
        found = inbox.next_task(office.engine, connection, office.people["joko"], asked, place)
    return (found.id, found.number) if found else None


@pytest.mark.parametrize("sort", [Sort.DUE, Sort.NUMBER])
def test_the_next_task_follows_in_the_list_and_then_from_its_beginning(
    office: Office, three: list[UUID], sort: Sort
) -> None:
    first, second, third = (office.open_task(case, "mengajukan") for case in three)
    office.complete(three[1], "mengajukan", "joko", ASKED)
    assert follow(office, second, "002/IZ/2026", sort=sort) == (third.id, "003/IZ/2026")
    office.complete(three[2], "mengajukan", "joko", ASKED)
    assert follow(office, third, "003/IZ/2026", sort=sort) == (first.id, "001/IZ/2026")
    assert follow(office, third, "003/IZ/2026", text="rapat") is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL plans by how much there is
@pytest.mark.usefixtures("three")
def test_a_page_costs_a_few_index_entries_however_much_is_open(office: Office) -> None:
    plans = "\n".join(plan_of(office, wanted) for wanted in (InboxFilter(), InboxFilter(tab=Tab.UNIT)))
    assert "SCAN task" not in plans
    for name in ("held_due", "prepared", "pool_due", "role_due"):
        assert f"ix_task_{name}" in plans


def test_a_page_is_seven_statements_with_what_is_unread_what_came_of_suggestions_and_what_auditors_ask(
    office: Office,
) -> None:
    """The SOPs to filter by are read anyway; what changed in one comes with them."""
    sent_for(office, InboxFilter())  # the calendar is read once
    assert len([one for one in sent_for(office, InboxFilter()) if one[0].startswith("SELECT")]) == 7


def sent_for(office: Office, wanted: InboxFilter) -> list[tuple[str, tuple[object, ...]]]:
    """Read a page; gives what the database was sent."""
    from sqlalchemy import event  # noqa: PLC0415 - only here

    said: list[tuple[str, tuple[object, ...]]] = []

    def listen(
        _c: object, _cursor: object, statement: str, values: tuple[object, ...], *_rest: object
    ) -> None:
        said.append((statement, values))

    event.listen(office.engine.store.engine, "before_cursor_execute", listen)
    inbox.inbox_page(office.engine, office.people["joko"], wanted)
    event.remove(office.engine.store.engine, "before_cursor_execute", listen)
    return said


def plan_of(office: Office, wanted: InboxFilter) -> str:
    """Ask SQLite how it would read a page."""
    page = next(one for one in sent_for(office, wanted) if "draft_saved_at" in one[0])
    with office.engine.store.reading() as connection:
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + page[0], page[1])
        return "\n".join(row[3] for row in rows)
