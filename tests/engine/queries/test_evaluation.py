"""The monitoring form of cases that were worked out by hand (``tests.figured`` has the table)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.errors import NotFound
from engine.model.assessment import Ground, Proposal, grounds
from engine.queries.evaluation import EvaluationPage, StepAssessed, evaluation_page, in_force
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import DeviationKind
from engine.queries.library_versions import versions_of
from tests import figured
from tests.offices import Office

WEEK = FiguresAsked(sop="izin", since=date(2026, 11, 23), until=date(2026, 11, 29))


def page_of(office: Office, asked: FiguresAsked = WEEK, by: str = "agus") -> EvaluationPage:
    return evaluation_page(office.engine, office.people[by], asked)


def steps_of(page: EvaluationPage) -> dict[str, StepAssessed]:
    return {one.figures.element: one for one in page.steps}


def test_steps_are_assessed_by_their_own_figures(office: Office) -> None:
    figured.work(office)
    steps = steps_of(page_of(office))
    asked = steps["mengajukan"]
    assert (asked.counts.in_time, asked.counts.due, asked.counts.sent_back) == (2, 3, 1)
    assert asked.reasons == (figured.NOTES,)
    assert grounds(asked.counts) == (Ground.LATE, Ground.SENT_BACK)
    assert asked.proposal is Proposal.NOT_WELL
    assert (steps["memeriksa"].counts.in_time, steps["memeriksa"].counts.sent_back) == (2, 0)
    assert [steps[one].proposal for one in ("memeriksa", "mengarsipkan")] == [Proposal.WELL] * 2


def test_a_step_open_beyond_its_due_time_counts_as_late(office: Office) -> None:
    worked = figured.work(office)
    office.clock.move(timedelta(days=3))
    assert office.open_elements(worked.second) == ["memeriksa"]
    examined = steps_of(page_of(office))["memeriksa"]
    assert (examined.counts.in_time, examined.counts.due, examined.still_late) == (2, 3, 1)
    assert grounds(examined.counts) == (Ground.LATE,)


def test_an_auditors_form_is_of_the_cases_that_a_letter_covers(office: Office) -> None:
    figured.work(office)
    office.clock.move(timedelta(days=3))
    office.people["agus"] = replace(office.people["agus"], coverage=())
    page = page_of(office)
    assert [one.proposal for one in page.steps] == [Proposal.UNKNOWN] * 3
    assert (page.sent_back, page.cases.started) == (0, 0)
    assert not any(page.deviations.values())
    assert page_of(office, by="putu").deviations[DeviationKind.LATE] == 2


def test_the_steps_are_of_the_version_in_force_on_the_last_day(office: Office) -> None:
    with office.engine.store.reading() as connection:
        (first,) = versions_of(connection, office.people["agus"], "izin")[1]
    first = replace(
        first, was_in_force=True, effective_from=date(2026, 1, 1), reinstated_on=date(2026, 11, 1)
    )
    second = replace(first, number=2, effective_from=date(2026, 6, 1), reinstated_on=None)
    trial = replace(first, number=3, was_in_force=False)
    versions = [trial, second, first]
    days = ((5, 31), (6, 1), (10, 31), (11, 1))
    untils = [replace(WEEK, since=date(2026, 1, 1), until=date(2026, *day)) for day in days]
    assert [in_force(versions, one).number for one in untils] == [1, 2, 2, 1]
    assert in_force(versions, replace(WEEK, version=3)) is trial
    assert in_force([trial], WEEK) is trial


def test_a_form_is_of_all_performers_and_units(office: Office) -> None:
    figured.work(office)
    narrowed = page_of(office, replace(WEEK, role="staf", unit=office.id.hex))
    assert narrowed.steps == page_of(office).steps


def test_the_period_before_is_as_long(office: Office) -> None:
    figured.work(office)
    next_week = replace(WEEK, since=date(2026, 11, 30), until=date(2026, 12, 6))
    later = page_of(office, next_week)
    assert later.taken.all.count == 0
    assert later.taken_before is not None
    assert (later.taken_before.all.count, later.taken_before.all.in_time) == (6, 83)
    assert [one.proposal for one in later.steps] == [Proposal.UNKNOWN] * 3
    assert page_of(office, replace(WEEK, since=date(1, 1, 1))).taken_before is None
    assert page_of(office).deviations[DeviationKind.CANCELLED] == 1


def test_only_who_reads_the_record_sees_it(office: Office) -> None:
    with pytest.raises(NotFound):
        page_of(office, by="joko")
    with pytest.raises(NotFound):
        page_of(office, replace(WEEK, version=99))
