"""Questions of auditors: asked under a letter, answered once by who was asked, seen by nobody else."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import assignments as letters
from engine.actions import inquiries as acts
from engine.actions.inquiries import InquiryForm
from engine.actions.offices import operator
from engine.actions.people import deactivate_person
from engine.actions.roles import AssignmentForm, assign_role
from engine.errors import AlurError, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.inquiry import InquiryState
from engine.queries.askable import askable
from engine.queries.inbox import InboxFilter, inbox_page
from engine.queries.inquiries import (
    InquiryPage,
    asked_about,
    inquiries_page,
    inquiry_page,
    put_to,
)
from engine.storage import people
from tests.offices import Office, assign, covered, furnish


@pytest.fixture
def case(office: Office) -> UUID:
    """Let tono be an auditor too, of the same letter as agus, and a case be there."""
    with office.engine.store.reading() as connection:
        role = people.role_keys(connection, office.id)["auditor"]
    form = AssignmentForm(person=person(office, "tono").hex, since="2026-11-01")
    assign_role(office.engine, operator(office.id), role, form)
    office.people["tono"] = replace(office.people["tono"], roles=office.people["agus"].roles)
    assign(office, "agus", "tono", number="700/112/2026")
    return office.start().instance


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found


def letter_of(office: Office) -> UUID:
    found = office.people["agus"].coverage
    return next(one.assignment for one in found if one.number == "700/112/2026")


def question(office: Office, **facts: Any) -> InquiryForm:
    asked = {"attempt": new_id(), "to": person(office, "rina"), "question": "Mengapa terlambat?", "seq": 2}
    return InquiryForm(**asked | {"assignment": letter_of(office)} | facts)


def asked(office: Office, case: UUID, **facts: Any) -> UUID:
    return acts.ask(office.engine, office.people["agus"], case, question(office, **facts))


def page(office: Office, name: str, inquiry: UUID) -> InquiryPage:
    return inquiry_page(office.engine, office.people[name], inquiry)


def waiting(office: Office, name: str) -> list[UUID]:
    return [one.id for one in inbox_page(office.engine, office.people[name], InboxFilter()).asked]


def told(office: Office) -> list[tuple[EventKind, dict[str, Any]]]:
    kinds = {EventKind.INQUIRY_ASKED, EventKind.INQUIRY_ANSWERED}
    return [
        (one.kind, json.loads(one.payload or "{}")) for one in office.events(office.id) if one.kind in kinds
    ]


def leave(office: Office, name: str) -> None:
    deactivate_person(office.engine, office.people["dewi"], person(office, name))


def test_who_is_asked_sees_it_on_their_first_page_until_they_answer(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    assert waiting(office, "rina") == [inquiry]
    assert page(office, "rina", inquiry).may_answer
    acts.answer(office.engine, office.people["rina"], inquiry, " Menunggu data. ")
    assert waiting(office, "rina") == []
    found = page(office, "tono", inquiry)
    assert (found.row.state, found.row.answer) == (InquiryState.ANSWERED, "Menunggu data.")
    assert not page(office, "rina", inquiry).may_answer


def test_question_and_answer_are_on_record(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    acts.answer(office.engine, office.people["rina"], inquiry, "Menunggu data.")
    about = {"inquiry": inquiry.hex, "case": case.hex, "seq": 2, "to": person(office, "rina").hex}
    under = {"number": 1, "assignment": letter_of(office).hex, "question": "Mengapa terlambat?"}
    (first, put), (last, given) = told(office)
    assert (first, last) == (EventKind.INQUIRY_ASKED, EventKind.INQUIRY_ANSWERED)
    assert put.items() >= (about | under).items()
    assert given.items() >= (about | {"answer": "Menunggu data."}).items()


def test_nobody_but_who_is_asked_and_the_team_sees_it(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    for name in ("putu", "dewi", "joko", "budi"):
        with pytest.raises(NotFound):
            page(office, name, inquiry)
        assert put_to(office.engine, office.people[name]) == []
        assert asked_about(office.engine, office.people[name], case, 2) == []
        with pytest.raises(NotFound):
            acts.answer(office.engine, office.people[name], inquiry, "Saya saja.")
    with pytest.raises(NotFound):
        acts.answer(office.engine, office.people["agus"], inquiry, "Saya saja.")
    with pytest.raises(NotFound):
        inquiries_page(office.engine, office.people["putu"])


def test_an_auditor_of_another_letter_does_not_see_it(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    agus = office.people["agus"]
    other = replace(agus, coverage=tuple(one for one in agus.coverage if one.assignment != letter_of(office)))
    assert other.coverage
    with pytest.raises(NotFound):
        inquiry_page(office.engine, other, inquiry)
    assert inquiries_page(office.engine, other) == []
    assert [one.id for one in inquiries_page(office.engine, agus)] == [inquiry]


def test_another_office_sees_and_asks_nothing(office: Office, case: UUID) -> None:
    inquiry, there = asked(office, case), furnish(office.engine, office.clock, "lain")
    with pytest.raises(NotFound):
        inquiry_page(there.engine, there.people["agus"], inquiry)
    with pytest.raises(NotFound):
        acts.ask(there.engine, there.people["agus"], case, question(office, assignment=None))
    with pytest.raises(Invalid):
        asked(office, case, to=person(there, "rina"))


def test_who_is_asked_need_not_see_the_case(office: Office, case: UUID) -> None:
    inquiry = asked(office, case, to=person(office, "sri"))
    found = page(office, "sri", inquiry)
    assert (found.sees_case, found.happened, found.may_answer) == (False, None, True)
    assert page(office, "agus", inquiry).happened is not None


def test_only_an_auditor_whose_letter_covers_the_case_asks(office: Office, case: UUID) -> None:
    without = replace(office.people["agus"], coverage=())
    for actor in (office.people["putu"], office.people["joko"], without):
        with pytest.raises(NotFound):
            acts.ask(office.engine, actor, case, question(office, assignment=None))
        with pytest.raises(NotFound):
            askable(office.engine, actor, case, 0)
    assign(office, "agus", number="700/9/2026", cases_until="2026-10-01")
    past = next(one for one in covered(office, "agus").coverage if one.number == "700/9/2026")
    with pytest.raises(NotFound):
        acts.ask(office.engine, replace(without, coverage=(past,)), case, question(office, assignment=None))
    with pytest.raises(Invalid) as refused:
        asked(office, case, assignment=past.assignment)
    assert [one.field for one in refused.value.problems] == ["assignment"]


def test_an_auditor_who_is_a_process_owner_too_asks_under_the_letter(office: Office, case: UUID) -> None:
    agus, putu = office.people["agus"], office.people["putu"]
    both = replace(agus, roles=(*agus.roles, *putu.roles))
    acts.ask(office.engine, both, case, question(office, assignment=None))
    assert len(told(office)) == 1


def test_nobody_asks_about_a_case_they_took_part_in(office: Office, case: UUID) -> None:
    own = replace(office.people["agus"], person=person(office, "joko"))
    with pytest.raises(Forbidden, match="you took part in it"):
        acts.ask(office.engine, own, case, question(office))
    with pytest.raises(Forbidden):
        askable(office.engine, own, case, 0)


def test_a_letter_that_ended_meanwhile_asks_nothing(office: Office, case: UUID) -> None:
    letters.end(office.engine, office.people["dewi"], letter_of(office), "Selesai")
    with pytest.raises(Invalid) as refused:
        asked(office, case)  # by an actor who was let in before
    assert [one.field for one in refused.value.problems] == ["assignment"]
    assert told(office) == []


def test_an_answer_after_the_end_of_the_letter_goes_to_those_of_its_team_who_audit_the_case(
    office: Office, case: UUID
) -> None:
    inquiry, agus, tono = asked(office, case), office.people["agus"], office.people["tono"]
    without = replace(agus, coverage=())
    letters.end(office.engine, office.people["dewi"], letter_of(office), "Selesai")
    assert waiting(office, "rina") == [inquiry]
    acts.answer(office.engine, office.people["rina"], inquiry, "Menunggu data.")
    others = tuple(one for one in agus.coverage if one.assignment != letter_of(office))
    for name, reader in {
        "agus": replace(agus, coverage=others),
        "tono": replace(tono, coverage=others),
    }.items():
        found = inquiry_page(office.engine, reader, inquiry)
        assert (found.row.answer, found.row.ended, found.of_team) == ("Menunggu data.", True, True), name
        assert [one.id for one in inquiries_page(office.engine, reader)] == [inquiry]
        assert [one.id for one in asked_about(office.engine, reader, case, found.row.seq)] == [inquiry]
    elsewhere = tuple(replace(one, sops=(new_id(),)) for one in others)
    came_later = replace(agus, person=office.people["wati"].person, coverage=others)
    for reader in (without, replace(agus, coverage=elsewhere), came_later):
        assert inquiries_page(office.engine, reader) == []
        with pytest.raises(NotFound):
            inquiry_page(office.engine, reader, inquiry)


def test_an_answer_stays_with_who_gave_it_when_the_letter_runs_out(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    acts.answer(office.engine, office.people["rina"], inquiry, "Menunggu data.")
    office.clock.move(timedelta(days=2_000))
    assert page(office, "rina", inquiry).row.state is InquiryState.ANSWERED


def test_the_same_form_sent_again_asks_once(office: Office, case: UUID) -> None:
    form = question(office)
    first = acts.ask(office.engine, office.people["agus"], case, form)
    assert acts.ask(office.engine, office.people["agus"], case, form) == first
    assert len(told(office)) == 1
    with pytest.raises(NotFound):
        acts.ask(office.engine, office.people["tono"], case, form)


def test_a_second_answer_is_refused_and_the_same_one_again_changes_nothing(
    office: Office, case: UUID
) -> None:
    inquiry, rina = asked(office, case), office.people["rina"]
    acts.answer(office.engine, rina, inquiry, "Menunggu data.")
    acts.answer(office.engine, rina, inquiry, "Menunggu data.")
    with pytest.raises(Conflict, match="is not changed"):
        acts.answer(office.engine, rina, inquiry, "Bukan begitu.")
    assert page(office, "agus", inquiry).row.answer == "Menunggu data."
    assert len(told(office)) == 2


def test_of_two_answers_at_once_one_is_on_record(office: Office, case: UUID) -> None:
    inquiry, rina = asked(office, case), office.people["rina"]

    def send(text: str) -> str:
        try:
            acts.answer(office.engine, rina, inquiry, text)
        except AlurError:
            return ""
        return text

    with ThreadPoolExecutor(2) as pool:
        given = [one for one in pool.map(send, ("Satu.", "Dua.")) if one]
    assert [page(office, "agus", inquiry).row.answer] == given
    assert len(told(office)) == 2


def test_two_who_ask_at_once_get_numbers_of_their_own(office: Office, case: UUID) -> None:
    def send(name: str) -> UUID:
        return acts.ask(office.engine, office.people[name], case, question(office))

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(send, ("agus", "tono")))
    assert {page(office, "agus", one).row.number for one in made} == {1, 2}


def test_who_has_left_is_not_asked_and_does_not_answer(office: Office, case: UUID) -> None:
    inquiry = asked(office, case)
    leave(office, "rina")
    assert page(office, "agus", inquiry).row.state is InquiryState.UNANSWERABLE
    with pytest.raises(Forbidden):
        acts.answer(office.engine, office.people["rina"], inquiry, "Menunggu data.")
    with pytest.raises(Invalid) as refused:
        asked(office, case)
    assert [one.field for one in refused.value.problems] == ["to"]
    assert "no longer active" in str(refused.value.problems[0].sentence)
    names = [words for _id, words in askable(office.engine, office.people["agus"], case, 0).people]
    assert not any("Rina" in one for one in names)


def test_who_only_audits_is_not_asked_and_who_works_there_too_is(office: Office, case: UUID) -> None:
    def offered() -> bool:
        found = askable(office.engine, office.people["agus"], case, 0).people
        return person(office, "tono").hex in {id_ for id_, _words in found}

    assert not offered()
    with pytest.raises(Invalid) as refused:
        asked(office, case, to=person(office, "tono"))
    assert "audits the office" in str(refused.value.problems[0].sentence)
    with office.engine.store.reading() as connection:
        staff = people.role_keys(connection, office.id)["staf"]
    form = AssignmentForm(person=person(office, "tono").hex, since="2026-11-01")
    assign_role(office.engine, operator(office.id), staff, form)
    assert offered()
    assert asked(office, case, to=person(office, "tono"))


def test_what_is_missing_is_said_field_by_field(office: Office, case: UUID) -> None:
    with pytest.raises(Invalid) as refused:
        asked(office, case, to=None, question=" ")
    assert [one.field for one in refused.value.problems] == ["to", "question"]
    for to in (person(office, "agus"), new_id()):
        with pytest.raises(Invalid):
            asked(office, case, to=to)
    with pytest.raises(NotFound):
        asked(office, case, seq=99)
    with pytest.raises(NotFound):
        asked(office, case, seq=-1)
    inquiry = asked(office, case)
    for text in (" ", "x" * 10_001):
        with pytest.raises(Invalid):
            acts.answer(office.engine, office.people["rina"], inquiry, text)


def test_the_form_suggests_who_did_it(office: Office, case: UUID) -> None:
    found = askable(office.engine, office.people["agus"], case, 1)
    assert found.suggested == person(office, "joko").hex
    assert askable(office.engine, office.people["agus"], case, 0).suggested == ""
    with pytest.raises(NotFound):
        askable(office.engine, office.people["agus"], case, 99)


def test_the_list_is_narrowed_by_where_a_question_stands(office: Office, case: UUID) -> None:
    first, second = asked(office, case), asked(office, case, to=person(office, "sri"), seq=0)
    acts.answer(office.engine, office.people["rina"], first, "Menunggu data.")
    leave(office, "sri")
    agus = office.people["agus"]
    assert [one.id for one in inquiries_page(office.engine, agus)] == [second, first]
    for state, expected in {
        InquiryState.ANSWERED: [first],
        InquiryState.UNANSWERABLE: [second],
        InquiryState.WAITING: [],
    }.items():
        assert [one.id for one in inquiries_page(office.engine, agus, state)] == expected
    assert [one.id for one in asked_about(office.engine, agus, case, 2)] == [first]
