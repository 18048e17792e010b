"""Statements of the daily path, made ready once and handed to the driver as they are.

SQLAlchemy works out for every execution what never changes: how the statement reads, how each value is
converted, what the result looks like. That costs more than the database does. The statements themselves stay
SQLAlchemy's, and so do the errors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Facts = Mapping[str, Any]


class Prepared:
    """One statement whose text never changes; not for ``IN`` with a list.

    ``columns`` are those of an INSERT that each row gives; those it leaves out get their default.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        """Take a Core statement with named parameters."""
        self._statement = statement
        self._columns = columns
        self._ready: dict[str, _Ready] = {}

    @property
    def statement(self) -> ClauseElement:
        """Give the statement as SQLAlchemy has it."""
        return self._statement

    def run(self, connection: Connection, facts: Facts) -> int:
        """Execute it; gives the number of rows it met."""
        ready = self._for(connection)
        cursor = ready.execute(connection, facts)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def run_all(self, connection: Connection, rows: Sequence[Facts]) -> None:
        """Execute it for every row."""
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            self._for(connection).execute_many(connection, rows)

    def all(self, connection: Connection, facts: Facts) -> list[Any]:
        """Give its rows, each a tuple whose fields have the columns' names."""
        ready = self._for(connection)
        cursor = ready.execute(connection, facts)
        rows = [ready.read(row) for row in cursor.fetchall()]
        cursor.close()
        return rows

    def first(self, connection: Connection, facts: Facts) -> Any:  # noqa: ANN401 - a row as ``all`` gives it
        """Give its only row, or None."""
        rows = self.all(connection, facts)
        return rows[0] if rows else None

    def _for(self, connection: Connection) -> _Ready:
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, self._columns, dialect)
        return ready


class _Ready:
    """A statement as one driver takes it."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = cast(
            "SQLCompiler", statement.compile(dialect=dialect, column_keys=list(columns) if columns else None)
        )
        self._dialect = dialect
        self._error = dialect.loaded_dbapi.Error
        self.text = str(compiled)
        self._named = not compiled.positional
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        defaults = {column.key: column.default for column in compiled.insert_prefetch}
        self._fixed |= {
            name: one.arg for name, one in defaults.items() if isinstance(one, ScalarElementColumnDefault)
        }
        names = list(compiled.positiontup or ()) if compiled.positional else list(compiled.binds)
        self.names = names
        self._pick = (
            itemgetter(*names) if len(names) > 1 else lambda facts: tuple(facts[one] for one in names)
        )
        binds = (compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)
        self._binds = [(place, bind) for place, bind in enumerate(binds) if bind is not None]
        self._reads: list[tuple[int, Callable[[Any], Any]]] = []
        if isinstance(statement, Select):
            chosen = list(statement.selected_columns)
            reads = (one.type.dialect_impl(dialect).result_processor(dialect, None) for one in chosen)
            self._reads = [(place, read) for place, read in enumerate(reads) if read is not None]
            row = namedtuple("Row", [one.key for one in chosen])  # type: ignore[misc] # noqa: PYI024 - the statement's
            self._row: Callable[[list[Any]], Any] = row._make

    def execute(self, connection: Connection, facts: Facts) -> Any:  # noqa: ANN401 - the driver's cursor
        driver, values = _driver(connection), self.values(facts)
        try:
            return driver.execute(self.text, values)
        except self._error as error:
            raise self.told(error) from error

    def execute_many(self, connection: Connection, rows: Sequence[Facts]) -> None:
        cursor = _driver(connection).cursor()
        try:
            cursor.executemany(self.text, [self.values(facts) for facts in rows])
        except self._error as error:
            raise self.told(error) from error
        finally:
            cursor.close()

    def read(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a named tuple
        values = list(row)
        for place, read in self._reads:
            values[place] = read(values[place])
        return self._row(values)

    def values(self, facts: Facts) -> Any:  # noqa: ANN401 - a list or a dict, as the driver takes them
        values = list(self._pick({**self._fixed, **facts} if self._fixed else facts))
        for place, bind in self._binds:
            values[place] = bind(values[place])
        return dict(zip(self.names, values, strict=True)) if self._named else values

    def told(self, error: Exception) -> Exception:
        """Make SQLAlchemy's error of the driver's; parameters are people's data and are not shown."""
        return DBAPIError.instance(
            self.text, None, error, self._error, hide_parameters=True, dialect=self._dialect
        )


def _driver(connection: Connection) -> Any:  # noqa: ANN401 - of sqlite3 or psycopg
    return connection.connection.driver_connection
