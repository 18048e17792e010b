"""Identity: UUIDv7, so that keys sort by the time they were made."""

from __future__ import annotations

from uuid import UUID

import uuid_utils

Id = UUID


def new_id() -> Id:
    """Make a new identity."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_id(text: str) -> Id | None:
    """Read an identity as it stands in an address or form; anything else is None."""
    try:
        return UUID(hex=text) if len(text) in (32, 36) else None
    except ValueError:
        return None
