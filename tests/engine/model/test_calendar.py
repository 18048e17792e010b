"""Working time: hours, breaks, holidays, and what "4 hari" means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.model.calendar import NoWorkingTime, WorkCalendar
from engine.model.definition import StandardTime, TimeUnit
from engine.model.hours import DEFAULT_RAMADAN_WEEK, Hours, SpecialHours, five_days

WIB = ZoneInfo("Asia/Jakarta")
RAMADAN = SpecialHours(
    name="Ramadan", first=date(2026, 2, 19), last=date(2026, 3, 20), week=DEFAULT_RAMADAN_WEEK
)
CALENDAR = WorkCalendar(
    special=(RAMADAN,),
    holidays={
        date(2026, 2, 17): "Tahun Baru Imlek",
        date(2026, 11, 25): "Libur daerah",
        date(2026, 12, 25): "Hari Raya Natal",
    },
    workdays={date(2026, 11, 28): "Pengganti libur daerah"},
)


def wib(text: str) -> datetime:
    """Read "20-11-2026 14.00" as the office's clock shows it."""
    return datetime.strptime(text, "%d-%m-%Y %H.%M").replace(tzinfo=WIB)


def minutes(value: int) -> StandardTime:
    return StandardTime(value=value, unit=TimeUnit.MINUTE)


def days(value: int) -> StandardTime:
    return StandardTime(value=value, unit=TimeUnit.WORKING_DAY)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 11, 25), False),  # a holiday on a Wednesday
        (date(2026, 11, 28), True),  # a Saturday the office works
    ],
)
def test_weekends_and_holidays_are_no_working_days(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "standard", "due"),
    [
        ("20-11-2026 09.00", minutes(10), "20-11-2026 09.10"),
        ("23-11-2026 11.50", minutes(20), "23-11-2026 13.10"),  # over the break
        ("20-11-2026 11.20", minutes(20), "20-11-2026 13.10"),  # over Friday's longer break
        ("20-11-2026 16.00", minutes(60), "23-11-2026 08.00"),  # over the weekend
        ("24-11-2026 15.30", minutes(60), "26-11-2026 08.00"),  # over a holiday
        ("22-11-2026 20.00", minutes(120), "23-11-2026 09.30"),  # arrived on a Sunday night
        ("23-11-2026 05.00", minutes(0), "23-11-2026 07.30"),
        ("23-11-2026 15.00", minutes(60), "23-11-2026 16.00"),  # the end of the day, not the next morning
        ("19-02-2026 11.50", minutes(20), "19-02-2026 12.40"),  # in Ramadan
        ("19-02-2026 14.30", minutes(60), "20-02-2026 08.30"),
        ("20-11-2026 09.00", days(1), "23-11-2026 16.00"),
        ("20-11-2026 23.00", days(4), "27-11-2026 16.30"),  # Mon, Tue, Thu, Fri
        ("22-11-2026 09.00", days(4), "27-11-2026 16.30"),  # arrived on a Sunday: Monday is the first
        ("26-11-2026 09.00", days(2), "28-11-2026 16.00"),  # the extra working day counts
    ],
)
def test_when_a_step_is_due(start: str, standard: StandardTime, due: str) -> None:
    assert CALENDAR.due(wib(start), standard) == wib(due)


@pytest.mark.parametrize(
    ("standard", "paused", "due"),
    [
        (minutes(60), 30, "20-11-2026 10.30"),
        (days(1), 60, "24-11-2026 08.30"),
        (days(1), 450, "24-11-2026 16.00"),
    ],
)
def test_a_pause_moves_the_due_time_by_its_working_minutes(
    standard: StandardTime, paused: int, due: str
) -> None:
    assert CALENDAR.due(wib("20-11-2026 09.00"), standard, paused) == wib(due)


def test_a_minute_that_has_begun_is_given() -> None:
    start = wib("20-11-2026 09.00") + timedelta(seconds=1)
    assert CALENDAR.due(start, minutes(10)) == wib("20-11-2026 09.11")


def test_it_answers_in_utc() -> None:
    assert CALENDAR.due(wib("20-11-2026 09.00"), minutes(10)).tzinfo is UTC
    assert CALENDAR.local(CALENDAR.start_of_day(date(2026, 11, 23))).hour == 7


def test_the_clock_of_a_meeting_on_a_holiday_starts_on_the_next_working_day() -> None:
    assert CALENDAR.start_of_day(date(2026, 11, 25)) == wib("26-11-2026 07.30")
    assert CALENDAR.end_of_day(date(2026, 11, 25)) == wib("26-11-2026 16.00")


def test_the_ordinary_day_is_the_most_common_length() -> None:
    assert CALENDAR.day_length == 450
    assert WorkCalendar(week=five_days("08:00-12:00 13:00-16:00", "08:00-11:00")).day_length == 420


def test_working_days_end_with_the_calendar() -> None:
    with pytest.raises(NoWorkingTime):
        CALENDAR.start_of_day(date.max)
    with pytest.raises(NoWorkingTime):
        CALENDAR.add_minutes(datetime(9999, 12, 31, tzinfo=UTC), 100_000)


