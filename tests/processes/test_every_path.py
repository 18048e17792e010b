"""The paths of every SOP: what is answered decides where the case goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine.bpmn.parse import ReadProcess, read_process
from engine.bpmn.trail import Happening, TrailItem
from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import read_form
from engine.model.instance import Saved
from tests.processes.conftest import LIBRARY, ROOT
from tests.processes.drawing import SOP, Drawing

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MOST_STEPS = 200


def table(folder: Path) -> list[dict[str, Any]]:
    """Read the table of paths of a process."""
    path = ROOT / "tests" / "processes" / "paths" / f"{folder.name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


ROWS = [
    pytest.param(folder, row, id=f"{folder.name}: {row['name']}")
    for folder in LIBRARY
    for row in table(folder)
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Give the sandbox that conditions run in."""
    pool = Sandbox()
    yield pool
    pool.close()


def read(folder: Path) -> ReadProcess:
    """Read a process with its forms, as deploying it does."""
    roles = {lane.get("role") for lane in Drawing(folder / "process.bpmn").root.iter(SOP + "Lane")}
    forms = {
        path.stem: read_form(path.stem, path.read_text(encoding="utf-8"))
        for path in (ROOT / "forms" / folder.name).glob("*.json")
    }
    return read_process((folder / "process.bpmn").read_bytes(), forms=forms, role_keys=frozenset(roles))


def work(sandbox: Sandbox, folder: Path, answers: dict[str, list[dict[str, Any]]]) -> list[TrailItem]:
    """Work a case to its end: the nth completion of a step gives its nth answer."""
    version, instance = uuid4(), uuid4()
    process = read(folder)
    runner = Runner(sandbox, lambda _: process.spec)
    outcome = runner.start(version=version, instance=instance, variables={}, now=NOW)
    trail, open_tasks = list(outcome.trail), list(outcome.opened)
    for guard in range(MOST_STEPS):
        if outcome.finished:
            return trail
        key = open_tasks.pop(0)
        given = answers.get(key.element, [])
        outcome = runner.complete(
            Saved(id=instance, version=version, guard=guard, state=outcome.state),
            key,
            submitted=given[key.round - 1] if given else {},
            shared={},
            now=NOW,
        )
        trail += outcome.trail
        open_tasks += outcome.opened
    pytest.fail(f"not at an end after {MOST_STEPS} steps: {trail[-3:]}")


@pytest.mark.parametrize(("folder", "row"), ROWS)
def test_the_answers_lead_along_the_path(sandbox: Sandbox, folder: Path, row: dict[str, Any]) -> None:
    trail = work(sandbox, folder, row["answers"])
    assert [item.element for item in trail if item.what is Happening.ENTERED] == row["path"]


def test_every_flow_is_on_some_path(sandbox: Sandbox, folder: Path) -> None:
    trails = [work(sandbox, folder, row["answers"]) for row in table(folder)]
    taken = {item.element for trail in trails for item in trail if item.what is Happening.FLOW}
    drawn = {flow.get("id") for flow in Drawing(folder / "process.bpmn").all("sequenceFlow")}
    assert drawn <= taken
