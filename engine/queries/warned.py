"""What the check lets pass of an SOP's files, by step: for whoever decides on them, not for who draws."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.guard import read_file_tree
from engine.bpmn.package import Package
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


def warned_of_version(engine: Engine, connection: Connection, version: UUID) -> tuple[Warned, ...]:
    """Give the warnings of a version's files."""
    read = engine.versions.get(version)
    files = files_of(connection, read.process, read.number)
    return warned(engine, connection, read.office, files.package(read.key)) if files else ()


def warned(engine: Engine, connection: Connection, office_id: UUID, files: Package) -> tuple[Warned, ...]:
    """Give the warnings of files as the editor told them to who drew, in the order of the table's rows."""
    roles = frozenset(office.role_labels(connection, office_id))
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
