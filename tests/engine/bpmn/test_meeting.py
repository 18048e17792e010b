"""What BPMN 2.0 says where its parts meet: conditions among steps, undoing in repetitions, data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.bpmn.drawn import Case, diagram, element, flows, logs, script, start_end, tasks
from tests.engine.bpmn.test_calls import mapped, process_io
from tests.engine.bpmn.test_data import computed, data_object
from tests.engine.bpmn.test_handlers import BESIDE, WHAT, handler
from tests.engine.bpmn.test_messages import CORRELATED, process

NewCase = Callable[[bytes], Case]


def subprocess(id_: str, *body: str) -> str:
    return element("subProcess", id_, "".join(body))


def several(count: int, sequential: str = "true", more: str = "") -> str:
    inside = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>{more}"
    return element("multiInstanceLoopCharacteristics", f"{count}_times", inside, isSequential=sequential)


# Conditional events (10.5.5, 13.5.3)


@pytest.mark.parametrize("kind", ["event subprocess", "boundary event"])
def test_a_condition_that_becomes_true_interrupts_before_the_next_step(new_case: NewCase, kind: str) -> None:
    inside = element("startEvent", "s") + script("sets", "x = 6") + logs("no") + element("endEvent", "e")
    inside += flows("s", "sets", "no", "e")
    if kind == "event subprocess":
        sub, beside = subprocess("sub", inside, handler("conditional", id_="handler")), ""
    else:
        sub = subprocess("sub", inside)
        beside = element("boundaryEvent", "b", WHAT["conditional"], attachedToRef="sub") + logs("handler_log")
        beside += flows("b", "handler_log", "after")
    content = diagram(start_end(), sub, beside, logs("after"), flows("start", "sub", "after", "end"))
    case = new_case(content).start(log=[], x=0)
    assert case.finished
    assert case.variables["log"] == ["handler_log", "after"]


@pytest.mark.parametrize("condition", ["x &gt; 5", "x"])
def test_a_condition_waits_for_data_that_has_no_value_yet(new_case: NewCase, condition: str) -> None:
    what = WHAT["conditional"].replace("x &gt; 5", condition)
    content = diagram(
        data_object("x", "x"),
        start_end(),
        element("parallelGateway", "split"),
        element("intermediateCatchEvent", "sees", what),
        tasks("ask"),
        script("sets", 'x = ask["x"]'),
        flows("start", "split", "sees", "end"),
        flows("split", "ask", "sets", "end"),
    )
    case = new_case(content).start()
    case.complete("ask", {"x": True if condition == "x" else 6})
    assert case.finished


def test_a_condition_that_stays_true_happens_once(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        script("a", "x = 6"),
        script("b", "x = 7"),
        script("c", "x = 0"),
        script("d", "x = 8"),
        handler("conditional", interrupts=False),
        flows("start", "a", "b", "c", "d", "end"),
    )
    case = new_case(content).start(log=[], x=0)
    assert case.variables["log"] == ["handler_log", "handler_log"]


# Compensation in repetitions (10.7, 13.5.5)


def test_what_undoes_in_one_instance_of_a_subprocess_sees_what_that_instance_knew(new_case: NewCase) -> None:
    undoes = element("startEvent", "u_s") + tasks("asked") + script("n", "log.append(-loopCounter)")
    undoes += element("endEvent", "u_e") + flows("u_s", "asked", "n", "u_e")
    undo = (
        element("boundaryEvent", "c", WHAT["compensate"], attachedToRef="a")
        + element("subProcess", "undo", undoes, isForCompensation="true")
        + element("association", "as", sourceRef="c", targetRef="undo")
    )
    note = script("a", "log.append(loopCounter)")
    inside = element("startEvent", "s") + note + undo + element("endEvent", "e") + flows("s", "a", "e")
    content = diagram(
        start_end(),
        subprocess("sub", several(2), inside),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "sub", "undoes", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("asked")
    case.complete("asked")
    assert case.finished
    assert case.variables["log"] == [1, 2, -2, -1]


# Correlation (8.3.2, 8.4.2)

MINE = (
    '<bpmn:correlationSubscription id="sub" correlationKeyRef="key"><bpmn:correlationPropertyBinding '
    'correlationPropertyRef="order"><bpmn:dataPath>mine</bpmn:dataPath></bpmn:correlationPropertyBinding>'
    "</bpmn:correlationSubscription>"
)


def waiting(case: Case, id_: str) -> list[dict[str, int]]:
    return [wait.correlation for wait in case.waits.values() if wait.key.element == id_]


def test_a_message_that_begins_a_process_is_not_held_to_the_key_of_who_sent_the_last(
    new_case: NewCase,
) -> None:
    begun = process(
        "q",
        element("receiveTask", "hears", messageRef="letter", instantiate="true"),
        tasks("u"),
        flows("hears", "u"),
    )
    content = diagram(
        start_end(),
        script("one", "number = 1"),
        element("sendTask", "first", messageRef="letter"),
        script("two", "number = 2"),
        element("sendTask", "second", messageRef="letter"),
        flows("start", "one", "first", "two", "second", "end"),
        beside=CORRELATED,
        after=begun,
    )
    assert new_case(content).start().open_elements == ["u", "u"]


def test_what_waited_before_the_first_message_asks_for_its_key_afterwards(new_case: NewCase) -> None:
    heard = element("messageEventDefinition", "m", messageRef="reply")
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        tasks("work", "asks"),
        element("boundaryEvent", "hears", heard, attachedToRef="work"),
        script("sets", "number = 7"),
        element("sendTask", "sends", messageRef="letter"),
        flows("start", "split", "work", "end"),
        flows("split", "asks", "sets", "sends", "end"),
        flows("hears", "end"),
        beside=CORRELATED,
    )
    case = new_case(content).start()
    assert waiting(case, "hears") == [{}]
    case.complete("asks")
    assert waiting(case, "hears") == [{"order": 7}]


def test_a_subscription_follows_the_data_of_its_process_and_does_not_keep_it_from_beginning(
    new_case: NewCase,
) -> None:
    more = element("messageEventDefinition", "m", messageRef="reply")
    begun = process(
        "q",
        MINE,
        element("startEvent", "q_s", element("messageEventDefinition", "l", messageRef="letter")),
        tasks("u"),
        script("sets", "mine = u['number']"),
        element("parallelGateway", "split"),
        tasks("v"),
        element("intermediateCatchEvent", "more", more),
        script("again", "mine = 9"),
        tasks("w"),
        flows("q_s", "u", "sets", "split", "v", "again", "w"),
        flows("split", "more"),
    )
    content = diagram(start_end(), tasks("t"), flows("start", "t", "end"), beside=CORRELATED, after=begun)
    case = new_case(content).start()
    case.deliver("q_s", {"about": "a subscription of its own"})
    case.complete("u", {"number": 8})
    assert waiting(case, "more") == [{"order": 8}]
    case.complete("v")
    assert waiting(case, "more") == [{"order": 9}]


def test_a_flow_drawn_to_a_pool_names_the_process_that_receives(new_case: NewCase) -> None:
    starts = element("messageEventDefinition", "{}_m", messageRef="letter")
    others = "".join(
        process(
            id_,
            element("startEvent", f"{id_}_s", starts.format(id_)),
            tasks(f"{id_}_u"),
            flows(f"{id_}_s", f"{id_}_u"),
        )
        for id_ in ("q", "r")
    )
    drawn = "".join(element("participant", f"pool_{id_}", processRef=id_) for id_ in ("p", "q", "r"))
    drawn += element("messageFlow", "mf", sourceRef="sends", targetRef="pool_r")
    content = diagram(
        start_end(),
        element("sendTask", "sends", messageRef="letter"),
        flows("start", "sends", "end"),
        beside=BESIDE + element("collaboration", "co", drawn),
        after=others,
    )
    assert new_case(content).start().open_elements == ["r_u"]


# Global tasks (10.3.4)


def test_a_global_task_knows_what_a_call_gives_it_by_its_own_names(new_case: NewCase) -> None:
    own = process_io("p", "r")
    work = element("globalScriptTask", "work", own + "<bpmn:script>r = p * 2</bpmn:script>")
    inside = mapped("x", "y").replace(
        "</bpmn:dataOutputAssociation>", computed("y + r") + "</bpmn:dataOutputAssociation>"
    )
    content = diagram(
        data_object("a", "before") + data_object("b", "result"),
        start_end(),
        element("callActivity", "call", inside, calledElement="work"),
        flows("start", "call", "end"),
        after=work,
    )
    assert new_case(content).start(before=4).variables == {"before": 4, "result": 16}
