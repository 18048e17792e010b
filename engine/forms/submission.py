"""A submission: raw fields become clean values, or problems per field.

Nothing is corrected silently except what a person would not notice: space at the ends, rows left
empty, fields hidden by their condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid, Problem, Sentence, say
from engine.forms.beside import has_value, is_compared, wrong_beside
from engine.forms.context import FormContext
from engine.forms.fields import Field, FieldType, FormDefinition, Raw
from engine.forms.prefill import beginning, empty_value
from engine.forms.raw import default_texts, paste_box
from engine.forms.schema import validator
from engine.forms.values import Unreadable, is_empty, read_value

Values = dict[str, Any]
_MISSING: Mapping[FieldType, Sentence] = {
    FieldType.LIST: say("Not filled in yet. Add at least one row."),
    FieldType.FILE: say("No file yet. Choose a file to upload."),
    FieldType.CHECKBOX: say("Not ticked yet. Tick it to go on."),
    FieldType.RADIO: say("Not chosen yet. Choose one of the options."),
    FieldType.SELECT: say("Not chosen yet. Choose one of the options."),
    FieldType.CHECKLIST: say("Not chosen yet. Choose at least one."),
    FieldType.TAGLIST: say("Not chosen yet. Choose at least one."),
    FieldType.DATE: say("Not filled in yet. Write day, month and year, for example 24-11-2026."),
    FieldType.TIME: say("Not filled in yet. Write hours and minutes, for example 09.00."),
    FieldType.DATETIME: say("Not filled in yet. Write date and time, for example 24-11-2026 09.00."),
}
_NOT_TAKEN_IN = say(
    "What you pasted is not in the table yet. Press “Paste into the table”, or empty the box."
)
_NO_TEXTS: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Submission:
    """Clean values by key, in the form's order.

    ``shared`` is what is also written to variables of the case; ``assigned`` who was named (hex)
    for which element's next task; ``hidden`` are the fields whose condition hid them.
    """

    values: Values
    shared: Values
    assigned: dict[str, list[str]]
    hidden: frozenset[str] = frozenset()


def clean(form: FormDefinition, raw: Raw, context: FormContext) -> Submission:
    """Read a submission, or raise Invalid with a problem for every field, in the form's order.

    Problems carry the field's name as it was submitted: ``perihal``, ``indikator.0.target``.
    """
    values, problems = _read(form, raw, context)
    hidden = _hide(form, values)
    found = [
        problem
        for field in form.inputs
        if field.key not in hidden
        for problem in problems.get(field.key)
        or _missing(field, values, {})
        or _beside(field, values, form.by_key, context)
    ]
    found = found or _second_net(form, values)
    if found:
        raise Invalid(tuple(found))
    shown = [field for field in form.inputs if field.key not in hidden]
    return Submission(
        values=values,
        shared={field.shared: values[field.key] for field in shown if field.shared},
        assigned=_assigned(shown, values),
        hidden=frozenset(hidden),
    )


def shared_in(form: FormDefinition, values: Values) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Give what clean values also wrote to variables of the case, and whom they named: see ``Submission``."""
    hidden = _hide(form, dict(values))
    shown = [field for field in form.inputs if field.key not in hidden]
    return {one.shared: values[one.key] for one in shown if one.shared}, _assigned(shown, values)


def read_so_far(form: FormDefinition, raw: Raw, context: FormContext) -> Values:
    """Read what can be read of a form that is still being filled; the rest is empty."""
    values, _problems = _read(form, raw, context)
    _hide(form, values)
    return values


def says(form: FormDefinition, raw: Raw, context: FormContext, values: Mapping[str, Any]) -> bool:
    """Tell whether what stands in a form is what these values were read from; what is unreadable is not."""
    found, problems = _read(form, raw, context)
    _hide(form, found)
    asked = [field for field in form.inputs if not field.readonly]
    return not any(problems.values()) and all(found[one.key] == values.get(one.key) for one in asked)


def _read(form: FormDefinition, raw: Raw, context: FormContext) -> tuple[Values, dict[str, list[Problem]]]:
    """Read every field by itself; a list's conditions need the others, so lists come last."""
    values: Values = {}
    problems: dict[str, list[Problem]] = {}
    for field in form.inputs:
        values[field.key] = empty_value(field)
        if field.type is not FieldType.LIST:
            try:
                values[field.key] = _one(field, raw, context)
            except Unreadable as unreadable:
                problems[field.key] = [_problem(field, field.key, unreadable.sentence)]
    for field in form.lists:
        if field.readonly:
            values[field.key] = beginning(field, context)
        else:
            values[field.key], problems[field.key] = _rows(form, field, raw, context, values)
    return values, problems


def _one(field: Field, raw: Raw, context: FormContext) -> Any:  # noqa: ANN401 - by the field's type
    if field.readonly:
        return beginning(field, context)
    if field.type is not FieldType.FILE:
        return read_value(field, raw.get(field.key, _NO_TEXTS), context)
    staged = list(context.staged.get(field.key, ()))
    if len(staged) > 1 and not field.multiple:
        raise Unreadable(say("There are %(count)s files. Keep one and remove the others.", count=len(staged)))
    return staged


