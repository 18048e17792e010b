"""The official table of an SOP (unsur prosedur): its rows, and the arrows between the symbols.

The gateway behind a step is folded into that step's diamond. A way to the next row leaves at the bottom
and comes in from above; a way back or past rows leaves at the side and runs beside the symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from markupsafe import Markup

from engine.model.definition import Definition, Lane, NextSteps, StandardTime, Step, TimeUnit
from webapp.drawing.lettering import shortened
from webapp.drawing.symbols import BEND, BOTTOM, MIDDLE, TOP, Cell, Symbol, draw_cell

_HOUR = 60
_CHANNEL = {"left": 8.0, "right": 92.0}  # percent of a column: where ways run past the symbols


@dataclass(frozen=True, kw_only=True)
class RoleCell:
    """A cell of a role column: the drawing, and the same in words where a symbol stands."""

    lane: str
    drawing: Markup
    words: str


@dataclass(frozen=True, kw_only=True)
class SopRow:
    """A row as it is printed; the step has the rest."""

    step: Step
    cells: tuple[RoleCell, ...]
    inputs: str
    standard_time: str
    outputs: str


def sop_rows(definition: Definition) -> list[SopRow]:
    """Lay out the table of a definition, a row per step."""
    lanes = _columns(definition)
    grid = _Grid(definition.steps, lanes)
    return [
        SopRow(
            step=step,
            cells=tuple(
                RoleCell(lane=lane.name, drawing=draw_cell(cell), words=_words(grid, step, cell))
                for lane, cell in zip(lanes, grid.cells[row], strict=True)
            ),
            inputs=", ".join(document.printed for document in step.inputs if document.printed),
            standard_time=standard_time_words(step.standard_time),
            outputs=", ".join(document.printed for document in step.outputs if document.printed),
        )
        for row, step in enumerate(definition.steps)
    ]


def role_columns(definition: Definition) -> list[str]:
    """Name the role columns, in the order of the lanes."""
    return [lane.name for lane in _columns(definition)]


def standard_time_words(time: StandardTime | None) -> str:
    """Say a standard time as an SOP prints it: 10 menit, 2 jam, 4 hari; empty where there is none."""
    if time is None:
        return ""
    if time.unit is TimeUnit.WORKING_DAY:
        return str(ngettext("%(num)s day", "%(num)s days", time.value))
    hours, minutes = divmod(time.value, _HOUR)
    parts = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    parts += [ngettext("%(num)s minute", "%(num)s minutes", minutes)] if minutes or not hours else []
    return " ".join(parts)


def _columns(definition: Definition) -> list[Lane]:
    """One column per role; steps outside every lane get a column without a name."""
    lanes = list({lane.role: lane for lane in reversed(definition.lanes)}.values())[::-1]
    if any(step.role not in {lane.role for lane in lanes} for step in definition.steps):
        lanes.append(Lane(element="", name="", role=""))
    return lanes


class _Grid:
    """The cells of the role columns, with the arrows laid through them."""

    def __init__(self, steps: Sequence[Step], lanes: Sequence[Lane]) -> None:
        self.steps = steps
        columns = {lane.role: count for count, lane in enumerate(lanes)}
        self.columns = [columns.get(step.role, len(lanes) - 1) for step in steps]
        self.rows = {step.element: row for row, step in enumerate(steps)}
        self.told: dict[tuple[int, str], list[tuple[str, int | None]]] = {}
        self.cells = [[Cell() for _lane in lanes] for _step in steps]
        for row, step in enumerate(steps):
            self._at(row).symbol = _symbol(row, step)
        for row, step in enumerate(steps):
            for following in step.next:
                self._lay_all(row, following, labelled=len(step.next) > 1)

    def _at(self, row: int) -> Cell:
        return self.cells[row][self.columns[row]]

    def _lay_all(self, row: int, following: NextSteps, *, labelled: bool) -> None:
        label = following.answer if labelled and following.answer else ""
        for element in following.elements:
            if element in self.rows:
                goal = self.rows[element]
                self._label(row, self._lay(row, goal), label, self.steps[goal].number)
        if label and following.ends and not following.elements:
            self._label(row, "bottom", gettext("%(answer)s: end", answer=label))

    def _label(self, row: int, side: str, label: str, number: int | None = None) -> None:
        """Write an answer where its way leaves; where several leave together, each with its row."""
        if not label:
            return
        told = self.told.setdefault((row, side), [])
        told.append((label, number))
        self._at(row).labels[side] = shortened(label, 12, 90) if len(told) == 1 else _together(told)

    def _lay(self, row: int, goal: int) -> str:
        """Lay an arrow and give the side it leaves at."""
        if goal == row:
            return self._lay_round(row)
        return self._lay_down(row) if goal == row + 1 else self._lay_beside(row, goal)

    def _lay_round(self, row: int) -> str:
        """To itself: out at the right, up, and in from above."""
        column, right = self.columns[row], _CHANNEL["right"]
        for height in (MIDDLE, BEND):
            self._level(row, height, column + 0.5, column + right / 100)
        self._at(row).along += [(right, BEND, MIDDLE), (50, BEND, MIDDLE)]
        self._at(row).heads.add("top")
        return "right"

    def _lay_down(self, row: int) -> str:
        """To the next row: down, over to the column just below the border, and down onto the symbol."""
        here, there = self.columns[row], self.columns[row + 1]
        self.cells[row][here].along.append((50, MIDDLE, BOTTOM))
        below = self.cells[row + 1]
        if here == there:
            below[there].along.append((50, TOP, MIDDLE))
        else:
            below[here].along.append((50, TOP, BEND))
            below[there].along.append((50, BEND, MIDDLE))
            self._level(row + 1, BEND, here + 0.5, there + 0.5)
        self._at(row + 1).heads.add("top")
        return "bottom"

    def _lay_beside(self, row: int, goal: int) -> str:
        """To any other row: along the own row to a channel beside the goal's column, and in from the side."""
        here, there = self.columns[row], self.columns[goal]
        side = self._channel_side(row, goal)
        channel = _CHANNEL[side]
        self._level(row, MIDDLE, here + 0.5, there + channel / 100)
        first, last = sorted((row, goal))
        for between in range(first, last + 1):
            start, end = (MIDDLE if between == first else TOP), (MIDDLE if between == last else BOTTOM)
            self.cells[between][there].along.append((channel, start, end))
        self._level(goal, MIDDLE, there + 0.5, there + channel / 100)
        self._at(goal).heads.add(side)
        return side if here == there else "right" if there > here else "left"

    def _channel_side(self, row: int, goal: int) -> str:
        """Choose the side that fewer hand-overs cross; else the one that faces where the arrow comes from."""
        here, there = self.columns[row], self.columns[goal]
        facing = "left" if here < there or (here == there and goal > row) else "right"
        sides = sorted(_CHANNEL, key=lambda side: side != facing)
        return min(sides, key=lambda side: self._crossings(row, goal, there + _CHANNEL[side] / 100))

    def _crossings(self, row: int, goal: int, at: float) -> int:
        """Count the hand-overs that a channel crosses between two rows."""
        first, last = sorted((row, goal))
        ends = [(self.columns[one], self.columns[one + 1]) for one in range(first, last)]
        return sum(min(pair) + 0.5 < at < max(pair) + 0.5 for pair in ends)

    def _level(self, row: int, height: str, start: float, end: float) -> None:
        """Lay a level line through the cells of a row, from one point to another, both in columns."""
        start, end = sorted((start, end))
        for column in range(int(start), int(end) + 1):
            left, right = max(start - column, 0), min(end - column, 1)
            if left < right:
                self.cells[row][column].across.append((height, round(left * 100), round(right * 100)))


