"""What the first event of every act holds, so that it can be replayed for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from engine.actions import cancellation, documents, drafts, tasks
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import Forbidden
from engine.ids import new_id
from engine.model.actor import Actor, Standing
from engine.model.document import DocumentState
from engine.model.event import Event, EventKind
from engine.software import SOFTWARE
from engine.storage import documents as document_rows
from engine.storage import instances as instance_rows
from engine.storage import versions
from engine.storage.tasks import load
from engine.worker import fire_due
from tests.chain import head_of
from tests.offices import SAMPLES, Office, raw

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}


@pytest.fixture
def case(office: Office) -> UUID:
    return office.start().instance


def last(office: Office, stream: UUID, kind: EventKind) -> tuple[Event, dict[str, Any]]:
    """Find the last event of a kind, with what it says."""
    event = [one for one in office.events(stream) if one.kind is kind][-1]
    return event, json.loads(event.payload or "")


def digests(office: Office, case: UUID, form: str = "") -> Mapping[str, str]:
    """Give the digests of version, form and calendar as they are now."""
    with office.engine.store.reading() as connection:
        row = instance_rows.load(connection, case, None)
    assert row is not None
    version = office.engine.versions.get(row.version)
    found = {"sop": version.digest, "calendar": office.engine.calendar_of(office.id).digest}
    if form:
        found["form"] = version.forms[form].digest
    return {name: digest.hex()[:32] for name, digest in found.items()}


def acting_as(office: Office, who: str, standing: Standing) -> Actor:
    """Let somebody hold the role for the time being."""
    actor = office.people[who]
    return replace(actor, roles=tuple(replace(role, standing=standing) for role in actor.roles))


def test_every_act_says_in_which_role_and_how_it_is_held_and_by_which_software(
    office: Office, case: UUID
) -> None:
    engine, task = office.engine, office.open_task(case, "mengajukan").id
    joko = office.people["joko"] = acting_as(office, "joko", Standing.PLT)
    wati = office.people["wati"].person
    assert wati is not None
    tasks.claim(engine, joko, task)
    tasks.ask_preparation(engine, joko, task, wati)
    tasks.end_preparation(engine, joko, task)
    tasks.pause(engine, joko, task, "Rapat")
    tasks.resume(engine, joko, task)
    tasks.release(engine, joko, task)
    documents.comment(engine, joko, task, "Segera", new_id())
    drafts.save(engine, joko, task, raw(ASKED), by_hand=True)
    with pytest.raises(Forbidden):
        tasks.take_back(engine, joko, task)
    office.complete(case, "mengajukan", "joko", ASKED)
    withdraw(engine, joko, task)
    acts = [one for one in office.events(case) if one.kind is not EventKind.TASK_OPENED][1:]
    assert len(acts) == 11
    for event in acts:
        told = json.loads(event.payload or "")
        assert (event.kind, told["roles"], told["software"]) == (event.kind, {"staf": "plt"}, SOFTWARE)


def test_what_follows_from_an_act_does_not_say_it_again(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    for event in office.events(case):
        if event.kind is EventKind.TASK_OPENED:
            assert not {"roles", "software", "sop"} & set(json.loads(event.payload or ""))


def test_what_nobody_entered_has_no_salt_and_an_act_keeps_its_last_link(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    started, first, completed, opened = office.events(case)
    assert [one.kind for one in (first, completed, opened)] == [
        EventKind.TASK_OPENED,
        EventKind.TASK_COMPLETED,
        EventKind.TASK_OPENED,
    ]
    assert [bool(one.salt) for one in (started, first, completed, opened)] == [True, False, True, False]
    assert [len(one.chain) for one in (started, first, completed, opened)] == [0, 32, 0, 32]


def test_a_result_on_the_way_may_be_of_what_was_entered_and_is_salted(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    event, told = last(office, case, EventKind.TASK_OPENED)
    assert [item[0] for item in told["trail"]].count("value") == 1
    assert event.salt


@pytest.mark.parametrize(
    "altered",
    [{"element": "lain"}, {"actor": None}, {"payload": "{}"}, {"salt": bytes(16)}, {"digest": bytes(32)}],
)
def test_an_event_without_a_link_of_its_own_cannot_be_altered_either(
    office: Office, case: UUID, altered: dict[str, Any]
) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    events = office.events(case)
    assert not events[2].chain
    with pytest.raises(AssertionError, match=r"event [34]"):
        head_of([*events[:2], replace(events[2], **altered), *events[3:]])


def test_what_an_act_was_decided_by_stands_in_it(office: Office, case: UUID) -> None:
    tasks.claim(office.engine, office.people["joko"], office.open_task(case, "mengajukan").id)
    office.complete(case, "mengajukan", "joko", ASKED)
    for kind, form in (
        (EventKind.CASE_STARTED, ""),
        (EventKind.TASK_CLAIMED, ""),
        (EventKind.TASK_COMPLETED, "mengajukan"),
    ):
        told = last(office, case, kind)[1]
        expected = digests(office, case, form)
        assert {name: told.get(name) for name in ("sop", "form", "calendar")} == {
            name: expected.get(name) for name in ("sop", "form", "calendar")
        }


def test_a_timer_says_the_same_as_a_person_but_has_no_role(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    office.clock.move(timedelta(hours=24))
    fire_due(office.engine)
    event, told = last(office, case, EventKind.TIMER_FIRED)
    expected = digests(office, case)
    assert event.actor is None
    assert "roles" not in told
    assert {name: told[name] for name in ("sop", "calendar", "software")} == {
        **expected,
        "software": SOFTWARE,
    }


@pytest.fixture
def lent(office: Office, case: UUID) -> UUID:
    """Let Kasub hand the review to a Staf."""
    office.complete(case, "mengajukan", "joko", ASKED)
    task, wati = office.open_task(case, "memeriksa").id, office.people["wati"].person
    assert wati is not None
    tasks.assign(office.engine, office.people["rina"], task, wati)
    return task


def test_whatever_a_delegate_does_with_the_task_is_on_behalf_of_who_lent_it(
    office: Office, case: UUID, lent: UUID
) -> None:
    engine, wati, rina = office.engine, office.people["wati"], office.people["rina"]
    tasks.claim(engine, wati, lent)
    tasks.pause(engine, wati, lent, "Rapat")
    tasks.resume(engine, wati, lent)
    with pytest.raises(Forbidden):
        tasks.take_back(engine, wati, lent)
    office.complete(case, "memeriksa", "wati", {"keputusan": "Tidak", "catatan": "Mahal"})
    withdraw(engine, wati, lent)
    for kind in (
        EventKind.TASK_CLAIMED,
        EventKind.CLOCK_PAUSED,
        EventKind.CLOCK_RESUMED,
        EventKind.ATTEMPT_REFUSED,
        EventKind.TASK_COMPLETED,
        EventKind.COMPLETION_WITHDRAWN,
    ):
        event, _told = last(office, case, kind)
        assert (kind, event.actor, event.on_behalf_of) == (kind, wati.person, rina.person)


def test_who_lent_a_task_acts_for_himself(office: Office, case: UUID, lent: UUID) -> None:
    tasks.take_back(office.engine, office.people["rina"], lent)
    event, _told = last(office, case, EventKind.TASK_TAKEN_BACK)
    assert (event.actor, event.on_behalf_of) == (office.people["rina"].person, None)


def test_a_withdrawal_says_what_the_case_goes_on_from(office: Office, case: UUID) -> None:
    with office.engine.store.reading() as connection:
        before = instance_rows.load(connection, case, None)
    task = office.open_task(case, "mengajukan").id
    office.complete(case, "mengajukan", "joko", ASKED)
    withdraw(office.engine, office.people["joko"], task)
    _event, told = last(office, case, EventKind.COMPLETION_WITHDRAWN)
    assert before is not None
    assert before.state is not None
    assert told["restored"] == {"state": sha256(before.state.encode()).hexdigest()}
    assert told["documents"] == [1]


def test_a_decision_says_what_the_document_was_and_is(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Mahal"})
    assert last(office, case, EventKind.TASK_COMPLETED)[1]["decided"] == [1, "draft", "returned"]


def test_a_decision_taken_back_leaves_the_document_in_the_state_it_had(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    task = office.open_task(case, "memeriksa").id
    with office.engine.store.transaction() as connection:
        document_rows.set_state(connection, case, [1], DocumentState.SIGNED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Mahal"})
    withdraw(office.engine, office.people["rina"], task)
    with office.engine.store.reading() as connection:
        [asked] = document_rows.of_instance(connection, case)
    assert asked.state is DocumentState.SIGNED
    assert last(office, case, EventKind.COMPLETION_WITHDRAWN)[1]["restored"]["decided"] == [1, "signed"]


def test_a_deployment_says_what_it_took_the_place_of(office: Office) -> None:
    package = read_package(SAMPLES / "izin")
    deploy(
        office.engine,
        operator(office.id),
        replace(package, bpmn=package.bpmn.replace(b"PT2H", b"PT3H")),
    )
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
    assert process is not None
    assert last(office, process, EventKind.VERSION_DEPLOYED)[1]["superseded"] == [[1, "trial"]]


def test_a_cancellation_says_who_could(office: Office, case: UUID) -> None:
    cancellation.cancel(office.engine, office.people["putu"], case, "Salah")
    assert last(office, case, EventKind.CASE_CANCELLED)[1]["roles"] == {"pemilik": "definitive"}


def test_a_refused_completion_carries_its_attempt(office: Office, case: UUID) -> None:
    task, attempt = office.open_task(case, "mengajukan").id, new_id()
    office.complete(case, "mengajukan", "joko", ASKED)
    with office.engine.store.reading() as connection:
        assert load(connection, task, office.id, None) is not None
    with pytest.raises(Exception, match="already completed"):
        office.complete_task(task, "wati", ASKED, attempt=attempt)
    event, told = last(office, case, EventKind.ATTEMPT_REFUSED)
    assert (event.attempt, told["act"]) == (attempt, EventKind.TASK_COMPLETED)
