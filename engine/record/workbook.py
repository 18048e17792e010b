"""Tables as a workbook for spreadsheets (.xlsx), written row by row in constant memory.

Text is text: what begins with = is never worked out, and no address becomes a link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from engine import temporary
from engine.record.legible import legible

# A time is written as the clock it carries shows it: whoever gives it puts it into the zone of its reader.
Cell = str | bool | int | float | date | datetime | timedelta | None

MOST_ROWS = 1_048_576  # of a sheet, the head included
_MOST_TEXT = 32_767  # UTF-16 units of a cell
_EXACT = 2**53  # beyond it numbers of spreadsheets lose digits
_FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets count a day too many
_NAME = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LOOKED_AT = 50  # rows by which the width of a column is chosen
_NARROW, _WIDE = 8, 60  # characters
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
    "use_zip64": True,
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table: its title, the names of its columns, and its rows, which are gone through once."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, kw_only=True)
class _Formats:
    head: Format
    day: Format
    time: Format
    span: Format


def write_workbook(target: IO[bytes], sheets: Iterable[Sheet], *, most_rows: int = MOST_ROWS) -> None:
    """Write tables, a sheet each; one with too many rows goes on in further sheets."""
    with temporary.named_folder() as folder:
        book = Workbook(target, {**_OPTIONS, "tmpdir": folder})
        try:
            _fill(book, sheets, most_rows - 1)
            book.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # type: ignore[attr-defined] # a file in constant memory


def _fill(book: Workbook, sheets: Iterable[Sheet], most: int) -> None:
    formats = _Formats(
        head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        time=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        span=book.add_format({"num_format": "[h]:mm:ss"}),
    )
    taken: set[str] = set()
    for sheet in sheets:
        for number, part in enumerate(_parts(sheet, most), 1):
            name = sheet_name(sheet.title if number == 1 else f"{sheet.title} ({number})", taken)
            _write(book.add_worksheet(name), part, formats)


def sheet_name(title: str, taken: set[str]) -> str:
    """Give a title as a name that a sheet may have and none has yet, and take it."""
    plain = _FORBIDDEN.sub(" ", legible(title)).strip(" '") or "1"
    plain = f"{plain}_" if plain.lower() == "history" else plain
    name, number = _shortened(plain, _NAME), 2
    while name.lower() in taken:
        end = f" ({number})"
        name, number = _shortened(plain, _NAME - len(end)) + end, number + 1
    taken.add(name.lower())
    return name


def _shortened(name: str, most: int) -> str:
    """Cut a name behind a word, and say by "…" that it goes on; one word that is too long within itself."""
    if len(name) <= most:
        return name
    whole = name[:most].rpartition(" ")[0]
    return f"{(whole or name[: most - 1]).rstrip(' (,;:–-')}…"


def _parts(sheet: Sheet, most: int) -> Iterator[Sheet]:
    """Cut a table into what fits on a sheet; an empty one is a sheet with a head."""
    rows = iter(sheet.rows)
    first = next(rows, None)
    if first is None:
        yield Sheet(title=sheet.title, head=sheet.head, rows=())
    while first is not None:
        yield Sheet(title=sheet.title, head=sheet.head, rows=chain((first,), islice(rows, most - 1)))
        first = next(rows, None)


def _write(worksheet: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    rows = iter(sheet.rows)
    begun = list(islice(rows, _LOOKED_AT))
    for column, words in enumerate(sheet.head):
        texts = [words, *(str(row[column]) for row in begun if row[column] is not None)]
        worksheet.set_column(column, column, min(_WIDE, max(_NARROW, *map(len, texts)) + 2))
        worksheet.write_string(0, column, _text(words), formats.head)
    worksheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(chain(begun, rows), 1):
        for column, cell in enumerate(row):
            _put(worksheet, last, column, cell, formats)
    if last:
        worksheet.autofilter(0, 0, last, len(sheet.head) - 1)


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    if cell is None:
        return
    if isinstance(cell, str):  # first: most cells are texts
        sheet.write_string(row, column, _text(cell))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        _put_number(sheet, row, column, cell)
    elif isinstance(cell, timedelta):
        sheet.write_datetime(row, column, cell, formats.span)  # type: ignore[call-overload] # its types forget these
    else:
        _put_time(sheet, row, column, cell, formats)


def _put_number(sheet: Worksheet, row: int, column: int, cell: float) -> None:
    if math.isfinite(cell) and abs(cell) <= _EXACT:
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))


def _put_time(sheet: Worksheet, row: int, column: int, cell: date, formats: _Formats) -> None:
    day = cell.date() if isinstance(cell, datetime) else cell
    if day < _FIRST_DAY:
        sheet.write_string(row, column, cell.isoformat())
    else:
        shape = formats.time if isinstance(cell, datetime) else formats.day
        sheet.write_datetime(row, column, cell, shape)  # type: ignore[call-overload] # and dates


def _text(text: str) -> str:
    """Write a text as a cell can hold it; one that is too long says how long it was."""
    shown = legible(text)
    if len(shown) > _MOST_TEXT // 2 and len(shown.encode("utf-16-le")) // 2 > _MOST_TEXT:
        end = f"… [{len(text)}]"
        units = shown.encode("utf-16-le")[: 2 * (_MOST_TEXT - len(end))]
        shown = units.decode("utf-16-le", "ignore") + end
    # In constant memory XlsxWriter takes a text between these two for XML of its own, and does not escape it.
    return f"{shown} " if shown.startswith("<r>") and shown.endswith("</r>") else shown
