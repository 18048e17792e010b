"""The pages of the library: the SOP as its document, its forms, its notes, and the start of a case."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from lxml import etree

from engine.actions.deployment import deploy
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.submissions import submit
from engine.ids import new_id
from engine.model.task import TaskState
from tests.offices import with_two_starts
from tests.revising import draft, lengthen
from tests.webapp.visitors import Site
from webapp.library.markdown import render


def said(page: str) -> str:
    """Give the words of a page as they are read."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_list_says_the_state_and_the_running_cases(site: Site) -> None:
    words = said(site.visitor("budi").get("/library").text)
    assert "Izin Kegiatan Uji coba Revisi 1 1 berkas berjalan" in words


def test_an_sop_says_what_is_not_set_yet(site: Site) -> None:
    words = said(site.visitor("budi").get("/library/izin").text)
    assert "SOP ini belum berlaku. Nomor dan tanggalnya belum ditetapkan" in words
    assert "Nomor SOP belum ditetapkan" in words
    assert "Unsur prosedur" in words


def test_the_button_to_start_is_for_the_first_steps_role(site: Site) -> None:
    assert "/library/izin/cases/new" in site.visitor("joko").get("/library/izin").text
    assert "/library/izin/cases/new" not in site.visitor("rina").get("/library/izin").text


def test_the_diagram_is_handed_out_as_it_was_deployed(site: Site) -> None:
    answer = site.visitor("budi").get("/library/izin/diagram.bpmn")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="izin-1.bpmn"')
    assert "bpmn:definitions" in answer.text


@pytest.mark.parametrize("form", ["mengajukan", "memeriksa", "mengarsipkan"])
def test_a_preview_of_a_form_can_neither_be_filled_nor_sent(site: Site, form: str) -> None:
    page = site.visitor("budi").get(f"/library/izin/forms/{form}").text
    assert '<fieldset class="stack" disabled>' in page
    assert 'method="post"' not in page.partition('class="form-preview"')[2]
    assert site.visitor("budi").get("/library/izin/forms/lain").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.org/x.png)",
        '<a href="https://example.org" onclick="x()">x</a>',
        "| a |\n| --- |\n| <svg/onload=alert(1)> |",
    ],
)
def test_notes_are_words_whatever_is_written_into_them(text: str) -> None:
    html = str(render(text, "Tabel"))
    assert re.findall(r"<(?:script|img|svg)|<[^>]*\s(?:on\w+=|href=\"(?!https:))", html) == []


def test_headings_of_notes_stand_below_the_pages_own() -> None:
    assert "<h1" not in render("# Satu\n\n## Dua", "Tabel")


def test_sections_of_notes_after_the_first_are_folded_below_their_headings() -> None:
    html = str(
        render(
            "# Judul\n\nIntro\n\n## Ringkasan\n\nSingkat\n\n## Rinci\n\nPanjang\n\n### Lagi\n\n## Akhir", "T"
        )
    )
    unfolded, *folded = html.split("<details>")
    assert "Intro" in unfolded
    assert "Singkat" in unfolded
    assert [one.startswith("<summary><h3>") for one in folded] == [True, True]
    assert "Panjang" in folded[0]
    assert "Lagi" in folded[0]
    assert str(render("Hanya ini", "T")).strip() == "<p>Hanya ini</p>"
    assert "<details>" not in str(render("## Satu\n\nsaja", "T"))


def test_notes_say_of_which_revision_they_are_until_somebody_changes_them(site: Site) -> None:
    putu = site.office.people["putu"]

    def another(base: int, notes: str, time: str) -> str:
        one = draft(site.office, number=base)
        save_draft(site.engine, putu, one, DraftChange(revision=1, notes=notes))
        lengthen(site.office, one, revision=2, to=time)
        number = submit(site.engine, putu, one, 3, None)[1]
        return said(site.visitor("budi").get(f"/library/izin/versions/{number}/notes").text)

    assert "Catatan ini tentang" not in another(1, "Dibaca begini.", "PT3H")
    page = another(2, "Dibaca begini.", "PT4H")
    assert "Catatan ini tentang Revisi 2" in page
    assert "isi SOP sekarang, Revisi 3, dapat berbeda" in page
    assert "Catatan ini tentang" not in another(3, "Dibaca lagi.", "PT5H")


