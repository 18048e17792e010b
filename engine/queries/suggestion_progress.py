"""How far a suggestion has come: what became of the draft that does what it says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, RowMapping, select

from engine.model.instance import VersionState
from engine.model.process_draft import DraftState
from engine.model.suggestion import Progress, SuggestionState
from engine.storage.tables import process_version


@dataclass(frozen=True, kw_only=True)
class Came:
    """How far a suggestion has come, in which revision, and since when."""

    progress: Progress
    revision: int | None = None
    since: datetime | None = None


class Revisions:
    """The revisions of SOPs, to see what became of one that does what was suggested."""

    def __init__(self, connection: Connection, processes: Collection[UUID]) -> None:
        """Read them, the oldest first."""
        columns = process_version.c
        wanted = select(columns.id, columns.base, columns.number, columns.state, columns.approved_at)
        ordered = wanted.where(columns.process.in_(processes)).order_by(columns.process, columns.number)
        self._rows = connection.execute(ordered).all() if processes else ()

    def came(self, version: UUID) -> Came:
        """Find the first approved one of a revision and all made from it, else the last that is decided on.

        Where all were given up the suggestion waits again; while the last is returned, that is said.
        """
        line = self._line(version)
        kept = [row for row in line if not _is_given_up(row)]
        approved = next((row for row in kept if row.approved_at is not None), None)
        if approved is not None:
            return Came(progress=Progress.IN, revision=approved.number, since=approved.approved_at)
        if kept:
            return Came(progress=Progress.SUBMITTED, revision=kept[-1].number)
        if line[-1].state == VersionState.RETURNED:
            return Came(progress=Progress.RETURNED, revision=line[-1].number)
        return Came(progress=Progress.TAKEN)

    def _line(self, version: UUID) -> list[Row[*tuple[Any, ...]]]:
        ids, line = {version}, []
        for row in self._rows:
            if row.id in ids or row.base in ids:
                ids.add(row.id)
                line.append(row)
        return line


def _is_given_up(row: Row[*tuple[Any, ...]]) -> bool:
    """Tell whether nobody decides on a revision any more, or works by it: a trial can be replaced too."""
    over = {VersionState.RETURNED, VersionState.WITHDRAWN}
    return row.state in over or (row.state == VersionState.SUPERSEDED and row.approved_at is None)


def came(suggested: RowMapping, made: Revisions) -> Came:
    """Tell how far a suggestion has come, by its row with its draft's ``draft_state`` and ``became``."""
    state = SuggestionState(suggested["state"])
    if state is not SuggestionState.TAKEN or suggested["draft_state"] in {None, DraftState.DISCARDED}:
        return Came(progress=Progress(state))
    return made.came(suggested["became"]) if suggested["became"] else Came(progress=Progress.DRAFTED)
