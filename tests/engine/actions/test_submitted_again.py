"""A corrected revision is submitted: what the case that returned it left with its owner ends by itself."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from engine.actions import submissions
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.submissions import Trial, ask_approval, submit
from engine.errors import AlurError
from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus, VersionState
from engine.model.task import TaskState
from engine.queries.left_to_close import left_to_close
from engine.worker import deliver_due
from tests.engine.actions.test_revision_cases import NO, cases, standing, status, work
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
def returned(office: Office) -> tuple[Office, UUID]:
    """Give an office that decides by the SOP that comes with Alur, and the case that returned revision 2."""
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    return office, return_the_first(office)


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
