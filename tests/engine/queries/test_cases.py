"""The list of cases: only what exists for somebody, the newest first, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from engine.actions import cancellation, tasks
from engine.ids import new_id
from engine.model.job import JobState
from engine.queries.cases import cases_page
from engine.queries.cases_asked import PAGE, CasesAsked, Tab
from engine.storage.tables import job
from tests.offices import Office

ASKED = {"kegiatan": "Pelatihan"}
RUNNING = CasesAsked(tab=Tab.RUNNING)


def numbers(office: Office, name: str, asked: CasesAsked) -> list[str]:
    return [row.number for row in cases_page(office.engine, office.people[name], asked).rows]


def test_who_took_part_follows_the_case(office: Office) -> None:
    office.start()
    assert numbers(office, "joko", CasesAsked(tab=Tab.FOLLOWED)) == ["001/IZ/2026"]
    assert numbers(office, "wati", CasesAsked(tab=Tab.FOLLOWED)) == []


def test_a_case_appears_for_a_role_once_the_role_has_a_task_in_it(office: Office) -> None:
    case = office.start().instance
    assert numbers(office, "rina", RUNNING) == []
    office.complete(case, "mengajukan", "joko", ASKED)
    assert numbers(office, "rina", RUNNING) == ["001/IZ/2026"]


@pytest.mark.parametrize(("name", "seen"), [("putu", 1), ("agus", 1), ("dewi", 1), ("budi", 0), ("tono", 0)])
def test_who_supervises_sees_every_case_and_strangers_none(office: Office, name: str, seen: int) -> None:
    office.start()
    assert len(numbers(office, name, RUNNING)) == seen


def test_a_row_says_where_the_case_stands_and_who_has_it(office: Office) -> None:
    case = office.start().instance
    tasks.claim(office.engine, office.people["joko"], office.open_task(case, "mengajukan").id)
    (row,) = cases_page(office.engine, office.people["agus"], RUNNING).rows
    (step,) = row.steps
    assert (step.name, step.round, step.role_label, step.holder) == (
        "Mengajukan izin",
        1,
        "Staf",
        "Staf Subbag",
    )
    assert step.due_at is not None


def test_late_cases_are_those_with_a_step_past_its_due_time(office: Office) -> None:
    pool, held = office.start().instance, office.start(knowingly=True).instance
    tasks.claim(office.engine, office.people["joko"], office.open_task(held, "mengajukan").id)
    late = CasesAsked(tab=Tab.LATE)
    assert numbers(office, "joko", late) == []
    office.clock.move(timedelta(days=1))
    assert numbers(office, "joko", late) == ["002/IZ/2026", "001/IZ/2026"]
    tasks.claim(office.engine, office.people["wati"], office.open_task(pool, "mengajukan").id)
    tasks.pause(
        office.engine, office.people["wati"], office.open_task(pool, "mengajukan").id, "menunggu bidang"
    )
    assert numbers(office, "joko", late) == ["002/IZ/2026"]


def test_cancelled_cases_have_a_list_of_their_own(office: Office) -> None:
    case = office.start().instance
    cancellation.cancel(office.engine, office.people["putu"], case, "Dobel")
    assert numbers(office, "joko", RUNNING) == []
    assert numbers(office, "joko", CasesAsked(tab=Tab.FINISHED)) == []
    assert numbers(office, "joko", CasesAsked(tab=Tab.CANCELLED)) == ["001/IZ/2026"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("002", ["002/IZ/2026"]),
        ("002/iz", ["002/IZ/2026"]),
        ("pelat guru", ["002/IZ/2026"]),
        ("guru zzz", []),
        ("!!!", []),
        ("%", []),
        ('" OR "1"="1', []),
    ],
)
def test_search_finds_the_beginnings_of_numbers_and_words(
    office: Office, text: str, found: list[str]
) -> None:
    office.start(title="Rapat kerja")
    office.start(title="Pelatihan guru", knowingly=True)
    assert numbers(office, "joko", CasesAsked(tab=Tab.RUNNING, text=text)) == found


def test_the_filter_keeps_the_cases_of_one_sop(office: Office) -> None:
    office.start()
    assert numbers(office, "joko", CasesAsked(tab=Tab.RUNNING, sop="izin")) == ["001/IZ/2026"]
    assert numbers(office, "joko", CasesAsked(tab=Tab.RUNNING, sop="lain")) == []


@pytest.mark.parametrize("tab", [Tab.FOLLOWED, Tab.RUNNING])
def test_the_pages_together_hold_every_case_once(office: Office, tab: Tab) -> None:
    for _ in range(PAGE + 2):
        office.start(knowingly=True)
    first = cases_page(office.engine, office.people["joko"], CasesAsked(tab=tab))
    rest = cases_page(office.engine, office.people["joko"], CasesAsked(tab=tab, after=first.after))
    assert (len(first.rows), len(rest.rows), rest.after) == (PAGE, 2, "")
    assert len({row.id for row in (*first.rows, *rest.rows)}) == PAGE + 2


def test_an_address_that_makes_no_sense_begins_at_the_beginning(office: Office) -> None:
    office.start()
    assert numbers(office, "joko", CasesAsked(tab=Tab.RUNNING, after="nonsense")) == ["001/IZ/2026"]


@pytest.mark.parametrize(
    ("asked", "told"), [((), ""), (("revision",), "revision"), (("revision", "webhook"), "webhook")]
)
def test_a_row_names_another_system_before_what_alur_does_itself(
    office: Office, asked: tuple[str, ...], told: str
) -> None:
    case = office.start().instance
    once = {"office": office.id, "instance": case, "round": 1, "iteration": 0, "inputs": "{}", "tries": 0}
    at = {"run_at": office.clock.now(), "queued_at": office.clock.now()}
    rows = [
        {"id": new_id(), "element": one, "connector": one, "state": JobState.WAITING.value, **once, **at}
        for one in asked
    ]
    with office.engine.store.transaction() as connection:
        for row in rows:
            connection.execute(insert(job).values(**row))
    (found,) = cases_page(office.engine, office.people["agus"], RUNNING).rows
    assert found.asks == told
