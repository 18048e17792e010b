"""People and roles, as an administrator manages them; what happens stands in the office's record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import people as acts
from engine.actions.calendar import clear_day, set_day
from engine.actions.passwords import new_token, token_digest
from engine.actions.people import PersonForm
from engine.actions.roles import AssignmentForm, RoleForm, add_role, add_unit, assign_role, end_role
from engine.actions.tasks import claim
from engine.clock import SetClock
from engine.core import Engine
from engine.errors import Forbidden, Invalid, NotFound
from engine.queries.people import people_page, person_page
from engine.queries.roles import attention, roles_page
from engine.queries.signing_in import actor_of
from engine.storage import people, sessions
from tests.offices import Office, furnish

FORM = PersonForm(
    sign_in_name="Siti.Rahma", nip="19621027 198803 1 006", name=" Siti  Rahma ", post="Kasubbag Umum"
)


def id_of(office: Office, name: str) -> UUID:
    person = office.people[name].person
    assert person is not None
    return person


def role_of(office: Office, key: str) -> UUID:
    with office.engine.store.reading() as connection:
        return people.role_keys(connection, office.id)[key]


def last(office: Office) -> tuple[str, dict[str, Any]]:
    event = office.events(office.id)[-1]
    assert event.payload is not None
    told = json.loads(event.payload)
    # Every act says these two; test_record tells how.
    return event.kind.value, {key: value for key, value in told.items() if key not in {"roles", "software"}}


def problems(invalid: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.field for problem in invalid.value.problems]


def test_a_nip_is_written_in_digits_that_people_sign_in_with(office: Office) -> None:
    arabic = "".join(chr(0x660 + int(digit)) for digit in "196210271988031006")
    with pytest.raises(Invalid) as refused:
        acts.add_person(office.engine, office.people["dewi"], replace(FORM, nip=arabic))
    assert problems(refused) == ["nip"]


def sign_in(office: Office, name: str) -> bytes:
    token, digest = new_token()
    now = office.clock.now()
    with office.engine.store.transaction() as connection:
        sessions.add_session(connection, digest, id_of(office, name), now, now + timedelta(days=7))
    return token_digest(token)


def test_a_person_is_added_as_cleaned(office: Office) -> None:
    person = acts.add_person(office.engine, office.people["dewi"], FORM)
    found = person_page(office.engine, office.people["dewi"], person)
    assert (found.sign_in_name, found.nip, found.name) == ("siti.rahma", "196210271988031006", "Siti Rahma")
    assert not found.can_sign_in
    kind, payload = last(office)
    assert kind == "person.added"
    assert payload["new"]["name"] == "Siti Rahma"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"sign_in_name": "Siti Rahma"}, "sign_in_name"),
        ({"sign_in_name": "joko.kantor"}, "sign_in_name"),
        ({"nip": "123"}, "nip"),
        ({"unit": "nowhere"}, "unit"),
        ({"post": "x" * 201}, "post"),
    ],
)
def test_what_is_wrong_with_a_person_is_named(office: Office, change: dict[str, str], field: str) -> None:
    values = {"sign_in_name": "siti", "name": "Siti", **change}
    with pytest.raises(Invalid) as invalid:
        acts.add_person(office.engine, office.people["dewi"], PersonForm(**values))
    assert problems(invalid) == [field]


def test_a_change_is_recorded_with_what_was_before(office: Office) -> None:
    form = PersonForm(sign_in_name="joko.kantor", name="Joko Susilo", post="Staf Subbag")
    acts.change_person(office.engine, office.people["dewi"], id_of(office, "joko"), form)
    assert last(office) == (
        "person.changed",
        {"person": id_of(office, "joko").hex, "old": {"name": "Joko"}, "new": {"name": "Joko Susilo"}},
    )


def test_a_change_of_nothing_is_not_recorded(office: Office) -> None:
    before = len(office.events(office.id))
    form = PersonForm(sign_in_name="joko.kantor", name="Joko", post="Staf Subbag")
    acts.change_person(office.engine, office.people["dewi"], id_of(office, "joko"), form)
    assert len(office.events(office.id)) == before


def test_whoever_is_deactivated_is_out_at_once(office: Office) -> None:
    session = sign_in(office, "joko")
    assert actor_of(office.engine, session) is not None
    acts.deactivate_person(office.engine, office.people["dewi"], id_of(office, "joko"))
    assert actor_of(office.engine, session) is None
    acts.activate_person(office.engine, office.people["dewi"], id_of(office, "joko"))
    assert actor_of(office.engine, session) is None


def test_nobody_deactivates_himself_or_the_last_administrator(office: Office) -> None:
    dewi = office.people["dewi"]
    with pytest.raises(Forbidden):
        acts.deactivate_person(office.engine, dewi, id_of(office, "dewi"))
    [held] = person_page(office.engine, dewi, id_of(office, "dewi")).terms
    with pytest.raises(Forbidden):
        end_role(office.engine, dewi, held.assignment, "2026-11-22")


@pytest.mark.parametrize("name", ["budi", "joko", "putu", "agus", "tono"])
def test_only_administrators_manage_people(office: Office, name: str) -> None:
    actor = office.people[name]
    with pytest.raises(NotFound):
        acts.add_person(office.engine, actor, FORM)
    with pytest.raises(NotFound):
        assign_role(
            office.engine, actor, role_of(office, "admin"), AssignmentForm(person=id_of(office, name).hex)
        )
    with pytest.raises(NotFound):
        add_role(office.engine, actor, RoleForm(key="x1", label="X", name="X"))
    with pytest.raises(NotFound):
        acts.issue_password_link(office.engine, actor, id_of(office, "dewi"), timedelta(hours=1))
    with pytest.raises(NotFound):
        people_page(office.engine, actor)


def test_another_office_is_not_there(office: Office, engine_: Engine, clock: SetClock) -> None:
    other = furnish(engine_, clock, "lain")
    stranger = other.people["dewi"]
    with pytest.raises(NotFound):
        acts.deactivate_person(engine_, stranger, id_of(office, "joko"))
    with pytest.raises(NotFound):
        assign_role(
            engine_, stranger, role_of(office, "staf"), AssignmentForm(person=id_of(other, "joko").hex)
        )
    form = AssignmentForm(person=id_of(office, "joko").hex, since="2026-11-23")
    with pytest.raises(NotFound):
        assign_role(engine_, stranger, role_of(other, "staf"), form)
    assert {row.sign_in_name.partition(".")[2] for row in people_page(engine_, stranger)[0]} == {"lain"}


def test_a_role_holds_from_its_first_to_its_last_day(office: Office) -> None:
    dewi, session = office.people["dewi"], sign_in(office, "tono")
    form = AssignmentForm(
        person=id_of(office, "tono").hex,
        standing="plh",
        since="2026-11-24",
        until="2026-11-25",
        letter="SPT 12",
    )
    assign_role(office.engine, dewi, role_of(office, "sekdin"), form)
    assert last(office)[1]["new"]["letter"] == "SPT 12"

    def held() -> tuple[str, ...]:
        actor = actor_of(office.engine, session, timedelta(days=30))
        assert actor is not None
        return actor.role_keys

    assert held() == ()
    office.clock.move(timedelta(hours=14, minutes=59))  # 23.59 WIB
    assert held() == ()
    office.clock.move(timedelta(minutes=1))
    assert held() == ("sekdin",)
    office.clock.move(timedelta(days=1))
    assert held() == ("sekdin",)
    office.clock.move(timedelta(days=1))
    assert held() == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": ""}, "person"),
        ({"standing": "king"}, "standing"),
        ({"since": ""}, "since"),
        ({"since": "23-11-2026"}, "since"),
        ({"until": "2026-11-01"}, "until"),
    ],
)
def test_what_is_wrong_with_an_assignment_is_named(
    office: Office, change: dict[str, str], field: str
) -> None:
    values = {"person": id_of(office, "tono").hex, "since": "2026-11-23", **change}
    with pytest.raises(Invalid) as invalid:
        assign_role(office.engine, office.people["dewi"], role_of(office, "staf"), AssignmentForm(**values))
    assert problems(invalid) == [field]


def test_a_role_is_not_held_twice_at_a_time(office: Office) -> None:
    form = AssignmentForm(person=id_of(office, "joko").hex, since="2026-12-01")
    with pytest.raises(Invalid):
        assign_role(office.engine, office.people["dewi"], role_of(office, "staf"), form)


def test_a_role_nobody_holds_is_vacant(office: Office) -> None:
    dewi = office.people["dewi"]
    assert attention(office.engine, dewi).vacant == ()
    [held] = person_page(office.engine, dewi, id_of(office, "sri")).terms
    end_role(office.engine, dewi, held.assignment, "2026-11-23")
    assert attention(office.engine, dewi).vacant == ()
    office.clock.move(timedelta(days=1))
    assert [role.key for role in attention(office.engine, dewi).vacant] == ["sekdin"]
    kind, payload = last(office)
    assert (kind, payload["old"], payload["new"]) == ("role.ended", {"until": None}, {"until": "2026-11-23"})


def test_a_role_whose_only_holder_is_inactive_is_vacant(office: Office) -> None:
    acts.deactivate_person(office.engine, office.people["dewi"], id_of(office, "sri"))
    assert [role.key for role in attention(office.engine, office.people["dewi"]).vacant] == ["sekdin"]


def test_a_task_is_orphaned_when_its_holder_loses_the_role(office: Office) -> None:
    dewi, joko = office.people["dewi"], office.people["joko"]
    started = office.start()
    first = next(one for one in office.tasks(started.instance) if one.state == "open")
    claim(office.engine, joko, first.id)
    assert attention(office.engine, dewi).orphans == ()
    [held] = person_page(office.engine, dewi, id_of(office, "joko")).terms
    end_role(office.engine, dewi, held.assignment, "2026-11-23")
    office.clock.move(timedelta(days=1))
    assert [task.id for task in attention(office.engine, dewi).orphans] == [first.id]


def test_roles_and_units_are_added_once(office: Office) -> None:
    dewi = office.people["dewi"]
    add_role(office.engine, dewi, RoleForm(key="kabid", label="Kabid", name="Kepala Bidang"))
    assert last(office)[0] == "role.added"
    assert roles_page(office.engine, dewi)[-1].vacant
    with pytest.raises(Invalid):
        add_role(office.engine, dewi, RoleForm(key="kabid", label="Kabid", name="Kepala Bidang"))
    add_unit(office.engine, dewi, "Bidang SMP")
    assert last(office)[0] == "unit.added"
    with pytest.raises(Invalid):
        add_unit(office.engine, dewi, "  ")


def test_a_day_of_the_office_is_set_and_cleared(office: Office) -> None:
    dewi, day = office.people["dewi"], office.clock.now().date()
    set_day(office.engine, dewi, day, "holiday", "Hari jadi")
    assert last(office)[1]["new"] == {"kind": "holiday", "name": "Hari jadi"}
    clear_day(office.engine, dewi, day)
    assert last(office)[1]["old"] == {"kind": "holiday", "name": "Hari jadi"}
    with pytest.raises(NotFound):
        clear_day(office.engine, dewi, day)
    with pytest.raises(Invalid):
        set_day(office.engine, dewi, day, "feast", "x")


def test_people_are_listed_page_by_page_and_found_by_words(office: Office) -> None:
    dewi = office.people["dewi"]
    for number in range(60):
        acts.add_person(
            office.engine, dewi, PersonForm(sign_in_name=f"pegawai{number}", name=f"Pegawai {number:02}")
        )
    first, after = people_page(office.engine, dewi)
    second, end = people_page(office.engine, dewi, after=after)
    names = [row.name for row in first + second]
    assert names == sorted(names)
    assert (len(set(names)), end) == (60 + len(office.people), "")
    assert [row.name for row in people_page(office.engine, dewi, text="pegawai 07")[0]] == ["Pegawai 07"]
    assert people_page(office.engine, dewi, text="%")[0] == []
