"""CSV (RFC 4180), safe to be opened in a spreadsheet.

A spreadsheet works out a cell that begins with =, +, - or @, quoted or not: what somebody typed into a form
would be a formula on the auditor's machine. Such a text gets an apostrophe before it, within a text too where
a spreadsheet that parts cells at semicolons (as those of Indonesia do) would begin one. Who needs every text
as it was takes JSON Lines. UTF-8 without a mark at the beginning, which programs would take for a part of the
first name; for spreadsheets there is .xlsx.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.record.event_logs.flat import COLUMNS, instant, rows_of
from engine.record.event_logs.log import Log
from engine.record.legible import legible

# Where a cell may begin, and with what; spreadsheets take the wide forms (U+FF1D …) for the narrow ones.
_WORKED_OUT = re.compile("(^|[;\t\r\n])(?=[ \u00a0]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")


class _Line:
    """What the csv module writes to: it keeps the last line."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def parts(log: Log) -> Iterator[str]:
    """Write it, a line at a time; the payload is JSON text."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield line.text
    for row in rows_of(log):
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        yield line.text


def _cell(value: Any) -> str | int | None:  # noqa: ANN401 - of any column
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return instant(value)
    return safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def safe(text: str) -> str:
    """Give a text that no spreadsheet works out, and every program can read."""
    return _WORKED_OUT.sub(r"\1'", legible(text))
