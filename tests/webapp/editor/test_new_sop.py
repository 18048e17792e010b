"""The pages of a new SOP: begun without scripts, found again in the library by its owner."""

from __future__ import annotations

import re

from engine.model.sop_key import RESERVED
from tests.webapp.visitors import Site


def test_a_new_sop_leads_to_its_draft_and_stands_in_the_owners_library(site: Site) -> None:
    putu = site.visitor("putu")
    assert "/library/new" in putu.get("/library").text
    assert 'value="staf" checked' in putu.get("/library/new").text
    answer = putu.post("/library/new", name="Cuti <b>Tahunan</b>", roles="staf")
    address = answer.headers["Location"]
    assert re.fullmatch(r"/library/cuti-b-tahunan-b/drafts/[0-9a-f]{32}", address)
    assert putu.get(address).status_code == 200
    page = putu.get("/library").text
    assert f'href="{address}">Draf: Cuti &lt;b&gt;Tahunan&lt;/b&gt;</a>' in page
    assert "SOP baru" in page
    assert address not in site.visitor("budi").get("/library").text


def test_what_was_typed_wrongly_is_still_there_with_its_sentence(site: Site) -> None:
    answer = site.visitor("putu").post(
        "/library/new", name="Izin Kegiatan", key="izin", **{"from": "copy", "source": "izin"}
    )
    assert answer.status_code == 422
    assert "Sudah ada SOP dengan kunci ini" in answer.text
    assert 'value="Izin Kegiatan"' in answer.text


def test_a_discarded_new_sop_leads_back_to_the_library(site: Site) -> None:
    putu = site.visitor("putu")
    address = putu.post("/library/new", name="Cuti", roles="staf").headers["Location"]
    assert putu.post(f"{address}/discard", revision="1").headers["Location"] == "/library"
    assert putu.get(address).status_code == 200


def test_the_draft_of_a_new_sop_is_found_by_its_key(site: Site) -> None:
    putu = site.visitor("putu")
    address = putu.post("/library/new", name="Cuti", roles="staf").headers["Location"]
    for asked in ("/library/cuti/draft", "/library/cuti/draft?all"):
        assert putu.get(asked).headers["Location"] == address
    assert putu.get("/library/tak-ada/draft").status_code == 404


def test_no_sop_can_hide_a_page_of_the_library(site: Site) -> None:
    beside = {
        rule.rule.split("/")[2]
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/library/") and "<" not in rule.rule.split("/")[2]
    }
    assert beside == RESERVED


def test_what_comes_next_is_said_before_and_after(site: Site) -> None:
    putu = site.visitor("putu")
    assert "Sesudah ini: di draf Anda menggambar langkah-langkahnya" in putu.get("/library/new").text
    begun = putu.post("/library/new", name="Izin Belajar", **{"from": "copy", "source": "izin"})
    assert begun.status_code == 303
    assert "Ini draf SOP baru Anda" in putu.get(begun.headers["Location"]).text
    again = putu.post("/library/new", name="Izin Kegiatan", key="lagi", **{"from": "copy", "source": "izin"})
    assert (again.status_code, "Beri SOP baru ini nama lain" in again.text) == (422, True)


def test_a_file_can_be_asked_for_from_elsewhere(site: Site) -> None:
    page = site.visitor("putu").get("/library/new?from=file").text
    assert 'value="file" checked' in page
