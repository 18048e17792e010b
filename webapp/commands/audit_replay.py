"""``alur audit replay``: cases rebuilt from their events, and compared with what is stored."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.core import Engine
from engine.queries.stored_case import Listed, cases_after, cases_named, count_cases
from engine.record.rebuild import Answer, Difference, Rebuilder, Same
from webapp.commands.opening import at_desk, places
from webapp.commands.rebuilding import rebuilt
from webapp.commands.telling import counted, tell

_LISTED = 500  # cases that are listed at once
_MOST_CASES, _MOST_EVENTS = 50, 5_000  # of a piece of work


@dataclass
class _Count:
    """How many cases came out how."""

    answers: Counter[str] = field(default_factory=Counter)
    events: int = 0

    def add(self, listed: Listed, answer: Answer) -> None:
        self.answers[type(answer).__name__] += 1
        self.events += listed.events

    def __str__(self) -> str:
        same, differ, untold = (self.answers[name] for name in ("Same", "Difference", "Untold"))
        cases = f"{counted(sum(self.answers.values()), 'case')}, {counted(self.events, 'event')}"
        return f"{cases}: {same:,} the same, {differ:,} not, {untold:,} cannot be told"


@click.command()
@click.argument("case", required=False)
@click.option("--all", "every", is_flag=True, help="Rebuild every case.")
@click.option("--sop", metavar="KEY", help="Rebuild every case of one SOP.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object per case.")
@click.option("--processes", type=click.IntRange(1), help="At once; as many as there are processors.")
def command(*, case: str | None, every: bool, sop: str | None, as_json: bool, processes: int | None) -> None:
    """Rebuild CASE (its number or id) from its events, or every case, and compare with what is stored.

    Each act on record is done once more by the engine, in memory; what followed must be what the record
    says, and in the end tasks, timers, jobs, documents and values must be those of the database.

    A line for each case that is not the same: at which event, what, as expected, as found; or why it
    cannot be told. With --json an object per case and line: "case", "answer" (same, difference, untold),
    "events", "seq", "at", "what", "expected", "found", "why".

    Exit code 1 where any case is not the same.
    """
    if (case is None) == (not every and sop is None):
        raise click.UsageError("Name a case, or say --all or --sop KEY.")
    with at_desk() as desk:
        engine = desk.engine
        if case is not None:
            answers, total = _one(engine, case), 1
        else:
            with engine.store.reading() as connection:
                total = count_cases(connection, key=sop)
            many = min(processes or os.cpu_count() or 1, 1 + total // _MOST_CASES)
            pieces = _pieces(engine, sop)
            answers = rebuilt(places(desk.settings), pieces, many) if many > 1 else _here(engine, pieces)
        begun = time.monotonic()
        count = _told(answers, total, as_json=as_json)
    if not as_json:
        tell(f"{count}. {_rate(count, time.monotonic() - begun)}")
    raise SystemExit(1 if count.answers["Difference"] else 0)


def _one(engine: Engine, name: str) -> Iterator[tuple[Listed, Answer]]:
    with engine.store.reading() as connection:
        found = cases_named(connection, name)
    if not found:
        raise click.ClickException(f"There is no case “{name}”. Expected its number or its id.")
    return _here(engine, iter([found]))


def _here(engine: Engine, pieces: Iterator[list[Listed]]) -> Iterator[tuple[Listed, Answer]]:
    rebuilder = Rebuilder(engine)
    for piece in pieces:
        listed = {one.id: one for one in piece}
        for id_, answer in rebuilder.rebuild(tuple(listed)):
            yield listed[id_], answer


def _pieces(engine: Engine, key: str | None) -> Iterator[list[Listed]]:
    """List the cases, a little at a time, in pieces that are some work and not much memory."""
    last: UUID | None = None
    piece: list[Listed] = []
    while True:
        with engine.store.reading() as connection:
            found = cases_after(connection, last, _LISTED, key=key)
        for one in found:
            if piece and (len(piece) == _MOST_CASES or sum(x.events for x in piece) > _MOST_EVENTS):
                yield piece
                piece = []
            piece.append(one)
        if len(found) < _LISTED:
            break
        last = found[-1].id
    if piece:
        yield piece


def _told(answers: Iterator[tuple[Listed, Answer]], total: int, *, as_json: bool) -> _Count:
    """Tell each answer as it comes."""
    count = _Count()
    console = Console(stderr=True)
    bar = _bar(console) if console.is_terminal and total > 1 else None
    with bar or nullcontext():
        task = bar.add_task("cases", total=total) if bar else None
        for listed, answer in answers:
            count.add(listed, answer)
            if as_json:
                tell(json.dumps(_entry(listed, answer), ensure_ascii=False))
            elif not isinstance(answer, Same):
                (bar.console.print if bar and sys.stdout.isatty() else tell)(_line(listed, answer))
            if bar and task is not None:
                bar.advance(task)
    return count


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _line(listed: Listed, answer: Answer) -> str:
    if isinstance(answer, Difference):
        return (
            f"{listed.id}: not the same from event {answer.seq} on. {answer.what}: "
            f"expected {answer.expected}, found {answer.found}"
        )
    return (
        f"{listed.id}: cannot be told from event {answer.seq} on. {answer.why}"
        if not isinstance(answer, Same)
        else ""
    )


def _entry(listed: Listed, answer: Answer) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "case": listed.id.hex,
        "answer": type(answer).__name__.lower(),
        "events": listed.events,
    }
    if isinstance(answer, Same):
        return entry
    if isinstance(answer, Difference):
        at = answer.at.isoformat() if answer.at else None
        words = {"what": str(answer.what), "expected": str(answer.expected), "found": str(answer.found)}
        return entry | {"seq": answer.seq, "at": at} | words
    return entry | {"seq": answer.seq, "why": str(answer.why)}


def _rate(count: _Count, seconds: float) -> str:
    cases = sum(count.answers.values())
    return f"{cases / seconds:,.0f} cases a second." if cases > 1 and seconds else ""
