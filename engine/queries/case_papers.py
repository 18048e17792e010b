"""What a case has gathered: its documents with all their versions, and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from engine.model.definition import Definition
from engine.model.document import DocumentState
from engine.storage.tables import blob, comment, document, person

MOST_DOCUMENTS = 400  # versions
_MOST_COMMENTS = 50


@dataclass(frozen=True, kw_only=True)
class DocumentVersion:
    """One version; without a ``media_type`` it was made from a form and is drawn from the record."""

    no: int  # its address in the case
    name: str
    version: int
    state: DocumentState
    element: str
    step: str
    round: int
    author: str  # post, else name
    at: datetime
    blob: UUID | None = None
    object: str = ""  # its bytes in the store
    filename: str = ""
    media_type: str = ""
    size: int = 0
    pages: int | None = None
    sha256: str = ""
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class NamedDocument:
    """A document by its name: the version that counts, and the others, newest first."""

    name: str
    newest: DocumentVersion
    others: tuple[DocumentVersion, ...]


@dataclass(frozen=True, kw_only=True)
class Comment:
    """Something that was said about the case."""

    author: str
    at: datetime
    text: str
    step: str


def documents_of(connection: Connection, case: UUID, definition: Definition) -> list[DocumentVersion]:
    """Read the versions of a case's documents, newest first; of very many the oldest are left out."""
    rows = connection.execute(_documents(document.c.instance == case).limit(MOST_DOCUMENTS))
    return [_version(row, definition) for row in rows]


def document_of(
    connection: Connection, case: UUID, no: int, definition: Definition
) -> DocumentVersion | None:
    """Read one version by its number in the case."""
    row = connection.execute(_documents(document.c.instance == case, document.c.no == no)).one_or_none()
    return _version(row, definition) if row is not None else None


def by_name(versions: Iterable[DocumentVersion]) -> list[NamedDocument]:
    """Put versions (newest first) under their names; one that was withdrawn does not count."""
    names: dict[str, list[DocumentVersion]] = {}
    for version in versions:
        names.setdefault(version.name, []).append(version)
    found = []
    for name, several in names.items():
        counting = (one for one in several if one.state is not DocumentState.WITHDRAWN)
        newest = next(counting, several[0])
        others = tuple(one for one in several if one is not newest)
        found.append(NamedDocument(name=name, newest=newest, others=others))
    return found


def comments_of(connection: Connection, case: UUID, definition: Definition) -> list[Comment]:
    """Read what was said about a case, newest first."""
    rows = connection.execute(
        select(comment.c.text, comment.c.at, comment.c.element, person.c.name, person.c.post)
        .join(person, person.c.id == comment.c.author)
        .where(comment.c.instance == case)
        .order_by(comment.c.id.desc())
        .limit(_MOST_COMMENTS)
    )
    steps = {step.element: step.name for step in definition.steps}
    return [
        Comment(author=row.post or row.name, at=row.at, text=row.text, step=steps.get(row.element, ""))
        for row in rows
    ]


def _documents(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            document.c.no,
            document.c.name,
            document.c.version,
            document.c.state,
            document.c.element,
            document.c.round,
            document.c.at,
            document.c.blob,
            blob.c.object,
            blob.c.filename,
            blob.c.media_type,
            blob.c.size,
            blob.c.pages,
            blob.c.digest,
            blob.c.erased_at,
            person.c.name.label("person_name"),
            person.c.post,
        )
        .outerjoin(blob, blob.c.id == document.c.blob)
        .join(person, person.c.id == document.c.author)
        .where(*conditions)
        .order_by(document.c.no.desc())
    )


def _version(row: Row[Any], definition: Definition) -> DocumentVersion:
    steps = {step.element: step.name for step in definition.steps}
    return DocumentVersion(
        no=row.no,
        name=row.name,
        version=row.version,
        state=DocumentState(row.state),
        element=row.element,
        step=steps.get(row.element, row.element),
        round=row.round,
        author=row.post or row.person_name,
        at=row.at,
        blob=row.blob,
        object=row.object or "",
        filename=row.filename or "",
        media_type=row.media_type or "",
        size=row.size or 0,
        pages=row.pages,
        sha256=row.digest.hex() if row.digest else "",
        erased=row.erased_at is not None,
    )
