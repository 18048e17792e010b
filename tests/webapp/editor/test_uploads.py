"""Files of drafts on the pages: uploaded without scripts, what is gone is shown and taken over."""

from __future__ import annotations

import io
import re
import zipfile

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.engine.bpmn.test_losses import IZIN, stripped
from tests.revising import draft
from tests.webapp.visitors import Site, Visitor


def sent(visitor: Visitor, address: str, content: bytes, file: str, **fields: str) -> tuple[int, str]:
    data = {"csrf_token": visitor.token(), **fields, "file": FileStorage(io.BytesIO(content), file)}
    boundary, body = encode_multipart(data)  # in memory, however large
    answer = visitor.client.post(
        address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"'
    )
    return answer.status_code, answer.text


def test_what_an_upload_lost_is_shown_and_taken_over(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    assert sent(putu, f"{address}/upload", stripped(IZIN), "dari <b>lain.bpmn", revision="1")[0] == 303
    page = putu.get(f"{address}/upload").text
    assert "Sebelum “dari &lt;b&gt;lain.bpmn” diunggah" in page
    assert "Waktu baku: 2 jam kerja" in page
    elements = re.findall(r'name="element" id="lost-\d+" value="([^"]+)"', page)
    assert "mengajukan" in elements
    data = {"csrf_token": putu.token(), "revision": "2", "element": elements}
    assert putu.client.post(f"{address}/upload/take-over", data=data).status_code == 303
    page = putu.get(f"{address}/upload").text
    assert "Tidak ada yang hilang" in page
    assert putu.post(f"{address}/content", revision="3", kept="1").status_code == 303
    assert putu.post(f"{address}/content", revision="3", kept="1").status_code == 409


def test_a_file_that_cannot_be_read_is_told_and_changes_nothing(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    status, page = sent(putu, f"{address}/upload", b"<b>no</b>", "x.bpmn", revision="1")
    assert status == 422
    assert "draf tidak diubah" in page
    assert sent(putu, f"{address}/upload", b"", "", revision="1")[0] == 422
    assert sent(putu, f"{address}/upload", IZIN, "x.bpmn", revision="7")[0] == 409
    assert putu.get(f"{address}/package.zip").status_code == 200


def test_a_file_of_another_sop_is_asked_about_and_goes_along_with_the_question(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    other = IZIN.replace(b"Izin Kegiatan", b"Cuti &lt;b>Tahunan").replace(b'"izin"', b'"cuti"')
    status, page = sent(putu, f"{address}/upload", other, "cuti.bpmn", revision="1")
    assert (status, "Dokumen ini berisi SOP lain" in page) == (409, True)
    assert "Cuti &lt;b&gt;Tahunan" in page
    assert "Belum ada yang diubah" in page
    asked = dict(re.findall(r'name="(revision|asked|carried|carried-name)" value="([^"]*)"', page))
    assert putu.post(f"{address}/upload/another", **asked).status_code == 303
    page = putu.get(f"{address}/upload").text
    assert "Draf ini sekarang berisi SOP lain daripada sebelumnya: Cuti &lt;b&gt;Tahunan" in page
    assert "<strong>Izin Kegiatan</strong>, 3 langkah" in page
    assert 'name="element"' not in page  # it has lost nothing of Izin Kegiatan


def test_a_large_file_of_another_sop_is_chosen_once_more(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    other = IZIN.replace(b"Izin Kegiatan", b"Cuti") + b"<!--" + b"x" * 1_100_000 + b"-->"
    status, page = sent(putu, f"{address}/upload", other, "cuti.bpmn", revision="1")
    assert (status, "Pilih dokumennya sekali lagi" in page, len(page) < 100_000) == (409, True, True)
    asked = dict(re.findall(r'name="(revision|asked)" value="([^"]*)"', page))
    assert sent(putu, f"{address}/upload/another", b"", "", **asked)[0] == 422
    assert sent(putu, f"{address}/upload/another", other, "cuti.bpmn", **asked)[0] == 303


def test_another_file_than_the_one_asked_about_is_asked_about_too(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    large = b"<!--" + b"x" * 1_100_000 + b"-->"
    other, third = (IZIN.replace(b"Izin Kegiatan", name) + large for name in (b"Cuti", b"Lembur"))
    _status, page = sent(putu, f"{address}/upload", other, "cuti.bpmn", revision="1")
    asked = dict(re.findall(r'name="(revision|asked)" value="([^"]*)"', page))
    status, page = sent(putu, f"{address}/upload/another", third, "lembur.bpmn", **asked)
    assert (status, "<strong>Lembur</strong>" in page) == (409, True)
    assert sent(putu, f"{address}/upload/another", third, "lembur.bpmn", revision="1")[0] == 409
    asked = dict(re.findall(r'name="(revision|asked)" value="([^"]*)"', page))
    assert sent(putu, f"{address}/upload/another", third, "lembur.bpmn", **asked)[0] == 303


def test_what_came_along_with_the_question_is_looked_at_like_any_file(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}/upload/another"
    for carried in ("%%%", "PGI+bm88L2I+", "JVBERi0="):
        fields = {"revision": "1", "carried": carried, "carried-name": "x.bpmn"}
        assert putu.post(address, **fields).status_code == 422
    assert putu.post(address, revision="7", carried="PGI+bm88L2I+").status_code == 422


def test_a_file_of_another_kind_is_named_with_what_was_expected(site: Site) -> None:
    putu = site.visitor("putu")
    address = f"/library/izin/drafts/{draft(site.office).hex}/upload"
    status, page = sent(putu, address, b"%PDF-1.7", "SOP Cuti.pdf", revision="1")
    assert status == 422
    assert "“SOP Cuti.pdf” tidak diunggah; draf tidak diubah" in page
    assert "Ini dokumen PDF" in page
    assert "Yang dapat diunggah: diagram SOP (.bpmn" in page
    fields = {"name": "", "key": "dari-luar", "from": "file"}
    status, page = sent(putu, "/library/new", b"%PDF-1.7", "SOP Cuti.pdf", **fields)
    assert (status, "“SOP Cuti.pdf” tidak dapat dibaca" in page, "Ini dokumen PDF" in page) == (
        422,
        True,
        True,
    )


def test_a_package_of_a_draft_is_handed_out_whole(site: Site) -> None:
    putu = site.visitor("putu")
    answer = putu.get(f"/library/izin/drafts/{draft(site.office).hex}/package.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert {"process.bpmn", "forms/mengajukan.json"} <= set(names)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="izin-draf.zip"')


def test_a_new_sop_begins_with_a_file(site: Site) -> None:
    putu = site.visitor("putu")
    fields = {"name": "", "key": "dari-luar", "from": "file"}
    status, _page = sent(putu, "/library/new", stripped(IZIN), "x.bpmn", **fields)
    assert status == 303
    assert "Izin Kegiatan" in putu.get("/library").text
    status, page = sent(putu, "/library/new", b"<x/>", "x.bpmn", **fields | {"key": "lain"})
    assert (status, "“x.bpmn” tidak dapat dibaca" in page) == (422, True)
    assert sent(putu, "/library/new", b"", "", **fields | {"key": "lain"})[0] == 422


def test_what_an_owner_writes_into_a_file_is_text_on_every_page(site: Site) -> None:
    putu = site.visitor("putu")
    evil = '&lt;img src=x onerror="alert(1)"&gt;'.replace('"', "&quot;")
    content = IZIN.replace(b'name="Mengajukan izin"', f'name="{evil}"'.encode()).replace(
        b'<sop:output name="Permohonan"', f'<sop:output name="{evil}"'.encode()
    )
    address = f"/library/izin/drafts/{draft(site.office).hex}"
    assert sent(putu, f"{address}/upload", content, "<script>.bpmn", revision="1")[0] == 303
    assert sent(putu, f"{address}/upload", stripped(content), "x.bpmn", revision="2")[0] == 303
    for page in (address, f"{address}/upload"):
        text = putu.get(page).text
        assert "<img src=x" not in text
        assert "<script>.bpmn" not in text
