"""Files that must not be kept: each gets its error, what was typed stays, and no byte of it is stored."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.demo_paper import paper
from tests.journeys.story import STAF, sign_in
from tests.journeys.visitor import Visitor
from tests.live import Server

pytestmark = pytest.mark.xdist_group("hostile uploads")
MEGABYTE = 1 << 20
FIELD, SLOT = "Bukti tanda terima", "Nama penerima"


def bomb() -> bytes:
    """Make a Word document whose text unpacks to 300 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * MEGABYTE)
    return packed.getvalue()


def climbing() -> bytes:
    """Make an archive with a part that leaves it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("../../../../etc/cron.d/alur", "* * * * * root true")
    return packed.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a Windows program": ("surat.pdf", lambda: b"MZ\x90\x00" + bytes(4096)),
    "a Linux program": ("foto.png", lambda: b"\x7fELF" + bytes(4096)),
    "a page that runs": ("surat.html", lambda: b"<script>alert(1)</script>"),
    "a picture that runs": ("cap.svg", lambda: b"<svg onload='alert(1)'/>"),
    "a zip bomb": ("laporan.docx", bomb),
    "an archive that climbs": ("laporan.docx", climbing),
    "a document with an action": (
        "surat.pdf",
        lambda: paper("Surat").replace(
            b"/Type /Catalog", b"/Type /Catalog /OpenAction 1 0 R /JavaScript (x)"
        ),
    ),
}


@pytest.fixture
def visitor(served: Server) -> Visitor:
    """Open Staf's last task, which asks for a file; what an earlier test chose there is taken out."""
    visitor = Visitor(served.address)
    sign_in(visitor, STAF)
    visitor.follow("Mengantar dan mengarsipkan")
    while visitor.items("//ul[@class='staged']/li"):
        visitor.press("Hapus")
    return visitor


def kept(served: Server) -> set[Path]:
    """Name every object of the store."""
    return {path for path in (served.folder / "blobs").rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_gets_its_error_and_is_not_kept(served: Server, visitor: Visitor, kind: str) -> None:
    filename, content = HOSTILE[kind]
    before = kept(served)
    visitor.fill(SLOT, f"Nur Aini {kind}")
    visitor.attach(FIELD, filename, content())
    visitor.press("Simpan draf")
    assert visitor.status == 422
    assert filename in " ".join(visitor.items("//*[@id='problems']"))
    assert visitor.page.xpath("//*[@id='bukti' and @aria-invalid='true']")
    assert visitor.value(SLOT) == f"Nur Aini {kind}"
    assert visitor.items("//ul[@class='staged']/li") == []
    assert kept(served) == before


def test_51_megabytes_are_too_many(served: Server, visitor: Visitor) -> None:
    before = kept(served)
    visitor.attach(FIELD, "besar.pdf", paper("Besar") + bytes(51 * MEGABYTE))
    visitor.press("Simpan draf")
    assert visitor.status in (413, 422)
    assert "50 MB" in visitor.text
    assert kept(served) == before


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Windows\\System32\\surat.exe.pdf", "surat_exe.pdf"),
        ("surat\u202efdp.exe.pdf", "suratfdp_exe.pdf"),
    ],
)
def test_a_path_is_no_name(served: Server, visitor: Visitor, sent: str, shown: str) -> None:
    """What is kept lies under a random name in the store, whatever the file was called."""
    before = kept(served)
    visitor.attach(FIELD, sent, paper("Surat"))
    visitor.press("Simpan draf")
    [staged] = visitor.items("//ul[@class='staged']/li")
    assert shown.partition(".")[0] in staged
    assert "/" not in staged
    assert "\\" not in staged
    [new] = kept(served) - before
    assert len(new.name) == 32
    assert set(new.name) <= set("0123456789abcdef")
    visitor.press("Hapus")
    assert visitor.items("//ul[@class='staged']/li") == []


def test_a_document_comes_back_as_a_download_that_runs_nothing(visitor: Visitor) -> None:
    visitor.attach(FIELD, "surat.pdf", paper("Surat"))
    visitor.press("Simpan draf")
    [address] = visitor.addresses("/staged/")
    visitor.open(address)
    assert visitor.headers["content-disposition"].startswith("attachment")
    assert visitor.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in visitor.headers["content-security-policy"]