def _together(told: Sequence[tuple[str, int | None]]) -> str:
    goals: dict[str, list[str]] = {}
    for label, number in told:
        goals.setdefault(shortened(label, 12, 60), []).extend([] if number is None else [str(number)])
    return ", ".join(f"{label} → {'/'.join(to)}" if to else label for label, to in goals.items())


def _symbol(row: int, step: Step) -> Symbol:
    if len(step.next) > 1:
        return Symbol.DIAMOND
    last = any(following.ends and not following.elements for following in step.next)
    return Symbol.CAPSULE if row == 0 or last else Symbol.BOX


def _words(grid: _Grid, step: Step, cell: Cell) -> str:
    """Say what the symbol and its arrows say."""
    if cell.symbol is None:
        return ""
    kinds = {
        Symbol.CAPSULE: gettext("start or end"),
        Symbol.BOX: gettext("activity"),
        Symbol.DIAMOND: gettext("decision"),
    }
    ways = [_way_words(grid, following) for following in step.next]
    return "; ".join([kinds[cell.symbol], *(way for way in ways if way)])


def _way_words(grid: _Grid, following: NextSteps) -> str:
    numbers = [str(grid.steps[grid.rows[e]].number) for e in following.elements if e in grid.rows]
    goals = [gettext("to step %(number)s", number=", ".join(numbers))] if numbers else []
    goals += [gettext("to the end")] if following.ends else []
    if not goals:
        return ""
    return f"{following.answer}: {' / '.join(goals)}" if following.answer else " / ".join(goals)
