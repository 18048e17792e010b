"""What service tasks ask of other systems, on the administrator's page and in the case."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest

from engine.connectors import CallFailed
from engine.storage import incidents
from tests.connecting import WRITTEN, Desk, desk_of
from tests.webapp.visitors import Site, Visitor, find_office


@pytest.fixture
def desk(site: Site) -> Desk:
    return desk_of(site.office)


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def english(visitor: Visitor) -> Visitor:
    visitor.post("/language", language="en", next="/account")
    return visitor


def failing(desk: Desk, *errors: CallFailed) -> UUID:
    desk.http.answers = list(errors)
    case = desk.write()
    desk.work()
    return case


def test_it_says_what_failed_where_and_when_it_is_tried_again(site: Site, desk: Desk) -> None:
    failing(desk, CallFailed("The agenda is <b>closed</b>", code="http-503"))
    answer = english(site.visitor("dewi")).get("/admin/jobs")
    page = said(answer.text)
    assert "Mencatat ke agenda – 001/UR/2026 Undangan 2027 The agenda is <b>closed</b>" in page
    assert re.search(r"Waits http 1 try · next try .* 08[.:]30", page)
    assert "<b>closed" not in answer.text


def test_what_was_given_up_comes_first_and_is_tried_again_by_a_button(site: Site, desk: Desk) -> None:
    case = failing(desk, CallFailed("Never", final=True))
    desk.write(year=2028)
    dewi = site.visitor("dewi")
    page = dewi.get("/admin/jobs").text
    assert "Tidak dicoba lagi" in page
    assert page.index("Tidak dicoba lagi") < page.index("Menunggu")
    retry = re.search(r'action="(/admin/jobs/[0-9a-f]+/retry)"', page)
    assert retry is not None
    assert dewi.post(retry.group(1)).location == "/admin/jobs"
    assert "belum dicoba" in page
    assert "Sedang dicoba lagi." in dewi.get("/admin/jobs").text
    desk.work()
    assert desk.office.open_elements(case) == ["memeriksa"]
    assert "Tidak ada permintaan ke sistem lain" in dewi.get("/admin/jobs").text
    assert dewi.post(retry.group(1)).status_code == 404


def test_what_is_being_tried_has_no_button_and_is_not_tried_twice(site: Site, desk: Desk) -> None:
    pages: list[str] = []
    dewi = site.visitor("dewi")

    def look() -> object:
        pages.append(dewi.get("/admin/jobs").text)
        return desk.http.usual

    desk.http.answers = [look]
    desk.write()
    desk.work()
    assert "Sedang dicoba" in pages[0]
    assert "/retry" not in pages[0]


def test_the_case_says_what_it_waits_for(site: Site, desk: Desk) -> None:
    case = failing(desk, CallFailed("Busy"))
    answer = english(site.visitor("joko")).get(f"/cases/{case.hex}")
    page = said(answer.text)
    assert "Now: Mencatat ke agenda waits for the answer of another system, since" in page
    assert "Waits for an answer · since 23-11-2026" in page
    assert "Mencatat ke agenda: a try failed" in page
    desk.office.clock.move(timedelta(minutes=1))
    desk.work()
    assert "Mengirim undangan: the other system answered" in said(
        site.visitor("joko").get(f"/cases/{case.hex}").text
    )


def test_a_step_that_was_given_up_is_tried_again_from_its_problem_too(site: Site, desk: Desk) -> None:
    case = failing(desk, CallFailed("Never", final=True))
    with site.engine.store.reading() as connection:
        [noted] = incidents.open_of(connection, case)
    putu = english(site.visitor("putu"))
    address = f"/admin/incidents/{noted.id.hex}"
    assert "Connection to another system" in said(putu.get("/admin/incidents").text)
    assert f'action="{address}/retry"' in putu.get(address).text
    putu.post(f"{address}/retry")
    assert "It is being tried again." in said(putu.get(address).text)
    desk.work()
    assert "Solved: the step went through" in said(putu.get("/admin/incidents?state=solved").text)


def test_jobs_of_another_office_are_not_shown(site: Site, desk: Desk) -> None:
    failing(desk, CallFailed("Never", final=True))
    other = find_office(site.engine, desk.office.clock, "lain")
    assert "Tidak ada permintaan ke sistem lain" in site.visitor("dewi", other).get("/admin/jobs").text


def test_what_asked_another_system_is_not_said_to_be_taken_back(site: Site, desk: Desk) -> None:
    case = desk.office.start(key="surat", by="joko").instance
    task = desk.office.open_task(case, "menulis").id
    joko = english(site.visitor("joko"))
    page = joko.get(f"/tasks/{task.hex}").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    hidden.pop("csrf_token", None)
    done = joko.post(f"/tasks/{task.hex}/completion", **(hidden | WRITTEN))
    told = said(joko.get(done.location).text)
    assert "Menulis undangan is done. Case 001/UR/2026 waits for its next step. View what you sent" in told
