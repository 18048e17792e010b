"""Numbers and titles of cases come from templates that are filled, never evaluated."""

from __future__ import annotations

import pytest

from engine.model.numbering import case_number, case_title, fill


def test_a_number_follows_the_sops_template() -> None:
    assert case_number("{urut:03}/IK/{tahun}", "ik", number=7, year=2026) == "007/IK/2026"


def test_an_sop_without_a_template_is_numbered_by_its_key() -> None:
    assert case_number("", "izin", number=12, year=2026) == "012/IZIN/2026"


def test_a_title_is_proposed_from_the_name_and_the_year_it_is_about() -> None:
    assert case_title("", "Izin Kegiatan", subject_year=2027) == "Izin Kegiatan 2027"
    assert case_title("Indikator {tahun_berkas}", "x", subject_year=2027) == "Indikator 2027"


@pytest.mark.parametrize(
    "hostile", ["{urut.__class__}", "{0}", "{tahun!r}", "{urut:>9999999}", "{{", "%(x)s"]
)
def test_other_braces_stay_as_they_are(hostile: str) -> None:
    assert fill(hostile, number=1, year=2026, subject_year=2027) == hostile


def test_a_template_cannot_make_an_endless_title() -> None:
    assert len(fill("{tahun}" * 500, number=1, year=2026, subject_year=2027)) == 200
