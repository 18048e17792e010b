"""The twin of a case: rebuilt from its record in memory as it goes on, and never stopped."""

from __future__ import annotations

from uuid import UUID

from engine.core import Engine
from engine.queries.stored_case import StoredCase, stored_cases
from engine.record.rebuild import Rebuilder, Same
from engine.record.rebuild_answers import Stopped
from engine.record.rebuild_ends import difference


class Twin:
    """A case in memory, to which is done what its record says; beside it the same is done from the start."""

    def __init__(self, engine: Engine, case: UUID) -> None:
        """Begin with nothing of the record done."""
        self.engine, self.id = engine, case
        self.rebuilder = Rebuilder(engine)
        self.case = self.rebuilder.begin(self._stored())

    def follow(self) -> None:
        """Do what is new in the record; rows and state must be what came of it, then and from the start."""
        stored = self._stored()
        try:
            self.case.follow(stored.events)
        except Stopped as stopped:
            raise AssertionError(stopped.answer) from stopped
        assert difference(self.case, stored) is None, difference(self.case, stored)
        assert Rebuilder(self.engine).answer(stored) == Same(events=len(stored.events))

    def _stored(self) -> StoredCase:
        with self.engine.store.reading() as connection:
            [stored] = stored_cases(connection, [self.id])
        return stored
