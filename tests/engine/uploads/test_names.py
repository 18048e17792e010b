"""File names: what remains of what people, and those who mean harm, send."""

from __future__ import annotations

import pytest

from engine.uploads.names import MAX_BYTES, MAX_CHARACTERS, clean_filename, extension_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Surat No. 12 (final).pdf", "Surat No. 12 (final).pdf"),
        ("C:\\Users\\kasub\\Hasil analisis.xlsx", "Hasil analisis.xlsx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("laporan\u202efdp.pdf", "laporanfdp.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("a\u00a0 b.pdf", "a b.pdf"),
        ("tanda\u200btangan.pdf", "tandatangan.pdf"),
        ('a<b>"c":d|e?f*.pdf', "a-b--c--d-e-f-.pdf"),
        ("tagihan.exe.pdf", "tagihan_exe.pdf"),
        ("a.php.svg.pdf", "a_php_svg.pdf"),
        ("v1.2.docx", "v1.2.docx"),
        ("CON.pdf", "_CON.pdf"),
        (".pdf", "dokumen.pdf"),
        ("   .pdf", "dokumen.pdf"),
        ("tanpa akhiran", "tanpa akhiran"),
        ("", "dokumen"),
    ],
)
def test_a_name_is_cleaned(sent: str, kept: str) -> None:
    assert clean_filename(sent) == kept


@pytest.mark.parametrize("letter", ["a", "é", "指", "😀"])
def test_a_long_name_is_cut_and_keeps_its_ending(letter: str) -> None:
    name = clean_filename(letter * 5000 + ".xlsx")
    assert name.endswith(f"{letter}.xlsx")
    assert len(name) <= MAX_CHARACTERS
    assert len(name.encode()) <= MAX_BYTES


def test_cleaning_twice_changes_nothing() -> None:
    for name in ("a.exe.pdf", "CON.txt", "x" * 500 + ".pdf", "a / b.pdf"):
        once = clean_filename(name)
        assert clean_filename(once) == once


def test_the_ending_is_in_small_letters() -> None:
    assert extension_of("A.PDF") == "pdf"
    assert extension_of("A") == ""
