"""A message without a key is for whom its content is meant for: the diagram says how it is read (8.3.2)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions import deliveries, receivers
from engine.actions.incidents import close
from engine.actions.messages import Taken
from engine.core import Engine
from engine.errors import Conflict
from engine.model.api_token import ApiToken
from engine.model.event import EventKind
from engine.model.incident import IncidentKind
from engine.model.message import HELD, MessageState
from engine.storage.messages import MessageRow
from engine.storage.suspensions import MOST_TIME_OUTS
from engine.worker import deliver_due
from tests.engine.actions.failing import noted
from tests.engine.actions.sending import begin, letter_system, number_of, send
from tests.engine.bpmn.drawn import element
from tests.letters import ANSWER, ASKS, RECEIVES, draw
from tests.offices import Office

LETTER = {"surat": 2028}
HANGS = "sum(range(10**12)) + surat"
ANSWERED = b'messageRef="jawaban"><bpmn:messagePath>surat<'
SLOW = replace(ASKS, bpmn=ASKS.bpmn.replace(ANSWERED, ANSWERED.replace(b">surat", f">{HANGS}".encode())))


@pytest.fixture
def sender(office: Office) -> ApiToken:
    """Give a token to the office's letter system."""
    return letter_system(office)


def asked(office: Office, *years: int) -> list[UUID]:
    """Let a case wait for the answer to the letter of each year."""
    return [begin(office, ASKS, "meminta", year=year) for year in years]


def test_its_content_finds_the_case_and_the_record_says_by_what(office: Office, sender: ApiToken) -> None:
    other, meant = asked(office, 2027, 2028)
    taken = send(office, sender, data=LETTER)
    assert taken == Taken(state=MessageState.DELIVERED, number=number_of(office, meant))
    assert [office.open_elements(case) for case in (other, meant)] == [[], ["membaca"]]
    told = next(one for one in office.events(meant) if one.kind is EventKind.MESSAGE_RECEIVED)
    said = json.loads(told.payload or "")
    assert (said["correlation"], "key" in said) == ({"nomor": 2028}, False)


@pytest.mark.parametrize("data", [{}, {"surat": 1999}, {"surat": "2028"}, {"surat": None}, {"x": 2028}])
def test_content_that_fits_nobody_reaches_nobody_though_only_one_waits(
    office: Office, sender: ApiToken, data: dict[str, object]
) -> None:
    [case] = asked(office, 2028)
    assert send(office, sender, data=data).state is MessageState.WAITING
    assert office.open_elements(case) == []


def test_the_key_goes_before_the_content(office: Office, sender: ApiToken) -> None:
    first, second = asked(office, 2027, 2028)
    send(office, sender, key="2027", data=LETTER)
    assert [office.open_elements(case) for case in (first, second)] == [["membaca"], []]


def test_two_whose_content_is_the_same_must_be_told_apart(office: Office, sender: ApiToken) -> None:
    asked(office, 2028)
    begin(office, replace(ASKS, key="bertanya-lagi"), "meminta", year=2028)
    with pytest.raises(Conflict, match="Several cases wait for Jawaban"):
        send(office, sender, data=LETTER)


def test_who_takes_any_gets_only_what_is_meant_for_nobody(office: Office, sender: ApiToken) -> None:
    [meant], anybody = asked(office, 2028), begin(office, RECEIVES, "meminta")
    send(office, sender, data=LETTER)
    assert [office.open_elements(case) for case in (meant, anybody)] == [["membaca"], []]
    send(office, sender, id="2", data=LETTER)
    assert office.open_elements(anybody) == ["membaca"]


def test_one_that_comes_too_early_is_delivered_when_its_case_begins_to_wait(
    office: Office, sender: ApiToken
) -> None:
    send(office, sender, data=LETTER)
    office.clock.move(timedelta(hours=3))
    deliver_due(office.engine)
    first, second = asked(office, 2027, 2028)
    assert deliver_due(office.engine) == 1
    assert [office.open_elements(case) for case in (first, second)] == [[], ["membaca"]]


def test_what_a_case_throws_without_a_key_of_its_own_is_read_by_who_receives(office: Office) -> None:
    carries = (
        '<bpmn:dataInput id="surat_in" name="surat" /><bpmn:dataInputAssociation>'
        "<bpmn:targetRef>surat_in</bpmn:targetRef><bpmn:assignment><bpmn:from>2028</bpmn:from>"
        "<bpmn:to>surat_in</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
    )
    throws = element("intermediateThrowEvent", "kirim", carries + ANSWER)
    first, second = asked(office, 2027, 2028)
    begin(office, draw("menyurati", throws, steps=("meminta", "kirim")), "meminta")
    while deliver_due(office.engine):
        pass
    assert [office.open_elements(case) for case in (first, second)] == [[], ["membaca"]]


def test_one_that_takes_too_long_to_read_is_held_and_stops_the_version(
    office: Office, sender: ApiToken
) -> None:
    case, anybody = begin(office, SLOW, "meminta", year=2028), begin(office, RECEIVES, "meminta")
    for place in range(MOST_TIME_OUTS):
        taken = send(office, sender, id=f"{place}", data=LETTER)
        assert taken == Taken(state=MessageState.WAITING, until=office.clock.now() + HELD)
    assert [one.kind for one in noted(office)] == [IncidentKind.SUSPENDED]
    assert send(office, sender, id="more", data=LETTER).state is MessageState.WAITING
    assert [office.open_elements(one) for one in (case, anybody)] == [[], []], "it may be meant for the first"
    close(office.engine, office.people["dewi"], noted(office)[0].id, "Server sudah tidak sibuk")
    assert send(office, sender, id="named", key="2028").state is MessageState.WAITING
    assert [one.kind for one in noted(office)][1:] == [IncidentKind.CONDITION], (
        "and the case it is for shows that"
    )


def test_a_case_that_begins_to_wait_while_it_is_read_is_not_passed_over(
    office: Office, sender: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    anybody, late = begin(office, RECEIVES, "meminta"), []

    def read(engine: Engine, message: MessageRow) -> receivers.Content:
        content = receivers.read_content(engine, message)
        late.extend(asked(office, 2028))
        return content

    with monkeypatch.context() as patched:
        patched.setattr(deliveries, "read_content", read)
        assert send(office, sender, data=LETTER).state is MessageState.WAITING
    office.clock.move(timedelta(hours=1))
    deliver_due(office.engine)
    assert [office.open_elements(case) for case in (late[0], anybody)] == [["membaca"], []]
