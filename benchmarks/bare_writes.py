"""What a run wrote, statement by statement, and writing just that again with SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Delete, Executable, Insert, Update, event

from engine.storage.prepared import Prepared
from engine.storage.transaction import Store

Statement = tuple[Executable, Any]  # with its row or rows


@dataclass
class Writes:
    """The writing transactions of one stretch of a run, each with its statements in order."""

    transactions: list[list[Statement]] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """Count the statements."""
        return sum(len(statements) for statements in self.transactions)

    @property
    def rows(self) -> int:
        """Count the rows written."""
        return sum(
            len(rows) if isinstance(rows, list) else 1
            for statements in self.transactions
            for _statement, rows in statements
        )

    def again(self, store: Store) -> None:
        """Write it to a copy of the database the run began with."""
        for statements in self.transactions:
            with store.transaction() as connection:
                for statement, rows in statements:
                    connection.execute(statement, rows)


@contextmanager
def recorded(store: Store) -> Iterator[Writes]:
    """Note what is written meanwhile, by one thread. The store is slower for ever after: listeners cost."""
    writes, current = Writes(), list[Statement]()

    def execute(
        connection: Connection,
        statement: Executable,
        rows: Sequence[Mapping[str, Any]],
        row: Mapping[str, Any],
        options: object,
    ) -> None:
        del connection, options
        if isinstance(statement, Insert | Update | Delete):
            current.append((statement, [dict(one) for one in rows] or dict(row)))

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with begun() as connection:
            current.clear()
            yield connection
        if current:
            writes.transactions.append(list(current))

    def run(self: Prepared, connection: Connection, facts: Mapping[str, Any]) -> int:
        execute(connection, self.statement, (), facts, None)
        return one(self, connection, facts)

    def run_all(self: Prepared, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        if len(rows) > 1:  # else it is run as one
            execute(connection, self.statement, rows, {}, None)
        many(self, connection, rows)

    begun, one, many = store.transaction, Prepared.run, Prepared.run_all
    event.listen(store.engine, "before_execute", execute)
    with (
        patch.object(store, "transaction", transaction),
        patch.multiple(Prepared, run=run, run_all=run_all),
    ):
        yield writes
    event.remove(store.engine, "before_execute", execute)