def test_a_week_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        WorkCalendar(week={})


def test_minutes_to_add_are_not_negative() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.add_minutes(wib("20-11-2026 09.00"), -1)


# -- the digest ------------------------------------------------------------------------------


def test_the_digest_is_of_what_decides_a_due_time() -> None:
    same = WorkCalendar(
        special=CALENDAR.special,
        holidays=dict.fromkeys(CALENDAR.holidays, "named otherwise"),
        workdays=dict(CALENDAR.workdays),
    )
    assert same.digest == CALENDAR.digest


@pytest.mark.parametrize(
    "other",
    [
        WorkCalendar(),
        WorkCalendar(zone="Asia/Makassar"),
        WorkCalendar(week=five_days("08:00-16:00", "08:00-16:00")),
        WorkCalendar(special=(RAMADAN,)),
        WorkCalendar(holidays={date(2026, 12, 25): "Natal"}),
        WorkCalendar(workdays={date(2026, 12, 26): "Pengganti"}),
    ],
    ids=["default", "zone", "week", "special", "holiday", "workday"],
)
def test_every_other_calendar_has_another_digest(other: WorkCalendar) -> None:
    others = {calendar.digest for calendar in (CALENDAR, WorkCalendar(), other)}
    assert len(others) == (2 if other.digest == WorkCalendar().digest else 3)


# -- hours -----------------------------------------------------------------------------------


def test_hours_are_written_as_they_are_read() -> None:
    assert str(Hours.read(" 07:30-12:00  13:00-16:00 ")) == "07:30-12:00 13:00-16:00"


@pytest.mark.parametrize(
    "text", ["", "morning", "12:00-07:30", "07:30-12:00 11:00-16:00", "08:00-25:00", "20:00-24:30", "8-12"]
)
def test_hours_out_of_order_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not working hours"):
        Hours.read(text)


# -- laws ------------------------------------------------------------------------------------

instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis takes the zone apart
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.integers(min_value=0, max_value=5_000)
standards = st.one_of(amounts.map(minutes), st.integers(min_value=1, max_value=20).map(days))


def is_working(instant: datetime) -> bool:
    local = instant.astimezone(WIB)
    if not CALENDAR.is_working_day(local.date()):
        return False
    week = RAMADAN.week if RAMADAN.first <= local.date() <= RAMADAN.last else CALENDAR.week
    minute = local.hour * 60 + local.minute + local.second / 60
    return any(opens <= minute <= closes for opens, closes in week.get(local.weekday(), week[0]).spans)


@given(instants, standards, amounts)
def test_nothing_is_due_outside_working_hours(start: datetime, standard: StandardTime, paused: int) -> None:
    assert is_working(CALENDAR.due(start, standard, paused))


@given(instants, instants, standards)
def test_what_arrives_later_is_not_due_earlier(
    one: datetime, other: datetime, standard: StandardTime
) -> None:
    earlier, later = sorted((one, other))
    assert CALENDAR.due(earlier, standard) <= CALENDAR.due(later, standard)


@given(instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(start: datetime, one: int, other: int) -> None:
    twice = CALENDAR.add_minutes(CALENDAR.add_minutes(start, one), other)
    assert twice == CALENDAR.add_minutes(start, one + other)


@given(instants, amounts)
def test_what_was_added_is_what_lies_between(start: datetime, amount: int) -> None:
    assert CALENDAR.minutes_between(start, CALENDAR.add_minutes(start, amount)) == amount


@given(instants, instants, instants)
def test_working_minutes_add_up(one: datetime, two: datetime, three: datetime) -> None:
    parts = CALENDAR.minutes_between(one, two) + CALENDAR.minutes_between(two, three)
    assert parts == CALENDAR.minutes_between(one, three)


@given(instants, instants)
def test_working_minutes_never_exceed_those_of_the_clock(one: datetime, other: datetime) -> None:
    passed = abs(CALENDAR.minutes_between(one, other))
    assert passed <= abs((other - one) / timedelta(minutes=1)) + 1


@given(instants)
def test_a_standard_of_one_day_is_the_end_of_the_next_working_day(start: datetime) -> None:
    due = CALENDAR.due(start, days(1))
    assert CALENDAR.local(due).date() > CALENDAR.local(start).date()
    assert due == CALENDAR.end_of_day(CALENDAR.local(due).date())


def test_working_minutes_of_years_are_those_of_their_days() -> None:
    begun, reached = datetime(2023, 12, 31, 17, tzinfo=UTC), 0  # midnight of the first day of 2024
    for count in range(4 * 365):
        there = begun + timedelta(days=count + 1)
        reached += CALENDAR.minutes_between(there - timedelta(days=1), there)
        assert CALENDAR.minutes_between(begun, there) == reached
    assert reached > 4 * 200 * 400


def test_working_minutes_are_counted_from_the_first_day_to_the_last() -> None:
    first, last = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    assert CALENDAR.minutes_between(first, last) == -CALENDAR.minutes_between(last, first) > 0
