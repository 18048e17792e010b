"""Figures of cases that were worked out by hand (``tests.figured`` has the table)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.actions import withdrawal
from engine.actions.deployment import deploy, read_package
from engine.actions.move_undoing import undo
from engine.actions.offices import operator
from engine.actions.submissions import Trial
from engine.errors import NotFound
from engine.model.assessment import Proposal
from engine.model.figures import Heat
from engine.queries.evaluation import evaluation_page
from engine.queries.figures import FiguresPage, figures_page, usual_sop
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import DeviationKind
from engine.queries.figures_steps import StepFigures
from tests import figured
from tests.offices import SAMPLES, Office
from tests.replaying import to_revision
from tests.revising import submitted
from tests.revisions import changed, izin, with_more_time

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
WEEK = FiguresAsked(sop="izin", since=MONDAY, until=date(2026, 11, 29))


def page_of(office: Office, asked: FiguresAsked = WEEK, by: str = "agus") -> FiguresPage:
    return figures_page(office.engine, office.people[by], asked)


def step_of(page: FiguresPage, element: str) -> StepFigures:
    return next(one for one in page.steps.steps if one.element == element)


def test_cases_are_counted_as_they_began_ended_and_stayed_open(office: Office) -> None:
    figured.work(office)
    cases = page_of(office).cases
    assert (cases.started, cases.finished, cases.cancelled, cases.open) == (3, 1, 1, 1)
    # 09.00 to 15.50 less the break at noon
    assert (cases.cycle.count, cases.cycle.median, cases.cycle.p90) == (1, 350, 350)


def test_a_case_is_open_at_the_end_of_a_period_that_it_outlasts(office: Office) -> None:
    figured.work(office)
    monday = page_of(office, replace(WEEK, until=MONDAY)).cases
    assert (monday.started, monday.finished, monday.cancelled, monday.open) == (1, 1, 0, 0)
    tuesday = page_of(office, replace(WEEK, since=TUESDAY)).cases
    assert (tuesday.started, tuesday.finished, tuesday.cancelled, tuesday.open) == (2, 0, 1, 1)
    before = page_of(office, replace(WEEK, since=date(2026, 1, 1), until=date(2026, 11, 22))).cases
    assert (before.started, before.finished, before.cancelled, before.open) == (0, 0, 0, 0)


def test_steps_have_their_times_their_share_in_time_and_their_rounds(office: Office) -> None:
    figured.work(office)
    page = page_of(office)
    asked, examined, archived = page.steps.steps
    assert (asked.element, asked.number, asked.standard) == ("mengajukan", 1, 120)
    assert (asked.sums.count, asked.sums.worked.median, asked.sums.worked.p90) == (3, 60, 150)
    assert (asked.sums.timed, asked.sums.late, asked.sums.in_time, asked.repeated) == (3, 1, 67, 1)
    assert asked.heat is Heat.EASY
    assert (examined.sums.count, examined.sums.worked.median, examined.sums.worked.p90) == (2, 30, 60)
    assert (examined.sums.in_time, examined.repeated, examined.standard) == (100, 1, 450)
    assert (archived.sums.worked.median, archived.sums.waited.median) == (20, 30)
    assert archived.heat is Heat.WITHIN
    assert (page.steps.all.count, page.steps.all.late) == (6, 1)


def test_the_same_steps_by_role_unit_and_version(office: Office) -> None:
    figured.work(office)
    steps = page_of(office).steps
    assert [(one.key, one.sums.count, one.sums.late) for one in steps.roles] == [
        ("kasub", 2, 0),
        ("staf", 4, 1),
    ]
    assert [(one.name, one.sums.count) for one in steps.units] == [("Dinas Contoh", 6)]
    assert [(one.key, one.sums.count) for one in steps.versions] == [("1", 6)]


def test_filters_narrow_the_steps(office: Office) -> None:
    figured.work(office)
    staff = page_of(office, replace(WEEK, role="staf")).steps
    assert [one.sums.count for one in staff.steps] == [3, 0, 1]
    own = page_of(office, replace(WEEK, unit=office.id.hex)).steps
    assert own.all.count == 6
    unit = next(key for key, name in page_of(office).scope.units if name == "Sekretariat")
    assert page_of(office, replace(WEEK, unit=unit)).steps.all.count == 0
    assert page_of(office, replace(WEEK, version=1)).steps.all.count == 6


def test_steps_of_a_day_are_those_completed_on_it(office: Office) -> None:
    figured.work(office)
    assert page_of(office, replace(WEEK, until=MONDAY)).steps.all.count == 5
    assert page_of(office, replace(WEEK, since=TUESDAY, until=TUESDAY)).steps.all.count == 1


def test_a_completion_that_was_taken_back_is_none(office: Office) -> None:
    case = office.start().instance
    office.clock.move(timedelta(minutes=10))
    figured.ask(office, case)
    done = next(one for one in office.tasks(case) if one.element == "mengajukan")
    withdrawal.withdraw(office.engine, office.people["joko"], done.id)
    assert page_of(office).steps.all.count == 0
    office.clock.move(timedelta(minutes=25))
    figured.ask(office, case)
    asked = step_of(page_of(office), "mengajukan")
    assert (asked.sums.count, asked.sums.worked.median) == (1, 35)


def test_only_who_may_read_the_record_sees_figures(office: Office) -> None:
    assert page_of(office, by="putu").number == 1
    for name in ("joko", "rina", "dewi", "lina", "tono"):
        with pytest.raises(NotFound):
            page_of(office, by=name)
        with pytest.raises(NotFound):
            usual_sop(office.engine, office.people[name])


@pytest.mark.parametrize("asked", [replace(WEEK, sop="tidak-ada"), replace(WEEK, version=7)])
def test_what_the_office_does_not_have_is_not_found(office: Office, asked: FiguresAsked) -> None:
    with pytest.raises(NotFound):
        page_of(office, asked)


def test_the_usual_sop_is_that_of_the_most_cases(office: Office) -> None:
    assert usual_sop(office.engine, office.people["agus"]) == "izin"
    for _ in range(2):
        office.start(knowingly=True)
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    office.start(key="laporan")  # the newest
    assert usual_sop(office.engine, office.people["agus"]) == "izin"


def test_an_auditors_figures_are_of_the_cases_that_a_letter_covers(office: Office) -> None:
    figured.work(office)
    office.clock.move(timedelta(days=2))  # a step that is still open is late by now
    letters = office.people["agus"].coverage
    assert page_of(office).deviations == page_of(office, by="putu").deviations
    assert page_of(office).deviations[DeviationKind.LATE] == 2
    office.people["agus"] = replace(office.people["agus"], coverage=())
    page = page_of(office)
    assert (page.cases.started, page.cases.finished, page.variants.cases) == (0, 0, 0)
    assert [one.sums.count for one in page.steps.steps] == [0, 0, 0]
    assert not any(page.deviations.values())
    assert page_of(office, by="putu").cases.started == 3
    until_monday = replace(letters[0], until=datetime(2026, 11, 23, 17, tzinfo=UTC))
    office.people["agus"] = replace(office.people["agus"], coverage=(until_monday,))
    assert page_of(office).deviations[DeviationKind.LATE] == 1


def test_what_was_done_before_a_move_stays_with_the_revision_it_was_done_by(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=60))
    figured.ask(office, case)
    office.clock.move(timedelta(minutes=60))
    to_revision(office, case, with_more_time())
    office.clock.move(timedelta(minutes=60))
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Belum lengkap"})
    steps = page_of(office).steps
    assert {one.key: one.sums.count for one in steps.versions} == {"1": 1, "2": 1}
    first, second = page_of(office, replace(WEEK, version=1)), page_of(office, replace(WEEK, version=2))
    assert [one.element for one in first.steps.steps if one.sums.count] == ["mengajukan"]
    assert [one.element for one in second.steps.steps if one.sums.count] == ["memeriksa"]
    assert (first.deviations[DeviationKind.MOVED], second.deviations[DeviationKind.MOVED]) == (0, 1)
    assert (first.cases.started, second.cases.started) == (0, 1)


def test_a_move_that_was_taken_back_leaves_everything_with_the_first_revision(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=60))
    figured.ask(office, case)
    office.clock.move(timedelta(minutes=60))
    to_revision(office, case, with_more_time())
    office.clock.move(timedelta(minutes=60))
    undo(office.engine, office.people["putu"], case)
    assert {one.key: one.sums.count for one in page_of(office).steps.versions} == {"1": 1}


def test_a_trial_is_counted_where_its_revision_is_asked_for(office: Office) -> None:
    number = submitted(office, trial=Trial())
    case = office.start(version=number, year=2031).instance
    office.clock.move(timedelta(minutes=200))  # late for both revisions
    figured.ask(office, case)
    real, tried = page_of(office), page_of(office, replace(WEEK, version=number))
    assert (real.cases.started, real.steps.all.count, real.deviations[DeviationKind.LATE]) == (0, 0, 0)
    assert (tried.cases.started, tried.steps.all.count, tried.deviations[DeviationKind.LATE]) == (1, 1, 1)


def test_what_was_done_without_a_set_time_is_not_held_against_one_set_later(office: Office) -> None:
    deploy(office.engine, operator(office.id), changed(izin(), (' standardTime="PT2H"', "")))
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=200))
    figured.ask(office, case)
    deploy(office.engine, operator(office.id), changed(izin(), ("PT2H", "PT1H")))
    asked = page_of(office).steps.steps[0]
    assert (asked.sums.count, asked.sums.worked.median, asked.sums.timed) == (
        1,
        180,
        0,
    )  # 20 minutes of them are the break
    assert (asked.standard, asked.heat) == (None, Heat.UNKNOWN)
    form = evaluation_page(office.engine, office.people["agus"], WEEK).steps[0]
    assert (form.counts.unmeasured, form.proposal) == (1, Proposal.UNKNOWN)
