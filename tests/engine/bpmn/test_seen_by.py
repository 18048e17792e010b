"""What a task's form begins with: the variables as that task sees them."""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn.workflow import variables_at
from engine.model.task import TaskKey
from tests.engine.bpmn.drawn import Case, diagram, element, flows, script, start_end, tasks
from tests.engine.bpmn.test_data import data_object, subprocess

NewCase = Callable[[bytes], Case]
LIST = '<bpmn:loopDataInputRef>people</bpmn:loopDataInputRef><bpmn:inputDataItem id="item_1" name="person"/>'
SEVERAL = element("multiInstanceLoopCharacteristics", "mi", LIST)


def seen(case: Case, key: TaskKey, *names: str) -> list[object]:
    variables = case.runner.variables_at(case.saved, key)
    assert variables == variables_at(case.state, key), "memory and text say the same"
    return [variables.get(name) for name in names]


def test_each_instance_sees_its_item(new_case: NewCase) -> None:
    content = diagram(start_end(), element("userTask", "each", SEVERAL), flows("start", "each", "end"))
    case = new_case(content).start(people=["ani", "budi", "citra"])
    assert [seen(case, key, "person") for key in case.open] == [["ani"], ["budi"], ["citra"]]
    case.complete(case.open[1], {"n": 1})
    assert [seen(case, key, "person") for key in case.open] == [["ani"], ["citra"]]


def test_a_task_inside_an_instance_sees_what_was_answered_in_it(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        subprocess("sub", tasks("ask", "check"), flows("sub_s", "ask", "check", "sub_e"), inside=SEVERAL),
        flows("start", "sub", "end"),
    )
    case = new_case(content).start(people=["ani", "budi"])
    case.complete("ask", {"n": "first"})
    case.complete("ask", {"n": "second"})
    assert [seen(case, key, "person", "ask") for key in case.open] == [
        ["ani", {"n": "first"}],
        ["budi", {"n": "second"}],
    ]


def test_data_objects_around_are_seen_and_those_of_the_case_behind_them(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        script("first", "plan = 'outside'\nother = 1"),
        subprocess(
            "sub", script("set", "plan = 'inside'"), tasks("ask"), flows("sub_s", "set", "ask", "sub_e"),
            inside=data_object("o", "plan"),
        ),
        tasks("after"),
        flows("start", "first", "sub", "after", "end"),
    )  # fmt: skip
    case = new_case(content).start()
    assert seen(case, case.open[0], "plan", "other") == ["inside", 1]
    case.complete("ask")
    assert seen(case, case.open[0], "plan", "other") == ["outside", 1]


def test_a_task_of_a_called_process_sees_the_variables_of_that_process(new_case: NewCase) -> None:
    helper = element(
        "process",
        "helper",
        element("startEvent", "h_s") + element("endEvent", "h_e") + tasks("ask")
        + script("set", "own = before + 1") + flows("h_s", "set", "ask", "h_e"),
    )  # fmt: skip
    content = diagram(
        start_end(),
        element("callActivity", "call", calledElement="helper"),
        flows("start", "call", "end"),
        beside=helper,
    )
    case = new_case(content).start(before=1)
    assert seen(case, case.open[0], "own", "before") == [2, 1]
    assert "own" not in case.variables


def test_what_was_read_stays_as_it_was_while_a_step_goes_on_and_is_rolled_back(new_case: NewCase) -> None:
    case = new_case(
        diagram(start_end(), tasks("ask", "check"), flows("start", "ask", "check", "end"))
    ).start()
    case.complete("ask", {"n": 1}, shared={"total": 1})
    check = case.open[0]
    before = case.runner.variables_at(case.saved, check)
    case.runner.complete(case.saved, check, submitted={"n": 2}, shared={"total": 3}, now=case.now)
    assert before == case.runner.variables_at(case.saved, check) == {"ask": {"n": 1}, "total": 1}


def test_a_task_that_is_not_open_sees_the_case(new_case: NewCase) -> None:
    content = diagram(start_end(), element("userTask", "each", SEVERAL), flows("start", "each", "end"))
    case = new_case(content).start(people=["ani"])
    assert variables_at(case.state, TaskKey(element="gone", round=1, iteration=0)) == {"people": ["ani"]}
    assert variables_at("", TaskKey(element="gone", round=1, iteration=0)) == {}
