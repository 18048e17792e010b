"""Identity: UUIDv7, so that keys sort by the time they were made; and which ids of elements say nothing."""

from __future__ import annotations

import re
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


# As drawing programs number what nobody has named: Activity_1abcd2e, sid-<uuid>.
_MADE_UP = re.compile(r"[A-Z][A-Za-z]*_[0-9a-z]{7}|sid-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4,12}){4}", re.ASCII)


def made_up(element: str) -> bool:
    """Tell whether the id of an element says nothing to people: a program made it."""
    return _MADE_UP.fullmatch(element) is not None
