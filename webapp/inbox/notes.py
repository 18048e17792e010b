"""The reviewer's notes, line by line, with links to the rows they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.forms.definition import FormDefinition, Raw
from webapp.language import gettext

# "nomor 3", "baris 5", "no. 6", "indikator 2": how people name a row.
_ROW = re.compile(r"\b(?:baris|nomor|no\.?|indikator|row|number)\s*(?:ke-?\s*)?(\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class NoteLine:
    """A line of the notes; ``anchor`` and ``words`` lead to the row it names, where it names one."""

    text: str
    anchor: str = ""
    words: str = ""


def note_lines(text: str, form: FormDefinition | None, raw: Raw) -> tuple[NoteLine, ...]:
    """Cut notes into lines."""
    return tuple(_lines(text, form, raw))


def _lines(text: str, form: FormDefinition | None, raw: Raw) -> Iterator[NoteLine]:
    listed = form.main_list if form else None
    rows = len(listed.rows_in(raw)) if listed else 0
    for line in text.splitlines():
        if not line.strip():
            continue
        found = _ROW.search(line)
        number = int(found[1]) if found else 0
        if form is None or listed is None or not 0 < number <= rows:
            yield NoteLine(text=line.strip())
        else:
            anchor = form.row_anchor(listed, number - 1)
            yield NoteLine(text=line.strip(), anchor=anchor, words=gettext("To row %(row)s", row=number))
