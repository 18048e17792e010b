"""A case replayed on its pages: what a reader is told at each event, without scripts."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from benchmarks.drawn import at_once
from engine.actions import documents, instances
from engine.actions.deployment import deploy
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.ids import new_id
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from tests.offices import MONDAY, scan
from tests.replaying import NOTES, eventful
from tests.webapp.visitors import Site, Visitor, find_office, open_site


def said(page: str) -> str:
    main = page.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@dataclass
class Reader:
    """An auditor who replays one case."""

    site: Site
    visitor: Visitor
    case: UUID

    def at(self, step: int, more: str = "") -> str:
        answer = self.visitor.get(f"/audit/cases/{self.case.hex}?step={step}{more}")
        assert answer.status_code == 200
        return answer.text

    def step(self, kind: EventKind, which: int = 0) -> int:
        return [one.seq for one in self.site.office.events(self.case) if one.kind is kind][which]


@pytest.fixture(scope="module")
def reader(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Play the case once: it is only read, and refused attempts of one person are not all put on record."""
    folder, clock = tmp_path_factory.mktemp("replayed"), SetClock(MONDAY)
    shutil.copyfile(furnished, folder / "alur.db")
    places = Places(
        database=f"sqlite:///{folder / 'alur.db'}", blobs=str(folder / "blobs"), sandbox_workers=1
    )
    engine = open_engine(places, clock)
    site = open_site(find_office(engine, clock, "kantor"), folder)
    case = eventful(site.office)
    yield Reader(site=site, visitor=site.visitor("agus"), case=case)
    engine.close()


def test_an_event_says_who_did_what_in_which_role_and_what_came_of_it(reader: Reader) -> None:
    page = said(reader.at(reader.step(EventKind.TASK_COMPLETED, 1)))
    assert "Dikembalikan oleh Kasub" in page
    assert "Oleh Staf Subbag (Wati) Sebagai Staf Atas nama Kasubbag Penyusunan Program (Rina)" in page
    assert "Mengajukan izin, putaran 2 dibuka untuk Staf" in page
    assert f"Catatan kosong {NOTES}" in page
    assert "Langkah yang terbuka: Mengajukan izin, putaran 2 pada Staf" in page


def test_a_value_stands_beside_the_one_before_and_its_author(reader: Reader) -> None:
    page = said(reader.at(reader.step(EventKind.TASK_AMENDED)))
    assert "Perbaikan administrator" in page
    assert re.search(r"Biaya 1200 Staf Subbag \(Joko\), [\d-]+ 1250", page)
    assert "Salah ketik" in page


def test_what_came_with_a_draft_is_not_told(reader: Reader) -> None:
    page = said(reader.at(reader.step(EventKind.DRAFT_SAVED)))
    assert "Draf disimpan" in page
    assert "Semula" not in page.partition("Waktu dibandingkan")[0]


def test_refused_attempts_and_passed_due_times_are_marked(reader: Reader) -> None:
    page = said(reader.at(1))
    assert re.search(r"Upaya ditolak Mengajukan izin · Auditor \(Agus\) Ditolak", page)
    assert "Batas waktu Memeriksa permohonan lewat Terlambat" in page
    assert re.search(r"Ditolak 2 · Terlambat \d+ · Dikembalikan 1 · Diperbaiki 1 · Dipindah 1", page)


def test_the_list_shows_one_kind_and_keeps_it(reader: Reader) -> None:
    page = reader.at(1, "&show=refused")
    events = page.partition('<ol class="events">')[2].partition("</ol>")[0]
    assert events.count("<li") == 2
    assert f"?step={reader.step(EventKind.ATTEMPT_REFUSED)}&amp;show=refused" in events


def test_a_move_changes_the_revision(reader: Reader) -> None:
    moved = reader.step(EventKind.CASE_MOVED)
    assert "Diagram Revisi 1, yang dipakai saat itu" in said(reader.at(moved - 1))
    page = said(reader.at(moved))
    assert "Diagram Revisi 2, yang dipakai saat itu" in page
    assert "Dari revisi 1 ke revisi 2" in page


