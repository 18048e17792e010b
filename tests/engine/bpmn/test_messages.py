"""Messages and signals between the processes of a case, and from outside; what begins a process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.messages import MOST_KEPT
from engine.bpmn.trail import Happening
from engine.errors import Conflict
from engine.model.wait import Channel
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, logs, script, start_end, tasks, timer

NewCase = Callable[[bytes], Case]
LETTER = '<bpmn:messageEventDefinition messageRef="letter"/>'
REPLY = '<bpmn:messageEventDefinition messageRef="reply"/>'
BELL = '<bpmn:signalEventDefinition signalRef="bell"/>'
BESIDE = (
    '<bpmn:message id="letter" name="Letter"/><bpmn:message id="reply" name="Reply"/>'
    '<bpmn:signal id="bell" name="Bell"/>'
)


def process(id_: str, *body: str) -> str:
    """Draw another process of the file."""
    return element("process", id_, "".join(body), isExecutable="true")


def sends(*more: str) -> str:
    """Draw the body of a process that sends a letter and waits for the reply."""
    return (
        start_end()
        + element("sendTask", "sends", messageRef="letter")
        + element("receiveTask", "gets", messageRef="reply")
        + tasks("reads")
        + flows("start", "sends", "gets", "reads", "end")
        + "".join(more)
    )


ANSWERS = process(
    "q",
    element("startEvent", "q_s", LETTER),
    tasks("writes"),
    element("endEvent", "q_e", REPLY),
    flows("q_s", "writes", "q_e"),
)


@pytest.mark.proves("tasks", "send, receive")
def test_a_message_begins_another_process_which_answers(new_case: NewCase) -> None:
    case = new_case(diagram(sends(), beside=BESIDE, after=ANSWERS)).start(about="it")
    assert case.open_elements == ["writes"]
    case.complete("writes", {"text": "yes"})
    assert case.open_elements == ["reads"]
    case.complete("reads")
    assert case.finished
    assert case.variables == {"about": "it", "reads": {}}, "the other process has variables of its own"
    assert next(item.process for item in case.history if item.element == "writes") == "q"


@pytest.mark.proves(
    "start events",
    "message, signal, timer, conditional, once a person has started a case; of any process of the file",
)
def test_each_message_begins_an_instance_of_its_own(new_case: NewCase) -> None:
    twice = (
        start_end()
        + element("sendTask", "one", messageRef="letter")
        + element("sendTask", "two", messageRef="letter")
        + tasks("waits")
        + flows("start", "one", "two", "waits", "end")
    )
    case = new_case(diagram(twice, beside=BESIDE, after=ANSWERS)).start()
    assert case.open_elements == ["waits", "writes", "writes"]
    assert sorted(key.round for key in case.open if key.element == "writes") == [1, 2]
    case.complete("waits")
    assert not case.finished
    case.complete("writes")
    case.complete("writes")
    assert case.finished


@pytest.mark.proves("intermediate events", "message")
def test_a_message_is_kept_until_it_is_waited_for(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        element("parallelGateway", "join"),
        element("intermediateThrowEvent", "sends", LETTER),
        tasks("first"),
        element("intermediateCatchEvent", "gets", LETTER),
        flows("start", "split", "sends", "join", "end"),
        flows("split", "first", "gets", "join"),
        beside=BESIDE,
    )
    case = new_case(content).start()
    assert case.open_elements == ["first"]
    case.complete("first")
    assert case.finished


def test_more_messages_than_are_kept_are_not_lost_in_silence(new_case: NewCase) -> None:
    often, more = (f'<bpmn:standardLoopCharacteristics loopMaximum="{times}"/>' for times in (MOST_KEPT, 3))
    content = diagram(
        start_end(),
        element("sendTask", "sends", often, messageRef="letter"),
        element("sendTask", "more", more, messageRef="letter"),
        tasks("first"),
        element("intermediateCatchEvent", "gets", LETTER),
        flows("start", "sends", "more", "first", "gets", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start()
    assert case.seen(Happening.LET_GO) == ["more"] * 3
    case.complete("first")
    assert case.finished


@pytest.mark.proves("end events", "message")
def test_a_message_without_a_receiver_in_the_file_leaves_the_case(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        tasks("t"),
        element("endEvent", "sends", LETTER),
        flows("start", "t", "sends"),
        beside=BESIDE,
    ).replace(b'<bpmn:endEvent id="end"></bpmn:endEvent>', b"")
    case = new_case(content).start(about="it")
    outcome = case.complete("t")
    (thrown,) = outcome.thrown
    assert (thrown.channel, thrown.name, thrown.element) == (Channel.MESSAGE, "Letter", "sends")


WAITS = diagram(
    start_end(),
    element("receiveTask", "gets", messageRef="letter"),
    element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="gets"),
    tasks("reads", "asks"),
    flows("start", "gets", "reads", "end"),
    flows("late", "asks", "end"),
    beside=BESIDE,
)


@pytest.mark.proves("messages", "from outside, once")
def test_a_message_from_outside_goes_on_once(new_case: NewCase) -> None:
    case = new_case(WAITS).start()
    (wait,) = case.waits.values()
    assert (wait.channel, wait.name, wait.key.element) == (Channel.MESSAGE, "Letter", "gets")
    case.deliver("gets", {"text": "yes"})
    assert case.open_elements == ["reads"]
    assert case.variables["gets"] == {"text": "yes"}
    assert (case.waits, case.timers) == ({}, {})
    with pytest.raises(Conflict, match="no longer"):
        case.runner.deliver(case.saved, wait.key, payload={}, now=case.now)


@pytest.mark.proves("boundary events", "interrupting or not")
def test_what_no_longer_waits_is_cleared(new_case: NewCase) -> None:
    case = new_case(WAITS).start()
    case.fire("late")
    assert case.open_elements == ["asks"]
    assert case.waits == {}


CORRELATED = (
    BESIDE + '<bpmn:correlationProperty id="order" name="order">'
    '<bpmn:correlationPropertyRetrievalExpression messageRef="letter">'
    "<bpmn:messagePath>number</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
    '<bpmn:correlationPropertyRetrievalExpression messageRef="reply">'
    "<bpmn:messagePath>number</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
    "</bpmn:correlationProperty>"
    '<bpmn:collaboration id="co"><bpmn:correlationKey id="key">'
    "<bpmn:correlationPropertyRef>order</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
)


@pytest.mark.proves("messages", "correlation")
def test_a_reply_goes_to_the_instance_it_is_meant_for(new_case: NewCase) -> None:
    each = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    asks = process(
        "asks",
        element("startEvent", "a_s"),
        script("sets", "number = 10 + loopCounter"),
        element("sendTask", "sends", messageRef="letter"),
        element("receiveTask", "gets", messageRef="reply"),
        tasks("reads"),
        element("endEvent", "a_e"),
        flows("a_s", "sets", "sends", "gets", "reads", "a_e"),
    )
    content = diagram(
        start_end(),
        element("callActivity", "call", each, calledElement="asks"),
        flows("start", "call", "end"),
        beside=CORRELATED,
        after=asks + ANSWERS,
    )
    case = new_case(content).start()
    assert [wait.correlation for wait in case.waits.values() if wait.key.element == "gets"] == [
        {"order": 11},
        {"order": 12},
    ]
    second = [key for key in case.open if key.element == "writes"][1]
    case.complete(second)
    assert case.open_elements == ["reads", "writes"]
    assert [wait.correlation for wait in case.waits.values() if wait.key.element == "gets"] == [{"order": 11}]


def test_an_instance_that_a_message_began_takes_only_what_carries_its_key(new_case: NewCase) -> None:
    """From inside and from outside: the keys of the first message are those of the conversation."""
    begun = process(
        "q",
        element("startEvent", "q_s", LETTER),
        element("receiveTask", "more", messageRef="reply"),
        tasks("reads"),
        element("endEvent", "q_e"),
        flows("q_s", "more", "reads", "q_e"),
    )
    content = diagram(
        start_end(),
        script("one", "number = 1"),
        element("sendTask", "sends_one", messageRef="letter"),
        tasks("waits"),
        flows("start", "one", "sends_one", "waits", "end"),
        beside=CORRELATED,
        after=begun,
    )
    case = new_case(content).start(number=0)
    case.deliver("q_s", {"number": 2})
    wanted = [wait.correlation for wait in case.waits.values() if wait.key.element == "more"]
    assert wanted == [{"order": 1}, {"order": 2}]
    case.deliver("q_s", {"about": "something without a number"})
    wanted = [wait.correlation for wait in case.waits.values() if wait.key.element == "more"]
    assert wanted == [{"order": 1}, {"order": 2}, {}]


@pytest.mark.proves("messages", "message flows")
def test_a_drawn_message_flow_names_the_receiver(new_case: NewCase) -> None:
    other = process(
        "q",
        element("startEvent", "q_s", "<bpmn:messageEventDefinition/>"),
        tasks("writes"),
        element("endEvent", "q_e"),
        flows("q_s", "writes", "q_e"),
    )
    drawn = element(
        "collaboration",
        "co",
        element("messageFlow", "mf", sourceRef="sends", targetRef="q_s")
        + element("participant", "one", processRef="p")
        + element("participant", "two", processRef="q"),
    )
    content = diagram(
        start_end(), element("sendTask", "sends"), flows("start", "sends", "end"), beside=drawn, after=other
    )
    assert new_case(content).start().open_elements == ["writes"]


@pytest.mark.proves("messages", "between the processes of a file")
def test_two_processes_that_talk_begin_together(new_case: NewCase) -> None:
    other = process(
        "q",
        element("startEvent", "q_s"),
        element("receiveTask", "hears", messageRef="letter"),
        element("sendTask", "says", messageRef="reply"),
        element("endEvent", "q_e"),
        flows("q_s", "hears", "says", "q_e"),
    )
    case = new_case(diagram(sends(), beside=BESIDE, after=other)).start()
    assert case.open_elements == ["reads"]
    assert "q_e" in case.seen(Happening.COMPLETED)


def test_a_process_that_nothing_connects_does_not_begin(new_case: NewCase) -> None:
    other = process(
        "q",
        element("startEvent", "q_s"),
        tasks("alone"),
        element("endEvent", "q_e"),
        flows("q_s", "alone", "q_e"),
    )
    content = diagram(start_end(), tasks("t"), flows("start", "t", "end"), after=other)
    assert new_case(content).start().open_elements == ["t"]


@pytest.mark.parametrize("kind", ["message", "signal", "timer", "conditional"])
@pytest.mark.proves(
    "start events",
    "message, signal, timer, conditional, once a person has started a case; of any process of the file",
)
def test_a_start_event_waits(new_case: NewCase, kind: str) -> None:
    what = {
        "message": LETTER,
        "signal": BELL,
        "timer": timer("timeDuration", "PT1H"),
        "conditional": "<bpmn:conditionalEventDefinition><bpmn:condition>x &gt; 1</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>",
    }[kind]
    content = diagram(
        element("startEvent", "start", what),
        tasks("t"),
        element("endEvent", "end"),
        flows("start", "t", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(x=2)
    if kind == "timer":
        case.fire("start")
    elif kind != "conditional":
        case.deliver("start", {"text": "yes"})
    assert case.open_elements == ["t"]
    case.complete("t")
    assert case.finished
    assert (case.waits, case.timers) == ({}, {})
    assert case.seen(Happening.ENTERED) == ["start", "t", "end"]


@pytest.mark.proves("boundary events", "signal")
def test_a_signal_reaches_every_process_of_the_case(new_case: NewCase) -> None:
    begun = process(
        "q",
        element("startEvent", "q_s", BELL),
        logs("q_log"),
        element("endEvent", "q_e"),
        flows("q_s", "q_log", "q_e"),
    )
    content = diagram(
        start_end(),
        tasks("t", "u"),
        element("boundaryEvent", "hears", BELL, attachedToRef="u"),
        element("parallelGateway", "split"),
        element("intermediateThrowEvent", "rings", BELL),
        flows("start", "split", "t", "rings", "end"),
        flows("split", "u", "end"),
        flows("hears", "end"),
        beside=BESIDE,
        after=begun.replace("log.append", "log = [] #"),
    )
    case = new_case(content).start()
    outcome = case.complete("t")
    assert case.finished
    assert "q_s" in case.seen(Happening.COMPLETED)
    assert [thrown.channel for thrown in outcome.thrown] == [Channel.SIGNAL]


@pytest.mark.parametrize("behind", ["receiveTask", "intermediateCatchEvent"])
@pytest.mark.proves("gateways and flows", "event-based (also with receive tasks, two timers)")
def test_of_two_messages_behind_an_event_gateway_the_first_wins(new_case: NewCase, behind: str) -> None:
    attributes = {"messageRef": "letter"} if behind == "receiveTask" else {}
    content = diagram(
        start_end(),
        element("eventBasedGateway", "race"),
        element(behind, "a", "" if attributes else LETTER, **attributes),
        element("intermediateCatchEvent", "b", BELL),
        logs("got_a", "got_b"),
        flows("start", "race", "a", "got_a", "end"),
        flows("race", "b", "got_b", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.deliver("a", {})
    assert case.finished
    assert case.variables["log"] == ["got_a"]


@pytest.mark.proves("start events", "receive task")
def test_a_receive_task_begins_a_process(new_case: NewCase) -> None:
    other = process(
        "q",
        element("receiveTask", "hears", messageRef="letter", instantiate="true"),
        tasks("writes"),
        element("endEvent", "q_e"),
        flows("hears", "writes", "q_e"),
    )
    content = diagram(
        start_end(),
        element("sendTask", "sends", messageRef="letter"),
        flows("start", "sends", "end"),
        beside=BESIDE,
        after=other,
    )
    case = new_case(content).start()
    assert case.open_elements == ["writes"]
    assert case.seen(Happening.COMPLETED).count("hears") == 1


@pytest.mark.proves("start events", "receive task")
def test_a_receive_task_behind_a_start_event_waits_in_the_process_that_it_begins(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("receiveTask", "hears", messageRef="letter", instantiate="true"),
        tasks("writes"),
        flows("start", "hears", "writes", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start()
    assert case.open_elements == []
    case.deliver("hears", {})
    assert case.open_elements == ["writes"]
    case.complete("writes")
    assert case.finished


@pytest.mark.parametrize("kind", ["Exclusive", "Parallel"])
@pytest.mark.proves("gateways and flows", "event-based that begins a process, exclusive or parallel")
def test_an_event_gateway_begins_a_process(new_case: NewCase, kind: str) -> None:
    content = diagram(
        element("eventBasedGateway", "first", instantiate="true", eventGatewayType=kind),
        element("intermediateCatchEvent", "a", LETTER),
        element("intermediateCatchEvent", "b", REPLY),
        element("endEvent", "end"),
        tasks("got_a", "got_b"),
        flows("first", "a", "got_a", "end"),
        flows("first", "b", "got_b", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start()
    case.deliver("b", {})
    assert case.open_elements == ["got_b"]
    case.complete("got_b")
    assert case.finished is (kind == "Exclusive")
    assert [one for one in case.seen(Happening.ENTERED) if one != "a"][:3] == ["first", "b", "got_b"]
    if kind == "Parallel":
        case.deliver("a", {})
        case.complete("got_a")
        assert case.finished


@pytest.mark.proves("boundary events", "message")
def test_a_message_to_a_boundary_event_that_does_not_interrupt_may_come_again(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        tasks("work"),
        element("boundaryEvent", "hears", LETTER, attachedToRef="work", cancelActivity="false"),
        logs("heard"),
        flows("start", "work", "end"),
        flows("hears", "heard", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    for _ in range(3):
        case.deliver("hears", {})
    assert case.variables["log"] == ["heard"] * 3
    case.complete("work")
    assert case.finished
    assert case.waits == {}


def test_flow_conditions_see_what_a_message_brought(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("receiveTask", "gets", messageRef="letter"),
        element("exclusiveGateway", "g", default="g_b"),
        logs("a", "b"),
        flows("start", "gets", "g"),
        flow("g", "a", 'gets["ok"]'),
        flow("g", "b"),
        flows("a", "end"),
        flows("b", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.deliver("gets", {"ok": True})
    assert case.variables["log"] == ["a"]
