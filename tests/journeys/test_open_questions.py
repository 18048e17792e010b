"""A wrong reading costs one click: an open question is answered, and the step is drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.revised import SOP as SOP_PAGE
from tests.journeys.story import SOP, sign_in
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
WHO_COLLECTS = "Siapa yang menghimpun data dari bidang dan sekretariat?"


def test_an_answer_moves_the_step_in_the_editor(windows: Callable[[], Window]) -> None:
    owner = windows()
    sign_in(owner, OWNER)
    owner.follow("Pustaka SOP")
    owner.follow(SOP)
    owner.follow("Catatan pembacaan")
    assert owner.sees(WHO_COLLECTS)
    owner.open(f"{SOP_PAGE}/draft?all")  # another test may have begun a draft
    owner.press("Mulai revisi")
    desk = Desk(owner.page).ready()
    expect(desk.steps_of("Kasub")).to_contain_text(["Menghimpun data"])
    expect(owner.page.get_by_text(WHO_COLLECTS)).to_be_hidden()
    owner.page.get_by_text("pertanyaan tentang SOP ini belum dijawab").click()
    expect(owner.page.get_by_text(WHO_COLLECTS)).to_be_visible()
    owner.follow("Jawab pertanyaan")
    owner.press(f"Staf : {WHO_COLLECTS}")
    answered = owner.page.locator("section", has_text=WHO_COLLECTS)
    expect(answered).to_contain_text(f"“{WHO_COLLECTS}” dijawab: Staf.")
    expect(answered).to_be_in_viewport()  # one is where one was
    owner.follow("Kembali ke draf")
    expect(Desk(owner.page).ready().steps_of("Staf")).to_contain_text(["Menghimpun data"])


def test_the_same_without_scripts_and_told_as_a_difference(served: Server) -> None:
    owner = Visitor(served.address)
    sign_in(owner, OWNER)
    owner.open(f"{SOP_PAGE}/draft?all")
    owner.press("Mulai revisi")
    draft = owner.address
    owner.open(f"{draft}/questions")
    owner.press(f"Staf: {WHO_COLLECTS}")
    owner.open(f"{draft}/difference")
    assert owner.sees("Menghimpun data")
    assert owner.sees(WHO_COLLECTS)
