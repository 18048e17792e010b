"""What an event of a replayed case entered, what was there before, and whose that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.forms.definition import FormDefinition
from engine.model.event import Event, EventKind
from engine.model.replay import Moment
from engine.queries.case_access import CaseFacts
from engine.queries.case_history import payload_of
from engine.queries.named import in_full, read_names
from engine.queries.replay_reading import events_at
from engine.storage import office
from engine.storage.versions import Version

HANDED_IN = frozenset({EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED})


@dataclass(frozen=True, kw_only=True)
class Before:
    """Who entered the value that was there before."""

    seq: int
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What an event entered: clean values, those that were there before, and whose they were by field key."""

    form: FormDefinition
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    names: Mapping[str, str]
    authors: Mapping[str, Before]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A value of the case that was corrected after a problem: where, and both values."""

    path: tuple[str, ...]
    old: Any
    new: Any
    before: Before | None


def entered_by(
    connection: Connection,
    facts: CaseFacts,
    one: Event,
    said: Mapping[str, Any],
    version: Version,
    moment: Moment,
) -> Entered | None:
    """Tell what a step's form entered; None for other events, and where the step has no form."""
    if one.kind not in HANDED_IN:
        return None
    form = form_of(version, one.element or "")
    if form is None or "data" not in said:
        return None
    sources = _sources(form, one, version, moment)
    known = {found.seq: found for found in events_at(connection, facts.id, sources.values())}
    values = {seq: payload_of(found).get("data") or {} for seq, found in known.items()}
    keys = {seq: form_of(version, found.element or "") for seq, found in known.items()}
    before = {
        field.key: _value(values[sources[field.key]], keys[sources[field.key]], field.key, field.shared)
        for field in form.inputs
        if sources.get(field.key) in known
    }
    people = office.names_of(connection, {found.actor for found in known.values() if found.actor is not None})
    whose = {seq: _before(found, people) for seq, found in known.items()}
    return Entered(
        form=form,
        before=before,
        after=said["data"],
        names=read_names(connection, facts.office, [before, said["data"]]),
        authors={key: whose[seq] for key, seq in sources.items() if seq in whose},
    )


def form_of(version: Version, element: str) -> FormDefinition | None:
    """Find the form of a step by its element."""
    step = next((step for step in version.definition.steps if step.element == element), None)
    return version.form_of(step) if step else None


def _sources(form: FormDefinition, one: Event, version: Version, moment: Moment) -> dict[str, int]:
    """Name by field key the event that entered the value before: of this step, or of any that shares it."""
    own = _last(moment, [(one.element or "", one.iteration or 0)], one.seq)
    sources = {field.key: own for field in form.inputs if own}
    for field in form.inputs:
        if field.shared:
            steps = [step.element for step in version.definition.steps]
            sharing = {element for element in steps if _shares(version, element, field.shared)}
            found = _last(moment, [key for key in moment.handed_in if key[0] in sharing], one.seq)
            sources |= {field.key: found} if found else {}
    return sources


def _last(moment: Moment, keys: list[tuple[str, int]], before: int) -> int:
    return max((seq for key in keys for seq in moment.handed_in.get(key, ()) if seq < before), default=0)


def _shares(version: Version, element: str, name: str) -> bool:
    form = form_of(version, element)
    return form is not None and name in form.shared


def _value(values: Mapping[str, Any], form: FormDefinition | None, key: str, shared: str) -> Any:  # noqa: ANN401 - JSON
    """Find a value in what was handed in: under the field's own key, or the one that shares its variable."""
    if shared and form is not None:
        key = next((field.key for field in form.inputs if field.shared == shared), key)
    return values.get(key)


def _before(found: Event, people: Mapping[UUID, tuple[str, str]]) -> Before:
    author = in_full(*people.get(found.actor, ("", ""))) if found.actor else ""
    return Before(seq=found.seq, author=author, at=found.at)


def correction_by(
    connection: Connection, case: UUID, one: Event, said: Mapping[str, Any], moment: Moment
) -> Correction | None:
    """Tell which value of the case was corrected after a problem; None for other events."""
    if one.kind is not EventKind.INCIDENT_CORRECTED or not said.get("path"):
        return None
    seq = _last(moment, [key for key in moment.handed_in if key[0] == said["path"][0]], one.seq)
    found = next(events_at(connection, case, [seq] if seq else []), None)
    people = office.names_of(connection, {found.actor}) if found and found.actor else {}
    return Correction(
        path=tuple(map(str, said["path"])),
        old=said.get("old"),
        new=said.get("new"),
        before=_before(found, people) if found else None,
    )
