"""What a case that is rebuilt asks of its office, and what the office's engine asks of the case."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from engine.bpmn.workflow import Runner
from engine.model.calendar import WorkCalendar
from engine.storage.versions import Version


class Asked(Protocol):
    """A case that takes a step: what it was taken by then."""

    def calendar(self) -> WorkCalendar:
        """Give the calendar the act was done by."""

    def store(self, name: str) -> tuple[int, Any] | None:
        """Give revision and value of a data store as they were."""


class Library(Protocol):
    """What a case needs to know of its office."""

    runner: Runner

    def turn(self, case: Asked) -> None:
        """Let a case take its next steps."""

    def version(self, id_: UUID) -> Version:
        """Give a version; NotFound where the library does not have it."""

    def version_numbered(self, process: UUID, number: int) -> Version:
        """Give a version by number; NotFound where the library does not have it."""

    def calendar(self, office_id: UUID, digest: str) -> WorkCalendar:
        """Give the calendar as it was; CannotTell where that is not known any more."""

    def named(self, value: Any) -> Any:  # noqa: ANN401 - of any column
        """Give the name of a person for their identity; everything else as it is."""

    def stored(self, office_id: UUID, name: str) -> tuple[int, Any] | None:
        """Give revision and value of a data store as it is now."""
