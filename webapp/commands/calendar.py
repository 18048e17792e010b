"""``alur calendar``: the office's own holidays and workdays."""

from __future__ import annotations

from datetime import date, datetime

import click

from engine.actions.calendar import clear_day, set_day
from webapp.commands.opening import at_desk, tell

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


@click.group()
def command() -> None:
    """Holidays and workdays; the nation's holidays and cuti bersama are known already."""


@command.command("list")
@click.argument("year", type=click.IntRange(2020, 2040))
def list_days(year: int) -> None:
    """List the holidays of a year, the nation's and the office's own, and extra workdays."""
    with at_desk() as desk:
        calendar = desk.engine.calendar_of(desk.actor.office)
    days = [(day, "holiday", name) for day, name in calendar.holidays.items() if day.year == year]
    days += [(day, "workday", name) for day, name in calendar.workdays.items() if day.year == year]
    for day, kind, name in sorted(days):
        tell(f"{day:%d-%m-%Y}  {kind:8} {name}")


@command.command("add")
@click.argument("day", type=_DAY)
@click.argument("name")
@click.option("--workday", is_flag=True, help="The office works on that day; else it is a holiday.")
def add(day: datetime, name: str, *, workday: bool) -> None:
    """Make DAY (2026-11-24 or 24-11-2026) a holiday of the office, or a workday."""
    with at_desk() as desk:
        set_day(desk.engine, desk.actor, day.date(), "workday" if workday else "holiday", name)
        tell(f"{_shown(day.date())} is a {'workday' if workday else 'holiday'}: {name}")


@command.command("remove")
@click.argument("day", type=_DAY)
def remove(day: datetime) -> None:
    """Make DAY again what the nation's calendar says."""
    with at_desk() as desk:
        clear_day(desk.engine, desk.actor, day.date())
        tell(f"{_shown(day.date())} is an ordinary day again.")


def _shown(day: date) -> str:
    return f"{day:%d-%m-%Y}"