def _rows(
    form: FormDefinition, field: Field, raw: Raw, context: FormContext, others: Values
) -> tuple[list[Values], list[Problem]]:
    numbers = field.rows_in(raw)
    near = {**form.by_key, **{column.key: column for column in field.fields}}
    compared = [column for column in field.fields if is_compared(column)]
    rows: list[Values] = []
    problems: list[Problem] = []
    for number in numbers[: field.most_rows + 1]:
        texts = {key: raw.get(field.cell(number, key), _NO_TEXTS) for key in field.column_keys}
        if not _is_blank(field, texts):
            row, wrong = _row(field, number, texts, context, others)
            for column in compared:
                name = field.cell(number, column.key)
                if all(one.field != name for one in wrong):
                    wrong += _beside(column, {**others, **row}, near, context, name)
            rows.append(row)
            problems += wrong
    if any(text.strip() for text in raw.get(paste_box(field), ())):
        problems.append(_problem(field, paste_box(field), _NOT_TAKEN_IN))
    if len(numbers) > field.most_rows:
        many = say(
            "%(rows)s rows are more than the %(most)s that fit.", rows=len(numbers), most=field.most_rows
        )
        return rows[: field.most_rows], [_problem(field, field.key, many)]
    return rows, problems


def _is_blank(field: Field, texts: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether nothing was typed into a row, or only its defaults stand in it."""
    for column in field.fields:
        typed = texts[column.key]
        if any(text and not text.isspace() for text in typed) and list(typed) != default_texts(column):
            return False
    return True


def _row(
    field: Field, number: int, texts: Mapping[str, Sequence[str]], context: FormContext, others: Values
) -> tuple[Values, list[Problem]]:
    row: Values = {}
    problems: dict[str, list[Problem]] = {}
    for column in field.fields:
        try:
            row[column.key] = read_value(column, texts[column.key], context)
        except Unreadable as unreadable:
            row[column.key] = empty_value(column)
            problems[column.key] = [_problem(column, field.cell(number, column.key), unreadable.sentence)]
    found: list[Problem] = []
    for column in field.fields:
        if column.hide and column.hide.hides({**others, **row}):
            row[column.key] = empty_value(column)
        elif column.key in problems:
            found += problems[column.key]
        elif column.required or column.required_if:
            found += _missing(column, row, others, field.cell(number, column.key))
    return row, found


def _hide(form: FormDefinition, values: Values) -> set[str]:
    """Empty the fields whose condition hides them, in the form's order; a group hides its members."""
    hidden: set[str] = set()
    _hide_in(form.fields, values, hidden, inside=False)
    return hidden


def _hide_in(fields: tuple[Field, ...], values: Values, hidden: set[str], *, inside: bool) -> None:
    for field in fields:
        away = inside or (field.hide is not None and field.hide.hides(values))
        if field.type is FieldType.GROUP:
            _hide_in(field.fields, values, hidden, inside=away)
        elif away and field.has_value:
            values[field.key] = empty_value(field)
            hidden.add(field.key)


def _missing(field: Field, values: Values, others: Values, name: str = "") -> list[Problem]:
    if not is_empty(values[field.key]):
        return []
    if not (field.required or field.decision or _is_required_now(field, {**others, **values})):
        return []
    return [_problem(field, name or field.key, _missing_sentence(field))]


def _is_required_now(field: Field, values: Values) -> bool:
    return field.required_if is not None and has_value(values, *field.required_if)


def _beside(
    field: Field, values: Values, near: Mapping[str, Field], context: FormContext, name: str = ""
) -> list[Problem]:
    sentence = wrong_beside(field, values, near, context) if is_compared(field) else None
    return [_problem(field, name or field.key, sentence)] if sentence else []


def _missing_sentence(field: Field) -> Sentence:
    if field.example:
        return say("Not filled in yet. Write for example “%(example)s”.", example=field.example)
    return _MISSING.get(field.type) or say("Not filled in yet. This cannot be left empty.")


def _problem(field: Field, name: str, sentence: Sentence) -> Problem:
    return Problem(field=name, label=field.label, sentence=sentence)


def _second_net(form: FormDefinition, values: Values) -> list[Problem]:
    if validator(form).is_valid(values):
        return []
    error = next(validator(form).iter_errors(values))
    key = str(error.instance_path[0]) if error.instance_path else ""
    field = form.by_key.get(key, form.inputs[0])
    return [_problem(field, field.key, say("This cannot be kept as it is. Check it and type it again."))]


def _assigned(fields: Sequence[Field], values: Values) -> dict[str, list[str]]:
    assigned: dict[str, list[str]] = {}
    for field in fields:
        if field.assigns:
            named = values[field.key]
            people = named if isinstance(named, list) else [named] if named else []
            known = assigned.setdefault(field.assigns, [])
            known += [person for person in people if person not in known]
    return assigned
