"""The paper that is signed is printed before its approval is entered: as it will be, and not in force yet."""

from __future__ import annotations

import re

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.submissions import Trial
from engine.queries.library import sop_page
from tests.offices import LIBRARY
from tests.revising import approved, submitted, today
from tests.webapp.editor.test_revising import words
from tests.webapp.visitors import Site

REVIEW = "/library/izin/versions/2/review"
PROOF = "/library/izin/versions/2/approval/proof"
SAID = {
    "number": "065/44/2026",
    "effective_from": "01-12-2026",
    "post": "Kepala Dinas",
    "name": "Lina <b>S.</b>",
    "nip": "196210271988031006",
}


def sheet(page: str) -> str:
    """Give the first sheet of the paper."""
    return page.partition('<table class="sop-form">')[2].partition("</table>")[0]


def test_the_approver_prints_what_is_typed_and_goes_on_from_it(site: Site) -> None:
    submitted(site.office)
    lina = site.visitor("lina")
    assert f'formaction="{PROOF}"' in lina.get(REVIEW).text
    sent = lina.post(PROOF, **SAID)
    assert sent.status_code == 303
    assert "csrf" not in sent.headers["Location"]
    page = lina.get(sent.headers["Location"]).text
    first = sheet(page)
    for said in ("065/44/2026", "Kepala Dinas", "Lina &lt;b&gt;S.&lt;/b&gt;", "NIP 19621027 198803 1 006"):
        assert said in first
    assert "by-hand" not in first
    assert "Belum berlaku." in words(page)
    assert "untuk ditandatangani, belum berlaku" in page.partition("print-foot")[2]
    back = re.search(rf'href="({REVIEW}\?[^"]*)"', page)
    assert back is not None
    again = lina.get(back[1].replace("&amp;", "&")).text
    for value in ("065/44/2026", "01-12-2026", "Kepala Dinas"):
        assert f'value="{value}"' in again


def test_the_paper_says_what_the_sop_says_once_it_is_approved_so(site: Site) -> None:
    approved(site.office, submitted(site.office), today(site.office))
    number = submitted(site.office, to="PT5H")
    asked = "?number=065/12/2026&effective_from=23-11-2026&post=Kepala Dinas&name=Lina&nip=1"
    lina = site.visitor("lina")
    proof = sheet(lina.get(f"/library/izin/versions/{number}/approval/proof{asked}").text)
    approved(site.office, number, today(site.office))
    document = sheet(lina.get(f"/library/izin/versions/{number}").text)

    def dates(paper: str) -> str:
        return words(paper).partition("Disahkan oleh")[0]

    assert "065/12/2026" in proof
    assert dates(proof) == dates(document)


def test_what_is_left_empty_is_a_line_to_be_filled_in_by_hand(site: Site) -> None:
    submitted(site.office)
    first = sheet(site.visitor("putu").get(f"{PROOF}?number=&effective_from=&post=&name=&nip=").text)
    assert first.count(">diisi tangan<") == 5  # number, day, post, name, NIP


def test_who_prepares_it_is_not_proposed_as_who_signs(site: Site) -> None:
    submitted(site.office)
    putu = site.visitor("putu")
    assert f'href="{PROOF}"' in putu.get(REVIEW).text
    assert site.office.people["putu"].name not in sheet(putu.get(PROOF).text)
    assert site.office.people["lina"].name in sheet(site.visitor("lina").get(PROOF).text)


def test_a_day_that_is_none_is_told_and_left_open(site: Site) -> None:
    submitted(site.office)
    page = site.visitor("lina").get(f"{PROOF}?number=1&effective_from=kapan").text
    assert "Ini bukan tanggal." in words(page)
    assert 'value="kapan"' in page
    assert sheet(page).count("by-hand") == 4  # the day, post, name, NIP


def test_the_task_that_decides_leads_to_it_and_it_leads_back(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(site.office)
    lina = site.visitor("lina")
    task = re.search(r'href="/tasks/([0-9a-f]{32})"', lina.get(REVIEW).text)
    assert task is not None
    assert f'href="{PROOF}?task={task[1]}"' in lina.get(f"/tasks/{task[1]}").text
    assert f'href="/tasks/{task[1]}"' in lina.get(f"{PROOF}?task={task[1]}&number=1").text


@pytest.mark.parametrize("name", ["lina", "putu"])
def test_nothing_is_kept_of_it_and_what_is_approved_has_none(site: Site, name: str) -> None:
    submitted(site.office)
    visitor = site.visitor(name)
    assert visitor.get(visitor.post(PROOF, **SAID).headers["Location"]).status_code == 200
    header = sop_page(site.engine, site.office.people[name], "izin", 2).header
    assert (header.number, header.effective_on) == ("", "")
    approved(site.office, 2, today(site.office))
    assert visitor.get(PROOF).status_code == 409


@pytest.mark.parametrize("state", ["trial", "returned"])
def test_what_does_not_wait_for_its_approval_has_no_paper(site: Site, state: str) -> None:
    submitted(site.office, trial=Trial() if state == "trial" else None)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    if state == "returned":
        lina.post("/library/izin/versions/2/return", reason="Waktu belum disepakati")
    for visitor in (lina, putu):
        assert PROOF not in visitor.get(REVIEW).text
        assert (visitor.get(PROOF).status_code, visitor.post(PROOF, **SAID).status_code) == (409, 409)


def test_an_address_fills_in_nothing_but_the_form_of_the_approval(site: Site) -> None:
    submitted(site.office)
    foreign = "?number=065/1&reason=Tolak+saja&text=Buruk+sekali&element=mengajukan"
    page = site.visitor("lina").get(f"{REVIEW}{foreign}").text
    assert 'value="065/1"' in page
    assert "Tolak saja" not in page
    assert "Buruk sekali" not in page
