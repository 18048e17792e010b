"""What the editor offers and does by itself while somebody draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.story import sign_in
from tests.journeys.window import Window

pytestmark = pytest.mark.xdist_group("browser")
SOP = "/library/penyusunan-dokumen-indikator-kinerja"


@pytest.fixture
def own(windows: Callable[[], Window]) -> Iterator[Desk]:
    """Begin a draft that no other test changes, and put it away after."""
    window = windows()
    sign_in(window, "Pemilik SOP")
    window.page.goto(f"{SOP}/draft?all")
    window.press("Mulai revisi")
    yield Desk(window.page).ready()
    window.page.goto(f"{window.page.url.split('#')[0]}/discard")
    window.press("Hapus draf")


def test_a_document_is_offered_the_names_of_those_that_the_sop_has(own: Desk) -> None:
    own.choose("Membuat undangan")
    own.add_document("Kelengkapan", "")
    name = own.page.get_by_label("Nama dokumen").locator("visible=true")
    offered = name.evaluate("field => [...field.list.options].map(one => one.value)")
    assert {"Surat pengantar", "Notulen"} <= set(offered)
    assert offered == sorted(offered, key=str.casefold)
    expect(own.part("problems")).to_contain_text("Ada dokumen pada Membuat undangan yang tidak bernama")
    name.fill("Notulen")  # a headless browser shows no list to choose from
    own.save()
    expect(own.part("problems")).not_to_contain_text("yang tidak bernama")
    beside = own.page.get_by_label("Nama dokumen").first  # what the list has already is not offered again
    assert "Notulen" not in beside.evaluate("field => [...field.list.options].map(one => one.value)")
