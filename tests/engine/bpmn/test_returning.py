"""Sending a case back to an earlier step: its token, what waits beside it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.bpmn.guard import read_tree
from engine.bpmn.lint import problems_of
from engine.bpmn.trail import Happening
from engine.errors import Conflict
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import (
    MONDAY,
    Case,
    diagram,
    element,
    flow,
    flows,
    start_end,
    tasks,
    timer,
)

NewCase = Callable[[bytes], Case]
HOUR = timedelta(hours=1)
SEVERAL = element(
    "multiInstanceLoopCharacteristics", "several", "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
)


def beside(id_: str, activity: str, hours: int, *, interrupting: bool = True) -> str:
    """Draw a timer at the edge of an activity."""
    return element(
        "boundaryEvent",
        id_,
        timer("timeDuration", f"PT{hours}H"),
        attachedToRef=activity,
        cancelActivity=str(interrupting).lower(),
    )


def two_branches() -> bytes:
    """Draw: first, then a1–a2 beside b, then last."""
    return diagram(
        start_end(),
        tasks("first", "a1", "a2", "b", "last"),
        element("parallelGateway", "split") + element("parallelGateway", "join"),
        flows("start", "first", "split", "a1", "a2", "join", "last", "end"),
        flows("split", "b", "join"),
    )


def test_the_earlier_step_is_open_in_its_next_round_and_the_later_one_gone(new_case: NewCase) -> None:
    case = new_case(diagram(start_end(), tasks("a", "b", "c"), flows("start", "a", "b", "c", "end"))).start()
    case.complete("a", {"n": 1})
    case.complete("b")
    outcome = case.send_back("c", "a")
    assert [(key.element, key.round) for key in outcome.opened] == [("a", 2)]
    assert outcome.closed == ()
    assert case.variables["a"] == {"n": 1}
    for step in ("a", "b", "c"):
        case.complete(step)
    assert case.finished


def test_timers_beside_the_later_step_go_and_those_of_the_earlier_one_count_anew(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "late"),
            beside("a_late", "a", 1) + beside("b_late", "b", 5),
            flows("start", "a", "b", "end"),
            flows("a_late", "late", "end"),
            flow("b_late", "late"),
        )
    ).start()
    case.complete("a")
    case.later(hours=2)
    case.send_back("b", "a")
    assert {key.element: due for key, due in case.timers.items()} == {"a_late": MONDAY + 3 * HOUR}
    case.fire("a_late")
    assert case.open_elements == ["late"]
    case.complete("late")
    assert case.finished


def test_what_a_timer_beside_the_later_step_began_is_taken_along(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "remind"),
            beside("tick", "b", 1, interrupting=False),
            flows("start", "a", "b", "end"),
            flows("tick", "remind", "end"),
        )
    ).start()
    case.complete("a")
    case.fire("tick")
    outcome = case.send_back("b", "a")
    assert [key.element for key in outcome.closed] == ["remind"]
    case.complete("a")
    case.complete("b")
    assert case.finished


def test_a_branch_goes_back_alone_within_itself(new_case: NewCase) -> None:
    case = new_case(two_branches()).start()
    case.complete("first")
    case.complete("a1")
    case.complete("b")
    case.send_back("a2", "a1")
    for step in ("a1", "a2"):
        assert case.open_elements == [step]
        case.complete(step)
    case.complete("last")
    assert case.finished


@pytest.mark.parametrize("b_is_done", [False, True])
def test_back_to_before_the_branches_takes_all_of_them_along(new_case: NewCase, b_is_done: bool) -> None:
    case = new_case(two_branches()).start()
    case.complete("first")
    case.complete("a1")
    if b_is_done:
        case.complete("b")
    outcome = case.send_back("a2", "first")
    assert [key.element for key in outcome.closed] == ([] if b_is_done else ["b"])
    case.complete("first")
    assert case.open_elements == ["a1", "b"]
    for step in ("a1", "a2", "b", "last"):
        case.complete(step)
    assert case.finished


def test_over_a_whole_pair_of_branches(new_case: NewCase) -> None:
    case = new_case(two_branches()).start()
    for step in ("first", "a1", "a2", "b"):
        case.complete(step)
    case.send_back("last", "first")
    for step in ("first", "b", "a1", "a2", "last"):
        case.complete(step)
    assert case.finished


def test_not_into_a_branch_that_was_joined(new_case: NewCase) -> None:
    case = new_case(two_branches()).start()
    for step in ("first", "a1", "a2", "b"):
        case.complete(step)
    with pytest.raises(Conflict, match="they would not come again"):
        case.send_back("last", "a2")
    assert case.open_elements == ["last"]
    case.complete("last")
    assert case.finished


def test_not_into_the_branch_beside(new_case: NewCase) -> None:
    case = new_case(two_branches()).start()
    case.complete("first")
    case.complete("b")
    with pytest.raises(Conflict, match="does not stand before"):
        case.send_back("a1", "b")


def test_not_forwards_by_way_of_a_loop(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("write", "review"),
            element("exclusiveGateway", "ok", default="ok_write"),
            flows("start", "write", "review", "ok", "write"),
            flow("ok", "end", "review['ok']"),
        )
    ).start()
    case.complete("write")
    case.complete("review", {"ok": False})
    with pytest.raises(Conflict, match="does not stand before"):
        case.send_back("write", "review")
    case.complete("write")
    case.send_back("review", "write")
    assert [key.round for key in case.open] == [3]


def test_branches_in_a_loop_are_those_of_this_time_round(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a1", "a2", "skip", "b"),
            element("parallelGateway", "split") + element("parallelGateway", "join"),
            element("exclusiveGateway", "merge") + element("exclusiveGateway", "way", default="way_a2"),
            element("exclusiveGateway", "meet") + element("exclusiveGateway", "again", default="again_merge"),
            flows("start", "merge", "split", "a1", "way", "a2", "meet", "join", "again", "merge"),
            flow("way", "skip", "False") + flows("skip", "meet") + flows("split", "b", "join"),
            flow("again", "end", "b['over']"),
        )
    ).start()
    for over in (False, True):
        case.complete("a1")
        assert case.send_back("a2", "a1").closed == ()
        case.complete("a1")
        case.complete("b", {"over": over})
        case.send_back("a2", "a1")
        case.complete("a1")
        case.complete("a2")
    assert case.finished


def test_back_to_before_a_loop_of_branches(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("first", "a", "b", "last"),
            element("exclusiveGateway", "again") + element("exclusiveGateway", "over", default="over_again"),
            element("parallelGateway", "split") + element("parallelGateway", "join"),
            flows("start", "first", "again", "split", "a", "join", "last", "over", "again"),
            flows("split", "b", "join") + flow("over", "end", "last['over']"),
        )
    ).start()
    case.complete("first")
    case.complete("b")
    case.send_back("a", "first")
    for step in ("first", "a", "b"):
        case.complete(step)
    case.complete("last", {"over": False})
    assert [key.element for key in case.send_back("a", "first").closed] == ["b"]
    for step in ("first", "a", "b"):
        case.complete(step)
    case.complete("last", {"over": True})
    assert case.finished


def test_back_to_one_of_two_ways_that_met(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("small", "large", "last"),
            element("exclusiveGateway", "way", default="way_small") + element("exclusiveGateway", "meet"),
            flows("start", "way", "small", "meet", "last", "end"),
            flow("way", "large", "False") + flows("large", "meet"),
        )
    ).start()
    case.complete("small")
    case.send_back("last", "small")
    case.complete("small")
    case.complete("last")
    assert case.finished


def test_behind_an_event_gateway_its_events_wait_anew(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "c"),
            element("eventBasedGateway", "first_of"),
            element("intermediateCatchEvent", "soon", timer("timeDuration", "PT1H")),
            element("intermediateCatchEvent", "later", timer("timeDuration", "PT2H")),
            flows("start", "a", "first_of", "soon", "b", "end"),
            flows("first_of", "later", "c", "end"),
        )
    ).start()
    case.complete("a")
    case.fire("soon")
    case.send_back("b", "a")
    case.complete("a")
    assert sorted(key.element for key in case.timers) == ["later", "soon"]
    case.fire("later")
    case.send_back("c", "a")
    case.complete("a")
    case.fire("soon")
    case.complete("b")
    assert case.finished


def test_in_a_subprocess_and_over_one(new_case: NewCase) -> None:
    inside = start_end().replace('"start"', '"in"').replace('"end"', '"out"')
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "z"),
            element("subProcess", "sub", inside + tasks("x", "y") + flows("in", "x", "y", "out")),
            flows("start", "a", "sub", "z", "end"),
        )
    ).start()
    case.complete("a")
    case.complete("x")
    case.send_back("y", "x")
    with pytest.raises(Conflict, match="no task for people"):
        case.send_back("x", "a")
    case.complete("x")
    case.complete("y")
    case.send_back("z", "a")
    for step in ("a", "x", "y", "z"):
        case.complete(step)
    assert case.finished


def test_a_subprocess_beside_is_taken_along_with_what_is_in_it(new_case: NewCase) -> None:
    inside = start_end().replace('"start"', '"in"').replace('"end"', '"out"')
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b"),
            element("parallelGateway", "split") + element("parallelGateway", "join"),
            element("subProcess", "sub", inside + tasks("x") + flows("in", "x", "out")),
            flows("start", "a", "split", "sub", "join", "end"),
            flows("split", "b", "join"),
        )
    ).start()
    case.complete("a")
    assert [key.element for key in case.send_back("b", "a").closed] == ["x"]
    case.complete("a")
    case.complete("x")
    case.complete("b")
    assert case.finished


def test_not_from_one_of_several_nor_to_them(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "z"),
            element("userTask", "each", SEVERAL),
            flows("start", "a", "each", "z", "end"),
        )
    ).start()
    case.complete("a")
    with pytest.raises(Conflict, match="done several times"):
        case.send_back("each", "a")
    case.complete("each")
    case.complete("each")
    with pytest.raises(Conflict, match="done several times"):
        case.send_back("z", "each")
    case.send_back("z", "a")
    for step in ("a", "each", "each", "z"):
        case.complete(step)
    assert case.finished


def test_not_while_the_earlier_step_is_open_again(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "remind"),
            beside("tick", "a", 1, interrupting=False),
            flows("start", "a", "end"),
            flows("tick", "remind", "end"),
        )
    ).start()
    case.fire("tick")
    with pytest.raises(Conflict, match="open already"):
        case.send_back("remind", "a")


def test_not_where_the_diagram_leaves_open_whose_another_task_is(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "c", "x"),
            element("parallelGateway", "whole") + element("exclusiveGateway", "meet"),
            element("parallelGateway", "half"),
            flows("start", "whole", "a", "half", "c", "end"),
            flows("whole", "b", "meet", "x", "end"),
            flow("half", "meet"),
        )
    ).start()
    case.complete("b")
    case.complete("a")
    assert case.open_elements == ["c", "x", "x"]
    with pytest.raises(Conflict, match="leaves open whether"):
        case.send_back("c", "a")
    case.complete("x")
    case.complete("x")
    case.send_back("c", "a")
    assert case.open_elements == ["a"]


def test_a_task_that_is_closed_is_not_sent_back(new_case: NewCase) -> None:
    case = new_case(diagram(start_end(), tasks("a", "b", "c"), flows("start", "a", "b", "c", "end"))).start()
    case.complete("a")
    closed = case.open[0]
    case.complete("b")
    case.open.append(closed)
    with pytest.raises(Conflict, match="no longer open"):
        case.send_back("b", "a")


def returning(id_: str, to: str, inside: str = "") -> str:
    """Draw a task that may send back."""
    own = f'<bpmn:extensionElements><sop:Task returnTo="{to}"/></bpmn:extensionElements>'
    return element("userTask", id_, own + inside)


def told(content: bytes, sandbox: Sandbox) -> list[str]:
    """Give what the lint says of returns."""
    found = problems_of(read_tree(content), sandbox=sandbox)
    return [str(one.sentence) for one in found if one.code == "return-to"]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("first", None),
        ("first first", None),
        ("a2", "would not come again"),
        ("last", "no flow leads from there"),
        ("after", "no flow leads from there"),
        ("gone", "does not exist"),
        ("join", "no step that somebody does"),
        ("inner", "another process or subprocess"),
        ("each", "repeated"),
        (" ".join(f"x{n}" for n in range(11)), "more than 10"),
    ],
)
def test_the_lint_says_why_a_step_cannot_be_sent_back_to(
    sandbox: Sandbox, to: str, words: str | None
) -> None:
    inside = element("startEvent", "in") + element("endEvent", "out") + tasks("inner")
    content = diagram(
        start_end(),
        tasks("first", "a1", "a2", "b", "after"),
        element("userTask", "each", SEVERAL) + returning("last", to),
        element("parallelGateway", "split") + element("parallelGateway", "join"),
        element("subProcess", "sub", inside + flows("in", "inner", "out")),
        flows("start", "first", "sub", "each", "split", "a1", "a2", "join", "last", "after", "end"),
        flows("split", "b", "join"),
    )
    found = told(content, sandbox)
    assert found == [] if words is None else len(found) == 1 and words in found[0]


def test_the_lint_refuses_returns_inside_of_what_is_repeated(sandbox: Sandbox) -> None:
    inside = element("startEvent", "in") + element("endEvent", "out") + tasks("x") + returning("y", "x")
    for repeats, count in ((SEVERAL, 1), ("", 0)):
        body = inside + flows("in", "x", "y", "out") + repeats
        content = diagram(start_end(), element("subProcess", "sub", body), flows("start", "sub", "end"))
        assert len(told(content, sandbox)) == count


def test_a_link_leads_on_as_a_flow_does(sandbox: Sandbox, new_case: NewCase) -> None:
    link = '<bpmn:linkEventDefinition name="on"/>'
    content = diagram(
        start_end(),
        tasks("a") + returning("b", "a"),
        element("intermediateThrowEvent", "there", link) + element("intermediateCatchEvent", "here", link),
        flows("start", "a", "there") + flows("here", "b", "end"),
    )
    assert told(content, sandbox) == []
    case = new_case(content).start()
    case.complete("a")
    case.send_back("b", "a")
    case.complete("a")
    case.complete("b")
    assert case.finished


def test_the_lint_refuses_returns_inside_of_what_events_begin_beside(sandbox: Sandbox) -> None:
    every_hour = timer("timeCycle", "R/PT1H")
    inside = element("endEvent", "out") + tasks("x") + returning("y", "x") + flows("in", "x", "y", "out")
    for interrupting, count in (("false", 1), ("true", 0)):
        body = element("startEvent", "in", every_hour, isInterrupting=interrupting) + inside
        content = diagram(
            start_end(),
            tasks("a"),
            element("subProcess", "sub", body, triggeredByEvent="true"),
            flows("start", "a", "end"),
        )
        assert len(told(content, sandbox)) == count


def test_a_diagram_of_nothing_but_returns_and_joins_is_refused(sandbox: Sandbox) -> None:
    names = [f"t{n}" for n in range(120)]
    body = [returning(name, " ".join(names[max(0, n - 10) : n])) for n, name in enumerate(names)]
    joins = "".join(element("parallelGateway", f"join_{name}") for name in names)
    twice = [flow(name, f"join_{name}", id_=f"twice_{name}") for name in names]
    chain = [one for name in names for one in (name, f"join_{name}")]
    content = diagram(start_end(), *body, joins, *twice, flows("start", *chain, "end"))
    assert told(content, sandbox) == ["returnTo is used too often in so large a diagram"]


def test_a_return_leaves_no_flow_on_the_way(new_case: NewCase) -> None:
    case = new_case(diagram(start_end(), tasks("a", "b"), flows("start", "a", "b", "end"))).start()
    case.complete("a")
    before = case.seen(Happening.FLOW)
    case.send_back("b", "a")
    assert case.seen(Happening.FLOW) == before
