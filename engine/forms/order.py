"""Dates and times in their order: not before a moment the server knows, or another field; nor after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from engine.errors import Sentence, say
from engine.forms.context import FormContext
from engine.forms.fields import MOMENTS, Field, FieldType
from engine.forms.notation import date_text, moment_text, time_text

TODAY, ARRIVAL = "today", "arrival"
KNOWN = frozenset({TODAY, ARRIVAL})  # what is no field: today, and the day on which the task arrived
_WRITE = {FieldType.DATE: date_text, FieldType.TIME: time_text, FieldType.DATETIME: moment_text}


def comparable(field: Field, other: Field) -> bool:
    """Tell whether two fields stand in an order: days with days, times of day with times of day."""
    times = {field.type, other.type} & {FieldType.TIME}
    return {field.type, other.type} <= MOMENTS and (not times or field.type is other.type)


def out_of_order(
    field: Field,
    values: Mapping[str, Any],
    near: Mapping[str, Field],
    context: FormContext,
) -> Sentence | None:
    """Say what is wrong with the order of a field's clean value, or nothing.

    ``near`` are the fields that may be named, by key; what is left empty has no order. Days are
    compared as days: what was done earlier today may be written down at any hour.
    """
    value = values.get(field.key)
    if not isinstance(value, str):
        return None
    return next(_wrong(field, value, values, near, context), None)


def _wrong(
    field: Field, value: str, values: Mapping[str, Any], near: Mapping[str, Field], context: FormContext
) -> Iterator[Sentence]:
    for name, too_early in ((field.not_before, True), (field.not_after, False)):
        if name in KNOWN:
            day = context.today if name == TODAY else context.arrived
            if day is not None and _is_outside(_day(value), day, too_early=too_early):
                yield _beyond_day(field, value, name, day, too_early=too_early)
        elif name and isinstance(values.get(name), str):
            mine, others = _alike(value, values[name])
            if _is_outside(mine, others, too_early=too_early):
                yield _beyond_field(field, value, near[name], values[name], too_early=too_early)


def _is_outside(mine: Any, others: Any, *, too_early: bool) -> bool:  # noqa: ANN401 - two days, or two instants
    return bool(mine < others if too_early else mine > others)


def _day(value: str) -> date:
    return date.fromisoformat(value[:10])


def _alike(one: str, other: str) -> tuple[Any, Any]:
    """Read two values as what both hold: times of day, instants, or days."""
    if ":" in one[:3] or ":" in other[:3]:
        return one, other
    if "T" in one and "T" in other:
        return datetime.fromisoformat(one), datetime.fromisoformat(other)
    return _day(one), _day(other)


def _beyond_field(field: Field, value: str, other: Field, limit: str, *, too_early: bool) -> Sentence:
    facts = {
        "value": _WRITE[field.type](value),
        "field": other.label,
        "limit": _WRITE[other.type](limit),
    }
    if too_early:
        return say("%(value)s is before “%(field)s” (%(limit)s). Write the same or a later one.", **facts)
    return say("%(value)s is after “%(field)s” (%(limit)s). Write the same or an earlier one.", **facts)


def _beyond_day(field: Field, value: str, name: str, day: date, *, too_early: bool) -> Sentence:
    facts = {"value": _WRITE[field.type](value), "day": date_text(day.isoformat())}
    if name == ARRIVAL and too_early:
        return say("%(value)s is before this task arrived (%(day)s). Write that day or a later one.", **facts)
    if name == ARRIVAL:
        return say(
            "%(value)s is after this task arrived (%(day)s). Write that day or an earlier one.", **facts
        )
    if too_early:
        return say("%(value)s has passed. Write today (%(day)s) or a later day.", **facts)
    return say("%(value)s has not come yet. Write today (%(day)s) or an earlier day.", **facts)
