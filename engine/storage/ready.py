"""One statement as a driver takes it: its text, how values go in, and how rows come out."""

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


class Ready:
    """A statement that is handed to the driver with its values, as SQLAlchemy would."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> None:
        """Compile it once."""
        compiled = self.compile(statement, columns, dialect)
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

    @staticmethod
    def compile(statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> SQLCompiler:
        """Write it in the words of a database."""
        keys = list(columns) if columns else None
        return cast("SQLCompiler", statement.compile(dialect=dialect, column_keys=keys))

    def run(self, connection: Connection, facts: Facts) -> int:
        """Execute it; gives the number of rows it met."""
        cursor = self._cursor(connection, facts)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def run_all(self, connection: Connection, rows: Sequence[Facts]) -> None:
        """Execute it for every row."""
        cursor = driver_of(connection).cursor()
        try:
            cursor.executemany(self.text, [self._parameters(facts) for facts in rows])
        except self._error as error:
            raise self.told(error) from error
        finally:
            cursor.close()

    def all(self, connection: Connection, facts: Facts) -> list[Any]:
        """Give its rows."""
        cursor = self._cursor(connection, facts)
        rows = [self.read(row) for row in cursor.fetchall()]
        cursor.close()
        return rows

    def _cursor(self, connection: Connection, facts: Facts) -> Any:  # noqa: ANN401 - the driver's
        try:
            return driver_of(connection).execute(self.text, self._parameters(facts))
        except self._error as error:
            raise self.told(error) from error

    def _parameters(self, facts: Facts) -> Any:  # noqa: ANN401 - a list or a dict, as the driver takes them
        values = self.values(facts)
        return dict(zip(self.names, values, strict=True)) if self._named else values

    def values(self, facts: Facts) -> list[Any]:
        """Convert the values on the way in, in the order of ``names``."""
        values = list(self._pick({**self._fixed, **facts} if self._fixed else facts))
        for place, bind in self._binds:
            values[place] = bind(values[place])
        return values

    def read(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a named tuple
        """Convert a row on the way out."""
        values = list(row)
        for place, read in self._reads:
            values[place] = read(values[place])
        return self._row(values)

    def told(self, error: Exception) -> Exception:
        """Make SQLAlchemy's error of the driver's; parameters are people's data and are not shown."""
        return DBAPIError.instance(
            self.text, None, error, self._error, hide_parameters=True, dialect=self._dialect
        )


def driver_of(connection: Connection) -> Any:  # noqa: ANN401 - of sqlite3 or psycopg
    """Give the driver's own connection."""
    return connection.connection.driver_connection
