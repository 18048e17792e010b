"""Pages as pictures: what is shown, and that a hostile file ends only its own renderer."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event

import pytest
from fpdf import FPDF
from PIL import Image

from engine.errors import NotFound, PreviewFailed, PreviewsBusy
from engine.previews import _SECONDS, Previews, can_be_shown, facts, page_count, render_page

PDF = "application/pdf"


def a_pdf(pages: int = 3, script: str = "") -> bytes:
    document = FPDF()
    for number in range(1, pages + 1):
        document.add_page()
        document.set_font("helvetica", size=40)
        document.cell(text=f"Halaman {number}")
    content = bytes(document.output())
    if script:
        action = f"/Type /Catalog /Names <</JavaScript <</Names [(a) <</S /JavaScript /JS ({script})>>]>>>>"
        content = content.replace(b"/Type /Catalog", action.encode())
    return content


def a_picture(kind: str, size: tuple[int, int], mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else (0, 0, 0, 0)).save(target, kind)
    return target.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + chunk(b"IEND", b"")


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "WEBP"
    return image


def test_a_page_is_drawn_as_wide_as_asked() -> None:
    image = opened(render_page(a_pdf(), PDF, 2, 480))
    assert abs(image.width - 480) <= 1
    assert image.height > image.width
    assert len(image.convert("L").getcolors() or []) > 1, "something is written on it"


def test_pages_are_counted() -> None:
    assert page_count(a_pdf(7), PDF) == 7
    assert page_count(a_picture("PNG", (10, 10)), "image/png") == 1


def test_a_script_is_counted_and_never_run() -> None:
    assert facts(a_pdf(1, "app.alert\\(1\\)"), PDF).javascript == 1
    assert facts(a_pdf(1), PDF).javascript == 0


@pytest.mark.parametrize("page", [0, -1, 4])
def test_there_is_no_page_beyond_the_last(page: int) -> None:
    with pytest.raises(NotFound):
        render_page(a_pdf(3), PDF, page, 480)


@pytest.mark.parametrize(("width", "drawn"), [(1, 160), (99999, 1600)])
def test_the_width_is_kept_within_bounds(width: int, drawn: int) -> None:
    assert abs(opened(render_page(a_pdf(1), PDF, 1, width)).width - drawn) <= 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_is_made_smaller(kind: str) -> None:
    photo = a_picture(kind, (3000, 1500))
    assert opened(render_page(photo, f"image/{kind.lower()}", 1, 600)).size == (600, 300)


def test_a_transparent_picture_stands_on_white() -> None:
    image = opened(render_page(a_picture("PNG", (200, 200), "RGBA"), "image/png", 1, 200))
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_office_documents_are_not_shown() -> None:
    assert not can_be_shown("text/csv")
    with pytest.raises(PreviewFailed, match="Download it"):
        render_page(b"x", "text/csv", 1, 480)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7 rubbish", PDF),
        (b"", PDF),
        (a_pdf()[:400], PDF),
        (os.urandom(4096), "image/png"),
        (a_png_that_claims(60_000, 60_000), "image/png"),
        (a_png_that_claims(7_000, 7_000)[:100], "image/png"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(content: bytes, media_type: str) -> None:
    with pytest.raises(PreviewFailed, match="Download it"):
        render_page(content, media_type, 1, 480)


def test_a_page_of_absurd_size_is_bounded() -> None:
    tall = a_pdf(1).replace(b"/MediaBox [0 0 595.28 841.89]", b"/MediaBox [0 0 10.000 9000.00]")
    assert opened(render_page(tall, PDF, 1, 1600)).height <= 6001


def test_a_page_that_never_ends_drawing_is_ended() -> None:
    nested = b"".join(
        b"%d 0 obj <</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 60 /Resources "
        b"<</XObject <</A %d 0 R>>>>>> stream\n%s\nendstream endobj\n" % (n, n + 1, b"/A Do " * 10)
        for n in range(10, 22)
    )
    page = (
        b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Count 1 /Kids "
        b"[3 0 R]>> endobj\n3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 10 0 R "
        b"/Resources <</XObject <</A 11 0 R>>>>>> endobj\n" + nested + b"trailer <</Root 1 0 R>>\n%%EOF"
    )
    started = time.monotonic()
    with pytest.raises(PreviewFailed):
        render_page(page, PDF, 1, 480)
    assert time.monotonic() - started < _SECONDS + 100  # the rest is what a busy machine takes


def test_a_document_of_fifty_megabytes_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=40)
    document.cell(text="Lampiran")
    document.set_title("x" * (49 << 20))
    path.write_bytes(bytes(document.output()))
    assert opened(render_page(path, PDF, 1, 480)).width >= 480


class Shelf:
    """A document that counts how often it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.times = 0

    @contextmanager
    def open(self) -> Iterator[Path]:
        self.times += 1
        yield self.path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    path = tmp_path / "a.pdf"
    path.write_bytes(a_pdf(3))
    return Shelf(path)


def test_a_page_is_drawn_once_for_all_readers(shelf: Shelf, tmp_path: Path) -> None:
    first = Previews(tmp_path / "cache").page("ab/1", shelf.open, PDF, page=1, width=300)
    again = Previews(tmp_path / "cache").page("ab/1", shelf.open, PDF, page=1, width=300)
    assert first == again
    assert shelf.times == 1


def test_pictures_of_a_destroyed_document_are_removed(shelf: Shelf, tmp_path: Path) -> None:
    previews = Previews(tmp_path / "cache")
    for name in ("ab/1", "ab/2"):
        previews.page(name, shelf.open, PDF, page=1, width=300)
    previews.forget("ab/1")
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_the_oldest_pictures_make_room(shelf: Shelf, tmp_path: Path) -> None:
    picture = render_page(shelf.path, PDF, 1, 300)
    previews = Previews(tmp_path / "cache", limit=len(picture) * 2 + 10)
    for name in ("ab/1", "ab/2", "ab/3"):
        previews.page(name, shelf.open, PDF, page=1, width=300)
    assert len(list((tmp_path / "cache").iterdir())) == 2
    previews.page("ab/3", shelf.open, PDF, page=1, width=300)
    assert shelf.times == 3
    previews.page("ab/1", shelf.open, PDF, page=1, width=300)
    assert shelf.times == 4


def test_a_page_that_cannot_be_drawn_is_not_tried_again_at_once(shelf: Shelf, tmp_path: Path) -> None:
    shelf.path.write_bytes(b"%PDF-1.7 rubbish")
    kept = Previews(tmp_path / "cache")
    for _ in range(3):
        with pytest.raises(PreviewFailed, match="Download it"):
            kept.page("ab/1", shelf.open, PDF, page=1, width=300)
    assert shelf.times == 1


def test_only_so_many_wait_for_a_page(shelf: Shelf, tmp_path: Path) -> None:
    kept, drawing, go = Previews(tmp_path / "cache"), Barrier(6), Event()

    @contextmanager
    def slow() -> Iterator[Path]:
        drawing.wait(timeout=120)
        go.wait(timeout=120)
        yield shelf.path

    with ThreadPoolExecutor() as pool:
        first = [pool.submit(kept.page, f"ab/{n}", slow, PDF, page=1, width=300) for n in range(5)]
        drawing.wait(timeout=120)
        with pytest.raises(PreviewsBusy):
            kept.page("ab/9", shelf.open, PDF, page=1, width=300)
        go.set()
        assert all(one.result() for one in first)
    assert kept.page("ab/9", shelf.open, PDF, page=1, width=300)
