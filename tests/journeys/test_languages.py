"""No sentence of the interface stays English on an Indonesian page."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml.html import HtmlElement

from tests.journeys.test_axe import SEATS, pages_of
from tests.journeys.visitor import Visitor
from tests.live import Server
from webapp.assets.catalogues import assemble
from webapp.language import CATALOGUES

pytestmark = pytest.mark.xdist_group("axe")  # the pages that were found are shared
# A button that changes to English; the head of a column of numbers (nomor).
_ALIKE = {"English", "No"}
_SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-saved", "data-failed")


def english_sentences(parts: Path) -> set[str]:
    """Name the sentences whose Indonesian is another; those with values cannot be told by themselves."""
    return {
        said
        for message in assemble(parts)
        for said in (message.id if isinstance(message.id, tuple) else (message.id,))
        if said and "%(" not in said and said != message.string
    }


def said_on(page: HtmlElement) -> set[str]:
    """Collect what a page says, in text and beside it; what people wrote stands among it."""
    texts = [text for element in page.iter() if isinstance(element.tag, str) for text in _texts(element)]
    return {" ".join(text.split()) for text in texts if text}


def _texts(element: HtmlElement) -> list[str | None]:
    own = [] if element.tag in {"script", "style"} else [element.text]
    return [*own, element.tail, *(element.get(name) for name in _SPOKEN)]


@pytest.mark.parametrize("seat", SEATS)
def test_indonesian_pages_say_nothing_in_english(served: Server, seat: str) -> None:
    english = english_sentences(CATALOGUES / "parts")
    visitor = Visitor(served.address)
    visitor.open("/sign-in")
    if seat:
        visitor.press(seat)
    found = {}
    for address in pages_of(served.address, seat):
        visitor.open(address)
        assert visitor.page.get("lang") == "id"
        if left := (said_on(visitor.page) & english) - _ALIKE:
            found[address] = sorted(left)
    assert found == {}
