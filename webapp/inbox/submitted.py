"""What a task's form sends: fields as typed, files, which button, and what the page itself added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast
from uuid import UUID

from flask import request

from engine.actions.drafts import Upload
from engine.errors import Invalid, Problem, say
from engine.ids import new_id, parse_id
from engine.queries.inbox import InboxFilter
from engine.queries.task_form import DONE_ON
from webapp import current, wording
from webapp.inbox.filters import HIDDEN, read_hidden

_OWN = frozenset({"csrf_token", "attempt", "revision", HIDDEN, "complete", "save", DONE_ON})
_BUTTONS = ("add:", "remove:", "unstage:")
_DATE_PARTS = 3


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A posted form of a task. ``button`` is a list's or a chosen file's, empty for the others."""

    fields: dict[str, list[str]]
    button: str
    attempt: UUID
    wanted: InboxFilter
    done_on: str

    @property
    def draft(self) -> dict[str, list[str]]:
        """Give what a draft keeps: the day too, where it is not simply today."""
        kept = (
            {}
            if self.done_on in ("", wording.day(current.engine().clock.now()))
            else {DONE_ON: [self.done_on]}
        )
        return self.fields | kept

    def done_day(self) -> date | None:
        """Read the day the work was really done; None is now."""
        if not self.done_on:
            return None
        day = _day(self.done_on)
        if day is None:
            sentence = say("Write day, month and year, for example 24-11-2026.")
            raise Invalid((Problem(field=DONE_ON, label="Done on", sentence=sentence),))
        return day


def submitted() -> Submitted:
    """Read the posted form; names the page itself uses are not the form's."""
    names = request.form.keys()
    button = next((name for name in names if name.startswith(_BUTTONS)), "")
    fields = {
        name: request.form.getlist(name)
        for name in names
        if name not in _OWN and not name.startswith(_BUTTONS)
    }
    return Submitted(
        fields=fields,
        button=button,
        attempt=posted_attempt(),
        wanted=read_hidden(request.form.get(HIDDEN, "")),
        done_on=request.form.get(DONE_ON, "").strip(),
    )


def posted_attempt() -> UUID:
    """Read the form's attempt; one that makes no sense is a new one."""
    return parse_id(request.form.get("attempt", "")) or new_id()


def uploads() -> Iterator[Upload]:
    """Give the files that were chosen, by their fields; a file field left empty sends a nameless one."""
    for field, file in request.files.items(multi=True):
        if file.filename:
            yield Upload(field=field, filename=file.filename, stream=cast("BinaryIO", file.stream))


def _day(text: str) -> date | None:
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) != _DATE_PARTS or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    first, month, last = (int(part[:4]) for part in parts)
    year, day = (first, last) if len(parts[0]) > len("31") else (last, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None
