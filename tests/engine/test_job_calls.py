"""The worker's calls: at least once, each within its time, beside everything else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import job_calls, worker
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import operator
from engine.model.event import EventKind
from engine.model.job import LEASE, MOST_TRIES, JobState
from engine.storage import instances, jobs
from engine.storage.tables import job
from tests.connecting import Desk, desk_of
from tests.engine.bpmn.drawn import diagram, element, flows, service, start_end
from tests.offices import SAMPLES, Office


@pytest.fixture
def desk(office: Office) -> Desk:
    return desk_of(office)


def claimed_by_a_worker_that_dies(desk: Desk) -> None:
    now = desk.office.clock.now()
    with desk.office.engine.store.transaction() as connection:
        assert jobs.claim(connection, now, now + LEASE) is not None


def problem_of(desk: Desk, case: UUID) -> dict[str, Any]:
    with desk.office.engine.store.reading() as connection:
        row = connection.execute(select(job.c.state, job.c.problem).where(job.c.instance == case)).one()
    return {"state": row.state, **json.loads(row.problem)}


def await_(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not done():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)


@contextmanager
def working(run: Callable[..., None], desk: Desk) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(desk.office.engine, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_what_a_killed_worker_left_is_tried_again_after_its_lease(desk: Desk) -> None:
    case = desk.write()
    claimed_by_a_worker_that_dies(desk)
    desk.office.clock.move(LEASE - timedelta(seconds=1))
    assert desk.work() == 0
    desk.office.clock.move(timedelta(seconds=1))
    assert desk.work() == 2
    assert desk.office.open_elements(case) == ["memeriksa"]


def test_a_job_that_kills_its_workers_is_given_up(desk: Desk) -> None:
    case = desk.write()
    for _ in range(MOST_TRIES):
        claimed_by_a_worker_that_dies(desk)
        desk.office.clock.move(LEASE)
    assert desk.work() == 1
    assert desk.http.asked == []
    assert (problem_of(desk, case)["state"], problem_of(desk, case)["code"]) == (JobState.DEAD, "killed")


def test_a_call_that_takes_too_long_is_left(desk: Desk) -> None:
    answer = threading.Event()
    desk.http.answers = [answer.wait]
    case = desk.write()
    assert desk.work(limit=0.2) == 1
    assert problem_of(desk, case)["code"] == "timeout"
    answer.set()
    desk.office.clock.move(timedelta(minutes=1))
    assert desk.work() == 2
    (_, first), (_, second) = desk.http.asked
    assert first == second


def test_calls_that_do_not_end_are_not_joined_by_others_without_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_calls, "_MOST_LEFT", 2)
    answer = threading.Event()
    desk.http.answers = [answer.wait] * 2
    for year in (2027, 2028, 2029):
        desk.write(year)
    calls = job_calls.Calls(desk.office.engine, limit=0.1)
    assert [calls.do_one() for _ in range(3)] == [True, True, False]
    answer.set()
    await_(calls.do_one)
    assert len(desk.http.asked) == 3


def test_what_any_connector_raises_is_a_failed_try(desk: Desk) -> None:
    desk.http.answers = [RuntimeError("no paper")]
    case = desk.write()
    desk.work()
    told = problem_of(desk, case)
    assert (told["state"], told["code"]) == (JobState.WAITING, "failed")
    assert told["values"] == {"detail": "RuntimeError: no paper"}


@pytest.mark.parametrize(
    "answer",
    [{1, 2}, {"n": float("nan")}, "x" * 200_001, "\ud800", {1: 2}, 2**80, b"bytes"],
    ids=lambda answer: repr(answer)[:40],
)
def test_an_answer_that_cannot_be_kept_comes_near_no_case(desk: Desk, answer: object) -> None:
    desk.http.answers = [answer]
    case = desk.write()
    desk.work()
    told = problem_of(desk, case)
    assert (told["state"], told["code"]) == (JobState.DEAD, "answer")


def test_several_jobs_of_one_case_are_done_at_once_and_each_once(desk: Desk) -> None:
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>12</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    header = (
        '<bpmn:extensionElements><sop:Document title="Banyak" caseNumber="{urut:03}/B/{tahun}" '
        'caseTitle="Banyak" /></bpmn:extensionElements>'
    )
    lane = element(
        "lane",
        "lane_staf",
        '<bpmn:extensionElements><sop:Lane role="staf" /></bpmn:extensionElements>'
        "<bpmn:flowNodeRef>selesai</bpmn:flowNodeRef>",
    )
    drawn = diagram(
        header,
        element("laneSet", "lanes", lane),
        start_end(),
        service("banyak", "http", several, url="loopCounter"),
        element("userTask", "selesai"),
        flows("start", "banyak", "selesai", "end"),
    )
    desk.http.answers = [lambda: time.sleep(0.01)] * 12
    deploy(desk.office.engine, operator(desk.office.id), Package(key="banyak", bpmn=drawn, forms={}))
    case = desk.office.start(key="banyak").instance
    with working(job_calls.run, desk):
        await_(lambda: desk.office.open_elements(case) == ["selesai"])
    assert sorted(inputs["url"] for inputs, _ in desk.http.asked) == list(range(1, 13))
    assert desk.office.kinds(case).count(EventKind.JOB_DONE) == 12


def test_a_slow_connector_holds_up_no_timer(desk: Desk) -> None:
    deploy(desk.office.engine, operator(desk.office.id), read_package(SAMPLES / "laporan"))
    report = desk.office.start(key="laporan").instance
    desk.office.complete(report, "meminta", "joko", {})
    answer = threading.Event()
    # As often as it is asked: when the clock is moved its lease runs out.
    desk.http.answers = [lambda: answer.wait() and {"body": {"nomor": 1}}] * 4
    case = desk.write()
    with working(worker.run, desk):
        await_(lambda: len(desk.http.asked) == 1)
        desk.office.clock.move(timedelta(hours=24))
        await_(lambda: "mengingatkan" in desk.office.open_elements(report))
        assert desk.office.open_elements(case) == []
        answer.set()
        await_(lambda: desk.office.open_elements(case) == ["memeriksa"])


def test_what_came_of_a_call_is_saved_when_the_database_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = desk.write()
    monkeypatch.setattr(job_calls, "_PAUSE", 0.05)
    store = desk.office.engine.store
    blocked = threading.Event()

    def answer() -> object:
        # Somebody else has the case for longer than a writer waits.
        def hold() -> None:
            with store.transaction() as connection:
                instances.hold(connection, case)
                blocked.set()
                time.sleep(0.5)

        threading.Thread(target=hold).start()
        blocked.wait()
        return {"body": {"nomor": 1}}

    desk.http.answers = [answer]
    assert desk.work() == 2
    assert desk.office.open_elements(case) == ["memeriksa"]
