"""What events say of rows that pages show and decide by: people, roles, units, letters, papers of audits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.actions.finding_subjects import read_line
from engine.model.event import EventKind
from engine.model.finding import FindingState
from engine.model.sampling import SampleState

Said = Mapping[str, Any]
_LATER = ("answer", "answered_by", "follow_up", "follow_up_text", "followed_up_by", "conclusion", "closed_by")
ANY = object()  # of a column of which nothing is asked


@dataclass(frozen=True)
class Tells:
    """What an event tells of a row, which it names as ``subject`` or ``named``: ``read`` gives its columns.

    ``columns`` are those of texts that it tells; empty: all of them. ``by`` is the column of who did it.
    """

    subject: str
    read: Callable[[Said], dict[str, Any]] = dict
    columns: tuple[str, ...] = ()
    by: str = ""
    named: str = ""


def _of_new(said: Said) -> dict[str, Any]:
    return dict(said.get("new") or {})


def _of_letter(said: Said) -> dict[str, Any]:
    """Read a letter with its team, which stands beside what is new or within it; one that ended has none."""
    new = _of_new(said)
    team = said.get("team", new.get("team"))
    if team is None:
        return new | {"team": ANY}
    people = frozenset(one["person"] for one in team)
    told = {"team": sorted(team, key=lambda one: one["person"]), "members": people}
    return new | told | ({"sops": sorted(set(new["sops"]))} if "sops" in new else {})


def _of_draft(said: Said) -> dict[str, Any]:
    """Read a draft; whoever changes one takes its review away."""
    new = _of_new(said)
    if "cases" in new:
        new["cases"] = sorted(map(read_line, new["cases"]))
    return new | {"reviewed_by": None}


def _drafted(said: Said) -> dict[str, Any]:
    """Read how a finding begins: nobody has reviewed, answered or closed it yet."""
    known = {name: said[name] for name in ("number", "assignment") if name in said}
    return _of_draft(said) | known | dict.fromkeys(_LATER) | {"state": FindingState.DRAFT.value}


def _asked(said: Said) -> dict[str, Any]:
    return dict(said) | {"answer": None} | ({"asked_of": said["to"]} if "to" in said else {})


def _drawn(said: Said) -> dict[str, Any]:
    begins = {"conclusion": "", "review": "", "reviewed_by": None, "state": SampleState.DRAWN.value}
    return dict(said) | begins


def _concluded(said: Said) -> dict[str, Any]:
    return dict(said) | {"state": SampleState.CONCLUDED.value}


def _reviewed(said: Said) -> dict[str, Any]:
    state = SampleState.REVIEWED if said["accepted"] else SampleState.DRAWN
    return {name: said[name] for name in ("review",) if name in said} | {"state": state.value}


def _delivered(said: Said) -> dict[str, Any]:
    return dict(said) | {"state": FindingState.DELIVERED.value}


def _held(said: Said) -> dict[str, Any]:
    return _of_new(said) | {"role": said["role"]}


def _added(said: Said) -> dict[str, Any]:
    return {"active": True} | _of_new(said)


def _nothing(_: Said) -> dict[str, Any]:
    return {}


def _of_finding(state: FindingState, by: str, **columns: str) -> Tells:
    """Say which column has what an event says under another name, and what it made of the finding."""

    def read(said: Said) -> dict[str, Any]:
        told = {column: said[name] for column, name in columns.items() if name in said}
        return told | {"state": state.value}

    return Tells("finding", read, tuple(columns), by)


TELLS: Mapping[EventKind, Tells] = {
    EventKind.PERSON_ADDED: Tells("person", _added),
    EventKind.PERSON_CHANGED: Tells("person", _of_new),
    EventKind.ROLE_ADDED: Tells("role", _of_new),
    EventKind.ROLE_ASSIGNED: Tells("role_assignment", _held, named="assignment"),
    EventKind.ROLE_ENDED: Tells("role_assignment", _of_new, named="assignment"),
    EventKind.UNIT_ADDED: Tells("unit", _of_new),
    EventKind.ASSIGNMENT_ISSUED: Tells("assignment", _of_letter),
    EventKind.ASSIGNMENT_CHANGED: Tells("assignment", _of_letter),
    EventKind.ASSIGNMENT_ENDED: Tells("assignment", _of_letter),
    EventKind.FINDING_DRAFTED: Tells("finding", _drafted, by="prepared_by"),
    EventKind.FINDING_CHANGED: Tells("finding", _of_draft, by="prepared_by"),
    EventKind.FINDING_REVIEWED: Tells("finding", _nothing, ("reviewed_by",), by="reviewed_by"),
    EventKind.FINDING_DELIVERED: Tells("finding", _delivered, ("delivered_by",), by="delivered_by"),
    EventKind.FINDING_ANSWERED: _of_finding(FindingState.ANSWERED, "answered_by", answer="answer"),
    EventKind.FINDING_FOLLOWED_UP: _of_finding(
        FindingState.FOLLOWED_UP, "followed_up_by", follow_up="status", follow_up_text="text"
    ),
    EventKind.FINDING_CLOSED: _of_finding(FindingState.CLOSED, "closed_by", conclusion="conclusion"),
    EventKind.INQUIRY_ASKED: Tells("inquiry", _asked, by="asked_by"),
    EventKind.INQUIRY_ANSWERED: Tells("inquiry", columns=("answer",)),
    EventKind.SAMPLE_DRAWN: Tells("sample", _drawn, by="prepared_by"),
    EventKind.SAMPLE_CASE_NOTED: Tells("sample_case", by="noted_by"),
    EventKind.SAMPLE_CONCLUSION_DRAFTED: Tells("sample", columns=("conclusion",)),
    EventKind.SAMPLE_CONCLUDED: Tells("sample", _concluded, ("conclusion",), by="prepared_by"),
    EventKind.SAMPLE_REVIEWED: Tells("sample", _reviewed, ("review",), by="reviewed_by"),
}
# Of these an event tells of every row there is.
WHOLE = ("person", "role", "role_assignment", "assignment", "finding", "inquiry", "sample")
