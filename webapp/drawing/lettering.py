"""How wide words are drawn, so that labels can be wrapped before a browser sees them.

Advance widths of Source Sans 3, in thousandths of the type size; a little is added, because the
browser may have to take another face.
"""

from __future__ import annotations

import unicodedata

_FIRST = 32
_WIDTHS = (
    200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497,
    497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497, 425, 847, 543, 588, 571, 615, 527, 494, 617,
    652, 263, 479, 579, 486, 727, 647, 664, 566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303,
    350, 303, 497, 500, 542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542,
    555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241, 303, 497,
)  # fmt: skip
_OTHER = 560
_WIDE = 1000
_ALLOWANCE = 1.03
_BOLD = 1.05
_LONGEST = 2000  # characters of a name that are looked at


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate how wide a line is drawn, in the unit of ``size``."""
    thousandths = sum(_advance(character) for character in text[:_LONGEST])
    return thousandths * size / 1000 * _ALLOWANCE * (_BOLD if bold else 1)


def wrapped(text: str, size: float, room: float, most: int = 3, *, bold: bool = False) -> tuple[str, ...]:
    """Break a name into lines no wider than ``room``; what does not fit into ``most`` lines ends in "…"."""
    lines: list[str] = []
    line = ""
    for word in _words(text[:_LONGEST], size, room, bold=bold):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold=bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
        if len(lines) > most:
            break
    lines += [line] if line else []
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(f"{lines[most - 1]} …", size, room, bold=bold)]
    return tuple(lines)


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Cut a line to ``room``, ending in "…" where something is missing."""
    if width(text, size, bold=bold) <= room:
        return text
    line = text[:_LONGEST].removesuffix("…").rstrip()
    while line and width(line + "…", size, bold=bold) > room:
        line = line[:-1].rstrip()
    return line + "…"


def _words(text: str, size: float, room: float, *, bold: bool) -> list[str]:
    """Split at spaces, and inside words that are wider than a line."""
    words: list[str] = []
    for word in text.split():
        rest = word
        while width(rest, size, bold=bold) > room and len(rest) > 1:
            cut = _fitting(rest, size, room, bold=bold)
            words.append(rest[:cut])
            rest = rest[cut:]
        words.append(rest)
    return words


def _fitting(word: str, size: float, room: float, *, bold: bool) -> int:
    used = 0.0
    for count, character in enumerate(word):
        used += width(character, size, bold=bold)
        if used > room:
            return max(1, count)
    return len(word)


def _advance(character: str) -> int:
    place = ord(character) - _FIRST
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return 0 if unicodedata.combining(character) else _OTHER
