"""A workbook: a row per event, times as the office's clock showed them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.record.event_logs.flat import COLUMNS, rows_of
from engine.record.event_logs.log import Log
from engine.record.workbook import Cell, Sheet, write_workbook


def write(log: Log, path: Path) -> None:
    """Write it; more events than a sheet has rows go on in further sheets."""
    head = [f"{name} ({log.subjects.zone})" if name in {"time", "begun"} else name for name in COLUMNS]
    with path.open("wb") as target:
        write_workbook(target, [Sheet(title="events", head=head, rows=_rows(log))])


def _rows(log: Log) -> Iterator[list[Cell]]:
    zone = ZoneInfo(log.subjects.zone)
    for row in rows_of(log):
        yield [_cell(row[name], zone) for name in COLUMNS]


def _cell(value: Any, zone: ZoneInfo) -> Cell:  # noqa: ANN401 - of any column
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if value is None or isinstance(value, str | int):
        return value
    return json.dumps(value, ensure_ascii=False)
