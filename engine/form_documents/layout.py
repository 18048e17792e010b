"""The page: A4, Source Sans 3, headings, labels with values, tables that go on over pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from engine.errors import AlurError, say

TYPEFACES = Path(__file__).with_name("typefaces")  # filled at set-up, never committed
_FACES = {"": "SourceSans3_400Regular.ttf", "B": "SourceSans3_700Bold.ttf"}
_FAMILY = "Source Sans 3"
_MARGIN, _BOTTOM = 18.0, 20.0  # mm
_LABEL = 52.0  # mm
_SHORT = 80  # characters of a value beside its label; longer ones go below it
_INK, _PALE = (26, 33, 48), (75, 85, 104)
_CELL_LINES = 30  # of a table's row on one page; longer rows go on in the next
_LONG_CELL = 200  # characters from which a cell's lines are counted
_MOST_COLUMNS = 14
_LONGEST = 40_000  # characters of one value


class Sheet(FPDF):
    """A document being drawn, from top to bottom."""

    def __init__(self, *, landscape: bool, footer: str, at: datetime) -> None:
        """Open the first page."""
        super().__init__(orientation="landscape" if landscape else "portrait", format="A4")
        self._footer = _clean(footer)
        for style, name in _FACES.items():
            path = TYPEFACES / name
            if not path.is_file():
                raise AlurError(say("The typefaces for documents are not installed. Run the set-up again."))
            self.add_font(_FAMILY, style, path)
        self.set_creation_date(at)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_BOTTOM)
        self.set_text_color(*_INK)
        self.set_draw_color(*_INK)
        self.add_page()

    def describe(self, *, title: str, author: str) -> None:
        """Fill the file's own facts."""
        self.set_title(_clean(title))
        self.set_author(_clean(author))
        self.set_creator("Alur")
        self.set_lang("id")

    def heading(self, lines: Sequence[str]) -> None:
        """Write the office over a double rule."""
        for line in lines:
            self._write(line, size=12.5, height=6, style="B", align="C")
        self.ln(1.5)
        self._rule(0.8)
        self._rule(0.2)
        self.ln(5)

    def document_title(self, title: str, below: str) -> None:
        """Write the document's name."""
        self._write(title.upper(), size=13.5, height=7, style="B", align="C")
        self._write(below, size=10, height=5.5, align="C")
        self.ln(4)

    def section(self, title: str) -> None:
        """Write a heading, not at the foot of a page."""
        if self.will_page_break(22):
            self.add_page()
        self.ln(2)
        self._write(title, size=11.5, height=6.5, style="B")

    def pair(self, label: str, value: str) -> None:
        """Write a label and its value beside or below it."""
        value = _clean(value)
        if len(value) <= _SHORT and "\n" not in value:
            top = self.get_y()
            if self.will_page_break(12):
                self.add_page()
                top = self.get_y()
            self.set_text_color(*_PALE)
            self._write(label, size=10.5, height=5.5, width=_LABEL)
            after_label = self.get_y()
            self.set_text_color(*_INK)
            self.set_xy(self.l_margin + _LABEL + 3, top)
            self._write(value, size=10.5, height=5.5, width=self.epw - _LABEL - 3)
            self.set_y(max(self.get_y(), after_label))
            return
        if self.will_page_break(14):
            self.add_page()
        self.set_text_color(*_PALE)
        self._write(label, size=10.5, height=5.5)
        self.set_text_color(*_INK)
        self._write(value, size=10.5, height=5.5)
        self.ln(1)

    def numbered_table(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int]
    ) -> None:
        """Draw a table whose head repeats on every page; the first column is narrow (numbers)."""
        columns = [_clean(column) for column in columns[:_MOST_COLUMNS]]
        clean = [[_clean(cell) for cell in row[: len(columns)]] for row in rows]
        widths = _widths(columns, clean)
        size = 9.5 if len(columns) <= 8 else 7.5  # noqa: PLR2004 - what a landscape page shows
        self.set_font(_FAMILY, size=size)
        self.ln(1)
        with self.table(
            col_widths=widths,
            line_height=size * 0.47,
            padding=1.2,
            text_align=["CENTER", *("RIGHT" if n in right else "LEFT" for n in range(1, len(columns)))],
            headings_style=FontFace(emphasis="BOLD", fill_color=(243, 245, 251)),
            borders_layout=TableBordersLayout.ALL,
            v_align="TOP",
        ) as drawn:
            drawn.row(columns)
            for row in clean:
                for part in self._row_parts(row, widths):
                    drawn.row(part)
        self.ln(2)

    def footer(self) -> None:
        """Write number, version and page at the foot of every page."""
        self.set_y(-13)
        self.set_text_color(*_PALE)
        self.set_font(_FAMILY, size=8.5)
        self.cell(self.epw - 40, 5, self._footer)
        self.cell(40, 5, f"Halaman {self.page_no()} dari {{nb}}", align="R")
        self.set_text_color(*_INK)

    def content(self) -> bytes:
        """Finish the file."""
        return bytes(self.output())

    def _write(
        self, text: str, *, size: float, height: float, width: float = 0, style: str = "", align: str = "L"
    ) -> None:
        self.set_font(_FAMILY, style, size)
        self.multi_cell(
            width, height, _clean(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, print_sh=False
        )

    def _rule(self, thickness: float) -> None:
        self.set_line_width(thickness)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_line_width(0.2)
        self.ln(1)

    def _row_parts(self, row: Sequence[str], widths: Sequence[float]) -> Iterable[list[str]]:
        """Split a row that no page could hold into several."""
        room = self.epw / sum(widths)
        lines = [
            self._lines(cell, width * room - 2.4) if len(cell) > _LONG_CELL else [cell]
            for cell, width in zip(row, widths, strict=False)
        ]
        count = max(len(cell) for cell in lines)
        for start in range(0, count, _CELL_LINES):
            yield ["\n".join(cell[start : start + _CELL_LINES]) for cell in lines]

    def _lines(self, text: str, width: float) -> list[str]:
        found = self.multi_cell(width, text=text, dry_run=True, output="LINES")
        return [str(line) for line in found] if isinstance(found, list) else [text]


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the width by what stands in the columns: their longest word, and how much text."""
    widths = [1.0]
    for place in range(1, len(columns)):
        cells = [columns[place], *(row[place] for row in rows if place < len(row))]
        word = max((len(word) for cell in cells for word in cell.split()[:200]), default=1)
        text = sum(min(len(cell), 200) for cell in cells) / len(cells)
        widths.append(min(max(word * 0.32, text**0.5 * 0.85, 1.8), 9))
    return widths


def _clean(text: str) -> str:
    """Leave out what cannot be printed; line ends stay."""
    kept = text[:_LONGEST].replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in kept if c == "\n" or unicodedata.category(c)[0] != "C")
