"""A corrected revision is submitted: what the case that returned it left with its owner ends by itself."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions import submissions
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.submissions import Trial, ask_approval, submit
from engine.connectors import call
from engine.errors import AlurError
from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus, VersionState
from engine.model.job import LEASE
from engine.model.task import TaskState
from engine.queries.left_to_close import left_to_close
from engine.storage import jobs
from engine.worker import deliver_due
from tests.engine.actions.test_revision_cases import NO, YES, cases, sign, standing, status, work
from tests.offices import LIBRARY, Office
from tests.revising import draft, lengthen, submitted


def return_the_first(office: Office) -> UUID:
    """Let revision 2 be returned; gives the case that did, with its task to correct it still open."""
    submitted(office)
    case = cases(office)[-1]
    office.complete(case, "mereviu_usulan", "lina", NO)
    work(office)
    assert office.open_elements(case) == ["memperbaiki"]
    return case


@pytest.fixture
def ruled(office: Office) -> Office:
    """Give an office that decides by the SOP that comes with Alur."""
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    return office


@pytest.fixture
def returned(ruled: Office) -> tuple[Office, UUID]:
    """Give such an office, and the case that returned revision 2."""
    return ruled, return_the_first(ruled)


def corrected(office: Office) -> UUID:
    one = draft(office, number=2)
    lengthen(office, one, to="PT5H")
    return one


def submit_corrected(office: Office, trial: Trial | None = None) -> int:
    return submit(office.engine, office.people["putu"], corrected(office), 2, trial)[1]


def came(office: Office, case: UUID) -> list[Event]:
    return [one for one in office.events(case) if one.kind is EventKind.MESSAGE_RECEIVED]


def test_the_task_of_the_case_that_returned_it_is_over(returned: tuple[Office, UUID]) -> None:
    office, case = returned
    task = office.open_task(case, "memperbaiki").id
    assert submit_corrected(office) == 3
    [closed] = [one for one in office.tasks(case) if one.id == task]
    assert (closed.state, closed.completed_by) == (
        TaskState.CANCELLED,
        None,
    )  # nobody is said to have done it
    assert status(office, case) is InstanceStatus.FINISHED
    [told] = came(office, case)
    assert json.loads(told.payload or "")["data"] == {"key": "izin", "revision": 3, "by": "Putu"}
    assert office.open_elements(cases(office)[-1]) == ["mereviu_usulan"]  # of the new case, which goes on


def test_so_it_is_by_a_trial_of_it(returned: tuple[Office, UUID]) -> None:
    office, case = returned
    submit_corrected(office, Trial())
    assert status(office, case) is InstanceStatus.FINISHED


def test_so_it_is_where_the_same_revision_is_asked_for_again(returned: tuple[Office, UUID]) -> None:
    office, case = returned
    ask_approval(office.engine, office.people["putu"], "izin", 2)
    assert status(office, case) is InstanceStatus.FINISHED
    assert standing(office) == (VersionState.REVIEW, cases(office)[-1])


def test_a_second_click_does_nothing_twice(returned: tuple[Office, UUID]) -> None:
    office, case = returned
    one = corrected(office)

    def click(_: int) -> bool:
        try:
            submit(office.engine, office.people["putu"], one, 2)
        except AlurError:
            return False
        return True

    with ThreadPoolExecutor(2) as clicks:
        assert sorted(clicks.map(click, range(2))) == [False, True]
    assert len(came(office, case)) == 1
    assert len(cases(office)) == 2


def test_what_was_not_told_in_time_is_told_by_the_worker(
    returned: tuple[Office, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, case = returned
    monkeypatch.setattr(submissions, "tell_at_once", lambda *_: None)  # it was killed after its commit
    submit_corrected(office)
    assert office.open_elements(case) == ["memperbaiki"]
    assert deliver_due(office.engine) == 1
    assert status(office, case) is InstanceStatus.FINISHED
    assert len(came(office, case)) == 1


@pytest.mark.parametrize("away", [timedelta(minutes=30), timedelta(days=3)])
def test_a_case_that_its_return_has_not_moved_yet_is_told_once_it_has(ruled: Office, away: timedelta) -> None:
    """The worker was killed between the return and its answer; no length of its absence loses the message."""
    submitted(ruled)
    case = cases(ruled)[-1]
    ruled.complete(case, "mereviu_usulan", "lina", NO)
    return_and_be_killed(ruled)
    assert (standing(ruled)[0], ruled.open_elements(case)) == (VersionState.RETURNED, [])
    number = submit_corrected(ruled)
    assert left_to_close(ruled.engine, ruled.people["putu"], "izin", number) is None
    ruled.clock.move(away)
    assert deliver_due(ruled.engine) == 0  # before the job is tried again: nobody waits yet
    assert work(ruled) == 1
    assert deliver_due(ruled.engine) == 1
    assert status(ruled, case) is InstanceStatus.FINISHED
    assert len(came(ruled, case)) == 1


def return_and_be_killed(office: Office) -> None:
    """Let a worker that dies before its answer is saved make the call that returns a revision."""
    with office.engine.store.transaction() as connection:
        job = jobs.claim(connection, office.clock.now(), office.clock.now() + LEASE)
    assert job is not None
    call(office.engine.connectors, job.connector, job.inputs, job.id.hex)


def test_a_case_that_returned_nothing_is_not_told(office: Office) -> None:
    """It waits for the message where its revision is in force: what is begun from that corrects nothing."""
    package = read_package(LIBRARY / "revisi-sop")
    edge = b'attachedToRef="memperbaiki"'
    assert edge in package.bpmn
    elsewhere = package.bpmn.replace(edge, b'attachedToRef="memberitahukan"')
    deploy(office.engine, operator(office.id), replace(package, bpmn=elsewhere))
    submitted(office)
    case = cases(office)[-1]
    office.complete(case, "mereviu_usulan", "lina", YES)
    sign(office, case)
    assert (standing(office)[0], office.open_elements(case)) == (VersionState.IN_FORCE, ["memberitahukan"])
    number = submit_corrected(office)
    assert deliver_due(office.engine) == 0
    assert office.open_elements(case) == ["memberitahukan"]
    assert left_to_close(office.engine, office.people["putu"], "izin", number) is None


def test_what_is_begun_from_another_revision_leaves_it_alone(returned: tuple[Office, UUID]) -> None:
    office, case = returned
    submitted(office, to="PT6H")
    assert office.open_elements(case) == ["memperbaiki"]


def test_an_sop_that_does_not_wait_for_it_keeps_its_task(office: Office) -> None:
    """The owner is told of the task then, and nothing is kept for a case that never asks for it."""
    package = read_package(LIBRARY / "revisi-sop")
    drawn = package.bpmn.replace(b'name="revision-submitted-again"', b'name="lain"')
    deploy(office.engine, operator(office.id), replace(package, bpmn=drawn))
    case = return_the_first(office)
    number = submit_corrected(office)
    assert office.open_elements(case) == ["memperbaiki"]
    left = left_to_close(office.engine, office.people["putu"], "izin", number)
    assert left is not None
    assert left.name == "Memperbaiki usulan"
