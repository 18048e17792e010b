"""What BPMN 2.0 says where several of its things meet: events beside joins, repeated transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.trail import Happening
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, logs, start_end, tasks, timer
from tests.engine.bpmn.test_handlers import BESIDE, WHAT, undoable

NewCase = Callable[[bytes], Case]
HOUR = timer("timeDuration", "PT1H")


def both(*ways: str) -> str:
    """Draw an inclusive gateway that goes all of these ways, from the start event."""
    opened = "".join(flow("opens", way, "True") for way in ways)
    return element("inclusiveGateway", "opens") + flow("start", "opens") + opened


@pytest.mark.parametrize("interrupts", [True, False])
def test_an_inclusive_join_waits_for_an_activity_whatever_came_from_the_event_beside_it(
    new_case: NewCase, interrupts: bool
) -> None:
    content = diagram(
        start_end(),
        both("a", "c"),
        tasks("a", "c", "r"),
        element(
            "boundaryEvent",
            "b",
            WHAT["message"],
            attachedToRef="a",
            cancelActivity=str(interrupts).lower(),
        ),
        element("inclusiveGateway", "join"),
        logs("n"),
        flows("b", "r", "join"),
        flows("a", "join"),
        flows("c", "join", "n", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.deliver("b", {})
    case.complete("r")
    case.complete("c")
    if not interrupts:  # its own token can still come by a flow on which none is (13.4.3)
        assert case.variables["log"] == []
        case.complete("a")
    assert case.variables["log"] == ["n"]
    assert case.finished


@pytest.mark.parametrize("kind", ["boundaryEvent", "startEvent"])
def test_of_several_events_a_timer_goes_on_when_another_one_happens(new_case: NewCase, kind: str) -> None:
    either = WHAT["message"] + HOUR
    if kind == "boundaryEvent":
        event = element(kind, "b", either, attachedToRef="work", cancelActivity="false")
        beside = event + logs("l") + element("endEvent", "e") + flows("b", "l", "e")
    else:
        event = element(kind, "b", either, isInterrupting="false")
        inside = event + logs("l") + element("endEvent", "e") + flows("b", "l", "e")
        beside = element("subProcess", "handler", inside, triggeredByEvent="true")
    content = diagram(start_end(), tasks("work"), beside, flows("start", "work", "end"), beside=BESIDE)
    case = new_case(content).start(log=[])
    (due,) = case.timers.values()
    case.later(minutes=20)
    case.deliver("b", {})
    assert list(case.timers.values()) == [due]
    case.fire("b")
    case.deliver("b", {})
    assert case.variables["log"] == ["l", "l", "l"]
    assert (case.timers, case.open_elements) == ({}, ["work"])


def cancelled(several: str = "", caught: bool = True) -> bytes:
    """Draw a transaction that somebody can cancel."""
    inside = (
        element("startEvent", "s")
        + undoable("a")
        + tasks("asked")
        + element("exclusiveGateway", "g", default="g_e")
        + element("endEvent", "e")
        + element("endEvent", "cancels", WHAT["cancel"])
        + flows("s", "a", "asked", "g", "e")
        + flow("g", "cancels", 'not asked["ok"]')
    )
    event = element("boundaryEvent", "c", WHAT["cancel"], attachedToRef="sub") + flows("c", "rescue", "end")
    return diagram(
        start_end(),
        element("transaction", "sub", several + inside),
        tasks("after", "rescue") if caught else tasks("after"),
        event if caught else "",
        flows("start", "sub", "after", "end"),
    )


@pytest.mark.parametrize("in_turn", ["true", "false"])
@pytest.mark.proves("subprocesses", "transactions with cancel")
def test_a_transaction_that_is_done_several_times_is_cancelled_as_a_whole(
    new_case: NewCase, in_turn: str
) -> None:
    several = element(
        "multiInstanceLoopCharacteristics",
        "mi",
        "<bpmn:loopCardinality>3</bpmn:loopCardinality>",
        isSequential=in_turn,
    )
    case = new_case(cancelled(several)).start(log=[])
    case.complete("asked", {"ok": True})
    case.complete("asked", {"ok": False})
    assert case.variables["log"].count("undo_a") == 1  # what the others did stays: each is its own
    assert case.open_elements == ["rescue"]


def test_a_cancelled_transaction_without_a_way_out_is_not_taken_for_completed(new_case: NewCase) -> None:
    case = new_case(cancelled(caught=False)).start(log=[])
    case.complete("asked", {"ok": False})
    assert case.variables["log"] == ["a", "undo_a"]
    assert case.finished
    assert "sub" in case.seen(Happening.CANCELLED)
    assert "after" not in case.seen(Happening.ENTERED)
