"""Patterns for text, matched in linear time whatever the process owner wrote.

A subset of regular expressions (characters, classes, groups, alternatives, ``? * + {m,n}``) run as
a set of states, so that no pattern can hang the server. As in form-js a pattern may match anywhere
unless it begins with ``^`` and ends with ``$``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

LONGEST = 300  # characters of a pattern
MOST_STATES = 600
LONGEST_VALUE = 1000  # characters of a text that is matched
_ESCAPES = frozenset("dDwWsStnrfv")


class BadPattern(ValueError):
    """The pattern uses something outside the subset, or is too large."""


@dataclass(slots=True)
class _Machine:
    """States: a character test with where it leads, or (without a test) free moves."""

    tests: list[re.Pattern[str] | None] = field(default_factory=list)
    moves: list[list[int]] = field(default_factory=list)

    def state(self, test: re.Pattern[str] | None = None, *moves: int) -> int:
        if len(self.tests) >= MOST_STATES:
            msg = "too large"
            raise BadPattern(msg)
        self.tests.append(test)
        self.moves.append(list(moves))
        return len(self.tests) - 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to match."""

    text: str
    _tests: tuple[re.Pattern[str] | None, ...]
    _moves: tuple[tuple[int, ...], ...]
    _start: int
    _end: int
    _from_start: bool
    _to_end: bool

    def matches(self, value: str) -> bool:
        """Tell whether the text fits; a text beyond LONGEST_VALUE does not."""
        if len(value) > LONGEST_VALUE:
            return False
        here = self._free({self._start})
        for character in value:
            if self._end in here and not self._to_end:
                return True
            moved = {
                move
                for state in here
                if (test := self._tests[state]) is not None and test.match(character)
                for move in self._moves[state]
            }
            here = self._free(moved if self._from_start else moved | {self._start})
        return self._end in here

    def _free(self, states: set[int]) -> set[int]:
        found, waiting = set(states), list(states)
        while waiting:
            state = waiting.pop()
            if self._tests[state] is None:
                fresh = [move for move in self._moves[state] if move not in found]
                found.update(fresh)
                waiting.extend(fresh)
        return found


def read_pattern(text: str) -> Pattern:
    """Read a pattern, or raise BadPattern."""
    if len(text) > LONGEST:
        msg = "too large"
        raise BadPattern(msg)
    body, from_start, to_end = text, text.startswith("^"), False
    if from_start:
        body = body[1:]
    if body.endswith("$") and not re.search(r"(?<!\\)(\\\\)*\\\$\Z", body):
        body, to_end = body[:-1], True
    reader = _Reader(body)
    start, end = reader.read(anchored=from_start or to_end)
    machine = reader.machine
    return Pattern(
        text, tuple(machine.tests), tuple(map(tuple, machine.moves)), start, end, from_start, to_end
    )


class _Reader:
    """Recursive descent; a part is (first state, last state), the last a free state."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.machine = _Machine()

    def read(self, *, anchored: bool) -> tuple[int, int]:
        part = self._alternatives(top_anchored=anchored)
        if self.at < len(self.text):
            self._refuse()
        return part

    def _refuse(self) -> NoReturn:
        msg = f"at character {self.at + 1}"
        raise BadPattern(msg)

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _alternatives(self, *, top_anchored: bool = False) -> tuple[int, int]:
        self.depth += 1
        if self.depth > 8:  # noqa: PLR2004 - deeper than any pattern a person reads
            self._refuse()
        parts = [self._sequence()]
        while self._peek() == "|":
            if top_anchored:  # "^a|b$" anchors only one side each: nobody means that
                self._refuse()
            self.at += 1
            parts.append(self._sequence())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        end = self.machine.state()
        for _, last in parts:
            self.machine.moves[last].append(end)
        return self.machine.state(None, *(first for first, _ in parts)), end

    def _sequence(self) -> tuple[int, int]:
        first = last = self.machine.state()
        while self._peek() and self._peek() not in "|)":
            begin, end = self._repeated()
            self.machine.moves[last].append(begin)
            last = end
        return first, last

    def _repeated(self) -> tuple[int, int]:
        begun = self.at
        part = self._atom()
        ended = self.at
        least, most = self._quantifier()
        if (least, most) == (1, 1):
            return part
        after = self.at
        pieces = [part]
        while len(pieces) < max(least, most or 0, 1):
            self.at = begun
            pieces.append(self._atom())
        self.at = after
        assert ended <= after  # noqa: S101 - the atom is read again for every repetition
        return self._chain(pieces, least, unbounded=most is None)

    def _chain(self, pieces: list[tuple[int, int]], least: int, *, unbounded: bool) -> tuple[int, int]:
        end = self.machine.state()
        first = here = self.machine.state()
        for index, (begin, last) in enumerate(pieces):
            if index >= least:
                self.machine.moves[here].append(end)
            self.machine.moves[here].append(begin)
            here = last
        if unbounded:
            self.machine.moves[here].append(pieces[-1][0])
        self.machine.moves[here].append(end)
        return first, end

    def _quantifier(self) -> tuple[int, int | None]:
        mark = self._peek()
        if mark and mark in "?*+":
            self.at += 1
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[mark]
        found = re.compile(r"\{(\d{1,3})(?:(,)(\d{1,3})?)?\}").match(self.text, self.at)
        if not found:
            return 1, 1
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if most is not None and (most < least or most == 0):
            self._refuse()
        return least, most

    def _atom(self) -> tuple[int, int]:
        character = self._peek()
        if character == "(":
            return self._group()
        if character == "[":
            found = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]").match(self.text, self.at)
            source = found[0] if found else ""
        elif character == "\\":
            source = self.text[self.at : self.at + 2]
            if len(source) < 2 or (source[1].isalnum() and source[1] not in _ESCAPES):  # noqa: PLR2004
                source = ""
        else:
            source = character if character == "." else re.escape(character)
            if character in "?*+{}^$)":
                source = ""
        return self._tested(source, len(source) if character in "[\\" else 1)

    def _tested(self, source: str, length: int) -> tuple[int, int]:
        try:
            test = re.compile(source) if source else self._refuse()
        except (re.error, FutureWarning):
            test = self._refuse()
        self.at += length
        end = self.machine.state()
        return self.machine.state(test, end), end

    def _group(self) -> tuple[int, int]:
        self.at += 1
        if self.text.startswith("?", self.at):
            if not self.text.startswith("?:", self.at):
                self._refuse()
            self.at += 2
        part = self._alternatives()
        if self._peek() != ")":
            self._refuse()
        self.at += 1
        return part
