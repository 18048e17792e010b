"""What the renderer draws, asked in this process: elsewhere it runs in one of its own."""

from __future__ import annotations

import io
import json

import pytest
from fpdf import FPDF
from PIL import Image

from engine.previews import renderer


def asked(content: bytes, *request: str) -> bytes:
    out = io.BytesIO()
    renderer.answer(list(request), io.BytesIO(content), out)
    return out.getvalue()


@pytest.fixture
def pdf() -> bytes:
    document = FPDF()
    document.add_page()
    document.add_page()
    return bytes(document.output())


@pytest.fixture
def photo() -> bytes:
    target = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6  # taken with the camera on its side
    Image.effect_noise((400, 200), 80).convert("RGB").save(target, "JPEG", exif=turned)
    return target.getvalue()


def test_facts_are_json(pdf: bytes, photo: bytes) -> None:
    assert json.loads(asked(pdf, "facts", "pdf")) == {"pages": 2, "javascript": 0, "attachments": 0}
    assert json.loads(asked(photo, "facts", "picture")) == {"pages": 1}


def test_a_page_is_a_webp_picture(pdf: bytes) -> None:
    assert Image.open(io.BytesIO(asked(pdf, "page", "pdf", "2", "300"))).format == "WEBP"


def test_a_photo_stands_upright_without_its_facts(photo: bytes) -> None:
    picture = Image.open(io.BytesIO(asked(photo, "page", "picture", "1", "200")))
    assert picture.height > picture.width
    assert not picture.getexif()


def test_a_transparent_picture_stands_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(target, "PNG")
    picture = Image.open(io.BytesIO(asked(target.getvalue(), "page", "picture", "1", "50")))
    assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(("kind", "page"), [("pdf", "3"), ("picture", "2")])
def test_a_page_that_is_not_there_has_its_own_exit(kind: str, page: str, pdf: bytes, photo: bytes) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(pdf if kind == "pdf" else photo, "page", kind, page, "300")
    assert ended.value.code == 4
