"""Which steps a case can still come to, whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from engine.bpmn.standing import standing_of
from engine.bpmn.still_ahead import still_ahead
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, service, start_end, tasks, timer
from tests.engine.bpmn.moving import Versions


@dataclass
class Ahead:
    """A running case of a diagram."""

    versions: Versions
    case: Case

    def steps(self, **back_to: str) -> str:
        """Name the steps that can still come; ``back_to`` are those that a step can be sent back to."""
        it = self.versions
        steps = [
            replace(one, return_to=tuple(back_to.get(one.element, "").split())) for one in it.steps[it.old]
        ]
        return " ".join(sorted(still_ahead(it.facts(it.old), steps, standing_of(self.case.state))))


Begin = Callable[..., Ahead]


@pytest.fixture
def begin(sandbox: Sandbox) -> Begin:
    def begun(*body: str, after: str = "") -> Ahead:
        content = diagram(start_end(), *body, after=after)
        versions = Versions(sandbox, content, content)
        return Ahead(versions, versions.case.start())

    return begun


def choice() -> str:
    """Draw the choice behind ``a``: ``b``, or ``c`` unless it says so."""
    return (
        tasks("a", "b", "c")
        + element("exclusiveGateway", "g", default="g_c")
        + flow("start", "a")
        + flow("a", "g")
        + flow("g", "b", "go")
        + flow("g", "c")
        + flow("b", "end")
        + flow("c", "end")
    )


def edge(at: str, to: str, *, interrupts: bool) -> str:
    """Draw a timer at the edge of something, and the step it leads to."""
    event = element(
        "boundaryEvent",
        f"{at}_late",
        timer("timeDuration", "PT1H"),
        attachedToRef=at,
        cancelActivity=str(interrupts).lower(),
    )
    return event + tasks(to) + element("endEvent", f"{to}_end") + flows(f"{at}_late", to, f"{to}_end")


def test_the_way_that_was_not_taken_does_not_come(begin: Begin) -> None:
    it = begin(choice())
    assert it.steps() == "a b c"
    it.case.complete("a", shared={"go": False})
    assert it.steps() == "c"


@pytest.mark.parametrize("interrupts", [True, False])
def test_what_an_event_at_the_edge_leads_to_can_come_until_the_step_is_done(
    begin: Begin, interrupts: bool
) -> None:
    it = begin(tasks("a", "b"), edge("a", "late", interrupts=interrupts), flows("start", "a", "b", "end"))
    assert it.steps() == "a b late"
    it.case.complete("a")
    assert it.steps() == "b"


def test_an_event_at_the_edge_of_what_surrounds_a_step_can_come(begin: Begin) -> None:
    inside = element("startEvent", "in") + tasks("first", "second") + element("endEvent", "out")
    whole = element("subProcess", "part", inside + flows("in", "first", "second", "out"))
    it = begin(
        whole, tasks("after"), edge("part", "late", interrupts=True), flows("start", "part", "after", "end")
    )
    assert it.steps() == "after first late second"
    it.case.complete("first")
    assert it.steps() == "after late second"
    it.case.complete("second")
    assert it.steps() == "after"


@pytest.mark.parametrize(
    "waiting",
    [
        element("intermediateCatchEvent", "w", timer("timeDuration", "PT1H")),
        element(
            "intermediateCatchEvent",
            "w",
            "<bpmn:conditionalEventDefinition><bpmn:condition>go</bpmn:condition></bpmn:conditionalEventDefinition>",
        ),
        service("w"),
    ],
)
def test_what_stands_behind_a_branch_that_waits_can_come(begin: Begin, waiting: str) -> None:
    it = begin(
        tasks("a", "b", "c"),
        waiting,
        element("scriptTask", "set", "<bpmn:script>go = False</bpmn:script>"),
        element("parallelGateway", "apart"),
        flows("start", "set", "apart", "a", "end"),
        flows("apart", "w", "b", "end"),
        flows("apart", "c", "end"),
    )
    it.case.complete("c")
    assert it.steps() == "a b"
    it.case.complete("a")
    assert it.steps() == "b"


def test_a_handler_beside_the_flow_can_come_while_its_scope_is_open(begin: Begin) -> None:
    started = element("startEvent", "alarm", timer("timeDuration", "PT9H"), isInterrupting="false")
    inside = started + tasks("handles") + element("endEvent", "h_end") + flows("alarm", "handles", "h_end")
    part = (
        element("startEvent", "in")
        + tasks("a")
        + element("endEvent", "out")
        + flows("in", "a", "out")
        + element("subProcess", "handler", inside, triggeredByEvent="true")
    )
    it = begin(element("subProcess", "part", part), tasks("b"), flows("start", "part", "b", "end"))
    assert it.steps() == "a b handles"
    it.case.complete("a")
    assert it.steps() == "b"


def test_what_a_case_can_be_sent_back_to_comes_again_with_all_behind_it(begin: Begin) -> None:
    it = begin(choice())
    it.case.complete("a", shared={"go": False})
    assert it.steps(c="a") == "a b c"


@pytest.mark.parametrize("within", [False, True])
def test_what_undoes_others_is_never_said_to_be_over(begin: Begin, *, within: bool) -> None:
    compensation = element("boundaryEvent", "undo", "<bpmn:compensateEventDefinition/>", attachedToRef="a")
    handler = element("userTask", "undoes", isForCompensation="true")
    tie = element("association", "tie", sourceRef="undo", targetRef="undoes", associationDirection="One")
    undone = tasks("a") + compensation + handler + tie
    if within:
        whole = element("startEvent", "in") + undone + element("endEvent", "out") + flows("in", "a", "out")
        it = begin(element("subProcess", "part", whole), tasks("b"), flows("start", "part", "b", "end"))
    else:
        it = begin(undone, tasks("b"), flows("start", "a", "b", "end"))
    it.case.complete("a")
    assert it.steps() == "b undoes"


def test_what_follows_a_called_process_can_come_and_what_was_done_in_it_only_if_it_is_called_again(
    begin: Begin,
) -> None:
    inside = element("startEvent", "in") + tasks("first", "second") + element("endEvent", "out")
    called = element("process", "other", inside + flows("in", "first", "second", "out"))
    it = begin(
        element("callActivity", "call", calledElement="other"),
        tasks("b"),
        edge("call", "late", interrupts=True),
        flows("start", "call", "b", "end"),
        after=called,
    )
    assert it.steps() == "b first late second"
    it.case.complete("first")
    assert it.steps() == "b late second"


def test_what_is_done_several_times_over_comes_again_from_its_beginning(begin: Begin) -> None:
    inside = element("startEvent", "in") + tasks("first", "second") + element("endEvent", "out")
    twice = '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'
    part = element("subProcess", "part", inside + flows("in", "first", "second", "out") + twice)
    it = begin(part, tasks("b"), flows("start", "part", "b", "end"))
    it.case.complete("first")
    assert it.steps() == "b first second"
