"""What a field begins with: a shared variable, what it had before, what the case knows, or its default.

A decision and its notes never begin with anything; whoever reviews starts from an empty page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms.context import FormContext
from engine.forms.fields import CHOICES, SEVERAL, TEXTS, Field, FieldType
from engine.forms.notation import number_of

Rows = list[dict[str, Any]]


def empty_value(field: Field) -> Any:  # noqa: ANN401 - by the field's type
    """Give the clean value of a field left empty."""
    if field.type in TEXTS:
        return ""
    if field.type is FieldType.CHECKBOX:
        return False
    if field.type in SEVERAL or field.type in (FieldType.FILE, FieldType.LIST):
        return []
    return None


def beginning(field: Field, context: FormContext) -> Any:  # noqa: ANN401 - by the field's type
    """Give the clean value a field begins with; what does not fit its type counts as nothing."""
    if field.decision or field.notes:
        return empty_value(field)
    for found in (
        _shared(field, context),
        _again(field, context),
        _known(field, context),
        _default(field),
    ):
        fitting = _fitting(field, found)
        if fitting is not None:
            return fitting
    return empty_value(field)


def _shared(field: Field, context: FormContext) -> Any:  # noqa: ANN401 - data of the case
    return context.variables.get(field.shared) if field.shared else None


def _again(field: Field, context: FormContext) -> Any:  # noqa: ANN401 - data of the case
    """Give what stood there, where the step is done again; what nobody types is as the case knows it."""
    return None if field.readonly else context.again.get(field.key)


def _known(field: Field, context: FormContext) -> Any:  # noqa: ANN401 - data of the case
    if not field.prefill:
        return None
    known = {"case.year": context.case_year, "round": context.round, "me": context.me or None}
    if field.prefill in known:
        return known[field.prefill]
    if field.prefill in ("today", "now"):
        return _moment(field, context)
    element, _, key = field.prefill.rpartition(".")
    submitted = context.variables.get(element)
    return submitted.get(key) if isinstance(submitted, Mapping) else None


def _moment(field: Field, context: FormContext) -> str:
    if field.type is FieldType.DATE:
        return context.today.isoformat()
    if field.type is FieldType.TIME:
        return f"{context.now:%H:%M}"
    return context.now.replace(second=0, microsecond=0).isoformat()


def _default(field: Field) -> Any:  # noqa: ANN401 - by the field's type
    if isinstance(field.default, tuple):
        return list(field.default)
    if field.type is FieldType.NUMBER and isinstance(field.default, str):
        return number_of(field.default)
    return field.default


def _fitting(field: Field, found: Any) -> Any:  # noqa: ANN401 - data of the case
    """Keep a value that the field's type can hold; a number fits a text as its digits."""
    kind, type_ = type(found), field.type
    if type_ in TEXTS:
        return str(found) if kind is int else found or None if kind is str else None
    if type_ is FieldType.NUMBER:
        return found if kind in (int, float) else None
    if type_ is FieldType.CHECKBOX:
        return found if kind is bool else None
    if type_ in SEVERAL:
        found = [found] if kind is str else found
        return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else None
    if type_ is FieldType.LIST:
        return _fitting_rows(field, found) if kind is list else None
    if type_ in CHOICES and kind is list and len(found) == 1:
        found = found[0]
    return found or None if isinstance(found, str) else None


def _fitting_rows(field: Field, found: list[Any]) -> Rows | None:
    rows = [
        {column.key: _cell(column, row.get(column.key)) for column in field.fields}
        for row in found
        if isinstance(row, Mapping)
    ]
    return rows or None


def _cell(column: Field, found: Any) -> Any:  # noqa: ANN401 - data of the case
    fitting = _fitting(column, found)
    if fitting is None:
        fitting = _fitting(column, _default(column))
    return empty_value(column) if fitting is None else fitting