def test_a_step_alone_has_what_changes_and_no_frame(reader: Reader) -> None:
    whole, alone = reader.at(4), reader.at(4, "&alone=1")
    assert re.findall(r'data-replay-part="(\w+)"', alone) == re.findall(r'data-replay-part="(\w+)"', whole)
    assert alone.partition("<ol")[2] == whole.partition("<ol")[2].partition("</main>")[0]
    assert "<nav" in whole
    assert "<nav" not in alone


def test_of_very_many_open_tasks_some_are_told_and_the_others_counted(site: Site) -> None:
    office = site.office
    package = at_once(30)
    deploy(office.engine, operator(office.id), package)
    new = NewCase(key=package.key, year=2026, title="", attempt=new_id(), knowingly=True)
    case = instances.start(office.engine, office.people["joko"], new).instance
    page = said(site.visitor("agus").get(f"/audit/cases/{case.hex}").text)
    assert "Langkah yang terbuka: 30 × mengisi pada staf, belum ada yang mengerjakan." in page
    assert page.count("sejak Senin") == 20
    assert "10 lainnya" in page
    began = said(site.visitor("agus").get(f"/audit/cases/{case.hex}?step=1").text)
    assert "30 × mengisi dibuka untuk staf, belum ada yang mengerjakan" in began
    assert began.count("mengisi dibuka untuk") == 1


def test_documents_and_the_form_are_a_link_away(reader: Reader) -> None:
    done = reader.step(EventKind.TASK_COMPLETED)
    page = reader.at(done)
    assert f'href="/cases/{reader.case.hex}/documents/1"' in page
    form = reader.visitor.get(f"/audit/cases/{reader.case.hex}/form?step={done}")
    assert "Kegiatan Pelatihan" in said(form.text)


def test_steps_lead_on_by_links_and_a_jump_by_a_form(reader: Reader) -> None:
    page = reader.at(2)
    for words in ("step=1", "step=3", f"step={len(reader.site.office.events(reader.case))}"):
        assert f'href="/audit/cases/{reader.case.hex}?{words}"' in page
    jumped = reader.visitor.get(f"/audit/cases/{reader.case.hex}?day=2026-11-23&time=09:45")
    assert "Kejadian 6 dari" in said(jumped.text)
    assert reader.visitor.get(f"/audit/cases/{reader.case.hex}?step=9999").status_code == 404


def jump(reader: Reader, day: str, time: str) -> str:
    return said(reader.visitor.get(f"/audit/cases/{reader.case.hex}?day={day}&time={time}").text)


def test_a_jump_to_a_minute_in_which_something_happened_says_nothing_more(reader: Reader) -> None:
    done = reader.site.office.events(reader.case)[reader.step(EventKind.TASK_COMPLETED) - 1]
    there = done.at.astimezone(ZoneInfo("Asia/Jakarta")) + timedelta(seconds=20)
    page = jump(reader, f"{there:%Y-%m-%d}", f"{there:%H:%M}")
    assert "keadaan berkas ialah" not in page
    last = max(one.seq for one in reader.site.office.events(reader.case) if one.at <= there)
    assert f"Kejadian {last} dari" in page


def test_a_jump_says_where_it_shows_another_moment_than_was_asked_for(reader: Reader) -> None:
    assert "keadaan berkas ialah sesudah kejadian" in jump(reader, "2026-11-24", "03:00")
    assert "berkas ini belum dimulai. Yang tampak kejadian pertamanya" in jump(reader, "2026-01-01", "08:00")
    assert "belum tiba. Yang tampak kejadian terbaru" in jump(reader, "2031-01-01", "08:00")


