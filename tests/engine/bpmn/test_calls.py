"""Call activities: what the called process gets and gives back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.guard import read_tree
from engine.errors import Refused
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, codes, diagram, element, flows, script, start_end, tasks
from tests.engine.bpmn.test_data import association, data_object, specified

NewCase = Callable[[bytes], Case]


def called(*body: str, data: str = "", id_: str = "helper") -> str:
    inside = data + element("startEvent", f"{id_}_s") + element("endEvent", f"{id_}_e") + "".join(body)
    return element("process", id_, inside)


def mapped(inputs: str, outputs: str) -> str:
    """Draw a call that gives ``before`` and takes ``result``."""
    return (
        specified((inputs,), (outputs,))
        + association("Input", "a_ref", f"in_{inputs}")
        + association("Output", f"out_{outputs}", "b_ref")
    )


def calling(inside: str, beside: str) -> bytes:
    return diagram(
        data_object("a", "before") + data_object("b", "result"),
        start_end(),
        element("callActivity", "call", inside, calledElement="helper"),
        tasks("after"),
        flows("start", "call", "after", "end"),
        beside=beside,
    )


def process_io(inputs: str, outputs: str, prefix: str = "theirs") -> str:
    """Draw an ioSpecification with ids ``<prefix>_in_<name>`` and ``<prefix>_out_<name>``."""
    drawn = specified((inputs,), (outputs,))
    for kind in ("in_", "out_"):
        drawn = drawn.replace(f'"{kind}', f'"{prefix}_{kind}').replace(f">{kind}", f">{prefix}_{kind}")
    return drawn


@pytest.mark.proves("subprocesses", "call activities within the file")
def test_a_mapped_call_gives_its_inputs_and_takes_its_outputs_and_no_more(new_case: NewCase) -> None:
    helper = called(
        tasks("ask"),
        script("work", "y = x + 1\nbefore = 100\nnoise = 1"),
        flows("helper_s", "ask", "work", "helper_e"),
        data=process_io("x", "y"),
    )
    case = new_case(calling(mapped("x", "y"), helper)).start(before=1)
    case.complete("ask")
    assert case.open_elements == ["after"]
    assert case.variables == {"before": 1, "result": 2}


def test_inputs_of_other_names_are_matched_in_their_order(new_case: NewCase) -> None:
    helper = called(
        script("work", "q = p + 1"), flows("helper_s", "work", "helper_e"), data=process_io("p", "q")
    )
    case = new_case(calling(mapped("x", "y"), helper)).start(before=1)
    assert case.variables == {"before": 1, "result": 2}


def test_inputs_reach_the_properties_of_a_process_without_declared_inputs(new_case: NewCase) -> None:
    helper = called(
        script("work", "y = x + 1"),
        flows("helper_s", "work", "helper_e"),
        data=element("property", "px", name="x") + element("property", "py", name="y"),
    )
    case = new_case(calling(mapped("x", "y"), helper)).start(before=1)
    assert case.variables == {"before": 1, "result": 2}


def test_without_a_mapping_variables_are_copied_in_and_what_was_set_comes_back(new_case: NewCase) -> None:
    helper = called(script("work", "result = before + 1\nnew = 1"), flows("helper_s", "work", "helper_e"))
    case = new_case(calling("", helper)).start(before=1)
    assert case.variables == {"before": 1, "result": 2, "new": 1}


def test_data_objects_of_a_called_process_are_not_those_of_the_caller(new_case: NewCase) -> None:
    helper = called(
        script("work", "seen = [result]\nresult = 5"),
        flows("helper_s", "work", "helper_e"),
        data=data_object("theirs", "result"),
    )
    case = new_case(calling("", helper)).start(before=1, result=0)
    assert case.variables == {"before": 1, "result": 0, "seen": [None]}


def test_two_calls_of_one_process_at_once_keep_apart(new_case: NewCase) -> None:
    helper = called(
        tasks("ask"),
        script("left", "if ask['n'] == 1:\n    one = ask['n']\nelse:\n    two = ask['n']"),
        flows("helper_s", "ask", "left", "helper_e"),
    )
    content = diagram(
        start_end(),
        element("parallelGateway", "fork"),
        element("parallelGateway", "join"),
        element("callActivity", "c1", calledElement="helper"),
        element("callActivity", "c2", calledElement="helper"),
        flows("start", "fork", "c1", "join", "end"),
        flows("fork", "c2", "join"),
        beside=helper,
    )
    case = new_case(content).start(one=0, two=0)
    first, second = case.open
    case.complete(first, {"n": 1})
    case.complete(second, {"n": 2})
    assert case.finished
    # The second call began when ``one`` was 0; it did not set it and does not give it back.
    assert (case.variables["one"], case.variables["two"]) == (1, 2)


def test_a_call_in_a_call_is_mapped_at_each_level(new_case: NewCase) -> None:
    inner = called(
        script("work", "q = p * 10"),
        flows("inner_s", "work", "inner_e"),
        data=process_io("p", "q", "inner"),
        id_="inner",
    )
    middle_call = (
        process_io("p", "q", "mid")
        + association("Input", "theirs_in_x", "mid_in_p")
        + association("Output", "mid_out_q", "theirs_out_y")
    )
    helper = called(
        element("callActivity", "deeper", middle_call, calledElement="inner"),
        flows("helper_s", "deeper", "helper_e"),
        data=process_io("x", "y"),
    )
    case = new_case(calling(mapped("x", "y"), helper + inner)).start(before=2)
    assert case.variables == {"before": 2, "result": 20}


def calls(global_task: str, inside: str = "") -> bytes:
    return diagram(
        start_end(),
        element("callActivity", "call", inside, name="Here", calledElement="shared"),
        flows("start", "call", "end"),
        beside=global_task,
    )


@pytest.mark.proves("subprocesses", "global tasks")
def test_a_call_of_a_global_script_task_runs_its_script(new_case: NewCase) -> None:
    shared = element(
        "globalScriptTask", "shared", "<bpmn:script>n = n + 1</bpmn:script>", scriptLanguage="python"
    )
    assert new_case(calls(shared)).start(n=1).variables == {"n": 2}


@pytest.mark.parametrize("kind", ["globalUserTask", "globalManualTask"])
def test_a_call_of_a_global_task_for_people_is_theirs(new_case: NewCase, kind: str) -> None:
    described = element("documentation", "words", "Ask them all.")
    case = new_case(calls(element(kind, "shared", described, name="Everywhere"))).start()
    case.complete("call", {"n": 1})
    assert case.variables == {"call": {"n": 1}}
    assert {item.name for item in case.history if item.element == "call"} == {"Here"}


def test_a_call_of_a_global_task_that_says_nothing_is_passed(new_case: NewCase) -> None:
    assert new_case(calls(element("globalTask", "shared"))).start().finished


def test_a_repeated_call_of_a_global_task_is_repeated(new_case: NewCase) -> None:
    shared = element("globalScriptTask", "shared", "<bpmn:script>n = n + 1</bpmn:script>")
    again = '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'
    assert new_case(calls(shared, again)).start(n=0).variables == {"n": 3}


def test_what_a_global_task_has_wrong_is_told_of_its_call(sandbox: Sandbox) -> None:
    shared = element("globalScriptTask", "shared", "<bpmn:script>n = = 1</bpmn:script>")
    assert codes(calls(shared), sandbox) == {"script-syntax"}


def test_global_tasks_do_not_make_a_file_grow_without_end() -> None:
    script_ = "n = 1 # " + "x" * 15_000
    shared = element("globalScriptTask", "shared", f"<bpmn:script>{script_}</bpmn:script>")
    many = "".join(element("callActivity", f"c{n}", calledElement="shared") for n in range(2000))
    with pytest.raises(Refused, match="What is referred to"):
        read_tree(diagram(start_end(), many, flows("start", "end"), beside=shared))
