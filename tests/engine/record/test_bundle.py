"""The bundle of a case: what is in it, who may take it, and that it can be checked without Alur."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import Update, update

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import Conflict, Forbidden
from engine.form_documents import Section, Table
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.record.bundle import CHECKS, EVENT_CHECK, make
from engine.record.bundle.report import as_html, as_pdf
from engine.record.bundle.telling import Report
from engine.record.checkpoints import keep_due
from engine.record.sealing import seal
from engine.record.signing import open_signer, public_file, replace_key
from engine.storage.tables import blob, event
from tests.engine.record.bundles import VERIFY, bundled, erased_bundles, verified, worked_case
from tests.engine.record.scenes import origin_of
from tests.offices import Office


def test_a_bundle_is_intact(sealed_office: Office, tmp_path: Path) -> None:
    seal(sealed_office.engine)
    keep_due(sealed_office.engine)
    path = bundled(sealed_office, worked_case(sealed_office), tmp_path / "bukti.zip")
    code, said = verified(path)
    assert code == 0, said
    assert said.startswith("UTUH: berkas 001/IZ/2026, Izin Kegiatan 2027.")
    assert "13 kejadian, urut tanpa celah" in said
    assert "1 titik periksa sebelumnya cocok. 1 dokumen dan SOP revisi 1, 2 sesuai catatan." in said
    assert "BANDINGKAN" in said
    assert "pada 2026-11-23 09:00:00 WIB (2026-11-23T02:00:00Z) berisi" in said
    assert re.search(r"kunci: ([0-9a-f]{4} ){15}[0-9a-f]{4}\n", said)


def test_what_is_no_bundle_is_called_so(sealed_office: Office, tmp_path: Path) -> None:
    path = bundled(sealed_office, sealed_office.start().instance, tmp_path / "bukti.zip")
    letter, another, anew = tmp_path / "surat.pdf", tmp_path / "lain.zip", tmp_path / "ulang.zip"
    letter.write_bytes(b"%PDF-1.4 Ini surat.")
    with zipfile.ZipFile(another, "w") as archive:
        archive.writestr("surat.txt", "Ini surat.")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
    for file in (letter, another, anew):
        assert verified(file) == (1, "TIDAK UTUH. Ini bukan paket bukti, atau dikemas ulang.\n")
    for place in (tmp_path, tmp_path / "tidak-ada.zip"):
        assert verified(place) == (1, f"TIDAK DAPAT DIPERIKSA. Tidak terbaca: {place}\n")


def test_it_is_told_in_english_too(sealed_office: Office, tmp_path: Path) -> None:
    path = bundled(sealed_office, sealed_office.start().instance, tmp_path / "bukti.zip")
    code, said = verified(path, "--language", "en")
    assert code == 0, said
    assert said.startswith("INTACT: case 001/IZ/2026")
    assert "COMPARE" in said


def test_the_key_that_is_asked_for_must_have_signed(sealed_office: Office, tmp_path: Path) -> None:
    path = bundled(sealed_office, sealed_office.start().instance, tmp_path / "bukti.zip")
    assert sealed_office.engine.sealing
    published = public_file(sealed_office.engine.sealing.key)
    signer = open_signer(sealed_office.engine.sealing.key, published.read_text().split("+")[0])
    for key in (str(published), signer.public.fingerprint, signer.public.fingerprint.replace(" ", "")):
        code, said = verified(path, "--key", key)
        assert (code, "BANDINGKAN" in said) == (0, False), said
    other = tmp_path / "other"
    other.mkdir()
    open_signer(other / "seal.key", None)
    for key in (
        str(other / "seal.pub"),
        "a" * 64,
        signer.public.fingerprint[:-1],
        str(tmp_path / "none.pub"),
    ):
        code, said = verified(path, "--key", key)
        assert (code, "kunci lain" in said) == (1, True), said


def test_what_is_in_it(sealed_office: Office, tmp_path: Path) -> None:
    case = worked_case(sealed_office)
    path = bundled(sealed_office, case, tmp_path / "bukti.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        page, events = archive.read("report.html").decode(), archive.read("events.jsonl")
        paper = archive.read("rendered/2-Permohonan v2.pdf")
    assert {
        "README.txt",
        "report.pdf",
        "checkpoint.txt",
        "key.pub",
        "verify.py",
        "versions/2/process.bpmn",
    } <= {*names}
    assert [name for name in names if name.startswith("documents/")] == ["documents/3-Arsip izin.pdf"]
    assert [json.loads(line)["seq"] for line in events.splitlines()] == [*range(1, 14)]
    assert paper.startswith(b"%PDF")
    for told in (
        "Laporan berkas 001/IZ/2026",
        "Kasubbag Penyusunan Program (Rina)",
        "Biaya terlalu besar",
        "1 menjadi 2",
        "Tanpa reviu",
    ):
        assert told in page
    assert "Draf" not in page
    assert "<td>Biaya</td><td>1500</td><td>900</td>" in page


def test_taking_it_is_on_record_and_changes_nothing_of_the_case(sealed_office: Office) -> None:
    case = sealed_office.start().instance
    before = sealed_office.kinds(case)
    made = make(sealed_office.engine, sealed_office.people["agus"], case)
    with made.file:
        digest = hashlib.sha256(made.file.read()).hexdigest()
    assert sealed_office.kinds(case) == before
    last = sealed_office.events(sealed_office.id)[-1]
    assert (last.kind.value, last.actor) == ("evidence.taken", sealed_office.people["agus"].person)
    said = json.loads(last.payload or "")
    assert (said["case"], said["number"], said["events"]) == (case.hex, "001/IZ/2026", len(before))
    assert said["sha256"] == digest == made.sha256


def test_only_who_reads_the_record_takes_it(sealed_office: Office) -> None:
    case = sealed_office.start().instance
    for name in ("joko", "dewi"):
        with pytest.raises(Forbidden):
            make(sealed_office.engine, sealed_office.people[name], case)
    with make(sealed_office.engine, sealed_office.people["putu"], case).file as file:
        assert file.read(4) == b"PK\3\4"


def test_a_server_without_a_key_makes_none(office: Office) -> None:
    with pytest.raises(Conflict, match="no key to sign with"):
        make(office.engine, office.people["agus"], office.start().instance)


def test_what_was_erased_keeps_its_proof(sealed_office: Office, tmp_path: Path) -> None:
    case = worked_case(sealed_office)
    asked = Erasure(
        events=frozenset({1, 3}),
        documents=frozenset({3}),
        letter="12/UPTD/2026",
        reason="Permintaan pemilik data",
        attempt=new_id(),
    )
    erase(sealed_office.engine, sealed_office.people["dewi"], case, asked)
    code, said = verified(bundled(sealed_office, case, tmp_path / "bukti.zip"))
    assert code == 0, said
    assert "SOP revisi 1, 2 sesuai catatan" in said
    assert "isi 2 kejadian (digest-nya tetap terbukti) dan 1 dokumen." in said
    assert "telah dihapus menurut ketentuan hukum" in report_of(tmp_path / "bukti.zip")


def test_a_document_put_in_after_an_erasure_is_found(empty_sqlite: Path, tmp_path: Path) -> None:
    sound, forged = erased_bundles(empty_sqlite, tmp_path)
    path = tmp_path / "bukti.zip"
    path.write_bytes(sound)
    assert verified(path)[0] == 0
    path.write_bytes(forged)
    assert verified(path) == (1, "TIDAK UTUH. Dokumen 9 bukan yang dicatat.\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (update(event).where(event.c.seq == 3).values(payload=None, salt=None), "events [3]"),
        (update(blob).values(erased_at=datetime(2026, 11, 24, tzinfo=UTC)), "documents [3]"),
    ],
)
def test_what_is_gone_without_an_erasure_on_record_is_no_erasure(
    sealed_office: Office, tmp_path: Path, change: Update, said: str
) -> None:
    case = worked_case(sealed_office)
    with sealed_office.engine.store.transaction() as connection:  # no trigger keeps anybody from it
        connection.execute(change)
    path = bundled(sealed_office, case, tmp_path / "bukti.zip")
    assert verified(path) == (1, f"TIDAK UTUH. {said} kosong tanpa catatan penghapusan.\n")
    assert "telah dihapus menurut ketentuan hukum" not in report_of(path)


def report_of(path: Path) -> str:
    """Give the report of a bundle as a page."""
    with zipfile.ZipFile(path) as archive:
        return archive.read("report.html").decode()


def test_a_report_of_very_many_events_says_where_the_others_stand() -> None:
    event = Section(title="1. Komentar", pairs=(("Pada", "Senin"), ("Oleh", "Joko")))
    report = Report(
        title="Laporan berkas",
        office="Dinas Contoh",
        number="001/IZ/2026",
        at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        head=(Section(title="Dokumen", table=Table(columns=("Dokumen",), rows=(("Permohonan",),) * 310)),),
        events=(event,) * 600,
        proof=Section(title="Bukti"),
    )
    pages = PdfDocument(as_pdf(report))
    last = pages[len(pages) - 1].get_textpage().get_text_bounded()
    assert "100 lagi, semuanya di report.html." in last
    assert any("10 lagi, semuanya" in page.get_textpage().get_text_bounded() for page in pages)
    assert b"".join(as_html(report)).count(b"<td>Permohonan") == 310
    assert b"".join(as_html(report)).count(b"<h3>") == 600


@pytest.mark.parametrize("name", [*CHECKS, EVENT_CHECK])
def test_the_check_is_published_with_its_digest(name: str) -> None:
    published = (VERIFY.parents[3] / "docs" / "record-format.md").read_text("utf-8")
    digest = hashlib.sha256(VERIFY.with_name(name).read_bytes()).hexdigest()
    assert f"| `{name}` | `{digest}` |" in published


def test_a_bundle_is_signed_by_one_key_after_another_took_its_place(
    sealed_office: Office, sealing: Sealing, tmp_path: Path
) -> None:
    case = sealed_office.start().instance
    seal(sealed_office.engine)
    keep_due(sealed_office.engine)
    new = replace_key(sealing.key, origin_of(sealed_office.engine.store))
    path = bundled(sealed_office, case, tmp_path / "bukti.zip")
    code, said = verified(path, "--key", new.public.fingerprint)
    assert code == 0, said
    assert "UTUH" in said
