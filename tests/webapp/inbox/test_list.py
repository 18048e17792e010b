"""The list of tasks as a page."""

from __future__ import annotations

import re

import pytest

from engine.actions import tasks
from tests.webapp.visitors import Site


def task_of(site: Site) -> str:
    found = re.search(r'href="/tasks/([0-9a-f]{32})', site.visitor("joko").get("/tasks").text)
    assert found is not None
    return found.group(1)


def test_the_first_page_of_who_works_is_the_inbox(site: Site) -> None:
    assert site.visitor("joko").get("/").headers["Location"] == "/tasks"


def test_a_task_stands_in_the_list_with_its_case_and_due_time(site: Site) -> None:
    page = site.visitor("joko").get("/tasks").text
    assert "Mengajukan izin" in page
    assert "001/IZ/2026 – Izin Kegiatan 2027" in page
    assert "2 jam kerja lagi" in page
    assert "Belum ada yang mengerjakan" in page
    assert page.count("<h1>") == 1
    assert "Hari ini</h2>" in page


def test_the_navigation_counts_what_waits(site: Site) -> None:
    page = site.visitor("joko").get("/tasks").text
    assert re.search(r'Tugas saya</span>.*?<span class="count">1</span>', page, re.DOTALL)
    assert '<span class="count">1</span>' in site.visitor("joko").get("/account").text


def test_a_task_is_taken_from_the_list(site: Site) -> None:
    joko = site.visitor("joko")
    task = task_of(site)
    answer = joko.post(f"/tasks/{task}/claim", inbox="q=izin")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tasks/{task}?q=izin")
    assert "Lanjutkan" in joko.get("/tasks").text
    unit = site.visitor("wati").get("/tasks?tab=unit").text
    assert "Staf Subbag" in unit
    assert "Kerjakan<" not in unit


def test_who_comes_second_is_told_who_was_first(site: Site) -> None:
    task = task_of(site)
    site.visitor("wati").post(f"/tasks/{task}/claim")
    answer = site.visitor("joko").post(f"/tasks/{task}/claim")
    assert answer.status_code == 409
    assert "Staf Subbag" in answer.text


def test_only_a_late_task_has_the_filled_button(site: Site) -> None:
    joko = site.visitor("joko")
    rows = joko.get("/tasks").text.partition('<ul class="rows">')[2]
    assert "btn-primary" not in rows
    site.office.clock.set(site.office.clock.now().replace(hour=6, minute=0))  # 13.00 WIB, after the break
    page = joko.get("/tasks").text
    assert "Terlambat 1 jam 30 menit" in page
    assert page.partition('<ul class="rows">')[2].count("btn-primary") == 1


def test_why_a_clock_stands_is_in_the_list(site: Site) -> None:
    joko = site.office.people["joko"]
    case = site.office.start("joko", knowingly=True).instance
    tasks.pause(site.engine, joko, site.office.open_task(case, "mengajukan").id, "Menunggu rapat")
    page = site.visitor("joko").get("/tasks").text
    assert "Menunggu rapat" in page
    assert "Waktu berhenti sejak 23-11-2026" in page
    assert "Waktu berhenti atau tanpa batas waktu</h2>" in page


def test_an_empty_list_says_when_it_fills(site: Site) -> None:
    page = site.visitor("rina").get("/tasks").text
    assert "Tidak ada tugas untuk Anda saat ini" in page
    assert 'role="search"' not in page


@pytest.mark.parametrize("tab", ["unit", "assigned", "done", "nonsense"])
def test_every_tab_can_be_empty(site: Site, tab: str) -> None:
    assert site.visitor("rina").get(f"/tasks?tab={tab}").status_code == 200


def test_a_search_without_result_repeats_it_and_offers_to_clear_it(site: Site) -> None:
    page = site.visitor("joko").get("/tasks?q=<b>notulen").text
    assert "Tidak ada tugas dengan kata “&lt;b&gt;notulen”." in page
    assert '<a href="/tasks">Hapus saringan</a>' in page
    assert 'value="&lt;b&gt;notulen"' in page


def test_pages_are_linked_and_keep_the_filter(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.queries.inbox.PAGE", 1)
    site.office.start("joko", knowingly=True)
    joko = site.visitor("joko")
    first = joko.get("/tasks?q=izin&sort=number").text
    forward = re.search(r'href="([^"]+)" rel="next"', first)
    assert forward is not None
    assert "q=izin" in forward.group(1)
    assert 'rel="prev"' not in first
    second = joko.get(forward.group(1).replace("&amp;", "&")).text
    assert "002/IZ/2026" in second
    assert 'rel="next"' not in second
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back is not None
    assert "001/IZ/2026" in joko.get(back.group(1).replace("&amp;", "&")).text


def test_it_speaks_english_too(site: Site) -> None:
    joko = site.visitor("joko")
    joko.post("/language", language="en")
    page = joko.get("/tasks").text
    assert "My tasks" in page
    assert "2 working hours left" in page
