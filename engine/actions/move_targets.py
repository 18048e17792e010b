"""What open cases are held against: a draft that could be deployed, or a version that people work by."""

from __future__ import annotations

from uuid import UUID

from engine.actions.deployment import read_files
from engine.actions.process_drafts import open_draft, package_of
from engine.bpmn.move_facts import VersionFacts, version_facts
from engine.bpmn.package import read_forms
from engine.bpmn.recent import Recent
from engine.core import Engine
from engine.errors import Conflict, Refused, say
from engine.model.actor import Actor
from engine.model.batch import Batch

_DRAFTS: Recent[tuple[UUID, int], VersionFacts] = Recent(8)


def facts_of(engine: Engine, actor: Actor, batch: Batch) -> VersionFacts:
    """Give what a batch's draft or version means. Conflict where the draft is another one by now."""
    if batch.draft is None or batch.draft_revision is None:
        assert batch.version is not None  # noqa: S101 - one of both
        return engine.versions.facts_of(batch.version)
    known = _DRAFTS.get((batch.draft, batch.draft_revision))
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, batch.draft)
    if draft.revision != batch.draft_revision:
        raise Conflict(say("The draft was changed in the meantime. Look at the open cases again."))
    if known is None:
        package = package_of(draft)
        try:
            read = read_files(engine, actor.office, package)
        except Refused as refused:
            raise Conflict(
                say("The draft has problems that keep it from being run. Put them right first.")
            ) from refused
        known = version_facts(read.spec, read.definition, read_forms(package.forms))
        _DRAFTS.put((batch.draft, batch.draft_revision), known)
    return known
