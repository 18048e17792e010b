"""Random diagrams, and cases that are sent back at random: what is open must be what the blocks mean."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.workflow import Runner
from engine.errors import Conflict
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, diagram, element, flow, spec_of, start_end, tasks

Block = str | tuple[str, list["Block"]]
KINDS = [
    "sequence",
    "loop",
    "parallelGateway",
    "exclusiveGateway",
    "inclusiveGateway",
    "subProcess",
    "implicit",
]
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just("task"),
    lambda inner: st.tuples(st.sampled_from(KINDS), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=8,
)
JOINED = ("parallelGateway", "inclusiveGateway")


@dataclass
class Node:
    """A block as it was drawn: a task, several in a row, branches, or a subprocess."""

    kind: str
    name: str = ""
    parts: list[Node] = field(default_factory=list)  # of branches: those that are taken
    ends: tuple[str, str] = ("", "")
    holder: Node | None = None

    def holders(self) -> Iterator[Node]:
        """Give the block and those around it, from the inside out."""
        yield self
        if self.holder is not None:
            yield from self.holder.holders()

    def tasks(self) -> Iterator[Node]:
        """Give every task that is to be done."""
        if self.kind == "task":
            yield self
        for part in self.parts:
            yield from part.tasks()

    def open(self, done: set[str]) -> set[str]:
        """Give the tasks that must be open when some are done."""
        if self.kind == "task":
            return set() if self.name in done else {self.name}
        found = [part.open(done) for part in self.parts]
        if self.kind == "sequence":
            return next((part for part in found if part), set())
        return set().union(*found)


@dataclass
class Drawing:
    """Draws blocks."""

    chance: random.Random
    body: list[str] = field(default_factory=list)
    serial: int = 0
    loops: dict[str, Node] = field(default_factory=dict)  # by the task that decides whether they go on

    def name(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}_{self.serial}"

    def connect(self, source: str, target: str, condition: str = "") -> None:
        self.body.append(flow(source, target, condition, id_=self.name("flow")))

    def block(self, block: Block, holder: Node | None = None) -> Node:
        if isinstance(block, str):
            name = self.name("task")
            self.body.append(tasks(name))
            return Node("task", name, ends=(name, name), holder=holder)
        kind, parts = block
        if kind in ("sequence", "subProcess"):
            return self.row(kind, parts, holder)
        if kind == "implicit":
            return self.row("sequence", ["task", ("parallelGateway", parts)], holder)
        if kind == "loop":
            return self.loop(parts, holder)
        return self.branches(kind, parts, holder)

    def loop(self, parts: list[Block], holder: Node | None) -> Node:
        merge, choice = self.name("merge"), self.name("choice")
        node = self.row("sequence", [*parts, "task"], holder)
        decides = node.parts[-1].name
        self.loops[decides] = node
        again = self.name("again")
        self.body.append(element("exclusiveGateway", merge))
        self.body.append(element("exclusiveGateway", choice, default=again))
        self.connect(merge, node.ends[0])
        self.connect(decides, choice)
        self.body.append(flow(choice, merge, id_=again))
        self.body.append(element("exclusiveGateway", self.name("over")))
        over = f"over_{self.serial}"
        self.connect(choice, over, f"{decides}['over']")
        node.ends = (merge, over)
        return node

    def row(self, kind: str, parts: list[Block], holder: Node | None) -> Node:
        outside, self.body = self.body, []
        node = Node("sequence", holder=holder)
        if kind == "subProcess":
            holder = Node("subProcess", holder=holder)
            node.holder = holder
        node.parts = [self.block(part, node) for part in parts]
        for one, other in pairwise(node.parts):
            self.connect(one.ends[1], other.ends[0])
        node.ends = (node.parts[0].ends[0], node.parts[-1].ends[1])
        if kind == "sequence" or holder is None:
            self.body = outside + self.body
            return node
        start, end, name = self.name("start"), self.name("end"), self.name("sub")
        self.body += [element("startEvent", start), element("endEvent", end)]
        self.connect(start, node.ends[0])
        self.connect(node.ends[1], end)
        self.body = [*outside, element("subProcess", name, "".join(self.body))]
        holder.parts, holder.ends = [node], (name, name)
        return holder

    def branches(self, kind: str, parts: list[Block], holder: Node | None) -> Node:
        opens, closes = self.name("opens"), self.name("closes")
        self.body += [element(kind, opens), element(kind, closes)]
        node = Node(kind, ends=(opens, closes), holder=holder)
        chosen = self.chance.randrange(len(parts))
        for number, part in enumerate(parts):
            taken = kind == "parallelGateway" or number == chosen
            taken = taken or (kind == "inclusiveGateway" and self.chance.random() < 0.5)
            drawn = self.block(part, node)
            self.connect(opens, drawn.ends[0], "" if kind == "parallelGateway" else str(taken))
            self.connect(drawn.ends[1], closes)
            if taken:
                node.parts.append(drawn)
        return node


def may_go_back(later: Node, earlier: Node) -> bool:
    """Tell from the blocks alone whether a case can be sent back."""
    around = list(later.holders())
    inside: list[Node] = []
    for holder in earlier.holders():
        if holder in around:
            if holder.kind != "sequence" or earlier is later:
                return False
            own = around[around.index(holder) - 1]
            before = holder.parts.index(inside[-1]) < holder.parts.index(own)
            between = [*inside, *around[: around.index(holder)]]
            return (
                before
                and not any(one.kind in JOINED for one in inside)
                and not any(one.kind == "subProcess" for one in between)
            )
        inside.append(holder)
    raise AssertionError(earlier)


def done_again(earlier: Node) -> set[str]:
    """Give the tasks that are not done any more: the earlier one and whatever follows it."""
    found = {earlier.name}
    for inner, holder in pairwise(earlier.holders()):
        if holder.kind == "sequence":
            for part in holder.parts[holder.parts.index(inner) :]:
                found |= {task.name for task in part.tasks()} if part is not inner else set()
    return found


@settings(max_examples=150)
@given(block=BLOCKS, seed=st.integers(0, 2**32), cached=st.booleans())
def test_a_case_is_sent_back_just_as_the_blocks_allow_and_goes_on_to_its_end(
    sandbox: Sandbox, block: Block, seed: int, cached: bool
) -> None:
    chance = random.Random(seed)
    drawing = Drawing(chance)
    whole = drawing.row("sequence", [block, "task"], None)
    drawing.connect("start", whole.ends[0])
    drawing.connect(whole.ends[1], "end")
    text = spec_of(diagram(start_end(), *drawing.body), sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4(), cached=cached).start()
    nodes = {task.name: task for task in whole.tasks()}
    done: set[str] = set()
    returns = 2 * len(nodes)
    while not case.finished:
        assert set(case.open_elements) == whole.open(done)
        assert len(case.open_elements) == len(set(case.open_elements))
        key = chance.choice(case.open)
        if done and returns and chance.random() < 0.4:
            returns -= 1
            to = chance.choice(sorted(done))
            allowed = may_go_back(nodes[key.element], nodes[to])
            assert sent_back(case, key.element, to) == allowed, (key.element, to)
            if allowed:
                done -= done_again(nodes[to])
        else:
            loop = drawing.loops.get(key.element)
            again = loop is not None and returns > 0 and chance.random() < 0.3
            case.complete(key, {"over": not again})
            done.add(key.element)
            if loop is not None and again:
                returns -= 1
                done -= {task.name for task in loop.tasks()}
    assert done == set(nodes)


def sent_back(case: Case, element_: str, to: str) -> bool:
    """Send a case back; tell whether it could be."""
    try:
        case.send_back(element_, to)
    except Conflict:
        return False
    return True
