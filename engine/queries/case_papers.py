"""What a case has gathered: its documents with all their versions, what was submitted, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from engine.forms.definition import FormDefinition
from engine.model.definition import Definition
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.queries.case_history import payload_of
from engine.queries.named import read_names
from engine.storage import office
from engine.storage.events import read_event
from engine.storage.tables import blob, comment, document, event, person

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
class Submission:
    """What somebody handed in with a completed step; ``names`` are people, units and files in it."""

    seq: int
    element: str
    step: str
    number: int | None
    round: int
    actor: str
    on_behalf_of: str
    at: datetime
    done_on: str  # ISO text, where it was done before it was entered
    form: FormDefinition | None
    values: Mapping[str, Any]
    names: Mapping[str, str]
    withdrawn: bool  # taken back afterwards


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


def submissions(  # noqa: PLR0913 - which part of which record, read with which forms
    connection: Connection,
    case: UUID,
    office_id: UUID,
    definition: Definition,
    forms: Mapping[str, FormDefinition],
    *,
    before: int | None,
    most: int,
) -> tuple[list[Submission], int]:
    """Read what was submitted, newest first; gives the number to go on before, 0 at the end."""
    statement = (
        select(event)
        .where(
            event.c.stream == case,
            event.c.kind.in_([EventKind.TASK_COMPLETED.value, EventKind.COMPLETION_WITHDRAWN.value]),
        )
        .order_by(event.c.seq.desc())
        .limit(most + 1)
    )
    if before is not None:
        statement = statement.where(event.c.seq < before)
    events = [read_event(row) for row in connection.execute(statement).mappings()]
    more = events[most - 1].seq if len(events) > most else 0
    events = events[:most]
    payloads = {one.seq: payload_of(one) for one in events}
    data = {seq: payload.get("data") or {} for seq, payload in payloads.items()}
    names = read_names(connection, office_id, list(data.values()))
    people = {one for item in events for one in (item.actor, item.on_behalf_of) if one is not None}
    posts = {id_: post or name for id_, (name, post) in office.names_of(connection, people).items()}
    steps = {step.element: step for step in definition.steps}
    taken_back: set[tuple[str | None, int | None, int | None]] = set()
    found = []
    for one in events:
        key = (one.element, one.round, one.iteration)
        if one.kind is EventKind.COMPLETION_WITHDRAWN:
            taken_back.add(key)
            continue
        step = steps.get(one.element or "")
        found.append(
            Submission(
                seq=one.seq,
                element=one.element or "",
                step=step.name if step else one.element or "",
                number=step.number if step else None,
                round=one.round or 1,
                actor=posts.get(one.actor, "") if one.actor else "",
                on_behalf_of=posts.get(one.on_behalf_of, "") if one.on_behalf_of else "",
                at=one.at,
                done_on=payloads[one.seq].get("done_on") or "",
                form=forms.get(step.form_key or "") if step else None,
                values=data[one.seq],
                names=names,
                withdrawn=key in taken_back,
            )
        )
        taken_back.discard(key)
    return found, more


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
        select(document, blob, person.c.name.label("person_name"), person.c.post)
        .outerjoin(blob, blob.c.id == document.c.blob)
        .join(person, person.c.id == document.c.author)
        .where(*conditions)
        .order_by(document.c.no.desc())
    )


def _version(row: Row[Any], definition: Definition) -> DocumentVersion:
    steps = {step.element: step.name for step in definition.steps}
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return DocumentVersion(
        no=row.no,
        name=values[document.c.name],
        version=row.version,
        state=DocumentState(row.state),
        element=row.element,
        step=steps.get(row.element, row.element),
        round=row.round,
        author=row.post or row.person_name,
        at=row.at,
        blob=values[document.c.blob],
        object=row.object or "",
        filename=row.filename or "",
        media_type=row.media_type or "",
        size=row.size or 0,
        pages=row.pages,
        sha256=row.digest.hex() if row.digest else "",
        erased=row.erased_at is not None,
    )
