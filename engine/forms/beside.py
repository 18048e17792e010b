"""What a value must keep to because of the values beside it: its order in time, a number where one is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Sentence, say
from engine.forms.context import FormContext
from engine.forms.fields import Field
from engine.forms.order import out_of_order
from engine.forms.raw import CHECKED

_LONGEST_QUOTED = 60  # characters


def is_compared(field: Field) -> bool:
    """Tell whether a field has such a rule."""
    return bool(field.not_before or field.not_after or field.number_if) and not field.readonly


def wrong_beside(
    field: Field, values: Mapping[str, Any], near: Mapping[str, Field], context: FormContext
) -> Sentence | None:
    """Say what is wrong with a clean value beside the others, or nothing; ``near`` are their fields."""
    return out_of_order(field, values, near, context) or _without_number(field, values, near)


def _without_number(field: Field, values: Mapping[str, Any], near: Mapping[str, Field]) -> Sentence | None:
    text = values[field.key]
    if field.number_if is None or not text or any(character.isdigit() for character in text):
        return None
    key, expected = field.number_if
    if not has_value(values, key, expected):
        return None
    return say(
        "“%(text)s” holds no number. With %(field)s %(value)s write digits, for example %(example)s.",
        text=text[:_LONGEST_QUOTED],
        field=near[key].label,
        value=expected,
        example=field.example or "92,5",
    )


def has_value(values: Mapping[str, Any], key: str, expected: str) -> bool:
    """Tell whether a field was answered with a value; of several answers, with that one too."""
    found = values.get(key)
    if isinstance(found, list):
        return expected in found
    if isinstance(found, bool):
        return expected == (CHECKED if found else "false")
    return found is not None and str(found) == expected
