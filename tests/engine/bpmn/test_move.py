"""Whether a case may move to another version where it stands, and that it goes on as the new one says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.bpmn.move import Judgement
from engine.errors import Conflict
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import read_form
from engine.model.definition import LeftDocument, StandardTime, TimeUnit
from engine.model.verdict import Verdict
from tests.engine.bpmn.drawn import MONDAY, diagram, element, flow, flows, start_end, tasks, timer
from tests.engine.bpmn.moving import Versions

Of = Callable[[bytes, bytes], Versions]


@pytest.fixture
def of(sandbox: Sandbox) -> Of:
    return lambda old, new: Versions(sandbox, old, new)


def chain(*steps: str, more: str = "") -> bytes:
    return diagram(start_end(), tasks(*steps), flows("start", *steps, "end"), more)


def gateway(to_if: str, usual: str, condition: str = "v > 0") -> str:
    drawn = element("exclusiveGateway", "g", default=f"g_{usual}")
    return drawn + flow("g", to_if, condition) + flow("g", usual)


def review(*, back_to: str = "write", condition: str = 'review["ok"]') -> bytes:
    """Draw: plan, write, review; back for another round, or on to file."""
    return diagram(
        start_end(),
        tasks("plan", "write", "review", "file"),
        flows("start", "plan", "write", "review", "g"),
        gateway("file", back_to, condition),
        flows("file", "end"),
    )


def said(judgement: Judgement) -> str:
    return str(judgement.reason)


def test_what_only_moved_in_the_drawing_makes_no_difference(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "b", "c"))
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.KEEP
    assert it.judged().may_move
    it.move()
    it.case.complete("b")
    it.case.complete("c")
    assert it.case.finished


def test_a_new_step_ahead_is_come_to(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "b", "x", "c"))
    it.case.start(v=1).complete("a", {"n": 7})
    judged = it.judged()
    assert (judged.verdict, said(judged)) == (
        Verdict.MOVE,
        "After the open step the case comes to the new step X.",
    )
    it.move()
    it.case.complete("b")
    assert it.case.open_elements == ["x"]
    assert it.case.variables["a"] == {"n": 7}
    it.case.complete("x")
    it.case.complete("c")
    assert it.case.finished


def test_a_new_step_further_ahead(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "b", "c", "x"))
    it.case.start()
    assert said(it.judged()) == "The case has not come to what changed. Entries and documents come along."


def test_directly_behind_a_new_step_it_is_blocked_until_mapped_to_it(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "x", "b", "c"))
    it.case.start().complete("a")
    judged = it.judged()
    assert (judged.verdict, judged.may_move) == (Verdict.BLOCKED, False)
    assert (judged.mappable, judged.suggested) == ("b", "x")
    assert said(judged) == "X is new and comes before B, which is open."
    assert str(judged.unblock) == "Choose below that B becomes X, or let the case finish by its own revision."
    mapped = it.judged(b="x")
    assert (mapped.verdict, said(mapped)) == (Verdict.MOVE, "B becomes X.")
    it.move(b="x")
    assert it.case.open_elements == ["x"]
    it.case.complete("x")
    it.case.complete("b")
    assert it.case.open_elements == ["c"]


def test_far_behind_a_new_step_its_own_version_finishes_it(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "x", "b", "c"))
    it.case.start().complete("a")
    it.case.complete("b")
    judged = it.judged()
    assert (judged.verdict, judged.may_move) == (Verdict.KEEP, False)
    assert said(judged) == "The case is already past X, which is new; its own revision finishes it."


def test_a_finished_step_that_is_gone_blocks(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("b", "c"))
    it.case.start().complete("a")
    assert said(it.judged()) == "A has been done, and the new revision does not have it."
    assert it.judged().verdict is Verdict.BLOCKED


def test_an_open_step_that_is_gone_blocks_until_it_is_mapped(of: Of) -> None:
    it = of(chain("a", "b", "c"), chain("a", "x", "c"))
    it.case.start().complete("a")
    assert said(it.judged()) == "B is open, and the new revision does not have it."
    assert it.judged(b="x").verdict is Verdict.MOVE
    assert it.judged(b="nowhere").verdict is Verdict.BLOCKED
    it.move(b="x")
    it.case.complete("x")
    assert it.case.open_elements == ["c"]


def test_an_open_step_becomes_only_a_step_for_people_of_its_own_place(of: Of) -> None:
    inside = element("startEvent", "s") + element("endEvent", "e") + tasks("x") + flows("s", "x", "e")
    new = diagram(
        start_end(), tasks("a"), element("subProcess", "sub", inside), flows("start", "a", "sub", "end")
    )
    it = of(chain("a", "b"), new)
    it.case.start().complete("a")
    assert said(it.judged(b="x")) == "B cannot become X."


def with_form(label: str, *, required: bool = False, description: str = "") -> str:
    field = {
        "type": "textfield",
        "key": "what",
        "label": label,
        "description": description,
        "validate": {"required": required},
    }
    return json.dumps({"type": "default", "components": [field]})


@pytest.mark.parametrize(
    ("form", "verdict"),
    [
        (with_form("What is it?", description="Put plainly"), Verdict.KEEP),
        (with_form("What is it not?"), Verdict.BLOCKED),
        (with_form("What is it?", required=True), Verdict.BLOCKED),
    ],
)
def test_the_form_of_a_finished_step_may_change_its_help_only(of: Of, form: str, verdict: Verdict) -> None:
    it = of(chain("a", "b"), chain("a", "b"))
    for version, text in ((it.old, with_form("What is it?")), (it.new, form)):
        first, second = it.steps[version]
        it.steps[version] = (replace(first, form_key="f"), second)
        it.forms[version] = {"f": read_form("f", text)}
    it.case.start()
    assert it.judged().verdict is Verdict.MOVE
    it.case.complete("a")
    assert it.judged().verdict is verdict
    if verdict is Verdict.BLOCKED:
        assert said(it.judged()) == "A has been done, and its form changed in the new revision."


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"role": "sekdin"}, "who does it"),
        ({"outputs": (LeftDocument(name="Draft", printed="Draft"),)}, "its documents"),
    ],
)
def test_what_a_finished_step_is_may_not_change(of: Of, changes: dict[str, object], what: str) -> None:
    it = of(chain("a", "b"), chain("a", "b"))
    first, second = it.steps[it.new]
    it.steps[it.new] = (replace(first, **changes), second)  # type: ignore[arg-type]
    it.case.start()
    assert it.judged().verdict is Verdict.MOVE
    it.case.complete("a")
    assert said(it.judged()) == f"A has been done, and {what} changed in the new revision."


def test_the_wording_in_which_documents_are_printed_may_change(of: Of) -> None:
    it = of(chain("a", "b"), chain("a", "b"))
    for version, printed in ((it.old, "Draft surat"), (it.new, "Konsep surat")):
        first, second = it.steps[version]
        it.steps[version] = (replace(first, outputs=(LeftDocument(name="Draft", printed=printed),)), second)
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.KEEP


def test_name_and_standard_time_of_a_finished_step_may_change(of: Of) -> None:
    it = of(chain("a", "b"), chain("a", "b"))
    first, second = it.steps[it.new]
    time = StandardTime(value=2, unit=TimeUnit.WORKING_DAY)
    it.steps[it.new] = (replace(first, name="Other", standard_time=time), replace(second, standard_time=time))
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.MOVE
    it.steps[it.new] = (replace(first, name="Other", standard_time=time), second)
    assert it.judged().verdict is Verdict.KEEP


def test_a_condition_that_decided_may_not_change(of: Of) -> None:
    it = of(review(), review(condition='review["ok"] and review["sure"]'))
    it.case.start().complete("plan")
    it.case.complete("write")
    assert it.judged().verdict is Verdict.MOVE
    it.case.complete("review", {"ok": True})
    judged = it.judged()
    assert (judged.verdict, said(judged)) == (
        Verdict.BLOCKED,
        "g has been done, and the ways that lead on from it changed in the new revision.",
    )


def test_where_no_leads_may_change_while_nobody_went_there(of: Of) -> None:
    """The open question of many an SOP: where a refused draft goes back to."""
    it = of(review(), review(back_to="plan"))
    it.case.start().complete("plan")
    it.case.complete("write")
    assert it.judged().verdict is Verdict.MOVE
    it.case.complete("review", {"ok": True})
    assert it.judged().verdict is Verdict.KEEP
    assert it.judged().may_move


def test_where_no_led_may_not_change_behind_a_case(of: Of) -> None:
    it = of(review(), review(back_to="plan"))
    it.case.start().complete("plan")
    it.case.complete("write")
    it.case.complete("review", {"ok": False})
    judged = it.judged()
    assert (judged.verdict, judged.may_move) == (Verdict.KEEP, False)
    assert said(judged).startswith("The case went from g to Write, and the new revision leads elsewhere")


# -- what waits


def late(hours: int, *, interrupting: bool = False, name: str = "late") -> str:
    return element(
        "boundaryEvent",
        name,
        timer("timeDuration", f"PT{hours}H"),
        attachedToRef="a",
        cancelActivity=str(interrupting).lower(),
    )


def beside(hours: int | None, name: str = "late") -> bytes:
    events = "" if hours is None else late(hours, name=name) + tasks("remind") + flows(name, "remind", "end")
    return chain("a", "b", more=events)


def test_a_timer_at_the_edge_of_an_open_step_is_made_anew_from_when_the_step_was_opened(of: Of) -> None:
    it = of(beside(5), beside(9))
    it.case.start()
    (key,) = it.case.timers
    it.case.later(hours=2)
    assert it.judged().verdict is Verdict.MOVE
    it.runner.forget(it.case.id)
    opened = dict.fromkeys(it.case.open, MONDAY)
    state = it.runner.move(it.case.saved, it.new, mapping={}, since=opened, now=it.case.now)
    assert dict(state.outcome.timers_set) == {replace(key, round=2): MONDAY + timedelta(hours=9)}
    assert state.outcome.timers_cleared == (key,)


def test_a_timer_that_is_as_it_was_stays(of: Of) -> None:
    it = of(beside(5), chain("a", "b", "c", more=late(5) + tasks("remind") + flows("late", "remind", "end")))
    it.case.start()
    before = dict(it.case.timers)
    it.move()
    assert it.case.timers == before
    it.case.fire("late")
    assert it.case.open_elements == ["a", "remind"]


def test_a_timer_may_be_added_to_an_open_step_and_taken_away(of: Of) -> None:
    it = of(chain("a", "b"), beside(5))
    it.case.start()
    it.move()
    assert [key.element for key in it.case.timers] == ["late"]
    it.case.fire("late")
    it.case.complete("a")
    assert it.case.open_elements == ["b", "remind"]
    back = of(beside(5), chain("a", "b"))
    back.case.start()
    back.move()
    assert back.case.timers == {}
    back.case.complete("a")
    back.case.complete("b")
    assert back.case.finished


def test_a_timer_that_has_fired_once_does_not_fire_again(of: Of) -> None:
    it = of(beside(5), beside(5))
    it.case.start()
    it.case.fire("late")
    it.move()
    assert it.case.timers == {}


def waiting(inside: str) -> bytes:
    return diagram(
        start_end(),
        tasks("a", "b"),
        element("intermediateCatchEvent", "pause", inside),
        flows("start", "a", "pause", "b", "end"),
    )


def test_what_has_begun_to_wait_keeps_its_time_and_must_stay_of_its_kind(of: Of) -> None:
    hours = waiting(timer("timeDuration", "PT5H"))
    it = of(hours, waiting(timer("timeDuration", "PT50H")))
    it.case.start().complete("a")
    before = dict(it.case.timers)
    assert it.judged().may_move
    it.move()
    assert it.case.timers == before
    other = of(
        hours,
        waiting(element("conditionalEventDefinition", "c", "<bpmn:condition>v > 1</bpmn:condition>")),
    )
    other.case.start(v=0).complete("a")
    assert (
        said(other.judged()) == "The case waits at pause, which waits for something else in the new revision."
    )
    gone = of(hours, chain("a", "b"))
    gone.case.start().complete("a")
    assert said(gone.judged()) == "The case waits at pause, and the new revision does not have it."


def parallel(*second: str, third: str = "") -> bytes:
    more = tasks(third) + flows("split", third, "join") if third else ""
    return diagram(
        start_end(),
        tasks("a", *second, "last"),
        element("parallelGateway", "split") + element("parallelGateway", "join"),
        flows("start", "split", "a", "join", "last", "end"),
        flows("split", *second, "join"),
        more,
    )


def test_a_part_that_waits_for_others_goes_on_with_them(of: Of) -> None:
    it = of(parallel("b"), parallel("b", "c"))
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.MOVE
    it.move()
    it.case.complete("b")
    assert it.case.open_elements == ["c"]
    it.case.complete("c")
    assert it.case.open_elements == ["last"]


def test_a_part_does_not_wait_for_others_that_never_come(of: Of) -> None:
    it = of(parallel("b"), parallel("b", third="c"))
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.BLOCKED


def nested(*inside: str, repeated: str = "") -> bytes:
    body = element("startEvent", "s") + element("endEvent", "e") + tasks(*inside) + flows("s", *inside, "e")
    return diagram(
        start_end(),
        tasks("a", "b"),
        element("subProcess", "sub", body + repeated, name="Part"),
        flows("start", "a", "sub", "b", "end"),
    )


def test_inside_a_changed_subprocess_it_is_blocked_and_before_it_is_not(of: Of) -> None:
    it = of(nested("x"), nested("x", "y"))
    it.case.start()
    assert it.judged().verdict is Verdict.MOVE
    it.case.complete("a")
    judged = it.judged()
    assert (judged.verdict, said(judged)) == (
        Verdict.BLOCKED,
        "The case stands inside Part, and that changed.",
    )
    assert str(judged.unblock) == "Move the case when it has left Part."


def test_inside_a_subprocess_that_is_as_it_was_it_moves(of: Of) -> None:
    new = (
        nested("x")
        .replace(b'<bpmn:userTask id="b"', b'<bpmn:userTask id="later"')
        .replace(b'sourceRef="b"', b'sourceRef="later"')
        .replace(b'targetRef="b"', b'targetRef="later"')
    )
    it = of(nested("x"), new)
    it.case.start().complete("a")
    assert it.judged().verdict is Verdict.MOVE
    it.move()
    it.case.complete("x")
    assert it.case.open_elements == ["later"]


def several(count: int, *more: str) -> bytes:
    cardinality = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    loop = element("multiInstanceLoopCharacteristics", "several", cardinality)
    return diagram(
        start_end(),
        tasks(*more),
        element("userTask", "each", loop, name="Each"),
        flows("start", "each", *more, "end"),
    )


def test_several_open_instances_move_only_where_they_are_as_they_were(of: Of) -> None:
    it = of(several(3), several(4))
    it.case.start()
    assert said(it.judged()) == "Each is under way in several parts, and it changed."
    same = of(several(3), several(3, "x"))
    same.case.start().complete("each")
    assert same.judged().verdict is Verdict.MOVE
    same.move()
    same.case.complete("each")
    same.case.complete("each")
    assert same.case.open_elements == ["x"]


def watched(hours: int | None, *more: str) -> bytes:
    inside = (
        element("startEvent", "s", timer("timeDuration", f"PT{hours}H"))
        + element("endEvent", "e")
        + tasks("escalate")
        + flows("s", "escalate", "e")
    )
    handler = element("subProcess", "watch", inside, name="Watch", triggeredByEvent="true") if hours else ""
    return chain("a", "b", *more, more=handler)


def test_an_event_subprocess_may_not_be_added_to_an_open_case(of: Of) -> None:
    it = of(watched(None), watched(5))
    it.case.start()
    assert said(it.judged()) == (
        "Watch can begin at any time in this case, and was added, removed or changed."
    )
    same = of(watched(5), watched(5, "x"))
    same.case.start()
    assert same.judged().verdict is Verdict.MOVE
    same.move()
    same.case.fire("s")
    assert same.case.open_elements == ["escalate"]


def test_a_case_is_not_moved_where_it_would_not_stand(of: Of) -> None:
    """Whoever forgets to ask for the verdict is stopped all the same."""
    it = of(chain("a", "b"), chain("x", "y"))
    it.case.start()
    with pytest.raises(Conflict):
        it.move()


# -- what a join waits for, and what fires once


def both(*drawn: str, ways: tuple[tuple[str, ...], ...], steps: tuple[str, ...]) -> bytes:
    gates = element("parallelGateway", "fork") + element("parallelGateway", "meet")
    return diagram(start_end(), gates, tasks(*steps), *(flows(*way) for way in ways), *drawn)


def test_a_step_becomes_none_on_a_branch_that_nothing_runs_beside(of: Of) -> None:
    new = both(
        steps=("a0", "x", "y", "c"),
        ways=(("start", "a0", "fork", "x", "meet"), ("fork", "y", "meet"), ("meet", "c", "end")),
    )
    it = of(chain("a"), new)
    it.case.start()
    assert said(it.judged(a="x")) == "A cannot become X."
    assert it.judged(a="a0").may_move
    assert it.judged(a="c").verdict is Verdict.MOVE


def test_a_step_becomes_none_of_another_branch(of: Of) -> None:
    old = both(steps=("a", "b"), ways=(("start", "fork", "a", "meet", "end"), ("fork", "b", "meet")))
    new = both(
        steps=("a2", "b", "c"), ways=(("start", "fork", "a2", "meet", "end"), ("fork", "b", "c", "meet"))
    )
    it = of(old, new)
    it.case.start()
    assert said(it.judged(a="c")) == "A cannot become C."
    assert said(it.judged(a="a2", b="a2")) == "A cannot become A2."


def test_what_waits_once_does_not_begin_to_wait_again_and_again(of: Of) -> None:
    def handled(inside: str) -> bytes:
        body = element("startEvent", "s", inside, isInterrupting="false") + element("endEvent", "e")
        watch = element("subProcess", "watch", body + flows("s", "e"), triggeredByEvent="true")
        return diagram(start_end(), tasks("a", "b"), flows("start", "a", "b", "end"), watch)

    it = of(handled(timer("timeDuration", "PT5H")), handled(timer("timeCycle", "R3/PT5H")))
    it.case.start()
    assert it.judged().verdict is Verdict.BLOCKED


def test_a_timer_at_another_step_of_where_the_case_stands_is_a_change(of: Of) -> None:
    def timed(at: str) -> bytes:
        edge = element("boundaryEvent", "late", timer("timeDuration", "PT5H"), attachedToRef=at)
        body = element("startEvent", "s") + tasks("a", "b") + element("endEvent", "e") + edge
        body += element("endEvent", "e2") + flows("s", "a", "b", "e") + flows("late", "e2")
        return diagram(start_end(), element("subProcess", "sub", body), flows("start", "sub", "end"))

    it = of(timed("a"), timed("b"))
    it.case.start()
    assert said(it.judged()).startswith("The case stands inside")
