"""How the forms of the first SOP pass their contents on: entered once, refined later."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Invalid
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition, read_form
from engine.forms.prefill import beginning
from engine.forms.submission import clean
from tests.processes.conftest import ROOT

FORMS = ROOT / "forms" / "penyusunan-dokumen-indikator-kinerja"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
INDICATOR = {
    "sasaran_strategis": "Meningkatnya mutu layanan pendidikan dasar",
    "indikator_kinerja": "Persentase SD terakreditasi minimal B",
    "formulasi": "Jumlah SD terakreditasi minimal B ÷ jumlah SD terakreditasi × 100",
    "satuan": "%",
    "target": "92,50",
    "sumber_data": "BAN-PDM, Dapodik",
    "penanggung_jawab": "Bidang Pembinaan SD",
}


def form(key: str) -> FormDefinition:
    """Read a form of the SOP."""
    return read_form(key, (FORMS / f"{key}.json").read_text(encoding="utf-8"))


def context(variables: dict[str, Any] | None = None, *, round_: int = 1) -> FormContext:
    """Fill a form on a Tuesday, in a case about 2027."""
    return FormContext(
        now=NOW,
        is_workday=lambda day: day.weekday() < 5,
        variables=variables or {},
        case_year=2027,
        round=round_,
    )


def start(key: str, field: str, surroundings: FormContext) -> Any:  # noqa: ANN401 - by the field's type
    """Give what a field begins with."""
    return beginning(form(key).by_key[field], surroundings)


def wrong(key: str, raw: dict[str, list[str]]) -> set[str]:
    """Submit, and give the names of the fields that were refused."""
    with pytest.raises(Invalid) as refused:
        clean(form(key), raw, context())
    return {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.json")), ids=lambda path: path.stem)
def test_an_empty_form_is_refused_with_every_field_that_is_missing(path: Any) -> None:  # noqa: ANN401
    expected = {field.key for field in form(path.stem).inputs if field.required and not field.readonly}
    assert wrong(path.stem, {}) >= expected


def test_a_case_begins_with_its_year() -> None:
    assert start("memerintahkan", "tahun_indikator", context()) == 2027


def test_the_meeting_planned_is_the_meeting_invited_to() -> None:
    planned = {"memerintahkan_undangan": {"tanggal_rapat": "2026-11-30", "peserta": ["a1", "b2"]}}
    assert start("membuat_undangan", "hari_tanggal", context(planned)) == "2026-11-30"
    assert start("membuat_undangan", "yth", context(planned)) == ["a1", "b2"]


def test_a_meeting_is_not_held_on_a_sunday() -> None:
    assert "hari_tanggal" in wrong("membuat_undangan", {"hari_tanggal": ["29-11-2026"]})
    assert "hari_tanggal" not in wrong("membuat_undangan", {"hari_tanggal": ["30-11-2026"]})


def test_a_meeting_ends_after_it_began() -> None:
    held = {"mulai": ["24-11-2026 09.00"], "selesai": ["24-11-2026 11.00"]}
    assert not {"mulai", "selesai"} & wrong("rapat_pembahasan", held)
    assert "selesai" in wrong("rapat_pembahasan", held | {"selesai": ["24-11-2026 08.00"]})


def test_attendance_and_minutes_of_a_meeting_are_two_documents() -> None:
    def labels(document: str) -> list[str]:
        return [field.label for field in form("rapat_pembahasan").printed_in(document)]

    both = ["Pimpinan rapat", "Notulis", "Mulai", "Selesai", "Tempat"]
    assert labels("Daftar hadir") == [*both, "Daftar hadir"]
    assert labels("Notulen") == [
        *both, "Notulen/pembahasan", "Keputusan dan tindak lanjut", "Dokumentasi rapat"
    ]  # fmt: skip


def test_the_analysis_begins_with_a_row_for_each_indicator() -> None:
    gathered = {"menghimpun_data": {"tabel_indikator": [INDICATOR, INDICATOR | {"indikator_kinerja": "APS"}]}}
    rows = start("menganalisis_data", "tabel_analisis", context(gathered))
    assert [row["indikator_kinerja"] for row in rows] == [INDICATOR["indikator_kinerja"], "APS"]
    assert all(row["kesimpulan"] is None for row in rows)


def test_the_draft_begins_with_the_table_as_it_stands() -> None:
    assert start("membuat_draft", "indikator", context({"tabel_indikator": [INDICATOR]})) == [INDICATOR]


def test_the_draft_numbers_itself_whatever_is_sent() -> None:
    raw = {f"indikator.0.{column}": [text] for column, text in INDICATOR.items()}
    raw |= {"tahun": ["2027"], "versi": ["99"]}
    submission = clean(form("membuat_draft"), raw, context(round_=3))
    assert submission.values["versi"] == 3
    assert submission.shared == {"tabel_indikator": [INDICATOR]}


def test_returning_a_draft_needs_notes_and_accepting_it_does_not() -> None:
    assert wrong("mereviu_draft", {"keputusan": ["Tidak"]}) == {"catatan_reviu"}
    assert clean(form("mereviu_draft"), {"keputusan": ["Ya"]}, context()).values["keputusan"] == "Ya"


def test_an_answer_to_a_review_does_not_come_back_in_the_next_round() -> None:
    before = {"membuat_draft": {"tanggapan_reviu": "Sudah diperbaiki."}}
    assert start("membuat_draft", "tanggapan_reviu", context(before, round_=2)) == ""


def test_a_table_of_sixty_indicators_fits() -> None:
    raw = {
        f"tabel_indikator.{row}.{column}": [text] for row in range(60) for column, text in INDICATOR.items()
    }
    raw |= {"ceklis_unit.0.kelengkapan": ["Lengkap"]}
    assert not any(name.startswith("tabel_indikator") for name in wrong("menghimpun_data", raw))
