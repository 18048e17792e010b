"""Clean values for reading, and what changed between two rounds."""

from __future__ import annotations

from typing import Any

from engine.forms.display import differences, earlier_marks, show
from engine.forms.raw import raw_of
from engine.forms.submission import clean
from tests.engine.forms.sample import KASUB, REVIEW, SD, SMP, component, form, good, rows, surroundings

FORM = form()
NAMES = {KASUB: "Rahmat", SD: "Bidang SD", SMP: "Bidang SMP"}


def table(*lines: tuple[str, float]) -> dict[str, Any]:
    typed = rows(*[(text, "%", str(target).replace(".", ",")) for text, target in lines])
    return clean(FORM, {"hal": ["x"], **typed}, surroundings()).values


OLD = table(("A", 1), ("B", 2), ("C", 3))


def test_values_are_read_as_people_write_them() -> None:
    raw = good(
        tanggal=["2026-11-24"], peserta=[SMP, SD], pembuat=[KASUB], setuju=["1"], mulai=["24-11-2026 9.00"]
    )
    shown = {one.key: one for one in show(FORM, clean(FORM, raw, surroundings()).values, NAMES)}
    assert shown["tanggal"].text == "24-11-2026"
    assert shown["mulai"].text == "24-11-2026 09.00"
    assert shown["peserta"].text == "Bidang SD, Bidang SMP"
    assert shown["pembuat"].text == "Rahmat"
    assert shown["setuju"].text == "Ya"
    assert shown["nomor"].is_empty
    assert shown["indikator"].rows == (("Persentase SD", "%", "92,50", "Dipakai", ""),)
    assert [column.is_number for column in shown["indikator"].columns] == [False, False, True, False, False]


def test_a_changed_cell_is_named_by_row_and_column() -> None:
    changes = differences(FORM, OLD, table(("A", 1), ("B", 2.5), ("C", 3)), NAMES)
    assert [(one.row, one.column, one.before, one.after) for one in changes] == [
        (2, "Target", "2,00", "2,50")
    ]


def test_a_removed_row_does_not_change_those_below() -> None:
    changes = differences(FORM, OLD, table(("B", 2), ("C", 3)), NAMES)
    assert [(one.row, one.before, one.after) for one in changes] == [(1, "A; %; 1,00", "")]


def test_a_new_row_stands_where_it_was_put() -> None:
    changes = differences(FORM, OLD, table(("A", 1), ("X", 9), ("B", 2), ("C", 4)), NAMES)
    assert [(one.row, one.column, one.after) for one in changes] == [
        (2, "", "X; %; 9,00"),
        (4, "Target", "4,00"),
    ]


def test_plain_fields_are_compared_too() -> None:
    changes = differences(FORM, OLD, {**OLD, "hal": "y", "pembuat": KASUB}, NAMES)
    assert [(one.key, one.before, one.after) for one in changes] == [
        ("hal", "x", "y"),
        ("pembuat", "", "Rahmat"),
    ]


def test_equal_submissions_do_not_differ() -> None:
    assert differences(FORM, OLD, dict(OLD), NAMES) == ()


def test_cells_are_marked_with_what_they_were() -> None:
    raw = raw_of(FORM, OLD) | {"indikator.1.target": ["2,5"], "hal": ["y"], "nomor": ["baru"]}
    assert earlier_marks(FORM, raw, OLD, NAMES) == {"hal": "x", "indikator.1.target": "2,00"}


def test_marks_follow_their_rows() -> None:
    raw = rows(("B", "%", "2,00"), ("C", "%", "4"))
    assert earlier_marks(FORM, {"hal": ["x"], **raw}, OLD, NAMES) == {"indikator.1.target": "3,00"}


def test_a_decision_is_never_marked() -> None:
    review = form(REVIEW)
    assert earlier_marks(review, {}, {"keputusan": "Tidak", "catatan": "x"}, {}) == {}


def test_a_document_made_from_a_form_shows_its_own_part() -> None:
    minutes = form(
        [
            component("textfield", "tempat"),
            {
                "type": "group",
                "label": "Hadir",
                "properties": {"printedIn": "Daftar hadir"},
                "components": [component("textfield", "nama")],
            },
            component("textarea", "notulen", properties={"printedIn": "Notulen; Risalah, singkat"}),
        ]
    )
    values = {"tempat": "Aula", "nama": "Sri", "notulen": "Disepakati."}

    def labels(document: str = "") -> list[str]:
        return [one.label for one in show(minutes, values, {}, document=document)]

    assert labels() == ["Tempat", "Nama", "Notulen"]
    assert labels("Daftar hadir") == ["Tempat", "Nama"]
    assert labels("Notulen") == labels("Risalah, singkat") == ["Tempat", "Notulen"]
    assert labels("Undangan") == ["Tempat"]
