"""What an owner of SOPs has in hand: drafts, revisions on their way and for whom, reviews, suggestions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from engine.actions.approvals import return_version
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.periodic_reviews import start_due_reviews
from engine.actions.submissions import Trial
from engine.actions.suggestions import suggest
from engine.ids import new_id
from engine.model.instance import VersionState
from engine.model.permission import RoleKind
from engine.model.review_due import ReviewKind
from engine.queries.inbox import InboxFilter, inbox_page
from engine.queries.owned import Owned, OwnedKind
from engine.queries.review import review_page
from tests.offices import LIBRARY, Office
from tests.revising import also, approved, draft, submitted, today


def owned(office: Office, name: str = "putu", **wanted: str) -> tuple[Owned, ...]:
    return inbox_page(office.engine, office.people[name], InboxFilter(**wanted)).owned


def test_there_is_nothing_until_something_is_begun(office: Office) -> None:
    assert owned(office) == ()


def test_drafts_are_listed(office: Office) -> None:
    mine = draft(office)
    [one] = owned(office)
    assert (one.kind, one.draft, one.base, one.by, one.name) == (
        OwnedKind.DRAFT,
        mine,
        1,
        "",
        "Izin Kegiatan",
    )


def test_a_revision_under_review_says_whom_it_waits_for(office: Office) -> None:
    number = submitted(office)
    [one] = owned(office)
    assert (one.kind, one.number, one.state) == (OwnedKind.VERSION, number, VersionState.REVIEW)
    assert one.waits_for == ("Pengesah SOP",)


def test_with_a_case_that_decides_it_says_who_has_it_until_when(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(office)
    [one] = owned(office)
    assert one.waits_for
    assert one.at is not None


def test_trials_approved_and_returned_ones_say_their_days(office: Office) -> None:
    submitted(office, trial=Trial(until=today(office) + timedelta(days=30)))
    later = today(office) + timedelta(days=5)
    approved(office, submitted(office, to="PT4H"), later)
    last = submitted(office, to="PT5H")
    return_version(office.engine, office.people["lina"], "izin", last, "Terlalu lama")
    found: dict[VersionState | None, date | None] = {one.state: one.day for one in owned(office)}
    assert found == {
        VersionState.TRIAL: today(office) + timedelta(days=30),
        VersionState.APPROVED: later,
        VersionState.RETURNED: None,
    }
    submitted(office, to="PT6H")  # what was returned is settled by the next one
    assert VersionState.RETURNED not in {one.state for one in owned(office)}


def test_what_is_in_force_or_was_is_in_nobodys_hand(office: Office) -> None:
    approved(office, submitted(office), today(office))
    assert owned(office) == ()


def test_a_review_that_fell_due_is_listed(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "pemantauan-sop"))
    approved(office, submitted(office), today(office))
    office.clock.move(timedelta(days=185))
    start_due_reviews(office.engine)
    found = [one for one in owned(office) if one.key == "izin"]
    assert [(one.kind, one.review) for one in found] == [(OwnedKind.REVIEW, ReviewKind.MONITORING)]


def test_suggestions_are_counted_by_sop(office: Office) -> None:
    task = office.open_task(office.start().instance, "mengajukan").id
    for _ in range(2):
        suggest(office.engine, office.people["joko"], task, "Lebih singkat", new_id())
    [one] = owned(office)
    assert (one.kind, one.key, one.count) == (OwnedKind.SUGGESTIONS, "izin", 2)


def test_nobody_else_is_shown_it_and_not_where_one_looks_for_something(office: Office) -> None:
    draft(office)
    for name in ("joko", "rina", "lina", "agus", "dewi", "tono"):
        assert owned(office, name) == ()
    assert owned(office, text="izin") == ()


def test_who_worked_on_a_revision_is_not_named_as_who_could_approve_it(office: Office) -> None:
    also(office, "putu", "pengesah", RoleKind.APPROVER)
    also(office, "agus", "pengesah", RoleKind.APPROVER)
    number = submitted(office)
    [one] = owned(office)
    review = review_page(office.engine, office.people["putu"], "izin", number)
    assert one.waits_for == review.approvers
    assert not any("Pemilik" in name or "Putu" in name for name in one.waits_for)


@pytest.mark.parametrize("with_cases", [True, False])
def test_a_page_costs_the_same_however_many_revisions_are_decided_on(
    office: Office, *, with_cases: bool
) -> None:
    if with_cases:
        deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    for hours in range(3, 5):
        submitted(office, to=f"PT{hours}H")
    owned(office)  # the calendar is read once
    few = asked(office)
    for hours in range(5, 9):
        submitted(office, to=f"PT{hours}H")
    many = asked(office)
    assert len(owned(office)) == 6
    assert len(many) == len(few) < 18, "\n".join(many)


def asked(office: Office) -> list[str]:
    """Read the page of the owner; gives what the database was sent."""
    sent: list[str] = []

    def listen(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(office.engine.store.engine, "before_cursor_execute", listen)
    owned(office)
    event.remove(office.engine.store.engine, "before_cursor_execute", listen)
    return [one for one in sent if one.startswith(("SELECT", "WITH"))]
