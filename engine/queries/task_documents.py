"""The documents of a task page: what the step needs, what was reviewed, what it must leave behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from engine import previews
from engine.forms.definition import FieldType, FormDefinition
from engine.forms.display import Shown
from engine.model.definition import DocumentSource, Step
from engine.model.document import DocumentState
from engine.model.naming import post_and_name
from engine.model.task import Task
from engine.storage.documents import BlobRow
from engine.storage.tables import blob, document, person

__all__ = [
    "BlobRow",
    "CaseDocument",
    "Needed",
    "Slot",
    "chosen",
    "documents_named",
    "left_by",
    "needed",
    "slots",
]

_MOST = 200  # versions looked at; the case page has them all
_EARLIER = 8  # earlier versions listed below a document


@dataclass(frozen=True, kw_only=True)
class CaseDocument:
    """One version of a document of the case; ``filename`` is empty where it was made from a form."""

    no: int
    name: str
    version: int
    state: DocumentState
    element: str
    round: int
    author: str  # with post
    at: datetime
    filename: str = ""
    media_type: str = ""
    size: int = 0
    pages: int | None = None

    @property
    def is_made(self) -> bool:
        """Tell whether it is drawn from what was submitted."""
        return not self.filename

    @property
    def can_be_shown(self) -> bool:
        """Tell whether its pages can be shown as pictures."""
        return bool(self.pages) and previews.can_be_shown(self.media_type)


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A document the step needs: its newest version with what it says, and the versions before."""

    name: str
    required: bool
    newest: CaseDocument | None
    earlier: tuple[CaseDocument, ...] = ()
    shown: tuple[Shown, ...] = ()  # of a document made from a form


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A document the step must leave behind. ``version`` is the one it will be."""

    name: str
    place: int  # among the step's outputs
    field: str  # name of its file field: "output.0", or the form's own
    required: bool
    from_form: bool
    version: int
    asked_by: str = ""  # label of the form's own file field for it
    staged: tuple[BlobRow, ...] = ()
    accept: tuple[str, ...] = ()  # endings it takes; empty takes every kind that is kept


_COLUMNS = (
    document.c.no,
    document.c.name,
    document.c.version,
    document.c.state,
    document.c.element,
    document.c.round,
    document.c.at,
    person.c.name.label("author_name"),
    person.c.post.label("author_post"),
    blob.c.filename,
    blob.c.media_type,
    blob.c.size,
    blob.c.pages,
)


def documents_named(
    connection: Connection, case: UUID, names: Sequence[str]
) -> dict[str, list[CaseDocument]]:
    """Read the versions of documents by name, the newest first; what was withdrawn is left out."""
    if not names:
        return {}
    rows = connection.execute(
        select(*_COLUMNS)
        .join(person, person.c.id == document.c.author)
        .outerjoin(blob, blob.c.id == document.c.blob)
        .where(
            document.c.instance == case,
            document.c.name.in_(sorted(set(names))),
            document.c.state != DocumentState.WITHDRAWN,
        )
        .order_by(document.c.no.desc())
        .limit(_MOST)
    )
    found: dict[str, list[CaseDocument]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(_document(row))
    return found


def left_by(connection: Connection, task: Task) -> tuple[CaseDocument, ...]:
    """Read the documents that a completed step left behind."""
    rows = connection.execute(
        select(*_COLUMNS)
        .join(person, person.c.id == document.c.author)
        .outerjoin(blob, blob.c.id == document.c.blob)
        .where(
            document.c.instance == task.instance,
            document.c.element == task.element,
            document.c.round == task.round,
            document.c.state != DocumentState.WITHDRAWN,
        )
        .order_by(document.c.no)
    )
    return tuple(_document(row) for row in rows)


def _document(row: Row[*tuple[Any, ...]]) -> CaseDocument:
    return CaseDocument(
        no=row.no,
        name=row.name,
        version=row.version,
        state=DocumentState(row.state),
        element=row.element,
        round=row.round,
        author=post_and_name(row.author_name, row.author_post),
        at=row.at,
        filename=row.filename or "",
        media_type=row.media_type or "",
        size=row.size or 0,
        pages=row.pages,
    )


def needed(
    step: Step, found: Mapping[str, Sequence[CaseDocument]], shown: Mapping[int, tuple[Shown, ...]]
) -> tuple[Needed, ...]:
    """Give the step's kelengkapan; ``shown`` is what documents made from forms say, by their number."""
    rows = []
    for one in step.inputs:
        versions = found.get(one.name, ())
        newest = versions[0] if versions else None
        rows.append(
            Needed(
                name=one.name,
                required=one.required,
                newest=newest,
                earlier=tuple(versions[1 : 1 + _EARLIER]),
                shown=shown.get(newest.no, ()) if newest else (),
            )
        )
    return tuple(rows)


def slots(
    step: Step,
    form: FormDefinition | None,
    staged: Mapping[str, Sequence[str]],
    blobs: Mapping[UUID, BlobRow],
    found: Mapping[str, Sequence[CaseDocument]],
) -> tuple[Slot, ...]:
    """Give the step's output slots with the files chosen for them."""
    return tuple(
        Slot(
            name=output.name,
            place=place,
            field=f"output.{place}",
            required=output.required,
            from_form=output.source is DocumentSource.FORM,
            version=1 + max((one.version for one in found.get(output.name, ())), default=0),
            asked_by=_asked_by(form, output.name),
            staged=chosen(staged.get(f"output.{place}", ()), blobs),
            accept=output.accept,
        )
        for place, output in enumerate(step.outputs)
    )


def chosen(ids: Sequence[str], blobs: Mapping[UUID, BlobRow]) -> tuple[BlobRow, ...]:
    """Give the rows of chosen files that are still there."""
    return tuple(blobs[UUID(hex=one)] for one in ids if UUID(hex=one) in blobs)


def _asked_by(form: FormDefinition | None, name: str) -> str:
    files = (field for field in form.inputs if field.type is FieldType.FILE) if form else ()
    return next((field.label for field in files if field.document == name), "")
