"""Event subprocesses, compensation, transactions, conditional events, links, implicit starts and ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.trail import Happening
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, logs, script, start_end, tasks, timer

NewCase = Callable[[bytes], Case]
BESIDE = (
    '<bpmn:error id="wrong" name="Wrong" errorCode="W"/><bpmn:signal id="bell" name="Bell"/>'
    '<bpmn:escalation id="up" name="Up" escalationCode="U"/><bpmn:message id="letter" name="Letter"/>'
)
WHAT = {
    "message": '<bpmn:messageEventDefinition messageRef="letter"/>',
    "signal": '<bpmn:signalEventDefinition signalRef="bell"/>',
    "error": '<bpmn:errorEventDefinition errorRef="wrong"/>',
    "escalation": '<bpmn:escalationEventDefinition escalationRef="up"/>',
    "conditional": "<bpmn:conditionalEventDefinition><bpmn:condition>x &gt; 5</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>",
    "timer": timer("timeDuration", "PT1H"),
    "compensate": "<bpmn:compensateEventDefinition/>",
    "cancel": "<bpmn:cancelEventDefinition/>",
    "terminate": "<bpmn:terminateEventDefinition/>",
}


def handler(kind: str, *inside: str, id_: str = "handler", interrupts: bool = True) -> str:
    """Draw an event subprocess that logs, then lets a task be done."""
    body = "".join(inside) or logs(f"{id_}_log")
    chain = (f"{id_}_s", f"{id_}_log", f"{id_}_e")
    start = element("startEvent", f"{id_}_s", WHAT[kind], isInterrupting=str(interrupts).lower())
    whole = start + body + element("endEvent", f"{id_}_e") + ("" if inside else flows(*chain))
    return element("subProcess", id_, whole, triggeredByEvent="true")


@pytest.mark.parametrize("kind", ["message", "signal", "escalation", "conditional", "timer"])
@pytest.mark.parametrize("interrupts", [True, False])
@pytest.mark.proves(
    "event subprocesses", "message, signal, escalation, conditional, timer, interrupting or not"
)
def test_event_subprocess_of_the_process(new_case: NewCase, kind: str, interrupts: bool) -> None:
    thrown = {
        "message": element("intermediateThrowEvent", "does", WHAT["message"]),
        "signal": element("intermediateThrowEvent", "does", WHAT["signal"]),
        "escalation": element("intermediateThrowEvent", "does", WHAT["escalation"]),
        "conditional": script("does", "x = 6"),
        "timer": script("does", "x = 6"),
    }
    content = diagram(
        start_end(),
        tasks("first", "second"),
        thrown[kind],
        handler(kind, interrupts=interrupts),
        flows("start", "first", "does", "second", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[], x=0)
    case.complete("first")
    if kind == "timer":
        case.fire("handler_s")
    assert case.variables["log"] == ["handler_log"]
    assert case.open_elements == ([] if interrupts else ["second"])
    assert case.finished is interrupts
    if not interrupts:
        case.complete("second")
        assert case.finished
    assert case.seen(Happening.ENTERED).count("handler_s") == 1


@pytest.mark.proves("event subprocesses", "error")
def test_error_event_subprocess(new_case: NewCase) -> None:
    sub = element(
        "subProcess",
        "sub",
        element("startEvent", "s")
        + tasks("inside")
        + element("endEvent", "fails", WHAT["error"])
        + handler("error")
        + flows("s", "inside", "fails"),
    )
    content = diagram(start_end(), sub, tasks("after"), flows("start", "sub", "after", "end"), beside=BESIDE)
    case = new_case(content).start(log=[])
    case.complete("inside")
    assert case.variables["log"] == ["handler_log"]
    assert case.open_elements == ["after"]
    assert "sub" in case.seen(Happening.COMPLETED)


def test_an_error_in_an_event_subprocess_reaches_the_boundary_event(new_case: NewCase) -> None:
    body = (
        logs("handler_log")
        + element("endEvent", "again", WHAT["error"])
        + flows("handler_s", "handler_log", "again")
    )
    sub = element(
        "subProcess",
        "sub",
        element("startEvent", "s")
        + tasks("inside")
        + element("endEvent", "fails", WHAT["error"])
        + handler("error", body.replace('id="handler_e"', 'id="x"'))
        + flows("s", "inside", "fails"),
    )
    content = diagram(
        start_end(),
        sub.replace('<bpmn:endEvent id="handler_e"></bpmn:endEvent>', ""),
        element("boundaryEvent", "caught", WHAT["error"], attachedToRef="sub"),
        tasks("after", "rescue"),
        flows("start", "sub", "after", "end"),
        flows("caught", "rescue", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.complete("inside")
    assert case.variables["log"] == ["handler_log"]
    assert case.open_elements == ["rescue"]


@pytest.mark.proves("event subprocesses", "nested")
def test_nested_event_subprocesses(new_case: NewCase) -> None:
    inner = handler("signal", id_="inner")
    outer = element(
        "subProcess",
        "outer",
        element("startEvent", "o_s", WHAT["escalation"], isInterrupting="false")
        + tasks("asked")
        + element("intermediateThrowEvent", "rings", WHAT["signal"])
        + element("endEvent", "o_e")
        + inner
        + flows("o_s", "asked", "rings", "o_e"),
        triggeredByEvent="true",
    )
    content = diagram(
        start_end(),
        element("intermediateThrowEvent", "tells", WHAT["escalation"]),
        tasks("work"),
        outer,
        flows("start", "tells", "work", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    assert case.open_elements == ["asked", "work"]
    case.complete("work")
    assert not case.finished
    case.complete("asked")
    assert case.variables["log"] == ["inner_log"]
    assert case.finished


@pytest.mark.proves("event subprocesses", "repeating timer")
def test_an_event_subprocess_that_repeats(new_case: NewCase) -> None:
    repeating = (
        handler("timer", interrupts=False).replace("timeDuration", "timeCycle").replace("PT1H", "R2/PT1H")
    )
    content = diagram(start_end(), tasks("work"), repeating, flows("start", "work", "end"))
    case = new_case(content).start(log=[])
    case.fire("handler_s")
    case.fire("handler_s")
    assert case.timers == {}
    assert case.variables["log"] == ["handler_log", "handler_log"]
    case.complete("work")
    assert case.finished


def undoable(id_: str) -> str:
    """Draw a script task with another that undoes it."""
    return (
        logs(id_)
        + element("boundaryEvent", f"{id_}_boundary", WHAT["compensate"], attachedToRef=id_)
        + element(
            "scriptTask",
            f"undo_{id_}",
            f'<bpmn:script>log.append("undo_{id_}")</bpmn:script>',
            isForCompensation="true",
        )
        + element(
            "association",
            f"{id_}_a",
            sourceRef=f"{id_}_boundary",
            targetRef=f"undo_{id_}",
            associationDirection="One",
        )
    )


@pytest.mark.proves("subprocesses", "compensation by boundary and throw, last first")
def test_compensation_undoes_in_reverse_order(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        undoable("a"),
        undoable("b"),
        logs("c"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        logs("d"),
        flows("start", "a", "b", "c", "undoes", "d", "end"),
    )
    case = new_case(content).start(log=[])
    assert case.finished
    assert case.variables["log"] == ["a", "b", "c", "undo_b", "undo_a", "d"]
    assert case.seen(Happening.ENTERED).count("a_boundary") == 1


@pytest.mark.proves("end events", "compensation")
def test_compensation_of_one_activity_by_an_end_event(new_case: NewCase) -> None:
    content = diagram(
        element("startEvent", "start"),
        undoable("a"),
        undoable("b"),
        element("endEvent", "end", '<bpmn:compensateEventDefinition activityRef="a"/>'),
        flows("start", "a", "b", "end"),
    )
    case = new_case(content).start(log=[])
    assert case.variables["log"] == ["a", "b", "undo_a"]


@pytest.mark.proves("subprocesses", "compensation by boundary and throw, last first")
def test_compensation_waits_for_people(new_case: NewCase) -> None:
    undo = (
        tasks("a", "b")
        + element("boundaryEvent", "c", WHAT["compensate"], attachedToRef="a")
        + element("userTask", "undo", isForCompensation="true")
        + element("association", "as", sourceRef="c", targetRef="undo")
    )
    content = diagram(
        start_end(),
        undo,
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "a", "undoes", "b", "end"),
    )
    case = new_case(content).start()
    case.complete("a")
    assert case.open_elements == ["undo"]
    case.complete("undo", {"why": "because"})
    assert case.open_elements == ["b"]
    assert case.variables["undo"] == {"why": "because"}


def test_compensation_of_what_never_ran_does_nothing(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("exclusiveGateway", "g", default="g_b"),
        undoable("a"),
        logs("b"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flow("start", "g"),
        flow("g", "a", "x > 5"),
        flow("g", "b"),
        flows("a", "undoes", "end"),
        flow("b", "undoes"),
    )
    assert new_case(content).start(log=[], x=1).variables["log"] == ["b"]


@pytest.mark.proves("subprocesses", "compensation of finished ones")
def test_compensation_of_a_finished_subprocess_undoes_what_was_done_in_it(new_case: NewCase) -> None:
    sub = element(
        "subProcess",
        "sub",
        element("startEvent", "s")
        + undoable("a")
        + undoable("b")
        + element("endEvent", "e")
        + flows("s", "a", "b", "e"),
    )
    content = diagram(
        start_end(),
        sub,
        undoable("c"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        tasks("t"),
        flows("start", "sub", "c", "t", "undoes", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("t")
    assert case.finished
    assert case.variables["log"] == ["a", "b", "c", "undo_c", "undo_b", "undo_a"]
    assert case.seen(Happening.ENTERED).count("sub") == 1


@pytest.mark.proves("event subprocesses", "compensation")
def test_compensation_event_subprocess(new_case: NewCase) -> None:
    own = handler(
        "compensate",
        logs("own")
        + element("intermediateThrowEvent", "rest", WHAT["compensate"])
        + flows("handler_s", "own", "rest", "handler_e"),
    )
    sub = element(
        "subProcess",
        "sub",
        element("startEvent", "s") + undoable("a") + own + element("endEvent", "e") + flows("s", "a", "e"),
    )
    content = diagram(
        start_end(),
        sub,
        tasks("t"),
        element("intermediateThrowEvent", "undoes", '<bpmn:compensateEventDefinition activityRef="sub"/>'),
        flows("start", "sub", "t", "undoes", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("t")
    assert case.finished
    assert case.variables["log"] == ["a", "own", "undo_a"]


@pytest.mark.proves("subprocesses", "compensation of each instance of several")
def test_compensation_of_each_instance_of_several(new_case: NewCase) -> None:
    several = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
        '<bpmn:script>log.append("a")</bpmn:script>'
    )
    content = diagram(
        start_end(),
        element("scriptTask", "a", several),
        element("boundaryEvent", "c", WHAT["compensate"], attachedToRef="a"),
        element(
            "scriptTask",
            "undo",
            "<bpmn:script>log.append(loopCounter)</bpmn:script>",
            isForCompensation="true",
        ),
        element("association", "as", sourceRef="c", targetRef="undo"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "a", "undoes", "end"),
    )
    assert new_case(content).start(log=[]).variables["log"] == ["a", "a", "a", 3, 2, 1]


@pytest.mark.proves("subprocesses", "transactions with cancel")
def test_cancelling_a_transaction_undoes_it_and_leaves_by_the_cancel_event(new_case: NewCase) -> None:
    sub = element(
        "transaction",
        "sub",
        element("startEvent", "s")
        + element("parallelGateway", "split")
        + undoable("a")
        + tasks("asked", "other")
        + element("exclusiveGateway", "g", default="g_e")
        + element("endEvent", "e")
        + element("endEvent", "cancels", WHAT["cancel"])
        + flows("s", "split", "a", "asked", "g", "e")
        + flows("split", "other", "e")
        + flow("g", "cancels", 'asked["ok"] == False'),
    )
    content = diagram(
        start_end(),
        sub,
        element("boundaryEvent", "cancelled", WHAT["cancel"], attachedToRef="sub"),
        tasks("after", "rescue"),
        flows("start", "sub", "after", "end"),
        flows("cancelled", "rescue", "end"),
    )
    case = new_case(content).start(log=[])
    assert case.open_elements == ["asked", "other"]
    case.complete("asked", {"ok": False})
    assert case.variables["log"] == ["a", "undo_a"]
    assert case.open_elements == ["rescue"]
    assert "cancels" in case.seen(Happening.COMPLETED)


@pytest.mark.parametrize("place", ["catch", "boundary", "beside"])
@pytest.mark.proves("intermediate events", "conditional")
def test_conditional_event(new_case: NewCase, place: str) -> None:
    catching = {
        "catch": element("intermediateCatchEvent", "sees", WHAT["conditional"])
        + flows("work", "sees", "seen", "end"),
        "boundary": element("boundaryEvent", "sees", WHAT["conditional"], attachedToRef="work"),
        "beside": element(
            "boundaryEvent", "sees", WHAT["conditional"], attachedToRef="work", cancelActivity="false"
        ),
    }
    onwards = "" if place == "catch" else flows("work", "end") + flows("sees", "seen", "end")
    content = diagram(
        start_end(),
        tasks("work", "other", "more"),
        logs("seen"),
        element("parallelGateway", "split"),
        script("sets", 'x = other["x"]'),
        script("again", 'x = more["x"]'),
        catching[place],
        onwards,
        flows("start", "split", "work"),
        flows("split", "other", "sets", "more", "again", "end"),
    )
    case = new_case(content).start(log=[])
    if place == "catch":
        case.complete("work")
    case.complete("other", {"x": 3})
    assert case.variables["log"] == []
    case.complete("more", {"x": 6})
    assert case.variables["log"] == ["seen"]
    assert case.open_elements == (["work"] if place == "beside" else [])


@pytest.mark.proves("gateways and flows", "links")
def test_links_lead_from_each_that_throws_to_the_one_that_catches(new_case: NewCase) -> None:
    link = '<bpmn:linkEventDefinition name="onwards"/>'
    content = diagram(
        start_end(),
        element("exclusiveGateway", "g", default="g_b"),
        logs("a", "b", "c"),
        element("intermediateThrowEvent", "from_a", link),
        element("intermediateThrowEvent", "from_b", link),
        element("intermediateCatchEvent", "to_c", link),
        flow("start", "g"),
        flow("g", "a", "x > 5"),
        flows("g", "b", "from_b"),
        flows("a", "from_a"),
        flows("to_c", "c", "end"),
    )
    assert new_case(content).start(log=[], x=6).variables["log"] == ["a", "c"]
    case = new_case(content).start(log=[], x=1)
    assert case.variables["log"] == ["b", "c"]
    assert case.seen(Happening.ENTERED) == ["start", "g", "b", "from_b", "to_c", "c", "end"]


@pytest.mark.proves("gateways and flows", "implicit starts and ends")
def test_implicit_start_and_end(new_case: NewCase) -> None:
    inside = tasks("a", "b") + logs("c") + flows("a", "c")
    content = diagram(
        start_end(),
        element("subProcess", "sub", inside),
        logs("after"),
        flows("start", "sub", "after", "end"),
    )
    case = new_case(content).start(log=[])
    assert case.open_elements == ["a", "b"]
    case.complete("a")
    assert case.variables["log"] == ["c"]
    case.complete("b")
    assert case.finished
    assert case.variables["log"] == ["c", "after"]


@pytest.mark.proves("gateways and flows", "implicit starts and ends")
def test_a_process_without_start_and_end_events(new_case: NewCase) -> None:
    case = new_case(diagram(tasks("a", "b"), flows("a", "b"))).start()
    case.complete("a")
    case.complete("b")
    assert case.finished


@pytest.mark.proves("gateways and flows", "without an id")
def test_what_nothing_refers_to_needs_no_id(new_case: NewCase) -> None:
    late = handler("signal", element("userTask", "rings"), flows("handler_s", "rings", "handler_e")).replace(
        ' id="handler"', ""
    )
    content = diagram(
        start_end(),
        element("subProcess", "sub", '<bpmn:userTask name="Alone"/>'),
        late,
        flows("start", "sub", "end"),
        beside=BESIDE,
    ).replace(b' id="p"', b"")
    case = new_case(content).start()
    [alone] = case.open_elements
    assert alone.startswith("userTask_line_")
    case.deliver("handler_s", {})
    assert "rings" in case.open_elements


@pytest.mark.proves("intermediate events", "definitions by reference")
def test_event_definitions_that_stand_apart_are_referred_to(new_case: NewCase) -> None:
    refers = "<bpmn:eventDefinitionRef>an_hour</bpmn:eventDefinitionRef>"
    content = diagram(
        start_end(),
        tasks("work"),
        element("boundaryEvent", "late", refers, attachedToRef="work"),
        element("intermediateCatchEvent", "waits", refers),
        logs("reminded"),
        flows("start", "work", "end"),
        flows("late", "waits", "reminded", "end"),
        beside=element("timerEventDefinition", "an_hour", element("timeDuration", "so_long", "PT1H")),
    )
    case = new_case(content).start(log=[])
    case.fire("late")
    case.fire("waits")
    assert case.variables["log"] == ["reminded"]


@pytest.mark.parametrize("parallel", [True, False])
@pytest.mark.proves("intermediate events", "multiple, parallel multiple")
def test_several_events_of_one(new_case: NewCase, parallel: bool) -> None:
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        element(
            "intermediateCatchEvent",
            "both",
            WHAT["signal"] + WHAT["timer"],
            parallelMultiple=str(parallel).lower(),
        ),
        logs("heard"),
        tasks("t", "keeps"),
        element("intermediateThrowEvent", "rings", WHAT["signal"]),
        flows("start", "split", "both", "heard", "end"),
        flows("split", "t", "rings", "keeps", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.complete("t")
    if parallel:
        assert case.variables["log"] == []
        case.fire("both")
    assert case.variables["log"] == ["heard"]
    assert case.timers == {}


def test_what_is_thrown_takes_effect_before_the_thrower_goes_on(new_case: NewCase) -> None:
    body = (
        element("startEvent", "s")
        + element("intermediateThrowEvent", "rings", WHAT["signal"])
        + logs("never")
        + element("endEvent", "e")
        + flows("s", "rings", "never", "e")
    )
    content = diagram(
        start_end(),
        element("subProcess", "sub", body),
        element("boundaryEvent", "hears", WHAT["signal"], attachedToRef="sub"),
        logs("heard"),
        flows("start", "sub", "end"),
        flows("hears", "heard", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    assert case.finished
    assert case.variables["log"] == ["heard"]
    assert "never" not in case.seen(Happening.ENTERED)
    assert "rings" in case.seen(Happening.COMPLETED)


@pytest.mark.proves("end events", "signal")
def test_signal_end_event(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        element("intermediateCatchEvent", "hears", WHAT["signal"]),
        logs("heard"),
        element("endEvent", "rings", WHAT["signal"]),
        flows("start", "split", "hears", "heard", "end"),
        flows("split", "rings"),
        beside=BESIDE,
    )
    assert new_case(content).start(log=[]).variables["log"] == ["heard"]
