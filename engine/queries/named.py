"""Names for the identities that values of forms hold: people, units and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, select

from engine.ids import parse_id
from engine.storage.tables import blob, office, person

_HEX = 32
_MOST = 2000  # identities looked up for one page


def in_full(name: str, post: str) -> str:
    """Name a person where there is room: the post, and who it is."""
    return f"{post} ({name})" if post and name and post != name else post or name


def read_names(connection: Connection, office_id: UUID, values: object) -> dict[str, str]:
    """Name whatever in clean values is a person, a unit or a file of the office, by its hexadecimal id."""
    ids = list(dict.fromkeys(islice(_identities(values), _MOST)))
    if not ids:
        return {}
    names: dict[str, str] = {}
    for statement in (
        select(person.c.id, person.c.name).where(person.c.id.in_(ids), person.c.office == office_id),
        select(office.c.id, office.c.name).where(office.c.id.in_(ids)),
        select(blob.c.id, blob.c.filename).where(blob.c.id.in_(ids), blob.c.office == office_id),
    ):
        names |= {row[0].hex: row[1] for row in connection.execute(statement)}
    return names


def _identities(values: object) -> Iterator[UUID]:
    if isinstance(values, str):
        found = parse_id(values) if len(values) == _HEX else None
        if found is not None:
            yield found
    elif isinstance(values, Mapping):
        for value in values.values():
            yield from _identities(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _identities(value)
