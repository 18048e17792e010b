"""A case whose service failed for good goes on by a revision that asks another system, and back again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions import batches
from engine.actions.deployment import Package, read_package
from engine.actions.job_retries import retry
from engine.actions.move_undoing import undo
from engine.actions.moves import move
from engine.connectors import CallFailed
from engine.errors import Conflict, Forbidden
from engine.model.event import EventKind
from engine.model.incident import IncidentState, Solution
from engine.model.job import JobState
from engine.model.verdict import Verdict
from engine.storage import jobs
from engine.storage.tables import incident, job
from tests.chain import head_of
from tests.connecting import Desk, desk_of
from tests.engine.actions.test_batches import groups, worked
from tests.engine.actions.test_moves import chain_head, moved, moving, revised
from tests.offices import SAMPLES
from tests.revisions import changed

DOWN = CallFailed("The agenda is closed", final=True)
ASKS = 'menulis["agenda"]'
SAYS = "f\"Nomor agenda {mencatat['body']['nomor']}\""
CAUGHT = (
    '<bpmn:boundaryEvent id="tutup" attachedToRef="mencatat"><bpmn:errorEventDefinition />'
    "</bpmn:boundaryEvent>"
    '<bpmn:sequenceFlow id="tutup_menelepon" sourceRef="tutup" targetRef="menelepon" /></bpmn:process>'
)


@pytest.fixture
def desk(office: object) -> Desk:
    return desk_of(office)  # type: ignore[arg-type] # the fixture's office


def surat(*pairs: tuple[str, str]) -> Package:
    return changed(read_package(SAMPLES / "surat"), *pairs)


def elsewhere() -> Package:
    return surat((ASKS, '"http://baru/"'))


def failed(desk: Desk, answer: Any = DOWN) -> UUID:  # noqa: ANN401 - what a connector does
    desk.http.answers = [answer]
    case = desk.write()
    desk.work()
    return case


def job_rows(desk: Desk, case: UUID) -> list[dict[str, Any]]:
    with desk.office.engine.store.reading() as connection:
        found = connection.execute(select(job).where(job.c.instance == case))
        return [dict(row) for row in found.mappings()]


def incident_rows(desk: Desk, case: UUID) -> list[tuple[str, str | None]]:
    with desk.office.engine.store.reading() as connection:
        found = select(incident.c.state, incident.c.solution).where(incident.c.instance == case)
        return [(row.state, row.solution) for row in connection.execute(found)]


def test_it_is_asked_again_as_the_new_revision_asks(desk: Desk) -> None:
    case = failed(desk)
    assert job_rows(desk, case)[0]["state"] == JobState.DEAD
    assert moved(desk.office, case, revised(desk.office, elsewhere()))
    assert incident_rows(desk, case) == [(IncidentState.SOLVED, Solution.LEFT)]
    assert desk.work() == 2
    (_, first), (inputs, key) = desk.http.asked
    assert inputs["url"] == "http://baru/"
    assert key != first  # another request
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert chain_head(desk.office, case) == head_of(desk.office.events(case))


def test_a_revision_that_asks_the_same_tries_again_too(desk: Desk) -> None:
    case = failed(desk)
    other = revised(desk.office, surat(("Memeriksa kiriman", "Memeriksa surat")))
    assert moved(desk.office, case, other)
    desk.work()
    assert desk.office.open_elements(case) == ["memeriksa"]
    (first, key), again = desk.http.asked
    assert again == (first, key)  # the same request: whoever had done it before the answer was lost knows it


def test_an_error_event_may_be_put_beside_it(desk: Desk) -> None:
    case = failed(desk)
    assert moved(desk.office, case, revised(desk.office, surat(("</bpmn:process>", CAUGHT))))
    desk.http.answers = [DOWN]
    desk.work()
    assert desk.office.open_elements(case) == ["menelepon"]


def test_what_is_still_being_tried_stays(desk: Desk) -> None:
    desk.http.answers = [CallFailed("Busy")]
    case = desk.write()
    desk.work()
    to = revised(desk.office, elsewhere())
    came = move(desk.office.engine, desk.office.people["putu"], case, moving(desk.office, to))
    assert not came.moved
    assert str(came.judgement.reason) == (
        "Mencatat ke agenda asks another system, and it changed in the new revision."
    )
    assert [row["state"] for row in job_rows(desk, case)] == [JobState.WAITING]


def test_what_asks_nobody_any_more_stays(desk: Desk) -> None:
    case = failed(desk)
    bpmn = read_package(SAMPLES / "surat").bpmn.decode()
    task = bpmn[bpmn.index('<bpmn:serviceTask id="mencatat"') : bpmn.index('<bpmn:serviceTask id="mengirim"')]
    script = '<bpmn:scriptTask id="mencatat" name="Mencatat"><bpmn:script>mencatat = {"body": {"nomor": 1}}'
    to = revised(desk.office, surat((task, f"{script}</bpmn:script></bpmn:scriptTask>")))
    came = move(desk.office.engine, desk.office.people["putu"], case, moving(desk.office, to))
    assert (came.moved, came.judgement.verdict) == (False, Verdict.BLOCKED)
    assert "asks no other system in the new revision" in str(came.judgement.reason)


def test_a_survey_tells_what_failed_from_what_waits(desk: Desk) -> None:
    failed(desk)
    desk.http.answers = [CallFailed("Busy")]
    desk.write(year=2028)
    desk.work()
    revised(desk.office, elsewhere())
    survey = batches.survey_version(desk.office.engine, desk.office.people["putu"], "surat", 2, {})
    found = worked(desk.office, survey).result["groups"].values()
    assert sorted((one["verdict"], one["count"]) for one in found) == [("blocked", 1), ("move", 1)]
    assert set(groups(worked(desk.office, survey))) == {"mencatat"}


def test_taken_back_it_has_failed_as_before(desk: Desk) -> None:
    case = failed(desk)
    before = job_rows(desk, case)
    assert moved(desk.office, case, revised(desk.office, elsewhere()))
    undo(desk.office.engine, desk.office.people["putu"], case)
    assert job_rows(desk, case) == before
    assert incident_rows(desk, case) == [(IncidentState.OPEN, None)]
    opened = [one for one in desk.office.events(case) if one.kind is EventKind.INCIDENT_OPENED]
    assert [one.element for one in opened] == ["mencatat"] * 2
    assert chain_head(desk.office, case) == head_of(desk.office.events(case))
    retry(desk.office.engine, desk.office.people["dewi"], before[0]["id"])
    desk.work()
    assert desk.http.asked[-1][0]["url"] == "http://agenda.example.go.id/"
    assert desk.office.open_elements(case) == ["memeriksa"]


def test_taken_back_after_it_failed_once_more(desk: Desk) -> None:
    case = failed(desk)
    before = job_rows(desk, case)
    assert moved(desk.office, case, revised(desk.office, elsewhere()))
    desk.http.answers = [DOWN]
    desk.work()
    undo(desk.office.engine, desk.office.people["putu"], case)
    assert job_rows(desk, case) == before
    assert sorted(state for state, _ in incident_rows(desk, case)) == ["open", "solved"]


def test_no_move_is_taken_back_while_another_system_is_asked(desk: Desk) -> None:
    case = failed(desk)
    assert moved(desk.office, case, revised(desk.office, elsewhere()))
    engine, now = desk.office.engine, desk.office.clock.now()
    with engine.store.transaction() as connection:
        assert jobs.claim(connection, now, now + timedelta(minutes=1)) is not None
    with pytest.raises(Conflict):
        undo(engine, desk.office.people["putu"], case)
    desk.office.clock.move(timedelta(minutes=2))  # its worker died
    desk.work()
    with pytest.raises(Forbidden):
        undo(engine, desk.office.people["putu"], case)
    assert desk.office.open_elements(case) == ["memeriksa"]


def test_no_move_is_taken_back_once_another_system_has_answered(desk: Desk) -> None:
    """The answer waits for the case, whose SOP is stopped: taken back, it would be asked for again."""
    case = failed(desk)
    assert moved(desk.office, case, revised(desk.office, elsewhere()))
    engine, now = desk.office.engine, desk.office.clock.now()
    with engine.store.transaction() as connection:
        asked = jobs.claim(connection, now, now + timedelta(minutes=1))
        assert asked is not None
        assert jobs.keep_answer(connection, asked, '{"status": 200, "body": {"nomor": 7}}', now)
    before = job_rows(desk, case)
    with pytest.raises(Conflict, match="has answered since"):
        undo(engine, desk.office.people["putu"], case)
    assert job_rows(desk, case) == before
    desk.work()
    assert len(desk.http.asked) == 1
    assert desk.office.open_elements(case) == ["memeriksa"]


def test_an_answer_that_the_case_could_not_go_on_with_is_not_asked_for_again(desk: Desk) -> None:
    case = failed(desk, {"status": 200})  # without the number that the letter names
    dead = job_rows(desk, case)
    assert [row["result"] is None for row in dead] == [False]
    assert moved(desk.office, case, revised(desk.office, surat((SAYS, '"Tanpa nomor"'))))
    assert incident_rows(desk, case) == [(IncidentState.OPEN, None)]
    undo(desk.office.engine, desk.office.people["putu"], case)
    assert job_rows(desk, case) == dead
    assert moved(desk.office, case, revised(desk.office, surat((SAYS, '"Nomor menyusul"'))))
    desk.work()
    assert len(desk.http.asked) == 1
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert incident_rows(desk, case) == [(IncidentState.SOLVED, Solution.PASSED)]


def test_whoever_has_it_tried_again_meanwhile_is_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = failed(desk)
    to = revised(desk.office, elsewhere())
    engine = desk.office.engine
    put_there = engine.runner.move

    def slowly(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as it is called
        state = put_there(*args, **kwargs)
        retry(engine, desk.office.people["dewi"], job_rows(desk, case)[0]["id"])
        return state

    monkeypatch.setattr(engine.runner, "move", slowly)
    assert not moved(desk.office, case, to)
    assert [row["state"] for row in job_rows(desk, case)] == [JobState.WAITING]
