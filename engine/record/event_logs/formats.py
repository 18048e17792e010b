"""The formats: how each is written, what its files are called, and what it tells unless asked otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine import temporary
from engine.model.event_log import Detail, LogFormat
from engine.record.event_logs import csv, jsonl, ocel_json, ocel_sqlite, xes, xlsx
from engine.record.event_logs.log import Log

_PART = 65_536  # characters that are handed on together


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One format. Text is given in parts as it is read; what is no text is written into a file."""

    ending: str
    media_type: str
    parts: Callable[[Log], Iterable[str]] | None = None
    write: Callable[[Log, Path], None] | None = None
    detail: Detail = Detail.ALL


SHAPES: Mapping[LogFormat, Shape] = {
    # What tools of process mining make of it is a path through the diagram: so it tells activities.
    LogFormat.XES: Shape(
        ending=".xes", media_type="application/xml", parts=xes.parts, detail=Detail.ACTIVITIES
    ),
    LogFormat.OCEL_JSON: Shape(ending=".ocel.json", media_type="application/json", parts=ocel_json.parts),
    LogFormat.OCEL_SQLITE: Shape(
        ending=".ocel.sqlite", media_type="application/vnd.sqlite3", write=ocel_sqlite.write
    ),
    LogFormat.CSV: Shape(ending=".csv", media_type="text/csv", parts=csv.parts),
    LogFormat.JSONL: Shape(ending=".jsonl", media_type="application/jsonl", parts=jsonl.parts),
    LogFormat.XLSX: Shape(
        ending=".xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=xlsx.write,
    ),
}


def write(form: LogFormat, log: Log, path: Path) -> None:
    """Write a log into a file that is there and empty."""
    shape = SHAPES[form]
    if shape.write is not None:
        shape.write(log, path)
        return
    with path.open("wb") as file:
        for part in parts_of(form, log):
            file.write(part)


def as_file(form: LogFormat, log: Log) -> BinaryIO:
    """Give a log as a file without a name, closed by whoever gets it; OSError where there is no room."""
    with temporary.named_file() as file:
        write(form, log, Path(file.name))
        return Path(file.name).open("rb")


def parts_of(form: LogFormat, log: Log) -> Iterator[bytes]:
    """Give a log of a text format as it is read; ValueError for one that is no text."""
    parts = SHAPES[form].parts
    if parts is None:
        message = f"expected a format that is text, found {form.value}"
        raise ValueError(message)
    kept: list[str] = []
    size = 0
    for part in parts(log):
        kept.append(part)
        size += len(part)
        if size >= _PART:
            yield "".join(kept).encode(errors="replace")
            kept, size = [], 0
    yield "".join(kept).encode(errors="replace")
