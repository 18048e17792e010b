"""Which process a message is meant for, by keys, subscriptions and drawn flows (BPMN 2.0, 8.3.2, 8.4.2)."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.bpmn.drawn import Case, diagram, element, flows, script, start_end, tasks
from tests.engine.bpmn.test_messages import BESIDE, CORRELATED, process

NewCase = Callable[[bytes], Case]
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
