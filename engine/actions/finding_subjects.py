"""What a finding is about, as typed: cases, events of cases, and pages of figures."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from uuid import UUID

from engine.errors import Invalid, Problem, Sentence, say
from engine.model.actor import Actor
from engine.queries.case_access import opened_by_number
from engine.storage.findings import About
from engine.storage.transaction import Connection

_MOST = 50  # lines
_LONGEST = 1_000
_LINE = re.compile(r"(?P<number>.*?)(?:\s*#\s*(?P<seq>[0-9]{1,9}))?", re.ASCII)
_FIGURES = "/audit/figures"


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """Cases with events by id, the same as the record tells them, and addresses of figures."""

    abouts: tuple[About, ...]
    lines: tuple[str, ...]
    figures: tuple[str, ...]

    @property
    def stored(self) -> str:
        """Write the addresses as they are stored."""
        return json.dumps(list(self.figures))

    @property
    def told(self) -> dict[str, list[str]]:
        """Say all of it as the record does."""
        return {"cases": list(self.lines), "figures": list(self.figures)}


def subjects_of(connection: Connection, actor: Actor, letter: UUID, cases: str, figures: str) -> Subjects:
    """Read what was typed, or refuse with what is wrong.

    Only cases that the finding's letter opens to the actor can be named.
    """
    abouts: dict[About, str] = {}
    problems: list[Problem] = []
    for line in _lines(cases):
        about = _about(connection, actor, letter, line)
        if isinstance(about, Sentence):
            problems.append(Problem(field="cases", label="Cases", sentence=about))
        else:
            abouts[about] = line
    addresses = tuple(dict.fromkeys(_lines(figures)))
    for one in addresses:
        if re.fullmatch(rf"{_FIGURES}(?:[/?#]\S*)?", one) is None or len(one) > _LONGEST:
            sentence = say("“%(line)s” is not the address of a page of figures.", line=one[:_LONGEST])
            problems.append(Problem(field="figures", label="Figures", sentence=sentence))
    if not (abouts or addresses or problems):
        sentence = say("Name at least one case, or a page of figures.")
        problems.append(Problem(field="cases", label="Cases", sentence=sentence))
    if problems:
        raise Invalid(tuple(problems))
    return Subjects(abouts=tuple(abouts), lines=tuple(abouts.values()), figures=addresses)


def read_line(line: str) -> tuple[str, int]:
    """Read a line of a finding: number of a case, and of an event of it or 0 for the case as a whole."""
    read = _LINE.fullmatch(line)
    return (read["number"], int(read["seq"] or 0)) if read else (line, 0)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:_MOST]


def _about(connection: Connection, actor: Actor, letter: UUID, line: str) -> tuple[UUID, int] | Sentence:
    number, seq = read_line(line)
    found = opened_by_number(connection, actor, letter, number)
    if found is None:
        return say(
            "This letter opens no case “%(number)s” to you: look at how its number is written, as in"
            " 012/IK/2026. Cases that you took part in cannot be named either.",
            number=number,
        )
    case, last = found
    if seq > last:
        return say("The case %(number)s has only %(last)s events.", number=number, last=last)
    return case, seq
