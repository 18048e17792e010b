"""The rows of the steps of a file: the one order of tables, strips, shapes and differences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from engine.bpmn.drawing import Drawing, target_of_call
from engine.bpmn.names import PEOPLE_TASKS, bpmn, sop
from engine.bpmn.ways import Ways
from engine.model.rows import row_numbers

_DIGITS = 4  # a table has fewer rows than that; the lint refuses more


def step_rows(
    tree: etree._ElementTree, tasks: Iterable[etree._Element], processes: Iterable[etree._Element]
) -> dict[str, int]:
    """Give the row of every task by its id; ``processes`` are those a case begins in, the main one first.

    What the flow leaves open their ids decide, for neither the order of elements in a file nor the place of
    a shape means anything: a difference tells of neither.
    """
    written = {id_: written_number(task) for task in tasks if (id_ := task.get("id"))}
    if None not in written.values():
        return row_numbers(written, {}, ())
    begun = list(processes)
    begun[1:] = sorted(begun[1:], key=lambda one: _counting(one.get("id", "")))
    steps = sorted(written, key=_counting)
    ways, begins = Ways(tree).between(steps, begun)
    return row_numbers({id_: written[id_] for id_ in steps}, ways, begins)


def rows_of_file(tree: etree._ElementTree) -> dict[str, int]:
    """Give the rows of all steps of a file, also of one that the lint refuses.

    What takes part in no case of the main process stands behind the rows of the SOP's table.
    """
    drawing = Drawing(tree.getroot())
    if not drawing.processes:
        return {}
    uncalled = (one for one in drawing.executable if one.get("id") not in drawing.called)
    run = dict.fromkeys((drawing.main, *uncalled))
    rows = step_rows(tree, people_tasks(tree, run), run)
    left = [one for one in tree.getroot().iter(*map(bpmn, PEOPLE_TASKS)) if one.get("id") not in rows]
    apart = step_rows(tree, left, [one for one in drawing.processes if one not in run])
    last = max(rows.values(), default=0)
    return rows | {id_: last + row for id_, row in apart.items()}


def people_tasks(tree: etree._ElementTree, processes: Iterable[etree._Element]) -> list[etree._Element]:
    """Give the tasks for people in document order: of processes, their subprocesses, and those they call."""
    by_id = {other.get("id"): other for other in tree.getroot().iter(bpmn("process"))}
    found: list[etree._Element] = []
    todo = list(processes)
    seen = {one.get("id") for one in todo}
    for current in todo:
        found += current.iter(*map(bpmn, PEOPLE_TASKS))
        for call in current.iter(bpmn("callActivity")):
            id_ = target_of_call(call)
            if id_ in by_id and id_ not in seen:
                seen.add(id_)
                todo.append(by_id[id_])
    return found


def _counting(id_: str) -> tuple[str, str]:
    """Order ids as people count: "step_2" before "step_10"."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(_DIGITS), id_), id_


def written_number(task: etree._Element) -> int | None:
    """Give the row that a step says itself; None where it says none that counts."""
    own = task.find(f"{bpmn('extensionElements')}/{sop('Task')}")
    number = "" if own is None else own.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else None
