"""Messages and signals between cases and from outside: delivered once, to whom they are meant for."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from engine.actions import cancellation
from engine.actions.api_tokens import holder_of, issue_token, revoke_token
from engine.actions.corrections import correct
from engine.actions.deliveries import End, deliver
from engine.actions.deployment import Package, deploy
from engine.actions.incidents import close, retry
from engine.actions.messages import Taken, read_incoming
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import Conflict, Forbidden, Invalid
from engine.model.api_token import ApiToken
from engine.model.correction import Correction, ValueKind, digest_of
from engine.model.event import EventKind
from engine.model.message import MessageState
from engine.model.wait import Channel
from engine.queries.task_page import task_page
from engine.storage import incidents, messages, waits
from engine.storage.messages import MessageRow
from engine.worker import clean_up, deliver_due
from tests.chain import head_of
from tests.engine.actions.failing import stop
from tests.engine.actions.sending import begin, letter_system, number_of, send
from tests.engine.bpmn.drawn import element, script
from tests.letters import ANSWER, ASKS, BELL, HEARS, RECEIVES, RINGS, TAKES_REQUESTS, draw
from tests.offices import Office


@pytest.fixture
def sender(office: Office) -> ApiToken:
    """Give a token to the office's letter system."""
    return letter_system(office)


# -- from outside --------------------------------------------------------------------------------


def test_it_goes_to_the_case_that_waits_and_is_on_record(office: Office, sender: ApiToken) -> None:
    case = begin(office, RECEIVES, "meminta")
    taken = send(office, sender, data={"isi": "Setuju"})
    assert taken == Taken(state=MessageState.DELIVERED, number=number_of(office, case))
    assert office.open_elements(case) == ["membaca"]
    told = next(one for one in office.events(case) if one.kind is EventKind.MESSAGE_RECEIVED)
    assert (told.element, told.actor) == ("tunggu", None)
    said = json.loads(told.payload or "")
    assert (said["name"], said["data"], said["token"], said["id"]) == (
        "Jawaban", {"isi": "Setuju"}, "e-surat", "1",
    )  # fmt: skip
    assert head_of(office.events(case))
    with office.engine.store.reading() as connection:
        assert waits.named(connection, office.id, Channel.MESSAGE, "Jawaban") == []


def test_a_form_shows_people_what_the_message_says(office: Office, sender: ApiToken) -> None:
    field = {"type": "textfield", "key": "isi", "label": "Isi", "readonly": True}
    form = {
        "type": "default",
        "title": "Jawaban",
        "components": [field | {"properties": {"prefill": "tunggu.isi"}}],
    }
    task = b'<bpmn:userTask id="membaca" name="Membaca" />'
    formed = task.replace(b" />", b"><bpmn:extensionElements>") + (
        b'<sop:Task formKey="isi" /></bpmn:extensionElements></bpmn:userTask>'
    )
    bpmn = RECEIVES.bpmn.replace(task, formed)
    case = begin(office, replace(RECEIVES, bpmn=bpmn, forms={"isi": json.dumps(form)}), "meminta")
    send(office, sender, data={"isi": "Setuju"})
    page = task_page(office.engine, office.people["joko"], office.open_task(case, "membaca").id)
    assert page.form is not None
    assert page.form.raw["isi"] == ["Setuju"]


def test_the_same_id_is_answered_as_before_and_delivered_once(office: Office, sender: ApiToken) -> None:
    first, second = (begin(office, RECEIVES, "meminta", year=year) for year in (2027, 2028))
    key = number_of(office, first)
    answers = [send(office, sender, key=key) for _ in range(3)]
    assert answers == [Taken(state=MessageState.DELIVERED, number=key)] * 3
    assert office.kinds(first).count(EventKind.MESSAGE_RECEIVED) == 1
    assert office.open_elements(second) == []
    with pytest.raises(Conflict, match="used for another message"):
        send(office, sender, key=number_of(office, second))


def test_of_several_who_wait_one_must_be_named(office: Office, sender: ApiToken) -> None:
    cases = [begin(office, RECEIVES, "meminta", year=year) for year in (2027, 2028)]
    with pytest.raises(Conflict, match="Several cases wait for Jawaban"):
        send(office, sender)
    assert [office.open_elements(case) for case in cases] == [[], []]
    assert send(office, sender, key=number_of(office, cases[1])).state is MessageState.DELIVERED
    assert [office.open_elements(case) for case in cases] == [[], ["membaca"]]


