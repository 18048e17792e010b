"""What a task's form sends: fields as typed, files, which button, and what the page itself added."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, cast
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest

from engine.actions.drafts import Opened
from engine.actions.files import Upload
from engine.errors import Problem, say
from engine.ids import new_id, parse_id
from engine.queries.inbox import InboxFilter
from engine.queries.task_form import DONE_ON
from webapp import current, wording
from webapp.inbox.filters import HIDDEN, read_hidden

_OWN = frozenset(
    {"csrf_token", "attempt", "revision", "other", HIDDEN, "complete", "save", "preview", DONE_ON}
)
_BUTTONS = ("add:", "remove:", "unstage:")
ACT = "act:"  # begins the names of what stands beside the form: a reason, a colleague, a comment
_DATE_PARTS = 3
_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A posted form of a task. ``button`` is a list's or a chosen file's, empty for the others."""

    fields: dict[str, list[str]]
    button: str
    opened: Opened | None  # None where a program sends it that never opened the page
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

    def done_day(self) -> tuple[date | None, tuple[Problem, ...]]:
        """Read the day the work was really done, or say what is wrong with it; no day is now."""
        day = _day(self.done_on) if self.done_on else None
        if day is not None or not self.done_on:
            return day, ()
        example = wording.day(current.engine().clock.now())
        sentence = say("Write day, month and year, for example %(example)s.", example=example)
        return None, (Problem(field=DONE_ON, label="Done on", sentence=sentence),)


def submitted() -> Submitted:
    """Read the posted form; names the page itself uses are not the form's.

    A body that cannot be read looks like a form in which nothing is filled in: it must not become one.
    """
    if not request.form:
        raise BadRequest
    names = request.form.keys()
    button = next((name for name in names if name.startswith(_BUTTONS)), "")
    fields = {
        name: request.form.getlist(name)
        for name in names
        if name not in _OWN and not name.startswith((*_BUTTONS, ACT))
    }
    attempt = posted_attempt()
    return Submitted(
        fields=fields,
        button=button,
        opened=_opened(attempt),
        attempt=attempt,
        wanted=read_hidden(request.form.get(HIDDEN, "")),
        done_on=request.form.get(DONE_ON, "").strip(),
    )


def _opened(attempt: UUID) -> Opened | None:
    revision = request.form.get("revision", "")
    if not (revision.isascii() and revision.isdigit()):
        return None
    return Opened(attempt=attempt, revision=int(revision[:_DIGITS]), other=bool(request.form.get("other")))


def posted_attempt() -> UUID:
    """Read the form's attempt; one that makes no sense is a new one."""
    return parse_id(request.form.get("attempt", "")) or new_id()


def uploads() -> Iterator[Upload]:
    """Give the files that were chosen, by their fields; a file field left empty sends a nameless one."""
    for field, file in request.files.items(multi=True):
        if file.filename and not field.startswith(ACT):
            yield Upload(field=field, filename=file.filename, stream=cast("BinaryIO", file.stream))


def act_field(name: str) -> str:
    """Read what was typed beside the form for an act."""
    return request.form.get(ACT + name, "")


def seen_suggestions() -> dict[UUID, datetime]:
    """Read which suggestions were shown as news, each with when it had come so far; passes over nonsense."""
    seen = {}
    for text in request.form.getlist("seen"):
        one, _space, at = text.partition(" ")
        suggestion = parse_id(one)
        with suppress(ValueError):
            instant = datetime.fromisoformat(at)
            if suggestion is not None and instant.tzinfo is not None:
                seen[suggestion] = instant
    return seen


def act_file() -> Upload | None:
    """Give the file that was chosen beside the form."""
    file = request.files.get(ACT + "file")
    if file is None or not file.filename:
        return None
    return Upload(field="file", filename=file.filename, stream=cast("BinaryIO", file.stream))


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
