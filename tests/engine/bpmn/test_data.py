"""Data objects, properties, inputs and outputs: where a value lives, and what moves it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import ProcessFailed
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, script, start_end, tasks

NewCase = Callable[[bytes], Case]


def subprocess(id_: str, *body: str, inside: str = "") -> str:
    start, end = element("startEvent", f"{id_}_s"), element("endEvent", f"{id_}_e")
    return element("subProcess", id_, inside + start + "".join(body) + end)


def data_object(id_: str, name: str = "", reference: str = "") -> str:
    about = {"name": name} if name else {}
    drawn = element("dataObject", id_, **about)
    return drawn + element("dataObjectReference", f"{id_}_ref", name=reference or name, dataObjectRef=id_)


def specified(inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()) -> str:
    """Draw an ioSpecification; ids are ``in_<name>`` and ``out_<name>``."""
    data = "".join(element("dataInput", f"in_{name}", name=name) for name in inputs)
    data += "".join(element("dataOutput", f"out_{name}", name=name) for name in outputs)
    sets = "".join(f"<bpmn:dataInputRefs>in_{name}</bpmn:dataInputRefs>" for name in inputs)
    left = "".join(f"<bpmn:dataOutputRefs>out_{name}</bpmn:dataOutputRefs>" for name in outputs)
    return (
        f"<bpmn:ioSpecification>{data}<bpmn:inputSet>{sets}</bpmn:inputSet>"
        f"<bpmn:outputSet>{left}</bpmn:outputSet></bpmn:ioSpecification>"
    )


def association(kind: str, source: str = "", target: str = "", more: str = "") -> str:
    ends = f"<bpmn:sourceRef>{source}</bpmn:sourceRef>" if source else ""
    ends += f"<bpmn:targetRef>{target}</bpmn:targetRef>" if target else ""
    return f"<bpmn:data{kind}Association>{ends}{more}</bpmn:data{kind}Association>"


def computed(expression: str) -> str:
    return f"<bpmn:transformation><![CDATA[{expression}]]></bpmn:transformation>"


def assigned(source: str, to: str) -> str:
    taken = f"<bpmn:from><![CDATA[{source}]]></bpmn:from>"
    return f"<bpmn:assignment>{taken}<bpmn:to>{to}</bpmn:to></bpmn:assignment>"


def moving(source: str, *associations: str, data: str = "") -> bytes:
    """Draw a script task with data around it, and a user task behind."""
    task = element("scriptTask", "work", "".join(associations) + f"<bpmn:script>{source}</bpmn:script>")
    return diagram(data, start_end(), task, tasks("after"), flows("start", "work", "after", "end"))


# Where a value lives


@pytest.mark.proves("data", "data objects of any enclosing scope")
def test_a_data_object_two_levels_up_is_the_same_one_everywhere(new_case: NewCase) -> None:
    inner = subprocess("b", script("set", "total = 1"), tasks("wait"), flows("b_s", "set", "wait", "b_e"))
    content = diagram(
        data_object("o1", "total"),
        start_end(),
        subprocess("a", inner, script("add", "total = total + 1"), flows("a_s", "b", "add", "a_e")),
        flows("start", "a", "end"),
    )
    case = new_case(content).start()
    case.complete("wait")
    assert case.finished
    assert case.variables["total"] == 2


def test_a_data_object_of_a_subprocess_is_new_each_time_and_gone_after_it(new_case: NewCase) -> None:
    inside = data_object("o1", "notes")
    content = diagram(
        start_end(),
        subprocess(
            "sub",
            script("note", "notes = (notes or []) + [1]"),
            tasks("ask"),
            script("show", "log.append(notes)"),
            flows("sub_s", "note", "ask", "show", "sub_e"),
            inside=inside,
        ),
        element("exclusiveGateway", "again", default="again_end"),
        flows("start", "sub", "again"),
        flow("again", "sub", "len(log) < 2"),
        flow("again", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("ask")
    case.complete("ask")
    assert case.finished
    assert case.variables["log"] == [[1], [1]]
    assert "notes" not in case.variables


def test_the_same_name_in_two_scopes_is_two_values(new_case: NewCase) -> None:
    content = diagram(
        data_object("outer", "state"),
        start_end(),
        script("first", "state = 'outside'"),
        subprocess(
            "sub",
            script("see", "seen = [state]"),
            script("set", "state = 'inside'"),
            tasks("ask"),
            script("look", "seen.append(state)"),
            flows("sub_s", "see", "set", "ask", "look", "sub_e"),
            inside=data_object("inner", "state"),
        ),
        flows("start", "first", "sub", "end"),
    )
    case = new_case(content).start()
    case.complete("ask")
    assert case.variables["seen"] == [None, "inside"]
    assert case.variables["state"] == "outside"


def test_instances_of_a_subprocess_have_data_objects_of_their_own(new_case: NewCase) -> None:
    several = element(
        "multiInstanceLoopCharacteristics", "mi", "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    )
    content = diagram(
        start_end(),
        subprocess(
            "sub",
            script("set", "own = loopCounter"),
            tasks("ask"),
            script("look", "log.append(own)"),
            flows("sub_s", "set", "ask", "look", "sub_e"),
            inside=data_object("o", "own") + several,
        ),
        flows("start", "sub", "end"),
    )
    case = new_case(content).start(log=[])
    for key in list(case.open):
        case.complete(key)
    assert case.variables == {"log": [1, 2, 3]}


@pytest.mark.parametrize("known", ["letter", "o1", "o1_ref", "Sent"])
def test_a_data_object_is_known_by_its_name_its_id_and_those_of_its_references(
    new_case: NewCase, known: str
) -> None:
    content = diagram(
        data_object("o1", "letter", "Sent"),
        start_end(),
        script("set", f"{known} = 1"),
        script("add", "letter = letter + o1"),
        flows("start", "set", "add", "end"),
    )
    assert new_case(content).start().variables == {"letter": 2}


def test_a_name_that_no_expression_can_say_leaves_the_id(new_case: NewCase) -> None:
    content = diagram(
        data_object("o1", "Surat keputusan"),
        start_end(),
        script("set", "o1 = 1"),
        flows("start", "set", "end"),
    )
    assert new_case(content).start().variables == {"o1": 1}


def test_a_name_that_every_case_has_leaves_the_id(new_case: NewCase) -> None:
    content = diagram(
        data_object("o1", "case"),
        start_end(),
        script("set", "o1 = case"),
        flows("start", "set", "end"),
    )
    assert new_case(content).start(case={"year": 2027}).variables["o1"] == {"year": 2027}


def test_what_undoes_a_finished_subprocess_sees_its_data_as_it_was(new_case: NewCase) -> None:
    undo = (
        element("boundaryEvent", "undo_at", "<bpmn:compensateEventDefinition/>", attachedToRef="a")
        + element(
            "scriptTask", "undo", "<bpmn:script>log.append(amount)</bpmn:script>", isForCompensation="true"
        )
        + element("association", "undo_it", sourceRef="undo_at", targetRef="undo")
    )
    content = diagram(
        start_end(),
        subprocess(
            "sub",
            script("a", "amount = 5"),
            undo,
            flows("sub_s", "a", "sub_e"),
            inside=data_object("o1", "amount"),
        ),
        tasks("ask"),
        element("intermediateThrowEvent", "undoes", "<bpmn:compensateEventDefinition/>"),
        flows("start", "sub", "ask", "undoes", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("ask")
    assert case.finished
    assert case.variables["log"] == [5]


def test_a_shape_that_is_only_drawn_hides_no_variable(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        subprocess(
            "sub",
            script("look", "log.append(plan)"),
            flows("sub_s", "look", "sub_e"),
            inside=data_object("o1", "plan"),
        ),
        flows("start", "sub", "end"),
    )
    assert new_case(content).start(plan="from a form", log=[]).variables["log"] == ["from a form"]


def test_a_data_object_without_a_value_is_none(new_case: NewCase) -> None:
    content = diagram(
        data_object("o1", "plan"),
        start_end(),
        script("look", "log.append(plan)"),
        flows("start", "look", "end"),
    )
    assert new_case(content).start(log=[]).variables == {"log": [None]}


@pytest.mark.proves("data", "properties")
def test_a_property_belongs_to_its_process_or_activity(new_case: NewCase) -> None:
    own = element("property", "p2", name="count")
    content = diagram(
        element("property", "p1", name="count"),
        start_end(),
        script("first", "count = 1"),
        element("scriptTask", "work", own + "<bpmn:script>count = 5</bpmn:script>"),
        script("second", "count = count + 1"),
        flows("start", "first", "work", "second", "end"),
    )
    assert new_case(content).start().variables == {"count": 2}


# What moves


@pytest.mark.proves("data", "inputs, outputs, associations")
def test_inputs_are_copied_in_and_outputs_copied_out(new_case: NewCase) -> None:
    content = moving(
        "y = x + 1",
        specified(("x",), ("y",)),
        association("Input", "a_ref", "in_x"),
        association("Output", "out_y", "b_ref"),
        data=data_object("a", "before") + data_object("b", "result"),
    )
    case = new_case(content).start(before=1)
    assert case.variables == {"before": 1, "result": 2}


def test_what_is_not_moved_out_stays_with_the_task(new_case: NewCase) -> None:
    content = moving(
        "x = x + 1",
        specified(("x",)),
        association("Input", "a_ref", "in_x"),
        data=data_object("a", "before"),
    )
    assert new_case(content).start(before=1).variables == {"before": 1}


def test_a_transformation_computes_the_target(new_case: NewCase) -> None:
    content = moving(
        "y = x",
        specified(("x",), ("y",)),
        association("Input", "a_ref", "in_x", computed("before * 10")),
        association("Output", "out_y", "b_ref", computed("[y, y + 1]")),
        data=data_object("a", "before") + data_object("b", "result"),
    )
    assert new_case(content).start(before=1).variables["result"] == [10, 11]


@pytest.mark.proves("data", "inputs, outputs, associations")
def test_assignments_set_what_they_name(new_case: NewCase) -> None:
    content = moving(
        "y = {'total': x}",
        specified(("x",), ("y",)),
        association("Input", "a_ref", "in_x", assigned("before + 1", "in_x")),
        association("Output", "out_y", "b_ref", assigned("y['total']", "b_ref") + assigned("7", "note.deep")),
        data=data_object("a", "before") + data_object("b", "result"),
    )
    variables = new_case(content).start(before=1).variables
    assert variables == {"before": 1, "result": 2, "note": {"deep": 7}}


def test_an_expression_of_an_association_that_fails_names_the_activity(new_case: NewCase) -> None:
    content = moving(
        "y = 1",
        specified((), ("y",)),
        association("Output", "out_y", "b_ref", computed("y / 0")),
        data=data_object("b", "result"),
    )
    with pytest.raises(ProcessFailed, match="work"):
        new_case(content).start()


@pytest.mark.parametrize("answer", [{"amount": 5, "other": 1}, {"out_amount": 5}])
def test_what_people_answer_counts_as_the_outputs_of_their_task(
    new_case: NewCase, answer: dict[str, int]
) -> None:
    ask = specified((), ("amount",)) + association("Output", "out_amount", "b_ref")
    content = diagram(
        data_object("b", "result"), start_end(), element("userTask", "ask", ask), flows("start", "ask", "end")
    )
    case = new_case(content).start()
    case.complete("ask", answer)
    assert case.variables["result"] == 5


def test_a_form_shared_by_name_is_what_a_drawn_output_carries(new_case: NewCase) -> None:
    ask = specified((), ("table",)) + association("Output", "out_table", "b_ref")
    content = diagram(
        data_object("b", "table"), start_end(), element("userTask", "ask", ask), tasks("after"),
        flows("start", "ask", "after", "end"),
    )  # fmt: skip
    case = new_case(content).start(table=[1])
    case.complete("ask", {"note": "x"}, {"table": [1, 2]})
    assert case.variables["table"] == [1, 2]
    case = new_case(content).start(table=[1])
    case.complete("ask", {"note": "x"})
    assert case.variables["table"] == [1]


def test_what_is_drawn_without_values_moves_nothing(new_case: NewCase) -> None:
    content = moving(
        "plan = 2",
        element("property", "prop", name="__targetRef_placeholder"),
        specified(("plan",)),
        association("Input", "a_ref", "in_plan"),
        association("Input", "a_ref", "prop"),
        association("Output", "", "a_ref"),
        data=data_object("a", "drawn only"),
    )
    assert new_case(content).start(plan=1).variables == {"plan": 1}


def test_a_cancelled_activity_gives_nothing(new_case: NewCase) -> None:
    late = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    ask = specified((), ("amount",)) + association("Output", "out_amount", "b_ref", computed("1"))
    content = diagram(
        data_object("b", "result"),
        start_end(),
        element("userTask", "ask", ask),
        element("boundaryEvent", "late", late, attachedToRef="ask"),
        flows("start", "ask", "end"),
        flow("late", "end"),
    )
    case = new_case(content).start()
    case.fire("late")
    assert "result" not in case.variables


def test_a_subprocess_has_inputs_and_outputs(new_case: NewCase) -> None:
    inside = (
        specified(("x",), ("y",))
        + association("Input", "a_ref", "in_x")
        + association("Output", "out_y", "b_ref")
    )
    content = diagram(
        data_object("a", "before") + data_object("b", "result"),
        start_end(),
        subprocess(
            "sub",
            tasks("ask"),
            script("work", "y = x + 1"),
            flows("sub_s", "ask", "work", "sub_e"),
            inside=inside,
        ),
        flows("start", "sub", "end"),
    )
    case = new_case(content).start(before=1)
    case.complete("ask")
    assert case.variables["result"] == 2


def test_each_instance_takes_its_item_and_leaves_its_own(new_case: NewCase) -> None:
    loop = element(
        "multiInstanceLoopCharacteristics",
        "mi",
        "<bpmn:loopDataInputRef>in_people</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>out_answers</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="one" name="the one"/><bpmn:outputDataItem id="left"/>',
    )
    content = moving(
        "answer = person + '!'",
        specified(("people", "person"), ("answers", "answer")),
        association("Input", "a_ref", "in_people"),
        association("Input", "one", "in_person"),
        association("Output", "out_answer", "left"),
        association("Output", "out_answers", "b_ref"),
        loop,
        data=data_object("a", "people list") + data_object("b", "all answers"),
    )
    variables = new_case(content).start(a=["ani", "budi"]).variables
    assert variables == {"a": ["ani", "budi"], "b": ["ani!", "budi!"]}


@pytest.mark.parametrize("reference", ["a", "a_ref", "p1", "words"])
def test_a_list_to_go_through_may_be_an_object_a_reference_a_property_or_a_variable(
    new_case: NewCase, reference: str
) -> None:
    loop = element(
        "multiInstanceLoopCharacteristics",
        "mi",
        f"<bpmn:loopDataInputRef>{reference}</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="i_1" name="word"/>',
    )
    names = {"a": "a", "a_ref": "a", "p1": "texts", "words": "words"}
    content = moving(
        "log.append(word)",
        loop,
        data=data_object("a", "two words") + element("property", "p1", name="texts"),
    )
    case = new_case(content).start(log=[], **{names[reference]: ["x", "y"]})
    assert case.variables["log"] == ["x", "y"]


def test_each_round_of_a_loop_takes_and_leaves_anew(new_case: NewCase) -> None:
    content = moving(
        "y = x + 1",
        specified(("x",), ("y",)),
        association("Input", "a_ref", "in_x"),
        association("Output", "out_y", "a_ref"),
        '<bpmn:standardLoopCharacteristics loopMaximum="3"/>',
        data=data_object("a", "total"),
    )
    assert new_case(content).start(total=0).variables == {"total": 3}


# What events carry


SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
BELL = '<bpmn:signal id="sig" name="Bell"/>'


def event_data(kind: str, *names: str) -> str:
    sets = {"dataInput": "inputSet", "dataOutput": "outputSet"}[kind]
    declared = "".join(element(kind, f"{kind}_{name}", name=name) for name in names)
    return declared + f"<bpmn:{sets}/>"


@pytest.mark.parametrize("heard", ["note", "another_name"])
def test_what_an_event_carries_reaches_the_data_drawn_at_the_one_that_catches_it(
    new_case: NewCase, heard: str
) -> None:
    sends = event_data("dataInput", "note") + association("Input", "a_ref", "dataInput_note") + SIGNAL
    hears = event_data("dataOutput", heard) + association("Output", f"dataOutput_{heard}", "b_ref") + SIGNAL
    content = diagram(
        data_object("a", "told") + data_object("b", "result"),
        start_end(),
        element("parallelGateway", "fork"),
        element("intermediateCatchEvent", "hear", hears),
        tasks("ask"),
        element("intermediateThrowEvent", "tell", sends),
        element("endEvent", "other"),
        flows("start", "fork", "hear", "end"),
        flows("fork", "ask", "tell", "other"),
        beside=BELL,
    )
    case = new_case(content).start(told="hello")
    case.complete("ask")
    assert case.finished
    assert case.variables["result"] == "hello"


def test_an_escalation_carries_data_out_of_its_subprocess(new_case: NewCase) -> None:
    code = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
    sends = event_data("dataInput", "why") + association("Input", "in_ref", "dataInput_why") + code
    hears = event_data("dataOutput", "why") + association("Output", "dataOutput_why", "b_ref") + code
    inner = subprocess(
        "sub",
        script("set", "inner = 'late'"),
        element("intermediateThrowEvent", "tell", sends),
        tasks("ask"),
        flows("sub_s", "set", "tell", "ask", "sub_e"),
        inside=data_object("in", "inner"),
    )
    content = diagram(
        data_object("b", "result"),
        start_end(),
        inner,
        element("boundaryEvent", "hear", hears, attachedToRef="sub"),
        flows("start", "sub", "end"),
        flow("hear", "end"),
        beside='<bpmn:escalation id="esc" escalationCode="late"/>',
    )
    case = new_case(content).start()
    assert case.finished
    assert case.variables["result"] == "late"


def test_an_event_can_compute_when_it_happens(new_case: NewCase) -> None:
    late = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    content = diagram(
        data_object("b", "result"),
        start_end(),
        element(
            "intermediateCatchEvent", "wait", association("Output", "", "b_ref", computed("n + 1")) + late
        ),
        flows("start", "wait", "end"),
    )
    case = new_case(content).start(n=1)
    case.fire("wait")
    assert case.variables["result"] == 2
