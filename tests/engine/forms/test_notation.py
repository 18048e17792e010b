"""How numbers, dates and times are written and read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.notation import (
    date_of,
    date_text,
    moment_of,
    moment_text,
    number_of,
    number_text,
    time_of,
    time_text,
)

WIB = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("2027", 2027),
        ("1.234,5", 1234.5),
        ("1.234", 1234),
        ("1234.5", 1234.5),
        ("92,50", 92.5),
        ("0.125", 0.125),
        ("1.000.000", 1_000_000),
        ("-5", -5),
        ("\u22125,5", -5.5),
        ("1 234", 1234),
        ("0,10", 0.1),
        ("1,234.5", None),
        ("12.34.56", None),
        ("1e5", None),
        ("NaN", None),
        ("٣", None),
        ("", None),
        ("-", None),
        (",5", None),
        ("9" * 16, None),
        ("9" * 40, None),
    ],
)
def test_a_number_is_read(text: str, value: float | None) -> None:
    assert number_of(text) == value
    assert type(number_of(text)) is type(value)


@given(st.one_of(st.integers(-(10**14), 10**14), st.decimals(-9999, 9999, places=3).map(float)))
def test_a_number_that_was_written_is_read_back(value: float) -> None:
    assert number_of(number_text(value)) == value
    assert number_of(number_text(value, grouped=True)) == value


def test_years_are_not_grouped() -> None:
    assert number_text(2027, grouped=True) == "2027"
    assert number_text(1234567.5, 2, grouped=True) == "1.234.567,50"


@pytest.mark.parametrize("text", ["24-11-2026", "24/11/2026", "24.11.2026", "2026-11-24"])
def test_a_date_is_read(text: str) -> None:
    assert date_of(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["31-11-2026", "24-11-26", "24-11/2026", "11-24-2026", "besok", "0000-01-01", "٢٤-11-2026"]
)
def test_what_is_no_date(text: str) -> None:
    assert date_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("09.00", time(9)), ("9:05", time(9, 5)), ("23:59:00", time(23, 59))]
)
def test_a_time_is_read(text: str, value: time) -> None:
    assert time_of(text) == value


@pytest.mark.parametrize("text", ["24.00", "9", "09.60", "jam 9 pagi", "9.5"])
def test_what_is_no_time(text: str) -> None:
    assert time_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "24-11-2026 09.00",
        "24/11/2026 09:00",
        "24-11-2026 pukul 09.00 WIB",
        "24-11-2026, 09.00",
        "2026-11-24T09:00",
        "2026-11-24T09:00:00+07:00",
        "2026-11-24T02:00Z",
    ],
)
def test_date_and_time_are_read(text: str) -> None:
    assert moment_of(text, WIB) == datetime(2026, 11, 24, 9, tzinfo=WIB)


@pytest.mark.parametrize("text", ["24-11-2026", "09.00", "24-11-2026 9", "x y", "2026-11-24T09:00+99:99"])
def test_what_is_no_moment(text: str) -> None:
    assert moment_of(text, WIB) is None


def test_values_are_written_as_they_are_typed() -> None:
    assert date_text("2026-11-24") == "24-11-2026"
    assert time_text("09:00") == "09.00"
    assert moment_text("2026-11-24T09:00:00+07:00") == "24-11-2026 09.00"
