"""What stands in a form: filled, typed, and changed by the buttons of its lists."""

from __future__ import annotations

import pytest

from engine.errors import NotFound
from engine.forms.raw import fill, list_button, own_fields, press, raw_of
from engine.forms.submission import clean
from tests.engine.forms.sample import (
    GOOD_ROW,
    INDICATORS,
    REVIEW,
    SD,
    STAF,
    UNITS,
    component,
    form,
    good,
    rows,
    surroundings,
)

FORM = form()
COLUMN = ["indikator.0.indikator", "indikator.1.indikator", "indikator.2.indikator"]


def test_a_form_begins_with_what_is_known() -> None:
    raw = fill(FORM, surroundings())
    assert raw["tahun"] == ["2027"]
    assert raw["tanggal"] == ["24-11-2026"]
    assert raw["sifat"] == ["Biasa"]
    assert raw["hal"] == []
    assert FORM.by_key["indikator"].rows_in(raw) == (0,)


def test_a_shared_table_comes_back_as_it_was_typed() -> None:
    table = [{"indikator": "A", "satuan": "%", "target": 92.5, "kesimpulan": "Dipakai", "catatan": ""}]
    raw = fill(FORM, surroundings(variables={"tabel": table}))
    assert [raw[f"indikator.0.{key}"] for key in ("indikator", "target", "catatan")] == [["A"], ["92,50"], []]


def test_a_list_takes_the_columns_it_knows() -> None:
    columns = {**INDICATORS, "properties": {"prefill": "menghimpun.tabel"}}
    table = [{"indikator": "A", "lain": "x", "target": "bukan angka"}]
    raw = fill(form([columns]), surroundings(variables={"menghimpun": {"tabel": table}}))
    assert raw["indikator.0.indikator"] == ["A"]
    assert raw["indikator.0.target"] == []


@pytest.mark.parametrize("variables", [{"tabel": "x"}, {"tabel": [1]}, {"tabel": None}, {"contoh": 3}])
def test_data_of_another_shape_prefills_nothing(variables: dict[str, object]) -> None:
    assert fill(FORM, surroundings(variables=variables))["indikator.0.indikator"] == []


def test_a_decision_and_its_notes_never_begin_with_anything() -> None:
    said = {"keputusan": "Tidak", "catatan": "lama"}
    review = [{**one, "properties": {**one["properties"], "prefill": f"r.{one['key']}"}} for one in REVIEW]
    raw = fill(form(review), surroundings(variables={"r": said, **said}))
    assert raw == {"keputusan": [], "catatan": []}


def test_the_one_who_fills_a_form_can_be_its_beginning() -> None:
    me = component("select", "pembuat", properties={"source": "people", "prefill": "me"})
    assert fill(form([me]), surroundings()) == {"pembuat": [STAF]}


def test_clean_values_become_what_was_typed_and_clean_again() -> None:
    values = clean(
        FORM, good(pukul=["09:05"], mulai=["2026-11-24T09:00"], setuju=["1"]), surroundings()
    ).values
    raw = raw_of(FORM, values)
    assert (raw["pukul"], raw["mulai"]) == (["09.05"], ["24-11-2026 09.00"])
    assert clean(FORM, raw, surroundings()).values == values


def test_add_gives_an_empty_row_at_the_end() -> None:
    pressed = press(FORM, rows(GOOD_ROW), "add:indikator")
    assert pressed.raw["indikator.0.indikator"] == ["Persentase SD"]
    assert pressed.raw["indikator.1.indikator"] == []
    assert pressed.anchor == "baris-2"


def test_remove_closes_the_gap() -> None:
    pressed = press(FORM, {**rows(("A",), ("B",), ("C",)), "hal": ["x"]}, "remove:indikator:1")
    assert [pressed.raw.get(name) for name in COLUMN] == [["A"], ["C"], None]
    assert pressed.raw["hal"] == ["x"]
    assert pressed.anchor == "baris-2"


