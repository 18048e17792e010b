"""The report of a bundle, as one page that needs nothing else and as a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import chain

from engine.form_documents import Section, Table
from engine.record.bundle.telling import Report

PDF_LINES = 1500  # of events, that the PDF tells (some 5 ms each); all of them stand in the page
PDF_ROWS = 300  # of another table, that the PDF tells (some 10 ms each), likewise
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """body{font:16px/1.5 "Source Sans 3",sans-serif;color:#1a2130}
body{margin:2rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.75rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1.05rem;margin:1.5rem 0 .25rem}
dl{display:grid;grid-template-columns:11rem 1fr;gap:.15rem 1rem;margin:0}dt{color:#4b5568}
dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{border:1px solid #dde1e9;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{overflow-wrap:break-word}td{overflow-wrap:anywhere}
@media(max-width:40rem){dl{grid-template-columns:1fr}}"""


def as_html(report: Report) -> Iterator[bytes]:
    """Write the report as a page without scripts, piece by piece."""
    title = f"{escape(report.title)} {escape(report.number)}"
    yield (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>{_STYLE}</style></head><body><p>{escape(report.office)}</p><h1>{title}</h1>"
    ).encode()
    for section in report.head:
        yield _html(section, 2).encode()
    yield b"<h2>Kejadian</h2>"
    for section in report.events:
        yield _html(section, 3).encode()
    yield _html(report.proof, 2).encode()
    yield b"</body></html>\n"


def as_pdf(report: Report) -> bytes:
    """Draw the report; of a case of very many events it tells the first."""
    from engine.form_documents.layout import Sheet  # noqa: PLC0415 - fpdf2 costs 20 MB that few requests need

    sheet = Sheet(landscape=False, footer=f"{report.title} {report.number}", at=report.at)
    sheet.describe(title=f"{report.title} {report.number}", author=report.office)
    sheet.heading((report.office,))
    sheet.document_title(report.title, report.number)
    told = list(_first(report.events))
    more = _left_out("Kejadian berikutnya", len(report.events) - len(told))
    for section in chain(*map(_shortened, report.head), told, more, (report.proof,)):
        if section.title:
            sheet.section(section.title)
        for label, value in section.pairs:
            sheet.pair(label, value)
        if section.table is not None:
            rows = [(str(number), *row) for number, row in enumerate(section.table.rows, 1)]
            right = frozenset(column + 1 for column in section.table.numbers)
            sheet.numbered_table(("No", *section.table.columns), rows, right)
    return sheet.content()


def _first(events: tuple[Section, ...]) -> Iterator[Section]:
    """Give events from the first on, up to as many lines as a PDF is drawn in."""
    lines = 0
    for one in events:
        lines += 1 + len(one.pairs) + (len(one.table.rows) if one.table else 0)
        if lines > PDF_LINES:
            return
        yield one


def _shortened(section: Section) -> Iterator[Section]:
    """Give a section with as many rows of its table as a PDF is drawn in."""
    if section.table is None or len(section.table.rows) <= PDF_ROWS:
        yield section
        return
    yield replace(section, table=replace(section.table, rows=section.table.rows[:PDF_ROWS]))
    yield from _left_out("Baris berikutnya", len(section.table.rows) - PDF_ROWS)


def _left_out(label: str, count: int) -> tuple[Section, ...]:
    return (Section(pairs=((label, f"{count} lagi, semuanya di report.html."),)),) if count > 0 else ()


def _html(section: Section, level: int) -> str:
    title = f"<h{level}>{escape(section.title)}</h{level}>" if section.title else ""
    pairs = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in section.pairs)
    table = _table(section.table) if section.table is not None else ""
    return title + (f"<dl>{pairs}</dl>" if pairs else "") + table


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
