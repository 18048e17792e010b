"""Documents of cases and the rows of their bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    RowMapping,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    select,
    update,
)

from engine.model.document import DocumentState
from engine.storage.prepared import Prepared
from engine.storage.tables import blob, comment, document, draft, process_version


@dataclass(frozen=True, kw_only=True)
class BlobRow:
    """Bytes in the object store. ``size`` in bytes, ``digest`` SHA-256 of them."""

    id: UUID
    office: UUID
    object: str
    filename: str
    media_type: str
    size: int
    digest: bytes
    pages: int | None
    uploaded_by: UUID | None
    uploaded_at: datetime
    task: UUID | None = None  # for whose drafts it was chosen
    erased_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One version of a document of a case; ``blob`` is None where it is drawn from the record."""

    instance: UUID
    no: int
    name: str
    version: int
    state: DocumentState
    blob: UUID | None
    element: str
    round: int
    author: UUID
    at: datetime


_DOCUMENT_COLUMNS = (
    document.c.instance,
    document.c.no,
    document.c.name,
    document.c.version,
    document.c.state,
    document.c.blob,
    document.c.element,
    document.c.round,
    document.c.author,
    document.c.at,
)


def add_blob(connection: Connection, row: BlobRow) -> None:
    """Write the row of bytes that are already safe in the object store."""
    connection.execute(insert(blob).values(**row.__dict__))


_BLOB = Prepared(select(blob).where(blob.c.id == bindparam("blob_id")))


def blobs(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, BlobRow]:
    """Read rows of bytes by id."""
    rows = (row for one in ids for row in _BLOB.all(connection, {"blob_id": one}))
    return {row.id: BlobRow(**row._asdict()) for row in rows}


def of_instance(connection: Connection, instance_id: UUID) -> list[DocumentRow]:
    """Read every version of every document of a case, in the order they were made."""
    rows = connection.execute(
        select(*_DOCUMENT_COLUMNS).where(document.c.instance == instance_id).order_by(document.c.no)
    )
    return [_read(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def one(connection: Connection, instance_id: UUID, no: int) -> DocumentRow | None:
    """Read one version by its number in the case."""
    row = connection.execute(
        select(*_DOCUMENT_COLUMNS).where(document.c.instance == instance_id, document.c.no == no)
    ).one_or_none()
    return _read(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def _read(row: RowMapping) -> DocumentRow:
    return DocumentRow(**(dict(row) | {"state": DocumentState(row["state"])}))


# Read from the end: what is asked for stands among the last, however long the case has become.
_OF_CASE = document.c.instance == bindparam("instance_id")
_OF_NAME = and_(_OF_CASE, document.c.name == bindparam("named"))
_LAST_VERSION = select(document.c.version).where(_OF_NAME).order_by(document.c.no.desc()).limit(1)
_LAST = Prepared(
    select(document.c.no, _LAST_VERSION.scalar_subquery().label("version"))
    .where(_OF_CASE)
    .order_by(document.c.no.desc())
    .limit(1)
)
_LATEST_OF_NAME = Prepared(
    select(document.c.no, document.c.state)
    .where(_OF_NAME, document.c.state != DocumentState.WITHDRAWN.value)
    .order_by(document.c.no.desc())
    .limit(1)
)
_SET_STATE = Prepared(
    update(document).where(_OF_CASE, document.c.no == bindparam("of_no")).values(state=bindparam("now_is"))
)
_ADD = Prepared(insert(document), *(column.key for column in document.c if column.key != "retention"))


def last(connection: Connection, instance_id: UUID, name: str) -> tuple[int, int]:
    """Read the last number given in a case, and the last version of a name; 0 where there is none."""
    row = _LAST.first(connection, {"instance_id": instance_id, "named": name})
    return (row.no, row.version or 0) if row else (0, 0)


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write document versions."""
    _ADD.run_all(connection, rows)


def set_state(connection: Connection, instance_id: UUID, nos: list[int], state: DocumentState) -> None:
    """Write what became of document versions."""
    rows = [{"instance_id": instance_id, "of_no": no, "now_is": state.value} for no in nos]
    _SET_STATE.run_all(connection, rows)


def latest_of_name(connection: Connection, instance_id: UUID, name: str) -> tuple[int, DocumentState] | None:
    """Find the newest version of a name that was not withdrawn: its number and state."""
    row = _LATEST_OF_NAME.first(connection, {"instance_id": instance_id, "named": name})
    return (row.no, DocumentState(row.state)) if row else None


def blobs_of(connection: Connection, instance_id: UUID, nos: list[int]) -> list[tuple[str, UUID]]:
    """Read (name, blob) of document versions that have bytes."""
    rows = connection.execute(
        select(document.c.name, document.c.blob)
        .where(document.c.instance == instance_id, document.c.no.in_(nos), document.c.blob.is_not(None))
        .order_by(document.c.no)
    )
    return [(row.name, row.blob) for row in rows]


def add_comment(connection: Connection, **columns: Any) -> None:
    """Write a comment."""
    connection.execute(insert(comment).values(**columns))


def objects_in_use(connection: Connection, names: list[str]) -> set[str]:
    """Tell which objects of the store have a row that needs them."""
    needed = (blob.c.object.in_(names), blob.c.erased_at.is_(None))
    return set(connection.scalars(select(blob.c.object).where(*needed)))


def unused_blobs(connection: Connection, before: datetime, among: Collection[UUID] = ()) -> list[UUID]:
    """Find bytes uploaded before an instant that no document, no draft and no approval names any more.

    Each is looked up in the indexes of what may name it: documents, and the drafts of the task it was
    chosen for. ``among`` asks about a few only.
    """
    named = exists().where(document.c.blob == blob.c.id)
    hexed = (
        func.replace(cast(blob.c.id, Text), "-", "")
        if connection.dialect.name == "postgresql"
        else func.lower(func.hex(blob.c.id))
    )
    drafted = exists().where(draft.c.task == blob.c.task, draft.c.staged.contains(hexed))
    approves = exists().where(process_version.c.approval == blob.c.id)
    statement = select(blob.c.id).where(blob.c.uploaded_at < before, ~named, ~drafted, ~approves)
    return list(connection.scalars(statement.where(blob.c.id.in_(among)) if among else statement))


def comment_text(connection: Connection, comment_id: UUID) -> str | None:
    """Read a comment that was written already."""
    return connection.scalar(select(comment.c.text).where(comment.c.id == comment_id))


def drop_blobs(connection: Connection, ids: list[UUID]) -> None:
    """Take rows of bytes away."""
    if ids:
        connection.execute(blob.delete().where(blob.c.id.in_(ids)))
