"""The paths of every SOP: what is answered decides where the case goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine.actions.revision_steps import RevisionSteps
from engine.bpmn.parse import ReadProcess, read_process
from engine.bpmn.trail import Happening, TrailItem
from engine.bpmn.workflow import Runner
from engine.connectors.email import Email
from engine.connectors.http import Http
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import read_form
from engine.model.instance import Saved
from engine.model.job import Signature
from tests.processes.conftest import LIBRARY, ROOT
from tests.processes.drawing import SOP, Drawing

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MOST_STEPS = 200
CONNECTORS = {
    one.name: Signature(needed=frozenset(one.needed), optional=frozenset(one.optional))
    for one in (Http, Email, RevisionSteps)
}


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
    content = (folder / "process.bpmn").read_bytes()
    return read_process(content, forms=forms, role_keys=frozenset(roles), connectors=CONNECTORS)


def work(sandbox: Sandbox, folder: Path, row: dict[str, Any]) -> list[TrailItem]:
    """Work a case to its end: the nth completion of a step gives its nth answer.

    A connector's nth call fails with its nth code among the failures, else it answers. A message that the
    row has for an event comes as soon as the case waits for it.
    """
    answers: dict[str, list[dict[str, Any]]] = row["answers"]
    failures: dict[str, list[str]] = {name: list(codes) for name, codes in row.get("failures", {}).items()}
    messages: dict[str, dict[str, Any]] = row.get("messages", {})
    version, instance = uuid4(), uuid4()
    process = read(folder)
    runner = Runner(sandbox, lambda _: process.spec)
    begins = {"case": {"year": NOW.year, **row.get("case", {})}}
    outcome = runner.start(version=version, instance=instance, variables=begins, now=NOW)
    trail, open_tasks = list(outcome.trail), list(outcome.opened)
    for guard in range(MOST_STEPS):
        if outcome.finished:
            return trail
        saved = Saved(id=instance, version=version, guard=guard, state=outcome.state)
        if outcome.jobs_set:
            job = outcome.jobs_set[0].key
            codes = failures.get(job.element)
            failed = codes and runner.job_failed(saved, job, code=codes.pop(0), now=NOW)
            outcome = failed or runner.job_done(saved, job, result={}, now=NOW)
        elif came := [one.key for one in outcome.waits_set if one.key.element in messages]:
            outcome = runner.deliver(saved, came[0], payload=messages[came[0].element], now=NOW)
        else:
            key = open_tasks.pop(0)
            given = answers.get(key.element, [])
            sent = given[key.round - 1] if given else {}
            outcome = runner.complete(saved, key, submitted=sent, shared=row.get("shared", {}), now=NOW)
        trail += outcome.trail
        open_tasks += outcome.opened
    pytest.fail(f"not at an end after {MOST_STEPS} steps: {trail[-3:]}")


@pytest.mark.parametrize(("folder", "row"), ROWS)
def test_the_answers_lead_along_the_path(sandbox: Sandbox, folder: Path, row: dict[str, Any]) -> None:
    trail = work(sandbox, folder, row)
    assert [item.element for item in trail if item.what is Happening.ENTERED] == row["path"]


def test_every_flow_is_on_some_path(sandbox: Sandbox, folder: Path) -> None:
    trails = [work(sandbox, folder, row) for row in table(folder)]
    taken = {item.element for trail in trails for item in trail if item.what is Happening.FLOW}
    drawn = {flow.get("id") for flow in Drawing(folder / "process.bpmn").all("sequenceFlow")}
    assert drawn <= taken
