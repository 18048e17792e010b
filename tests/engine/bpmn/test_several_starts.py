"""A process with several start events that wait for nothing begins at one of them (BPMN 2.0, 10.4.2)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from engine.bpmn.lint import lint_bytes
from engine.bpmn.trace import trace
from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import (
    MONDAY,
    Case,
    diagram,
    element,
    flow,
    flows,
    spec_of,
    start_end,
    tasks,
    timer,
)

PHONE = element("startEvent", "phone", name="A call")
TWO = (start_end(), PHONE, tasks("a", "b"), flows("start", "a", "end"), flows("phone", "b", "end"))
DRAWN = diagram(*TWO)


@pytest.mark.proves("start events", "several, of which one is chosen")
@pytest.mark.parametrize(("start", "task"), [("", "a"), ("start", "a"), ("phone", "b")])
def test_whoever_starts_a_case_chooses_where(start: str, task: str, sandbox: Sandbox) -> None:
    text = spec_of(DRAWN, sandbox)
    runner = Runner(sandbox, lambda _version: text)
    outcome = runner.start(version=uuid4(), instance=uuid4(), variables={}, now=MONDAY, start=start)
    assert [key.element for key in outcome.opened] == [task]


def test_the_rest_is_not_begun(new_case: Callable[[bytes], Case]) -> None:
    case = new_case(DRAWN).start()
    case.complete("a")
    assert case.finished
    assert not {item.element for item in case.history} & {"phone", "b"}


def test_a_dry_run_chooses_too(sandbox: Sandbox) -> None:
    done = trace(DRAWN, start="phone", sandbox=sandbox)
    assert {step.element for step in done.steps} == {"phone", "b", "end"}
    assert {step.element for step in trace(DRAWN, sandbox=sandbox).steps} == {"start", "a", "end"}
    refused = trace(DRAWN, start="a", sandbox=sandbox)
    assert [one.code for one in refused.findings] == ["unknown-start"]


def test_it_is_told_that_one_has_to_be_chosen(sandbox: Sandbox) -> None:
    linted = lint_bytes(DRAWN, sandbox)
    assert linted.problems == ()
    assert [(one.code, one.element) for one in linted.notes] == [("several-start-events", "p")]


def test_it_is_refused_where_nobody_could_choose(sandbox: Sandbox) -> None:
    inside = "".join(TWO[1:])
    called = diagram(
        element("startEvent", "s"), element("callActivity", "c", calledElement="q"), flow("s", "c"),
        beside=element("process", "q", start_end() + inside),
    )  # fmt: skip
    embedded = diagram(
        element("startEvent", "s"), element("subProcess", "c", start_end() + inside), flow("s", "c")
    )
    beside = diagram(
        element("startEvent", "s"), element("endEvent", "e"), flow("s", "e"),
        after=element("process", "q", start_end() + inside),
    )  # fmt: skip
    for content in (called, embedded, beside):
        problems = lint_bytes(content, sandbox).problems
        assert [(one.code, one.element) for one in problems] == [("several-start-events", "phone")]


DAY = timer("timeDuration", "P1D")
LETTER = '<bpmn:message id="letter" name="Letter"/>'
HEARS = '<bpmn:messageEventDefinition messageRef="letter"/>'


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        ((element("startEvent", "hears", HEARS),), ["hears"]),
        ((element("startEvent", "hears", HEARS), element("startEvent", "waits", DAY)), ["hears", "waits"]),
        ((element("receiveTask", "hears", messageRef="letter", instantiate="true"),), ["hears"]),
        ((element("startEvent", "hears", HEARS), element("startEvent", "waits")), []),
    ],
)  # fmt: skip
def test_it_is_told_that_a_person_starts_the_case_of_an_event(
    sandbox: Sandbox, begins: tuple[str, ...], told: list[str]
) -> None:
    leads = "".join(flow(start, "t") for start in ("hears", "waits") if f'id="{start}"' in "".join(begins))
    linted = lint_bytes(diagram(*begins, tasks("t"), leads, beside=LETTER), sandbox)
    assert linted.problems == ()
    assert [one.element for one in linted.notes if one.code == "begun-by-a-person"] == told


def test_an_event_begins_another_process_of_the_file_by_itself(sandbox: Sandbox) -> None:
    other = element("process", "q", element("startEvent", "hears", HEARS), isExecutable="true")
    body = (start_end(), element("sendTask", "sends", messageRef="letter"), flows("start", "sends", "end"))
    linted = lint_bytes(diagram(*body, beside=LETTER, after=other), sandbox)
    assert (linted.problems, linted.notes) == ((), ())
