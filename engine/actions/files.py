"""Files as they come in: checked, and their bytes written before any row names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from engine import previews, uploads
from engine.core import Engine
from engine.errors import PreviewFailed
from engine.ids import new_id
from engine.model.actor import Actor
from engine.storage.documents import BlobRow


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was chosen in a form."""

    field: str  # the form's file field, or an output slot ("output.0")
    filename: str
    stream: BinaryIO


def keep_bytes(engine: Engine, actor: Actor, upload: Upload, accept: Sequence[str] = ()) -> BlobRow:
    """Check a file and write its bytes; gives the row to be written in the caller's transaction."""
    checked = uploads.check(upload.filename, upload.stream, accept)
    stored = engine.blobs.put(upload.stream)
    row = BlobRow(
        id=new_id(),
        office=actor.office,
        object=stored.object,
        filename=checked.filename,
        media_type=checked.media_type,
        size=stored.size,
        digest=stored.digest,
        pages=None,
        uploaded_by=actor.person,
        uploaded_at=engine.clock.now(),
    )
    return replace(row, pages=_pages(engine, row))


def _pages(engine: Engine, row: BlobRow) -> int | None:
    """Count the pages where they can be shown; a file that cannot be drawn is kept all the same."""
    if not previews.can_be_shown(row.media_type):
        return None
    try:
        with engine.blobs.as_file(row.object) as path:
            return previews.page_count(path, row.media_type)
    except PreviewFailed:
        return None
