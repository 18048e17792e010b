"""The strip never says of a step that can still come that it does not, or that another one is the last."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from tests.offices import SAMPLES, raw
from tests.webapp.visitors import Site

OFF, LAST = "Tidak dilalui berkas ini", "langkah terakhir"


@pytest.fixture
def estimate(site: Site) -> UUID:
    """Give an estimate that is checked: the day after a step beside it reminds of that."""
    case = begin(site, "taksiran")
    site.office.complete(case, "mengisi", "joko", raw({"jumlah": "10", "hari": "2"}))
    return case


def begin(site: Site, key: str) -> UUID:
    deploy(site.engine, operator(site.office.id), read_package(SAMPLES / key))
    return site.office.start(key=key).instance


def strips(site: Site, case: UUID, element: str) -> list[str]:
    """Read the pages that have a strip: of the case, and of its task."""
    task = site.office.open_task(case, element)
    visitor = site.visitor("agus")
    return [visitor.get(address).text for address in (f"/cases/{case.hex}", f"/tasks/{task.id.hex}")]


def test_what_a_timer_beside_a_step_leads_to_is_still_to_come(site: Site, estimate: UUID) -> None:
    for page in strips(site, estimate, "memeriksa"):
        assert "Langkah 2 dari 4" in page
        assert OFF not in page


def test_once_its_step_is_done_it_does_not_come_any_more(site: Site, estimate: UUID) -> None:
    site.office.complete(estimate, "memeriksa", "rina", raw({"paling_sedikit": "1"}))
    for page in strips(site, estimate, "mengarsipkan"):
        assert OFF in page
        assert LAST in page


@pytest.mark.parametrize("first", ["menulis", "menghitung"])
def test_steps_beside_each_other_leave_none_out_that_a_timer_can_bring(site: Site, first: str) -> None:
    """Of the report: a reminder beside the one step, another step in place of the other."""
    case = begin(site, "laporan")
    site.office.complete(case, "meminta", "joko", {})
    for page in strips(site, case, first):
        assert OFF not in page
        assert LAST not in page
        assert "dari 6" in page


def test_a_step_that_only_a_failing_service_leads_to_is_still_to_come(site: Site) -> None:
    case = begin(site, "surat")
    for page in strips(site, case, "menulis"):
        assert "Langkah 1 dari 3" in page
        assert OFF not in page
