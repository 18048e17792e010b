"""Rebuild a case from its events through the engine, and compare it with what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from engine.core import Engine
from engine.errors import ArchiveUnreadable, NotFound, say
from engine.model.calendar import WorkCalendar
from engine.model.event import EventKind, first_broken
from engine.model.naming import post_and_name
from engine.queries.stored_case import StoredCase, stored_cases, version_numbered
from engine.record.calendars import Calendars
from engine.record.rebuild_answers import (
    NOTHING,
    Answer,
    CannotTell,
    Difference,
    Same,
    Stopped,
    Untold,
    say_kind,
)
from engine.record.rebuild_case import Rebuilt
from engine.record.rebuild_ends import difference
from engine.record.rebuild_library import Asked
from engine.storage import data_stores, office
from engine.storage.versions import Version

__all__ = ["Answer", "Difference", "Rebuilder", "Same", "Untold"]


class Rebuilder:
    """Rebuilds one case after the other; not for several threads at once."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, of which nothing is changed."""
        self._engine = engine
        self._calendars = Calendars(engine)
        self._case: Asked | None = None
        self._numbered: dict[tuple[UUID, int], UUID] = {}
        self.runner = engine.runner.beside(
            lambda _version: self._now().calendar(), lambda _version, name: self._now().store(name)
        )

    def rebuild(self, cases: Sequence[UUID]) -> Iterator[tuple[UUID, Answer]]:
        """Rebuild cases that were read at once: a hundred at most.

        Of one whose texts cannot be read from an archive file nothing can be told; the others go on.
        """
        try:
            with self._engine.store.reading() as connection:
                found = stored_cases(connection, cases)
        except ArchiveUnreadable as error:
            if len(cases) == 1:
                yield cases[0], Untold(seq=1, why=error.sentence)
                return
            for case in cases:
                yield from self.rebuild([case])
            return
        for stored in found:
            yield stored.id, self.answer(stored)

    def answer(self, stored: StoredCase) -> Answer:
        """Look whether a case's record fits together, then rebuild it and compare it with its rows."""
        if not stored.events:
            return Difference(
                seq=0, at=None, what=say("The events of the case"), expected=say("its start"), found=NOTHING
            )
        broken = first_broken(stored.events, stored.chain_head)
        if broken is not None:
            return Difference(
                seq=broken.seq,
                at=broken.at,
                what=say("The chain of the record"),
                expected=say("what its digests and links prove"),
                found=say("an event that was changed, or one too many or too few"),
            )
        case = self.begin(stored, _taken_back(stored))
        first = stored.events[0]
        if (first.seq, first.kind) != (1, EventKind.CASE_STARTED):
            return Difference(
                seq=first.seq,
                at=first.at,
                what=say("The first event"),
                expected=say("the start of the case"),
                found=say_kind(first),
            )
        try:
            case.follow(stored.events)
            found = difference(case, stored)
        except Stopped as stopped:
            return stopped.answer
        finally:
            self.runner.forget(stored.id)
        return found or Same(events=len(stored.events))

    def begin(self, stored: StoredCase, taken_back: frozenset[int] | None = None) -> Rebuilt:
        """Begin to rebuild a case; nothing of its record was done yet."""
        return Rebuilt(
            library=self,
            id=stored.id,
            office=stored.office,
            process=stored.process,
            known=stored.tried,
            taken_back=taken_back,
        )

    # -- what a case asks ------------------------------------------------------------------------

    def turn(self, case: Asked) -> None:
        """Let a case take its next steps."""
        self._case = case

    def version(self, id_: UUID) -> Version:
        """Give a version; NotFound where the library does not have it."""
        return self._engine.versions.get(id_)

    def version_numbered(self, process: UUID, number: int) -> Version:
        """Give a version by number; NotFound where the library does not have it."""
        found = self._numbered.get((process, number))
        if found is None:
            with self._engine.store.reading() as connection:
                found = version_numbered(connection, process, number)
            if found is None:
                raise NotFound(say("The library has no revision %(number)s of this SOP.", number=number))
            self._numbered[process, number] = found
        return self.version(found)

    def calendar(self, office_id: UUID, digest: str) -> WorkCalendar:
        """Give the calendar as it was; CannotTell where that is not known any more."""
        return self._calendars.of(office_id, digest)

    def named(self, value: Any) -> Any:  # noqa: ANN401 - of any column
        """Give the name of a person for their identity; everything else as it is."""
        if not isinstance(value, UUID):
            return value
        with self._engine.store.reading() as connection:
            name, post = office.names_of(connection, {value}).get(value, ("", ""))
        return post_and_name(name, post) if name else value

    def stored(self, office_id: UUID, name: str) -> tuple[int, Any] | None:
        """Give revision and value of a data store as it is now."""
        with self._engine.store.reading() as connection:
            return data_stores.read(connection, office_id, name)

    def _now(self) -> Asked:
        if self._case is None:
            raise CannotTell(say("No case is being rebuilt."))
        return self._case


def _taken_back(stored: StoredCase) -> frozenset[int]:
    """Find the completions whose state before is needed: those taken back, and the last where it could be."""
    last: dict[tuple[Any, ...], int] = {}
    needed: set[int] = set()
    latest = 0
    for event in stored.events:
        if event.kind is EventKind.TASK_COMPLETED:
            latest = last[event.element, event.round, event.iteration] = event.seq
        elif event.kind is EventKind.COMPLETION_WITHDRAWN:
            needed.add(last.get((event.element, event.round, event.iteration), 0))
    return frozenset(needed | ({latest} if stored.undo is not None else set()))
