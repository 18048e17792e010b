"""The monitoring and evaluation form: what it says of cases whose figures are known, and what stays blank."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests import figured
from tests.webapp.audit.test_figures import said
from tests.webapp.visitors import Site

WEEK = "/audit/figures/evaluation?sop=izin&since=2026-11-23&until=2026-11-29"
FORMS = Path("forms/pemantauan-sop")


def test_each_step_has_a_proposal_and_its_figures_in_words(site: Site) -> None:
    figured.work(site.office)
    words = said(site.visitor("agus").get(WEEK).text)
    assert "Tabel 7 Monitoring Pelaksanaan SOP AP" in words
    # The fourth is the case of the site, which nobody has worked on.
    assert (
        "1 Mengajukan izin ✓ usulan: terlalu sedikit yang tepat waktu, sering dikembalikan "
        "2 dari 4 kali tepat waktu; median 1 jam kerja, waktu baku 2 jam; "
        "1 masih terbuka lewat batas waktunya; "
        f"1 kali dikembalikan: “{figured.NOTES}”" in words
    )
    assert "2 Memeriksa permohonan ✓ usulan 2 dari 2 kali tepat waktu" in words
    assert "kurang dari 80 % tepat waktu" in words
    assert "83 % langkah selesai tepat waktu" in words
    assert "1 kali dikembalikan; umumnya tidak ada langkah yang melewati waktu baku" in words


def labels(form: str) -> list[str]:
    """List what a form of the periodic review asks."""
    components = json.loads((FORMS / form).read_text(encoding="utf-8"))["components"]
    inner = [one for group in components for one in group.get("components", [])]
    return [one["label"] for one in [*components, *inner]]


def test_the_form_asks_in_the_words_of_the_periodic_review(site: Site) -> None:
    words = said(site.visitor("agus").get(WEEK).text)
    of_monitoring = labels("memantau.json")
    for label in ("Catatan hasil penilaian", "Tindakan yang harus diambil", "Paraf penilai", "Catatan umum"):
        assert label in of_monitoring
        assert label in words
    evaluated = labels("mengevaluasi.json")[2:9]
    assert [f"{number} {label}" in words for number, label in enumerate(evaluated, 1)] == [True] * 7


def test_a_period_without_work_leaves_the_form_blank(site: Site) -> None:
    words = said(site.visitor("agus").get(WEEK.replace("2026-11", "2025-11")).text)
    assert "1 Mengajukan izin tidak dikerjakan pada periode ini" in words
    assert "✓" not in words
    assert "dikerjakan tanpa perannya: 0" not in words


def test_what_reviewers_wrote_is_shown_as_text(site: Site) -> None:
    figured.work(site.office, notes="<b>Rincian</b> belum ada")
    assert "&lt;b&gt;Rincian&lt;/b&gt; belum ada" in site.visitor("agus").get(WEEK).text


def test_the_form_is_taken_away_as_a_workbook(site: Site) -> None:
    figured.work(site.office)
    book = load_workbook(io.BytesIO(site.visitor("agus").get(f"{WEEK}&format=xlsx").data), read_only=True)
    about, monitoring, questions, conclusion, rule = (
        list(one.iter_rows(values_only=True)) for one in book.worksheets
    )
    assert about[1:] == [
        ("SOP", "Izin Kegiatan"),
        ("Nomor SOP", about[2][1]),
        ("Revisi", "1"),
        ("Periode penilaian", "23 November 2026 – 29 November 2026"),
    ]
    assert conclusion[1] == (
        "Pelaksanaan SOP secara keseluruhan",
        "☐ Berjalan dengan baik   ☐ Tidak berjalan dengan baik",
    )
    assert any("5 dari 8 kali tepat waktu" in row[0] for row in rule)
    assert book.sheetnames[1] == "Tabel 7 Monitoring Pelaksanaan…"
    assert monitoring[0] == (
        "No",
        "Prosedur",
        "Berjalan dengan baik",
        "Tidak berjalan dengan baik",
        "Catatan hasil penilaian",
        "Tindakan yang harus diambil",
        "Paraf penilai",
    )
    assert monitoring[2][:3] == (2, "Memeriksa permohonan", "✓ usulan")
    assert not any(monitoring[2][5:])
    assert [row[0] for row in questions[1:]] == [1, 2, 3, 4, 5, 6, 7]


def test_figures_lead_to_the_form_of_the_same_period(site: Site) -> None:
    page = site.visitor("agus").get("/audit/figures?sop=izin&since=2026-11-23&until=2026-11-29").text
    assert "/audit/figures/evaluation?sop=izin&amp;since=2026-11-23&amp;until=2026-11-29" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("since=0001-01-01&until=0001-01-02", 200), ("since=x&unit=zz", 200), ("version=99", 404)],
)
def test_whatever_the_address_asks_the_form_answers(site: Site, query: str, status: int) -> None:
    assert site.visitor("agus").get(f"/audit/figures/evaluation?{query}").status_code == status
    assert site.visitor("joko").get(f"/audit/figures/evaluation?{query}").status_code == 404
