"""Which row a step is: as it says itself, else as it is drawn."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from itertools import permutations

import pytest
from lxml import etree

from engine.bpmn.diff import differences, read_side
from engine.bpmn.names import BPMN, BPMNDI, DC, SOP
from engine.bpmn.step_rows import rows_of_file
from tests.costs import cost
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


def test_what_only_a_boundary_event_leads_to_comes_last() -> None:
    late = element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="a")
    body = step("a"), step("z"), late, step("b"), flows("start", "a", "z", "end"), flows("late", "b", "end")
    assert rows(*body) == "1a 2z 3b"


def test_a_task_without_an_id_is_no_row() -> None:
    assert rows("<bpmn:userTask/>", step("n"), flows("start", "n", "end")) == "1n"
    loose = f'<bpmn:definitions xmlns:bpmn="{BPMN}"><bpmn:process id="p"><bpmn:userTask/></bpmn:process>'
    assert rows_of_file(etree.fromstring(f"{loose}</bpmn:definitions>").getroottree()) == {}


FORK = element("parallelGateway", "fork") + element("parallelGateway", "join")
BRANCHES = [
    flows("fork", "b", "join"),
    flows("fork", "a", "join"),
    flows("start", "fork"),
    flows("join", "end"),
]


def test_the_order_of_elements_and_flows_in_the_file_means_nothing() -> None:
    steps = [step("a"), step("b")]
    assert rows(*steps, FORK, *BRANCHES) == "1a 2b"
    assert rows(*reversed(BRANCHES), FORK, *reversed(steps)) == "1a 2b"


def test_neither_does_the_place_of_a_shape() -> None:
    def drawn(a: int, b: int) -> bytes:
        shapes = "".join(
            f'<i:BPMNShape bpmnElement="{id_}"><c:Bounds x="100" y="{y}" width="9" height="9"/></i:BPMNShape>'
            for id_, y in (("a", a), ("b", b))
        )
        plane = f'<i:BPMNPlane bpmnElement="p">{shapes}</i:BPMNPlane>'
        return diagram(
            start_end(),
            step("a"),
            step("b"),
            FORK,
            *BRANCHES,
            after=f'<i:BPMNDiagram xmlns:i="{BPMNDI}" xmlns:c="{DC}">{plane}</i:BPMNDiagram>',
        )

    assert differences(read_side(drawn(10, 90)), read_side(drawn(90, 10))) == ()


def test_steps_that_are_parallel_are_counted_as_people_count() -> None:
    each = [f"n_{number}" for number in (10, 9, 1)]
    assert rows(*map(step, each), *(flows("start", one) for one in each)) == "1n_1 2n_9 3n_10"


def process(id_: str, *ids: str, runs: str = "true") -> str:
    """Draw a process of some tasks in a row; of one called "calls" what it calls."""
    nodes = "".join(
        element("callActivity", one, calledElement="called") if one == "calls" else step(one) for one in ids
    )
    name = {"id": id_, "name": id_, "isExecutable": runs}
    ends = element("startEvent", f"{id_}.start") + element("endEvent", f"{id_}.end")
    lane = f'<bpmn:laneSet><bpmn:lane id="{id_}.lane" name="Staf"><bpmn:extensionElements>'
    lane += '<sop:Lane role="staff"/></bpmn:extensionElements>'
    lane += "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ids)
    about = "".join(f' {key}="{value}"' for key, value in name.items())
    return (
        f"<bpmn:process{about}>{lane}</bpmn:lane></bpmn:laneSet>{ends}{nodes}"
        f"{flows(f'{id_}.start', *ids, f'{id_}.end')}</bpmn:process>"
    )


@pytest.mark.parametrize("parts", list(permutations(("other", "called", "main"))))
def test_processes_stand_in_the_order_of_the_table_wherever_they_are_in_the_file(
    parts: tuple[str, ...],
) -> None:
    drawn = {
        "other": process("other", "a", "b", runs="false"),
        "called": process("called", "c"),
        "main": process("main", "x", "calls", "z"),
    }
    head = f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:sop="{SOP}" targetNamespace="urn:t">'
    content = f"{head}{''.join(drawn[one] for one in parts)}</bpmn:definitions>".encode()
    table = {one.element: one.number for one in read(content).definition.steps}
    assert table == {"x": 1, "c": 2, "z": 3}
    assert rows_of_file(etree.parse(BytesIO(content))) == table | {"a": 4, "b": 5}  # which are no part of it


def shaped(count: int, shape: str) -> bytes:
    """Draw steps that are reached by gateways: a line of these before one step, or one before each step."""
    ways = {
        "line": [("t{n}", "g0"), ("g{n}", "g{m}")],
        "star": [("t{n}", "g0"), ("g0", "t{n}")],
        "passing": [("g{n}", "t{n}"), ("t{n}", "g{m}"), ("g{n}", "g{m}")],
    }[shape]
    nodes = "".join(step(f"t{n}") + element("exclusiveGateway", f"g{n}") for n in range(count + 1))
    ends = ([end.format(n=n, m=n + 1) for end in way] for n in range(count) for way in ways)
    lines = "".join(f'<bpmn:sequenceFlow sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)
    return diagram(start_end(), nodes, flows("start", "g0"), lines, flows(f"g{count}", f"t{count}"))


@pytest.mark.parametrize("shape", ["line", "star", "passing"])
def test_rows_cost_about_as_much_more_as_the_file_is_longer(shape: str) -> None:
    trees = [etree.parse(BytesIO(shaped(count, shape))) for count in (400, 1600)]
    small, large = (cost(partial(rows_of_file, tree)) for tree in trees)
    assert len(large[1]) == 1601
    assert large[0] < 10 * small[0]  # as its square would be 16 times


def test_calls_within_calls_are_followed_however_many() -> None:
    calls = (element("callActivity", f"c{n}", calledElement=f"q{n + 1}") for n in range(3000))
    parts = "".join(f'<bpmn:process id="q{n}">{call}</bpmn:process>' for n, call in enumerate(calls))
    last = f'<bpmn:process id="q3000">{step("deep")}</bpmn:process>'
    content = diagram(
        start_end(),
        element("callActivity", "c", calledElement="q0"),
        step("a"),
        flows("start", "c", "a"),
        after=parts + last,
    )
    assert rows_of_file(etree.parse(BytesIO(content))) == {"deep": 1, "a": 2}
