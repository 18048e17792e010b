"""The tables of the report as sheets of a workbook: the case, its steps, documents, events and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.form_documents import Section, Table
from engine.model.calendar import WorkCalendar
from engine.model.event import Event, EventKind
from engine.queries.evidence import Evidence
from engine.record.bundle.telling import Teller
from engine.record.bundle.words import happened
from engine.record.workbook import Cell, Sheet

_TIME = frozenset({"Selesai", "Pada"})
_OWN_COLUMN = frozenset({"Pada", "Oleh"})


def as_sheets(evidence: Evidence, calendar: WorkCalendar) -> Iterator[Sheet]:
    """Tell a case as the report of its bundle does; times are those of the office."""
    teller = Teller(evidence, calendar)
    yield Sheet(title="Berkas", head=("Keterangan", "Isi"), rows=teller.case().pairs)
    done = [one.event.at for one in evidence.events if one.event.kind is EventKind.TASK_COMPLETED]
    of_papers = [one.at for one in evidence.documents]
    for section, times in ((teller.steps(), done), (teller.documents(), of_papers)):
        if section.table is not None:
            rows = _rows(section.table, map(calendar.local, times))
            yield Sheet(title=section.title, head=section.table.columns, rows=rows)
    told = [(one.event, teller.event(one)) for one in evidence.events]
    yield Sheet(
        title="Kejadian",
        head=("No", "Kejadian", "Kegiatan", "Putaran", "Pada", "Oleh", "Keterangan"),
        rows=(
            (
                event.seq,
                happened(event.kind),
                teller.step_name(one),
                event.round,
                calendar.local(event.at),
                teller.who(one),
                "; ".join(f"{label}: {value}" for label, value in section.pairs if label not in _OWN_COLUMN),
            )
            for one, (event, section) in zip(evidence.events, told, strict=True)
        ),
    )
    yield Sheet(title="Isian", head=("No kejadian", "Isian", "Semula", "Menjadi"), rows=_values(told))


def _values(told: list[tuple[Event, Section]]) -> Iterator[tuple[Cell, ...]]:
    for event, section in told:
        for row in section.table.rows if section.table else ():
            yield event.seq, *row


def _rows(table: Table, times: Iterable[datetime]) -> Iterator[tuple[Cell, ...]]:
    """Give numbers as numbers, and the time of each row as a time: in the report both are words."""
    at = next(place for place, name in enumerate(table.columns) if name in _TIME)
    for row, time in zip(table.rows, times, strict=True):
        yield tuple(
            time if place == at else int(value) if place in table.numbers and value.isdecimal() else value
            for place, value in enumerate(row)
        )