def test_the_correlation_key_of_the_diagram_finds_the_case(office: Office, sender: ApiToken) -> None:
    cases = [begin(office, ASKS, "meminta", year=year) for year in (2027, 2028)]
    send(office, sender, key={"nomor": 2028})
    assert [office.open_elements(case) for case in cases] == [[], ["membaca"]]
    send(office, sender, id="2", key="2027")
    assert [office.open_elements(case) for case in cases] == [["membaca"], ["membaca"]]


def test_a_key_that_fits_nobody_reaches_nobody_who_asks_for_another(office: Office, sender: ApiToken) -> None:
    case = begin(office, ASKS, "meminta", year=2027)
    assert send(office, sender, key={"nomor": 1999}).state is MessageState.WAITING
    assert office.open_elements(case) == []


def test_one_that_names_a_case_is_kept_for_it_while_another_waits(office: Office, sender: ApiToken) -> None:
    other = begin(office, RECEIVES, "meminta")
    meant = office.start(key=RECEIVES.key, knowingly=True).instance
    assert send(office, sender, key=number_of(office, meant)).state is MessageState.WAITING
    assert office.open_elements(other) == []
    office.complete(meant, "meminta", "joko", {})
    deliver_due(office.engine)
    assert office.open_elements(meant) == ["membaca"]
    assert EventKind.MESSAGE_RECEIVED not in office.kinds(other)


def test_one_that_comes_too_early_is_kept_for_a_day(office: Office, sender: ApiToken) -> None:
    taken = send(office, sender, data={"isi": "Setuju"})
    assert taken == Taken(state=MessageState.WAITING, until=office.clock.now() + timedelta(hours=24))
    assert deliver_due(office.engine) == 0
    office.clock.move(timedelta(hours=20))
    assert deliver_due(office.engine) == 0
    case = begin(office, RECEIVES, "meminta")
    assert deliver_due(office.engine) == 1, "who begins to wait wakes it"
    assert office.open_elements(case) == ["membaca"]
    assert send(office, sender, data={"isi": "Setuju"}).number == number_of(office, case)


def started(office: Office, package: Package, year: int) -> UUID:
    deploy(office.engine, operator(office.id), package)
    return office.start(key=package.key, knowingly=True, year=year).instance


def woken_by(office: Office, case: UUID) -> set[str]:
    """Let a case wait for an answer; gives which kept messages are tried again, and claims them."""
    engine = office.engine
    office.complete(case, "meminta", "joko", {})
    with engine.store.transaction() as connection:
        now = office.clock.now()
        claimed = messages.claim(connection, now, now + timedelta(hours=1), 100)
    return {one.outside_id for one in claimed if one.outside_id}


def test_a_case_that_begins_to_wait_wakes_only_what_it_takes(office: Office, sender: ApiToken) -> None:
    first, second = (started(office, RECEIVES, year) for year in (2027, 2028))
    asks = started(office, ASKS, 2031)
    for place, facts in enumerate(
        ({"key": number_of(office, first)}, {"key": number_of(office, second)}, {"key": "2031"},
         {"key": {"nomor": 2031}}, {"key": {"nomor": 2032}}, {}),
    ):  # fmt: skip
        send(office, sender, id=f"{place}", **facts)
    assert woken_by(office, first) == {"0", "2", "3", "4", "5"}, "what names another case is for that one"
    assert woken_by(office, asks) == {"2", "3", "5"}, "of one without a key its content decides"


def test_after_a_day_it_is_over(office: Office, sender: ApiToken) -> None:
    send(office, sender)
    office.clock.move(timedelta(hours=25))
    deliver_due(office.engine)
    case = begin(office, RECEIVES, "meminta")
    assert deliver_due(office.engine) == 0
    assert office.open_elements(case) == []
    assert send(office, sender).state is MessageState.EXPIRED
    office.clock.move(timedelta(days=31))
    clean_up(office.engine)
    assert send(office, sender).state is MessageState.DELIVERED, "a month later the id is forgotten"


def test_another_office_hears_nothing_of_it(office: Office, sender: ApiToken) -> None:
    case = begin(office, RECEIVES, "meminta")
    other = ApiToken(**{**vars(sender), "office": UUID(int=7)})
    assert send(office, other).state is MessageState.WAITING
    assert office.open_elements(case) == []


