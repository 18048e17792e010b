"""Compare a rebuilt case with its stored rows: what the earliest event tells comes first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from engine.bpmn.standing import Standing, standing_of
from engine.bpmn.workflow import variables_of
from engine.errors import Sentence, say
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.queries.stored_case import COMMENT_COLUMNS, StoredCase
from engine.record.rebuild_answers import NOTHING, Difference, Untold, shown, taken_otherwise
from engine.record.rebuild_case import UNREADABLE, Rebuilt
from engine.record.rebuild_rows import begun_told, read_told

Found = tuple[int, Sentence, Sentence, Sentence]  # the event's number, what, as expected, as found

_OF_TASK = {
    "state": say("The state of the task “%(step)s”, round %(round)s"),
    "role": say("The role of the task “%(step)s”, round %(round)s"),
    "assignee": say("Who holds the task “%(step)s”, round %(round)s"),
    "delegated_by": say("Who handed out the task “%(step)s”, round %(round)s"),
    "prepared_by": say("Who prepares the task “%(step)s”, round %(round)s"),
    "completed_by": say("Who completed the task “%(step)s”, round %(round)s"),
    "due_at": say("When the task “%(step)s” is due, round %(round)s"),
    "opened_at": say("When the task “%(step)s” was opened, round %(round)s"),
    "completed_at": say("When the task “%(step)s” was completed, round %(round)s"),
}
_OTHER = say("“%(column)s” of the task “%(step)s”, round %(round)s")


def difference(case: Rebuilt, stored: StoredCase) -> Difference | Untold | None:
    """Give the first difference between a case and its rows; None where they are the same."""
    parts = (_header, _tasks, _documents, _comments, _waiting)
    found = [*(one for part in parts for one in part(case, stored)), *_stores(case)]
    if not found and stored.status is InstanceStatus.RUNNING and not (case.live.finished or case.cancelled):
        found = list(_states(case, stored))
        if found and case.others:
            seq, what, expected, there = found[0]
            return Untold(seq=seq, why=taken_otherwise(case.others, what, expected, there))
    if not found:
        return None
    seq, what, expected, there = min(found, key=lambda one: one[0])
    at = next(event.at for event in stored.events if event.seq == seq)
    return Difference(seq=seq, at=at, what=what, expected=expected, found=there)


def _header(case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    last = stored.events[-1]
    begun = begun_told(stored.events)
    moved = case.last_act.seq if case.last_act is not None else 1
    status = InstanceStatus.RUNNING
    if case.cancelled:
        status = InstanceStatus.CANCELLED
    elif case.live.finished:
        status = InstanceStatus.FINISHED
    for seq, what, expected, found in (
        (last.seq, say("The number of events of the case"), last.seq, stored.last_seq),
        (moved, say("Whether the case runs"), status.value, stored.status.value),
        (moved, say("The revision of the SOP that the case runs on"), case.live.version, stored.version),
        (1, say("The number of the case"), begun["number"], stored.number),
        (1, say("The year of the case"), begun["year"], stored.year),
        (1, say("The title of the case"), begun.get("title", stored.title), stored.title),  # gone once erased
    ):
        if expected != found:
            yield seq, what, shown(expected), shown(found)


def _tasks(case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    for id_, row in case.rows.tasks.items():
        columns = stored.tasks.get(id_)
        step = case.name_of(row.columns["element"])
        if columns is None:
            yield row.seq, say("A task of the case"), say("the task “%(step)s”", step=step), NOTHING
            continue
        for name, value in row.columns.items():
            if columns[name] != value:
                words = _OF_TASK.get(name, _OTHER)
                values = {"step": step, "round": row.columns["round"], "column": name}
                expected, found = (case.library.named(one) for one in (value, columns[name]))
                yield row.seq, Sentence(words.template, values), shown(expected), shown(found)
    for id_ in stored.tasks.keys() - case.rows.tasks.keys():
        step = case.name_of(stored.tasks[id_]["element"])
        yield len(stored.events), say("A task of the case"), NOTHING, say("the task “%(step)s”", step=step)


def _documents(case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    for no, row in case.rows.documents.items():
        there = stored.documents.get(no)
        if there != row.columns:
            yield row.seq, _named(row.columns), shown(row.columns), shown(there)
    for no in stored.documents.keys() - case.rows.documents.keys():
        there = stored.documents[no]
        yield len(stored.events), _named(there), NOTHING, shown(there)


def _comments(_case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    """Compare comments with the events by which they were written; of an erased one the text is empty."""
    left, what = dict(stored.comments), say("A comment")
    for one in stored.events:
        if one.kind is EventKind.COMMENT_ADDED and one.attempt is not None:
            row = (one.element, one.round, one.actor, one.at, read_told(one).get("text", ""))
            expected = dict(zip(COMMENT_COLUMNS, row, strict=True))
            there = left.pop(one.attempt, None)
            if there != expected:
                yield one.seq, what, shown(expected), shown(there)
    for there in left.values():
        yield len(stored.events), what, NOTHING, shown(there)


def _named(document: Mapping[str, Any]) -> Sentence:
    return say(
        "The document “%(name)s”, version %(version)s", name=document["name"], version=document["version"]
    )


def _waiting(case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    """Compare timers, jobs and what is waited for from outside."""
    seq = case.last_act.seq if case.last_act is not None else 1
    over = case.cancelled or case.live.finished
    waiting = case.live.waiting
    jobs = {key: (one.connector, one.inputs, key in waiting.dead) for key, one in waiting.jobs.items()}
    waits = {key: (one.channel.value, one.name) for key, one in waiting.waits.items()}
    for what, expected, found in (
        (say("The timer at “%(step)s”"), waiting.timers, stored.timers),
        (say("What “%(step)s” asks of another system"), jobs, stored.jobs),
        (say("What “%(step)s” waits for from outside"), waits, stored.waits),
    ):
        ours: Mapping[Any, Any] = {} if over else expected
        for key in sorted({*ours, *found}, key=repr):
            if ours.get(key) != found.get(key):
                sentence = Sentence(what.template, {"step": case.name_of(key.element)})
                yield seq, sentence, shown(ours.get(key)), shown(found.get(key))


def _stores(case: Rebuilt) -> Iterator[Found]:
    """Compare the data stores to which no other case has written since."""
    seq = case.last_act.seq if case.last_act is not None else 1
    for name, (revision, value) in case.stores.items():
        there = case.library.stored(case.office, name) or (0, None)
        if there[0] < revision or (there[0] == revision and there[1] != value):
            yield seq, say("What the data store “%(name)s” holds", name=name), shown(value), shown(there[1])


def _states(case: Rebuilt, stored: StoredCase) -> Iterator[Found]:
    seq = case.last_act.seq if case.last_act is not None else 1
    yield from _state(case, seq, case.live.state(), stored.state)
    if stored.undo is not None and case.before is not None:
        yield from _state(case, seq, case.before.state, stored.undo)


def _state(case: Rebuilt, seq: int, ours: str, theirs: str | None) -> Iterator[Found]:
    """Compare two states, one that an earlier release wrote as this one writes it."""
    if theirs is None:
        yield seq, say("The state of the case"), say("what its events lead to"), NOTHING
        return
    if ours == theirs:
        return
    expected = json.loads(ours)
    try:
        found = json.loads(theirs)
        if expected != found:
            found = json.loads(case.live.runner.rewritten(replace(case.live.saved, state=theirs)))
    except UNREADABLE:
        yield seq, say("The state of the case"), say("what its events lead to"), say("what cannot be read")
        return
    if expected != found and not (case.others and _stand_alike(ours, theirs)):
        path, one, other = _first(expected, found)
        yield seq, _place(path), shown(one), shown(other)


def _stand_alike(ours: str, theirs: str) -> bool:
    """Compare all but how tokens are numbered, and those that another one stands for, with other releases."""
    one, other = standing_of(ours), standing_of(theirs)
    return (
        one.entered == other.entered
        and _tokens(one) == _tokens(other)
        and variables_of(ours) == variables_of(theirs)
    )


def _tokens(standing: Standing) -> list[Any]:
    return [(scope.at, [one for one in scope.tokens if not one.owned]) for scope in standing.scopes]


def _place(path: list[str]) -> Sentence:
    if path[:1] == ["variables"]:
        return say("The value “%(path)s” of the case", path=".".join(path[1:]))
    return say("Where the case stands: %(path)s", path=".".join(path))


def _first(expected: Any, found: Any) -> tuple[list[str], Any, Any]:  # noqa: ANN401 - JSON values
    """Find the first place where two JSON values differ; None stands for what is not there."""
    pairs: list[tuple[str, Any, Any]] = []
    if isinstance(expected, dict) and isinstance(found, dict):
        pairs = [(key, expected.get(key), found.get(key)) for key in {**expected, **found}]
    elif isinstance(expected, list) and isinstance(found, list):
        numbered = enumerate(zip_longest(expected, found))
        pairs = [(str(place), one, other) for place, (one, other) in numbered]
    for key, one, other in pairs:
        if one != other:
            path, inner, there = _first(one, other)
            return [key, *path], inner, there
    return [], expected, found
