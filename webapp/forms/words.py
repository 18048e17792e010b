"""What stands around a field: help, conditions, and problems said briefly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext

from engine.errors import Problem
from engine.forms.definition import Field, FieldType, FormDefinition
from engine.forms.order import KNOWN, TODAY
from engine.model.file_kind import MAX_BYTES, kinds
from webapp.rendering import sentence

_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_EXAMPLES = {
    FieldType.DATE: "24-11-2026",
    FieldType.TIME: "09.00",
    FieldType.DATETIME: "24-11-2026 09.00",
}


def help_of(field: Field, near: Mapping[str, Field], *, example: bool = True) -> str:
    """Say how to fill a field; ``near`` are the fields its conditions may name, by key.

    An ``example`` helps where nothing stands yet; beside a problem, which says it too, it is noise.
    """
    parts = [field.description, _condition(field, near)]
    parts += _order(field, near)
    if field.type is FieldType.FILE:
        parts.append(kinds_taken(field.accept))
    if not field.description:
        parts += [_plain(field), _required_if(field, near), _example(field) if example else ""]
    return " ".join(part for part in parts if part)


def kinds_taken(accept: Sequence[str]) -> str:
    """Say which kinds of files a place takes, and how large they may be."""
    most = MAX_BYTES >> 20
    if not accept:
        return str(gettext("PDF, Office, picture or text, at most %(most)s MB.", most=most))
    return str(gettext("%(kinds)s, at most %(most)s MB.", kinds=kinds(accept), most=most))


def _order(field: Field, near: Mapping[str, Field]) -> Iterator[str]:
    """Say what a date or time must not be before or after."""
    if field.not_before:
        yield str(gettext("Not before %(moment)s.", moment=_moment(field.not_before, near)))
    if field.not_after:
        yield str(gettext("Not after %(moment)s.", moment=_moment(field.not_after, near)))


def _moment(name: str, near: Mapping[str, Field]) -> str:
    if name in KNOWN:
        return str(gettext("today") if name == TODAY else gettext("the day this task arrived"))
    return f"“{near[name].label}”" if name in near else name


def _plain(field: Field) -> str:
    if field.plain == "letter_number":
        return str(gettext("Typed for now; it is not yet taken from the register of letters."))
    if field.plain == "signature":
        return str(gettext("Typed for now; it is not yet an electronic signature."))
    return ""


def _example(field: Field) -> str:
    example = field.example or _EXAMPLES.get(field.type, "")
    return str(gettext("For example %(example)s.", example=example)) if example else ""


def _required_if(field: Field, near: Mapping[str, Field]) -> str:
    if field.required_if is None:
        return ""
    key, value = field.required_if
    other = near.get(key)
    said = f"{other.label if other else key} = {_answer(other, value)}"
    return str(gettext("Must be filled in if %(condition)s.", condition=said))


def _condition(field: Field, near: Mapping[str, Field]) -> str:
    """Put the condition for showing a field in words; it stays visible without scripts."""
    if field.hide is None:
        return ""
    and_, or_ = gettext(" and "), gettext(" or ")
    said = or_.join(
        and_.join(_comparison(near.get(one.name), one.name, one.sign, one.value) for one in alternative)
        for alternative in field.hide.shown_when
    )
    return str(gettext("Only if %(condition)s.", condition=said))


def _comparison(other: Field | None, name: str, sign: str, value: str | float | None) -> str:
    label = other.label if other else name
    if isinstance(value, bool):
        yes = value is (sign == "=")
        return f"{label} = {gettext('Yes') if yes else gettext('No')}"
    if value is None:
        state = gettext("is empty") if sign == "=" else gettext("is filled in")
        return f"{label} {state}"
    options = other.options if other else ()
    if sign == "!=" and len(options) == 2 and isinstance(value, str):  # noqa: PLR2004 - the one or the other
        rest = [option.label for option in options if option.value != value]
        if len(rest) == 1:
            return f"{label} = {rest[0]}"
    return f"{label} {_SIGNS[sign]} {_answer(other, value)}"


def _answer(other: Field | None, value: str | float) -> str:
    if isinstance(value, str):
        options = other.options if other else ()
        return next((option.label for option in options if option.value == value), value)
    return str(value).replace(".", ",")


def brief(said: str) -> str:
    """Shorten a problem to what is wrong: its first sentence, to stand after the field's label."""
    first = said.partition(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:]


def place_of(form: FormDefinition | None, problem: Problem, ordinals: Mapping[str, int]) -> str:
    """Name the place of a problem: the field, or list, row and column.

    ``ordinals`` gives the number of a row by its name: ``indikator.0`` -> 1.
    """
    own = form.by_key.get(problem.field) if form else None
    if own is not None:
        return own.label
    row = problem.field.rpartition(".")[0]
    listed = form.by_key.get(row.partition(".")[0]) if form else None
    if listed is None or row not in ordinals:
        return str(gettext(problem.label))
    return gettext(
        "%(list)s, row %(row)s, %(column)s", list=listed.label, row=ordinals[row], column=problem.label
    )


def said(problem: Problem) -> str:
    """Say a problem in the reader's language."""
    return sentence(problem.sentence)
