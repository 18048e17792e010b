"""Tables become workbooks: cells keep their types, and text is never more than text."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape

from engine.record.workbook import Cell, Sheet, sheet_name, write_workbook

WIB = timezone(timedelta(hours=7))


def read(*sheets: Sheet, most_rows: int = 1_048_576) -> Workbook:
    target = io.BytesIO()
    write_workbook(target, sheets, most_rows=most_rows)
    return load_workbook(target)


def cells(*rows: Sequence[Cell]) -> list[tuple[object, ...]]:
    head = [f"Kolom {number}" for number in range(len(rows[0]))]
    book = read(Sheet(title="Tabel", head=head, rows=rows))
    sheet = book["Tabel"]
    assert [cell.value for cell in sheet[1]] == head
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b", "inlineStr"}
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_numbers_days_and_times_are_such() -> None:
    at = datetime(2026, 11, 23, 9, 0, 5, tzinfo=WIB)
    found = cells((3, 2.5, True, date(2026, 11, 23), at, timedelta(hours=30), None, "kata"))
    assert found == [
        (
            3,
            2.5,
            True,
            datetime(2026, 11, 23),  # noqa: DTZ001 - spreadsheets know no zones
            at.replace(tzinfo=None),
            timedelta(hours=30),
            None,
            "kata",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://contoh.invalid","klik")',
        "+62 812",
        "-5",
        "@SUM(A1)",
        "{=A1}",
        "http://contoh.invalid/",
        "00123",
        " di tepi ",
        "baris\nbaru\tdan tab",
        "Berkas “Ä” 報告 🗂",
        "<r><t>x</t></r> ",
        "",
    ],
)
def test_text_is_only_ever_text(text: str) -> None:
    assert cells((text, "x"))[0][0] in ({text} if text else {None, ""})


def test_what_looks_like_an_escape_of_the_file_is_text_too() -> None:
    written = cells(("_x0041_",))[0][0]  # which openpyxl gives as it stands in the file
    assert unescape(written) == "_x0041_"


def test_what_looks_like_markup_of_the_file_is_text_too() -> None:
    assert cells(("<r><t>x</t></r>",)) == [("<r><t>x</t></r> ",)]


def test_what_no_file_can_hold_is_seen() -> None:
    assert cells(("a\x00\x1b[31m\x7f\ud800\uffff",)) == [("a␀␛[31m\x7f��",)]


@pytest.mark.parametrize("letter", ["x", "🗂"])
def test_a_text_that_is_too_long_says_how_long_it_was(letter: str) -> None:
    text = str(cells((letter * 40_000,))[0][0])
    assert text.endswith("… [40000]")
    assert text.startswith(letter * 16_000)
    assert "\ufffd" not in text


@pytest.mark.parametrize("number", [2**60 + 1, float("nan"), float("inf")])
def test_a_number_that_a_spreadsheet_would_change_is_text(number: float) -> None:
    assert cells((number,)) == [(str(number),)]


def test_a_time_before_spreadsheets_have_days_is_text() -> None:
    assert cells((date(1899, 5, 1), datetime(1, 1, 1, tzinfo=UTC))) == [
        ("1899-05-01", "0001-01-01T00:00:00+00:00")
    ]


def test_a_table_that_is_too_long_goes_on_in_further_sheets() -> None:
    book = read(Sheet(title="Kejadian", head=["No"], rows=((number,) for number in range(5))), most_rows=3)
    assert {
        sheet.title: [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book
    } == {
        "Kejadian": [0, 1],
        "Kejadian (2)": [2, 3],
        "Kejadian (3)": [4],
    }
    assert all(sheet["A1"].value == "No" for sheet in book)


def test_an_empty_table_is_a_head() -> None:
    book = read(Sheet(title="Kosong", head=["No"], rows=()))
    assert [row[0] for row in book["Kosong"].iter_rows(values_only=True)] == ["No"]


def test_every_title_becomes_a_name_that_sheets_may_have() -> None:
    taken: set[str] = set()
    titles = ["History", "a/b:c[d]", "'", "x" * 40, "X" * 40, "berkas", "Berkas"]
    names = [sheet_name(title, taken) for title in titles]
    assert names == ["History_", "a b c d", "1", "x" * 30 + "…", "X" * 26 + "… (2)", "berkas", "Berkas (2)"]
    read(*(Sheet(title=title, head=["No"], rows=()) for title in titles))


def test_a_long_title_is_cut_behind_a_word_and_stays_another_than_its_like() -> None:
    taken: set[str] = set()
    title = "Tabel 7 Monitoring Pelaksanaan SOP AP"
    assert [sheet_name(title, taken) for _ in range(2)] == [
        "Tabel 7 Monitoring Pelaksanaan…",
        "Tabel 7 Monitoring… (2)",
    ]


def test_rows_that_break_off_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[Sequence[Cell]]:
        yield ("satu",)
        raise LookupError

    target = io.BytesIO()
    with pytest.raises(LookupError):
        write_workbook(target, [Sheet(title="x", head=["No"], rows=rows())])
    assert target.getvalue() == b""
    assert list(tmp_path.iterdir()) == []
