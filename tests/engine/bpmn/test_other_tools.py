"""Diagrams as other programs write them: what is only theirs is no reason to refuse what runs as drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.lint import lint_file
from engine.bpmn.trace import Limits, trace
from engine.expressions.sandbox import Sandbox

FILES = sorted((Path(__file__).parent / "other_tools").glob("*.bpmn"))
NOTED = {"bpmn-js-pools", "camunda-7", "camunda-8", "flowable", "signavio", "jbpm", "jbpm-foreach", "bizagi"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_valid_diagram_of_another_program_is_accepted_and_runs(path: Path, sandbox: Sandbox) -> None:
    linted = lint_file(path, sandbox)
    assert linted.problems == ()
    assert bool(linted.notes) == (path.stem in NOTED)
    done = trace(
        path.read_bytes(), variables={"x": 2, "list": ["a"]}, limits=Limits(steps=100), sandbox=sandbox
    )
    assert done.status == "completed"
    assert done.steps[-1].type == "endEvent"


def test_there_are_such_diagrams() -> None:
    assert len(FILES) == 13
    assert {path.stem for path in FILES} > NOTED
