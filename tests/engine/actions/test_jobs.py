"""Jobs: queued with the step that needs them, done once, tried again, given up, retried."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions import cancellation
from engine.actions.amendments import Amendment, amend
from engine.actions.deployment import deploy, read_package
from engine.actions.incidents import close
from engine.actions.job_retries import retry
from engine.actions.jobs import finish
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.connectors import CallFailed
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from engine.ids import new_id
from engine.model.event import Event, EventKind
from engine.model.incident import IncidentKind, Solution
from engine.model.instance import InstanceStatus
from engine.model.job import LEASE, MOST_TRIES, JobState
from engine.storage import incidents, jobs
from engine.storage import instances as rows
from engine.storage.incidents import Incident
from engine.storage.tables import job
from tests.connecting import WRITTEN, Desk, desk_of
from tests.engine.actions.failing import noted, stop
from tests.engine.bpmn.drawn import flows, script, service
from tests.letters import draw, undrawn
from tests.offices import SAMPLES, Office, raw

BUSY = CallFailed("Busy", code="http-503")
# Beside the service task a step replaces what it asks.
CHANGES = draw(
    "mengganti",
    script("siap", 'alamat = "http://satu/"'),
    service("panggil", "http", url="alamat"),
    script("ganti", 'alamat = "http://dua/"'),
    flows("siap", "panggil", "selesai"),
    steps=("meminta", "siap", "mengganti", "ganti", "membaca"),
)


@pytest.fixture
def desk(office: Office) -> Desk:
    return desk_of(office)


def rows_of(desk: Desk, case: UUID) -> list[dict[str, object]]:
    with desk.office.engine.store.reading() as connection:
        found = connection.execute(select(job).where(job.c.instance == case).order_by(job.c.queued_at))
        return [dict(row._mapping) for row in found]


def told(desk: Desk, case: UUID, *kinds: EventKind) -> list[Event]:
    return [one for one in desk.office.events(case) if one.kind in kinds]


def said(event: Event) -> dict[str, object]:
    return dict(json.loads(event.payload or "{}"))


def test_a_job_is_queued_with_the_step_that_needs_it(desk: Desk) -> None:
    case = desk.write()
    [row] = rows_of(desk, case)
    assert (row["element"], row["connector"], row["state"], row["tries"]) == (
        "mencatat", "http", JobState.WAITING, 0,
    )  # fmt: skip
    assert (row["run_at"], row["queued_at"]) == (desk.office.clock.now(),) * 2
    [queued] = told(desk, case, EventKind.JOB_QUEUED)
    wanted = {"url": WRITTEN["agenda"], "method": "POST", "json": {"perihal": "Rapat"}}
    assert (queued.element, queued.round, said(queued)) == (
        "mencatat", 1, {"connector": "http", "inputs": wanted},
    )  # fmt: skip
    assert desk.http.asked == []


def test_the_case_goes_on_with_what_the_connector_answered(desk: Desk) -> None:
    case = desk.write()
    assert desk.work() == 2
    assert [inputs for inputs, _ in desk.email.asked] == [
        {"to": "wati@example.go.id", "subject": "Undangan: Rapat", "text": "Nomor agenda 7"}
    ]
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert rows_of(desk, case) == []
    first, _ = told(desk, case, EventKind.JOB_DONE)
    assert (first.actor, first.element) == (None, "mencatat")
    facts = said(first)
    assert (facts["connector"], facts["tries"], facts["result"]) == ("http", 1, desk.http.usual)
    assert len(str(facts["sha256"])) == 64


def test_a_failed_try_is_followed_by_another_under_the_same_key(desk: Desk) -> None:
    desk.http.answers = [BUSY, BUSY]
    case = desk.write()
    assert desk.work() == 1
    [row] = rows_of(desk, case)
    assert row["state"] == JobState.WAITING
    begun = desk.office.clock.now()
    assert timedelta(seconds=22) < row["run_at"] - begun < timedelta(seconds=38)  # type: ignore[operator]
    assert json.loads(str(row["problem"])) == {"code": "http-503", "why": "Busy"}
    desk.office.clock.move(timedelta(seconds=40))
    desk.work()
    [row] = rows_of(desk, case)
    assert row["run_at"] - desk.office.clock.now() > timedelta(seconds=44)  # type: ignore[operator]
    desk.office.clock.move(timedelta(seconds=80))
    desk.work()
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert len({key for _, key in desk.http.asked}) == 1
    assert [(one.kind, said(one)["tries"]) for one in told(desk, case, EventKind.JOB_TRIED)] == [
        (EventKind.JOB_TRIED, 1),
        (EventKind.JOB_TRIED, 2),
    ]


def test_after_the_last_try_a_job_is_dead_until_somebody_looks(desk: Desk) -> None:
    desk.http.answers = [BUSY] * MOST_TRIES
    case = desk.write()
    for _ in range(MOST_TRIES):
        desk.work()
        desk.office.clock.move(timedelta(hours=5))
    [row] = rows_of(desk, case)
    assert (row["state"], row["run_at"], row["tries"]) == (JobState.DEAD, None, MOST_TRIES)
    desk.office.clock.move(timedelta(days=400))
    assert desk.work() == 0
    [given_up] = told(desk, case, EventKind.JOB_GIVEN_UP)
    assert said(given_up)["why"] == "Busy"
    assert len(desk.http.asked) == MOST_TRIES


def test_what_is_final_is_not_tried_again(desk: Desk) -> None:
    desk.http.answers = [CallFailed("Never", final=True)]
    case = desk.write()
    desk.work()
    assert [row["state"] for row in rows_of(desk, case)] == [JobState.DEAD]
    assert told(desk, case, EventKind.JOB_TRIED) == []


def test_an_administrator_has_it_tried_again_from_the_beginning(desk: Desk) -> None:
    desk.http.answers = [CallFailed("Never", final=True)]
    case = desk.write()
    desk.work()
    [row] = rows_of(desk, case)
    retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]
    assert desk.work() == 2
    assert desk.office.open_elements(case) == ["memeriksa"]
    [retried] = told(desk, case, EventKind.JOB_RETRIED)
    assert (retried.actor, said(retried)["job"]) == (desk.office.people["dewi"].person, row["id"].hex)  # type: ignore[attr-defined]
    assert len({key for _, key in desk.http.asked}) == 1
    with pytest.raises(NotFound):
        retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]


def test_the_incident_names_the_step_of_a_file_that_draws_nothing(desk: Desk) -> None:
    deploy(desk.office.engine, operator(desk.office.id), undrawn(read_package(SAMPLES / "surat")))
    desk.http.answers = [CallFailed("Not found", code="http-404", final=True)]
    desk.write()
    desk.work()
    [stopped] = noted(desk.office)
    assert (stopped.element, stopped.name) == ("mencatat", "Mencatat ke agenda")


def test_a_dead_job_is_an_incident_until_it_went_through(desk: Desk) -> None:
    desk.http.answers = [CallFailed("Never", final=True)] * 2
    case = desk.write()
    desk.work()
    [row] = rows_of(desk, case)
    retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]
    desk.work()
    [noted] = open_incidents(desk, case)
    assert (noted.element, noted.kind, str(noted.sentence), noted.count) == (
        "mencatat", IncidentKind.JOB, "Never", 2,
    )  # fmt: skip
    retry(desk.office.engine, desk.office.people["putu"], row["id"])  # type: ignore[arg-type]
    desk.work()
    assert open_incidents(desk, case) == []
    [solved] = told(desk, case, EventKind.INCIDENT_SOLVED)
    assert said(solved)["solution"] == Solution.PASSED


def open_incidents(desk: Desk, case: UUID) -> list[Incident]:
    with desk.office.engine.store.reading() as connection:
        return incidents.open_of(connection, case)


def test_what_was_corrected_meanwhile_is_handed_over_as_another_request(desk: Desk) -> None:
    desk.email.answers = [CallFailed("No such server", code="no-server", final=True)]
    case = desk.write()
    desk.work()
    [written] = [one for one in desk.office.tasks(case) if one.element == "menulis"]
    right = raw(WRITTEN | {"alamat": "siti@example.go.id"})
    amended = Amendment(fields=right, reason="Salah ketik", attempt=new_id())
    amend(desk.office.engine, desk.office.people["joko"], written.id, amended)
    [row] = rows_of(desk, case)
    retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]
    desk.work()
    assert [inputs["to"] for inputs, _ in desk.email.asked] == ["wati@example.go.id", "siti@example.go.id"]
    assert len({key for _, key in desk.email.asked}) == 2
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert open_incidents(desk, case) == []
    kinds = desk.office.kinds(case)
    assert kinds[kinds.index(EventKind.JOB_RETRIED) + 1] == EventKind.JOB_QUEUED


def test_what_a_connector_took_can_no_longer_be_corrected(desk: Desk) -> None:
    desk.email.answers = [CallFailed("No such server", code="no-server", final=True)]
    case = desk.write()
    desk.work()
    [written] = [one for one in desk.office.tasks(case) if one.element == "menulis"]
    amended = Amendment(
        fields=raw(WRITTEN | {"agenda": "http://other/"}), reason="Salah ketik", attempt=new_id()
    )
    with pytest.raises(Invalid):
        amend(desk.office.engine, desk.office.people["joko"], written.id, amended)


@pytest.mark.parametrize("who", ["joko", "agus", "tono"])
def test_nobody_else_can(desk: Desk, who: str) -> None:
    case = desk.write()
    [row] = rows_of(desk, case)
    with pytest.raises(NotFound):
        retry(desk.office.engine, desk.office.people[who], row["id"])  # type: ignore[arg-type]


def test_what_is_being_tried_is_not_tried_a_second_time(desk: Desk) -> None:
    case = desk.write()
    [row] = rows_of(desk, case)
    now = desk.office.clock.now()
    with desk.office.engine.store.transaction() as connection:
        assert jobs.claim(connection, now, now + LEASE) is not None
        assert jobs.claim(connection, now, now + LEASE) is None
    with pytest.raises(Conflict):
        retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]
    assert desk.office.kinds(case)[-1] == EventKind.ATTEMPT_REFUSED


def test_an_error_event_beside_the_task_takes_the_case_on(desk: Desk) -> None:
    desk.email.answers = [CallFailed("No such mailbox", code="email-refused", final=True)]
    case = desk.write()
    desk.work()
    assert desk.office.open_elements(case) == ["menelepon"]
    assert rows_of(desk, case) == []
    [given_up] = told(desk, case, EventKind.JOB_GIVEN_UP)
    assert (given_up.element, said(given_up)["caught"]) == ("mengirim", True)


def test_an_error_with_another_code_is_caught_by_nobody(desk: Desk) -> None:
    desk.email.answers = [CallFailed("No server", code="no-server", final=True)]
    case = desk.write()
    desk.work()
    assert desk.office.open_elements(case) == []
    assert [(row["element"], row["state"]) for row in rows_of(desk, case)] == [("mengirim", JobState.DEAD)]


def test_an_answer_that_the_case_cannot_go_on_with_is_kept(desk: Desk) -> None:
    desk.http.answers = [{"body": {"kode": 1}}]
    case = desk.write()
    desk.work()
    [row] = rows_of(desk, case)
    assert (row["element"], row["state"]) == ("mencatat", JobState.DEAD)
    assert json.loads(str(row["result"])) == {"body": {"kode": 1}}
    assert "Mengirim undangan" in str(row["problem"])
    retry(desk.office.engine, desk.office.people["dewi"], row["id"])  # type: ignore[arg-type]
    desk.work()
    assert [row["state"] for row in rows_of(desk, case)] == [JobState.DEAD]
    assert len(desk.http.asked) == 1  # the connector is not called a second time


def test_a_case_that_cannot_be_read_stops_with_the_answer_kept(desk: Desk) -> None:
    case = desk.write()
    with desk.office.engine.store.transaction() as connection:
        guard, _status, head = rows.lock(connection, case)
        rows.save(connection, case, head, {"guard": guard + 1, "state": "{broken"})
    assert desk.work() == 1
    [row] = rows_of(desk, case)
    assert (row["state"], json.loads(str(row["result"]))) == (JobState.DEAD, desk.http.usual)
    assert "JSONDecodeError" in str(row["problem"])
    with desk.office.engine.store.reading() as connection:
        [one] = incidents.open_of(connection, case)
    assert (one.element, one.kind) == ("mencatat", IncidentKind.JOB)


def test_a_completion_that_asked_a_connector_cannot_be_taken_back(desk: Desk) -> None:
    case = desk.write()
    [task] = desk.office.tasks(case)
    with pytest.raises(Forbidden):
        withdraw(desk.office.engine, desk.office.people["joko"], task.id)
    assert desk.work() == 2


def test_a_completion_that_changed_what_a_job_asks_cannot_be_taken_back_once_it_is_asked_anew(
    desk: Desk,
) -> None:
    office = desk.office
    deploy(office.engine, operator(office.id), CHANGES)
    case = office.start(key=CHANGES.key).instance
    office.complete(case, "meminta", "joko", {})
    desk.http.answers = [CallFailed("Never", final=True)]
    desk.work()
    office.complete(case, "mengganti", "joko", {})
    [row] = rows_of(desk, case)
    retry(office.engine, office.people["dewi"], row["id"])  # type: ignore[arg-type]
    [changed] = [one for one in office.tasks(case) if one.element == "mengganti"]
    with pytest.raises(Forbidden):
        withdraw(office.engine, office.people["joko"], changed.id)
    desk.work()
    assert [asked["url"] for asked, _ in desk.http.asked] == ["http://satu/", "http://dua/"]


def test_a_cancelled_case_asks_nobody_any_more(desk: Desk) -> None:
    case = desk.write()
    cancellation.cancel(desk.office.engine, desk.office.people["putu"], case, "Batal")
    assert rows_of(desk, case) == []
    assert (desk.work(), desk.http.asked) == (0, [])


def test_an_answer_that_comes_after_the_case_was_cancelled_changes_nothing(desk: Desk) -> None:
    case = desk.write()

    def cancel() -> object:
        cancellation.cancel(desk.office.engine, desk.office.people["putu"], case, "Batal")
        return {"body": {"nomor": 1}}

    desk.http.answers = [cancel]
    desk.work()
    with desk.office.engine.store.reading() as connection:
        found = rows.load(connection, case, None)
    assert found is not None
    assert found.status is InstanceStatus.CANCELLED
    assert told(desk, case, EventKind.JOB_DONE) == []


def test_the_first_of_two_answers_counts(desk: Desk) -> None:
    case = desk.write()
    now = desk.office.clock.now()
    with desk.office.engine.store.transaction() as connection:
        claimed = jobs.claim(connection, now, now + LEASE)
    assert claimed is not None
    assert finish(desk.office.engine, claimed, {"body": {"nomor": 1}}) is True
    assert finish(desk.office.engine, claimed, {"body": {"nomor": 2}}) is False
    assert len(told(desk, case, EventKind.JOB_DONE)) == 1


def test_a_connector_that_is_not_there_is_refused_at_deployment(office: Office) -> None:
    bare = replace(office.engine, connectors={})
    with pytest.raises(Refused) as refused:
        deploy(bare, operator(office.id), read_package(SAMPLES / "surat"))
    assert {one.code for one in refused.value.findings} == {"unknown-connector"}


def test_a_stopped_sop_calls_nobody_until_it_goes_on(desk: Desk) -> None:
    case, other = desk.write(), desk.office.start().instance
    stops = stop(desk.office, case)
    assert (desk.work(), desk.http.asked) == (0, [])
    close(desk.office.engine, desk.office.people["dewi"], stops, "Sudah diperiksa")
    assert desk.work() >= 1
    assert len(desk.http.asked) == 1
    assert desk.office.open_elements(other)


def test_an_answer_to_an_sop_that_was_stopped_meanwhile_waits_for_it(desk: Desk) -> None:
    case = desk.write()
    stops = []

    def stopped_while_asked() -> object:
        stops.append(stop(desk.office, case))
        return {"body": {"nomor": 1}}

    desk.http.answers = [stopped_while_asked]
    desk.work()
    assert told(desk, case, EventKind.JOB_DONE) == []
    close(desk.office.engine, desk.office.people["dewi"], stops[0], "Sudah diperiksa")
    desk.work()
    assert len(told(desk, case, EventKind.JOB_DONE)) >= 1
    assert len(desk.http.asked) == 1, "the connector is not called a second time"
