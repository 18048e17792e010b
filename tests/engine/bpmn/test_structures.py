"""Random diagrams built of blocks: what runs must be what the blocks mean."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, diagram, element, flow, spec_of, start_end, tasks

# A block is a task, or a kind of gateway with the blocks between it and its counterpart.
Block = str | tuple[str, list["Block"]]
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just("task"),
    lambda inner: st.tuples(
        st.sampled_from(
            ["sequence", "parallelGateway", "exclusiveGateway", "inclusiveGateway", "subProcess", "implicit"]
        ),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=8,
)


@dataclass
class Drawing:
    """Draws blocks, and counts which tasks must be done."""

    chance: random.Random
    body: list[str] = field(default_factory=list)
    expected: Counter[str] = field(default_factory=Counter)
    serial: int = 0

    def name(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}_{self.serial}"

    def connect(self, source: str, target: str, condition: str = "") -> None:
        self.body.append(flow(source, target, condition, id_=self.name("flow")))

    def block(self, block: Block, runs: bool) -> tuple[str, str]:
        """Draw a block; give its first and last element."""
        if isinstance(block, str):
            name = self.name("task")
            self.body.append(tasks(name))
            self.expected[name] += int(runs)
            return name, name
        kind, parts = block
        if kind == "sequence":
            drawn = [self.block(part, runs) for part in parts]
            for (_, last), (first, _) in pairwise(drawn):
                self.connect(last, first)
            return drawn[0][0], drawn[-1][1]
        if kind == "subProcess":
            return self.subprocess(parts, runs)
        return self.branches(kind, parts, runs)

    def subprocess(self, parts: list[Block], runs: bool) -> tuple[str, str]:
        outside, self.body = self.body, []
        start, end, name = self.name("start"), self.name("end"), self.name("sub")
        first, last = self.block(("sequence", parts), runs)
        self.body += [element("startEvent", start), element("endEvent", end)]
        self.connect(start, first)
        self.connect(last, end)
        outside.append(element("subProcess", name, "".join(self.body)))
        self.body = outside
        return name, name

    def branches(self, kind: str, parts: list[Block], runs: bool) -> tuple[str, str]:
        opens, closes = self.name("opens"), self.name("closes")
        join = "parallelGateway" if kind == "implicit" else kind
        self.body.append(tasks(opens) if kind == "implicit" else element(kind, opens))
        self.expected[opens] += int(runs and kind == "implicit")
        self.body.append(element(join, closes))
        chosen = self.chance.randrange(len(parts))
        for number, part in enumerate(parts):
            taken = kind in ("parallelGateway", "implicit") or number == chosen
            taken = taken or (kind == "inclusiveGateway" and self.chance.random() < 0.5)
            first, last = self.block(part, runs and taken)
            self.connect(opens, first, "" if kind in ("parallelGateway", "implicit") else str(taken))
            self.connect(last, closes)
        return opens, closes


@settings(max_examples=60)
@given(block=BLOCKS, seed=st.integers(0, 2**32), cached=st.booleans())
def test_every_task_of_a_taken_branch_is_done_once_and_no_other(
    sandbox: Sandbox, block: Block, seed: int, cached: bool
) -> None:
    chance = random.Random(seed)
    drawing = Drawing(chance)
    first, last = drawing.block(block, runs=True)
    drawing.connect("start", first)
    drawing.connect(last, "end")
    text = spec_of(diagram(start_end(), *drawing.body), sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4(), cached=cached).start()
    done: Counter[str] = Counter()
    while not case.finished:
        key = chance.choice(case.open)
        case.complete(key, {"n": sum(done.values())})
        done[key.element] += 1
    assert done == +drawing.expected
    assert set(case.variables) == set(done)
