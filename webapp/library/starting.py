"""The form by which a case is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.actions import instances
from engine.actions.instances import NewCase
from engine.errors import Invalid, Problem
from engine.ids import new_id, parse_id
from engine.model.numbering import case_title
from engine.queries.starting import start_page
from webapp import current
from webapp.frame import leave_note

_HALF_OF_THE_YEAR = 7  # from this month on, what is begun is mostly about the next year
_DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was typed. ``attempt`` lets the same form start one case only."""

    year: str
    title: str
    knowingly: bool
    start: str
    revision: int | None  # in trial
    attempt: UUID

    @property
    def year_number(self) -> int:
        """Read the year; 0 is no year, which is refused with a sentence."""
        text = self.year.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) == _DIGITS else 0


def first_asked(query: Mapping[str, str]) -> Asked:
    """Begin with a year that is likely."""
    now = current.engine().clock.now()
    local = current.engine().calendar_of(current.actor().office).local(now)
    year = local.year + (local.month >= _HALF_OF_THE_YEAR)
    return Asked(
        year=str(year),
        title="",
        knowingly=False,
        start="",
        revision=_revision(query),
        attempt=new_id(),
    )


def form(key: str, asked: Asked, problems: tuple[Problem, ...]) -> str:
    """Draw the form, with the cases that are open for the same year."""
    page = start_page(current.engine(), current.actor(), key, asked.year_number, asked.revision)
    header = page.definition.document
    proposed = case_title(header.case_title, page.name, subject_year=asked.year_number)
    return render_template(
        "library/start.html",
        page=page,
        asked=asked,
        problems=problems,
        proposed=proposed if asked.year_number else "",
    )


def start(key: str, fields: Mapping[str, str]) -> Response | tuple[str, int]:
    """Start a case; what was refused comes back with what was typed."""
    asked = Asked(
        year=fields.get("year", ""),
        title=fields.get("title", ""),
        knowingly=fields.get("knowingly", "") == fields.get("year", "").strip(),
        start=fields.get("start", ""),
        revision=_revision(fields),
        attempt=parse_id(fields.get("attempt", "")) or new_id(),
    )
    new = NewCase(
        key=key,
        year=asked.year_number,
        title=asked.title,
        start=asked.start,
        version=asked.revision,
        attempt=asked.attempt,
        knowingly=asked.knowingly,
    )
    try:
        started = instances.start(current.engine(), current.actor(), new)
    except Invalid as error:
        return form(key, asked, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("Case %(number)s was started.", number=started.number))
    if started.first_task is None:
        return redirect(f"/cases/{started.instance.hex}", HTTPStatus.SEE_OTHER)
    return redirect(f"/tasks/{started.first_task.hex}", HTTPStatus.SEE_OTHER)


def _revision(fields: Mapping[str, str]) -> int | None:
    text = fields.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
