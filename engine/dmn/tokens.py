"""FEEL's text in tokens. Names of several words are found because they are known beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.dmn.limits import LONGEST_CELL
from engine.errors import AlurError, say

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<name>[^\W\d]\w*)'
    r"|(?P<sign>\.\.|<=|>=|!=|\*\*|[=<>()\[\],.?+\-*/@])",
    re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class NotFeel(AlurError):
    """A cell that this interpreter does not know; the sentence says where and why."""


class Token(NamedTuple):
    """One token: its kind (text, number, name, sign, or end), what is written, and from which character."""

    kind: str
    text: str
    place: int  # from 1


def words_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Make what finds names of several words; the longest is tried first."""
    several = sorted({name for name in names if not name.isidentifier()}, key=len, reverse=True)
    if not several:
        return None
    spaced = (r"\s+".join(map(re.escape, name.split())) for name in several)
    return re.compile(rf"(?:{'|'.join(spaced)})(?!\w)")


def tokens(text: str, several: re.Pattern[str] | None) -> list[Token]:
    """Take a cell apart, or raise NotFeel."""
    if len(text.encode()) > LONGEST_CELL:
        raise NotFeel(say("it is longer than %(most)s bytes", most=LONGEST_CELL))
    found: list[Token] = []
    at = 0
    while at < len(text):
        if (space := _SPACE.match(text, at)) is not None:
            at = space.end()
            continue
        name = several.match(text, at) if several is not None else None
        if name is not None:
            found.append(Token("name", " ".join(name[0].split()), at + 1))
            at = name.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise misplaced(text[at], at + 1)
        found.append(Token(match.lastgroup, match[0], at + 1))
        at = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def unquoted(text: str) -> str:
    """Give what a text in quotation marks says."""
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"  # noqa: PLR2004 - Unicode
    return _ESCAPED.get(code, code)


def misplaced(found: str, place: int) -> NotFeel:
    """Say what cannot stand there."""
    if not found:
        return NotFeel(say("something is missing at its end"))
    return NotFeel(
        say("character %(place)s: %(found)s is not understood here", place=place, found=found[:40])
    )
