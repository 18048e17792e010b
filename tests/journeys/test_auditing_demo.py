"""Whoever starts the demo and signs in as its auditor can do all that auditing is, on a case that is there.

The case was returned twice, delegated, moved to another revision and corrected by an administrator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.engine.record.bundles import verified
from tests.journeys.audited import sign_in_to_audit
from tests.journeys.revised import come_upon
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("auditing demo")
TITLE = "Penyusunan Dokumen Indikator Kinerja Bidang SMP 2027"
SECOND, OWNER, ASKED = "Auditor kedua", "Pemilik SOP", "Kasubbag Penyusunan Program"
# What the marks below the slider count, and what stands at the first of each.
MARKS = {
    "Ditolak 1": "Upaya ditolak",
    "Dikembalikan 2": "Dikembalikan oleh Sekdin",
    "Dipindah 1": "Dipindahkan ke revisi lain dari SOP",
    "Diperbaiki 1": "Memerintahkan penyusunan diperbaiki kemudian",
}
FORMATS = {"XES (IEEE 1849)": ".xes", "CSV": ".csv", "OCEL 2.0 (JSON)": ".jsonocel", "JSON Lines": ".jsonl"}
FINDING = {
    "Judul": "Nomor agenda dicatat keliru",
    "Kondisi": "Nomor agenda disposisi diperbaiki sesudah berkas hampir selesai.",
    "Kriteria": "Langkah 1 SOP: disposisi dicatat dengan nomor agendanya.",
    "Sebab": "Nomor tidak dicocokkan dengan buku agenda.",
    "Akibat": "Disposisi terbit dua kali.",
    "Rekomendasi": "Cocokkan nomor dengan buku agenda pada hari yang sama.",
}


@pytest.fixture(scope="module")
def served(data_folder: Path) -> Iterator[Server]:
    with Server(data_folder) as running:
        visitor = Visitor(running.address)
        sign_in_to_audit(visitor)
        come_upon(visitor, "/audit/record", "Titik periksa terbaru")  # it is sealed a moment later
        yield running


def sit_down(windows: Callable[..., Window], seat: str, width: int = 1344) -> Window:
    """Sign in by the button of the demo that says only this."""
    window = windows(width, 900)
    window.open("/sign-in")
    name = window.page.get_by_text(seat, exact=True)
    window.click(window.page.locator("button.seat").filter(has=name))
    return window


def open_replay(auditor: Window) -> Page:
    """Find the case by its title, and open its replay."""
    auditor.open("/audit/cases")
    auditor.fill("Nomor, judul, orang atau dokumen", TITLE)
    auditor.press("Terapkan")
    assert auditor.comes_to("q=")
    auditor.follow(TITLE)
    expect(auditor.page.locator("[data-told]")).to_contain_text("Kejadian 1 dari")
    return auditor.page


def number_of(page: Page) -> str:
    """Read the number of the case that is replayed."""
    return page.locator("main .page-head p a").first.inner_text()


@pytest.mark.parametrize("width", [1344, 390])
def test_it_is_replayed_by_keyboard_alone(windows: Callable[..., Window], width: int) -> None:
    page = open_replay(sit_down(windows, "Auditor", width))
    told = page.locator("[data-told]")
    play = page.locator("[data-play]")
    page.locator("#speed").focus()
    page.keyboard.press("Home")  # the fastest
    expect(page.locator("#speed")).to_have_value("500")
    play.focus()
    page.keyboard.press("Space")
    expect(play).to_contain_text("Jeda")
    # Half a second each: a busy machine does not see every one of them pass.
    expect(told).to_contain_text(re.compile(r"Kejadian ([3-9]|[1-3][0-9]) dari"))
    page.keyboard.press("Enter")
    expect(play).to_contain_text("Putar")
    page.keyboard.press("End")
    expect(told).to_contain_text("Berkas selesai.")
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("Kejadian 42 dari 43")
    page.keyboard.press("Home")
    expect(told).to_contain_text("Kejadian 1 dari")
    slider = page.locator("#slider")
    slider.focus()
    page.keyboard.press("PageUp")
    expect(told).not_to_contain_text("Kejadian 1 dari")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^Kejadian \d+ dari 43:"))
    page.locator("#step").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("31")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Kejadian 31 dari 43")
    day = page.locator("#day").input_value()
    page.keyboard.press("Home")
    expect(told).to_contain_text("Kejadian 1 dari")
    page.locator("#day").fill(day)  # how a day is typed is the browser's own matter
    page.locator("#time").fill("23:59")
    page.locator("#time").focus()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Kejadian 31 dari 43")


def test_each_step_is_told_to_who_does_not_see_the_diagram(windows: Callable[..., Window]) -> None:
    page = open_replay(sit_down(windows, "Auditor"))
    live = page.locator("[data-replay-told]")
    assert live.get_attribute("role") == "status"
    for step in range(2, 44):
        page.keyboard.press("ArrowRight")
        # What happened, and what is open then, in words.
        expect(live).to_have_text(
            re.compile(rf"^Kejadian {step} dari 43: (.+\. )?(Langkah yang terbuka: .+|Berkas selesai)\.$")
        )
    for words, heading in MARKS.items():
        page.get_by_role("link", name=words, exact=True).click()
        expect(page.locator("[data-told]")).to_contain_text(heading)
    expect(page.locator("[data-replay-part=event] .tags")).to_contain_text("Perbaikan administrator")


def test_two_cases_stand_side_by_side_and_the_record_is_proved(
    windows: Callable[..., Window], tmp_path: Path
) -> None:
    auditor = sit_down(windows, "Auditor")
    page = open_replay(auditor)
    number = number_of(page)
    auditor.follow("Sandingkan dengan berkas lain")
    auditor.fill("Nomor berkas kedua", number.replace("001/", "002/"))
    auditor.press("Tampilkan keduanya")
    assert auditor.comes_to("right=")
    auditor.follow("Keduanya maju satu kejadian")
    expect(page.get_by_text("Kejadian 2 dari")).to_have_count(2)
    open_replay(auditor)
    auditor.follow("Periksa terhadap catatan")
    assert auditor.sees("Catatan utuh")
    open_replay(auditor)
    auditor.follow("Paket bukti audit")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Ambil paket bukti audit").click()
    kept.value.save_as(bundle := tmp_path / "bukti.zip")
    code, said = verified(bundle)
    assert (code, said.startswith(f"UTUH: berkas {number}")) == (0, True), said
    content = bytearray(bundle.read_bytes())
    content[len(content) // 3] ^= 1
    bundle.write_bytes(content)
    assert verified(bundle)[0] == 1


def test_it_is_counted_seen_on_its_day_and_taken_away(windows: Callable[..., Window], tmp_path: Path) -> None:
    auditor = sit_down(windows, "Auditor")
    page = open_replay(auditor)
    number = number_of(page)
    page.goto(f"{page.url.partition('?')[0]}?step=31")
    day = page.locator("#day").input_value()
    auditor.open("/audit/figures")
    assert auditor.sees("Titik lambat")
    for name in ("Diperbaiki", "Dipindahkan", "Didelegasikan"):
        page.get_by_role("link", name=re.compile(name)).first.click()
        assert auditor.sees(number)
        page.go_back()
    auditor.open(f"/audit/day?date={day}&time=12:00")
    assert auditor.sees("Membuat draft, putaran 3")
    for name, suffix in FORMATS.items():
        auditor.open("/audit/exports")
        page.get_by_label(name, exact=True).check()
        with page.expect_download() as kept:
            page.get_by_role("button", name="Unduh").click()
        kept.value.save_as(log := tmp_path / f"log{suffix}")
        assert number in log.read_text("utf-8").replace("\\/", "/"), name


def test_the_second_auditor_reviews_what_the_first_prepared(windows: Callable[..., Window]) -> None:
    first, second, owner = (sit_down(windows, seat) for seat in ("Auditor", SECOND, OWNER))
    second.open("/audit/samples")
    second.follow("Uji petik penyusunan indikator kinerja")
    second.fill("Tanggapan Anda", "Kertas kerja lengkap.")
    second.press("Setujui")
    assert second.sees("Sudah direviu")
    number = number_of(open_replay(first))
    first.open("/audit/findings/new")
    for label, words in FINDING.items():
        first.fill(label, words)
    first.fill("Berkas", f"{number} #32")
    first.press("Simpan draf")
    assert first.stands_at(FINDING["Judul"])
    address = first.page.url
    second.open(address)
    second.press("Saya sudah mereviunya")
    assert second.sees("Direviu oleh")
    first.open(address)
    first.press("Sampaikan kepada kantor")
    assert first.sees("Disampaikan oleh")
    owner.open(address)
    owner.fill("Tanggapan kantor", "Setuju, mulai bulan ini.")
    owner.press("Catat tanggapan")
    assert owner.sees("Ditanggapi oleh")
    owner.fill("Yang sudah dilakukan", "Buku agenda dicocokkan setiap sore.")
    owner.press("Catat tindak lanjut")
    assert owner.sees("Buku agenda dicocokkan setiap sore.")
    first.open(address)
    first.fill("Simpulan", "Ditindaklanjuti.")
    first.press("Tutup temuan")
    assert first.sees("Ditutup oleh")


def test_a_question_is_answered_by_who_was_asked(windows: Callable[..., Window]) -> None:
    auditor, asked = sit_down(windows, "Auditor"), sit_down(windows, "Kasubbag Penyusunan Program")
    page = open_replay(auditor)
    page.goto(f"{page.url.partition('?')[0]}?step=23")
    auditor.follow("Minta keterangan tentang kejadian ini")
    auditor.fill("Yang ditanya", f"{ASKED} (Kasub)")
    auditor.fill("Pertanyaan", "Apakah formulasi lama sempat dipakai?")
    auditor.press("Kirim pertanyaan")
    assert auditor.sees("Apakah formulasi lama sempat dipakai?")
    asked.open("/tasks")
    asked.follow("Baca dan jawab")
    asked.fill("Jawaban Anda", "Tidak, draft pertama tidak diedarkan.")
    asked.press("Catat jawaban saya")
    assert asked.sees("Sudah dijawab")
    open_replay(auditor)
    page.goto(f"{page.url.partition('?')[0]}?step=23")
    assert auditor.sees("Tidak, draft pertama tidak diedarkan.")
