"""Correct a value that a failed step saw, so that the case can go on."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.incidents import key_of, open_incident
from engine.actions.incidents_settled import line_of, settle
from engine.actions.loading import refusals
from engine.actions.reasons import must_have_reason
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, Problem, say
from engine.expressions.values import ValueRefused, json_native
from engine.forms.notation import number_of
from engine.model.actor import Actor
from engine.model.correction import Correction, ValueKind, digest_of, is_sent, value_at, with_value
from engine.model.event import EventKind, Scope
from engine.model.incident import Cause, IncidentKind
from engine.model.instance import InstanceStatus
from engine.queries.incident_values import names_of
from engine.storage import events, instances
from engine.storage.events import Line, to_json
from engine.storage.incidents import Incident
from engine.storage.instances import InstanceRow

_LONGEST_VALUE = 20_000  # characters, as typed
_CHANGED = say("This value, or the case, has changed in the meantime. Look at it again, then decide.")


def correct(engine: Engine, actor: Actor, incident_id: UUID, correction: Correction) -> None:
    """Give a value of a case's variables another one, for a reason; both values go on record.

    Invalid lists what is wrong with value and reason; Conflict where value or case have changed
    since they were looked at. What failed is not tried again by it, but what the new value lets
    happen by itself happens.
    """
    found, case = open_incident(engine, actor, incident_id)
    if case is None or case.state is None:
        raise Conflict(say("There is no value to correct: no case runs."))
    with refusals(engine, actor, case.id, EventKind.INCIDENT_CORRECTED):
        known = engine.runner.known_at(case.saved, key_of(found))
        _must_be_correctable(found, correction, names_of(engine, found, known))
        new, reason = _read(correction)
        old = _old(known, found, correction)
        name, *within = correction.path
        key = key_of(found)
        outcome = engine.runner.assign(
            case.saved,
            key,
            name=name,
            value=with_value(known.get(name), within, new),
            now=engine.clock.now(),
        )
        facts = {
            "incident": found.id.hex,
            "tried": [key.element, key.round, key.iteration],
            "path": list(correction.path),
            "old": old,
            "new": new,
            "reason": reason,
        }
        _save(engine, actor, case, outcome, line_of(EventKind.INCIDENT_CORRECTED, found, facts))
    engine.runner.keep(case.id, case.guard + 1, outcome)


def _save(engine: Engine, actor: Actor, case: InstanceRow, outcome: Outcome, line: Line) -> None:
    """Write it, if the case is still as it was read."""
    now, version = outcome.at, engine.versions.get(case.version)
    moved = Case(id=case.id, version=version)
    with engine.store.transaction() as connection:
        guard, status, head = instances.lock(connection, case.id)
        if guard != case.guard or status != InstanceStatus.RUNNING:
            raise Conflict(_CHANGED)
        rows = opened_rows(engine, connection, moved, outcome, now)
        save_moved(connection, moved, outcome, rows)
        lines, basis = [line, *lines_of(outcome, rows)], basis_of(engine, version)
        head = events.extend(connection, Scope.INSTANCE, case.id, head, actor, now, lines, basis=basis)
        instances.save(connection, case.id, head, NOT_UNDONE | changes_after(outcome, guard, now))
        settle(connection, actor, case.id, now, ended=outcome.finished)


def _must_be_correctable(found: Incident, correction: Correction, names: frozenset[str]) -> None:
    """Refuse what comes with the completion itself, and what the failed step did not look at."""
    name = correction.path[0] if correction.path else ""
    if found.kind is IncidentKind.JOB and name not in names and name in found.names:
        raise Forbidden(
            say(
                "This is what was handed over. Correct the value it is made of; "
                "then what is tried again gets it."
            )
        )
    if found.tried.cause is Cause.MESSAGE and name == found.tried.element:
        raise Forbidden(say("This value comes with the message. Whoever sends it changes it there."))
    if found.kind is not IncidentKind.JOB and is_sent(found.kind, found.tried, found.sent, name):
        raise Forbidden(
            say("This value comes from the form of the step. Whoever completes it changes it there.")
        )
    if name not in names:
        raise Forbidden(say("The step that failed does not look at this value."))


def _old(known: dict[str, Any], found: Incident, correction: Correction) -> Any:  # noqa: ANN401 - JSON value
    """Give the value that is replaced; None also where nobody has set the variable."""
    try:
        old = value_at(known, correction.path)
    except KeyError:
        if correction.path != (found.missing,):
            raise Conflict(_CHANGED) from None
        old = None
    if digest_of(old) != correction.seen:
        raise Conflict(_CHANGED)
    return old


def _read(correction: Correction) -> tuple[Any, str]:
    """Read value and reason as typed; Invalid with all that is wrong."""
    problems: list[Problem] = []
    value, reason = None, ""
    try:
        value = _typed(correction.kind, correction.text)
    except ValueRefused as wrong:
        problems.append(Problem(field="value", label="value", sentence=wrong.sentence))
    try:
        reason = must_have_reason(correction.reason)
    except Invalid as wrong:
        problems += wrong.problems
    if problems:
        raise Invalid(tuple(problems))
    return value, reason


def _typed(kind: ValueKind, text: str) -> Any:  # noqa: ANN401 - JSON value
    """Give what was typed; ValueRefused says what to correct."""
    if len(text) > _LONGEST_VALUE:
        raise ValueRefused(say("This is too long. Write at most %(most)s characters.", most=_LONGEST_VALUE))
    if kind is ValueKind.TEXT:
        return text.replace("\r\n", "\n")
    if kind is ValueKind.JSON:
        return _json(text)
    if kind is ValueKind.YES_NO:
        if text not in ("yes", "no"):
            raise ValueRefused(say("Choose yes or no."))
        return text == "yes"
    number = number_of(text.strip())
    if number is None:
        raise ValueRefused(say("This is not a number. Write digits, with a comma before decimals: 1.234,5."))
    return number


def _json(text: str) -> Any:  # noqa: ANN401 - JSON value
    try:
        value = json_native(json.loads(text))
        written = to_json(value).encode()  # half a character does not encode
    except (ValueError, RecursionError):
        raise ValueRefused(say("This is not JSON. Check quotation marks, commas and brackets.")) from None
    if b"\\u0000" in written:
        raise ValueRefused(say("It holds characters that cannot be kept. Type it again without them."))
    return value
