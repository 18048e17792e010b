"""Samples: drawn by a seed, looked at case by case, concluded, reviewed by another of the team."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from engine.actions import sample_notes
from engine.actions import samples as acts
from engine.actions.offices import operator
from engine.actions.roles import AssignmentForm, assign_role
from engine.actions.sample_notes import CaseNote, DraftConclusion
from engine.actions.samples import SampleForm
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.sampling import SampleState, Verdict, draw, population_digest
from engine.queries.findings_waiting import findings_waiting
from engine.queries.samples import SamplePage, sample_list, sample_page
from engine.storage import people
from tests.offices import Office, assign

LETTER = "700/112/2026"
FORM = SampleForm(title="Uji petik izin", size=3, seed="700112")


@pytest.fixture
def team(office: Office) -> Office:
    """Let tono be an auditor too, both read by one letter; five cases were started."""
    with office.engine.store.reading() as connection:
        role = people.role_keys(connection, office.id)["auditor"]
    tono = office.people["tono"].person
    assert tono is not None
    assign_role(office.engine, operator(office.id), role, AssignmentForm(person=tono.hex, since="2026-11-01"))
    office.people["tono"] = replace(office.people["tono"], roles=office.people["agus"].roles)
    assign(office, "agus", "tono", number=LETTER)
    for _ in range(5):
        office.start(knowingly=True)
    return office


def taken(office: Office, **facts: Any) -> UUID:
    actor = office.people["agus"]
    letter = next(one.assignment for one in actor.coverage if one.number == LETTER)
    return acts.take(office.engine, actor, letter, replace(FORM, **facts))


def page(office: Office, sample: UUID, name: str = "agus") -> SamplePage:
    return sample_page(office.engine, office.people[name], sample)


def note(
    office: Office, sample: UUID, place: int, verdict: Verdict, text: str = "", name: str = "agus"
) -> None:
    revision = page(office, sample).cases[place - 1].revision
    save(office, sample, CaseNote(place=place, revision=revision, verdict=verdict, text=text), name=name)


def save(office: Office, sample: UUID, *notes: CaseNote, name: str = "agus") -> None:
    sample_notes.save(office.engine, office.people[name], sample, notes)


def concluded(office: Office) -> UUID:
    sample = taken(office)
    for place in (1, 2):
        note(office, sample, place, Verdict.IN_ORDER)
    note(office, sample, 3, Verdict.EXCEPTION, "Tanpa nomor agenda")
    acts.conclude(office.engine, office.people["agus"], sample, 1, "Satu dari tiga tanpa nomor.")
    return sample


def told(office: Office) -> list[dict[str, Any]]:
    events = [event for event in office.events(office.id) if event.kind.value.startswith("sample.")]
    return [{"kind": event.kind.value} | json.loads(event.payload or "{}") for event in events]


def test_it_is_drawn_by_its_seed_and_the_record_says_how(team: Office) -> None:
    sample = taken(team)
    numbers = [f"00{number}/IZ/2026" for number in range(1, 6)]
    found = page(team, sample)
    assert [one.number for one in found.cases] == draw("700112", numbers, 3)
    assert (found.row.size, found.row.population) == (3, 5)
    assert found.row.population_digest == population_digest(numbers).hex()
    [drawn] = told(team)
    assert (drawn["seed"], drawn["drawn"]) == ("700112", draw("700112", numbers, 3))
    assert drawn["population"] == [5, population_digest(numbers).hex()]


def test_an_empty_seed_is_chosen_and_kept(team: Office) -> None:
    one, two = (page(team, taken(team, seed=" ")).row.seed for _ in range(2))
    assert len(one) == 16
    assert one != two


def test_it_is_drawn_from_what_the_letter_covers_and_from_the_days_asked(team: Office) -> None:
    with pytest.raises(Invalid):
        taken(team, since=date(2026, 11, 24))
    with pytest.raises(Invalid):
        taken(team, until=date(2026, 11, 22))
    both = {"since": date(2026, 11, 23), "until": date(2026, 11, 23)}
    assert page(team, taken(team, size=100, **both)).row.size == 5


def test_others_write_while_its_cases_are_read(team: Office) -> None:
    def write() -> None:
        assign(team, "agus", number="700/114/2026")

    written: list[bool] = []

    def while_read(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT instance.number, instance.id") and not written:
            written.append(False)
            writer = Thread(target=write)
            writer.start()
            writer.join(timeout=4)
            written[0] = not writer.is_alive()

    event.listen(team.engine.store.engine, "before_cursor_execute", while_read)
    taken(team)
    event.remove(team.engine.store.engine, "before_cursor_execute", while_read)
    assert written == [True]


def test_it_is_held_to_its_letter_and_not_to_all_that_the_auditor_reads(team: Office) -> None:
    assign(team, "agus", "tono", number="700/113/2026", cases_until="2026-11-22")
    letter = next(one for one in team.people["agus"].coverage if one.number == "700/113/2026")
    with pytest.raises(Invalid):
        acts.take(team.engine, team.people["agus"], letter.assignment, FORM)


def test_no_case_that_the_auditor_worked_on_is_drawn(team: Office) -> None:
    agus, joko = team.people["agus"], team.people["joko"]
    team.people["both"] = replace(agus, roles=agus.roles + joko.roles)
    own = team.start(by="both", knowingly=True)
    found = page(team, taken(team, size=100))
    assert found.row.population == 5
    assert own.instance not in {one.id for one in found.cases}


def test_working_papers_go_their_way_and_every_step_is_on_record(team: Office) -> None:
    sample = concluded(team)
    acts.review(team.engine, team.people["tono"], sample, 2, accepted=False, text="Sebut nomornya.")
    assert page(team, sample).row.state is SampleState.DRAWN
    acts.conclude(team.engine, team.people["agus"], sample, 3, "Satu dari tiga: 002.")
    acts.review(team.engine, team.people["tono"], sample, 4, accepted=True, text="")
    row = page(team, sample).row
    assert (row.state, row.exceptions, row.looked_at) == (SampleState.REVIEWED, 1, 3)
    assert row.reviewed_by
    kinds = [one["kind"] for one in told(team)]
    assert kinds == [
        "sample.drawn",
        *["sample.case-noted"] * 3,
        "sample.concluded",
        "sample.reviewed",
        "sample.concluded",
        "sample.reviewed",
    ]
    assert told(team)[3]["was"] == {"verdict": "open", "note": ""}


def test_who_concluded_it_does_not_review_it(team: Office) -> None:
    sample = concluded(team)
    with pytest.raises(Forbidden):
        acts.review(team.engine, team.people["agus"], sample, 2, accepted=True, text="")


def test_who_noted_its_cases_does_not_review_it_though_another_concluded_it(team: Office) -> None:
    sample = taken(team)
    for place in (1, 2, 3):
        note(team, sample, place, Verdict.IN_ORDER)
    acts.conclude(team.engine, team.people["tono"], sample, 1, "Semua beres.")
    assert not page(team, sample, "agus").may_review
    for name in ("agus", "tono"):
        with pytest.raises(Forbidden):
            acts.review(team.engine, team.people[name], sample, 2, accepted=True, text="")


def test_who_wrote_notes_or_a_conclusion_that_another_replaced_does_not_review_it(team: Office) -> None:
    agus, tono = team.people["agus"], team.people["tono"]
    drafted, noted = taken(team), taken(team, title="Kedua")
    sample_notes.save(team.engine, tono, drafted, (), DraftConclusion(revision=1, text="Sejauh ini beres."))
    note(team, noted, 1, Verdict.EXCEPTION, "Tanpa tanggal", name="tono")
    for sample, revision in ((drafted, 2), (noted, 1)):
        for place in (1, 2, 3):
            note(team, sample, place, Verdict.IN_ORDER)
        acts.conclude(team.engine, agus, sample, revision, "Semua beres.")
        assert not page(team, sample, "tono").may_review
        assert not findings_waiting(team.engine, tono).samples
        with pytest.raises(Forbidden):
            acts.review(team.engine, tono, sample, revision + 1, accepted=True, text="")


def test_two_at_once_do_not_overwrite_each_other(team: Office) -> None:
    sample = taken(team)
    first = CaseNote(place=1, revision=1, verdict=Verdict.IN_ORDER, text="Dari Agus")
    save(team, sample, first)
    with pytest.raises(Invalid):
        save(team, sample, replace(first, text="Dari Tono"), name="tono")
    save(team, sample, first)  # pressed twice
    assert page(team, sample).cases[0].note == "Dari Agus"
    with pytest.raises(Conflict):
        acts.conclude(team.engine, team.people["agus"], sample, 1, "Terlalu dini")


def test_what_is_saved_at_once_is_saved_whole_or_not_at_all(team: Office) -> None:
    sample = taken(team)
    notes = [CaseNote(place=place, revision=1, verdict=Verdict.EXCEPTION) for place in (1, 2)]
    with pytest.raises(Invalid) as refused:
        save(team, sample, *notes, CaseNote(place=3, revision=1, verdict=Verdict.IN_ORDER, text="Beres"))
    assert [one.field for one in refused.value.problems] == ["note-1", "note-2"]
    assert {one.verdict for one in page(team, sample).cases} == {Verdict.OPEN}


def test_a_conclusion_is_kept_while_it_is_written_and_is_on_record(team: Office) -> None:
    sample, agus = taken(team), team.people["agus"]
    written = DraftConclusion(revision=1, text="Sejauh ini beres.")
    assert sample_notes.save(team.engine, agus, sample, (), written) == 2
    with pytest.raises(Invalid):
        sample_notes.save(team.engine, team.people["tono"], sample, (), replace(written, text="Tidak beres."))
    assert page(team, sample).row.conclusion == "Sejauh ini beres."
    assert told(team)[-1]["kind"] == "sample.conclusion-drafted"


def test_what_is_concluded_is_not_noted_any_more(team: Office) -> None:
    sample = concluded(team)
    with pytest.raises(Conflict):
        note(team, sample, 1, Verdict.EXCEPTION, "Terlambat")


@pytest.mark.parametrize(
    "facts",
    [
        {"title": " "},
        {"size": 0},
        {"size": None},
        {"size": 501},
        {"seed": "a\nb"},
        {"seed": "x" * 81},
        {"since": date(2026, 12, 1), "until": date(2026, 11, 1)},
        {"until": date(9999, 12, 31)},
    ],
)
def test_what_makes_no_sample_is_refused(team: Office, facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        taken(team, **facts)
    assert told(team) == []


def test_an_exception_and_a_conclusion_need_words(team: Office) -> None:
    sample = taken(team, size=1)
    with pytest.raises(Invalid):
        note(team, sample, 1, Verdict.EXCEPTION, " ")
    note(team, sample, 1, Verdict.IN_ORDER)
    with pytest.raises(Invalid):
        acts.conclude(team.engine, team.people["agus"], sample, 1, "")


@pytest.mark.parametrize("name", ["joko", "putu", "dewi", "budi"])
def test_working_papers_are_the_teams_alone(team: Office, name: str) -> None:
    sample, other = taken(team), team.people[name]
    for look in (lambda: sample_list(team.engine, other), lambda: sample_page(team.engine, other, sample)):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(NotFound):
        save(team, sample, CaseNote(place=1, revision=1, verdict=Verdict.IN_ORDER), name=name)
    with pytest.raises(NotFound):
        acts.take(team.engine, other, team.people["agus"].coverage[0].assignment, FORM)


def test_an_auditor_of_another_letter_does_not_see_them(team: Office) -> None:
    sample = taken(team)
    team.people["tono"] = replace(team.people["tono"], coverage=())
    assert sample_list(team.engine, team.people["tono"]) == ()
    with pytest.raises(NotFound):
        page(team, sample, "tono")
