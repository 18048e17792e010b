"""What a page of many cases could not read of them, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.errors import Sentence
from engine.queries.unread import Unread
from webapp.language import gettext, ngettext
from webapp.rendering import sentence
from webapp.workbooks import Sheet


def unread_words(found: Iterable[Unread]) -> list[str]:
    """Say how many cases are left out, and why; a sentence for each reason."""
    cases: Counter[str] = Counter()
    why: dict[str, Sentence] = {}
    for one in found:
        cases[str(one.why)] += one.cases
        why[str(one.why)] = one.why
    return [
        ngettext(
            "%(num)s case could not be read. %(why)s",
            "%(num)s cases could not be read. %(why)s",
            count,
            why=sentence(why[key]),
        )
        for key, count in cases.items()
    ]


def unread_sheets(found: Iterable[Unread]) -> list[Sheet]:
    """Give the same as a sheet of a workbook; none where everything was read."""
    words = unread_words(found)
    head = gettext("Not everything could be read")
    return [Sheet(title=head, head=[head], rows=[[one] for one in words])] if words else []