def test_a_case_that_cannot_go_on_from_it_shows_that_and_goes_on_later(
    office: Office, sender: ApiToken
) -> None:
    fails = draw(
        "gagal",
        element("intermediateCatchEvent", "tunggu", ANSWER),
        script("hitung", 'satu = tunggu["angka"] + 1'),
        steps=("meminta", "tunggu", "hitung", "membaca"),
    )
    case = begin(office, fails, "meminta")
    taken = send(office, sender, data={"angka": "x"})
    assert taken.state is MessageState.WAITING
    assert office.kinds(case)[-1] == EventKind.INCIDENT_OPENED
    with office.engine.store.reading() as connection:
        [stopped] = incidents.open_of(connection, case)
    assert retry(office.engine, office.people["dewi"], stopped.id).queued
    assert deliver_due(office.engine) == 0
    assert office.open_elements(case) == []
    send(office, sender, id="2", data={"angka": 1})
    assert office.open_elements(case) == ["membaca"]
    with office.engine.store.reading() as connection:
        assert incidents.open_of(connection, case) == []


def test_a_message_whose_case_was_put_right_is_delivered_when_somebody_asks_for_it(
    office: Office, sender: ApiToken
) -> None:
    fails = draw(
        "gagal",
        script("siap", "pembagi = 0"),
        element("intermediateCatchEvent", "tunggu", ANSWER),
        script("hitung", 'bagian = tunggu["angka"] / pembagi'),
        steps=("meminta", "siap", "tunggu", "hitung", "membaca"),
    )
    case = begin(office, fails, "meminta")
    send(office, sender, data={"angka": 6})
    with office.engine.store.reading() as connection:
        [wrong] = incidents.open_of(connection, case)
    dewi, engine = office.people["dewi"], office.engine
    facts = {"kind": ValueKind.NUMBER, "text": "2", "reason": "Pembagi lupa diisi"}
    with pytest.raises(Forbidden, match="comes with the message"):
        correct(engine, dewi, wrong.id, Correction(path=("tunggu", "angka"), seen=digest_of(6), **facts))
    correct(engine, dewi, wrong.id, Correction(path=("pembagi",), seen=digest_of(0), **facts))
    assert retry(engine, dewi, wrong.id).queued
    assert deliver_due(engine) == 1
    assert office.open_elements(case) == ["membaca"]
    with engine.store.reading() as connection:
        assert incidents.open_of(connection, case) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"id": 7}, "id"),
        ({"name": None}, "name"),
        ({"key": ["a"]}, "key"),
        ({"key": {"a": ["b"]}}, "key"),
        ({"data": "x"}, "data"),
        ({"data": {"a": "\x00"}}, "data"),
        ({"data": {"a": "\ud800"}}, "data"),
        ({"data": {"a": float("nan")}}, "data"),
        ({"data": {"a": 2**70}}, "data"),
        ({"data": {"a": "x" * 100_001}}, "data"),
        ({"office": "x"}, "office"),
    ],
)
def test_what_is_no_message_is_refused_with_every_reason(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_incoming({"id": "1", "name": "Jawaban", **facts})
    assert [one.field for one in refused.value.problems] == [field]


def test_deep_nesting_is_refused() -> None:
    deep: Any = 1
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(Invalid):
        read_incoming({"id": "1", "name": "Jawaban", "data": {"a": deep}})


# -- tokens --------------------------------------------------------------------------------------


def test_a_token_opens_until_it_ends_or_is_revoked(office: Office) -> None:
    engine, actor = office.engine, operator(office.id)
    short = issue_token(engine, actor, "pendek", timedelta(days=1))
    long_ = issue_token(engine, actor, "panjang", timedelta(days=365))
    assert holder_of(engine, "x" * 40) is None
    office.clock.move(timedelta(days=2))
    assert holder_of(engine, short) is None
    assert holder_of(engine, long_) is not None
    revoke_token(engine, actor, "panjang")
    revoke_token(engine, actor, "panjang")
    assert holder_of(engine, long_) is None
    kinds = [kind for kind in office.kinds(office.id) if kind.startswith("api-token")]
    assert kinds == [EventKind.API_TOKEN_ISSUED] * 2 + [EventKind.API_TOKEN_REVOKED]
    assert short not in "".join(one.payload or "" for one in office.events(office.id))
    with pytest.raises(Invalid):
        issue_token(engine, actor, "pendek", timedelta(days=1))


# -- between cases -------------------------------------------------------------------------------


def test_a_message_of_one_case_reaches_the_other_after_the_commit(office: Office) -> None:
    takes = begin(office, TAKES_REQUESTS, "menunggu")
    asks = begin(office, ASKS, "meminta", year=2027)
    assert office.open_elements(takes) == []
    assert deliver_due(office.engine) == 1
    assert deliver_due(office.engine) == 0
    assert office.open_elements(takes) == ["menulis"]
    told = next(one for one in office.events(takes) if one.kind is EventKind.MESSAGE_RECEIVED)
    said = json.loads(told.payload or "")
    assert (said["case"], said["from"], said["correlation"]) == (asks.hex, "kirim", {"nomor": 2027})


def test_a_message_delivered_by_two_workers_arrives_once(office: Office) -> None:
    takes = begin(office, TAKES_REQUESTS, "menunggu")
    begin(office, ASKS, "meminta", year=2027)
    with office.engine.store.transaction() as connection:
        now = office.clock.now()
        [message] = messages.claim(connection, now, now + timedelta(seconds=30), 10)
    assert deliver(office.engine, message).end is End.DELIVERED
    second = begin(office, TAKES_REQUESTS, "menunggu", year=2028)
    assert deliver(office.engine, message).end is End.OVER
    assert office.kinds(takes).count(EventKind.MESSAGE_RECEIVED) == 1
    assert office.open_elements(second) == []


def test_messages_that_wake_each_other_are_all_delivered(office: Office, sender: ApiToken) -> None:
    """Each case waits for its next one as soon as it has one, and wakes what others are delivering."""
    steps = tuple(f"tunggu{place}" for place in range(12))
    waiting = [element("intermediateCatchEvent", step, ANSWER) for step in steps]
    asks = draw("bertanya-terus", *waiting, steps=("meminta", *steps, "membaca"))
    cases, engine = [begin(office, asks, year=2030 + one) for one in range(4)], office.engine
    sent: list[list[MessageRow]] = [[] for _ in cases]
    for step in steps:  # so that those of a case do not follow each other
        for case, rows in zip(cases, sent, strict=True):
            key = number_of(office, case)
            send(office, sender, id=f"{key} {step}", key=key)
            with engine.store.reading() as connection:
                row = messages.of_outside(connection, office.id, f"{key} {step}")
            assert row is not None
            rows.append(row)
    for case in cases:
        office.complete(case, "meminta", "joko", {})
    line = Barrier(len(cases), timeout=60)

    def deliver_all(rows: list[MessageRow]) -> list[End]:
        return [deliver(engine, row).end for row in rows if line.wait() >= 0]

    lanes = [rows if place % 2 else rows[::-1] for place, rows in enumerate(sent)]
    with ThreadPoolExecutor(len(cases)) as pool:
        ends = list(pool.map(deliver_all, lanes))
    assert ends == [[End.DELIVERED] * len(steps)] * len(cases)
    assert [office.open_elements(case) for case in cases] == [["membaca"]] * len(cases)


def told_undelivered(office: Office, case: UUID) -> list[dict[str, Any]]:
    events = office.events(case)
    assert head_of(events)
    return [json.loads(one.payload or "") for one in events if one.kind is EventKind.MESSAGE_UNDELIVERED]


def test_a_message_of_a_case_that_several_take_goes_to_none_and_its_case_says_so(office: Office) -> None:
    takes = [begin(office, TAKES_REQUESTS, "menunggu", year=year) for year in (2027, 2028)]
    asks = begin(office, ASKS, "meminta", year=2027)
    assert deliver_due(office.engine) == 0
    [said] = told_undelivered(office, asks)
    numbers = [number_of(office, case) for case in takes]
    assert (said["name"], said["why"], said["cases"]) == ("Permintaan", "several", numbers)
    office.clock.move(timedelta(hours=25))
    assert deliver_due(office.engine) == 0
    assert len(told_undelivered(office, asks)) == 1
    assert [office.open_elements(case) for case in takes] == [[], []]


def test_a_message_of_a_case_that_nobody_takes_for_a_day_shows_there(office: Office) -> None:
    asks = begin(office, ASKS, "meminta", year=2027)
    deliver_due(office.engine)
    assert told_undelivered(office, asks) == []
    office.clock.move(timedelta(hours=25))
    deliver_due(office.engine)
    [said] = told_undelivered(office, asks)
    assert (said["why"], said["cases"]) == ("nobody", [])


def test_a_signal_reaches_all_who_wait_and_nobody_who_comes_later(office: Office) -> None:
    hears = [begin(office, HEARS, "menyimak", year=year) for year in (2027, 2028)]
    begin(office, RINGS, "mengetuk")
    late = begin(office, HEARS, "menyimak", year=2029)
    assert deliver_due(office.engine) == 2
    assert [office.open_elements(case) for case in hears] == [["membuka"], ["membuka"]]
    assert office.open_elements(late) == []
    assert deliver_due(office.engine) == 0


def test_a_signal_whose_hearer_is_gone_is_over_without_a_word(office: Office) -> None:
    hears = draw(
        "gagal",
        element("intermediateCatchEvent", "dengar", BELL),
        script("hitung", "bagian = 6 / 0"),
        steps=("menyimak", "dengar", "hitung"),
    )
    case = begin(office, hears, "menyimak")
    rings = begin(office, RINGS, "mengetuk")
    deliver_due(office.engine)
    office.clock.move(timedelta(hours=25))
    cancellation.cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    assert deliver_due(office.engine) == 0
    assert told_undelivered(office, rings) == []


def test_a_signal_whose_case_was_put_right_is_heard_when_somebody_asks_for_it(office: Office) -> None:
    fails = draw(
        "gagal",
        script("siap", "pembagi = 0"),
        element("intermediateCatchEvent", "dengar", BELL),
        script("hitung", "bagian = 6 / pembagi"),
        steps=("menyimak", "siap", "dengar", "hitung", "membuka"),
    )
    case = begin(office, fails, "menyimak")
    begin(office, RINGS, "mengetuk")
    assert deliver_due(office.engine) == 0
    with office.engine.store.reading() as connection:
        [wrong] = incidents.open_of(connection, case)
    dewi = office.people["dewi"]
    facts = {"kind": ValueKind.NUMBER, "text": "2", "reason": "Pembagi lupa diisi"}
    correct(office.engine, dewi, wrong.id, Correction(path=("pembagi",), seen=digest_of(0), **facts))
    assert retry(office.engine, dewi, wrong.id).queued
    assert deliver_due(office.engine) == 1
    assert office.open_elements(case) == ["membuka"]


def test_what_was_said_to_others_cannot_be_taken_back(office: Office) -> None:
    case = begin(office, RINGS)
    begin(office, HEARS, "menyimak")
    task = office.open_task(case, "mengetuk").id
    office.complete_task(task, "joko", {})
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["joko"], task)


