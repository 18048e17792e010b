"""Event logs and tables that are taken away: who took what is on record before the first byte leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.reads import as_asked
from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.event_log import LogFormat, Selection
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.event_log import chosen_cases, count_cases
from engine.storage import events
from engine.storage.events import Line


def record_export(engine: Engine, actor: Actor, form: LogFormat, asked: Selection) -> int:
    """Put on record that a log is taken away; gives the number of its cases.

    For whoever may not read the record there is nothing to be seen; the operator of the command line may.
    """
    facts = export_facts(engine, actor, form, asked)
    _record(engine, actor, facts.on_record)
    return facts.cases


@dataclass(frozen=True, kw_only=True)
class ExportFacts:
    """A log as the record tells it, and how large it is."""

    on_record: Mapping[str, object]
    cases: int
    events: int


def export_facts(engine: Engine, actor: Actor, form: LogFormat, asked: Selection) -> ExportFacts:
    """Count what is chosen; what is wrong with the choice, and for whom it is nothing, is told."""
    if actor.person is not None and not actor.may(Permission.READ_RECORD):
        raise NotFound(NO_PAGE)
    chosen = chosen_cases(engine, actor, asked)
    with engine.store.reading() as connection:
        cases, count = count_cases(connection, chosen)
    facts = {"format": form.value, **asked.to_json(), "cases": cases}
    told = {name: value for name, value in facts.items() if value not in (None, "")}
    return ExportFacts(on_record=told, cases=cases, events=count)


def record_workbook(engine: Engine, actor: Actor, page: str, asked: Mapping[str, str]) -> None:
    """Put on record that the table of a page is taken away: the page's address, and what was asked of it.

    Whether it is there for the actor, the page's own query has said before.
    """
    _record(engine, actor, {"format": LogFormat.XLSX.value, "page": page, "asked": as_asked(asked)})


def _record(engine: Engine, actor: Actor, payload: Mapping[str, object]) -> None:
    # What was looked for is salted, so that it can be erased; what was chosen from lists names nobody.
    line = Line(kind=EventKind.RECORD_EXPORTED, payload=payload, entered=bool(payload.get("asked")))
    with engine.store.transaction() as connection:
        events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])
