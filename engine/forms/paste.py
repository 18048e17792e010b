"""Rows pasted from a spreadsheet: cells between tabs, quoted where they hold tabs or lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.forms.fields import CHOICES, SEVERAL, Field, FieldType, Option

LONGEST_PASTE = 1_000_000  # characters
_NUMBER = frozenset({"", "no", "no.", "nomor", "#"})
_YES = frozenset({"ya", "yes", "true", "benar", "1", "x", "v", "✓", "✔"})


Sources = Mapping[str, Sequence[Option]]  # options the server supplies, by source


def pasted_rows(field: Field, text: str, sources: Sources) -> list[dict[str, list[str]]]:
    """Read pasted cells into rows of a list.

    A first row that names columns decides their order and is left out; a leading column of running
    numbers ("No") is left out too. Rows beyond the most allowed are read so far that the excess shows.
    """
    grid = [row for row in _grid(text[:LONGEST_PASTE]) if any(cell.strip() for cell in row)]
    if not grid:
        return []
    order = _header(field, grid[0])
    if order:
        grid = grid[1:]
    else:
        order = list(range(len(field.fields)))
        if _is_numbered(field, grid):
            order = [-1, *order]
    options = [sources.get(column.source, column.options) for column in field.fields]
    return [_row(field, order, options, cells) for cells in grid[: field.most_rows + 1]]


def _grid(text: str) -> list[list[str]]:
    """Split tabs and lines as spreadsheets write them: ``"`` opens only at a cell's beginning."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while at <= end:
        cell, at = _quoted(text, at) if text.startswith('"', at) else _bare(text, at)
        rows[-1].append(cell)
        if at >= end:
            break
        if text[at] == "\n":
            rows.append([])
        at += 1
    return rows


def _bare(text: str, at: int) -> tuple[str, int]:
    ends = [place for place in (text.find("\t", at), text.find("\n", at)) if place >= 0]
    end = min(ends, default=len(text))
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int]:
    parts, begin = [], at + 1
    while True:
        close = text.find('"', begin)
        if close < 0:  # never closed: the quotation mark is part of the text
            return _bare(text, at)
        parts.append(text[begin:close])
        if text[close + 1 : close + 2] != '"':
            break
        parts.append('"')
        begin = close + 2
    after = close + 1
    if after < len(text) and text[after] not in "\t\n":
        return _bare(text, at)
    return "".join(parts), after


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip("*:").strip().casefold()


def _header(field: Field, cells: Sequence[str]) -> list[int] | None:
    """Place each cell's column by its label or key; None where it is not a row of column names.

    Cells that name no column take the columns left over, in order, when they are as many.
    """
    names = {_plain(column.label): place for place, column in enumerate(field.fields)}
    names |= {_plain(column.key): place for place, column in enumerate(field.fields)}
    order = [names.get(_plain(cell), -1) for cell in cells]
    found = [place for place in order if place >= 0]
    if len(set(found)) < len(found) or len(found) < min(2, len(field.fields)):
        return None
    left = [place for place in range(len(field.fields)) if place not in found]
    nameless = [at for at, cell in enumerate(cells) if order[at] < 0 and _plain(cell) not in _NUMBER]
    if len(left) == len(nameless):
        for at, place in zip(nameless, left, strict=True):
            order[at] = place
    return order


def _is_numbered(field: Field, grid: list[list[str]]) -> bool:
    wide = all(len(row) == len(field.fields) + 1 for row in grid)
    return wide and all(row[0].strip(" .") == str(number) for number, row in enumerate(grid, 1))


def _row(
    field: Field, order: Sequence[int], options: Sequence[Sequence[Option]], cells: Sequence[str]
) -> dict[str, list[str]]:
    row: dict[str, list[str]] = {column.key: [] for column in field.fields}
    for place, cell in zip(order, cells, strict=False):
        if place >= 0 and cell.strip():
            column = field.fields[place]
            row[column.key] = _texts(column, options[place], cell.strip())
    return row


def _texts(column: Field, options: Sequence[Option], cell: str) -> list[str]:
    if column.type is FieldType.CHECKBOX:
        return ["true"] if cell.casefold() in _YES else []
    if column.type in CHOICES:
        return [_value(options, cell)]
    if column.type in SEVERAL:
        return [_value(options, part.strip()) for part in cell.split(",") if part.strip()]
    return [cell]


def _value(options: Sequence[Option], text: str) -> str:
    """Find the option that a cell names; else the text stays, and is found wrong on submission."""
    plain = _plain(text)
    return next((one.value for one in options if plain in (_plain(one.label), _plain(one.value))), text)
