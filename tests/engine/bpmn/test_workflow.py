"""The runner: what it promises to the actions that save its outcomes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Barrier
from uuid import uuid4

import pytest

from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner, variables_of
from engine.errors import Conflict, ProcessFailed
from engine.expressions.sandbox import Sandbox
from engine.model.instance import Saved
from engine.model.task import TaskKey
from tests.engine.bpmn.drawn import MONDAY, Case, diagram, element, flow, flows, spec_of, start_end, tasks

NewCase = Callable[[bytes], Case]
THIRTEEN = Path(__file__).with_name("thirteen_steps.bpmn").read_bytes()
LOOP = diagram(
    start_end(),
    tasks("draft", "review"),
    element("exclusiveGateway", "ok", default="ok_draft", name="Good enough?"),
    flows("start", "draft", "review", "ok"),
    flow("ok", "end", 'review["answer"] == "Ya"'),
    flow("ok", "draft", id_="ok_draft"),
)


def test_thirteen_steps_with_one_refusal(new_case: NewCase) -> None:
    case = new_case(THIRTEEN).start(case={"year": 2026})
    worked = []
    answers = iter(["Tidak", "Ya"])
    while not case.finished:
        (key,) = case.open
        worked.append((key.element, key.round))
        case.complete(
            key.element, {"answer": next(answers)} if key.element == "step_10" else {"n": len(worked)}
        )
    once = [(f"step_{n}", 1) for n in range(1, 11)]
    assert worked == [*once, ("step_9", 2), ("step_10", 2), ("step_11", 1), ("step_12", 1), ("step_13", 1)]
    assert case.variables["case"] == {"year": 2026}
    assert case.variables["step_9"] == {"n": 11}
    assert case.seen(Happening.FLOW).count("flow_no") == 1


def test_an_outcome_tells_everything_that_happened_in_order(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    case.complete("draft")
    outcome = case.complete("review", {"answer": "Tidak"})
    assert [(item.what.value, item.element, item.type, item.round, item.value) for item in outcome.trail] == [
        ("completed", "review", "userTask", 1, None),
        ("flow", "review_ok", "sequenceFlow", 0, None),
        ("entered", "ok", "exclusiveGateway", 1, None),
        ("value", "ok", "exclusiveGateway", 1, False),
        ("completed", "ok", "exclusiveGateway", 1, None),
        ("flow", "ok_draft", "sequenceFlow", 0, None),
        ("entered", "draft", "userTask", 2, None),
        ("opened", "draft", "userTask", 2, None),
    ]
    assert outcome.trail[2].name == "Good enough?"
    assert outcome.opened == (TaskKey(element="draft", round=2),)
    assert json.dumps([item.to_json() for item in outcome.trail])


def test_a_failing_condition_leaves_the_task_open(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    case.complete("draft")
    for _ in range(2):
        with pytest.raises(ProcessFailed, match="Good enough\\?") as failed:
            case.complete("review", {"reply": "Ya"})
        assert (failed.value.element, failed.value.name) == ("ok", "Good enough?")
    case.complete("review", {"answer": "Ya"})
    assert case.finished


def test_what_was_rolled_back_is_not_kept(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    key = TaskKey(element="draft", round=1)
    never_saved = case.runner.complete(case.saved, key, submitted={"n": 1}, shared={}, now=MONDAY)
    again = case.runner.complete(case.saved, key, submitted={"n": 2}, shared={}, now=MONDAY)
    assert never_saved.variables["draft"] == {"n": 1}
    assert again.variables["draft"] == {"n": 2}
    assert again.opened == (TaskKey(element="review", round=1),)


def test_the_same_number_saved_by_another_process_is_not_mistaken_for_ours(
    new_case: NewCase, sandbox: Sandbox
) -> None:
    case = new_case(LOOP).start()
    text = spec_of(LOOP, sandbox)
    other = Runner(sandbox, lambda _version: text)
    theirs = other.complete(
        case.saved, TaskKey(element="draft", round=1), submitted={"by": "them"}, shared={}, now=MONDAY
    )
    case.complete("draft", {"by": "us"})
    saved = replace(case.saved, state=theirs.state)
    outcome = case.runner.complete(
        saved, TaskKey(element="review", round=1), submitted={"answer": "Tidak"}, shared={}, now=MONDAY
    )
    assert outcome.variables["draft"] == {"by": "them"}


def test_a_task_is_completed_once(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    case.complete("draft")
    for key in (
        TaskKey(element="draft", round=1),
        TaskKey(element="review", round=2),
        TaskKey(element="ok", round=1),
        TaskKey(element="nothing", round=1),
    ):
        with pytest.raises(Conflict, match="no longer open"):
            case.complete(key)
    assert case.open_elements == ["review"]


def test_what_was_submitted_belongs_to_the_case_from_then_on(new_case: NewCase) -> None:
    case = new_case(LOOP)
    given = {"rows": [1]}
    case.start(table=given)
    submitted = {"rows": [{"n": 1}]}
    shared = {"table": {"rows": [2]}}
    case.complete("draft", submitted, shared)
    given["rows"].append(9)
    submitted["rows"][0]["n"] = 9
    shared["table"]["rows"].append(9)
    case.variables["draft"]["rows"].append(9)
    case.complete("review", {"answer": "Tidak"})
    assert case.variables["draft"] == {"rows": [{"n": 1}]}
    assert case.variables["table"] == {"rows": [2]}
    assert variables_of(case.state) == case.variables


def test_a_thousand_rounds_cost_no_more_than_ten(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    spent = {}
    for round_ in range(1, 1001):
        before = time.thread_time()
        case.complete("draft", {"n": round_})
        case.complete("review", {"answer": "Tidak"})
        case.history.clear()
        spent[round_] = time.thread_time() - before
        assert case.open == [TaskKey(element="draft", round=round_ + 1)]
    early, end = (median(spent[n] for n in some) for some in (range(10, 110), range(901, 1001)))
    assert end < 3 * early
    assert len(case.state) < 400
    case.complete("draft")
    case.complete("review", {"answer": "Ya"})
    assert case.finished


def test_the_state_holds_no_data_of_finished_tasks(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    for n in range(20):
        case.complete("draft", {"text": f"draft number {n}"})
        case.complete("review", {"answer": "Tidak"})
    assert case.state.count("draft number") == 1
    kept = json.loads(case.state)
    assert len(kept["tasks"]) == 1
    assert (kept["format"], kept["serializer"]) == (1, "1.5")


def test_a_state_of_another_format_is_not_loaded(new_case: NewCase) -> None:
    case = new_case(LOOP).start()
    state = case.state.replace('"format":1', '"format":2')
    saved = Saved(id=uuid4(), version=case.version, guard=9, state=state)
    with pytest.raises(ValueError, match="2"):
        case.runner.complete(saved, TaskKey(element="draft", round=1), submitted={}, shared={}, now=MONDAY)


def test_the_stored_spec_is_read_once(sandbox: Sandbox) -> None:
    text, asked = spec_of(LOOP, sandbox), []

    def stored(version: object) -> str:
        asked.append(version)
        return text

    runner = Runner(sandbox, stored)
    version = uuid4()
    for _ in range(3):
        Case(runner, version).start().complete("draft")
    assert asked == [version]


def test_threads_that_load_a_version_at_once_have_one_share_of_the_sandbox(sandbox: Sandbox) -> None:
    """With one each they would keep all of its workers busy, and everybody else waiting."""
    text, line = spec_of(LOOP, sandbox), Barrier(3, timeout=60)

    def stored(_version: object) -> str:
        line.wait()
        return text

    runner, version = Runner(sandbox, stored), uuid4()
    with ThreadPoolExecutor(3) as threads:
        loaded = list(threads.map(runner._empty, [version] * 3))
    assert len({id(live.script_engine) for live in loaded}) == 1


def test_only_a_few_cases_are_kept_in_memory(sandbox: Sandbox) -> None:
    text = spec_of(LOOP, sandbox)
    runner = Runner(sandbox, lambda _version: text, live_limit=2)
    version = uuid4()
    cases = [Case(runner, version).start(n=n) for n in range(5)]
    for case in cases:
        case.complete("draft")
    runner.forget(cases[0].id)
    for n, case in enumerate(cases):
        case.complete("review", {"answer": "Tidak"})
        assert case.variables["n"] == n


def test_threads_run_cases_of_one_version_side_by_side(sandbox: Sandbox) -> None:
    text = spec_of(THIRTEEN, sandbox)
    runner, version = Runner(sandbox, lambda _version: text), uuid4()

    def work(n: int) -> object:
        case = Case(runner, version).start(n=n)
        while not case.finished:
            (key,) = case.open
            case.complete(key.element, {"answer": "Ya", "n": n})
        return case.variables["step_13"]["n"]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(work, range(40))) == list(range(40))
