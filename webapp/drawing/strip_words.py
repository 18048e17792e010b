"""What the position strip shows, in words: which step it is, how many can follow, what is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from engine.model.definition import Lane, Step
from webapp.drawing.marks import MarkState


@dataclass(frozen=True, kw_only=True)
class Stand:
    """The steps of an SOP as a case stands at them, which need not go through all.

    ``kinds`` are in the order of the steps, ``place`` is the current one's. ``ahead`` are the elements of
    those that are open or can still be opened; None where nobody knows, so that nothing is said of it.
    """

    steps: Sequence[Step]
    kinds: Sequence[MarkState]
    place: int | None
    ahead: Collection[str] | None

    @property
    def met(self) -> set[str]:
        """Give the steps that the case came to."""
        return {one.element for one, kind in self._pairs() if kind != MarkState.NOT_REACHED}

    @property
    def left_out(self) -> set[str]:
        """Give the steps that the case did not come to and cannot come to any more."""
        if self.place is None or self.ahead is None:
            return set()
        return {one.element for one in self.steps} - self.met - set(self.ahead)

    @property
    def heading(self) -> str:
        """Say which step it is, and of how many; of a case that does not go through all, what can follow."""
        if self.place is None:
            return str(ngettext("%(num)s step", "%(num)s steps", len(self.steps)))
        number = self.steps[self.place].number
        in_order = [one.number for one in self.steps] == list(range(1, len(self.steps) + 1))
        if in_order and not self.left_out:
            return str(gettext("Step %(number)s of %(count)s", number=number, count=len(self.steps)))
        if self.ahead is None:
            return str(gettext("Step %(number)s", number=number))
        return _heading_of_some(number, *self._following(self.ahead, self.steps[self.place].element))

    def _following(self, ahead: Collection[str], current: str) -> tuple[int, bool]:
        """Count the steps that can follow, and tell whether any that was met can come again."""
        is_open = {one.element for one, kind in self._pairs() if kind == MarkState.OPEN}
        other = set(ahead) - {current}
        return len((other - self.met) | (is_open - {current})), bool(other)

    def said(self, lanes: Sequence[Lane]) -> str:
        """Say what the strip shows."""
        said = [self.heading]
        if self.place is not None:
            names = {lane.role: lane.name for lane in lanes}
            step = self.steps[self.place]
            lane = names.get(step.role, step.role)
            said[0] += gettext(": %(step)s, with %(lane)s", step=step.name, lane=lane)
        off = self.left_out
        for kind, words, is_off in (
            (MarkState.DONE, gettext("Done"), False),
            (MarkState.OPEN, gettext("Open now"), False),
            (MarkState.RETURNED, gettext("Returned"), False),
            (MarkState.NOT_REACHED, gettext("Not yet"), False),
            (MarkState.NOT_REACHED, gettext("Not in this case"), True),
        ):
            numbers = [
                step.number
                for step, found in self._pairs()
                if found == kind and (step.element in off) == is_off
            ]
            if numbers:
                said.append(f"{words}: {_ranges(numbers)}")
        return ". ".join(said) + "."

    def _pairs(self) -> list[tuple[Step, MarkState]]:
        return list(zip(self.steps, self.kinds, strict=True))


def _heading_of_some(number: int, left: int, may_come_again: bool) -> str:  # noqa: FBT001
    if left:
        return str(
            ngettext(
                "Step %(number)s, at most %(num)s more step",
                "Step %(number)s, at most %(num)s more steps",
                left,
                number=number,
            )
        )
    if may_come_again:
        return str(gettext("Step %(number)s", number=number))
    return str(gettext("Step %(number)s, the last one", number=number))


def _ranges(numbers: list[int]) -> str:
    """Write runs of numbers with an en dash between first and last."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{part[0]}\u2013{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
