"""OCEL 2.0 as a SQLite file: a table per type of event and object, written in batches."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.record.event_logs.log import Log
from engine.record.event_logs.ocel import ALWAYS, EVENT_ATTRIBUTES, OBJECT_TYPES, Thing, told

_AT_ONCE = 2000  # rows of a table that are written together
_PAGE = 4096  # bytes
_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event (
    ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type)
);
CREATE TABLE object (
    ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type)
);
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
    ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
) WITHOUT ROWID;
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
) WITHOUT ROWID;
"""
_COLUMN = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN"}
_TAKEN = frozenset({"object", "map_type"})  # event_object, event_map_type … are tables of the format


def write(log: Log, path: Path) -> None:
    """Write it into an empty file; what is half done is of no use, so nothing is kept for a rollback.

    OSError where the file cannot be written: it is not the database of the office that is full then.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            _fill(file, log)
    except sqlite3.Error as error:
        raise OSError(_number(path, error), str(error)) from error


def _number(path: Path, error: sqlite3.Error) -> int:
    """Give the system's number of what stopped SQLite, which keeps it to itself: one more page tells it."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return errno.ENOSPC
    try:
        with path.open("ab") as file:
            file.write(bytes(_PAGE))
    except OSError as cause:
        return cause.errno or errno.EIO
    return errno.EIO


def _fill(file: sqlite3.Connection, log: Log) -> None:
    file.execute("PRAGMA journal_mode = OFF")
    file.execute("PRAGMA synchronous = OFF")
    file.executescript(_TABLES)
    file.execute("BEGIN")
    writer = _Writer(file)
    for type_, attributes in OBJECT_TYPES.items():
        writer.make("object", type_, attributes)
    for one in told(log):
        if isinstance(one, Thing):
            writer.add("object", one.type, one.id, [ALWAYS, None], one.attributes)
            writer.relate("object_object", one.id, one.relations)
        else:
            writer.add("event", one.type, one.id, [one.time], one.attributes)
            writer.relate("event_object", one.id, one.relations)
    writer.flush()
    file.execute("COMMIT")


class _Writer:
    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._made: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}  # insert, names of attributes
        self._rows: dict[str, list[list[Any]]] = {}

    def make(self, what: str, type_: str, attributes: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Make the table of a type."""
        taken = {made[0].split('"')[1].removeprefix(f"{what}_").lower() for made in self._of(what)}
        name = table_name(type_, taken)
        table = f'"{what}_{name}"'
        columns = ["ocel_id TEXT PRIMARY KEY" if what == "event" else "ocel_id TEXT NOT NULL"]
        columns.append("ocel_time TIMESTAMP NOT NULL")
        columns += [] if what == "event" else ["ocel_changed_field TEXT"]
        columns += [f'"{key}" {_COLUMN[kind]}' for key, kind in attributes.items()]
        self._file.execute(f"CREATE TABLE {table} ({', '.join(columns)}, {_REFERS.format(what)})")
        self._file.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (type_, name))  # noqa: S608 - ours
        insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - a name of letters
        self._made[what, type_] = insert, tuple(attributes)
        return self._made[what, type_]

    def add(
        self, what: str, type_: str, id_: str, first: list[str | None], attributes: Mapping[str, Any]
    ) -> None:
        """Add an event or object."""
        insert, names = self._made.get((what, type_)) or self.make(what, type_, EVENT_ATTRIBUTES)
        self._row(f"INSERT INTO {what} VALUES (?, ?)", [id_, type_])  # noqa: S608 - ours
        self._row(insert, [id_, *first, *map(attributes.get, names)])

    def relate(self, table: str, id_: str, relations: tuple[tuple[str, str], ...]) -> None:
        """Add what an event or object has to do with others."""
        for object_, qualifier in relations:
            self._row(f"INSERT INTO {table} VALUES (?, ?, ?)", [id_, object_, qualifier])  # noqa: S608 - ours

    def flush(self) -> None:
        """Write what is kept."""
        for insert, rows in self._rows.items():
            self._file.executemany(insert, rows)
        self._rows.clear()

    def _row(self, insert: str, row: list[Any]) -> None:
        rows = self._rows.setdefault(insert, [])
        rows.append(row)
        if len(rows) >= _AT_ONCE:
            self._file.executemany(insert, rows)
            rows.clear()

    def _of(self, what: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        return (made for (kind, _type), made in self._made.items() if kind == what)


_REFERS = "FOREIGN KEY (ocel_id) REFERENCES {} (ocel_id)"


def table_name(type_: str, taken: set[str]) -> str:
    """Give a type as letters and digits that no table of its kind has yet."""
    words = re.findall(r"[A-Za-z0-9]+", type_)
    plain = "".join(word[:1].upper() + word[1:] for word in words) or "Type"
    name, number = plain, 2
    while name.lower() in taken | _TAKEN:
        name, number = f"{plain}{number}", number + 1
    return name
