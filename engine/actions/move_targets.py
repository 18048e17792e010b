"""What cases are held against: a draft that could be deployed, or a version that people work by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.actions.deployment import read_files
from engine.actions.process_drafts import open_draft
from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.move_facts_read import version_facts
from engine.bpmn.package import read_forms
from engine.bpmn.recent import Recent
from engine.core import Engine
from engine.errors import Conflict, Refused, say
from engine.forms.definition import FormDefinition
from engine.model.actor import Actor
from engine.model.batch import Batch
from engine.model.definition import Definition
from engine.queries.process_drafts import package_of


@dataclass(frozen=True, kw_only=True)
class Target:
    """A content of an SOP, ready to be run."""

    facts: VersionFacts
    definition: Definition
    spec: str
    forms: Mapping[str, FormDefinition]

    def form_of(self, element: str) -> FormDefinition | None:
        """Find the form of a step; None where it has none."""
        step = next((one for one in self.definition.steps if one.element == element), None)
        return self.forms.get(step.form_key or "") if step is not None else None


_DRAFTS: Recent[tuple[UUID, int], Target] = Recent(8)


def target_of(engine: Engine, actor: Actor, batch: Batch) -> Target:
    """Give a batch's draft or version. Conflict where the draft is another one by now, or has problems."""
    if batch.draft is None or batch.draft_revision is None:
        assert batch.version is not None  # noqa: S101 - one of both
        version = engine.versions.get(batch.version)
        return Target(
            facts=engine.versions.facts_of(version.id),
            definition=version.definition,
            spec=engine.versions.spec_of(version.id),
            forms=version.forms,
        )
    known = _DRAFTS.get((batch.draft, batch.draft_revision))
    with engine.store.reading() as connection:
        draft = open_draft(connection, actor, batch.draft)
    if draft.revision != batch.draft_revision:
        raise Conflict(say("The draft was changed in the meantime. Look at the cases again."))
    if known is None:
        package = package_of(draft)
        try:
            read = read_files(engine, actor.office, package)
        except Refused as refused:
            raise Conflict(
                say("The draft has problems that keep it from being run. Put them right first.")
            ) from refused
        forms = read_forms(package.forms)
        facts = version_facts(read.spec, read.definition, forms)
        known = Target(facts=facts, definition=read.definition, spec=read.spec, forms=forms)
        _DRAFTS.put((batch.draft, batch.draft_revision), known)
    return known
