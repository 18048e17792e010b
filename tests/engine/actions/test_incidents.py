"""What failed is tried again, or a value it saw is corrected for a reason; only who may solve does so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.actions.amendments import Amendment, amend
from engine.actions.corrections import correct
from engine.actions.deployment import deploy, read_package
from engine.actions.incidents import Retried, close, retry
from engine.actions.incidents_noted import Failed, note_version
from engine.actions.offices import operator
from engine.connectors import CallFailed
from engine.errors import Conflict, Failure, Forbidden, Invalid, NotFound, ProcessFailed, say
from engine.ids import new_id
from engine.model.correction import Correction, ValueKind, digest_of, places_of, value_at, with_value
from engine.model.event import EventKind
from engine.model.incident import Cause, IncidentKind, Solution, Tried
from engine.queries.incidents import incident_page
from engine.storage import incidents, instances, timers, versions
from engine.storage.incidents import Incident
from engine.storage.startable import startable
from engine.worker import fire_due
from tests.connecting import WRITTEN, desk_of
from tests.engine.actions.failing import failing_start, noted
from tests.engine.bpmn.drawn import flow, script
from tests.offices import SAMPLES, Office, raw, with_two_starts

DAY = timedelta(hours=24)
LEAST = {"paling_sedikit": "5"}


@pytest.fixture
def case(office: Office) -> UUID:
    """Let Kasub press in vain: the amount and the days were left empty."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "taksiran"))
    started = office.start(key="taksiran").instance
    office.complete(started, "mengisi", "joko", {})
    with pytest.raises(ProcessFailed):
        office.complete(started, "memeriksa", "rina", LEAST)
    return started


def wrong(office: Office) -> Incident:
    return noted(office)[-1]


def correction(value: str, path: str = "mengisi jumlah", **facts: Any) -> Correction:
    return Correction(
        path=tuple(path.split()) or ("",),
        kind=facts.get("kind", ValueKind.NUMBER),
        text=value,
        reason=facts.get("reason", "Lupa diisi"),
        seen=digest_of(facts.get("seen")),
    )


def put_right(
    office: Office, value: str, path: str = "mengisi jumlah", by: str = "dewi", **facts: Any
) -> None:
    correct(office.engine, office.people[by], wrong(office).id, correction(value, path, **facts))


def test_trying_a_completion_again_tells_what_would_come_of_it(office: Office, case: UUID) -> None:
    found, before = wrong(office), office.kinds(case)
    came = retry(office.engine, office.people["dewi"], found.id)
    assert (came.passed, came.dry) == (False, True)
    assert came.sentence is not None
    assert "nothing and a number cannot be compared" in str(came.sentence)
    put_right(office, "7")
    assert retry(office.engine, office.people["dewi"], found.id) == Retried(passed=True, dry=True)
    assert office.open_elements(case) == ["memeriksa"], "only the person completes it"
    assert office.kinds(case) == [*before, EventKind.INCIDENT_CORRECTED]
    office.complete(case, "memeriksa", "rina", LEAST)
    assert office.open_elements(case) == ["mengarsipkan"]
    assert wrong(office).solution is Solution.PASSED


def test_what_made_a_step_fail_can_be_corrected_by_who_entered_it(office: Office, case: UUID) -> None:
    [filled] = [one for one in office.tasks(case) if one.element == "mengisi"]
    sent = Amendment(fields=raw({"jumlah": "7"}), reason="Terlewat", attempt=new_id())
    amend(office.engine, office.people["joko"], filled.id, sent)
    assert retry(office.engine, office.people["dewi"], wrong(office).id) == Retried(passed=True, dry=True)


def test_a_correction_is_on_record_with_the_old_value_and_the_reason(office: Office, case: UUID) -> None:
    put_right(office, "7", by="putu")
    event = office.events(case)[-1]
    told = json.loads(event.payload or "{}")
    assert (event.kind, event.actor, event.element) == (
        EventKind.INCIDENT_CORRECTED,
        office.people["putu"].person,
        "cukup",
    )
    assert (told["path"], told["old"], told["new"], told["reason"]) == (
        ["mengisi", "jumlah"],
        None,
        7,
        "Lupa diisi",
    )
    assert told["incident"] == wrong(office).id.hex


