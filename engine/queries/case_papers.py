"""What a case has gathered: its documents with their versions, and what was said.

A page lists so many versions of each document; the case's page of documents has them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from engine.model.definition import Definition
from engine.model.document import DocumentState
from engine.queries.named import in_full
from engine.storage.tables import blob, comment, document, person

SHOWN_VERSIONS = 6  # of one name, the newest among them
DOCUMENTS_PAGE = 60
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
    author: str  # in full
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
    """A document by its name: the version that counts, and the others, newest first.

    ``more`` counts older versions that are not among them.
    """

    name: str
    newest: DocumentVersion
    others: tuple[DocumentVersion, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Versions:
    """Versions of a case's documents, newest first; ``before`` leads to earlier ones, None without."""

    rows: tuple[DocumentVersion, ...]
    before: int | None


@dataclass(frozen=True, kw_only=True)
class Comment:
    """Something that was said about the case."""

    author: str
    at: datetime
    text: str
    step: str


def named_documents(connection: Connection, instance: UUID, definition: Definition) -> list[NamedDocument]:
    """Read a case's documents by name; one that was withdrawn does not count."""
    counting = case((document.c.state != DocumentState.WITHDRAWN, document.c.version))
    names = (
        select(
            document.c.name,
            func.max(document.c.version).label("newest"),
            func.max(counting).label("counting"),
            func.count().label("versions"),
        )
        .where(document.c.instance == instance)
        .group_by(document.c.name)
        .subquery()
    )
    rows = connection.execute(
        _documents(document.c.instance == instance)
        .add_columns(names.c.counting, names.c.versions)
        .join(
            names,
            and_(
                names.c.name == document.c.name,
                or_(
                    document.c.version > names.c.newest - SHOWN_VERSIONS,
                    document.c.version == names.c.counting,
                ),
            ),
        )
    ).all()
    by_name: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    return [_named(several, definition) for several in by_name.values()]


def _named(rows: list[Row[Any]], definition: Definition) -> NamedDocument:
    versions = [_version(row, definition) for row in rows]
    newest = next((one for one in versions if one.version == rows[0].counting), versions[0])
    return NamedDocument(
        name=newest.name,
        newest=newest,
        others=tuple(one for one in versions if one is not newest),
        more=rows[0].versions - len(rows),
    )


def versions_of(
    connection: Connection,
    instance: UUID,
    definition: Definition,
    *,
    before: int | None = None,
    name: str | None = None,
    most: int = DOCUMENTS_PAGE,
) -> Versions:
    """Read the versions of a case's documents (of one name) before a number, newest first."""
    wanted = [document.c.instance == instance]
    if before is not None:
        wanted.append(document.c.no < before)
    if name is not None:
        wanted.append(document.c.name == name)
    rows = connection.execute(_documents(*wanted).limit(most + 1)).all()
    shown = tuple(_version(row, definition) for row in rows[:most])
    return Versions(rows=shown, before=shown[-1].no if len(rows) > most else None)


def document_of(
    connection: Connection, instance: UUID, no: int, definition: Definition
) -> DocumentVersion | None:
    """Read one version by its number in the case."""
    row = connection.execute(_documents(document.c.instance == instance, document.c.no == no)).one_or_none()
    return _version(row, definition) if row is not None else None


def comments_of(connection: Connection, instance: UUID, definition: Definition) -> list[Comment]:
    """Read what was said about a case, newest first."""
    rows = connection.execute(
        select(comment.c.text, comment.c.at, comment.c.element, person.c.name, person.c.post)
        .join(person, person.c.id == comment.c.author)
        .where(comment.c.instance == instance)
        .order_by(comment.c.id.desc())
        .limit(_MOST_COMMENTS)
    )
    steps = {step.element: step.name for step in definition.steps}
    return [
        Comment(author=in_full(row.name, row.post), at=row.at, text=row.text, step=steps.get(row.element, ""))
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
        author=in_full(row.person_name, row.post),
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
