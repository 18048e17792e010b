"""The life of a revision: draft, trial, review, approved, in force from a day on; nothing is overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from engine.actions.approvals import Approval, approve, return_version, withdraw
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.process_drafts import DraftChange, DraftMoved, discard_draft, save_draft, start_draft
from engine.actions.submissions import Trial, ask_approval, submit
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.storage import versions
from engine.storage.startable import startable
from engine.storage.tables import instance, process_version
from tests.offices import Office, scan
from tests.revising import approved, draft, lengthen, submitted, today


def process_of(office: Office) -> UUID:
    with office.engine.store.reading() as connection:
        found = versions.find_process(connection, office.id, "izin")
    assert found is not None
    return found


def states(office: Office) -> dict[int, str]:
    with office.engine.store.reading() as connection:
        rows = connection.execute(
            process_version.select().where(process_version.c.process == process_of(office))
        ).all()
    return {row.number: row.state for row in rows}


def can_start(office: Office, by: str = "joko") -> list[tuple[int, VersionState]]:
    with office.engine.store.reading() as connection:
        found = startable(connection, process_of(office), today(office), office.people[by].person)
    return [(one.number, one.state) for one in found]


def test_a_draft_begins_as_the_version_and_becomes_one(office: Office) -> None:
    number = submitted(office)
    assert states(office) == {1: VersionState.TRIAL, number: VersionState.REVIEW}
    assert can_start(office) == [(1, VersionState.TRIAL)]
    kinds = [
        EventKind.PROCESS_DRAFT_STARTED,
        EventKind.PROCESS_DRAFT_SAVED,
        EventKind.VERSION_SUBMITTED,
    ]
    assert office.kinds(process_of(office))[-3:] == kinds


def test_a_second_click_begins_no_second_draft(office: Office) -> None:
    attempt = new_id()
    for _ in range(2):
        assert start_draft(office.engine, office.people["putu"], "izin", 1, attempt) == attempt
    assert office.kinds(process_of(office)).count(EventKind.PROCESS_DRAFT_STARTED) == 1


def test_who_saves_what_changed_meanwhile_is_given_both(office: Office) -> None:
    one = draft(office)
    lengthen(office, one)
    with pytest.raises(DraftMoved) as told:
        lengthen(office, one, to="PT5H")
    assert told.value.draft.revision == 2
    assert "PT3H" in told.value.draft.bpmn


@pytest.mark.parametrize("by", ["budi", "lina", "agus", "dewi", "tono"])
def test_only_process_owners_draft(office: Office, by: str) -> None:
    with pytest.raises(NotFound):
        draft(office, by)


def test_what_cannot_be_read_is_not_saved(office: Office) -> None:
    one = draft(office)
    putu = office.people["putu"]
    with pytest.raises(Refused):
        save_draft(office.engine, putu, one, DraftChange(revision=1, bpmn=b"<not-closed>"))
    with pytest.raises(Refused):
        save_draft(office.engine, putu, one, DraftChange(revision=1, forms={"mengajukan": "{}"}))
    with pytest.raises(Invalid):
        save_draft(office.engine, putu, one, DraftChange(revision=1, forms={"../a": "{}"}))
    lengthen(office, one)  # the revision is still 1


def test_what_cannot_run_stays_a_draft(office: Office) -> None:
    one = draft(office)
    change = DraftChange(revision=1, forms={"mengajukan": None})
    save_draft(office.engine, office.people["putu"], one, change)
    with pytest.raises(Refused):
        submit(office.engine, office.people["putu"], one, 2)
    assert set(states(office)) == {1}
    assert office.kinds(process_of(office))[-1] == EventKind.ATTEMPT_REFUSED


def test_a_draft_without_a_change_is_no_revision(office: Office) -> None:
    with pytest.raises(Conflict):
        submit(office.engine, office.people["putu"], draft(office), 1)


def test_what_was_submitted_or_discarded_is_not_changed_any_more(office: Office) -> None:
    one, other = draft(office), draft(office)
    lengthen(office, one)
    submit(office.engine, office.people["putu"], one, 2)
    discard_draft(office.engine, office.people["putu"], other, 1)
    for closed, revision in ((one, 3), (other, 2)):
        with pytest.raises(Conflict):
            lengthen(office, closed, revision=revision)


def test_an_approved_revision_is_in_force_from_its_day_on(office: Office) -> None:
    number = submitted(office)
    day = today(office) + timedelta(days=3)
    approved(office, number, day)
    assert states(office)[number] == VersionState.APPROVED
    assert bring_due_into_force(office.engine) == 0
    assert can_start(office) == [(1, VersionState.TRIAL)]
    office.clock.move(timedelta(days=3))
    assert can_start(office)[0] == (number, VersionState.IN_FORCE)  # before the worker has looked
    assert bring_due_into_force(office.engine) == 1
    assert states(office) == {1: VersionState.SUPERSEDED, number: VersionState.IN_FORCE}
    assert bring_due_into_force(office.engine) == 0
    assert can_start(office) == [(number, VersionState.IN_FORCE)]


def test_from_today_on_it_is_in_force_at_once(office: Office) -> None:
    number = submitted(office)
    approved(office, number, today(office))
    assert states(office) == {1: VersionState.SUPERSEDED, number: VersionState.IN_FORCE}


def test_an_author_does_not_approve(office: Office) -> None:
    number = submitted(office)
    putu, lina = office.people["putu"], office.people["lina"]
    with pytest.raises(NotFound):  # has not the right
        approve(office.engine, putu, "izin", number, Approval(number="1", effective_from=None, paper=None))
    both = type(lina)(person=putu.person, office=lina.office, name=putu.name, roles=lina.roles + putu.roles)
    approval = Approval(number="1", effective_from=today(office), paper=scan(slot="paper"))
    with pytest.raises(Forbidden):
        approve(office.engine, both, "izin", number, approval)
    assert states(office)[number] == VersionState.REVIEW


def test_who_only_lent_a_hand_does_not_approve(office: Office) -> None:
    putu, lina = office.people["putu"], office.people["lina"]
    both = type(lina)(person=lina.person, office=lina.office, name=lina.name, roles=lina.roles + putu.roles)
    one = draft(office)
    save_draft(office.engine, both, one, DraftChange(revision=1, notes="Dibaca ulang", by_hand=False))
    lengthen(office, one, revision=2)
    number = submit(office.engine, putu, one, 3)[1]
    approval = Approval(number="1", effective_from=today(office), paper=scan(slot="paper"))
    with pytest.raises(Forbidden):
        approve(office.engine, both, "izin", number, approval)


def test_who_worked_on_what_a_draft_was_made_from_does_not_approve(office: Office) -> None:
    putu, lina = office.people["putu"], office.people["lina"]
    both = replace(lina, roles=lina.roles + putu.roles)
    one = draft(office)
    save_draft(office.engine, both, one, DraftChange(revision=1, notes="Dibaca ulang"))
    lengthen(office, one, revision=2)
    before = submit(office.engine, putu, one, 3)[1]
    return_version(office.engine, lina, "izin", before, "Belum")
    other = draft(office, number=before)
    lengthen(office, other, to="PT5H")
    number = submit(office.engine, putu, other, 2)[1]
    approval = Approval(number="1", effective_from=today(office), paper=scan(slot="paper"))
    with pytest.raises(Forbidden):
        approve(office.engine, both, "izin", number, approval)


def test_a_trial_of_a_team_leaves_what_the_office_works_by(office: Office) -> None:
    joko = office.people["joko"].person
    assert joko is not None
    number = submitted(office, trial=Trial(team=(joko,)))
    assert can_start(office, "wati") == [(1, VersionState.TRIAL)]
    assert can_start(office, "joko") == [(1, VersionState.TRIAL), (number, VersionState.TRIAL)]
    later = submitted(office, trial=Trial(team=(joko,)), to="PT5H")
    assert states(office)[number] == VersionState.SUPERSEDED
    approved_ = office.start("joko", version=later, year=2031)
    with office.engine.store.reading() as connection:
        marked = connection.scalar(select(instance.c.trial).where(instance.c.id == approved_.instance))
        assert marked


def test_the_last_place_of_a_trial_is_taken_once(office: Office) -> None:
    number = submitted(office, trial=Trial(most_cases=1))
    ready = Barrier(2)

    def start(year: int) -> bool:
        ready.wait()
        try:
            office.start("joko", version=number, year=year)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, (2031, 2032))) == [False, True]


def test_two_clicks_at_once_begin_one_draft(office: Office) -> None:
    attempt, ready = new_id(), Barrier(2)

    def click(_: int) -> UUID:
        ready.wait()
        return start_draft(office.engine, office.people["putu"], "izin", 1, attempt)

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(click, range(2))) == {attempt}
    assert office.kinds(process_of(office)).count(EventKind.PROCESS_DRAFT_STARTED) == 1


def test_a_returned_revision_is_not_asked_for_with_other_notes_only(office: Office) -> None:
    number = submitted(office)
    return_version(office.engine, office.people["lina"], "izin", number, "Belum")
    one = draft(office, number=number)
    putu = office.people["putu"]
    save_draft(office.engine, putu, one, DraftChange(revision=1, notes="Dibaca ulang"))
    with pytest.raises(Conflict, match="Only the notes"):
        submit(office.engine, putu, one, 2)


def test_an_approval_needs_number_day_and_paper(office: Office) -> None:
    number = submitted(office)
    with pytest.raises(Invalid) as told:
        approve(
            office.engine,
            office.people["lina"],
            "izin",
            number,
            Approval(number=" ", effective_from=today(office) - timedelta(days=1), paper=None),
        )
    assert [one.field for one in told.value.problems] == ["number", "effective_from", "paper"]


def test_what_was_returned_can_be_asked_for_again_as_it_is(office: Office) -> None:
    number = submitted(office)
    return_version(office.engine, office.people["lina"], "izin", number, "Lampirkan surat")
    assert states(office)[number] == VersionState.RETURNED
    assert submitted(office) == number
    assert states(office)[number] == VersionState.REVIEW


def test_a_trial_is_for_its_team_until_it_is_full(office: Office) -> None:
    approved(office, submitted(office), today(office))
    joko, wati = office.people["joko"], office.people["wati"]
    assert joko.person is not None
    trial = Trial(team=(joko.person,), until=today(office) + timedelta(days=1), most_cases=1)
    number = submitted(office, trial=trial, to="PT5H")
    assert can_start(office, "wati") == [(2, VersionState.IN_FORCE)]
    assert can_start(office, "joko") == [(2, VersionState.IN_FORCE), (number, VersionState.TRIAL)]
    with pytest.raises(Conflict):
        office.start("wati", version=number)
    case = office.start("joko", version=number)
    assert office.open_elements(case.instance) == ["mengajukan"]
    assert can_start(office, "joko") == [(2, VersionState.IN_FORCE)]  # one was all
    assert wati.person is not None


def test_a_trial_ends_with_its_day(office: Office) -> None:
    number = submitted(office, trial=Trial(until=today(office)))
    assert can_start(office)[-1] == (number, VersionState.TRIAL)
    office.clock.move(timedelta(days=1))
    assert can_start(office) == [(1, VersionState.TRIAL)]


def test_a_trial_is_followed_by_the_review(office: Office) -> None:
    number = submitted(office, trial=Trial())
    ask_approval(office.engine, office.people["putu"], "izin", number)
    assert states(office)[number] == VersionState.REVIEW
    with pytest.raises(Conflict):
        ask_approval(office.engine, office.people["putu"], "izin", number)


def test_what_was_approved_only_an_approver_withdraws(office: Office) -> None:
    number = submitted(office)
    approved(office, number, today(office))
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["putu"], "izin", number, "Salah")
    withdraw(office.engine, office.people["lina"], "izin", number, "Salah")
    assert states(office)[number] == VersionState.WITHDRAWN
    assert can_start(office) == []


@pytest.mark.parametrize("column", ["bpmn", "forms", "spec", "definition", "notes", "number"])
def test_the_database_keeps_what_a_version_is(office: Office, column: str) -> None:
    value = 9 if column == "number" else "x"
    change = update(process_version).where(process_version.c.number == 1).values({column: value})
    with pytest.raises(DBAPIError, match="stays as it was"), office.engine.store.transaction() as connection:
        connection.execute(change)


def test_the_database_keeps_approvals_and_deletes_no_version(office: Office) -> None:
    number = submitted(office)
    approved(office, number, today(office))
    mine = process_version.c.number == number
    attempts = (
        update(process_version).where(mine).values(approver=None),
        update(process_version).where(mine).values(sop_number="2"),
        update(process_version).where(mine).values(effective_from=today(office) + timedelta(days=9)),
        update(process_version).where(mine).values(state=VersionState.REVIEW),
        delete(process_version).where(mine),
        delete(process_version).where(process_version.c.number == 1),
    )
    for attempt in attempts:
        with (
            pytest.raises(DBAPIError, match="stays as it was"),
            office.engine.store.transaction() as connection,
        ):
            connection.execute(attempt)