@pytest.mark.parametrize(
    "button",
    [
        "add:hal",
        "add:lain",
        "drop:indikator",
        "",
    ],
)
def test_a_button_nobody_drew_is_not_found(button: str) -> None:
    with pytest.raises(NotFound):
        press(FORM, rows(GOOD_ROW), button)


@pytest.mark.parametrize("row", ["7", "", "x"])
def test_a_row_that_is_gone_is_not_removed_again(row: str) -> None:
    pressed = press(FORM, rows(("A",), ("B",)), f"remove:indikator:{row}")
    assert [pressed.raw.get(name) for name in COLUMN[:2]] == [["A"], ["B"]]
    assert pressed.anchor == "indikator"


def test_buttons_of_lists_are_told_from_others() -> None:
    assert list_button(FORM, "add:indikator") is FORM.by_key["indikator"]
    assert list_button(FORM, "unstage:lampiran:x") is None


def pasted(text: str, before: dict[str, list[str]] | None = None) -> list[list[str]]:
    pressed = press(FORM, {**(before or rows(())), "indikator.paste": [text]}, "add:indikator")
    field = FORM.by_key["indikator"]
    assert "indikator.paste" not in pressed.raw
    return [
        ["".join(pressed.raw[field.cell(row, key)]) for key in field.column_keys]
        for row in field.rows_in(pressed.raw)
    ]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("A\t%\t1\tDipakai\tx", [["A", "%", "1", "Dipakai", "x"]]),
        ("A\t%\r\nB\t%\r\n", [["A", "%", "", "", ""], ["B", "%", "", "", ""]]),
        ('"dua\nbaris ""x"""\t%', [['dua\nbaris "x"', "%", "", "", ""]]),
        ('5" pipa\t%', [['5" pipa', "%", "", "", ""]]),
        ('"tidak ditutup\t%', [['"tidak ditutup', "%", "", "", ""]]),
        ("Target\tINDIKATOR\n1\tA", [["A", "", "1", "", ""]]),
        (
            "No\tIndikator\tSatuan\tSasaran\tKesimpulan\tCatatan\n1\tA\t%\t7\tdipakai\tx",
            [["A", "%", "7", "Dipakai", "x"]],
        ),
        (
            "1\tA\t%\t3\tDipakai\tx\n2\tB\t%\t4\tDipakai\ty",
            [["A", "%", "3", "Dipakai", "x"], ["B", "%", "4", "Dipakai", "y"]],
        ),
        ("\n\t\t\nA\n\n", [["A", "", "", "", ""]]),
    ],
)
def test_rows_of_a_spreadsheet_are_taken_in(text: str, table: list[list[str]]) -> None:
    assert pasted(text) == table


def test_pasted_rows_follow_those_that_are_there() -> None:
    assert [row[0] for row in pasted("B\t%", rows(("A",), ()))] == ["A", "B"]


def test_more_rows_than_fit_are_not_taken_in() -> None:
    raw = {**rows(GOOD_ROW), "indikator.paste": ["x\n" * 600]}
    pressed = press(FORM, raw, "add:indikator")
    assert [problem.field for problem in pressed.problems] == ["indikator"]
    assert pressed.raw == raw


def test_a_pasted_name_becomes_its_id() -> None:
    listed = {**INDICATORS, "components": [component("select", "unit", properties={"source": "units"})]}
    pressed = press(form([listed]), {"indikator.paste": ["bidang sd"]}, "add:indikator", {"units": UNITS})
    assert pressed.raw["indikator.0.unit"] == [SD]


def test_a_draft_keeps_only_what_is_the_forms_own() -> None:
    typed = good(**{"indikator.paste": ["A\tB"]})
    assert own_fields(FORM, {**typed, "csrf_token": ["x"], "lampiran": ["x"], "indikator.0.gaji": ["x"]}) == {
        **typed,
        "indikator.0.catatan": [],
    }
