"""What the check lets pass of an SOP's files, by step: for whoever decides on them, not for who draws."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.guard import read_file_tree
from engine.bpmn.package import Package
from engine.bpmn.recent import Recent
from engine.bpmn.step_rows import rows_of_file
from engine.core import Engine
from engine.queries.draft_findings import DraftFinding, Severity, findings_for
from engine.storage import office
from engine.storage.versions import files_of

_LAST = 10_000  # behind every row of a table


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Warnings of one step, or of something else that has no row in the SOP's table."""

    row: int | None
    warnings: tuple[DraftFinding, ...]  # never empty

    @property
    def count(self) -> int:
        """Count them."""
        return len(self.warnings)


# A version's files never change; what is said of them does with the roles of the office.
_KNOWN: Recent[tuple[UUID, frozenset[str]], tuple[Warned, ...]] = Recent(64)


def warned_of_version(engine: Engine, version: UUID) -> tuple[Warned, ...]:
    """Give the warnings of a version's files; never in a transaction, for looking at them takes its time."""
    read = engine.versions.get(version)
    with engine.store.reading() as connection:
        roles = frozenset(office.role_labels(connection, read.office))
        known = _KNOWN.get((version, roles))
        files = files_of(connection, read.process, read.number) if known is None else None
    if known is None:
        known = warned_for(engine, roles, files.package(read.key)) if files else ()
        _KNOWN.put((version, roles), known)
    return known


def warned(engine: Engine, office_id: UUID, files: Package) -> tuple[Warned, ...]:
    """Give the warnings of a draft's files as the editor told them to who drew."""
    with engine.store.reading() as connection:
        roles = frozenset(office.role_labels(connection, office_id))
    return warned_for(engine, roles, files)


def warned_for(engine: Engine, roles: frozenset[str], files: Package) -> tuple[Warned, ...]:
    """Give the warnings of files in the order of the table's rows."""
    by_element: dict[str, list[DraftFinding]] = {}
    for one in findings_for(engine, roles, files).findings:
        if one.severity is Severity.WARNING:
            by_element.setdefault(one.element, []).append(one)
    if not by_element:
        return ()
    rows = rows_of_file(read_file_tree(files.bpmn))
    found = [
        Warned(row=rows.get(element), warnings=tuple(several)) for element, several in by_element.items()
    ]
    return tuple(sorted(found, key=lambda one: one.row or _LAST))
