"""Which row a step is: as it says itself, else as it is drawn."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import etree

from engine.bpmn.diff.reading_side import read_side
from engine.bpmn.step_rows import rows_of_file
from tests.engine.bpmn.drawn import diagram, element, flow, flows, start_end, timer
from tests.engine.bpmn.test_sop import read, sop


def step(id_: str, number: int | None = None) -> str:
    about = "" if number is None else f' number="{number}"'
    return element(
        "userTask", id_, f"<bpmn:extensionElements><sop:Task{about}/></bpmn:extensionElements>", name=id_
    )


def rows(*body: str) -> str:
    """Give the steps as the table lists them, each with the number of its row."""
    content = diagram(start_end(), *body)
    found = rows_of_file(etree.parse(BytesIO(content)))
    assert found == dict(read_side(content).rows)  # differences speak of the same rows
    return " ".join(f"{number}{id_}" for id_, number in sorted(found.items(), key=lambda one: one[1]))


RETURNING = element("exclusiveGateway", "ok", default="no")


@pytest.mark.parametrize(
    ("body", "table"),
    [
        # Drawn last and without a number, in the middle, at the beginning and at the end.
        ((step("a", 1), step("b", 2), step("n"), flows("start", "a", "n", "b", "end")), "1a 2n 3b"),
        ((step("a", 1), step("b", 2), step("n"), flows("start", "n", "a", "b", "end")), "1n 2a 3b"),
        ((step("a", 1), step("b", 2), step("n"), flows("start", "a", "b", "n", "end")), "1a 2b 3n"),
        # Several, whatever their order in the file.
        (
            (step("m"), step("n"), step("a", 1), step("b", 2), flows("start", "a", "n", "m", "b", "end")),
            "1a 2n 3m 4b",
        ),
        # None says anything: the flow, not the file.
        ((step("b"), step("a"), flows("start", "a", "b", "end")), "1a 2b"),
        # What is not connected yet stands last.
        ((step("n"), step("a", 1), step("b", 2), flows("start", "a", "b", "end")), "1a 2b 3n"),
        # All say something: so it is, also where the numbers have gaps or go against the flow.
        ((step("a", 3), step("b", 7), flows("start", "b", "a", "end")), "3a 7b"),
        # A number that is free already is kept.
        ((step("a", 1), step("b", 5), step("n"), flows("start", "a", "n", "b", "end")), "1a 2n 5b"),
    ],
)
def test_a_step_without_a_number_stands_where_it_is_drawn(body: tuple[str, ...], table: str) -> None:
    assert rows(*body) == table


def returned(*more: str, no: str) -> tuple[str, ...]:
    review = flow("ok", "file", "x == 1") + flow("ok", no, id_="no")
    return step("a", 1), step("b", 2), step("file", 3), RETURNING, flows("start", "a"), review, *more


def test_a_way_back_does_not_confuse_the_order() -> None:
    between = flows("a", "n", "b", "ok") + flows("file", "end")
    assert rows(*returned(step("n"), between, no="a")) == "1a 2n 3b 4file"


def test_a_step_on_the_way_back_stands_behind_the_one_that_decides() -> None:
    back = flows("a", "b", "ok") + flows("n", "a") + flows("file", "end")
    assert rows(*returned(step("n"), back, no="n")) == "1a 2b 3n 4file"


def test_a_new_step_stays_out_of_a_way_back_that_its_owner_put_last() -> None:
    body = (
        step("a", 1), step("c", 2), step("fix", 3), step("n"), RETURNING,
        flows("start", "a", "ok"), flow("ok", "n", "x == 1"), flow("ok", "fix", id_="no"),
        flows("n", "c", "end"), flows("fix", "a"),
    )  # fmt: skip
    assert rows(*body) == "1a 2n 3c 4fix"


def test_branches_follow_each_other_whole() -> None:
    body = (
        *map(step, ("d", "c2", "c1", "b2", "b1", "a")),
        element("parallelGateway", "fork"), element("parallelGateway", "join"),
        flows("start", "a", "fork", "b1", "b2", "join", "d", "end"), flows("fork", "c1", "c2", "join"),
    )  # fmt: skip
    assert rows(*body) == "1a 2b1 3b2 4c1 5c2 6d"


def test_steps_of_a_subprocess_stand_where_it_stands() -> None:
    inner = element("startEvent", "s") + step("in") + element("endEvent", "e") + flows("s", "in", "e")
    body = (
        step("a", 1), step("b", 2), element("subProcess", "sub", inner),
        flows("start", "a", "sub", "b", "end"),
        element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="sub"),
        step("remind"), flows("late", "remind"),
    )  # fmt: skip
    assert rows(*body) == "1a 2in 3remind 4b"


def test_the_table_the_shapes_and_what_comes_next_have_one_order() -> None:
    content = sop(write='formKey="write" number="1"', review='formKey="review"', file='number="2"')
    definition = read(content).definition
    assert [(one.number, one.element) for one in definition.steps] == [
        (1, "write"),
        (2, "review"),
        (3, "file"),
    ]


def test_a_file_whose_ways_lead_nowhere_is_ordered_all_the_same() -> None:
    calls = element("callActivity", "again", calledElement="q")
    other = f'<bpmn:process id="q">{element("callActivity", "back", calledElement="p")}</bpmn:process>'
    content = diagram(
        start_end(), step("n"), calls, flows("start", "n", "again"), flows("n", "gone"), after=other
    )
    assert rows_of_file(etree.parse(BytesIO(content))) == {"n": 1}