def test_a_timer_fires_when_it_is_tried_again(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    found = wrong(office)
    assert retry(office.engine, office.people["dewi"], found.id).passed is False
    assert wrong(office).count == 2
    put_right(office, "7", "mengisi jumlah")
    put_right(office, "2", "mengisi hari")
    assert retry(office.engine, office.people["dewi"], found.id) == Retried(passed=True, dry=False)
    assert sorted(office.open_elements(case)) == ["memeriksa", "menagih"]
    assert wrong(office).solution is Solution.PASSED
    assert office.kinds(case).count(EventKind.TIMER_FIRED) == 1
    assert office.kinds(case).count(EventKind.INCIDENT_RETRIED) == 2
    assert fire_due(office.engine) == 0


def test_trying_a_timer_again_leaves_its_next_try_as_it_was(office: Office, case: UUID) -> None:
    office.clock.move(DAY)
    fire_due(office.engine)
    with office.engine.store.reading() as connection:
        before = timers.of_instance(connection, case)
    retry(office.engine, office.people["dewi"], wrong(office).id)
    with office.engine.store.reading() as connection:
        assert timers.of_instance(connection, case) == before


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("who", ["joko", "rina", "agus", "tono"])
def test_for_others_there_is_no_incident(office: Office, who: str) -> None:
    found = wrong(office)
    for act in (
        lambda: retry(office.engine, office.people[who], found.id),
        lambda: put_right(office, "7", by=who),
        lambda: close(office.engine, office.people[who], found.id, "Selesai"),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.usefixtures("case")
def test_a_value_that_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    put_right(office, "7")
    with pytest.raises(Conflict):
        put_right(office, "8")
    put_right(office, "8", seen=7)


def test_value_and_reason_are_asked_for_together(office: Office, case: UUID) -> None:
    with pytest.raises(Invalid) as refused:
        put_right(office, "tujuh", reason="  ")
    assert [one.field for one in refused.value.problems] == ["value", "reason"]
    assert EventKind.INCIDENT_CORRECTED not in office.kinds(case)


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ValueKind.NUMBER, "NaN"),
        (ValueKind.YES_NO, "maybe"),
        (ValueKind.JSON, "[1,"),
        (ValueKind.JSON, "NaN"),
        (ValueKind.JSON, "1e999"),
        (ValueKind.JSON, "[" * 5000),
        (ValueKind.JSON, "[" * 50 + "]" * 50),
        (ValueKind.JSON, r'"\ud800"'),
        (ValueKind.JSON, r'"\u0000"'),
        (ValueKind.JSON, "1" * 30),
        (ValueKind.TEXT, "x" * 20_001),
    ],
)
def test_what_is_no_value_is_refused(office: Office, kind: ValueKind, text: str) -> None:
    with pytest.raises(Invalid):
        put_right(office, text, kind=kind)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ValueKind.NUMBER, "1.234,5", 1234.5),
        (ValueKind.TEXT, "tujuh", "tujuh"),
        (ValueKind.YES_NO, "no", False),
        (ValueKind.JSON, '{"a": [1, null]}', {"a": [1, None]}),
    ],
)
def test_a_value_is_typed_as_what_it_is(
    office: Office, case: UUID, kind: ValueKind, text: str, value: object
) -> None:
    put_right(office, text, kind=kind)
    assert known(office, case)["mengisi"]["jumlah"] == value


@pytest.mark.usefixtures("case")
def test_what_comes_with_the_form_is_changed_there(office: Office) -> None:
    with pytest.raises(Forbidden, match="form of the step"):
        put_right(office, "7", "memeriksa paling_sedikit", seen=5)


