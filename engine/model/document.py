"""Documents of a case: by name, in versions, each with a state."""

from __future__ import annotations

from enum import StrEnum


class DocumentState(StrEnum):
    """What became of a document version."""

    DRAFT = "draft"
    APPROVED = "approved"  # disetujui
    RETURNED = "returned"  # dikembalikan
    SIGNED = "signed"  # ditandatangani
    WITHDRAWN = "withdrawn"  # the completion that made it was taken back
