"""What a decision table decided, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import ngettext

from engine.queries.case_history import Decided
from webapp import wording
from webapp.language import gettext

_LONGEST = 160  # characters of a result
_MOST_RULES = 10


def decided_words(one: Decided) -> str:
    """Name the decision, the rules it comes from, and its result."""
    said = _by_rules(one)
    if not one.is_last or (one.rules == () and one.result is None):
        return said
    return gettext("%(decided)s → %(result)s", decided=said, result=value_words(one.result)[:_LONGEST])


def _by_rules(one: Decided) -> str:
    if one.rules is None:
        return gettext("Decision %(name)s", name=one.name)
    if not one.rules:
        return gettext("Decision %(name)s: no rule applies", name=one.name)
    numbers = ", ".join(map(str, one.rules[:_MOST_RULES])) + (", …" if len(one.rules) > _MOST_RULES else "")
    return ngettext(
        "Decision %(name)s: rule %(rules)s",
        "Decision %(name)s: rules %(rules)s",
        len(one.rules),
        name=one.name,
        rules=numbers,
    )


def value_words(value: Any) -> str:  # noqa: ANN401 - JSON value
    """Write a value of a case as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(value_words, value)) or "–"
    if isinstance(value, int | float):
        return wording.number(value)
    return "–" if value is None else str(value)
