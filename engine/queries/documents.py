"""One version of a document of a case, through the actor's permission on the case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.definition import Document
from engine.model.permission import Permission
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.case_papers import SHOWN_VERSIONS, DocumentVersion, document_of, versions_of
from engine.queries.case_submissions import RecordOf, Submission, submission_with

NO_DOCUMENT = say("This document does not exist, or it is not for your role.")


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """A version with others of its name, newest first; ``made_from`` where a form made it.

    ``more`` tells that there are others besides.
    """

    case: CaseFacts
    header: Document  # of the SOP: the office's lines for what is printed
    document: DocumentVersion
    others: tuple[DocumentVersion, ...]
    made_from: Submission | None
    is_reviewed: bool  # some step decides on documents of this name
    may_verify: bool  # is shown what proves that the bytes are unchanged
    more: bool = False


def document_page(engine: Engine, actor: Actor, case: UUID, no: int) -> DocumentPage:
    """Read a version of a document for its page, with the versions beside it."""
    with engine.store.reading() as connection:
        found = _read(engine, connection, actor, case, no)
        definition = engine.versions.get(found.case.version).definition
        name = found.document.name
        versions = versions_of(connection, case, definition, name=name, most=2 * SHOWN_VERSIONS)
    others = tuple(one for one in versions.rows if one.no != no)
    return replace(found, others=others, more=versions.before is not None)


def document_file(engine: Engine, actor: Actor, case: UUID, no: int) -> DocumentPage:
    """Read what is needed to hand a version out, and nothing beside it."""
    with engine.store.reading() as connection:
        return _read(engine, connection, actor, case, no)


def _read(engine: Engine, connection: Connection, actor: Actor, case: UUID, no: int) -> DocumentPage:
    facts = case_facts(connection, actor, case)
    version = engine.versions.get(facts.version)
    found = document_of(connection, case, no, version.definition)
    if found is None or found.erased:
        raise NotFound(NO_DOCUMENT)
    made_from = None
    if found.blob is None:
        record = RecordOf(
            case=facts.id, office=facts.office, definition=version.definition, forms=version.forms
        )
        made_from = submission_with(connection, record, found.element, found.round, no)
    return DocumentPage(
        case=facts,
        header=version.definition.document,
        document=found,
        others=(),
        made_from=made_from,
        is_reviewed=any(
            form.decision is not None and form.decision.decision == found.name
            for form in version.forms.values()
        ),
        may_verify=actor.may(Permission.SUPERVISE_CASES),
    )