@pytest.mark.usefixtures("case")
def test_only_what_the_step_looked_at_is_corrected(office: Office) -> None:
    for path, seen in (("case year", 2027), ("", None)):
        with pytest.raises(Forbidden, match="does not look"):
            put_right(office, "2028", path, seen=seen)


def test_a_correction_that_comes_too_late_changes_nothing(office: Office, case: UUID) -> None:
    found = wrong(office)
    put_right(office, "7")
    office.complete(case, "memeriksa", "rina", LEAST)
    with pytest.raises(Conflict, match="solved already"):
        put_right(office, "8", seen=7)
    with pytest.raises(Conflict, match="solved already"):
        retry(office.engine, office.people["dewi"], found.id)


def test_a_completion_after_a_correction_cannot_be_taken_back_over_it(office: Office, case: UUID) -> None:
    put_right(office, "7")
    with office.engine.store.reading() as connection:
        row = instances.load(connection, case, None)
    assert row is not None
    assert row.undo_task is None


def test_a_start_is_tried_without_a_case_and_closed_by_hand(office: Office, tmp_path: Path) -> None:
    sop = failing_start(office, tmp_path)
    with pytest.raises(ProcessFailed):
        office.start(key="taksiran", year=2027)
    found = wrong(office)
    assert retry(office.engine, office.people["putu"], found.id) == Retried(passed=True, dry=True)
    office.clock.move(timedelta(days=100))
    assert retry(office.engine, office.people["putu"], found.id).passed is False
    with pytest.raises(Conflict, match="no case runs"):
        put_right(office, "7")
    with pytest.raises(Invalid):
        close(office.engine, office.people["putu"], found.id, " ")
    close(office.engine, office.people["putu"], found.id, "Revisi baru dipakai")
    assert wrong(office).solution is Solution.CLOSED
    solved = office.events(sop)[-1]
    assert (solved.kind, json.loads(solved.payload or "")["reason"]) == (
        EventKind.INCIDENT_SOLVED,
        "Revisi baru dipakai",
    )


def test_of_several_starts_the_one_that_failed_is_tried_and_stays_noted(office: Office) -> None:
    package = with_two_starts()
    fails = script("menghitung", "x = 1 / 0") + flow("menghitung", "memeriksa")
    at = b'<bpmn:sequenceFlow id="f_langsung" sourceRef="langsung" targetRef="'
    drawn = package.bpmn.replace(at + b"memeriksa", fails.encode() + at + b"menghitung")
    deploy(office.engine, operator(office.id), replace(package, bpmn=drawn))
    with pytest.raises(ProcessFailed):
        office.start("rina", start="langsung")
    office.start(year=2028)
    assert wrong(office).is_open
    assert retry(office.engine, office.people["putu"], wrong(office).id).passed is False


def test_a_version_that_is_suspended_is_closed_by_hand_only(office: Office) -> None:
    with office.engine.store.reading() as connection:
        sop = versions.find_process(connection, office.id, "izin")
        assert sop is not None
        [found] = startable(connection, sop, office.clock.now().date())
    failed = Failed(
        element="",
        name="",
        sentence=say("Automatic steps of this revision ran too long, again and again."),
        failure=Failure(kind=IncidentKind.SUSPENDED, timed_out=True),
        tried=Tried(cause=Cause.VERSION),
    )
    note_version(office.engine, operator(office.id), office.engine.versions.get(found.id), failed)
    found, dewi = wrong(office), office.people["dewi"]
    page = incident_page(office.engine, dewi, found.id)
    assert (page.can_retry, page.can_close, page.stands) == (False, True, None)
    with pytest.raises(Conflict, match="cannot be tried again"):
        retry(office.engine, dewi, found.id)
    close(office.engine, dewi, found.id, "Revisi baru dipakai")
    assert wrong(office).solution is Solution.CLOSED


