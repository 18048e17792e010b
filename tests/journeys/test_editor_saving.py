"""What an owner draws is saved, and never lost: to a second window, a lost connection, a closed draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.journeys.desk import PATIENCE, Desk, open_draft
from tests.journeys.revised import OWNER
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")


def test_what_was_typed_just_now_is_in_what_is_saved_by_hand(desk: Desk) -> None:
    desk.choose("Mereviu draft")
    desk.page.get_by_label("Keterangan").fill("Paling lama tiga hari")
    desk.page.keyboard.press("Control+s")
    desk.says("saved")
    assert "<sop:notes>Paling lama tiga hari</sop:notes>" in desk.saved_diagram()


def test_what_cannot_be_read_is_told_and_not_saved_away_by_itself(desk: Desk) -> None:
    desk.page.clock.install()
    desk.write_behind("<sop:Document ", '<sop:Stranger name="x" /><sop:Document ')
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("sop:Stranger", timeout=PATIENCE)
    desk.choose("Rapat pembahasan")
    desk.page.get_by_label("Keterangan").fill("Di aula")
    desk.page.get_by_label("Keterangan").blur()
    desk.says("changed")
    desk.page.clock.run_for(60_000)
    desk.says("changed")
    assert "sop:Stranger" in desk.saved_diagram()
    desk.page.get_by_role("button", name="Simpan draf").click()
    desk.says("saved")
    assert "sop:Stranger" not in desk.saved_diagram()


def test_who_saves_second_is_told_and_chooses(desk: Desk, windows: Callable[..., Window]) -> None:
    other = open_draft(windows(), desk.page.url)
    other.choose("Membuat format data")
    other.page.get_by_label("Keterangan").fill("Dari jendela lain")
    other.save()
    assert "Dari jendela lain" in other.saved_diagram()
    desk.choose("Menghimpun data")
    desk.page.get_by_label("Keterangan").fill("Dari jendela ini")
    desk.says("conflict")
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Anda sendiri menyimpannya di jendela lain")  # the same person
    expect(told).not_to_contain_text(OWNER)
    expect(desk.part("state")).to_contain_text("jendela lain Anda")
    assert "Dari jendela lain" in desk.saved_diagram()
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Dari jendela ini" in kept.value.path().read_text("utf-8")
    told.get_by_role("button", name="Simpan milik saya di atasnya").click()
    desk.says("saved")
    assert "Dari jendela ini" in desk.saved_diagram()


def test_without_a_connection_nothing_is_lost(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Tanpa sambungan")
    desk.says("offline")
    desk.page.context.set_offline(False)
    desk.says("saved")
    assert "Tanpa sambungan" in desk.saved_diagram()


def test_leaving_with_what_is_not_saved_asks_first(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Belum tersimpan")
    desk.says("offline")
    with desk.page.expect_event("dialog", timeout=PATIENCE) as asked:
        desk.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(desk.page.get_by_label("Keterangan")).to_have_value("Belum tersimpan")


def test_whoever_is_signed_out_is_told_once_and_takes_the_drawing_along(desk: Desk) -> None:
    sent: list[str] = []
    desk.page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    cookies = desk.page.context.cookies()
    desk.page.clock.install()
    desk.page.context.clear_cookies()
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Tanpa masuk")
    desk.page.get_by_label("Keterangan").blur()
    desk.page.clock.run_for(10_000)
    desk.says("refused")
    desk.page.clock.run_for(60_000)
    assert len(sent) == 1
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Anda perlu masuk lagi")
    assert violations(desk.page) == []
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Tanpa masuk" in kept.value.path().read_text("utf-8")
    desk.page.context.add_cookies([dict(one) for one in cookies])  # type: ignore[arg-type]
    desk.page.get_by_role("button", name="Simpan draf").click()
    desk.says("saved")
    expect(told).to_have_count(0)


def test_who_draws_in_a_draft_that_was_discarded_meanwhile_is_told_so(desk: Desk) -> None:
    draft = desk.page.url.split("#")[0]
    token = desk.page.locator('input[name="csrf_token"]').first.input_value()
    revision = desk.page.evaluate("JSON.parse(document.getElementById('draft').textContent).revision")
    gone = desk.page.context.request.post(
        f"{draft}/discard",
        form={"csrf_token": token, "revision": str(revision)},
        headers={"Referer": draft},
        max_redirects=0,
    )
    assert gone.status == 303
    desk.choose("Menganalisis data")
    desk.page.get_by_label("Keterangan").fill("Terlambat")
    desk.says("refused")
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("Draf ini sudah")
    with desk.page.expect_download() as kept:
        told.get_by_role("button", name="Unduh milik saya").click()
    assert "Terlambat" in kept.value.path().read_text("utf-8")
    expect(told.get_by_role("button", name="Simpan milik saya di atasnya")).to_have_count(0)
