"""Dates and times in their order: what lies before or after what it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid, Problem, Refused
from engine.forms.submission import clean
from tests.engine.forms.sample import Component, choices, component, form, surroundings

MEETING = [
    component("datetime", "mulai", subtype="datetime", properties={"notAfter": "today"}),
    component("datetime", "selesai", subtype="datetime", properties={"notBefore": "mulai"}),
    component("datetime", "tenggat", subtype="date", properties={"notBefore": "arrival"}),
    component("datetime", "buka", subtype="time"),
    component("datetime", "tutup", subtype="time", properties={"notBefore": "buka"}),
    {
        "type": "dynamiclist",
        "path": "tindak_lanjut",
        "label": "Tindak lanjut",
        "components": [
            component("datetime", "dari", subtype="date", properties={"notBefore": "mulai"}),
            component("datetime", "sampai", subtype="date", properties={"notBefore": "dari"}),
        ],
    },
]
TODAY = surroundings()  # Tuesday, 24-11-2026, 09.28
ARRIVED_MONDAY = replace(TODAY, arrived=date(2026, 11, 23))


def wrong(**typed: str) -> Sequence[Problem]:
    with pytest.raises(Invalid) as refused:
        clean(
            form(MEETING), {name.replace("__", "."): [text] for name, text in typed.items()}, ARRIVED_MONDAY
        )
    return refused.value.problems


def accepted(**typed: str) -> dict[str, Any]:
    raw = {name.replace("__", "."): [text] for name, text in typed.items()}
    return clean(form(MEETING), raw, ARRIVED_MONDAY).values


def test_a_meeting_does_not_end_before_it_begins() -> None:
    (problem,) = wrong(mulai="24-11-2026 09.00", selesai="24-11-2026 08.59")
    assert problem.field == "selesai"
    assert str(problem.sentence) == (
        "24-11-2026 08.59 is before “Mulai” (24-11-2026 09.00). Write the same or a later one."
    )
    assert accepted(mulai="24-11-2026 09.00", selesai="24-11-2026 09.00")["selesai"]


def test_what_is_held_does_not_lie_in_the_future_though_any_hour_of_today_may() -> None:
    (problem,) = wrong(mulai="25-11-2026 07.00")
    assert str(problem.sentence).startswith("25-11-2026 07.00 has not come yet. Write today (24-11-2026)")
    assert accepted(mulai="24-11-2026 15.00")["mulai"]


def test_work_entered_later_counts_from_the_day_its_task_arrived() -> None:
    (problem,) = wrong(tenggat="22-11-2026")
    assert "before this task arrived (23-11-2026)" in str(problem.sentence)
    assert accepted(tenggat="23-11-2026")["tenggat"] == "2026-11-23"
    assert clean(form(MEETING), {"tenggat": ["01-01-2026"]}, TODAY).values["tenggat"]  # arrival is not known


def test_times_of_day_have_an_order_of_their_own() -> None:
    assert [one.field for one in wrong(buka="09.00", tutup="08.00")] == ["tutup"]
    assert accepted(buka="09.00", tutup="10.00")["tutup"] == "10:00"


def test_what_is_empty_or_unreadable_has_no_order() -> None:
    assert accepted(selesai="24-11-2026 08.00")["mulai"] is None
    assert [one.field for one in wrong(mulai="pagi", selesai="24-11-2026 08.00")] == ["mulai"]


def test_a_row_compares_with_its_own_columns_and_with_the_form() -> None:
    found = wrong(
        mulai="24-11-2026 09.00",
        tindak_lanjut__0__dari="23-11-2026",
        tindak_lanjut__2__dari="24-11-2026",
        tindak_lanjut__2__sampai="20-11-2026",
    )
    assert [one.field for one in found] == ["tindak_lanjut.0.dari", "tindak_lanjut.2.sampai"]


@pytest.mark.parametrize(
    "other",
    [
        [],
        [component("textfield", "mulai")],
        [component("datetime", "mulai", subtype="time")],
        [component("select", "mulai", values=choices("A"))],
    ],
)
def test_a_date_is_compared_only_with_another_date_that_exists(other: Sequence[Component]) -> None:
    late = component("datetime", "selesai", subtype="date", properties={"notBefore": "mulai"})
    with pytest.raises(Refused) as refused:
        form([*other, late])
    assert [(one.code, one.element) for one in refused.value.findings] == [("form-reference", "selesai")]


@pytest.mark.parametrize("name", ["tutup", "today", "arrival"])
def test_a_time_of_day_is_compared_with_no_day_nor_with_itself(name: str) -> None:
    with pytest.raises(Refused):
        form([component("datetime", "tutup", subtype="time", properties={"notAfter": name})])


def test_only_dates_and_times_have_an_order() -> None:
    with pytest.raises(Refused) as refused:
        form([component("number", "jumlah", properties={"notBefore": "today"})])
    assert [one.code for one in refused.value.findings] == ["form-property"]