def test_a_job_that_was_given_up_is_called_again(office: Office) -> None:
    desk = desk_of(office)
    desk.http.answers = [CallFailed("Busy", code="http-503", final=True)]
    case = desk.write()
    desk.work()
    found = wrong(desk.office)
    assert (found.name, found.kind) == ("Mencatat ke agenda", IncidentKind.JOB)
    assert {value.name: value.value for value in found.seen}["url"] == WRITTEN["agenda"]
    with pytest.raises(Forbidden, match="what was handed over"):
        put_right(desk.office, "x", "url", kind=ValueKind.TEXT, seen=WRITTEN["agenda"])
    came = retry(desk.office.engine, desk.office.people["dewi"], found.id)
    assert came == Retried(passed=False, dry=False, queued=True)
    desk.work()
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert wrong(desk.office).solution is Solution.PASSED
    page = incident_page(desk.office.engine, desk.office.people["dewi"], found.id)
    assert [one.kind for one in page.events] == [
        EventKind.INCIDENT_SOLVED,
        EventKind.JOB_RETRIED,
        EventKind.INCIDENT_OPENED,
    ]


def test_what_a_job_is_made_of_is_corrected_and_handed_over_anew(office: Office) -> None:
    desk = desk_of(office)
    desk.email.answers = [CallFailed("No such server", code="no-server", final=True)]
    case = desk.write()
    desk.work()
    found, dewi = wrong(desk.office), desk.office.people["dewi"]
    sources = incident_page(desk.office.engine, dewi, found.id).sources
    assert [(" ".join(one.path), one.now) for one in sources] == [
        ("menulis alamat", WRITTEN["alamat"]),
        ("menulis perihal", WRITTEN["perihal"]),
        ("mencatat body nomor", 7),
    ]
    desk.office.clock.move(timedelta(minutes=1))
    desk.email.answers = [CallFailed("Still no such server", code="no-server", final=True)]
    retry(desk.office.engine, dewi, found.id)
    desk.work()
    kinds = [one.kind for one in incident_page(desk.office.engine, dewi, found.id).events]
    assert kinds == [EventKind.JOB_GIVEN_UP, EventKind.JOB_RETRIED, EventKind.INCIDENT_OPENED]
    put_right(
        desk.office, "siti@example.go.id", "menulis alamat", kind=ValueKind.TEXT, seen=WRITTEN["alamat"]
    )
    retry(desk.office.engine, dewi, found.id)
    desk.work()
    assert [inputs["to"] for inputs, _ in desk.email.asked] == [
        WRITTEN["alamat"], WRITTEN["alamat"], "siti@example.go.id",
    ]  # fmt: skip
    assert EventKind.INCIDENT_CORRECTED in desk.office.kinds(case)
    assert wrong(desk.office).solution is Solution.PASSED


@pytest.mark.usefixtures("case")
def test_what_a_case_waits_for_is_not_closed_by_hand(office: Office) -> None:
    with pytest.raises(Conflict, match="solved when"):
        close(office.engine, office.people["dewi"], wrong(office).id, "Biarkan")


def test_places_of_a_variable_are_its_single_values() -> None:
    table = {"rows": [{"n": 1}, {"n": None}], "names": ["a", "b"], "empty": {}}
    assert [(".".join(one.path), one.value) for one in places_of("t", table)] == [
        ("t.rows.0.n", 1),
        ("t.rows.1.n", None),
        ("t.names", ["a", "b"]),
        ("t.empty", {}),
    ]
    assert [one.path for one in places_of("t", {str(n): n for n in range(500)})] == [("t",)]
    changed = with_value(table, ["rows", "1", "n"], 2)
    assert (value_at({"t": changed}, ["t", "rows", "1", "n"]), table["rows"]) == (2, [{"n": 1}, {"n": None}])
    for path in (["t", "rows", "7"], ["t", "rows", "x"], ["t", "names", "0", "deeper"], ["u"]):
        with pytest.raises(KeyError):
            value_at({"t": table}, path)


def known(office: Office, case: UUID) -> dict[str, Any]:
    with office.engine.store.reading() as connection:
        row = instances.load(connection, case, None)
        assert incidents.open_of(connection, case)
    assert row is not None
    state: dict[str, Any] = json.loads(row.state or "{}")
    return dict(state["variables"])