def test_two_cases_stand_beside_each_other(reader: Reader) -> None:
    page = said(reader.visitor.get("/audit/compare?left=001/IZ/2026&right=002/IZ/2026&right_step=5").text)
    assert "Kejadian 1 dari 2" in page
    assert "Kejadian 5 dari" in page
    read = [json.loads(one.payload or "{}") for one in reader.site.office.events(reader.site.office.id)]
    assert {one["number"] for one in read if one.get("page") == "audit/compare"} == {
        "001/IZ/2026",
        "002/IZ/2026",
    }
    for name in ("endpoint", "_method", "_external", "_anchor"):
        more = f"/audit/compare?left=001/IZ/2026&right=002/IZ/2026&right_step=5&{name}=POST"
        assert reader.visitor.get(more).status_code == 200
    missing = said(reader.visitor.get("/audit/compare?left=9/IZ/2026").text)
    assert "Tidak ada berkas dengan nomor 9/IZ/2026." in missing


def test_moving_one_of_two_cases_keeps_the_event_of_the_other(reader: Reader) -> None:
    def leads(address: str, words: str) -> list[str]:
        page = html.unescape(reader.visitor.get(address).text)
        return re.findall(rf'href="(/audit/compare[^"]+)">(?:<svg.*?</svg>)?{words}', page)

    # No event of the first case is named, and one of the second that it does not have.
    address = "/audit/compare?left=002/IZ/2026&right=001/IZ/2026&right_step=9999"
    [first] = leads(address, "Kejadian berikut")
    assert first.endswith("left_step=2&right_step=2")
    left, right = leads(first, "Kejadian sebelum")
    assert left.endswith("left_step=1&right_step=2")
    assert right.endswith("left_step=2&right_step=1")
    assert leads(right, "Keduanya maju")[0].endswith("left_step=3&right_step=2")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=002/IZ", ["002/IZ/2026"]),
        ("q=Rina", ["002/IZ/2026"]),
        ("q=Permohonan", ["002/IZ/2026"]),
        ("value=terlalu tinggi", ["002/IZ/2026"]),
        ("value=1250", ["002/IZ/2026"]),
        ("value=tidak ada", []),
        ("version=2", ["002/IZ/2026"]),
        ("version=1", ["002/IZ/2026", "001/IZ/2026"]),
        ("status=finished", []),
        ("since=2026-11-24", ["002/IZ/2026", "001/IZ/2026"]),
        ("until=2026-11-22", []),
        ("since=0001-01-01&until=9999-12-31", ["002/IZ/2026", "001/IZ/2026"]),
        ("since=9999-12-31&until=0001-01-01", ["002/IZ/2026", "001/IZ/2026"]),
        ("sop=izin&q=2031", ["002/IZ/2026"]),
    ],
)
def test_cases_are_found_by_what_is_known_of_them(reader: Reader, query: str, found: list[str]) -> None:
    page = said(reader.visitor.get(f"/audit/cases?{query}").text)
    assert re.findall(r"\d{3}/IZ/\d{4}(?= – )", page) == found


def test_a_case_is_found_by_the_name_of_a_file(site: Site) -> None:
    office = site.office
    task = office.open_task(office.start(knowingly=True).instance, "mengajukan")
    documents.attach(
        office.engine, office.people["joko"], task.id, "Lampiran", scan("Kuitansi bensin"), new_id()
    )
    for asked, found in (("KUITANSI BENSIN.pdf", 1), ("kuitansi makan", 0)):
        page = site.visitor("agus").get(f"/audit/cases?q={asked}").text
        assert page.count('class="title" href="/audit/cases/') == found


def test_whoever_works_finds_it_in_the_navigation_and_an_auditor_begins_there(site: Site) -> None:
    for name, there in (("agus", True), ("putu", True), ("joko", False)):
        page = site.visitor(name).get("/cases").text
        assert ('href="/audit/cases"' in page.partition("<main")[0]) is there
    assert site.visitor("agus").get("/").headers["Location"] == "/audit/cases"
