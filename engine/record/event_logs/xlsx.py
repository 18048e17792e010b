"""A workbook for people: a row per event, times as the office's clock showed them.

Headings and words are Indonesian, as all papers of the office are; each heading has the name beside it that
the column has in the other formats, and what programs compare stands in columns of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from engine.model.event import EventKind
from engine.model.event_log import PASSED
from engine.model.instance import InstanceStatus
from engine.record.bundle.words import STATUS, happened
from engine.record.event_logs.flat import COLUMNS, Row, rows_of
from engine.record.event_logs.log import Log
from engine.record.workbook import Cell, Sheet, write_workbook

_HEADS: Mapping[str, str] = MappingProxyType(
    {
        "case": "Nomor berkas",
        "case_id": "Identitas berkas",
        "title": "Judul",
        "sop": "SOP",
        "version": "Revisi",
        "trial": "Berkas uji coba",
        "status": "Keadaan berkas, sandi",
        "event": "Kejadian ke-",
        "time": "Waktu",
        "begun": "Mulai dikerjakan",
        "kind": "Jenis kejadian, sandi",
        "activity": "Langkah",
        "transition": "Peralihan menurut XES",
        "withdrawn": "Ditarik kembali",
        "element": "Bentuk dalam diagram",
        "round": "Putaran",
        "iteration": "Pengulangan sejajar",
        "role": "Peran",
        "person": "Nama",
        "post": "Jabatan",
        "person_id": "Identitas orang",
        "on_behalf_of": "Atas nama",
        "worked": "Waktu kerja, menit kerja",
        "waited": "Waktu tunggu, menit kerja",
        "payload": "Isi catatan",
    }
)
_WORDS: Mapping[str, str] = MappingProxyType({"status": "Keadaan berkas", "kind": "Yang terjadi"})
_SAID: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "status": {one.value: STATUS[one] for one in InstanceStatus},
        "kind": {PASSED: "Langkah terlewati sendiri"} | {one.value: happened(one) for one in EventKind},
    }
)


def write(log: Log, path: Path) -> None:
    """Write it; more events than a sheet has rows go on in further sheets."""
    with path.open("wb") as target:
        write_workbook(target, [Sheet(title="Kejadian", head=_head(log.subjects.zone), rows=_rows(log))])


def _head(zone: str) -> list[str]:
    found = []
    for name in COLUMNS:
        if name in _WORDS:
            found.append(_WORDS[name])
        of_zone = f", {zone}" if name in {"time", "begun"} else ""
        found.append(f"{_HEADS[name]} ({name}{of_zone})")
    return found


def _rows(log: Log) -> Iterator[list[Cell]]:
    zone = ZoneInfo(log.subjects.zone)
    for row in rows_of(log):
        yield list(_cells(row, zone))


def _cells(row: Row, zone: ZoneInfo) -> Iterator[Cell]:
    for name in COLUMNS:
        if said := _SAID.get(name):
            yield said[row[name]]
        yield _cell(row[name], zone)


def _cell(value: Any, zone: ZoneInfo) -> Cell:  # noqa: ANN401 - of any column
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return value if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
