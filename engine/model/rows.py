"""Which row of the SOP's table a step is: as it says itself, else where the flow puts it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

_NESTED = 8  # loops inside each other that are looked into: nobody would see an order in more


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Where a step leads: the steps that come next, in reading order, and whether it may also end there.

    A step that can follow on itself leads to itself.
    """

    to: tuple[str, ...] = ()
    ends: bool = False


def row_numbers(
    written: Mapping[str, int | None], ways: Mapping[str, Onward], begins: Iterable[str]
) -> dict[str, int]:
    """Give every step its row, 1-based.

    Where all have a written number, these are the rows. A step without one stands behind the last of the
    steps that lead to it, and the rows after it move on by one; a way back leads nowhere in the table.
    """
    if None not in written.values():
        return {step: number for step, number in written.items() if number is not None}
    first = tuple(begins)
    starts = set(first)
    order = flow_order(written, ways, first)
    place = {step: index for index, step in enumerate(order)}
    before: dict[str, list[str]] = {step: [] for step in order}
    for step in order:
        for target in _known(ways, step, place):
            if place[step] < place[target]:
                before[target].append(step)
    rows = sorted((step for step in order if written[step] is not None), key=lambda step: written[step] or 0)
    behind: list[list[str]] = [[], *([step] for step in rows)]  # each row, and what comes to stand after it
    at = {step: index for index, step in enumerate(rows, start=1)}
    for index, step in enumerate(order):
        if written[step] is None:
            beside = before[step] or ([] if step in starts else order[max(index - 1, 0) : index])
            at[step] = max((at[one] for one in beside), default=0)
            behind[at[step]].append(step)
    return _counted([step for those in behind for step in those], written)


def flow_order(steps: Iterable[str], ways: Mapping[str, Onward], begins: Iterable[str]) -> list[str]:
    """Order steps as one reads the flow: a branch to its end, then the next; what only goes back at once."""
    known = dict.fromkeys(steps)
    starts = [step for step in begins if step in known]
    onward = {step: _known(ways, step, known) for step in known}
    forward = _forward({step: [one for one in _to(ways, step) if one in known] for step in known}, starts)
    order = _topological(forward, starts)
    place = {step: index for index, step in enumerate(order)}
    finishing: set[str] = set()
    for step in reversed(order):
        way = ways.get(step, Onward(ends=True))
        ahead = any(one in finishing for one in onward[step] if place[one] > place[step])
        if way.ends or not onward[step] or ahead:
            finishing.add(step)
    sorted_ways = {
        step: sorted(targets, key=lambda one: one in finishing) for step, targets in forward.items()
    }
    return _topological(sorted_ways, starts)


def _forward(onward: dict[str, list[str]], starts: list[str]) -> dict[str, list[str]]:
    """Leave out the ways back to before a loop: they lead to all that the loop is entered by.

    Where a loop begins with a split, none of its branches comes before the others: a walk alone would take
    the way back to a branch it has not been in yet for one forward.
    """
    for _ in range(_NESTED):
        reached = _walk(onward, starts, set(), [])
        loop_of = {step: number for number, loop in enumerate(_loops(onward)) for step in loop}
        entries: dict[int, set[str]] = {}
        for step in starts:
            entries.setdefault(loop_of[step], set()).add(step)
        for step in reached:
            for one in onward[step]:
                if loop_of[one] != loop_of[step]:
                    entries.setdefault(loop_of[one], set()).add(one)
        back = {
            step: entered
            for step, targets in onward.items()
            if (entered := entries.get(loop_of[step])) and entered.issubset(targets)
        }
        if not back:
            break
        onward = onward | {step: [one for one in onward[step] if one not in back[step]] for step in back}
    return {step: [one for one in targets if one != step] for step, targets in onward.items()}


def _loops(onward: dict[str, list[str]]) -> list[list[str]]:
    """Give the steps in groups that lead to each other: walked against the flow, the first ones first."""
    left: list[str] = []
    _walk(onward, list(onward), set(), left)
    backward: dict[str, list[str]] = {step: [] for step in onward}
    for step, targets in onward.items():
        for one in targets:
            backward[one].append(step)
    seen: set[str] = set()
    loops = []
    for step in reversed(left):
        loop: list[str] = []
        _walk(backward, [step], seen, loop)
        loops.append(loop)
    return loops


def _topological(onward: dict[str, list[str]], starts: list[str]) -> list[str]:
    """Give every step before those it leads to, ways back aside: a depth-first walk, read from its end."""
    left: list[str] = []  # the last first
    seen: set[str] = set()
    reached = _walk(onward, starts, set(), [])
    for root in [*(step for step in reversed(onward) if step not in reached), *reversed(starts)]:
        _walk(onward, [root], seen, left)
    return left[::-1]


def _walk(onward: dict[str, list[str]], starts: list[str], seen: set[str], left: list[str]) -> set[str]:
    todo = [(step, False) for step in starts]
    while todo:
        step, done = todo.pop()
        if done:
            left.append(step)
        elif step not in seen:
            seen.add(step)
            todo.append((step, True))
            todo += [(one, False) for one in onward[step] if one not in seen]
    return seen


def _known(ways: Mapping[str, Onward], step: str, known: Container[str]) -> list[str]:
    return [one for one in _to(ways, step) if one in known and one != step]


def _to(ways: Mapping[str, Onward], step: str) -> tuple[str, ...]:
    return ways.get(step, Onward()).to


def _counted(rows: list[str], written: Mapping[str, int | None]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    last = 0
    for step in rows:
        last = max(written[step] or 0, last + 1)
        numbers[step] = last
    return numbers
