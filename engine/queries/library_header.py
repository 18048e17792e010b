"""The header of an SOP: as it was typed, but for what the record of its approval says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.definition import Document
from engine.model.revision import Approved, Signatory, with_record
from engine.queries.library_versions import VersionRow
from engine.queries.version_origins import FirstMade, first_made


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What is filled in for an approval that is still to come; what is empty is not known yet."""

    number: str  # nomor SOP
    effective_from: date | None
    signatory: Signatory


def header_of(
    engine: Engine, actor: Actor, typed: Document, shown: VersionRow, first: FirstMade | None
) -> Document:
    """Give the header of a version; until an operator's deployment is approved that is as it was typed."""
    if shown.approved_at is None:
        return typed if shown.author_id is None else with_record(typed, None)
    made = engine.calendar_of(actor.office).local(shown.deployed_at).date()
    is_first = first is None or first.id == shown.id  # what this one replaced was never approved
    approved = Approved(
        number=shown.sop_number,
        created_on=_created_on(engine, actor, typed, shown, None if is_first else first),
        revised_on=None if is_first else made,
        effective_on=shown.effective_from,
        approver_post=shown.approver_post,
        approver_name=shown.approver_name,
        approver_nip=shown.approver_nip,
    )
    return with_record(typed, approved)


def header_if_approved(
    engine: Engine,
    actor: Actor,
    typed: Document,
    version: VersionRow,
    filled: Filled,
) -> Document:
    """Give the header that a version will have once it is approved so."""
    shown = replace(
        version,
        approved_at=engine.clock.now(),
        sop_number=filled.number,
        effective_from=filled.effective_from,
        approver_post=filled.signatory.post,
        approver_name=filled.signatory.name,
        approver_nip=filled.signatory.nip,
    )
    with engine.store.reading() as connection:
        first = first_made(connection, engine.versions.get(shown.id).process)
    return header_of(engine, actor, typed, shown, first)


def _created_on(
    engine: Engine, actor: Actor, typed: Document, shown: VersionRow, first: FirstMade | None
) -> str:
    """Give the day an SOP was made: that of its first version, where None is the one shown."""
    if first is not None:
        return _made_on(engine, actor, first)
    if shown.author_id is None:
        return typed.created_on
    return engine.calendar_of(actor.office).local(shown.deployed_at).date().isoformat()


def _made_on(engine: Engine, actor: Actor, first: FirstMade) -> str:
    """Give the day an SOP was made: an operator's version says it itself, or nobody knows."""
    if first.by_operator:
        return engine.versions.get(first.id).definition.document.created_on
    return engine.calendar_of(actor.office).local(first.deployed_at).date().isoformat()
