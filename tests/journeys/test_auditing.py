"""An auditor follows a case with refusals, a delegation, a move, a correction, and takes the proof away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.model.event import EventKind
from tests.engine.record.bundles import verified
from tests.journeys.audited import Played, sign_in_to_audit
from tests.journeys.revised import come_upon
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("auditing")
SIZES = [(1344, 900), (390, 844)]
# Which of a kind, what it is called, and its tags.
SPECIAL = (
    (EventKind.ATTEMPT_REFUSED, 0, "Upaya ditolak", ("Ditolak",)),
    (EventKind.TASK_ASSIGNED, 0, "Ditugaskan kepada Wati", ("Didelegasikan",)),
    (EventKind.ATTEMPT_REFUSED, 1, "Upaya ditolak", ("Ditolak", "Administrator")),
    (EventKind.CASE_MOVED, 0, "Dipindahkan ke revisi lain dari SOP", ("Dipindah",)),
    (EventKind.TASK_AMENDED, 0, "diperbaiki kemudian", ("Perbaikan administrator",)),
)
AREA = {
    "Angka": "Angka",
    "Kantor pada suatu hari": "Kantor pada suatu hari",
    "Kelengkapan catatan": "Tidak ada nomor atau kejadian yang hilang",
    "Catatan": "Titik periksa terbaru",
    "Log kejadian": "Lembar kerja (.xlsx)",
    "Temuan": "Draft dikembalikan dua kali",
    "Uji petik": "menunggu reviu",
}


@pytest.fixture(scope="module")
def served(data_folder: Path, played: Played) -> Iterator[Server]:
    assert played.seqs
    with Server(data_folder) as running:
        visitor = Visitor(running.address)
        sign_in_to_audit(visitor)
        come_upon(visitor, "/audit/record", "Titik periksa terbaru")  # it is sealed a moment later
        yield running


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def auditor(request: pytest.FixtureRequest, windows: Callable[..., Window]) -> Window:
    """Sign in as the auditor, at a desk and on a phone."""
    window = windows(*request.param)
    sign_in_to_audit(window)
    return window


def open_replay(auditor: Window, played: Played) -> Page:
    """Find the case by its number, and open its replay."""
    auditor.fill("Nomor, judul, orang atau dokumen", played.number)
    auditor.press("Terapkan")
    assert auditor.comes_to("q=")
    auditor.follow("Izin Kegiatan 2031")
    expect(auditor.page.locator("[data-told]")).to_contain_text("Kejadian 1 dari")
    return auditor.page


def step_to(page: Page, seq: int) -> None:
    """Go on by the keyboard, event by event."""
    told = page.locator("[data-told]")
    while f"Kejadian {seq} dari" not in told.inner_text():
        before = told.inner_text()
        page.keyboard.press("ArrowRight")
        expect(told).not_to_have_text(before)


def test_each_special_event_is_named_where_it_happened(auditor: Window, played: Played) -> None:
    page = open_replay(auditor, played)
    diagrams = {}
    for kind, which, heading, tags in SPECIAL:
        seq = played.seqs[kind][which]
        step_to(page, seq)
        event = page.locator("[data-replay-part=event]")
        expect(event.locator("h2")).to_contain_text(heading)
        assert event.locator(".tags > *").all_inner_texts() == list(tags)
        # What a screen reader is told says the same.
        expect(page.locator("[data-replay-told]")).to_contain_text(heading)
        diagrams[kind] = page.locator("[data-replay-part=moment]").inner_text()
    assert "Revisi 1" in diagrams[EventKind.TASK_ASSIGNED]
    assert "pada Wati" in diagrams[EventKind.TASK_ASSIGNED]
    assert "Memastikan" not in diagrams[EventKind.ATTEMPT_REFUSED]
    assert "Revisi 2" in diagrams[EventKind.CASE_MOVED]
    assert "Memastikan" in diagrams[EventKind.CASE_MOVED]
    assert auditor.width_beyond() == 0


def test_the_form_is_shown_as_it_was_and_what_was_corrected_beside_it(
    auditor: Window, played: Played
) -> None:
    page = open_replay(auditor, played)
    step_to(page, played.seqs[EventKind.TASK_AMENDED][0])
    changed = page.locator(".changes tbody tr").filter(has_text="Biaya")
    expect(changed.locator("del")).to_have_text("1200")
    expect(changed.locator("ins")).to_have_text("1250")
    page.keyboard.press("Home")
    expect(page.locator("[data-told]")).to_contain_text("Kejadian 1 dari")
    step_to(page, played.seqs[EventKind.TASK_COMPLETED][0])
    auditor.follow("Formulir seperti yang dilihat saat itu")
    assert auditor.comes_to("/form?step=")
    assert auditor.sees("Pelatihan")
    assert auditor.sees("1500")


def test_the_case_is_what_its_record_says(auditor: Window, played: Played) -> None:
    open_replay(auditor, played)
    auditor.follow("Periksa terhadap catatan")
    assert auditor.stands_at("Periksa terhadap catatan")
    assert auditor.sees("Catatan utuh")


def test_the_bundle_is_checked_by_a_program_of_its_own(
    auditor: Window, played: Played, tmp_path: Path
) -> None:
    page = open_replay(auditor, played)
    auditor.follow("Paket bukti audit")
    assert auditor.stands_at("Paket bukti audit")
    fingerprint = "".join(page.locator("main li code").last.inner_text().split())
    with page.expect_download() as kept:
        page.get_by_role("button", name="Ambil paket bukti audit").click()
    bundle = tmp_path / "bukti.zip"
    kept.value.save_as(bundle)
    code, said = verified(bundle)
    assert (code, said[:4]) == (0, "UTUH")
    assert fingerprint in "".join(said.split())
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    assert verified(bundle)[0] == 1


def test_everything_else_is_a_tab_away(auditor: Window) -> None:
    tabs = auditor.page.get_by_role("navigation", name="Telusuri")
    for tab, words in AREA.items():
        auditor.click(
            tabs.get_by_role("link", name=re.compile(rf"^{tab}(\W|\d|$)"))
        )  # a count may stand behind
        assert auditor.sees(words)
        assert auditor.width_beyond() == 0
