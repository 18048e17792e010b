"""Which row of the SOP's table a step is: as it says itself, else where the flow puts it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Where a step leads: the steps that come next, in reading order, and whether it may also end there."""

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
    order = _topological(onward, starts)
    place = {step: index for index, step in enumerate(order)}
    finishing: set[str] = set()
    for step in reversed(order):
        way = ways.get(step, Onward(ends=True))
        ahead = any(one in finishing for one in onward[step] if place[one] > place[step])
        if way.ends or not onward[step] or ahead:
            finishing.add(step)
    sorted_ways = {
        step: sorted(targets, key=lambda one: one in finishing) for step, targets in onward.items()
    }
    return _topological(sorted_ways, starts)


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
    return [one for one in ways.get(step, Onward()).to if one in known and one != step]


def _counted(rows: list[str], written: Mapping[str, int | None]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    last = 0
    for step in rows:
        last = max(written[step] or 0, last + 1)
        numbers[step] = last
    return numbers
