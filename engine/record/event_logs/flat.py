"""An event as a flat row: the same columns in CSV, JSON Lines and workbooks. Their names are for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from engine.record.event_logs.entries import Entry
from engine.record.event_logs.log import Log

COLUMNS = (
    "case",  # its number
    "case_id",
    "title",
    "sop",
    "version",  # in force for the case then
    "trial",
    "status",  # of the case, when the log was written
    "event",  # seq in the record; steps of nobody: that of the event that tells them, and a number
    "time",
    "begun",
    "kind",
    "activity",
    "transition",
    "withdrawn",
    "element",
    "round",
    "iteration",
    "role",
    "person",
    "post",
    "person_id",
    "on_behalf_of",
    "worked",  # working minutes
    "waited",
    "payload",
)
Row = dict[str, Any]


def rows_of(log: Log) -> Iterator[Row]:
    """Give a row per event, in the order of ``COLUMNS``; times are instants, the payload is a mapping."""
    for trace in log.traces():
        about = {
            "case": trace.number,
            "case_id": trace.id.hex,
            "title": trace.title,
            "sop": trace.sop,
            "version": None,
            "trial": trace.trial,
            "status": trace.status,
        }
        for one in trace.entries:
            yield about | _row(log, one)


def _row(log: Log, one: Entry) -> Row:
    version = log.subjects.versions.get(one.version)
    name, post = person_of(log, one.person)
    return {
        "version": version.number if version else None,
        "event": one.id,
        "time": one.at,
        "begun": one.begun,
        "kind": one.kind,
        "activity": one.activity,
        "transition": one.transition,
        "withdrawn": one.withdrawn,
        "element": one.element or None,
        "round": one.round,
        "iteration": one.iteration,
        "role": one.role or None,
        "person": name or None,
        "post": post or None,
        "person_id": one.person.hex if one.person else None,
        "on_behalf_of": person_of(log, one.on_behalf_of)[0] or None,
        "worked": one.worked,
        "waited": one.waited,
        "payload": one.payload,
    }


def person_of(log: Log, person: UUID | None) -> tuple[str, str]:
    """Give name and post; empty for nobody. Who is not of the office any more is named by identity."""
    if person is None:
        return "", ""
    return log.subjects.people.get(person, (person.hex, ""))


def instant(at: datetime) -> str:
    """Write a time in UTC, always with six decimals, as the record does."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
