"""Draws a tree of blocks as one diagram. What each kind of block looks like stands in ``MAKERS``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.engine.bpmn.drawn import diagram, element, flow, start_end, timer

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLES = ("v0", "v1", "v2", "v3")  # whole numbers, set at the start and by whoever completes a task
GIVEN = {"v0": 0, "v1": 1, "v2": 2, "v3": 3, "items": ["a", "b", "c"], "w": 1}  # what a case begins with
SIGNALS = 3
MESSAGES = 3
SPAN = '"PT" + str(v0 % 3 + 1) + "H"'
BESIDE = "".join(
    element(kind, f"{kind}_{n}", name=f"{kind} {n}")
    for kind, many in (("signal", SIGNALS), ("message", MESSAGES))
    for n in range(many)
) + ('<bpmn:error id="wrong" name="Wrong" errorCode="W"/><bpmn:escalation id="up" name="Up"/>')


class Block(NamedTuple):
    """One block: its kind, a number that settles everything else about it, and the blocks inside."""

    kind: str
    number: int
    inside: tuple[Block, ...] = ()

    @classmethod
    def read(cls, plain: list[Any]) -> Block:
        """Read what ``plain`` wrote."""
        kind, number, inside = plain
        return cls(kind, number, tuple(map(cls.read, inside)))

    def plain(self) -> list[Any]:
        """Give it as JSON."""
        return [self.kind, self.number, [one.plain() for one in self.inside]]


class Ends(NamedTuple):
    """The first and the last element of a drawn block."""

    first: str
    last: str


@dataclass
class Drawer:
    """What was drawn so far, in the scope that is open."""

    makers: dict[str, Callable[[Drawer, Block], Ends]]
    body: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=lambda: [BESIDE])
    after: list[str] = field(default_factory=list)  # other processes of the file
    serial: int = 0

    def name(self, kind: str) -> str:
        """Make an id."""
        self.serial += 1
        return f"{kind}_{self.serial}"

    def put(self, kind: str, inside: str = "", /, *, name: str = "", **attributes: str) -> str:
        """Draw an element; gives its id."""
        id_ = self.name(name or kind)
        self.body.append(element(kind, id_, inside, **attributes))
        return id_

    def connect(self, source: str, target: str, condition: str = "") -> str:
        """Draw a flow; gives its id."""
        id_ = self.name("flow")
        self.body.append(flow(source, target, condition, id_=id_))
        return id_

    def block(self, block: Block) -> Ends:
        """Draw a block."""
        return self.makers[block.kind](self, block)

    def chain(self, *parts: Ends) -> Ends:
        """Connect blocks one after the other."""
        for before, after in pairwise(parts):
            self.connect(before.last, after.first)
        return Ends(parts[0].first, parts[-1].last)

    def end(self, source: str, what: str = "") -> str:
        """Lead to an end event of its own."""
        end = self.put("endEvent", what)
        self.connect(source, end)
        return end

    def choice(self, source: str, other: str, condition: str) -> None:
        """Lead to an end event, or where the condition is true to another element."""
        gateway = self.name("exclusiveGateway")
        self.connect(source, gateway)
        self.connect(gateway, other, condition)
        usual = self.connect(gateway, self.put("endEvent"))
        self.body.append(element("exclusiveGateway", gateway, default=usual))

    @contextmanager
    def scope(self) -> Iterator[list[str]]:
        """Draw what follows into a scope of its own: a subprocess or another process."""
        outside, self.body = self.body, []
        try:
            yield self.body
        finally:
            self.body = outside

    def whole_scope(self, block: Block, *further: str) -> str:
        """Draw a block between a start and an end event; gives the text of the scope."""
        with self.scope() as body:
            ends = self.block(block)
            self.connect(self.put("startEvent"), ends.first)
            self.end(ends.last)
            return "".join([*body, *further])


def asks(number: int) -> str:
    """Make a condition that can be asked anywhere."""
    return f"{VARIABLES[number % 4]} > {number // 4 % 4}"


def signal(number: int) -> str:
    """Define a signal."""
    return f'<bpmn:signalEventDefinition signalRef="signal_{number % SIGNALS}"/>'


def some_time(number: int) -> str:
    """Define a time: so long after, worked out from a variable, or at an instant."""
    times = (("timeDuration", f"PT{number % 5 + 1}H"), ("timeDuration", SPAN))
    return timer(*(*times, ("timeDate", f"2026-11-2{number % 6 + 3}T09:00:00+07:00"))[number % 3])


def draw(block: Block, makers: dict[str, Callable[[Drawer, Block], Ends]]) -> bytes:
    """Draw a block as a whole file."""
    drawer = Drawer(makers)
    ends = drawer.block(block)
    drawer.connect("start", ends.first)
    drawer.connect(ends.last, "end")
    return diagram(start_end(), *drawer.body, beside="".join(drawer.beside), after="".join(drawer.after))
