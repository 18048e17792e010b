"""Data stores: what a case leaves in one is there for the next."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from engine.bpmn.trace import TraceStatus, trace
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, spec_of, start_end
from tests.engine.bpmn.test_data import association, computed, specified

NewCase = Callable[[bytes], Case]
STORE = element("dataStore", "store", name="Register")
DRAWN = element("dataStoreReference", "store_ref", name="Buku", dataStoreRef="store")


def counting(inside: str = "") -> bytes:
    """Draw a task that counts in the store, and one for people behind."""
    work = (
        specified(("before",), ("after",))
        + association("Input", "store_ref", "in_before")
        + association("Output", "out_after", "store_ref")
        + "<bpmn:script>after = (before or 0) + 1</bpmn:script>"
        + inside
    )
    return diagram(
        DRAWN,
        start_end(),
        element("scriptTask", "work", work),
        element("userTask", "wait"),
        flows("start", "work", "wait", "end"),
        beside=STORE,
    )


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.proves("data", "data stores")
def test_what_one_case_leaves_in_a_store_the_next_one_finds(sandbox: Sandbox, cached: bool) -> None:
    text = spec_of(counting(), sandbox)
    rows: dict[str, tuple[int, object]] = {}

    def stored_of(_version: UUID, name: str) -> tuple[int, object] | None:
        return rows.get(name)

    version = uuid4()
    for number in (1, 2, 3):
        case = Case(
            Runner(sandbox, lambda _version: text, stored_of=stored_of), version, cached=cached
        ).start()
        assert case.outcome is not None
        [stored] = case.outcome.stored
        assert (stored.name, stored.value, stored.seen) == ("Register", number, number - 1)
        rows[stored.name] = (stored.seen + 1, stored.value)
        assert case.variables == {}
        assert {"Register": number} in [
            item.value for item in case.history if item.what is Happening.VALUE and item.element == "work"
        ]
        case.complete("wait")
        assert case.outcome.stored == ()


def test_within_one_step_a_store_is_read_as_it_was_written(new_case: NewCase) -> None:
    again = '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'
    case = new_case(counting(again)).start()
    assert case.outcome is not None
    [stored] = case.outcome.stored
    assert (stored.value, stored.seen) == (3, 0)


def test_a_store_may_be_computed_with(new_case: NewCase) -> None:
    content = counting().replace(
        b"</bpmn:dataOutputAssociation>",
        computed("{'count': after}").encode() + b"</bpmn:dataOutputAssociation>",
    )
    case = new_case(content).start()
    assert case.outcome is not None
    assert [one.value for one in case.outcome.stored] == [{"count": 1}]


def test_in_a_trace_a_store_lives_as_long_as_the_run(sandbox: Sandbox) -> None:
    work = (
        specified(("before",), ("after",))
        + association("Input", "store_ref", "in_before")
        + association("Output", "out_after", "store_ref")
        + "<bpmn:script>after = (before or 0) + 1\nlog.append(before)</bpmn:script>"
    )
    content = diagram(
        DRAWN,
        start_end(),
        element("exclusiveGateway", "join"),
        element("scriptTask", "work", work),
        element("exclusiveGateway", "split", default="split_end"),
        flows("start", "join", "work", "split"),
        flow("split", "join", "len(log) < 3"),
        flow("split", "end"),
        beside=STORE,
    )
    done = trace(content, variables={"log": []}, sandbox=sandbox)
    assert (done.status, done.variables) == (TraceStatus.COMPLETED, {"log": [None, 1, 2]})


def test_a_store_that_is_only_drawn_holds_nothing(new_case: NewCase) -> None:
    task = (
        element("property", "prop", name="__targetRef_placeholder")
        + association("Input", "store_ref", "prop")
        + association("Output", "", "store_ref")
    )
    content = diagram(
        DRAWN.replace(' dataStoreRef="store"', ""), start_end(), element("userTask", "work", task),
        flows("start", "work", "end"),
    )  # fmt: skip
    case = new_case(content).start()
    case.complete("work", {"n": 1})
    assert case.outcome is not None
    assert case.outcome.stored == ()
