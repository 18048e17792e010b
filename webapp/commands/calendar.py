"""``alur calendar``: the office's own holidays, workdays and working hours."""

from __future__ import annotations

from datetime import date, datetime

import click

from engine.actions.calendar import clear_day, reset_hours, set_day, set_hours
from engine.model.hours import NO_HOURS, Hours, Week
from webapp.commands.opening import at_desk
from webapp.commands.telling import tell

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.group()
def command() -> None:
    """Holidays, workdays and hours; the nation's holidays and cuti bersama are known already."""


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


@command.group("hours")
def hours_group() -> None:
    """Working hours of the week, and those of Ramadan."""


@hours_group.command("show")
def show_hours() -> None:
    """Show when the office works."""
    with at_desk() as desk:
        calendar = desk.engine.calendar_of(desk.actor.office)
    _tell_week("Ordinary week", calendar.week)
    if calendar.special:
        _tell_week("Ramadan", calendar.special[-1].week)


@hours_group.command("set")
@click.argument("days")
@click.argument("hours")
@click.option("--ramadan", is_flag=True, help="For the days of Ramadan; else for the others.")
def set_hours_command(days: str, hours: str, *, ramadan: bool) -> None:
    """Set the HOURS ("07:30-12:00 13:00-16:00", or "free") of DAYS ("mon", "mon-thu", "mon,wed")."""
    with at_desk() as desk:
        spans = NO_HOURS if hours.strip() == "free" else Hours.read(hours)
        set_hours(desk.engine, desk.actor, _days(days), spans, ramadan=ramadan)
        tell(f"{days}: {str(spans) or 'free'}{' in Ramadan' if ramadan else ''}")


@hours_group.command("reset")
def reset_hours_command() -> None:
    """Go back to the hours of Perpres 21/2023."""
    with at_desk() as desk:
        reset_hours(desk.engine, desk.actor)
        tell("The hours are those of Perpres 21/2023.")


def _tell_week(name: str, week: Week) -> None:
    tell(f"{name}:")
    for place, day in enumerate(_WEEK):
        tell(f"  {day}  {str(week.get(place, NO_HOURS)) or 'free'}")


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.lower().split(","):
        first, _to, last = part.strip().partition("-")
        if first not in _WEEK or (last or first) not in _WEEK[_WEEK.index(first) :]:
            message = f'"{text}" names no days such as mon, mon-thu or mon,wed.'
            raise click.BadParameter(message, param_hint="DAYS")
        found += range(_WEEK.index(first), _WEEK.index(last or first) + 1)
    return found


def _shown(day: date) -> str:
    return f"{day:%d-%m-%Y}"
