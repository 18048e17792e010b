"""Whatever is decided or read is compared with what people work by, not with what was returned."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from engine.actions.approvals import return_version, withdraw
from engine.actions.deployment import deploy, read_package
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.reinstatement import reinstate
from engine.actions.submissions import Trial, submit
from engine.queries.acknowledging import reading_page
from engine.queries.compared_with import ComparedWith
from engine.queries.deciding import deciding_page
from engine.queries.differences import compared, of_draft
from engine.queries.process_drafts import draft_page
from engine.queries.review import ReviewPage, review_page
from engine.queries.task_page import task_page
from engine.storage.tables import process_version
from tests.offices import LIBRARY, Office
from tests.revising import approved, draft, submitted, today


def revised(office: Office, *, number: int, to: str, trial: Trial | None = None) -> int:
    """Submit a draft of a revision in which every standard time in hours is another one."""
    one, owner = draft(office, number=number), office.people["putu"]
    text = draft_page(office.engine, owner, "izin", one).draft.bpmn
    bpmn = re.sub(r"PT\dH", to, text).encode()
    save_draft(office.engine, owner, one, DraftChange(revision=1, bpmn=bpmn))
    return submit(office.engine, owner, one, 2, trial)[1]


def deciding(office: Office, number: int) -> UUID:
    """Find the case that decides on a revision."""
    asked = select(process_version.c.revision_case).where(
        process_version.c.number == number, process_version.c.author.is_not(None)
    )
    with office.engine.store.reading() as connection:
        case = connection.scalar(asked)
    assert isinstance(case, UUID)
    return case


def returned(office: Office, number: int) -> None:
    return_version(office.engine, office.people["lina"], "izin", number, "Waktu belum disepakati")


def review(office: Office, number: int) -> ReviewPage:
    return review_page(office.engine, office.people["lina"], "izin", number)


def numbers(found: ComparedWith) -> tuple[int | None, bool, int | None]:
    return found.usual, found.is_worked_by, found.returned


def test_what_comes_after_a_return_is_compared_with_what_people_work_by(office: Office) -> None:
    """The office works by what an operator deployed without a number and a date: nothing is in force."""
    submitted(office, to="PT3H")
    returned(office, 2)
    assert revised(office, number=2, to="PT4H") == 3
    page = review(office, 3)
    assert numbers(page.against) == (1, True, 2)
    assert not page.is_stale  # what it began with was itself made of what is in force
    found = compared(office.engine, office.people["lina"], "izin", None, None)
    assert (found.old, found.new, found.difference.changes != ()) == (1, 3, True)


def test_what_is_in_force_is_worked_by_and_not_an_operators_trial(office: Office) -> None:
    submitted(office, to="PT3H")
    approved(office, 2, today(office))
    revised(office, number=2, to="PT4H")
    returned(office, 3)
    revised(office, number=3, to="PT5H")
    assert numbers(review(office, 4).against) == (2, True, 3)


def test_a_trial_of_a_team_is_not_what_people_work_by(office: Office) -> None:
    submitted(office, to="PT3H", trial=Trial())
    assert revised(office, number=2, to="PT4H") == 3
    assert numbers(review(office, 3).against) == (1, True, None)


def test_the_approvers_task_says_the_same_as_the_page(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(office, to="PT3H")
    lina = office.people["lina"]
    return_version(office.engine, lina, "izin", 2, "Belum disepakati", deciding(office, 2))
    revised(office, number=2, to="PT4H")
    last = deciding(office, 3)
    subject = task_page(office.engine, lina, office.open_task(last, "mereviu_usulan").id).subject
    assert subject is not None
    assert numbers(subject.against) == (1, True, 2)


def test_readers_see_what_changed_since_they_worked_by_it(office: Office) -> None:
    submitted(office, to="PT3H")
    returned(office, 2)
    revised(office, number=2, to="PT4H")
    approved(office, 3, today(office))
    page = reading_page(office.engine, office.people["joko"], "izin", 3)
    assert page.difference is not None
    assert page.difference.old.number == 1
    assert numbers(review(office, 3).against) == (1, False, 2)


def test_one_that_waits_for_its_day_is_compared_with_what_is_in_force(office: Office) -> None:
    submitted(office, to="PT3H")
    approved(office, 2, today(office) + timedelta(days=9))
    assert numbers(review(office, 2).against) == (1, True, None)


def test_one_withdrawn_before_its_day_was_never_worked_by(office: Office) -> None:
    submitted(office, to="PT3H")
    approved(office, 2, today(office) + timedelta(days=9))
    withdraw(office.engine, office.people["lina"], "izin", 2, "Salah tanggal")
    revised(office, number=1, to="PT4H")
    approved(office, 3, today(office))
    assert numbers(review(office, 3).against) == (1, False, None)


def test_one_withdrawn_before_its_day_was_not_worked_by_once_that_day_has_passed(office: Office) -> None:
    submitted(office, to="PT3H")
    approved(office, 2, today(office) + timedelta(days=3))
    withdraw(office.engine, office.people["lina"], "izin", 2, "Salah tanggal")
    office.clock.move(timedelta(days=9))
    revised(office, number=2, to="PT4H")
    assert numbers(review(office, 3).against) == (1, True, None)
    approved(office, 3, today(office))
    assert numbers(review(office, 3).against) == (1, False, None)
    assert numbers(review(office, 2).against)[0] == 1


def test_one_withdrawn_after_its_day_had_come_was_worked_by(office: Office) -> None:
    submitted(office, to="PT3H")
    approved(office, 2, today(office) + timedelta(days=3))
    office.clock.move(timedelta(days=4))
    bring_due_into_force(office.engine)
    withdraw(office.engine, office.people["lina"], "izin", 2, "Keliru")
    office.clock.move(timedelta(days=5))
    revised(office, number=2, to="PT4H")
    approved(office, 3, today(office))
    assert numbers(review(office, 3).against) == (2, False, None)


@pytest.mark.parametrize("hours", [16, 20])  # past midnight in the office; 18.00 and 22.00 UTC
def test_the_day_of_a_submission_is_the_offices_and_not_that_of_utc(office: Office, hours: int) -> None:
    office.clock.move(timedelta(hours=hours))
    assert office.clock.now().date() < today(office)
    submitted(office, to="PT3H")
    approved(office, 2, today(office))
    office.clock.move(timedelta(minutes=5))
    revised(office, number=2, to="PT4H")
    returned(office, 3)
    assert numbers(review(office, 3).against) == (2, True, None)


def test_one_that_is_in_force_again_is_compared_with_what_it_took_the_place_of_last(office: Office) -> None:
    lina = office.people["lina"]
    submitted(office, to="PT3H")
    approved(office, 2, today(office))
    office.clock.move(timedelta(days=2))
    revised(office, number=2, to="PT4H")
    approved(office, 3, today(office))
    assert numbers(review(office, 3).against) == (2, False, None)
    office.clock.move(timedelta(days=2))
    reinstate(office.engine, lina, "izin", 2, "Revisi 3 memperlambat pekerjaan")
    page = reading_page(office.engine, office.people["joko"], "izin", 2)
    assert page.difference is not None
    assert page.difference.old.number == 3
    assert numbers(review(office, 3).against) == (2, False, None)
    assert (review(office, 2).against.at_first, review(office, 3).against.at_first) == (1, None)
    changed = compared(office.engine, office.people["joko"], "izin", None, 2)
    assert (changed.old, changed.against.usual) == (1, 3)  # what it changed stays what it was


def test_one_that_was_refused_is_compared_with_what_people_worked_by_then(office: Office) -> None:
    submitted(office, to="PT3H")
    office.clock.move(timedelta(days=1))
    returned(office, 2)
    assert numbers(review(office, 2).against) == (1, True, None)
    revised(office, number=2, to="PT4H")
    approved(office, 3, today(office))
    assert numbers(review(office, 2).against) == (1, False, None)
    revised(office, number=3, to="PT5H")
    approved(office, 4, today(office))
    withdraw(office.engine, office.people["lina"], "izin", 4, "Keliru")
    reinstate(office.engine, office.people["lina"], "izin", 3, "Revisi 4 keliru")
    assert numbers(review(office, 4).against) == (3, True, None)


def test_a_revision_that_came_into_force_meanwhile_is_said(office: Office) -> None:
    submitted(office, to="PT3H")
    revised(office, number=1, to="PT4H")
    approved(office, 2, today(office))
    page = review(office, 3)
    assert (numbers(page.against), page.is_stale) == ((2, True, None), True)


def test_one_that_says_the_same_as_a_former_one_is_said_to(office: Office) -> None:
    submitted(office, to="PT3H")
    assert said_before(office, 2) is None
    returned(office, 2)
    one, owner = draft(office, number=2), office.people["putu"]
    text = draft_page(office.engine, owner, "izin", one).draft.bpmn
    drawn = text.replace("</bpmn:definitions>", "<!-- another drawing --></bpmn:definitions>").encode()
    save_draft(office.engine, owner, one, DraftChange(revision=1, bpmn=drawn))
    submit(office.engine, owner, one, 2)
    assert said_before(office, 3) == 2


def test_one_that_changes_nothing_of_what_people_work_by_is_said_to(office: Office) -> None:
    one, owner = draft(office), office.people["putu"]
    text = draft_page(office.engine, owner, "izin", one).draft.bpmn
    save_draft(office.engine, owner, one, DraftChange(revision=1, bpmn=f"{text}<!-- x -->".encode()))
    submit(office.engine, owner, one, 2)
    assert said_before(office, 2) == 1


def said_before(office: Office, number: int) -> int | None:
    return deciding_page(office.engine, office.people["lina"], "izin", number).same


def test_a_page_compares_no_more_however_many_revisions_came_before(office: Office) -> None:
    asked: list[str] = []

    def listen(*about: Any) -> None:
        asked.append(about[2])

    def costs(number: int) -> int:
        asked.clear()
        event.listen(office.engine.store.engine, "before_cursor_execute", listen)
        said_before(office, number)
        event.remove(office.engine.store.engine, "before_cursor_execute", listen)
        return len(asked)

    submitted(office, to="PT3H")
    few = costs(2)
    for hours in (4, 5, 6, 7):
        submitted(office, to=f"PT{hours}H")
    assert costs(6) == few


def test_a_draft_is_compared_with_any_revision_it_is_asked_for(office: Office) -> None:
    submitted(office, to="PT3H")
    returned(office, 2)
    one, owner = draft(office, number=2), office.people["putu"]
    assert numbers(_of_draft(office, one)) == (1, True, 2)
    usual, other = (of_draft(office.engine, owner, "izin", one, old).difference for old in (None, 2))
    assert usual is not None
    assert usual.changes
    assert other is not None
    assert not other.changes


def _of_draft(office: Office, one: UUID) -> ComparedWith:
    found = of_draft(office.engine, office.people["putu"], "izin", one).against
    assert found is not None
    return found
