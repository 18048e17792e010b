"""The rows of the SOP's table: which step is another row now, and all of them in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.labels import label
from engine.bpmn.diff.words import About, change, joined, plain
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

ASPECT = "number"
_WHOLE: About = {"element": "", "name": ""}


def row_changes(both: Both) -> Iterator[Change]:
    """Give each step that is another row now; its work stays what it was, so it is no role's change."""
    for step, row in sorted(both.new.rows.items(), key=lambda one: one[1]):
        before = both.old.rows.get(step)
        part = both.new.parts.get(step)
        if part is not None and before is not None and before != row:
            what = say("Row of %(what)s", what=label(both.new, part))
            about: About = {**both.about(part), "role": ""}
            yield change(ChangeKind.MOVED, ASPECT, what, about, plain(str(before)), plain(str(row)))


def with_rows_together(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Say in one line which rows became which others, for whoever reads all of it."""
    found = tuple(changes)
    of_rows = [one for one in found if one.aspect == ASPECT]
    moved = [one for one in of_rows if one.kind is ChangeKind.MOVED]
    written = [one for one in of_rows if one.kind is not ChangeKind.MOVED]
    together = {id(one) for those in (moved, written) if len(those) > 1 for one in those}
    lines = [_moved(moved)] if len(moved) > 1 else []
    lines += [_written(written)] if len(written) > 1 else []
    return (*(one for one in found if id(one) not in together), *lines)


def _moved(those: list[Change]) -> Change:
    """Say "7–13 become 8–14": rows beside each other that went equally far."""
    runs: list[tuple[list[int], int]] = []
    for before, after in sorted((_row(one.before), _row(one.after)) for one in those):
        run, by = runs[-1] if runs else ([], 0)
        if run and before == run[-1] + 1 and after - before == by:
            run.append(before)
        else:
            runs.append(([before], after - before))
    what = say("Row numbers")
    then, now = (
        joined([plain(_span(run[0] + by * new, run[-1] + by * new)) for run, by in runs]) for new in (0, 1)
    )
    return Change(
        kind=ChangeKind.MOVED,
        aspect=ASPECT,
        what=what,
        sentence=say("Row numbers %(before)s become %(after)s", before=then, after=now),
        before=then,
        after=now,
        **_WHOLE,
    )


def _written(those: list[Change]) -> Change:
    """Say that numbers were written, or written otherwise, where the rows stay."""
    count = len(those)
    return Change(
        kind=ChangeKind.CHANGED,
        aspect=ASPECT,
        what=say("Row numbers as they are written; the rows stay"),
        sentence=say("Row numbers are written otherwise at %(count)s steps; the rows stay", count=count),
        after=say("at %(count)s steps", count=count),
        **_WHOLE,
    )


def _row(said: Sentence | None) -> int:
    return int(str(said))


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
