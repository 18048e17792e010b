"""A case that nobody has a task of says what it waits for: a message, or a time."""

from __future__ import annotations

from engine.actions.deployment import Package, deploy
from engine.actions.offices import operator
from tests.engine.bpmn.drawn import element, timer
from tests.letters import ANSWER, draw
from tests.webapp.visitors import Site

ANSWERED = draw(
    "dijawab",
    element("intermediateCatchEvent", "tunggu", ANSWER, name="Jawaban bidang"),
    steps=("meminta", "tunggu", "membaca"),
)
LATER = draw(
    "nanti",
    element("intermediateCatchEvent", "tunggu", timer("timeDuration", "PT3H"), name="Masa sanggah"),
    steps=("meminta", "tunggu", "membaca"),
)


def seen(site: Site, package: Package) -> str:
    """Read the page of a case that has come to where it waits."""
    deploy(site.engine, operator(site.office.id), package)
    case = site.office.start(key=package.key).instance
    site.office.complete(case, "meminta", "joko", {})
    page = site.visitor("joko").get(f"/cases/{case.hex}")
    assert page.status_code == 200
    return page.text


def test_a_case_says_which_message_it_waits_for(site: Site) -> None:
    assert "Jawaban bidang menunggu pesan “Jawaban”" in seen(site, ANSWERED)


def test_a_case_says_until_when_it_waits(site: Site) -> None:
    assert "Masa sanggah menunggu sampai" in seen(site, LATER)
