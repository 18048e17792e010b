"""The rows of the steps of a file: the one order of tables, strips, shapes and differences."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from engine.bpmn.names import PEOPLE_TASKS, bpmn, sop
from engine.bpmn.next_steps import first_steps, onward
from engine.model.rows import row_numbers

_DIGITS = 4  # a table has fewer rows than that; the lint refuses more


def step_rows(
    tree: etree._ElementTree, tasks: Iterable[etree._Element], processes: Iterable[etree._Element]
) -> dict[str, int]:
    """Give the row of every task by its id; ``processes`` are those a case begins in, the main one first."""
    written = {id_: written_number(task) for task in tasks if (id_ := task.get("id"))}
    if None not in written.values():
        return row_numbers(written, {}, ())
    firsts = [first_steps(tree, process, None) for process in processes]
    begins = [step for first in firsts for steps in first.values() for step in steps]
    return row_numbers(written, onward(tree, written), begins)


def rows_of_file(tree: etree._ElementTree) -> dict[str, int]:
    """Give the rows of all steps of a file, also of one that the lint refuses."""
    root = tree.getroot()
    return step_rows(tree, root.iter(*map(bpmn, PEOPLE_TASKS)), root.iter(bpmn("process")))


def written_number(task: etree._Element) -> int | None:
    """Give the row that a step says itself; None where it says none that counts."""
    own = task.find(f"{bpmn('extensionElements')}/{sop('Task')}")
    number = "" if own is None else own.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else None
