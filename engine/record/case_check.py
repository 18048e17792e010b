"""What the page says that checks one case: whether it is what its events lead to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.replay import must_read_record
from engine.queries.replay_reading import last_seq
from engine.record.rebuild import Answer, Rebuilder

MOST_EVENTS = 15_000  # two seconds of a thread that answers pages: a longer case is for the command


@dataclass(frozen=True, kw_only=True)
class CaseCheck:
    """A case and its answer; None where it is too long to be rebuilt while somebody waits."""

    facts: CaseFacts
    events: int
    answer: Answer | None

    @property
    def kind(self) -> str:
        """Name the answer: same, difference, untold, or long."""
        return type(self.answer).__name__.lower() if self.answer is not None else "long"


def check_case(engine: Engine, actor: Actor, case_id: UUID) -> CaseCheck:
    """Rebuild a case the actor may see, and compare it."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts, events = case_facts(connection, actor, case_id), last_seq(connection, case_id)
    answer = None
    if events <= MOST_EVENTS:
        [(_, answer)] = Rebuilder(engine).rebuild([case_id])
    return CaseCheck(facts=facts, events=events, answer=answer)
