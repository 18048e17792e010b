"""Which archives there are, and what they have of which cases, as the database knows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Text, bindparam, func, select, type_coerce, update

from engine.errors import ArchiveUnreadable, Sentence, say
from engine.model.archive import Archive, file_name, read_reference
from engine.storage.prepared import Prepared
from engine.storage.tables import archive, event, instance

# What stands in the column itself, which is the text or where an archive has it.
_standing = type_coerce(event.c.payload, Text)
is_reference = func.substr(_standing, 1, 1) == "@"
_DIGESTS = Prepared(select(event.c.seq, event.c.digest).where(event.c.stream == bindparam("of_stream")))


def of_number(connection: Connection, number: int) -> Archive | None:
    """Read an archive by its number; ArchiveUnreadable where somebody wrote there."""
    try:
        row = connection.execute(select(archive).where(archive.c.number == number)).one_or_none()
        found = None if row is None else _archive(row)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ArchiveUnreadable(_not_ours(number)) from error
    if found is not None and found.name != file_name(number):
        raise ArchiveUnreadable(_not_ours(number))
    return found


def listed(connection: Connection) -> list[Archive]:
    """Read all archives, by number; ArchiveUnreadable where somebody wrote there."""
    found = (of_number(connection, number) for number in numbers(connection))
    return [one for one in found if one is not None]


def numbers(connection: Connection) -> list[int]:
    """Give the numbers of all archives."""
    return list(connection.scalars(select(archive.c.number).order_by(archive.c.number)))


def named_by(connection: Connection, case: UUID) -> set[int]:
    """Give the numbers of the archives that a case's row and what stands for its texts speak of."""
    own = connection.scalar(select(instance.c.archive).where(instance.c.id == case))
    rows = connection.scalars(select(_standing).where(event.c.stream == case, is_reference))
    read = {read_reference(one) for one in rows}
    return {one[0] for one in read if one is not None} | ({own} if isinstance(own, int) else set())


def digests_of(connection: Connection, case: UUID) -> dict[int, bytes]:
    """Read the digests of a case's events, by number."""
    return {row.seq: bytes(row.digest) for row in _DIGESTS.all(connection, {"of_stream": case})}


def referring(connection: Connection, number: int) -> int:
    """Count the cases that an archive's texts are read for: by their row, or by what stands for a text."""
    rows = select(instance.c.id).where(instance.c.archive == number)
    texts = select(event.c.stream).where(func.substr(_standing, 1, len(f"@{number}:")) == f"@{number}:")
    return connection.scalar(select(func.count()).select_from(rows.union(texts).subquery())) or 0


def next_number(connection: Connection) -> int:
    """Give the number of the next archive."""
    return (connection.scalar(select(func.max(archive.c.number))) or 0) + 1


def unknown(number: int) -> Sentence:
    """Say that an archive is spoken of, and is none."""
    return say("The database knows no archive number %(number)s, and names it.", number=number)


def add(connection: Connection, made: Archive, by: UUID | None) -> None:
    """Keep an archive; IntegrityError where its number is taken."""
    facts = {**vars(made), "until": made.until.isoformat(), "made_by": by}
    connection.execute(archive.insert().values(facts))


def settled(connection: Connection, number: int, at: datetime) -> None:
    """Note that all texts of an archive are read from its file."""
    connection.execute(update(archive).where(archive.c.number == number).values(settled_at=at))


def abandoned(connection: Connection, number: int, at: datetime) -> bool:
    """Note that an archive is given up; False where it was, or all its texts are read from there."""
    open_ = (archive.c.settled_at.is_(None), archive.c.abandoned_at.is_(None))
    done = connection.execute(
        update(archive).where(archive.c.number == number, *open_).values(abandoned_at=at)
    )
    return bool(done.rowcount)


def _archive(row: Row[Any]) -> Archive:
    return Archive(
        number=row.number,
        id=row.id,
        name=row.name,
        until=date.fromisoformat(row.until),
        cases=row.cases,
        events=row.events,
        size=row.size + 0,  # TypeError where it is no number
        made_at=row.made_at,
        settled_at=row.settled_at,
        abandoned_at=row.abandoned_at,
    )


def _not_ours(number: int) -> Sentence:
    return say(
        "What the database says of archive number %(number)s is not what Alur wrote there.", number=number
    )
