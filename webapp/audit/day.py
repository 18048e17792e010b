"""The office on a day: what was open at a moment, with whom, and what was late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from flask import render_template, request, url_for

from engine.queries.office_day import PAGE, DayPage, OpenThen, office_day
from engine.queries.office_day_open import DayAsked
from webapp import current, wording, workbooks
from webapp.audit.area import Page, blueprint
from webapp.audit.figures_words import replay_of
from webapp.audit.tables import Cell, Column, Table, text, when
from webapp.incoming import day_of, small_number
from webapp.language import gettext
from webapp.standing import named_round
from webapp.unread import unread_sheets, unread_words

_LONGEST = 120
_MOST_ROWS = 20_000  # as a workbook


@blueprint.get("/day")
def day() -> Page:
    """Show the office at a past moment."""
    asked = _asked(request.args)
    number = max(1, request.args.get("page", default=1, type=small_number))
    if workbooks.is_wanted():
        whole = office_day(current.engine(), current.actor(), asked, most=_MOST_ROWS)
        name = f"{gettext('The office on a day')} {wording.local(asked.at):%Y-%m-%d %H%M}"
        return workbooks.workbook(name, [_table(whole).sheet, *unread_sheets(whole.unread)])
    page = office_day(current.engine(), current.actor(), asked, number)
    return render_template(
        "audit/day.html",
        page=page,
        asked=asked,
        instead=_instead(),
        unread=unread_words(page.unread),
        there=wording.local(asked.at),
        table=_table(page),
        workbook=_address(asked, format="xlsx"),
        next=_address(asked, page=number + 1) if number < page.pages else "",
        first=_address(asked) if number > 1 else "",
        begins=(number - 1) * PAGE + 1,
    )


def _asked(args: Mapping[str, str]) -> DayAsked:
    """Read the moment, now where none is said; a moment to come is now."""
    now, wanted = current.engine().clock.now(), _wanted(args)
    at = now if wanted is None else min(wanted.astimezone(now.tzinfo), now)
    return DayAsked(at=at, sop=args.get("sop", "")[:_LONGEST], late=args.get("late") == "1")


def _wanted(args: Mapping[str, str]) -> datetime | None:
    """Read the moment as it was chosen; the end of the day where no time is."""
    chosen, hour = day_of(args.get("date", "")), _time_of(args.get("time", ""))
    return datetime.combine(chosen, hour or time(23, 59), current.zone_info()) if chosen else None


def _instead() -> str:
    """Say that another moment is shown than the one chosen: that is still to come, or is none."""
    wanted = _wanted(request.args)
    if wanted is not None:
        if wanted <= current.engine().clock.now():
            return ""
        return gettext(
            "%(asked)s is still to come. The office is shown as it is now.", asked=wording.moment(wanted)
        )
    if request.args.get("date"):
        return gettext("That is no date. The office is shown as it is now.")
    return ""


def _time_of(words: str) -> time | None:
    try:
        return time.fromisoformat(words).replace(tzinfo=None)
    except ValueError:
        return None


def _address(asked: DayAsked, **more: str | int) -> str:
    there = asked.at.astimezone(current.zone_info())
    values: dict[str, str | int | None] = {
        "date": f"{there:%Y-%m-%d}",
        "time": f"{there:%H:%M}",
        "sop": asked.sop or None,
        "late": 1 if asked.late else None,
    }
    return url_for("audit.day", _anchor=None, **(values | more))  # type: ignore[arg-type] # values of the query


def _table(page: DayPage) -> Table:
    return Table(
        key="day",
        caption=gettext("Open work"),
        columns=(
            Column(label=gettext("Case")),
            Column(label=gettext("Step")),
            Column(label=gettext("With")),
            Column(label=gettext("Open since")),
            Column(label=gettext("Due")),
            Column(
                label=gettext("Late by"),
                exact=f"{gettext('Late by')} ({gettext('working minutes')})",
            ),
            Column(label=gettext("SOP")),
        ),
        rows=tuple(
            (
                text(one.number, replay_of(one.case, one.seq)),
                text(named_round(one.step, one.round)),
                text(_holder(one)),
                when(one.since),
                when(one.due_at) if one.due_at else text("–"),
                _late(one, page.day_length),
                text(one.sop),
            )
            for one in page.rows
        ),
    )


def _holder(one: OpenThen) -> str:
    if one.is_lost:
        return gettext("could not be read")
    if not one.holder:
        return gettext("%(role)s, nobody had taken it", role=one.role)
    if one.lent_by:
        return gettext("%(who)s, for %(other)s", who=one.holder, other=one.lent_by)
    return one.holder


def _late(one: OpenThen, day_length: int) -> Cell:
    if one.paused:
        return text(gettext("clock stopped"))
    if one.late_by is None:
        return text("–")
    words = (
        wording.working_time(one.late_by, day_length)
        if one.late_by
        else gettext("late, outside working hours")
    )
    return Cell(words=words, value=one.late_by)
