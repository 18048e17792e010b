"""The office at past moments: what was open, with whom, and how late it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.actions import cancellation, returns, tasks, withdrawal
from engine.errors import NotFound
from engine.ids import new_id
from engine.queries.office_day import DayPage, office_day
from engine.queries.office_day_open import DayAsked
from tests import figured
from tests.offices import Office, assign

WIB = ZoneInfo("Asia/Jakarta")


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


def page_of(office: Office, moment: datetime, *, late: bool = False, by: str = "agus") -> DayPage:
    return office_day(office.engine, office.people[by], DayAsked(at=moment, late=late))


def steps(office: Office, moment: datetime) -> list[tuple[str, int, str]]:
    return [(row.step, row.round, row.holder) for row in page_of(office, moment).rows]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(8, 59), []),
        (at(9, 30), [("Mengajukan izin", 1, "")]),
        (at(10, 30), [("Memeriksa permohonan", 1, "")]),
        (at(13, 30), [("Mengajukan izin", 2, "")]),
        (at(15, 20), [("Mengarsipkan izin", 1, "")]),
        (at(15, 40), [("Mengarsipkan izin", 1, "Staf Subbag (Wati)")]),
        (at(20), []),
        (at(9, 20, day=24), [("Mengajukan izin", 1, "")]),
        (at(9, 40, day=24), [("Memeriksa permohonan", 1, "")]),
    ],
)
def test_what_was_open_and_with_whom(
    office: Office, moment: datetime, expected: list[tuple[str, int, str]]
) -> None:
    figured.work(office)
    assert steps(office, moment) == expected


def test_what_was_late_then_by_how_much(office: Office) -> None:
    worked = figured.work(office)
    # Two hours from 11.00, with the break at noon: due at 14.00.
    assert page_of(office, at(13, 59)).late == 0
    page = page_of(office, at(14, 15), late=True)
    (row,) = page.rows
    assert (row.case, row.late_by, page.late, page.open, page.total) == (
        worked.first,
        15,
        1,
        1,
        1,
    )
    assert page_of(office, at(15), late=True).rows == ()


def test_a_completion_that_was_taken_back_was_done_until_then(office: Office) -> None:
    case = office.start().instance
    office.clock.set(at(9, 10))
    figured.ask(office, case)
    done = next(one for one in office.tasks(case) if one.element == "mengajukan")
    office.clock.set(at(9, 15))
    withdrawal.withdraw(office.engine, office.people["joko"], done.id)
    assert [step for step, _round, _who in steps(office, at(9, 5))] == ["Mengajukan izin"]
    assert [step for step, _round, _who in steps(office, at(9, 12))] == ["Memeriksa permohonan"]
    assert steps(office, at(9, 20)) == [("Mengajukan izin", 1, "Staf Subbag (Joko)")]
    office.clock.set(at(9, 30))
    figured.ask(office, case)
    assert [step for step, _round, _who in steps(office, at(9, 20))] == ["Mengajukan izin"]


def test_a_step_was_open_until_the_case_was_sent_back_from_it(office: Office) -> None:
    case = office.start().instance
    figured.ask(office, case)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    office.clock.set(at(10))
    task = office.open_task(case, "mengarsipkan")
    returns.send_back(office.engine, office.people["wati"], task.id, "memeriksa", "Lampiran kurang", new_id())
    assert [step for step, _round, _who in steps(office, at(9, 30))] == ["Mengarsipkan izin"]
    assert [(step, number) for step, number, _who in steps(office, at(10, 5))] == [
        ("Memeriksa permohonan", 2)
    ]


def test_a_cancelled_case_was_open_before(office: Office) -> None:
    case = office.start().instance
    office.clock.set(at(10))
    cancellation.cancel(office.engine, office.people["putu"], case, "Dobel")
    assert [step for step, _round, _who in steps(office, at(9, 59))] == ["Mengajukan izin"]
    assert steps(office, at(10)) == []


def test_who_lent_a_step_is_named_and_a_stopped_clock_is_not_late(office: Office) -> None:
    case, joko = office.start().instance, office.people["joko"].person
    figured.ask(office, case)
    task = office.open_task(case, "memeriksa")
    assert joko is not None
    office.clock.set(at(9, 30))
    tasks.assign(office.engine, office.people["rina"], task.id, joko)
    office.clock.set(at(10))
    tasks.pause(office.engine, office.people["joko"], task.id, "menunggu bidang")
    office.clock.move(timedelta(days=10))
    (lent,) = page_of(office, at(9, 45)).rows
    assert (lent.holder, lent.lent_by, lent.paused) == (
        "Staf Subbag (Joko)",
        "Kasubbag Penyusunan Program (Rina)",
        False,
    )
    (stopped,) = page_of(office, at(9, day=30)).rows
    assert (stopped.paused, stopped.late_by) == (True, None)


def test_a_late_step_whose_clock_stood_is_not_counted_as_late(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")  # two hours: due on Monday at 11.00
    office.clock.set(at(9, day=25))
    tasks.claim(office.engine, office.people["joko"], task.id)
    tasks.pause(office.engine, office.people["joko"], task.id, "menunggu bidang")
    office.clock.set(at(10, day=25))
    tasks.resume(office.engine, office.people["joko"], task.id)
    office.clock.set(at(15, day=25))
    assert [page_of(office, at(8, 30, day=25)).late, page_of(office, at(11, day=25)).late] == [1, 1]
    stood = page_of(office, at(9, 30, day=25), late=True)
    assert (stood.open, stood.late, stood.total, stood.rows) == (1, 0, 0, ())


def test_an_auditor_looks_back_at_what_a_letter_covers(office: Office) -> None:
    first = office.start(knowingly=True).instance
    office.clock.set(at(9, day=24))
    second = office.start(knowingly=True).instance
    office.people["agus"] = replace(office.people["agus"], coverage=())
    nothing = page_of(office, at(10, day=24))
    assert (nothing.rows, nothing.total, nothing.open, nothing.late) == ((), 0, 0, 0)
    assign(office, "agus", number="700/112/2026", cases_until="2026-11-23")
    whole, narrow = office.people["agus"].coverage
    office.people["agus"] = replace(office.people["agus"], coverage=(narrow,))
    seen = page_of(office, at(10, day=24))
    assert ([row.case for row in seen.rows], seen.total, seen.late) == ([first], 1, 1)
    office.people["agus"] = replace(office.people["agus"], coverage=(whole,))
    for name in ("agus", "putu"):
        assert {row.case for row in page_of(office, at(10, day=24), by=name).rows} == {first, second}


def test_only_who_may_read_the_record_looks_back(office: Office) -> None:
    for name in ("joko", "dewi", "lina"):
        with pytest.raises(NotFound):
            page_of(office, at(10), by=name)
