"""Personal data taken out of the rows of audits for good: what they repeat of erased events of an office."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, case, select, update

from engine.model.erasure import ERASED, values_in
from engine.model.event import EventKind
from engine.storage.tables import event, finding, inquiry, sample, sample_case

# By what an event names its subject: the table, and what of its row somebody wrote.
_WRITTEN: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "finding": (
        finding,
        (
            "title",
            "condition",
            "criteria",
            "cause",
            "effect",
            "recommendation",
            "answer",
            "follow_up_text",
            "conclusion",
        ),
    ),
    "inquiry": (inquiry, ("question", "answer")),
    "sample": (sample, ("title", "seed", "conclusion", "review")),
}


def said(connection: Connection, office: UUID, seqs: Collection[int]) -> dict[int, dict[str, Any]]:
    """Read what events of an office say, by number."""
    ours = (event.c.stream == office, event.c.seq.in_(seqs), event.c.payload.is_not(None))
    rows = connection.execute(select(event.c.seq, event.c.payload).where(*ours).order_by(event.c.seq))
    return {row.seq: json.loads(row.payload) for row in rows}


def kept_of_erased(connection: Connection, office: UUID) -> dict[int, dict[str, Any]]:
    """Read what erasures keep of events of an office, by number: what they were about."""
    ours = (event.c.stream == office, event.c.kind == EventKind.DATA_ERASED.value)
    texts = connection.scalars(select(event.c.payload).where(*ours, event.c.payload.is_not(None)))
    return {int(seq): kept for text in texts for seq, kept in json.loads(text)["about"].items()}


def forget_written(connection: Connection, office: UUID, erased: Collection[Mapping[str, Any]]) -> None:
    """Let rows of findings, questions and samples say that a text was erased which one of these events said.

    Their revision goes on: a form that was opened before cannot bring it back.
    """
    for told in erased:
        texts = {text for text in values_in(told) if text}
        for name, (table, columns) in _WRITTEN.items():
            if name in told:
                ours = (table.c.id == UUID(told[name]), table.c.office == office)
                connection.execute(update(table).where(*ours).values(**_without(table, columns, texts)))
        if "finding" in told:
            _forget_figures(connection, UUID(told["finding"]), texts)
        if "sample" in told and "case" in told:
            noted = (
                sample_case.c.sample == UUID(told["sample"]),
                sample_case.c.instance == UUID(told["case"]),
            )
            gone = _without(sample_case, ("note",), texts)
            connection.execute(update(sample_case).where(*noted).values(**gone))


def _forget_figures(connection: Connection, finding_id: UUID, texts: Collection[str]) -> None:
    """Take addresses of figures out of a finding: people type them, and may look for a name by one."""
    kept = connection.scalar(select(finding.c.figures).where(finding.c.id == finding_id))
    left = [one for one in json.loads(kept or "[]") if one not in texts]
    values = {"figures": json.dumps(left)}
    connection.execute(update(finding).where(finding.c.id == finding_id).values(values))


def _without(table: Table, columns: Collection[str], texts: Collection[str]) -> dict[str, ColumnElement[Any]]:
    values = {name: case((table.c[name].in_(texts), ERASED), else_=table.c[name]) for name in columns}
    return values | dict(_next_revision(table))


def _next_revision(table: Table) -> Iterator[tuple[str, ColumnElement[Any]]]:
    if "revision" in table.c:
        yield "revision", table.c.revision + 1
