"""When an SOP is due to be monitored or evaluated."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model.review_due import Due, ReviewKind, add_months, due_now

MONITORED, EVALUATED = ReviewKind.MONITORING, ReviewKind.EVALUATION


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2027-03-29", None),
        ("2027-03-30", (MONITORED, "2027-03-30")),
        ("2027-09-29", (MONITORED, "2027-03-30")),
        ("2027-09-30", (EVALUATED, "2027-09-30")),  # which is monitoring as well
        ("2028-03-29", (EVALUATED, "2027-09-30")),
        ("2028-03-30", (MONITORED, "2028-03-30")),
        ("2031-01-01", (EVALUATED, "2030-09-30")),  # only the last one
    ],
)
def test_every_six_months_and_every_year(today: str, due: tuple[ReviewKind, str] | None) -> None:
    found = due_now(date(2026, 9, 30), date.fromisoformat(today), monitoring=6, evaluation=12)
    assert found == (due and Due(kind=due[0], on=date.fromisoformat(due[1])))


def test_zero_is_never() -> None:
    day = date(2030, 1, 1)
    assert due_now(date(2026, 1, 1), day, monitoring=0, evaluation=0) is None
    assert due_now(date(2026, 1, 1), day, monitoring=0, evaluation=24) == Due(kind=EVALUATED, on=day)


def test_a_month_without_that_day_has_its_last() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 11, 30), 15) == date(2028, 2, 29)
