"""A table of figures: the same rows as a page shows them and as a sheet of a workbook holds them."""

from __future__ import annotations

from dataclasses import dataclass

from webapp import wording

Value = str | int | float | None


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
    def exact_heads(self) -> list[str]:
        """Give the heads of the columns as a workbook has them."""
        return [column.exact or column.label for column in self.columns]

    @property
    def exact_rows(self) -> list[list[Value]]:
        """Give the rows as a workbook has them."""
        return [[cell.words if cell.value is None else cell.value for cell in row] for row in self.rows]


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