@pytest.mark.parametrize("inside", ["> ## Dikutip\n> isi", "- ## Dikutip\n\n  isi", "1. satu\n2. ## Dikutip"])
def test_a_heading_inside_a_list_or_a_quotation_folds_nothing(inside: str) -> None:
    html = str(render(f"## Satu\n\nsatu\n\n## Dua\n\n{inside}\n\nsesudahnya\n\n## Tiga\n\ntiga", "T"))
    assert html.count("<details>") == 2
    assert "<h3>Dikutip</h3>" in html
    root = etree.fromstring(f"<div>{html}</div>")  # everything is closed where it was opened
    second, third = root.findall("details")
    assert [one.findtext("summary/h3") for one in (second, third)] == ["Dua", "Tiga"]
    assert "sesudahnya" in "".join(second.itertext())


def test_where_a_case_begins_is_asked_where_there_is_a_choice(site: Site) -> None:
    visitor = site.visitor("joko")
    assert 'name="start"' not in visitor.get("/library/izin/cases/new").text
    deploy(site.office.engine, operator(site.office.id), with_two_starts())
    assert starts_of(visitor.get("/library/izin/cases/new").text) == ["mulai"]
    visitor = site.visitor("rina")
    assert starts_of(visitor.get("/library/izin/cases/new").text) == ["langsung"]
    fields = {"year": "2031", "title": "", "attempt": new_id().hex}
    refused = visitor.post("/library/izin/cases/new", start="lain", **fields)
    assert refused.status_code == 422
    assert "Pilih di mana berkas dimulai" in said(refused.text)
    assert visitor.post("/library/izin/cases/new", start="mulai", **fields).status_code == 403
    assert visitor.post("/library/izin/cases/new", start="langsung", **fields).status_code == 303


def starts_of(page: str) -> list[str]:
    """Give the starts that a form lets choose."""
    return re.findall(r'<option value="(\w+)"', page)


def test_starting_a_case_leads_to_its_first_task(site: Site) -> None:
    attempt = new_id().hex
    visitor = site.visitor("joko")
    fields = {"year": "2028", "title": "", "attempt": attempt}
    done = visitor.post("/library/izin/cases/new", **fields)
    task = done.headers["Location"].removeprefix("/tasks/")
    assert done.status_code == 303
    again = visitor.post("/library/izin/cases/new", **fields)
    assert again.headers["Location"] == done.headers["Location"]
    opened = [one for one in site.office.tasks(UUID(hex=attempt)) if one.state is TaskState.OPEN]
    assert [one.id.hex for one in opened] == [task]
    assert "Izin Kegiatan 2028" in visitor.get(f"/cases/{attempt}").text


def test_another_case_for_the_same_year_is_warned_of(site: Site) -> None:
    visitor = site.visitor("joko")
    shown = visitor.get("/library/izin/cases/new").text
    assert 'value="2027"' in shown
    assert "Berkas untuk 2027 sudah berjalan" in shown
    assert "001/IZ/2026" in shown
    fields = {"year": "2027", "title": "Kedua", "attempt": new_id().hex}
    refused = visitor.post("/library/izin/cases/new", **fields)
    assert refused.status_code == 422
    assert 'value="Kedua"' in refused.text
    assert 'href="#knowingly"' in refused.text
    assert 'name="knowingly" value="2027"' in shown
    other = visitor.post("/library/izin/cases/new", knowingly="2026", **fields)
    assert other.status_code == 422  # the warning was about another year
    done = visitor.post("/library/izin/cases/new", knowingly="2027", **fields)
    assert done.status_code == 303


@pytest.mark.parametrize("year", ["", "abcd", "99999", "-1", "1999"])
def test_a_year_that_is_none_is_refused_with_what_would_be_right(site: Site, year: str) -> None:
    answer = site.visitor("joko").post("/library/izin/cases/new", year=year, attempt=new_id().hex)
    assert answer.status_code == 422
    assert 'href="#year"' in answer.text
    assert "Tulis tahun antara 2000 dan 2100." in answer.text
    assert 'aria-invalid="true"' in answer.text
