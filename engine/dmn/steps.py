"""What deciding may take, counted."""

from __future__ import annotations

from engine.dmn.limits import LONGEST_TEXT, MOST_STEPS
from engine.errors import AlurError, say


class DecisionFailed(AlurError):
    """A decision that gives no answer; the sentence names it, and the rules where it is about them."""


class Steps:
    """The small steps that are left to one task; every value looked at is one."""

    __slots__ = ("left",)

    def __init__(self, most: int = MOST_STEPS) -> None:
        """Begin with all of them."""
        self.left = most

    def spend(self, count: int = 1) -> None:
        """Take some; DecisionFailed where there are no more."""
        self.left -= count
        if self.left < 0:
            raise DecisionFailed(say("it took more steps than a decision may"))

    def text(self, text: str) -> str:
        """Pay for a text that was made or looked through."""
        if len(text) > LONGEST_TEXT:
            raise DecisionFailed(say("a text is longer than %(most)s characters", most=LONGEST_TEXT))
        self.spend(1 + len(text) // 64)
        return text
