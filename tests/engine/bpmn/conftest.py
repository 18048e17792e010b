"""A sandbox for all tests of a run, and cases that run a diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, spec_of


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(workers=1)
    yield pool
    pool.close()


@pytest.fixture(params=["kept in memory", "loaded each step"])
def new_case(sandbox: Sandbox, request: pytest.FixtureRequest) -> Callable[[bytes], Case]:
    """Make a case of a diagram; every behaviour must be the same from the state text alone."""

    def make(content: bytes) -> Case:
        text = spec_of(content, sandbox)
        runner = Runner(sandbox, lambda _version: text)
        return Case(runner, uuid4(), cached=request.param == "kept in memory")

    return make
