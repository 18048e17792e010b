"""Statements made ready, straight to PostgreSQL's own library below psycopg.

psycopg looks at every statement anew: how it reads, what its values are, whether it is prepared, whether the
answer is there. Here it was prepared with the first use on a connection, and the library waits by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus
from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import ClauseElement

from engine.storage.ready import Facts, Ready, driver_of

_NUMBERS = count(1)
_PREPARED, _CONVERTS = "alur prepared", "alur converts"  # among what SQLAlchemy keeps with a connection
_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_FEW = 4  # rows that are sent one by one; more go in psycopg's pipeline


class OnServer(Ready):
    """A statement that the server has prepared on every connection that used it."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> None:
        """Compile it once more, with numbered parameters."""
        super().__init__(statement, columns, dialect)
        numbered = cast("type[DefaultDialect]", type(dialect))(paramstyle="numeric_dollar")
        compiled = self.compile(statement, columns, numbered)
        self._command = str(compiled).encode()
        self._order = [self.names.index(name) for name in compiled.positiontup or ()]
        self._formats = [PyFormat.TEXT] * len(self._order)
        self._name = f"alur_{next(_NUMBERS)}".encode()

    def run(self, connection: Connection, facts: Facts) -> int:
        """Execute it; gives the number of rows it met."""
        return self._execute(connection, facts)[1].command_tuples or 0

    def run_all(self, connection: Connection, rows: Sequence[Facts]) -> None:
        """Execute it for every row."""
        if len(rows) > _FEW:
            super().run_all(connection, rows)
        else:
            for facts in rows:
                self._execute(connection, facts)

    def all(self, connection: Connection, facts: Facts) -> list[Any]:
        """Give its rows."""
        converts, result = self._execute(connection, facts)
        if result.ntuples == 0:
            return []
        converts.set_pgresult(result)
        return [self.read(row) for row in converts.load_rows(0, result.ntuples, tuple)]

    def _execute(self, connection: Connection, facts: Facts) -> tuple[Any, Any]:
        driver, kept = driver_of(connection), connection.info
        converts = kept.get(_CONVERTS) or kept.setdefault(_CONVERTS, Transformer(driver))
        values = self.values(facts)
        try:
            if self not in kept.setdefault(_PREPARED, set()):
                _answer(driver, driver.pgconn.prepare, self._name, self._command)
                kept[_PREPARED].add(self)
            sent = converts.dump_sequence([values[place] for place in self._order], self._formats)
            return converts, _answer(driver, driver.pgconn.exec_prepared, self._name, sent)
        except psycopg.Error as error:
            raise self.told(error) from error


def tell(driver: Any, command: str) -> None:  # noqa: ANN401 - psycopg's connection
    """Say BEGIN, COMMIT or ROLLBACK. psycopg's own rollback would let the server forget what was prepared."""
    _answer(driver, driver.pgconn.exec_, command.encode())


def _answer(driver: Any, ask: Callable[..., Any], *about: Any) -> Any:  # noqa: ANN401 - of psycopg.pq
    try:
        result = ask(*about)
    except MemoryError as error:  # so psycopg reads that nothing could be sent
        raise psycopg.OperationalError(driver.pgconn.get_error_message()) from error
    if result.status in _DONE:
        return result
    if not result.error_field(DiagnosticField.SQLSTATE):
        # What has no code of the server's the library says itself: the connection is lost, though it may
        # not yet call it so.
        driver.close()
        raise psycopg.OperationalError(result.get_error_message())
    raise errors.error_from_result(result)
