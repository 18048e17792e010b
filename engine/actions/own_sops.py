"""The SOPs by which an office looks after its SOPs, found by what their header says they are there for."""

from __future__ import annotations

from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.instance import VersionState
from engine.model.numbering import case_title
from engine.storage import office, people, revision_cases
from engine.storage.startable import startable
from engine.storage.transaction import Connection
from engine.storage.versions import Version

_LONGEST_TITLE = 160


class OwnSops:
    """The SOPs that offices have for a purpose, each looked for once: what one look of the worker needs.

    An office's SOPs are all looked through for it, and a look asks again for every version that waits.
    """

    def __init__(self, engine: Engine, purpose: Purpose) -> None:
        """Look for nothing yet."""
        self._engine, self._purpose = engine, purpose
        self._found: dict[UUID, Version | None] = {}

    def of(self, connection: Connection, office_id: UUID) -> Version | None:
        """Find the version in force of an office's SOP for the purpose; of several SOPs the oldest.

        Not one in trial: what decides on SOPs must have been approved itself.
        """
        if office_id not in self._found:
            self._found[office_id] = self._find(connection, office_id)
        return self._found[office_id]

    def _find(self, connection: Connection, office_id: UUID) -> Version | None:
        engine = self._engine
        day = engine.calendar_of(office_id).local(engine.clock.now()).date()
        for process in revision_cases.processes(connection, office_id):
            for found in startable(connection, process, day)[:1]:
                version = engine.versions.get(found.id)
                purpose = version.definition.document.purpose
                if found.state is VersionState.IN_FORCE and purpose is self._purpose:
                    return version
        return None


def as_person(engine: Engine, connection: Connection, office_id: UUID, person: UUID) -> Actor:
    """Give a person as they may act today; whoever cannot sign in any more has no roles."""
    day = engine.calendar_of(office_id).local(engine.clock.now()).date()
    found = office.names_of(connection, {person}).get(person, ("", ""))
    held = people.roles_held(connection, office_id, person, day)
    return Actor(person=person, office=office_id, name=found[0], roles=held)


def title_of(version: Version, year: int, name: str, number: int) -> str:
    """Fill the template of a case's title, where ``{sop}`` and ``{revisi}`` name what the case is about."""
    filled = case_title(version.definition.document.case_title, version.name, subject_year=year)
    return filled.replace("{revisi}", str(number)).replace("{sop}", name)[:_LONGEST_TITLE]
