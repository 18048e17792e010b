"""Late is one notion: replay, history, case page, office on a day and figures tell the same of a step."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from engine.model.event import EventKind
from engine.model.replay import Noted
from engine.queries.case_page import case_page
from engine.queries.figures import figures_page
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import DeviationKind
from engine.queries.office_day import office_day
from engine.queries.office_day_open import DayAsked
from engine.queries.replay import ReplayAsked, replay
from tests.figured import ask
from tests.offices import Office
from tests.replaying import eventful, to_revision
from tests.revisions import with_more_time

YEAR = FiguresAsked(sop="izin", since=date(2026, 1, 1), until=date(2026, 12, 31))
STANDARD = timedelta(hours=2)  # of the step mengajukan


def in_replay(office: Office, case: UUID) -> list[str]:
    """Name the steps whose due time passed, as the replay marks them at its events."""
    notes = replay(office.engine, office.people["agus"], case, ReplayAsked()).notes
    return [note.key.element for note in notes if note.what is Noted.LATE and note.key is not None]


def on_page(office: Office, case: UUID) -> list[str]:
    tasks = case_page(office.engine, office.people["putu"], case).tasks
    return [one.task.element for one in tasks if one.late_by is not None]


def counted(office: Office) -> int:
    return figures_page(office.engine, office.people["agus"], YEAR).deviations[DeviationKind.LATE]


def late_then(office: Office) -> int:
    return office_day(office.engine, office.people["agus"], DayAsked(at=office.clock.now())).late


def test_what_is_done_when_it_is_due_is_in_time(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.clock.move(STANDARD)
    assert late_then(office) == 0
    ask(office, case)
    assert (in_replay(office, case), on_page(office, case), counted(office)) == ([], [], 0)
    lines = replay(office.engine, office.people["agus"], case, ReplayAsked()).lines
    assert not any(line.is_late for line in lines)


def test_what_is_done_a_second_later_is_late_everywhere(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.clock.move(STANDARD + timedelta(seconds=1))
    assert late_then(office) == 1
    ask(office, case)
    late = ["mengajukan"]
    assert (in_replay(office, case), on_page(office, case), counted(office)) == (late, late, 1)
    lines = replay(office.engine, office.people["agus"], case, ReplayAsked()).lines
    assert [line.task.key.element for line in lines if line.is_late] == late


def test_what_is_done_after_hours_is_late_by_no_working_time(office: Office) -> None:
    office.clock.move(timedelta(hours=5))  # 14.00, due when work ends at 16.00
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(hours=4))
    ask(office, case)
    [line, *_] = case_page(office.engine, office.people["putu"], case).tasks
    assert (line.late_by, line.worked, line.allowed) == (0, 120, 120)
    assert (in_replay(office, case), counted(office)) == (["mengajukan"], 1)


def test_a_case_that_was_moved_keeps_what_was_late_before(office: Office) -> None:
    """The new version gives the step more time; what was done had the time of the old one."""
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(hours=1))
    ask(office, case)
    office.clock.move(timedelta(days=2))
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Belum lengkap"})
    assert on_page(office, case) == in_replay(office, case) == ["memeriksa"]
    before = [
        (line.allowed, line.late_by) for line in case_page(office.engine, office.people["putu"], case).tasks
    ]
    to_revision(office, case, with_more_time())
    found = case_page(office.engine, office.people["putu"], case).tasks
    assert [(line.allowed, line.late_by) for line in found] == before
    assert on_page(office, case) == in_replay(office, case) == ["memeriksa"]


def test_history_names_the_due_time_that_figures_count_by(office: Office) -> None:
    case = eventful(office)
    late = on_page(office, case)
    told = case_page(office.engine, office.people["putu"], case).history.entries
    done = [one for one in told if one.kind is EventKind.TASK_COMPLETED and one.due_at is not None]
    assert sorted(one.element for one in done if one.due_at and one.at > one.due_at) == sorted(late)
    assert counted(office) == len(late)
