"""What the editor offers and does by itself while somebody draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine.bpmn.geometry import read_diagram
from engine.bpmn.routing import Box, crosses
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


def crossed(desk: Desk) -> list[tuple[str, str]]:
    """Find the flows that are drawn through a shape they have nothing to do with."""
    drawn = read_diagram(etree.parse(BytesIO(desk.saved_diagram().encode())), {})
    boxes = {
        one.element: Box(one.bounds.x, one.bounds.y, one.bounds.width, one.bounds.height)
        for one in drawn.shapes
        if one.type not in {"participant", "lane"}
    }
    return [
        (flow.element, element)
        for flow in drawn.edges
        for element, box in boxes.items()
        if element not in {flow.source, flow.target} and crosses(flow.waypoints, [box])
    ]


@pytest.mark.parametrize(
    "flow",
    [
        "ke_mereviu_draft",  # before the way back, which runs where the step comes to stand
        "tidak",  # on the way back, behind a gateway
        "ke_membuat_surat_pengantar",  # from lane to lane
    ],
)
def test_no_line_runs_through_a_shape_after_a_step_is_inserted(own: Desk, flow: str) -> None:
    before = own.saved_diagram().count("<bpmn:userTask ")
    own.page.mouse.click(*own.middle_of(flow))
    own.page.locator('.djs-context-pad [data-action="insert-step"]').click()
    own.page.locator(".djs-direct-editing-content").fill("Memeriksa lagi")
    own.page.keyboard.press("Enter")
    own.save()
    assert own.saved_diagram().count("<bpmn:userTask ") == before + 1
    assert crossed(own) == []
