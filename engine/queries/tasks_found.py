"""Which cases and steps a search means.

A few cases are named one by one. A word that many cases have is looked for while the list is read
instead: the page is full after a few rows, and nothing was counted that nobody sees.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.storage import search
from engine.storage.tables import instance, process, process_version

_FEW = 400  # cases that are named one by one
_MOST_NAMES = 200
_MOST_KEPT = 5000

# Names of the steps of a version, which never change.
_steps: dict[UUID, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What to look for: these cases and steps named so; or ``words`` in the list itself."""

    kind: str  # cases, words, nothing
    cases: tuple[UUID, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def find(connection: Connection, dialect: str, office: UUID, text: str) -> Found:
    """Look for a case number (exact or its beginning), words of titles, or words of steps' names."""
    exact = connection.scalar(
        select(instance.c.id)
        .where(instance.c.office == office, instance.c.number.in_({text, text.upper()}))
        .limit(1)
    )
    if exact is not None:
        return Found(kind="cases", cases=(exact,))
    matching = search.matching(dialect, text)
    if matching is None:
        return Found(kind="nothing")
    words = tuple(search.words_of(text))
    names = _names_saying(connection, office, words)
    cases = connection.scalars(matching.limit(_FEW + 1)).all()
    if len(cases) > _FEW:
        return Found(kind="words", names=names, words=words)
    if not cases and not names:
        return Found(kind="nothing")
    return Found(kind="cases", cases=tuple(cases), names=names)


def _names_saying(connection: Connection, office: UUID, words: tuple[str, ...]) -> tuple[str, ...]:
    """Find the names of steps that have, for every word asked, a word that begins with it."""
    versions = connection.scalars(
        select(process_version.c.id)
        .join(process, process.c.id == process_version.c.process)
        .where(process.c.office == office)
    ).all()
    unread = [version for version in versions if version not in _steps]
    if unread:
        _read_steps(connection, unread)
    names = {name for version in versions for name in _steps.get(version, ())}
    return tuple(sorted(name for name in names if _says(name, words)))[:_MOST_NAMES]


def _says(name: str, words: tuple[str, ...]) -> bool:
    own = search.words_of(name)
    return all(any(one.startswith(word) for one in own) for word in words)


def _read_steps(connection: Connection, versions: list[UUID]) -> None:
    if len(_steps) > _MOST_KEPT:
        _steps.clear()
    rows = connection.execute(
        select(process_version.c.id, process_version.c.definition).where(process_version.c.id.in_(versions))
    )
    for row in rows:
        _steps[row.id] = tuple(step["name"] for step in json.loads(row.definition)["steps"])
