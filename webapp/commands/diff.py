"""``alur diff OLD NEW``."""

from __future__ import annotations

import json

import click

from engine.bpmn.diff import Side, differences, read_side, with_rows_together
from engine.errors import AlurError, Sentence
from engine.model.difference import Change
from webapp.commands.contents import Content, read_content
from webapp.commands.opening import in_words
from webapp.commands.telling import tell

_SAME, _DIFFERENT, _UNREADABLE = 0, 1, 2


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print a list of changes.")
@click.option(
    "--language", type=click.Choice(["en", "id"]), default="en", show_default=True, help="Of the sentences."
)
def command(old: str, new: str, *, as_json: bool, language: str) -> None:
    """Say what changes from one content of an SOP to another, and for whom.

    OLD and NEW are each a diagram (.bpmn), the folder of a process, a package (.zip), or a version
    of the library as KEY@NUMBER. Where one of them is a diagram alone, only the diagrams are compared.

    A line for each change, those of a role together; rows that only have another number in one line.
    Moving shapes about is no difference. A draft that could not run is compared all the same.

    With --json a list of objects, one for each change of each element: "kind" (added, removed, changed,
    moved), "element" (its id; empty: the SOP), "name", "role" (key; empty: nobody's work) and "text".
    What is new or gone is one object whose text tells all that it carries.

    Exit code 0 where nothing differs, 1 where something does, 2 where one cannot be read.
    """
    try:
        before, after = _sides(read_content(old), read_content(new))
    except (AlurError, OSError, click.ClickException) as error:
        click.echo(_why(error), err=True)
        raise SystemExit(_UNREADABLE) from error
    found = differences(before, after)
    if as_json:
        tell(json.dumps([_entry(one, language) for one in found], ensure_ascii=False, indent=2))
    else:
        _print(found, after, before, language)
    raise SystemExit(_DIFFERENT if found else _SAME)


def _sides(old: Content, new: Content) -> tuple[Side, Side]:
    whole = old.whole and new.whole
    labels = {**old.labels, **new.labels}
    sides = [
        read_side(
            one.package.bpmn,
            forms=one.package.forms if whole else {},
            decisions=one.package.decisions if whole else {},
            notes=one.package.notes if whole else "",
            labels=labels,
        )
        for one in (old, new)
    ]
    return sides[0], sides[1]


def _why(error: Exception) -> str:
    if isinstance(error, AlurError):
        return in_words(error)
    return error.format_message() if isinstance(error, click.ClickException) else str(error)


def _entry(one: Change, language: str) -> dict[str, str]:
    return {
        "kind": one.kind.value,
        "element": one.element,
        "name": one.name,
        "role": one.role,
        "text": _said(one.sentence, language),
    }


def _print(found: tuple[Change, ...], after: Side, before: Side, language: str) -> None:
    for one in with_rows_together(found):
        label = after.role_label(one.role) if one.role in after.roles else before.role_label(one.role)
        tell(f"{label or 'SOP'}: {_said(one.sentence, language)}")


def _said(sentence: Sentence, language: str) -> str:
    if language == "en":
        return str(sentence)
    from webapp.rendering import sentence as indonesian  # noqa: PLC0415 - Flask is slow to load

    return indonesian(sentence)
