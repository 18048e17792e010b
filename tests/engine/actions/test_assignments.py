"""Letters of assignment: what auditors read by one, from when to when, and what the record says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import assignments as acts
from engine.actions.assignments import LetterForm, TeamForm
from engine.actions.loading import load_case, load_task
from engine.actions.offices import operator
from engine.actions.passwords import new_token, token_digest
from engine.actions.people import PersonForm, change_person
from engine.actions.roles import AssignmentForm, assign_role
from engine.errors import Conflict, Invalid, NotFound
from engine.model.actor import Actor
from engine.model.assignment import Validity
from engine.queries import assignments, case_page, task_page
from engine.queries.cases import cases_page
from engine.queries.cases_asked import CasesAsked, Tab
from engine.queries.people import units_page
from engine.queries.signing_in import actor_of
from engine.storage import assignments as stored
from engine.storage import people, sessions
from tests.offices import Office, assign, furnish


def id_of(office: Office, name: str) -> UUID:
    person = office.people[name].person
    assert person is not None
    return person


def asked(office: Office, name: str = "agus") -> Actor:
    """Give who asks, as the guard of the pages finds them."""
    token, digest = new_token()
    now = office.clock.now()
    with office.engine.store.transaction() as connection:
        sessions.add_session(connection, digest, id_of(office, name), now, now + timedelta(days=700))
    found = actor_of(office.engine, token_digest(token), timedelta(days=700))
    assert found is not None
    return found


def letter(office: Office, **facts: Any) -> LetterForm:
    agus = id_of(office, "agus").hex
    form = {
        "number": "700/112/2026",
        "dated": "2026-11-20",
        "issuer": "Inspektur",
        "valid_from": "2026-11-23",
        "valid_until": "2026-11-27",
        "team": (agus,),
        "head": agus,
    }
    return LetterForm(**form | facts)  # type: ignore[arg-type] # named as the form's fields


def without_letter(office: Office) -> None:
    """End the letter every office of the tests begins with."""
    for one in assignments.assignments_page(office.engine, office.people["dewi"]):
        acts.end(office.engine, office.people["dewi"], one.id, "Selesai")


def listed(office: Office, actor: Actor) -> list[UUID]:
    found = cases_page(office.engine, actor, CasesAsked(tab=Tab.RUNNING))
    return [row.id for row in found.rows]


def sees(office: Office, actor: Actor, case: UUID) -> bool:
    """Ask by every way a case and its tasks are read; they answer alike."""
    ways = set()
    with office.engine.store.reading() as connection:
        task = office.tasks(case)[0].id
        for read in (
            lambda: load_case(connection, actor, case),
            lambda: load_task(connection, actor, task),
            lambda: case_page.case_page(office.engine, actor, case),
            lambda: task_page.task_page(office.engine, actor, task),
        ):
            try:
                read()
            except NotFound:
                ways.add(False)
            else:
                ways.add(True)
    ways.add(case in listed(office, actor))
    assert len(ways) == 1
    return ways.pop()


def last(office: Office) -> tuple[str, dict[str, Any]]:
    event = office.events(office.id)[-1]
    return event.kind.value, json.loads(event.payload or "{}")


def letter_of_two(office: Office) -> tuple[UUID, str, str]:
    """Issue a letter whose team are tono, an auditor too now, and agus, who heads it; give it and both."""
    without_letter(office)
    with office.engine.store.reading() as connection:
        auditor = people.role_keys(connection, office.id)["auditor"]
    tono, agus = id_of(office, "tono").hex, id_of(office, "agus").hex
    assign_role(office.engine, operator(office.id), auditor, AssignmentForm(person=tono, since="2026-11-01"))
    made = acts.issue(office.engine, office.people["dewi"], letter(office, team=(agus, tono)))
    return made, tono, agus


def test_an_auditor_without_a_valid_letter_sees_no_case(office: Office) -> None:
    case = office.start().instance
    assert sees(office, asked(office), case)
    without_letter(office)
    assert asked(office).needs_assignment
    assert not sees(office, asked(office), case)


def test_a_letter_holds_from_its_first_to_its_last_day_in_the_offices_zone(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    acts.issue(office.engine, office.people["dewi"], letter(office))
    assert sees(office, asked(office), case)
    for instant, is_valid in (
        (datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC), True),  # 23.59 WIB
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), False),  # midnight there, not yet in UTC
    ):
        office.clock.set(instant)
        assert sees(office, asked(office), case) is is_valid


def test_a_letter_of_later_opens_nothing_before_its_first_day(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    acts.issue(office.engine, office.people["dewi"], letter(office, valid_from="2026-11-24"))
    assert not sees(office, asked(office), case)
    office.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    assert sees(office, asked(office), case)


def test_it_covers_the_sops_that_it_names(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    acts.issue(office.engine, office.people["dewi"], letter(office, sops=("izin",)))
    assert sees(office, asked(office), case)
    by = asked(office).coverage[0]
    other = replace(asked(office), coverage=(replace(by, sops=(id_of(office, "agus"),)),))
    assert not sees(office, other, case)


def test_it_covers_the_cases_somebody_of_its_units_took_part_in(office: Office) -> None:
    dewi = office.people["dewi"]
    secretariat, field = (unit for unit, _name, _people in units_page(office.engine, dewi))
    form = PersonForm(sign_in_name="joko.kantor", name="Joko", unit=secretariat.hex)
    change_person(office.engine, dewi, id_of(office, "joko"), form)
    case = office.start().instance
    without_letter(office)
    first = acts.issue(office.engine, dewi, letter(office, units=(field.hex,)))
    assert not sees(office, asked(office), case)
    acts.end(office.engine, dewi, first, "Unit keliru")
    acts.issue(office.engine, dewi, letter(office, number="700/113/2026", units=(secretariat.hex,)))
    assert sees(office, asked(office), case)


@pytest.mark.parametrize(
    ("first", "last_day", "is_covered"),
    [
        ("2026-11-24", "", True),  # it still runs
        ("", "2026-11-22", False),  # it was begun the day after
        ("2026-01-01", "2026-11-23", True),
    ],
)
def test_it_covers_cases_that_were_alive_in_its_period(
    office: Office, first: str, last_day: str, is_covered: bool
) -> None:
    case = office.start().instance
    without_letter(office)
    form = letter(office, cases_from=first, cases_until=last_day)
    acts.issue(office.engine, office.people["dewi"], form)
    assert sees(office, asked(office), case) is is_covered


def test_whoever_supervises_by_another_role_is_not_limited(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
    form = AssignmentForm(person=id_of(office, "agus").hex, since="2026-11-01")
    assign_role(office.engine, operator(office.id), roles["pemilik"], form)
    both = asked(office)
    assert (both.needs_assignment, both.covers) == (False, ())
    assert sees(office, both, case)


def test_a_letter_opens_nothing_once_the_role_of_an_auditor_has_ended(office: Office) -> None:
    case = office.start().instance
    actor = replace(asked(office), roles=())
    assert actor.coverage
    assert not sees(office, actor, case)


def test_a_letter_of_one_office_opens_nothing_in_another(office: Office) -> None:
    there = furnish(office.engine, office.clock, "lain")
    assert not sees(office, replace(asked(there), office=there.id), office.start().instance)
    stranger = id_of(there, "agus").hex
    with pytest.raises(Invalid) as refused:
        acts.issue(office.engine, office.people["dewi"], letter(office, team=(stranger,), head=stranger))
    assert [one.field for one in refused.value.problems] == ["team"]


def test_what_is_wrong_with_a_letter_is_said_of_each_field(office: Office) -> None:
    joko = id_of(office, "joko").hex
    form = letter(
        office,
        number=" ",
        dated="kemarin",
        issuer="",
        valid_until="2026-11-22",
        cases_from="2026-02-01",
        cases_until="2026-01-01",
        units=(joko,),
        sops=("tidak-ada",),
        team=(joko,),
        head="",
    )
    with pytest.raises(Invalid) as refused:
        acts.issue(office.engine, office.people["dewi"], form)
    fields = [one.field for one in refused.value.problems]
    assert fields == ["number", "issuer", "dated", "cases_until", "units", "sops", "valid_until", "head"]


@pytest.mark.parametrize("field", ["dated", "valid_from", "valid_until", "cases_from", "cases_until"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_another_century_is_refused(office: Office, field: str, day: str) -> None:
    with pytest.raises(Invalid) as refused:
        acts.issue(office.engine, office.people["dewi"], letter(office, **{field: day}))
    assert field in [one.field for one in refused.value.problems]


def test_a_letter_without_end_in_the_database_locks_nobody_out(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    made = acts.issue(office.engine, office.people["dewi"], letter(office, cases_until="2026-12-31"))
    with office.engine.store.transaction() as connection:
        stored.change(connection, made, {"cases_from": date.min, "cases_until": date.max})
    assert sees(office, asked(office), case)


def test_only_auditors_are_in_a_team(office: Office) -> None:
    joko = id_of(office, "joko").hex
    with pytest.raises(Invalid) as refused:
        acts.issue(office.engine, office.people["dewi"], letter(office, team=(joko,), head=joko))
    assert [one.field for one in refused.value.problems] == ["team"]


def test_a_number_is_on_record_once(office: Office) -> None:
    acts.issue(office.engine, office.people["dewi"], letter(office))
    with pytest.raises(Invalid) as refused:
        acts.issue(office.engine, office.people["dewi"], letter(office))
    assert [one.field for one in refused.value.problems] == ["number"]


def test_the_record_tells_a_letter_as_it_was_issued(office: Office) -> None:
    form = letter(office, sops=("izin",), cases_until="2026-12-31")
    made = acts.issue(office.engine, office.people["dewi"], form)
    kind, told = last(office)
    assert (kind, told["assignment"]) == ("assignment.issued", made.hex)
    assert told["new"]["number"] == "700/112/2026"
    assert (told["new"]["sops"], told["new"]["units"]) == (["izin"], [])
    assert (told["new"]["cases_from"], told["new"]["cases_until"]) == (None, "2026-12-31")
    assert told["team"] == [{"person": id_of(office, "agus").hex, "head": True}]


def test_who_leaves_the_team_reads_nothing_by_the_letter_any_more(office: Office) -> None:
    case, dewi = office.start().instance, office.people["dewi"]
    made, tono, agus = letter_of_two(office)
    acts.change(office.engine, dewi, made, TeamForm(valid_until="2026-12-31", team=(tono,), head=tono))
    assert not sees(office, asked(office), case)
    assert sees(office, asked(office, "tono"), case)
    kind, told = last(office)
    assert (kind, told["old"]["valid_until"]) == ("assignment.changed", "2026-11-27")
    assert told["new"] == {"valid_until": "2026-12-31", "team": [{"person": tono, "head": True}]}
    team = assignments.assignment_page(office.engine, dewi, made).team
    assert [(one.person.hex, one.head, one.left) for one in team] == [
        (tono, True, False),
        (agus, False, True),
    ]


def test_who_leaves_the_team_on_the_last_day_of_the_letter_reads_nothing_from_then_on(office: Office) -> None:
    case, dewi = office.start().instance, office.people["dewi"]
    made, tono, _ = letter_of_two(office)
    office.clock.set(datetime(2026, 11, 27, 3, 0, tzinfo=UTC))
    assert sees(office, asked(office), case)
    acts.change(office.engine, dewi, made, TeamForm(valid_until="2026-11-27", team=(tono,), head=tono))
    assert not sees(office, asked(office), case)
    assert sees(office, asked(office, "tono"), case)


def test_an_ended_letter_stays_as_it_is(office: Office) -> None:
    dewi = office.people["dewi"]
    made = acts.issue(office.engine, dewi, letter(office))
    with pytest.raises(Invalid):
        acts.end(office.engine, dewi, made, " ")
    with pytest.raises(Invalid):
        acts.end(office.engine, dewi, made, "x" * 501)
    acts.end(office.engine, dewi, made, "Pemeriksaan dihentikan")
    found = assignments.assignment_page(office.engine, dewi, made)
    assert (found.validity, found.end_reason) == (Validity.ENDED, "Pemeriksaan dihentikan")
    agus = id_of(office, "agus").hex
    with pytest.raises(Conflict):
        acts.change(office.engine, dewi, made, TeamForm(valid_until="2026-12-31", team=(agus,), head=agus))


def test_only_an_administrator_records_letters(office: Office) -> None:
    with pytest.raises(NotFound):
        acts.issue(office.engine, office.people["agus"], letter(office))
    with pytest.raises(NotFound):
        assignments.assignments_page(office.engine, office.people["agus"])


def test_two_letters_cover_what_either_covers(office: Office) -> None:
    case = office.start().instance
    without_letter(office)
    assign(office, "agus", number="1", cases_until="2026-01-31")
    assert not sees(office, asked(office), case)
    assign(office, "agus", number="2", sops=("izin",))
    assert sees(office, asked(office), case)


def test_an_auditor_without_a_letter_is_told_whom_to_ask(office: Office) -> None:
    assert assignments.administrators(office.engine, office.people["agus"]) == ("Administrator (Dewi)",)
