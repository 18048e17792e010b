"""Findings of an audit: working papers of a team, told to the office, answered, followed up and closed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pytest

from engine.actions import assignments as letters
from engine.actions import finding_answers as answers
from engine.actions import findings as acts
from engine.actions.findings import FindingForm
from engine.actions.offices import operator
from engine.actions.roles import AssignmentForm, assign_role
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model.actor import Actor
from engine.model.finding import FindingState, FollowUp
from engine.queries.findings import FindingPage, finding_page, findings_page
from engine.storage import people
from tests.offices import Office, assign, furnish

FORM = FindingForm(
    title="Surat dikirim tanpa nomor",
    condition="Tiga surat dikirim tanpa nomor.",
    criteria="Langkah 12: surat diberi nomor.",
    cause="Agenda tidak dipakai.",
    effect="Surat tidak dapat ditelusuri.",
    recommendation="Pakai agenda.",
    figures="/audit/figures?sop=izin",
)


@pytest.fixture
def team(office: Office) -> Office:
    """Let tono be an auditor too, and both read by one letter."""
    with office.engine.store.reading() as connection:
        role = people.role_keys(connection, office.id)["auditor"]
    tono = office.people["tono"].person
    assert tono is not None
    assign_role(office.engine, operator(office.id), role, AssignmentForm(person=tono.hex, since="2026-11-01"))
    office.people["tono"] = replace(office.people["tono"], roles=office.people["agus"].roles)
    assign(office, "agus", "tono", number="700/112/2026", cases_until="2026-12-31")
    return office


def letter_of(office: Office) -> UUID:
    found = office.people["agus"].coverage
    return next(one.assignment for one in found if one.number == "700/112/2026")


def drafted(office: Office, **facts: str) -> UUID:
    return acts.draft(office.engine, office.people["agus"], letter_of(office), replace(FORM, **facts))


def page(office: Office, name: str, finding: UUID) -> FindingPage:
    return finding_page(office.engine, office.people[name], finding)


def now(office: Office, finding: UUID) -> int:
    return page(office, "agus", finding).row.revision


def delivered(office: Office) -> UUID:
    finding = drafted(office)
    acts.review(office.engine, office.people["tono"], finding, now(office, finding))
    acts.deliver(office.engine, office.people["agus"], finding, now(office, finding))
    return finding


def told(office: Office) -> list[tuple[str, dict[str, Any]]]:
    events = [event for event in office.events(office.id) if event.kind.value.startswith("finding.")]
    return [(event.kind.value, json.loads(event.payload or "{}")) for event in events]


def test_a_finding_goes_its_way_and_every_step_is_on_record(team: Office) -> None:
    finding, putu, agus = delivered(team), team.people["putu"], team.people["agus"]
    answers.answer(team.engine, putu, finding, now(team, finding), "Setuju.")
    answers.follow_up(team.engine, putu, finding, now(team, finding), "partly", "Agenda dibuat.")
    answers.follow_up(team.engine, putu, finding, now(team, finding), "done", "Agenda dipakai.")
    acts.close(team.engine, agus, finding, now(team, finding), "Tuntas.")
    found = page(team, "putu", finding).row
    assert (found.state, found.follow_up, found.answer) == (FindingState.CLOSED, FollowUp.DONE, "Setuju.")
    assert (found.prepared.who, found.reviewed and found.reviewed.who) == ("Auditor (Agus)", "Tono")
    steps = ["drafted", "reviewed", "delivered", "answered", "followed-up", "followed-up", "closed"]
    assert [kind for kind, _payload in told(team)] == [f"finding.{one}" for one in steps]
    assert told(team)[0][1]["new"]["condition"] == FORM.condition
    assert told(team)[4][1] | {"status": "partly", "text": "Agenda dibuat."} == told(team)[4][1]
    assert told(team)[6][1]["conclusion"] == "Tuntas."


def test_a_draft_is_seen_by_its_team_alone(team: Office) -> None:
    finding = drafted(team)
    assert page(team, "tono", finding).row.number == 1
    for name in ("putu", "dewi", "joko"):
        with pytest.raises(NotFound):
            page(team, name, finding)
        assert findings_page(team.engine, team.people[name]) == []
    with pytest.raises(NotFound):
        answers.answer(team.engine, team.people["putu"], finding, now(team, finding), "Setuju.")


def test_an_auditor_of_another_letter_sees_no_draft(team: Office) -> None:
    finding = drafted(team)
    elsewhere = replace(team.people["tono"], coverage=team.people["agus"].coverage[:1])
    assert elsewhere.coverage[0].assignment != letter_of(team)
    with pytest.raises(NotFound):
        finding_page(team.engine, elsewhere, finding)


def test_who_prepared_a_finding_does_not_review_it(team: Office) -> None:
    finding = drafted(team)
    with pytest.raises(Forbidden):
        acts.review(team.engine, team.people["agus"], finding, now(team, finding))
    assert not page(team, "agus", finding).may_review
    assert page(team, "tono", finding).may_review


def test_what_nobody_has_reviewed_is_not_delivered(team: Office) -> None:
    finding = drafted(team)
    with pytest.raises(Conflict):
        acts.deliver(team.engine, team.people["agus"], finding, now(team, finding))


def test_a_change_takes_the_review_back(team: Office) -> None:
    finding = drafted(team)
    acts.review(team.engine, team.people["tono"], finding, now(team, finding))
    changed = replace(FORM, cause="Agenda hilang.")
    acts.change(team.engine, team.people["agus"], finding, now(team, finding), changed)
    assert page(team, "agus", finding).row.reviewed is None
    kind, payload = told(team)[-1]
    assert kind == "finding.changed"
    assert (payload["old"]["cause"], payload["new"]["cause"]) == ("Agenda tidak dipakai.", "Agenda hilang.")


def test_only_who_prepared_it_changes_a_draft(team: Office) -> None:
    finding = drafted(team)
    with pytest.raises(Forbidden):
        acts.change(team.engine, team.people["tono"], finding, now(team, finding), FORM)


def test_a_finding_is_reviewed_when_all_its_parts_are_written(team: Office) -> None:
    finding = drafted(team, recommendation="")
    with pytest.raises(Conflict):
        acts.review(team.engine, team.people["tono"], finding, now(team, finding))


def test_a_delivered_finding_is_changed_no_more(team: Office) -> None:
    finding = delivered(team)
    with pytest.raises(Conflict):
        acts.change(team.engine, team.people["agus"], finding, now(team, finding), FORM)


def test_who_acts_on_an_older_state_is_told(team: Office) -> None:
    finding, putu = delivered(team), team.people["putu"]
    seen = now(team, finding)
    answers.answer(team.engine, putu, finding, seen, "Setuju.")
    with pytest.raises(Conflict):
        answers.answer(team.engine, putu, finding, seen, "Tidak setuju.")


def test_it_is_attached_to_cases_and_events_the_auditor_may_read(team: Office) -> None:
    case = team.start()
    finding = drafted(team, cases=f"{case.number}\n{case.number} #2", figures="")
    found = page(team, "agus", finding)
    assert [(one.case, one.seq, one.seen) for one in found.cases] == [
        (case.instance, 0, True),
        (case.instance, 2, True),
    ]
    there = furnish(team.engine, team.clock, "lain").start()
    wrong = {
        "cases": ("999/TIDAK/2026", f"{case.number} #99", ""),
        "figures": ("/cases", "https://contoh.go.id/audit/figures", "/audit/figures-lain"),
    }
    for field, values in wrong.items():
        for value in values:
            with pytest.raises(Invalid) as refused:
                drafted(team, **{"cases": "", "figures": "", field: value})
            assert {one.field for one in refused.value.problems} == {field}
    assert there.number


def test_it_names_only_cases_of_its_own_letter_that_the_auditor_did_not_work_on(team: Office) -> None:
    case, agus = team.start(), team.people["agus"]
    assign(team, "agus", "tono", number="700/113/2026", cases_until="2026-11-22")
    letter = next(one for one in team.people["agus"].coverage if one.number == "700/113/2026")
    form = replace(FORM, cases=case.number)
    with pytest.raises(Invalid):
        acts.draft(team.engine, team.people["agus"], letter.assignment, form)
    finding = acts.draft(team.engine, team.people["agus"], letter.assignment, FORM)
    with pytest.raises(Invalid):
        acts.change(team.engine, team.people["agus"], finding, now(team, finding), form)
    team.people["both"] = replace(agus, roles=agus.roles + team.people["joko"].roles)
    own = team.start(by="both", knowingly=True)
    with pytest.raises(Invalid):
        drafted(team, cases=own.number)


def test_who_reviewed_or_delivered_a_finding_does_not_answer_it(team: Office) -> None:
    finding = delivered(team)
    for name in ("agus", "tono"):
        auditor = team.people[name]
        both = replace(auditor, roles=auditor.roles + team.people["putu"].roles)
        assert not finding_page(team.engine, both, finding).may_answer
        with pytest.raises(NotFound):
            answers.answer(team.engine, both, finding, now(team, finding), "Setuju.")


def test_who_answered_a_finding_does_not_close_it(team: Office) -> None:
    finding, putu, agus = delivered(team), team.people["putu"], team.people["agus"]
    both = replace(putu, roles=putu.roles + agus.roles, coverage=agus.coverage)
    answers.answer(team.engine, both, finding, now(team, finding), "Setuju.")
    assert not finding_page(team.engine, both, finding).may_close
    with pytest.raises(Forbidden):
        acts.close(team.engine, both, finding, now(team, finding), "Tuntas.")
    assert page(team, "agus", finding).may_close


def test_after_its_letter_has_ended_another_one_that_covers_its_cases_closes_it(team: Office) -> None:
    case = team.start()
    agus, tono, putu = (team.people[name] for name in ("agus", "tono", "putu"))
    finding = drafted(team, cases=case.number)
    acts.review(team.engine, tono, finding, now(team, finding))
    acts.deliver(team.engine, agus, finding, now(team, finding))
    answers.answer(team.engine, putu, finding, now(team, finding), "Setuju.")
    other = replace(agus, coverage=tuple(one for one in agus.coverage if one.assignment != letter_of(team)))
    without: Actor = replace(agus, coverage=())
    with pytest.raises(NotFound):
        finding_page(team.engine, without, finding)
    assert not finding_page(
        team.engine, other, finding
    ).may_close  # its own team does, as long as there is one
    with pytest.raises(NotFound):
        acts.close(team.engine, other, finding, now(team, finding), "Tuntas.")
    letters.end(team.engine, team.people["dewi"], letter_of(team), "Selesai")
    assert finding_page(team.engine, other, finding).may_close
    acts.close(team.engine, other, finding, now(team, finding), "Tuntas.")


def test_a_letter_that_has_ended_takes_no_findings(team: Office) -> None:
    letters.end(team.engine, team.people["dewi"], letter_of(team), "Selesai")
    without = replace(team.people["agus"], coverage=())
    with pytest.raises(NotFound):
        acts.draft(team.engine, without, letter_of(team), FORM)


def test_a_draft_needs_a_title_and_a_condition(team: Office) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(team, title=" ", condition="")
    assert [one.field for one in refused.value.problems] == ["title", "condition"]
    assert set(asdict(FORM)) > {"title", "condition"}


def test_the_office_says_how_far_it_is_done(team: Office) -> None:
    finding, putu = delivered(team), team.people["putu"]
    with pytest.raises(Conflict):
        answers.follow_up(team.engine, putu, finding, now(team, finding), "done", "Selesai.")
    answers.answer(team.engine, putu, finding, now(team, finding), "Setuju.")
    with pytest.raises(Invalid):
        answers.follow_up(team.engine, putu, finding, now(team, finding), "mungkin", "Selesai.")
    with pytest.raises(Invalid):
        answers.follow_up(team.engine, putu, finding, now(team, finding), "done", " ")
