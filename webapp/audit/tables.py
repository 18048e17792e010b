"""A table of figures: the same rows as a page shows them and as a sheet of a workbook holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp import wording
from webapp.workbooks import Cell as Value
from webapp.workbooks import Sheet


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; ``exact`` heads it in a workbook, where times are numbers: "… (working minutes)"."""

    label: str
    exact: str = ""
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a page says, and what a workbook holds; ``address`` is where it leads."""

    words: str
    value: Value = None
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells; the first of each heads its row. ``key`` names it in addresses and files."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def sheet(self) -> Sheet:
        """Give the table as a workbook has it: times in minutes, shares in percent."""
        return Sheet(
            title=self.caption,
            head=[column.exact or column.label for column in self.columns],
            rows=exact(self.rows),
        )


def exact(rows: Iterable[tuple[Cell, ...]]) -> Iterable[list[Value]]:
    """Give the values of rows."""
    return ([cell.words if cell.value is None else cell.value for cell in row] for row in rows)


def text(words: str, address: str = "") -> Cell:
    """Make a cell of words."""
    return Cell(words=words, address=address)


def count(value: int, address: str = "") -> Cell:
    """Make a cell of a number."""
    return Cell(words=wording.number(value), value=value, address=address)


def minutes(value: int | None, day_length: int) -> Cell:
    """Make a cell of working minutes; a dash where there is nothing to measure."""
    if value is None:
        return Cell(words="–", value="")
    return Cell(words=wording.working_time(value, day_length), value=value)


def percent(value: int | None) -> Cell:
    """Make a cell of a share in percent."""
    return Cell(words="–", value="") if value is None else Cell(words=f"{value} %", value=value)


def when(at: datetime) -> Cell:
    """Make a cell of an instant, as the office's clocks show it."""
    there = wording.local(at)
    return Cell(words=wording.moment_short(at), value=there)