def test_a_cancelled_case_waits_for_nothing(office: Office, sender: ApiToken) -> None:
    case = begin(office, RECEIVES, "meminta")
    cancellation.cancel(office.engine, office.people["putu"], case, "Salah SOP")
    assert send(office, sender).state is MessageState.WAITING
    assert office.kinds(case).count(EventKind.MESSAGE_RECEIVED) == 0


def test_a_message_for_a_stopped_sop_waits_until_it_goes_on(office: Office, sender: ApiToken) -> None:
    case = begin(office, RECEIVES, "meminta")
    stops = stop(office, case)
    held = Taken(state=MessageState.WAITING, until=office.clock.now() + timedelta(days=14))
    assert send(office, sender) == held
    with office.engine.store.reading() as connection:
        assert incidents.open_of(connection, case) == [], "nothing is wrong with the case"
    office.clock.move(timedelta(days=9))
    assert deliver_due(office.engine) == 0
    assert send(office, sender) == held
    close(office.engine, office.people["dewi"], stops, "Sudah diperiksa")
    office.clock.move(timedelta(hours=1))
    assert deliver_due(office.engine) == 1
    assert office.open_elements(case) == ["membaca"]


def test_after_two_weeks_a_message_for_a_stopped_sop_is_over(office: Office, sender: ApiToken) -> None:
    stop(office, begin(office, RECEIVES, "meminta"))
    send(office, sender)
    office.clock.move(timedelta(days=14))
    assert deliver_due(office.engine) == 0
    assert send(office, sender).state is MessageState.EXPIRED
