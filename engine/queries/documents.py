"""One version of a document of a case, through the actor's permission on the case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.definition import Document
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.case_papers import DocumentVersion, document_of, documents_of
from engine.queries.case_submissions import RecordOf, Submission, submission_with

NO_DOCUMENT = say("This document does not exist, or it is not for your role.")


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """A version with the others of its name, newest first; ``made_from`` where a form made it."""

    case: CaseFacts
    header: Document  # of the SOP: the office's lines for what is printed
    document: DocumentVersion
    others: tuple[DocumentVersion, ...]
    made_from: Submission | None
    is_reviewed: bool  # some step decides on documents of this name


def document_page(engine: Engine, actor: Actor, case: UUID, no: int) -> DocumentPage:
    """Read a version of a document for its page, with the versions beside it."""
    with engine.store.reading() as connection:
        found = _read(engine, connection, actor, case, no)
        definition = engine.versions.get(found.case.version).definition
        versions = documents_of(connection, case, definition)
    others = tuple(one for one in versions if one.name == found.document.name and one.no != no)
    return DocumentPage(
        case=found.case,
        header=found.header,
        document=found.document,
        others=others,
        made_from=found.made_from,
        is_reviewed=found.is_reviewed,
    )


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
    )
