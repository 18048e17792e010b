"""Evidence that somebody took away: who, of which case, which file."""

from __future__ import annotations

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.queries.case_access import CaseFacts
from engine.queries.evidence import must_read_record
from engine.storage import events
from engine.storage.events import Line


def evidence_taken(engine: Engine, actor: Actor, case: CaseFacts, sha256: str, count: int) -> None:
    """Put on record that a bundle was made of a case's first ``count`` events, with the file's digest.

    In the office's stream: taking the evidence of a case does not change the case.
    """
    must_read_record(actor)
    line = Line(kind=EventKind.BUNDLE_MADE, payload=evidence_facts(case, sha256, count))
    with engine.store.transaction() as connection:
        events.append(connection, Scope.OFFICE, case.office, actor, engine.clock.now(), [line])


def evidence_facts(case: CaseFacts, sha256: str, count: int) -> dict[str, object]:
    """Say which file it is, as the record does."""
    return {"case": case.id.hex, "number": case.number, "events": count, "sha256": sha256}
