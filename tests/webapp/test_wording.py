"""Values in words, in both languages; due times as the inbox says them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from engine.errors import say
from engine.expressions.failures import unknown_name
from engine.model.calendar import WorkCalendar
from tests.offices import MONDAY
from tests.webapp.visitors import Site
from webapp import wording
from webapp.due import due_state, step_due
from webapp.rendering import plainly, sentence

AFTERNOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday 16.00 WIB
CALENDAR = WorkCalendar()


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest, site: Site) -> Iterator[str]:
    with site.app.test_request_context("/"), force_locale(request.param):
        yield str(request.param)


@pytest.fixture
def indonesian(site: Site) -> Iterator[None]:
    with site.app.test_request_context("/"), force_locale("id"):
        yield


SAID: dict[str, tuple[Callable[[], str], str, str]] = {
    "moment": (
        lambda: wording.moment(AFTERNOON),
        "Senin, 23-11-2026 pukul 16.00 WIB",
        "Monday, 23-11-2026 at 16:00 WIB",
    ),
    "long day": (
        lambda: wording.day_long(date(2026, 11, 19)),
        "Kamis, 19 November 2026",
        "Thursday, 19 November 2026",
    ),
    "written day": (
        lambda: wording.day_written("2026-11-19"),
        "19 November 2026",
        "19 November 2026",
    ),
    "day": (lambda: wording.day("2026-11-22"), "22-11-2026", "22-11-2026"),
    "named day": (lambda: wording.day_named(date(2026, 11, 22)), "Minggu, 22-11-2026", "Sunday, 22-11-2026"),
    "evening": (lambda: wording.day(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)), "23-11-2026", "23-11-2026"),
    "clock": (lambda: wording.clock_zone(AFTERNOON), "16.00 WIB", "16:00 WIB"),
    "number": (lambda: wording.number(1234.5), "1.234,5", "1,234.5"),
    "size": (lambda: wording.file_size(1_300_000), "1,2 MB", "1.2 MB"),
    "minutes": (lambda: wording.working_time(10), "10 menit", "10 minutes"),
    "hours": (lambda: wording.working_time(120), "2 jam kerja", "2 working hours"),
    "both": (lambda: wording.working_time(130), "2 jam 10 menit kerja", "2 hours 10 minutes of working time"),
    "short": (lambda: wording.short_time(130, 450), "2 jam 10 menit", "2 hours 10 minutes"),
    "short, with a day": (lambda: wording.short_time(750, 450), "1 hari 5 jam", "1 day 5 hours"),
    "short, no time": (lambda: wording.short_time(0, 450), "0 menit", "0 minutes"),
    "coarse": (lambda: wording.working_time(130, coarse=True), "2 jam kerja", "2 working hours"),
    "day and hours": (
        lambda: wording.working_time(750),
        "1 hari 5 jam kerja",
        "1 day 5 hours of working time",
    ),
    "one day": (lambda: wording.working_time(450), "1 hari kerja", "1 working day"),
    "nip": (lambda: wording.nip("196210271988031006"), "19621027 198803 1 006", "19621027 198803 1 006"),
    "nothing": (lambda: wording.moment(None) + wording.day("") + wording.clock(None), "", ""),
    "what fails, without where": (
        lambda: plainly(unknown_name(2, 7, "jumlah").sentence),
        "nama jumlah tidak dikenal",
        "the name jumlah is not known",
    ),
    "sentence": (
        lambda: sentence(say("Choose a day from %(since)s on.", since=date(2026, 1, 2))),
        "Pilih tanggal mulai 02-01-2026.",
        "Choose a day from 02-01-2026 on.",
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_it_is_said_in_both_languages(language: str, what: str) -> None:
    said, indonesian, english = SAID[what]
    assert said() == (indonesian if language == "id" else english)


@pytest.mark.parametrize(
    ("due_at", "state", "words", "group"),
    [
        (MONDAY - timedelta(days=3), "late", "Terlambat 1 hari kerja", "late"),
        (MONDAY - timedelta(minutes=20), "late", "Terlambat 20 menit", "late"),
        (MONDAY + timedelta(minutes=10), "soon", "10 menit lagi", "today"),
        (MONDAY + timedelta(hours=3), "soon", "3 jam kerja lagi", "today"),
        (MONDAY + timedelta(days=3), "ok", "3 hari kerja lagi", "week"),
        (MONDAY + timedelta(days=7), "ok", "5 hari kerja lagi", "later"),
        (None, "none", "Tanpa batas waktu", "none"),
    ],
)
@pytest.mark.usefixtures("indonesian")
def test_a_due_time_is_said_in_words(due_at: datetime | None, state: str, words: str, group: str) -> None:
    due = due_state(due_at, MONDAY, CALENDAR)
    assert (due.state, due.words, due.group) == (state, words, group)


@pytest.mark.usefixtures("indonesian")
def test_a_due_time_passed_after_work_is_late_without_a_number() -> None:
    due = due_state(AFTERNOON, AFTERNOON + timedelta(hours=1), CALENDAR)
    assert (due.state, due.words) == ("late", "Terlambat")


EVENING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday 19.00 WIB
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # Tuesday 07.30 WIB, when work begins


@pytest.mark.parametrize(
    ("due_at", "now", "words", "detail"),
    [
        (MORNING + timedelta(minutes=10), MORNING, "10 menit lagi", "Hari ini pukul 07.40"),
        (
            MORNING + timedelta(minutes=10),
            EVENING,
            "10 menit kerja lagi",
            "Besok, Selasa, 24-11-2026 pukul 07.40",
        ),
        (MORNING, EVENING, "Batas waktu begitu jam kerja mulai", "Besok, Selasa, 24-11-2026 pukul 07.30"),
        (
            AFTERNOON - timedelta(minutes=20),
            MORNING + timedelta(minutes=10),
            "Terlambat 30 menit kerja",
            "Senin, 23-11-2026 pukul 15.40",
        ),
    ],
)
@pytest.mark.usefixtures("indonesian")
def test_working_minutes_over_a_night_say_that_they_are(
    due_at: datetime, now: datetime, words: str, detail: str
) -> None:
    due = due_state(due_at, now, CALENDAR)
    assert (due.words, due.detail) == (words, detail)


@pytest.mark.usefixtures("indonesian")
def test_a_clock_that_stands_still_is_not_late_and_one_to_come_stays_in_its_group(site: Site) -> None:
    late = SimpleNamespace(
        due_at=MONDAY - timedelta(days=1),
        clock_started_at=None,
        paused_at=MONDAY,
        pause_reason="Menunggu rapat",
    )
    due = step_due(late, site.office.id)
    assert (due.state, due.words, due.group) == ("wait", "Menunggu rapat", "none")
    start = MONDAY + timedelta(days=1)
    coming = SimpleNamespace(due_at=start, clock_started_at=start, paused_at=None, pause_reason=None)
    due = step_due(coming, site.office.id)
    assert (due.state, due.words, due.group) == ("wait", "Waktu belum berjalan", "week")
