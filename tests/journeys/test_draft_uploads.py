"""A file of another SOP, brought to a draft by mistake: asked about first, and taken back after."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.revised import SOP as SOP_PAGE
from tests.journeys.story import SOP, sign_in
from tests.journeys.visitor import Visitor
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
OTHER = "/library/revisi-sop/versions/1/package.zip"


def test_another_sop_is_asked_about_and_taken_back(served: Server, windows: Callable[[], Window]) -> None:
    owner = windows()
    begin_draft(owner)
    package = package_of_another(served)
    owner.follow("Unggah, unduh")
    bring(owner, package)
    owner.follow("Biarkan draf seperti sekarang")
    assert owner.stands_at("Draf dari dokumen")
    expect(owner.page.locator("body")).not_to_contain_text("Isi sebelumnya")
    bring(owner, package)
    replaced_and_taken_back(owner)


def test_the_same_without_scripts(served: Server) -> None:
    owner = Visitor(served.address)
    begin_draft(owner)
    owner.open(f"{owner.address}/upload")
    bring(owner, package_of_another(served))
    replaced_and_taken_back(owner)


def begin_draft(owner: Person) -> None:
    sign_in(owner, OWNER)
    owner.open(f"{SOP_PAGE}/draft?all")
    owner.press("Mulai revisi")


def package_of_another(served: Server) -> bytes:
    """Take the package of another SOP of the library away."""
    somebody = Visitor(served.address)
    sign_in(somebody, OWNER)
    somebody.open(OTHER)
    return somebody.body


def bring(owner: Person, package: bytes) -> None:
    owner.attach("Diagram atau paket", "revisi.zip", package)
    owner.press("Unggah dokumen ini")
    assert owner.stands_at("Dokumen ini berisi SOP lain")
    assert owner.sees("Dokumen “revisi.zip”")
    assert owner.sees("Belum ada yang diubah.")


def replaced_and_taken_back(owner: Person) -> None:
    owner.press("Ganti dengan SOP lain itu")
    assert owner.stands_at("Draf dari dokumen")
    assert owner.sees("Draf ini sekarang berisi SOP lain daripada sebelumnya")
    assert owner.sees(f"{SOP}, 13 langkah")
    owner.press("Kembalikan isi ini")
    assert owner.sees("Draf kembali seperti sebelumnya.")
    assert owner.sees("Tidak ada yang hilang dari isi sebelumnya.")
