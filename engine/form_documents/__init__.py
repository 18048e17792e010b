"""Documents made from a form, as PDF, drawn again whenever somebody reads them.

Pure: the same values give the same bytes. What is printed is Indonesian, whatever the reader's
language, because the document belongs to the office and not to the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.forms.display import Shown

if TYPE_CHECKING:
    from engine.form_documents.layout import Sheet


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list of the form: its columns and rows, as text; rows are numbered when printed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()  # columns (from 0) whose values stand at the right


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the document: a heading (may be empty), labels with their values, then a table."""

    title: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class FormDocument:
    """Everything that is printed."""

    title: str  # name of the document: Draft indikator kinerja
    office: tuple[str, ...]  # lines of the heading: PEMERINTAH KABUPATEN BLITAR, DINAS PENDIDIKAN
    case_number: str  # 012/IK/2026
    case_title: str
    version: int
    author: str  # role or post of who completed the step
    at: datetime  # in the office's zone: printed, and the file's date
    sections: tuple[Section, ...]
    draft: bool = False  # not yet completed: the footer says so


def sections_of(shown: Iterable[Shown]) -> tuple[Section, ...]:
    """Turn the fields of a submission into sections; what was left empty is not printed."""
    sections: list[Section] = []
    pairs: list[tuple[str, str]] = []
    for field in shown:
        if field.text and not field.columns:
            pairs.append((field.label, field.text))
        if field.columns and field.rows:
            sections += [Section(pairs=tuple(pairs))] if pairs else []
            pairs = []
            sections.append(Section(title=field.label, table=_table_of(field)))
    return (*sections, *([Section(pairs=tuple(pairs))] if pairs else []))


def _table_of(field: Shown) -> Table:
    numbers = frozenset(place for place, column in enumerate(field.columns) if column.is_number)
    return Table(columns=tuple(column.label for column in field.columns), rows=field.rows, numbers=numbers)


def form_pdf(document: FormDocument) -> bytes:
    """Draw a document."""
    return _sheet(document).content()


def page_count(document: FormDocument) -> int:
    """Count the pages it is drawn on."""
    sheet = _sheet(document)
    sheet.content()  # only then the typefaces are closed
    return len(sheet.pages)


def _sheet(document: FormDocument) -> Sheet:
    """Draw a document; landscape where a table has more columns than a portrait page shows."""
    from engine.form_documents.layout import Sheet  # noqa: PLC0415 - fpdf2 costs 20 MB that few requests need

    tables = [section.table for section in document.sections if section.table is not None]
    widest = max((len(table.columns) for table in tables), default=0)
    sheet = Sheet(landscape=widest > _PORTRAIT_COLUMNS, footer=_footer(document), at=document.at)
    sheet.describe(title=f"{document.title} {document.case_number}", author=" - ".join(document.office))
    sheet.heading(document.office)
    sheet.document_title(document.title, _subtitle(document))
    for section in document.sections:
        _draw(sheet, section)
    return sheet


_PORTRAIT_COLUMNS = 4


def _draw(sheet: Sheet, section: Section) -> None:
    if section.title:
        sheet.section(section.title)
    for label, value in section.pairs:
        sheet.pair(label, value)
    if section.table is not None:
        right = frozenset(column + 1 for column in section.table.numbers)
        sheet.numbered_table(("No", *section.table.columns), _numbered(section.table.rows), right)


def _numbered(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(str(number), *row) for number, row in enumerate(rows, 1)]


def _subtitle(document: FormDocument) -> str:
    return " \u00b7 ".join(part for part in (document.case_number, document.case_title) if part)


def _footer(document: FormDocument) -> str:
    state = "Draf" if document.draft else f"Versi {document.version}"
    made = f"{document.at:%d-%m-%Y} pukul {document.at:%H.%M}"
    return " \u00b7 ".join(part for part in (document.case_number, state, document.author, made) if part)
