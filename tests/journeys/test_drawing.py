"""What the editor offers and does by itself while somebody draws."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from lxml import etree
from playwright.sync_api import expect

from engine.bpmn.geometry import read_diagram
from engine.bpmn.routing import Box, crosses
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.drawing import boxes, numbers, ways

pytestmark = pytest.mark.xdist_group("browser")


def test_a_document_is_offered_the_names_of_those_that_the_sop_has(desk: Desk) -> None:
    desk.choose("Membuat undangan")
    desk.add_document("Kelengkapan", "")
    name = desk.page.get_by_label("Nama dokumen").locator("visible=true")
    offered = name.evaluate("field => [...field.list.options].map(one => one.value)")
    assert {"Surat pengantar", "Notulen"} <= set(offered)
    assert offered == sorted(offered, key=str.casefold)
    expect(desk.part("problems")).to_contain_text("Ada dokumen pada Membuat undangan yang tidak bernama")
    name.fill("Notulen")  # a headless browser shows no list to choose from
    desk.save()
    expect(desk.part("problems")).not_to_contain_text("yang tidak bernama")
    beside = desk.page.get_by_label("Nama dokumen").first  # what the list has already is not offered again
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
def test_no_line_runs_through_a_shape_after_a_step_is_inserted(desk: Desk, flow: str) -> None:
    before = desk.saved_diagram().count("<bpmn:userTask ")
    desk.page.mouse.click(*desk.middle_of(flow))
    desk.page.locator('.djs-context-pad [data-action="insert-step"]').click()
    desk.page.locator(".djs-direct-editing-content").fill("Memeriksa lagi")
    desk.page.keyboard.press("Enter")
    desk.save()
    assert desk.saved_diagram().count("<bpmn:userTask ") == before + 1
    assert crossed(desk) == []


def test_where_no_step_has_a_number_all_take_theirs_once_one_is_drawn(desk: Desk) -> None:
    before = numbers(desk)
    desk.rewrite(lambda diagram: re.sub(r'(<sop:Task[^>]*) number="\d+"', r"\1", diagram))
    assert set(numbers(desk).values()) == {""}
    desk.choose("Mengantar dan mengarsipkan")
    desk.append("orang", "Melaporkan")
    desk.save()
    assert numbers(desk) == before | {"melaporkan": "14"}


def test_what_is_appended_to_a_step_that_leads_on_comes_in_between(desk: Desk) -> None:
    was = ways(desk)
    desk.choose("Menghimpun data")
    desk.page.locator('.djs-context-pad [data-action="append.append-task"]').click()
    desk.page.locator(".djs-direct-editing-content").fill("Memeriksa data")
    desk.page.keyboard.press("Enter")
    desk.page.locator('.djs-context-pad [data-action="append.gateway"]').click()
    desk.page.locator(".djs-direct-editing-content").fill("Lengkap")
    desk.page.keyboard.press("Enter")
    desk.save()
    between = [("menghimpun_data", "memeriksa_data"), ("memeriksa_data", "lengkap")]
    assert ways(desk) == was - {("menghimpun_data", "menganalisis_data")} | {
        *between,
        ("lengkap", "menganalisis_data"),
    }
    assert crossed(desk) == []


def test_the_performer_of_a_step_is_chosen_in_the_panel(desk: Desk) -> None:
    was = boxes(desk)
    desk.choose("Menghimpun data")
    performer = desk.page.get_by_label("Pelaksana", exact=True)
    expect(performer).to_have_value("lajur_kasub")
    performer.select_option(label="Staf")
    desk.save()
    expect(desk.steps_of("Staf")).to_contain_text(["Menghimpun data"], timeout=PATIENCE)
    assert crossed(desk) == []
    desk.press("Urungkan")
    desk.save()
    assert boxes(desk) == was


def test_an_arrow_that_is_drawn_back_runs_around_the_steps(desk: Desk) -> None:
    desk.choose("Menganalisis data")
    desk.connect_to("menyampaikan_format")
    desk.save()
    assert ("menganalisis_data", "menyampaikan_format") in ways(desk)
    assert crossed(desk) == []
