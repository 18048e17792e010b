"""Multi-instance activities and loops."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import ProcessFailed
from engine.model.task import TaskKey
from tests.engine.bpmn.drawn import Case, diagram, element, flows, start_end, tasks

NewCase = Callable[[bytes], Case]


def several(kind: str, inside: str, *, sequential: bool, body: str = "") -> bytes:
    loop = element("multiInstanceLoopCharacteristics", "mi", inside, isSequential=str(sequential).lower())
    return diagram(
        start_end(),
        element(kind, "each", body + loop),
        tasks("after"),
        flows("start", "each", "after", "end"),
    )


LIST = (
    "<bpmn:loopDataInputRef>people</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>answers</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="person"/><bpmn:outputDataItem id="answer"/>'
)
ASK = '<bpmn:script>answer = person + "!"</bpmn:script>'


@pytest.mark.parametrize("sequential", [True, False])
def test_a_script_runs_for_each_item_of_a_list(new_case: NewCase, sequential: bool) -> None:
    case = new_case(several("scriptTask", LIST, sequential=sequential, body=ASK)).start(
        people=["ani", "budi"]
    )
    assert case.variables == {"people": ["ani", "budi"], "answers": ["ani!", "budi!"]}
    assert case.open_elements == ["after"]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_is_passed(new_case: NewCase, sequential: bool) -> None:
    case = new_case(several("userTask", LIST, sequential=sequential)).start(people=[])
    assert case.open_elements == ["after"]


@pytest.mark.proves("repetition", "multi-instance, parallel")
def test_people_answer_at_once_and_in_any_order(new_case: NewCase) -> None:
    inside = "<bpmn:loopCardinality>count</bpmn:loopCardinality>"
    case = new_case(several("userTask", inside, sequential=False)).start(count=3)
    assert case.open == [TaskKey(element="each", round=1, iteration=n) for n in (1, 2, 3)]
    for key in reversed(list(case.open)):
        case.complete(key, {"n": key.iteration})
    assert case.variables["each"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert case.open_elements == ["after"]


@pytest.mark.proves("repetition", "multi-instance, sequential")
def test_people_answer_one_after_the_other(new_case: NewCase) -> None:
    inside = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
    case = new_case(several("userTask", inside, sequential=True)).start()
    assert case.open == [TaskKey(element="each", round=1, iteration=1)]
    case.complete("each", {"n": 1})
    assert case.open == [TaskKey(element="each", round=1, iteration=2)]
    case.complete("each", {"n": 2})
    assert case.open_elements == ["after"]


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.proves("repetition", "completion condition")
def test_a_completion_condition_spares_the_rest(new_case: NewCase, sequential: bool) -> None:
    inside = (
        "<bpmn:loopCardinality>5</bpmn:loopCardinality>"
        "<bpmn:completionCondition>nrOfCompletedInstances == 2 or each['enough']</bpmn:completionCondition>"
    )
    case = new_case(several("userTask", inside, sequential=sequential)).start()
    case.complete("each", {"enough": False})
    case.complete("each", {"enough": False})
    assert case.open_elements == ["after"]


def test_a_subprocess_runs_for_each_item(new_case: NewCase) -> None:
    body = (
        element("startEvent", "s")
        + element("userTask", "ask")
        + element("endEvent", "e")
        + flows("s", "ask", "n", "e")
    )
    body += element("scriptTask", "n", "<bpmn:script>answer = person + ask['text']</bpmn:script>")
    case = new_case(several("subProcess", LIST, sequential=False, body=body)).start(people=["ani", "budi"])
    assert [key.round for key in case.open] == [1, 2]
    case.complete("ask", {"text": " 1"})
    case.complete("ask", {"text": " 2"})
    assert case.variables["answers"] == ["ani 1", "budi 2"]


@pytest.mark.parametrize("count", ["-1", "1001", "1.5", "'x'", "True"])
def test_an_absurd_number_of_instances_is_named(new_case: NewCase, count: str) -> None:
    inside = "<bpmn:loopCardinality>0 + count</bpmn:loopCardinality>".replace("0 + count", f"({count})")
    with pytest.raises(ProcessFailed, match="number of instances"):
        new_case(several("userTask", inside, sequential=False)).start()


def test_a_missing_list_is_named(new_case: NewCase) -> None:
    with pytest.raises(ProcessFailed, match="people"):
        new_case(several("userTask", LIST, sequential=False)).start()


def loop(about: str, condition: str = "") -> bytes:
    asked = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    again = f"<bpmn:standardLoopCharacteristics {about}>{asked}</bpmn:standardLoopCharacteristics>"
    body = "<bpmn:script>n = n + 1</bpmn:script>"
    return diagram(start_end(), element("scriptTask", "again", body + again), flows("start", "again", "end"))


@pytest.mark.parametrize(
    ("about", "condition", "times"),
    [
        ('loopMaximum="3"', "", 3),
        ("", "n &lt; 4", 4),
        ('loopMaximum="2"', "True", 2),
        ('testBefore="true"', "n &lt; 0", 0),
        ('testBefore="false"', "n &lt; 0", 1),
        ('testBefore="true" loopMaximum="3"', "True", 3),
    ],
)
@pytest.mark.proves("repetition", "standard loops")
def test_a_loop_goes_round_while_its_condition_is_true(
    new_case: NewCase, about: str, condition: str, times: int
) -> None:
    case = new_case(loop(about, condition)).start(n=0)
    assert case.finished
    assert case.variables == {"n": times}


def test_a_boundary_event_stands_beside_all_instances(new_case: NewCase) -> None:
    inside = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    loop_ = f"<bpmn:multiInstanceLoopCharacteristics>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    late = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    content = diagram(
        start_end(),
        element("userTask", "each", loop_),
        element("boundaryEvent", "bell", late, attachedToRef="each"),
        tasks("after"),
        flows("start", "each", "end"),
        flows("bell", "after", "end"),
    )
    case = new_case(content).start()
    case.complete("each")
    outcome = case.fire("bell")
    assert [key.iteration for key in outcome.closed] == [2, 3]
    assert case.open_elements == ["after"]


def test_a_list_may_be_named_by_a_data_object(new_case: NewCase) -> None:
    inputs = (
        '<bpmn:ioSpecification><bpmn:dataInput id="in" name="x"/><bpmn:dataOutput id="out" name="done"/>'
        "</bpmn:ioSpecification><bpmn:dataInputAssociation><bpmn:sourceRef>reference</bpmn:sourceRef>"
        "<bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    loop_ = (
        "<bpmn:loopDataInputRef>in</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>out</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="i1" name="person"/><bpmn:outputDataItem id="o1" name="answer"/>'
    )
    content = several("scriptTask", loop_, sequential=False, body=inputs + ASK).replace(
        b"</bpmn:process>",
        b'<bpmn:dataObject id="people"/><bpmn:dataObjectReference id="reference" dataObjectRef="people"/>'
        b"</bpmn:process>",
    )
    assert new_case(content).start(people={"a": "ani"}).variables["done"] == ["ani!"]


SIGNAL = '<bpmn:signal id="sig" name="One is done"/><bpmn:signalEventDefinition id="thrown" signalRef="sig"/>'


def throwing(
    about: str, inside: str = "", *, beside: str = SIGNAL, caught: str = "", cancel: str = "false"
) -> bytes:
    """Draw three instances that throw, caught beside them by a task ``told``."""
    loop_ = (
        f"<bpmn:multiInstanceLoopCharacteristics {about}><bpmn:loopCardinality>3</bpmn:loopCardinality>"
        f"{inside}</bpmn:multiInstanceLoopCharacteristics>"
    )
    return diagram(
        start_end(),
        element("userTask", "each", loop_),
        element(
            "boundaryEvent",
            "hears",
            caught or '<bpmn:signalEventDefinition signalRef="sig"/>',
            attachedToRef="each",
            cancelActivity=cancel,
        ),
        tasks("told"),
        flows("start", "each", "end"),
        flows("hears", "told", "end"),
        beside=beside,
    )


@pytest.mark.parametrize(
    ("about", "heard"),
    [
        ('behavior="None" noneBehaviorEventRef="thrown"', 3),
        ('behavior="One" oneBehaviorEventRef="thrown"', 1),
        ('behavior="One" noneBehaviorEventRef="thrown"', 0),
        ('behavior="All" oneBehaviorEventRef="thrown"', 0),
        ('behavior="None"', 0),
    ],
)
@pytest.mark.proves("repetition", "events of instances (behavior)")
def test_instances_throw_for_each_of_them_for_the_first_or_never(
    new_case: NewCase, about: str, heard: int
) -> None:
    case = new_case(throwing(about)).start()
    told = 0
    for _ in range(3):
        case.complete("each")
        told = max(told, case.open_elements.count("told"))
    assert told == heard
    assert case.finished == (heard == 0)


def test_complex_behavior_throws_where_its_condition_is_true(new_case: NewCase) -> None:
    inside = (
        "<bpmn:complexBehaviorDefinition><bpmn:condition>numberOfCompletedInstances == 2</bpmn:condition>"
        '<bpmn:event id="implicit"><bpmn:signalEventDefinition signalRef="sig"/></bpmn:event>'
        "</bpmn:complexBehaviorDefinition>"
    )
    case = new_case(throwing('behavior="Complex"', inside)).start()
    case.complete("each")
    assert case.open_elements == ["each", "each"]
    case.complete("each")
    assert case.open_elements == ["each", "told"]


def test_an_escalation_of_instances_is_caught_beside_them_and_may_end_them(new_case: NewCase) -> None:
    beside = (
        '<bpmn:escalation id="esc" escalationCode="late"/>'
        '<bpmn:escalationEventDefinition id="thrown" escalationRef="esc"/>'
    )
    caught = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
    about = 'behavior="One" oneBehaviorEventRef="thrown"'
    case = new_case(throwing(about, beside=beside, caught=caught, cancel="true")).start()
    case.complete("each")
    assert case.open_elements == ["told"]


INNER = (
    element("startEvent", "s") + element("userTask", "in") + element("endEvent", "e") + flows("s", "in", "e")
)
HELPER = element("process", "helper", INNER)
LETTER = '<bpmn:message id="letter" name="Letter"/>'
LATE = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
# The activity, its attributes, and what it waits for (empty: for nothing).
KINDS: dict[str, tuple[str, dict[str, str], str]] = {
    "task": ("", {}, ""),
    "manualTask": ("", {}, "each"),
    "userTask": ("", {}, "each"),
    "scriptTask": ("<bpmn:script>n = 1</bpmn:script>", {}, ""),
    "sendTask": ("", {"messageRef": "letter"}, ""),
    "subProcess": (INNER, {}, "in"),
    "transaction": (INNER, {}, "in"),
    "callActivity": ("", {"calledElement": "helper"}, "in"),
}


def repeated(kind: str, sequential: bool, *, nested: bool = False) -> bytes:
    """Draw two instances with an event beside all of them; ``nested`` in a repeated subprocess."""
    inside, about, _ = KINDS[kind]
    loop_ = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<bpmn:loopCardinality>1 + 1</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    body = element(kind, "each", inside + loop_, **about) + tasks("told") + element("endEvent", "end")
    body += element("boundaryEvent", "late", LATE, attachedToRef="each") + flows("late", "told", "end")
    beside = LETTER + (HELPER if kind == "callActivity" else "")
    if not nested:
        return diagram(element("startEvent", "start"), body, flows("start", "each", "end"), beside=beside)
    outer = element("startEvent", "o_s") + body + flows("o_s", "each", "end") + loop_
    return diagram(
        element("startEvent", "start"),
        element("subProcess", "outer", outer),
        element("endEvent", "o_e"),
        flows("start", "outer", "o_e"),
        beside=beside,
    )


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_activity_can_be_repeated(new_case: NewCase, kind: str, sequential: bool) -> None:
    case = new_case(repeated(kind, sequential)).start()
    waits = KINDS[kind][2]
    for _ in range(2 if waits else 0):
        case.complete(waits)
    assert case.finished
    entered = [item.iteration for item in case.history if item.element == "each" and item.what == "entered"]
    assert sorted(filter(None, entered)) == [1, 2]


@pytest.mark.parametrize("kind", [kind for kind, (_, _, waits) in KINDS.items() if waits])
def test_an_event_beside_ends_all_instances_of_any_kind(new_case: NewCase, kind: str) -> None:
    case = new_case(repeated(kind, sequential=False)).start()
    case.complete(KINDS[kind][2])
    case.fire("late")
    assert case.open_elements == ["told"]
    case.complete("told")
    assert case.finished


@pytest.mark.parametrize("kind", [kind for kind, (_, _, waits) in KINDS.items() if waits])
def test_repetitions_stand_in_repetitions(new_case: NewCase, kind: str) -> None:
    case = new_case(repeated(kind, sequential=False, nested=True)).start()
    for left in (4, 3, 2, 1):
        assert case.open_elements == [KINDS[kind][2]] * left
        case.complete(KINDS[kind][2])
    assert case.finished


@pytest.mark.parametrize("sequential", [True, False])
def test_no_instance_at_all_is_passed(new_case: NewCase, sequential: bool) -> None:
    inside = "<bpmn:loopCardinality>len(people)</bpmn:loopCardinality>"
    case = new_case(several("userTask", inside, sequential=sequential)).start(people=[])
    assert case.open_elements == ["after"]
    assert case.variables["each"] == []
