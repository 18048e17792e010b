"""Documents made from a form: what is printed, and that it comes out right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from engine.form_documents import FormDocument, Section, Table, form_pdf, sections_of
from engine.forms.display import Column, Shown

ROW = ("Persentase SD terakreditasi", "Jumlah SD ÷ jumlah SD × 100", "92,50")


def a_document(*sections: Section) -> FormDocument:
    return FormDocument(
        title="Draft indikator kinerja",
        office=("PEMERINTAH KABUPATEN BLITAR", "DINAS PENDIDIKAN"),
        case_number="012/IK/2026",
        case_title="Penyusunan Dokumen Indikator Kinerja 2027",
        version=2,
        author="Kasubbag Penyusunan Program",
        at=datetime(2026, 11, 24, 9, 28, tzinfo=UTC),
        sections=sections,
    )


def a_table(rows: int, columns: int = 3) -> Section:
    names = tuple(f"Kolom {n}" for n in range(columns))
    row = (ROW * columns)[:columns]
    table = Table(columns=names, rows=(row,) * rows, numbers=frozenset({2}))
    return Section(title="Tabel indikator kinerja", table=table)


def pages(document: FormDocument) -> list[str]:
    with pypdfium2.PdfDocument(form_pdf(document)) as pdf:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pdf]


def test_office_title_number_and_version_are_printed() -> None:
    [text] = pages(a_document(Section(pairs=(("Tahun", "2027"),))))
    for words in (
        "PEMERINTAH KABUPATEN BLITAR\nDINAS PENDIDIKAN",
        "DRAFT INDIKATOR KINERJA",
        "012/IK/2026 · Penyusunan Dokumen Indikator Kinerja 2027",
        "Tahun",
        "2027",
        "Versi 2 · Kasubbag Penyusunan Program · 24-11-2026 pukul 09.28",
        "Halaman 1 dari 1",
    ):
        assert words in text


@pytest.mark.parametrize("text", ["7–12 tahun ÷ 100 × “a”", "Žarko Đặng Łukasz", "Ωμέγα Ђорђе", "Rp1.000 €"])
def test_letters_of_any_name_come_out_right(text: str) -> None:
    [page] = pages(a_document(Section(pairs=(("Nama", text),))))
    assert text in page


def test_the_same_values_give_the_same_bytes() -> None:
    document = a_document(a_table(20))
    assert form_pdf(document) == form_pdf(document)


def test_a_table_goes_on_over_pages_under_its_head() -> None:
    texts = pages(a_document(a_table(60)))
    assert len(texts) > 1
    assert all("Kolom 0" in text for text in texts)
    assert "\n60\n" in texts[-1] or "60 Persentase" in texts[-1]


def test_a_wide_table_turns_the_page() -> None:
    def is_landscape(document: FormDocument) -> bool:
        with pypdfium2.PdfDocument(form_pdf(document)) as pdf:
            width, height = pdf[0].get_size()
            return bool(width > height)

    assert not is_landscape(a_document(a_table(1, columns=4)))
    assert is_landscape(a_document(a_table(1, columns=7)))


@pytest.mark.parametrize("length", [100, 5_000, 100_000])
def test_a_long_text_goes_on_over_pages(length: int) -> None:
    words = ("kata " * length)[:length]
    texts = pages(a_document(Section(pairs=(("Catatan", words),))))
    assert sum(text.count("kata") for text in texts) >= min(length, 40_000) // 5 - 1


def test_a_cell_that_no_page_holds_is_split() -> None:
    table = Table(columns=("Uraian", "Nilai"), rows=(("kata " * 2000, "x" * 3000),))
    texts = pages(a_document(Section(table=table)))
    assert len(texts) > 1
    assert sum(text.count("kata") for text in texts) == 2000


def test_many_columns_and_ragged_rows_are_drawn() -> None:
    table = Table(columns=tuple("abcdefghijklmnopqrst"), rows=(("1",), ("1",) * 40, ()))
    assert pages(a_document(Section(table=table)))


def test_control_characters_are_left_out() -> None:
    [text] = pages(a_document(Section(pairs=(("Na\x00ma", "a\x07b\u202ec"),))))
    assert "abc" in text


def test_a_draft_says_so() -> None:
    [text] = pages(replace(a_document(), draft=True))
    assert "· Draf ·" in text


def test_fields_become_sections_in_their_order_and_empty_ones_are_left_out() -> None:
    columns = (
        Column(key="a", label="Indikator", is_number=False),
        Column(key="b", label="Target", is_number=True),
    )
    shown = (
        Shown(key="tahun", label="Tahun", text="2027"),
        Shown(key="kosong", label="Kosong"),
        Shown(key="tabel", label="Tabel", columns=columns, rows=(("APS", "99,60"),)),
        Shown(key="tanpa", label="Tanpa baris", columns=columns),
        Shown(key="catatan", label="Catatan", text="Ada"),
    )
    table = Table(columns=("Indikator", "Target"), rows=(("APS", "99,60"),), numbers=frozenset({1}))
    assert sections_of(shown) == (
        Section(pairs=(("Tahun", "2027"),)),
        Section(title="Tabel", table=table),
        Section(pairs=(("Catatan", "Ada"),)),
    )
