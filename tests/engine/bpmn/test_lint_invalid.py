"""Files that BPMN 2.0 does not allow: each is refused, with the element and the reason, or noted."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint_bytes
from engine.bpmn.trace import trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, start_end, tasks, timer

BESIDE = (
    '<bpmn:signal id="bell" name="Bell"/><bpmn:message id="mail" name="Mail"/>'
    '<bpmn:error id="wrong" errorCode="w"/><bpmn:escalation id="up" escalationCode="u"/>'
    '<bpmn:messageEventDefinition id="apart" messageRef="mail"/>'
)
MAIL = '<bpmn:messageEventDefinition messageRef="mail"/>'
HOUR = timer("timeDuration", "PT1H")
ERROR, ESCALATION = "<bpmn:errorEventDefinition/>", "<bpmn:escalationEventDefinition/>"


def way(*more: str, executable: str = "true") -> bytes:
    """Draw start, task a and end, and what is given."""
    return diagram(
        start_end(), tasks("a"), flows("start", "a", "end"), *more,
        attributes=f'isExecutable="{executable}"', beside=BESIDE,
    )  # fmt: skip


def between(kind: str, inside: str = "", /, executable: str = "true", **attributes: str) -> bytes:
    """Draw one element between start and end."""
    return diagram(
        start_end(), element(kind, "x", inside, name="The one", **attributes), flows("start", "x", "end"),
        attributes=f'isExecutable="{executable}"', beside=BESIDE,
    )  # fmt: skip


def ending(inside: str, executable: str = "true") -> bytes:
    """Draw an end event x beside the way."""
    return diagram(
        start_end(), tasks("a"), element("parallelGateway", "g"), element("endEvent", "x", inside),
        flows("start", "g", "a", "end"), flow("g", "x"),
        attributes=f'isExecutable="{executable}"', beside=BESIDE,
    )  # fmt: skip


def choice(*targets: str, kind: str = "eventBasedGateway", **attributes: str) -> bytes:
    """Draw a gateway x that leads to elements t0, t1 and so on."""
    ids = [f"t{n}" for n in range(len(targets))]
    drawn = [target.replace('id="t"', f'id="{id_}"') for id_, target in zip(ids, targets, strict=True)]
    ways = [flow("x", id_) + flow(id_, "end") for id_ in ids]
    return diagram(
        start_end(), element(kind, "x", **attributes), *drawn, flow("start", "x"), *ways, beside=BESIDE
    )


CATCHES = element("intermediateCatchEvent", "t", MAIL)
REFERS = element("intermediateCatchEvent", "t", "<bpmn:eventDefinitionRef>apart</bpmn:eventDefinitionRef>")
WAITS = element("intermediateCatchEvent", "t", HOUR)
RECEIVES = element("receiveTask", "t", messageRef="mail")
TASK = element("task", "t")


def found(content: bytes, sandbox: Sandbox) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give the problems and the notes, by code and element."""
    linted = lint_bytes(content, sandbox)
    assert all(str(one.sentence) for one in (*linted.problems, *linted.notes))
    problems, notes = ({(one.code, one.element) for one in some} for some in (linted.problems, linted.notes))
    return problems, notes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        # 10.5.6: message events and receive tasks never follow the same event gateway
        (choice(CATCHES, RECEIVES), "event-gateway"),
        (choice(REFERS, WAITS, RECEIVES), "event-gateway"),
        # The schema: default belongs to activities, exclusive, inclusive and complex gateways
        (choice(TASK, TASK, kind="parallelGateway", default="x_t0"), "misplaced-attribute"),
        (choice(WAITS, CATCHES, default="x_t0"), "misplaced-attribute"),
        (between("userTask", triggeredByEvent="true"), "misplaced-attribute"),
        (between("userTask", instantiate="true"), "misplaced-attribute"),
        (between("task", calledElement="p"), "misplaced-attribute"),
        (between("parallelGateway", startQuantity="2"), "misplaced-attribute"),
        # 8.3.3, 8.3.4: what a process that is executable throws has a code
        (ending(ERROR), "thrown-without-name"),
        (ending(ESCALATION), "thrown-without-name"),
        (between("intermediateThrowEvent", ESCALATION), "thrown-without-name"),
    ],
)
def test_it_is_refused_where_it_stands(content: bytes, code: str, sandbox: Sandbox) -> None:
    problems, _ = found(content, sandbox)
    assert (code, "x") in problems


def test_a_start_event_has_no_default_flow(sandbox: Sandbox) -> None:
    content = way().replace(b'id="start"', b'id="start" default="start_a"')
    assert found(content, sandbox)[0] == {("misplaced-attribute", "start")}


@pytest.mark.parametrize(
    ("content", "notes"),
    [
        (between("intermediateCatchEvent", MAIL, parallelMultiple="true"), {("parallel-multiple", "x")}),
        (between("intermediateCatchEvent", MAIL + HOUR, parallelMultiple="true"), set()),
        (between("intermediateCatchEvent", MAIL, parallelMultiple="false"), set()),
        (choice(CATCHES, WAITS), set()),
        (choice(RECEIVES, WAITS), set()),
        (between("parallelGateway", startQuantity="1", isForCompensation="false"), set()),
        (ending('<bpmn:escalationEventDefinition escalationRef="up"/>'), set()),
        (
            between("intermediateThrowEvent", "<bpmn:signalEventDefinition/>", executable="false"),
            {("signal-without-name", "x"), ("not-executable", "p")},
        ),
        (ending(ESCALATION, executable="false"), {("thrown-without-name", "x"), ("not-executable", "p")}),
        (
            ending(ERROR, executable="false"),
            {("thrown-without-name", "x"), ("uncaught-error", "x"), ("not-executable", "p")},
        ),
    ],
)
def test_it_is_accepted_and_what_has_no_effect_is_noted(
    content: bytes, notes: set[tuple[str, str]], sandbox: Sandbox
) -> None:
    assert found(content, sandbox) == (set(), notes)


def test_signals_without_a_name_mean_nothing_else(sandbox: Sandbox) -> None:
    nameless = "<bpmn:signalEventDefinition/>"
    content = diagram(
        start_end(), element("intermediateThrowEvent", "t", nameless), tasks("a"),
        element("boundaryEvent", "b", nameless, attachedToRef="a"), element("parallelGateway", "g"),
        flows("start", "g", "a", "end"), flows("g", "t", "end"), flow("b", "end"), attributes="",
    )  # fmt: skip
    assert found(content, sandbox)[0] == set()
    assert trace(content, variables={"a": None}, sandbox=sandbox).waiting_at == ("a", "b")
