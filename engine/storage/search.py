"""Whole-word prefix search over cases: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

One row per case: number, title and the SOP's name. Neither is a table of the metadata: each is made
by the first migration in the database's own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.sql import Select

from engine.storage.tables import Identity

_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 6

_rows = table("instance_search", column("instance", Identity), column("words"))


def create(connection: Connection) -> None:
    """Make the search table."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("CREATE TABLE instance_search (instance uuid PRIMARY KEY, words tsvector NOT NULL)")
        )
        connection.execute(text("CREATE INDEX ix_instance_search ON instance_search USING gin (words)"))
    else:
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE instance_search USING fts5(instance UNINDEXED, words, detail=column,"
                ' tokenize="unicode61 remove_diacritics 2")'
            )
        )


def add(connection: Connection, instance: UUID, *texts: str) -> None:
    """Make a case findable by the words of these texts."""
    connection.execute(_rows.insert().values(instance=instance, words=_words(connection, texts)))


def replace(connection: Connection, instance: UUID, *texts: str) -> None:
    """Make a case findable by these texts alone; no word of those before is left in the index."""
    ours = _rows.update().where(_rows.c.instance == instance)
    connection.execute(ours.values(words=_words(connection, texts)))
    if connection.dialect.name != "postgresql":  # it only marks words as gone until its parts are merged
        connection.execute(text("INSERT INTO instance_search(instance_search) VALUES ('optimize')"))


def _words(connection: Connection, texts: Iterable[str]) -> ColumnElement[Any]:
    words = " ".join(words_of(" ".join(texts)))
    if connection.dialect.name == "postgresql":
        return func.to_tsvector("simple", words)
    return bindparam(None, words)


def words_of(query: str) -> list[str]:
    """Split into words as both databases do: letters and digits, lower case."""
    return [word.lower() for word in _WORD.findall(query)]


def matching(dialect: str, query: str) -> Select[Any] | None:
    """Select the cases that have, for every word asked, a word that begins with it; None for no word."""
    words = words_of(query)[:_MOST_WORDS]
    if not words:
        return None
    if dialect == "postgresql":
        wanted = " & ".join(f"{word}:*" for word in words)
        return select(_rows.c.instance).where(_rows.c.words.op("@@")(func.to_tsquery("simple", wanted)))
    wanted = " ".join(f'"{word}"*' for word in words)
    return select(_rows.c.instance).where(literal_column("instance_search").op("MATCH")(wanted))
