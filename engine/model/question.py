"""Open questions of an SOP: what its owner has not settled, what may be answered, and what was guessed."""

from __future__ import annotations

from dataclasses import dataclass

OTHERWISE = "-"  # the answer "settled otherwise": by what the owner drew or wrote
STANDARD_TIME = "standardTime"  # what an answer may ask for


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One possible answer, and what it changes of the elements the question is about.

    One that changes nothing says that the SOP is right as it is.
    """

    key: str
    text: str
    lane: str = ""  # id of the lane they belong to
    target: str = ""  # id of what the flow leads to
    standard_time: str | None = None  # ISO 8601; empty: none
    old_text: str = ""  # is replaced, wherever it is printed or described
    new_text: str = ""
    shows: tuple[str, ...] = ()  # documents that are printed in the table
    asks: str = ""  # what is typed with the answer: STANDARD_TIME or nothing


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. ``guess`` and ``answered`` are keys of answers; what was typed is ``given``."""

    key: str
    text: str
    about: tuple[str, ...] = ()  # ids of elements
    why: str = ""
    guess: str = ""
    answered: str = ""
    given: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has answered it."""
        return not self.answered

    def answer(self, key: str) -> Answer | None:
        """Find an answer."""
        return next((one for one in self.answers if one.key == key), None)
