"""Statements of the daily path, made ready once and handed to the driver as they are.

SQLAlchemy works out for every execution what never changes: how the statement reads, how each value is
converted, what the result looks like. That costs more than the database does. The statements themselves stay
SQLAlchemy's, and so do the errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engine.storage.packing import RecordText
from engine.storage.ready import Facts, Ready


class Prepared:
    """One statement whose text never changes; not for ``IN`` with a list.

    ``columns`` are those of an INSERT that each row gives; those it leaves out get their default.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        """Take a Core statement with named parameters; TypeError where it reads texts of the record.

        Which archive file has such a text hangs on the database, and a statement made ready serves them all.
        """
        if isinstance(statement, Select) and any(
            isinstance(one.type, RecordText) for one in statement.selected_columns
        ):
            raise TypeError(str(statement))
        self._statement = statement
        self._columns = columns
        self._ready: dict[str, Ready] = {}

    @property
    def statement(self) -> ClauseElement:
        """Give the statement as SQLAlchemy has it."""
        return self._statement

    def run(self, connection: Connection, facts: Facts) -> int:
        """Execute it; gives the number of rows it met."""
        return self._for(connection).run(connection, facts)

    def run_all(self, connection: Connection, rows: Sequence[Facts]) -> None:
        """Execute it for every row."""
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            self._for(connection).run_all(connection, rows)

    def all(self, connection: Connection, facts: Facts) -> list[Any]:
        """Give its rows, each a tuple whose fields have the columns' names."""
        return self._for(connection).all(connection, facts)

    def first(self, connection: Connection, facts: Facts) -> Any:  # noqa: ANN401 - a row as ``all`` gives it
        """Give its only row, or None."""
        rows = self.all(connection, facts)
        return rows[0] if rows else None

    def _for(self, connection: Connection) -> Ready:
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _made(self._statement, self._columns, dialect)
        return ready


def _made(statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> Ready:
    if dialect.name != "postgresql":
        return Ready(statement, columns, dialect)
    from engine.storage.libpq import OnServer  # noqa: PLC0415 - psycopg is there only where it is used

    return OnServer(statement, columns, dialect)
