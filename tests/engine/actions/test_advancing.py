"""What the steps of a process lead to, as rows and events."""

from __future__ import annotations

from engine.actions.deployment import deploy
from engine.actions.offices import operator
from engine.storage import instances
from tests.drawn_sops import package
from tests.engine.bpmn.drawn import diagram, element, flows, start_end, tasks
from tests.offices import Office

TERMINATES = element("endEvent", "over", "<bpmn:terminateEventDefinition/>")


def test_a_task_that_the_same_step_opens_and_takes_away_has_no_row_and_no_event(office: Office) -> None:
    drawn = diagram(
        start_end(),
        tasks("asks", "waits"),
        element("parallelGateway", "split"),
        *(element("intermediateThrowEvent", f"passes_{number}") for number in range(3)),
        TERMINATES,
        flows("start", "asks", "split", "waits", "end"),
        flows("split", "passes_0", "passes_1", "passes_2", "over"),
    )
    deploy(office.engine, operator(office.id), package("singkat", drawn))
    case = office.start(key="singkat").instance
    office.complete(case, "asks", "joko", {})
    assert [one.element for one in office.tasks(case)] == ["asks"]
    assert office.kinds(case) == ["case.started", "task.opened", "task.completed", "case.finished"]
    with office.engine.store.reading() as connection:
        found = instances.load(connection, case, None)
    assert found is not None
    assert found.state is None
