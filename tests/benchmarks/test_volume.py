"""What ``make bench`` asks for over years of history is there, and is answered."""

from __future__ import annotations

from benchmarks.volume import filled, pages
from benchmarks.volume_pages import visits


def test_each_page_is_answered_and_a_sample_is_drawn() -> None:
    with filled(1_500) as (office, _settings):
        assert office.known.of_all > 1_500
        found = pages(office, "here")
        assert [one.name for one in found] == [f"{one.name}, here" for one in visits(office.known)]
        assert all(one.value > 0 for one in found)
        _cpu, _clock, listed = office.page("auditor", f"/audit/cases?q={office.known.number}")
        assert office.known.case.hex in listed
        assert office.draw_sample("auditor", 5) > 0
