"""Values in words: dates, times, numbers, sizes and working time, in the reader's language.

Names of days and months are read from CLDR once per language; the patterns are the office's own
(``23-11-2026 pukul 16.00 WIB``), which no library formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from engine.model.duration import split
from webapp import current
from webapp.language import gettext, language, ngettext

# Working minutes of an ordinary day where no calendar is at hand: 07.30-16.00 less an hour's break.
DAY_MINUTES = 450
_KILO = 1024


@lru_cache(maxsize=8)
def _names(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the days from Monday, and of the months from January."""
    locale = Locale.parse(language)
    days = locale.days["format"]["wide"]
    months = locale.months["format"]["wide"]
    return tuple(days[n] for n in range(7)), tuple(months[n] for n in range(1, 13))


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(at: datetime | date | str) -> datetime | date:
    """Turn an instant into the office's zone; ISO text is read first, a plain date stays one."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if len(at) > len("2026-11-24") else date.fromisoformat(at)
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.astimezone(_zone(current.zone()))
    return at


def day(at: datetime | date | str | None) -> str:
    """22-11-2026."""
    if not at:
        return ""
    there = local(at)
    return f"{there.day:02}-{there.month:02}-{there.year}"


def day_long(at: datetime | date | str | None) -> str:
    """Kamis, 19 November 2026."""
    if not at:
        return ""
    there = local(at)
    days, months = _names(language())
    return f"{days[there.weekday()]}, {there.day} {months[there.month - 1]} {there.year}"


def day_written(at: datetime | date | str | None) -> str:
    """19 November 2026, as the header of an SOP writes it."""
    return day_long(at).partition(", ")[2]


def month_named(at: date) -> str:
    """Januari 2026."""
    return f"{_names(language())[1][at.month - 1]} {at.year}"


def day_named(at: datetime | date | str | None) -> str:
    """Minggu, 22-11-2026."""
    if not at:
        return ""
    return f"{_names(language())[0][local(at).weekday()]}, {day(at)}"


def clock(at: datetime | str | None) -> str:
    """16.00 in Indonesian, 16:00 in English."""
    there = local(at) if at else None
    if not isinstance(there, datetime):
        return ""
    mark = "." if language() == "id" else ":"
    return f"{there.hour:02}{mark}{there.minute:02}"


def clock_zone(at: datetime | str | None) -> str:
    """13.20 WIB."""
    there = local(at) if at else None
    if not isinstance(there, datetime):
        return ""
    return f"{clock(at)} {there.tzname() or ''}".rstrip()


def moment(at: datetime | str | None) -> str:
    """Senin, 23-11-2026 pukul 16.00 WIB."""
    if not at:
        return ""
    return gettext("%(day)s at %(time)s", day=day_named(at), time=clock_zone(at))


def moment_short(at: datetime | str | None) -> str:
    """19-11-2026 pukul 14.05."""
    return gettext("%(day)s at %(time)s", day=day(at), time=clock(at)) if at else ""


def moment_column(at: datetime | str | None) -> str:
    """19-11-2026 14.05: for a column of times."""
    return f"{day(at)} {clock(at)}" if at else ""


def moment_named(at: datetime | str | None) -> str:
    """Senin, 23-11-2026 pukul 16.00: for lists, where the zone would be said too often."""
    return gettext("%(day)s at %(time)s", day=day_named(at), time=clock(at)) if at else ""


def moment_long(at: datetime | str | None) -> str:
    """Selasa, 24 November 2026, pukul 09.30 WIB."""
    if not at:
        return ""
    return gettext("%(day)s, at %(time)s", day=day_long(at), time=clock_zone(at))


def moment_near(at: datetime) -> str:
    """Pukul 13.20 WIB where it was today, else with the day; English always says the day."""
    if language() == "id" and day(at) == day(current.engine().clock.now()):
        return gettext("at %(time)s", time=clock_zone(at))
    return moment(at)


def draft_saved(at: datetime | None) -> str:
    """Draf tersimpan pukul 09.28; with its day where that is not today."""
    if at is None:
        return ""
    if day(at) == day(current.engine().clock.now()):
        return gettext("Draft saved at %(time)s", time=clock(at))
    return gettext("Draft saved on %(at)s", at=moment_short(at))


def number(value: float | None, digits: int | None = None) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English; never more digits than the value has."""
    if value is None:
        return ""
    text = f"{value:,}" if digits is None else f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "id" else text


def counted(sentences: Iterable[str]) -> tuple[str, ...]:
    """Say once what is said several times, with how often: a step of a thousand instances is one line."""
    return tuple(
        gettext("%(times)s × %(what)s", times=number(times), what=said) if times > 1 else said
        for said, times in Counter(sentences).items()
    )


def file_size(size: int) -> str:
    """Put bytes in words: 640 KB, 1,2 MB."""
    if size < _KILO * _KILO:
        return f"{number(max(1, round(size / _KILO)))} KB"
    return f"{number(size / _KILO / _KILO, 1)} MB"


def short_time(minutes: int, day_minutes: int) -> str:
    """Put working minutes in words where the place says that all times are working time: 1 hari 5 jam."""
    days, hours, rest = split(minutes, day_minutes)
    parts = ((days, _days), (hours, _hours), (rest, _minutes))
    return " ".join(say(count) for count, say in parts if count) or _minutes(0)


def working_time(minutes: int, day_minutes: int = DAY_MINUTES, *, coarse: bool = False) -> str:
    """Put working minutes in words: 10 menit, 2 jam kerja, 1 hari 5 jam kerja. The sign is not said.

    ``coarse`` drops the minutes from two hours on: for due times, which change while one looks.
    """
    days, hours, rest = split(minutes, day_minutes)
    if coarse and hours > 1:
        rest = 0
    if days and hours:
        return gettext("%(first)s %(second)s of working time", first=_days(days), second=_hours(hours))
    if days:
        return ngettext("%(num)s working day", "%(num)s working days", days)
    if hours and rest:
        return gettext("%(first)s %(second)s of working time", first=_hours(hours), second=_minutes(rest))
    if hours:
        return ngettext("%(num)s working hour", "%(num)s working hours", hours)
    return _minutes(rest)


def spent(days: int, minutes: int, day_minutes: int) -> str:
    """Put standard times added up in words: 6 hari kerja, 11 jam (1 hari 3 jam 30 menit).

    Working days and hours stay apart, for they are not the same: "4 hari" ends with the fourth day, whatever
    its hours. Hours are working time, so those that fill a day of the office are also said in its days.
    """
    said = [ngettext("%(num)s working day", "%(num)s working days", days)] if days else []
    if minutes:
        full, rest = divmod(minutes, day_minutes)
        in_days = f" ({' '.join([_days(full), *_in_hours(rest)])})" if full else ""
        said.append(" ".join(_in_hours(minutes)) + in_days)
    return ", ".join(said) or gettext("no standard time")


def _in_hours(minutes: int) -> list[str]:
    """Say minutes in hours and minutes, leaving out what there is none of."""
    hours, rest = divmod(minutes, 60)
    return [*([_hours(hours)] if hours else []), *([_minutes(rest)] if rest else [])]


def _days(count: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", count)


def _hours(count: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", count)


def _minutes(count: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", count)


def nip(text: str | None) -> str:
    """Group a NIP: 19621027 198803 1 006; anything else stays as it is."""
    digits = (text or "").replace(" ", "")
    if len(digits) != len("196210271988031006") or not digits.isdigit():
        return text or ""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"
