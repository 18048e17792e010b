"""Suggestions: sent once by whoever sees the task, answered once by an owner, read by both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine.actions.approvals import return_version, withdraw
from engine.actions.process_drafts import discard_draft, start_draft
from engine.actions.submissions import Trial, submit
from engine.actions.suggestions import LONGEST, answer, note_done, see_answers, suggest
from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.suggestion import Progress, SuggestionState
from engine.queries.inbox import InboxFilter, inbox_page
from engine.queries.suggestions import (
    Suggestion,
    count_open,
    own_suggestions,
    suggestions_page,
    to_be_done,
)
from engine.storage import versions
from engine.storage.tables import suggestion
from tests.offices import Office
from tests.revising import approved, draft, lengthen, submitted, today

OTHERS = ("joko", "rina", "lina", "agus", "dewi", "tono")


@pytest.fixture
def task(office: Office) -> UUID:
    case = office.start()
    return office.open_task(case.instance, "mengajukan").id


def say(office: Office, task: UUID, text: str = "Isian biaya sebaiknya dua", by: str = "joko") -> UUID:
    attempt = new_id()
    suggest(office.engine, office.people[by], task, text, attempt)
    return attempt


def kinds(office: Office) -> list[str]:
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
    assert process is not None
    return office.kinds(process)


def test_the_owner_reads_it_at_its_step_and_answers_and_its_author_reads_that(
    office: Office, task: UUID
) -> None:
    putu, joko = office.people["putu"], office.people["joko"]
    one = say(office, task)
    page = suggestions_page(office.engine, putu, "izin")
    [step] = page.open
    assert (step.element, step.said[0].text, step.said[0].state) == (
        "mengajukan",
        "Isian biaya sebaiknya dua",
        "open",
    )
    assert "Joko" in step.said[0].by
    assert (count_open(office.engine, putu, "izin"), page.answered) == (1, ())
    answer(office.engine, putu, "izin", one, SuggestionState.DECLINED, "Biaya memang satu.")
    [told] = own_suggestions(office.engine, joko)
    assert (told.state, told.answer, told.answered_by) == (
        SuggestionState.DECLINED,
        "Biaya memang satu.",
        "Pemilik SOP (Putu)",
    )
    assert (count_open(office.engine, putu, "izin"), kinds(office)[-2:]) == (
        0,
        [EventKind.SUGGESTION_MADE, EventKind.SUGGESTION_ANSWERED],
    )


def test_the_same_click_twice_sends_one(office: Office, task: UUID) -> None:
    attempt = new_id()
    for _ in range(2):
        suggest(office.engine, office.people["joko"], task, "Sekali", attempt)
    assert len(own_suggestions(office.engine, office.people["joko"])) == 1


def test_an_answer_is_final(office: Office, task: UUID) -> None:
    one = say(office, task)
    putu = office.people["putu"]
    answer(office.engine, putu, "izin", one, SuggestionState.TAKEN, "")
    with pytest.raises(Conflict):
        answer(office.engine, putu, "izin", one, SuggestionState.DECLINED, "Tidak jadi")
    assert own_suggestions(office.engine, office.people["joko"])[0].state is SuggestionState.TAKEN


def test_to_decline_needs_a_reason_and_to_suggest_needs_words(office: Office, task: UUID) -> None:
    one = say(office, task)
    with pytest.raises(Invalid):
        answer(office.engine, office.people["putu"], "izin", one, SuggestionState.DECLINED, " ")
    for text in ("", "  \n", "x" * (LONGEST + 1)):
        with pytest.raises(Invalid):
            say(office, task, text)


def test_who_does_not_see_the_task_suggests_nothing_about_it(office: Office, task: UUID) -> None:
    for name in ("rina", "lina", "tono"):
        with pytest.raises(NotFound):
            say(office, task, by=name)


def test_only_owners_read_and_answer(office: Office, task: UUID) -> None:
    one = say(office, task)
    for name in OTHERS:
        actor = office.people[name]
        with pytest.raises(NotFound):
            suggestions_page(office.engine, actor, "izin")
        with pytest.raises(NotFound):
            answer(office.engine, actor, "izin", one, SuggestionState.TAKEN, "")
        assert count_open(office.engine, actor, "izin") == 0
    with pytest.raises(NotFound):
        answer(office.engine, office.people["putu"], "izin", new_id(), SuggestionState.TAKEN, "")


def test_one_person_does_not_fill_the_owners_list(office: Office, task: UUID) -> None:
    for _ in range(20):
        say(office, task)
    with pytest.raises(Conflict):
        say(office, task)


def test_what_is_suggested_about_several_steps_stands_by_step(office: Office, task: UUID) -> None:
    say(office, task, "Pertama")
    say(office, task, "Kedua")
    [step] = suggestions_page(office.engine, office.people["putu"], "izin").open
    assert {one.text for one in step.said} == {"Pertama", "Kedua"}


def test_what_waits_is_listed_however_many_came_later_and_were_answered(office: Office, task: UUID) -> None:
    putu, one = office.people["putu"], say(office, task)
    with office.engine.store.transaction() as connection:
        row = connection.execute(select(suggestion).where(suggestion.c.id == one)).mappings().one()
        later = row["at"] + timedelta(minutes=1)
        done = {"at": later, "state": SuggestionState.DECLINED, "answer": "x"}
        done |= {"answered_by": putu.person, "answered_at": later}
        connection.execute(insert(suggestion), [{**row, **done, "id": new_id()} for _ in range(501)])
    page = suggestions_page(office.engine, putu, "izin")
    assert [said.id for step in page.open for said in step.said] == [one]
    assert count_open(office.engine, putu, "izin") == 1
    assert sum(len(step.said) for step in page.answered) == 500


def taken(office: Office, task: UUID) -> UUID:
    one = say(office, task)
    answer(office.engine, office.people["putu"], "izin", one, SuggestionState.TAKEN, "Baik.")
    return one


def own(office: Office) -> Suggestion:
    [one] = own_suggestions(office.engine, office.people["joko"])
    return one


def news(office: Office, name: str = "joko") -> list[tuple[Progress, int | None]]:
    page = inbox_page(office.engine, office.people[name], InboxFilter())
    return [(one.progress, one.revision) for one in page.news]


def shown(office: Office) -> dict[UUID, datetime]:
    page = inbox_page(office.engine, office.people["joko"], InboxFilter())
    return {one.id: one.told_at for one in page.news if one.told_at is not None}


def test_what_was_taken_up_goes_through_a_draft_into_a_revision(office: Office, task: UUID) -> None:
    putu, one = office.people["putu"], taken(office, task)
    assert own(office).progress is Progress.TAKEN
    work = draft(office)
    note_done(office.engine, putu, "izin", one, work)
    assert own(office).progress is Progress.DRAFTED
    assert [said.id for said in to_be_done(office.engine, putu, "izin")] == [one]
    lengthen(office, work)
    number = submit(office.engine, putu, work, 2)[1]
    assert (own(office).progress, own(office).revision) == (Progress.SUBMITTED, number)
    approved(office, number, today(office))
    assert (own(office).progress, own(office).revision) == (Progress.IN, number)
    assert to_be_done(office.engine, putu, "izin") == ()
    [step] = suggestions_page(office.engine, putu, "izin").answered
    assert step.said[0].id == one


def test_what_a_returned_revision_did_is_in_the_one_made_from_it(office: Office, task: UUID) -> None:
    putu, one, work = office.people["putu"], taken(office, task), draft(office)
    note_done(office.engine, putu, "izin", one, work)
    lengthen(office, work)
    returned = submit(office.engine, putu, work, 2)[1]
    return_version(office.engine, office.people["lina"], "izin", returned, "Terlalu lama")
    assert (own(office).progress, own(office).revision) == (Progress.RETURNED, returned)
    again = start_draft(office.engine, putu, "izin", returned, new_id())
    lengthen(office, again, to="PT5H")
    number = submit(office.engine, putu, again, 2)[1]
    approved(office, number, today(office))
    assert (own(office).progress, own(office).revision) == (Progress.IN, number)


def test_a_discarded_draft_does_nothing_and_a_note_can_be_taken_back(office: Office, task: UUID) -> None:
    putu, one, work = office.people["putu"], taken(office, task), draft(office)
    note_done(office.engine, putu, "izin", one, work)
    note_done(office.engine, putu, "izin", one, None)
    assert own(office).progress is Progress.TAKEN
    note_done(office.engine, putu, "izin", one, work)
    discard_draft(office.engine, putu, work, 1)
    assert (own(office).progress, own(office).draft) == (Progress.TAKEN, None)
    assert kinds(office).count(EventKind.SUGGESTION_DONE) == 3


def test_only_owners_note_it_of_what_they_took_up_in_a_draft_of_that_sop(office: Office, task: UUID) -> None:
    putu, one, work = office.people["putu"], taken(office, task), draft(office)
    for name in OTHERS:
        with pytest.raises(NotFound):
            note_done(office.engine, office.people[name], "izin", one, work)
    with pytest.raises(NotFound):
        note_done(office.engine, putu, "izin", one, new_id())
    declined = say(office, task)
    with pytest.raises(Conflict):
        note_done(office.engine, putu, "izin", declined, work)


def test_its_author_is_told_each_time_it_comes_further_until_they_have_seen_it(
    office: Office, task: UUID
) -> None:
    putu, joko, work = office.people["putu"], office.people["joko"], draft(office)
    say(office, task, "Yang ini menunggu")
    assert news(office) == []
    one = taken(office, task)
    assert (news(office), news(office, "putu"), news(office, "agus")) == ([(Progress.TAKEN, None)], [], [])
    see_answers(office.engine, office.people["agus"], shown(office))
    assert news(office) == [(Progress.TAKEN, None)]
    see_answers(office.engine, joko, shown(office))
    assert news(office) == []
    note_done(office.engine, putu, "izin", one, work)
    lengthen(office, work)
    number = submit(office.engine, putu, work, 2)[1]
    assert news(office) == []
    office.clock.move(timedelta(minutes=5))
    approved(office, number, today(office))
    assert news(office) == [(Progress.IN, number)]
    see_answers(office.engine, joko, shown(office))
    assert news(office) == []


def test_what_comes_while_the_news_are_read_is_news_still(office: Office, task: UUID) -> None:
    putu, joko, work = office.people["putu"], office.people["joko"], draft(office)
    one, other = taken(office, task), say(office, task, "Yang ini menunggu")
    note_done(office.engine, putu, "izin", one, work)
    lengthen(office, work)
    number = submit(office.engine, putu, work, 2)[1]
    read = shown(office)
    office.clock.move(timedelta(minutes=1))
    answer(office.engine, putu, "izin", other, SuggestionState.DECLINED, "Biaya memang satu.")
    approved(office, number, today(office))
    office.clock.move(timedelta(minutes=1))
    see_answers(office.engine, joko, read)
    assert sorted(news(office)) == [(Progress.DECLINED, None), (Progress.IN, number)]


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_no_instant_that_was_sent_hides_what_comes_later(office: Office, task: UUID, at: datetime) -> None:
    putu, joko, one = office.people["putu"], office.people["joko"], say(office, task)
    see_answers(office.engine, joko, {one: at})
    office.clock.move(timedelta(minutes=1))
    answer(office.engine, putu, "izin", one, SuggestionState.TAKEN, "")
    see_answers(office.engine, joko, {one: at.min.replace(tzinfo=UTC), new_id(): at})
    assert news(office) == [(Progress.TAKEN, None)]


def done_in(office: Office, task: UUID) -> int:
    """Give the number of the revision that does what was suggested."""
    putu, one, work = office.people["putu"], taken(office, task), draft(office)
    note_done(office.engine, putu, "izin", one, work)
    lengthen(office, work)
    return submit(office.engine, putu, work, 2)[1]


def test_what_a_returned_or_withdrawn_revision_did_waits_again(office: Office, task: UUID) -> None:
    putu, number = office.people["putu"], done_in(office, task)
    return_version(office.engine, office.people["lina"], "izin", number, "Terlalu lama")
    assert (own(office).progress, own(office).revision, own(office).draft) == (
        Progress.RETURNED,
        number,
        None,
    )
    withdraw(office.engine, putu, "izin", number, "Batal")
    assert (own(office).progress, own(office).revision, own(office).draft) == (Progress.TAKEN, None, None)
    [said] = to_be_done(office.engine, putu, "izin")
    work = draft(office)
    note_done(office.engine, putu, "izin", said.id, work)
    assert (own(office).progress, own(office).draft) == (Progress.DRAFTED, work)


def test_what_a_trial_did_that_was_replaced_waits_again(office: Office, task: UUID) -> None:
    putu, one, work = office.people["putu"], taken(office, task), draft(office)
    note_done(office.engine, putu, "izin", one, work)
    lengthen(office, work)
    trial = Trial(until=today(office) + timedelta(days=30))
    submit(office.engine, putu, work, 2, trial)
    assert own(office).progress is Progress.SUBMITTED
    submitted(office, trial=trial, to="PT5H")
    assert own(office).progress is Progress.TAKEN
