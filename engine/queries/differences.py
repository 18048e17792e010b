"""What two contents of an SOP differ in: two revisions, or a draft and the revision it would replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.diff import Side, differences, read_side, roles_of, time_of, with_rows_together, work_by_role
from engine.bpmn.geometry import read_diagram
from engine.bpmn.guard import read_file_tree
from engine.bpmn.package import Package
from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.definition import Diagram
from engine.model.difference import Change, RoleWork, SpentTime
from engine.model.instance import VersionState
from engine.queries.compared_with import ComparedWith, compared_with, working
from engine.queries.library_versions import NO_SOP, VersionRow, must_read, versions_of
from engine.queries.process_drafts import DraftPage, draft_page, package_of
from engine.queries.warned import Warned, warned, warned_of_version
from engine.storage import office, versions


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One of the two: a revision by its number and state, or the draft, which has neither."""

    number: int | None
    state: VersionState | None
    diagram: Diagram


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything that changes from ``old`` to ``new``, and for whom."""

    key: str
    name: str
    old: Edition
    new: Edition
    changes: tuple[Change, ...]
    work: tuple[RoleWork, ...]
    roles: tuple[tuple[str, str], ...]  # (key, label) in the order of the lanes
    day_length: int  # working minutes of a usual day of the office
    time_before: SpentTime  # standard times of all steps
    time_after: SpentTime

    @property
    def lines(self) -> tuple[Change, ...]:
        """Give the changes as they are read: rows that only have another number in one line."""
        return with_rows_together(self.changes)


@dataclass(frozen=True, kw_only=True)
class DraftDifference:
    """A draft against the revision that people work by; None where it is the first of its SOP."""

    page: DraftPage
    difference: Difference | None
    against: ComparedWith | None
    warned: tuple[Warned, ...]  # what the check lets pass of the draft


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two revisions beside each other, and all that can be chosen (number and state), newest first."""

    difference: Difference
    old: int
    new: int
    revisions: tuple[tuple[int, VersionState], ...]
    against: ComparedWith
    warned: tuple[Warned, ...]  # what the check lets pass of the new one


def compared(engine: Engine, actor: Actor, key: str, old: int | None, new: int | None) -> Comparison:
    """Compare two revisions; where none is named, the newest, and what one is to be compared with."""
    must_read(actor)
    with engine.store.reading() as connection:
        rows = versions_of(connection, actor, key, old, new)[1]
        version = rows[0] if new is None else _numbered(rows, new)
        against = compared_with(working(engine, connection, actor, key), rows, version, version.base)
    before = (against.at_first or against.usual or version.number) if old is None else old
    difference = between_versions(engine, actor, key, before, version.number)
    return Comparison(
        difference=difference,
        old=before,
        new=version.number,
        revisions=tuple((one.number, one.state) for one in rows),
        against=against,
        warned=warned_of_version(engine, version.id),
    )


def between_versions(engine: Engine, actor: Actor, key: str, old: int, new: int) -> Difference:
    """Compare two revisions of an SOP."""
    must_read(actor)
    with engine.store.reading() as connection:
        name, rows = versions_of(connection, actor, key, old, new)
        labels = office.role_labels(connection, actor.office)
        before, after = (_read(connection, actor, key, _numbered(rows, one), labels) for one in (old, new))
    return _difference(engine, actor, (key, name), before, after)


def of_draft(
    engine: Engine, actor: Actor, key: str, draft_id: UUID, old: int | None = None
) -> DraftDifference:
    """Compare a draft with the revision people work by, else the one it began with, or any other."""
    page = draft_page(engine, actor, key, draft_id)
    draft, files = page.draft, package_of(page.draft)
    said = warned(engine, actor.office, files)
    if page.is_new:
        return DraftDifference(page=page, difference=None, against=None, warned=said)
    with engine.store.reading() as connection:
        labels = office.role_labels(connection, actor.office)
        _name, rows = versions_of(connection, actor, key, old)
        against = compared_with(working(engine, connection, actor, key), rows, None, draft.base)
        number = against.usual if old is None else old
        before = None if number is None else _read(connection, actor, key, _numbered(rows, number), labels)
    if before is None:
        return DraftDifference(page=page, difference=None, against=against, warned=said)
    difference = _difference(engine, actor, (key, draft.name), before, _edition(files, labels, None))
    return DraftDifference(page=page, difference=difference, against=against, warned=said)


def _numbered(versions: list[VersionRow], number: int) -> VersionRow:
    for one in versions:
        if one.number == number:
            return one
    raise NotFound(NO_SOP)


def _read(
    connection: Connection, actor: Actor, key: str, version: VersionRow, labels: Mapping[str, str]
) -> tuple[Edition, Side]:
    process = versions.find_process(connection, actor.office, key)
    files = None if process is None else versions.files_of(connection, process, version.number)
    if files is None:
        raise NotFound(NO_SOP)
    return _edition(files.package(key), labels, version)


def _edition(files: Package, labels: Mapping[str, str], version: VersionRow | None) -> tuple[Edition, Side]:
    side = read_side(
        files.bpmn, forms=files.forms, decisions=files.decisions, notes=files.notes, labels=labels
    )
    numbers = {part.id: int(side.places[part.id]) for part in side.steps}
    edition = Edition(
        number=None if version is None else version.number,
        state=None if version is None else version.state,
        diagram=read_diagram(read_file_tree(files.bpmn), numbers),
    )
    return edition, side


def _difference(
    engine: Engine,
    actor: Actor,
    sop: tuple[str, str],
    before: tuple[Edition, Side],
    after: tuple[Edition, Side],
) -> Difference:
    old, new = before[1], after[1]
    changes = differences(old, new)
    return Difference(
        key=sop[0],
        name=sop[1],
        old=before[0],
        new=after[0],
        changes=changes,
        work=work_by_role(old, new, changes),
        day_length=engine.calendar_of(actor.office).day_length,
        time_before=time_of(old),
        time_after=time_of(new),
        roles=tuple(
            (role, (new if role in new.roles else old).role_label(role)) for role in roles_of(old, new)
        ),
    )
