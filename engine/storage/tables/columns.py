"""What tables are made of: identities, instants, and how a table is declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Sorts after every due time; stands for "no due time" in the inbox's key.
NO_DUE = datetime(9999, 1, 1, tzinfo=UTC)
# Stands in that key once a task is completed: nothing is sorted by it any more, and a zero takes no byte.
CLOSED = _EPOCH


_Processor = Callable[[Any], Any] | None


class Identity(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, ``uuid`` on PostgreSQL."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    # SQLite's processors are given as they are, without the decorator's layers around each value:
    # a completion sends and reads a hundred of them.
    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Convert on the way in."""
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _bytes_of

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor:
        """Convert on the way out."""
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _uuid_of


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. Naive values are refused on the way in."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Convert on the way in."""
        return _aware if dialect.name == "postgresql" else _microseconds_of

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor:  # noqa: ARG002 - SQLAlchemy's
        """Convert on the way out."""
        return _in_utc if dialect.name == "postgresql" else _instant_of


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        msg = f"expected an aware datetime, found {value!r}"
        raise ValueError(msg)
    return value


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _microseconds_of(value: datetime | None) -> int | None:
    aware = _aware(value)
    return None if aware is None else (aware - _EPOCH) // _MICROSECOND


def _instant_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()


def table(name: str, *columns: Any, compact: bool = False) -> Table:
    """Make a table; ``compact`` ones have no rowid on SQLite, so the key is stored once."""
    return Table(name, metadata, *columns, sqlite_with_rowid=not compact)


def key(name: str = "id", **kw: Any) -> Column[UUID]:
    """Make the column of a table's identity."""
    return Column(name, Identity, primary_key=True, **kw)
