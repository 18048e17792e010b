"""Administer letters of assignment: issue one, change its team or last day, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from engine.actions.administering import administering, today
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, Sentence, say
from engine.ids import new_id, parse_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.unseen import NO_ASSIGNMENT
from engine.storage import assignments, events, people
from engine.storage.assignments import Letter, Member
from engine.storage.events import Line
from engine.storage.transaction import Connection

_LONGEST = 200
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, kw_only=True)
class TeamForm:
    """Who is in the team until when, as typed: ids of people, one of them head; a day as ISO text."""

    valid_until: str
    team: Sequence[str]
    head: str


@dataclass(frozen=True, kw_only=True)
class LetterForm(TeamForm):
    """A letter as typed. No units: the whole office; no SOPs (keys): all; no days of cases: any time."""

    number: str
    dated: str
    issuer: str
    valid_from: str
    cases_from: str = ""
    cases_until: str = ""
    units: Sequence[str] = ()
    sops: Sequence[str] = ()


def issue(engine: Engine, actor: Actor, form: LetterForm) -> UUID:
    """Put a letter of assignment on record: from its first day on, its team reads what it covers."""
    assignment = new_id()
    with administering(engine, actor, EventKind.ASSIGNMENT_ISSUED) as connection:
        letter, members = _clean(connection, actor, assignment, form)
        assignments.add(connection, letter)
        assignments.save_team(connection, assignment, members)
        new = {name: _shown(value) for name, value in asdict(letter).items() if name not in _APART}
        payload = {"new": new | {"sops": sorted(form.sops)}, "team": [_member(one) for one in members]}
        _record(connection, engine, actor, EventKind.ASSIGNMENT_ISSUED, assignment, payload)
    return assignment


def change(engine: Engine, actor: Actor, assignment: UUID, form: TeamForm) -> None:
    """Change the team or the last day; who leaves the team reads nothing by the letter any more.

    Conflict once the letter has ended. What it covers stays as it was issued: that takes a new letter.
    """
    with administering(engine, actor, EventKind.ASSIGNMENT_CHANGED) as connection:
        now = today(engine, actor)
        letter, before = _load_open(connection, actor, assignment, now)
        until, members = _clean_team(connection, actor, form, max(letter.valid_from, now))
        gone = _left(letter, before, {one.person for one in members}, now)
        assignments.change(connection, assignment, {"valid_until": until})
        assignments.save_team(connection, assignment, [*members, *gone])
        staying = [one for one in before if one.until >= now]
        payload = {
            "number": letter.number,
            "old": {"valid_until": letter.valid_until.isoformat(), "team": [_member(one) for one in staying]},
            "new": {"valid_until": until.isoformat(), "team": [_member(one) for one in members]},
        }
        _record(connection, engine, actor, EventKind.ASSIGNMENT_CHANGED, assignment, payload)


def end(engine: Engine, actor: Actor, assignment: UUID, reason: str) -> None:
    """End a letter now: its team reads nothing by it from this moment on. Conflict where it ended before."""
    told = " ".join(reason.split())[:_LONGEST]
    with administering(engine, actor, EventKind.ASSIGNMENT_ENDED) as connection:
        now = today(engine, actor)
        letter, members = _load_open(connection, actor, assignment, now)
        if not told:
            raise Invalid((_problem("reason", "Reason", say("Write why the assignment ends.")),))
        last = date.fromordinal(now.toordinal() - 1)  # terms are whole days: today is none of it any more
        assignments.change(connection, assignment, {"valid_until": last, "end_reason": told})
        over = [Member(person=one.person, head=one.head, until=min(one.until, last)) for one in members]
        assignments.save_team(connection, assignment, over)
        payload = {
            "number": letter.number,
            "reason": told,
            "old": {"valid_until": letter.valid_until.isoformat()},
            "new": {"valid_until": last.isoformat()},
        }
        _record(connection, engine, actor, EventKind.ASSIGNMENT_ENDED, assignment, payload)


_APART = {"id", "office", "sops", "end_reason"}


def _load_open(
    connection: Connection, actor: Actor, assignment: UUID, now: date
) -> tuple[Letter, list[Member]]:
    letter = assignments.load(connection, actor.office, assignment)
    if letter is None:
        raise NotFound(NO_ASSIGNMENT)
    if letter.valid_until < now:
        raise Conflict(say("The assignment %(number)s has ended already.", number=letter.number))
    return letter, assignments.team(connection, assignment)


def _left(letter: Letter, before: Sequence[Member], staying: set[UUID], now: date) -> list[Member]:
    """Give those who leave the team, with yesterday as their last day."""
    last = date.fromordinal(now.toordinal() - 1)
    gone = [one for one in before if one.person not in staying and one.until == letter.valid_until]
    return [Member(person=one.person, head=False, until=last) for one in gone]


def _clean(
    connection: Connection, actor: Actor, assignment: UUID, form: LetterForm
) -> tuple[Letter, list[Member]]:
    """Clean the fields of a letter, or refuse with all that is wrong with them."""
    number, issuer = " ".join(form.number.split()), " ".join(form.issuer.split())
    dated, first = _day(form.dated), _day(form.valid_from)
    problems = [*_text_problems(number, issuer), *_day_problems(form)]
    if number and assignments.number_taken(connection, actor.office, number):
        sentence = say("The assignment %(number)s is on record already.", number=number)
        problems.append(_problem("number", "Number", sentence))
    known = assignments.processes(connection, actor.office)
    units = tuple(sorted(filter(None, map(parse_id, form.units))))
    if len(units) < len(form.units) or not all(
        people.is_unit(connection, actor.office, one) for one in units
    ):
        problems.append(_problem("units", "Units", say("Choose units of the list.")))
    if not known.keys() >= set(form.sops):
        problems.append(_problem("sops", "SOPs", say("Choose SOPs of the list.")))
    team_problems, until, members = _team(connection, actor, form, first)
    if problems or team_problems or dated is None or first is None or until is None:
        raise Invalid((*problems, *team_problems))
    letter = Letter(
        id=assignment,
        office=actor.office,
        number=number,
        dated=dated,
        issuer=issuer,
        valid_from=first,
        valid_until=until,
        cases_from=_day(form.cases_from),
        cases_until=_day(form.cases_until),
        units=units,
        sops=tuple(sorted(known[key] for key in set(form.sops))),
        end_reason=None,
    )
    return letter, members


def _clean_team(
    connection: Connection, actor: Actor, form: TeamForm, first: date
) -> tuple[date, list[Member]]:
    problems, until, members = _team(connection, actor, form, first)
    if problems or until is None:
        raise Invalid(tuple(problems))
    return until, members


def _team(
    connection: Connection, actor: Actor, form: TeamForm, first: date | None
) -> tuple[list[Problem], date | None, list[Member]]:
    """Read the team and its last day, with what is wrong with them; it is not before ``first``."""
    problems, until = [], _day(form.valid_until)
    if until is None or (first is not None and until < first):
        problems.append(
            _problem(
                "valid_until",
                "Valid until",
                say("Choose a last day that is not before the first, and not past."),
            )
        )
    chosen = list(dict.fromkeys(filter(None, map(parse_id, form.team))))
    if not chosen:
        problems.append(_problem("team", "Team", say("Choose who is in the team.")))
    elif first is not None and until is not None and not problems:
        able = assignments.auditors(connection, actor.office, first, until)
        if not able.issuperset(chosen):
            sentence = say("Choose people who hold the role of an auditor in that time.")
            problems.append(_problem("team", "Team", sentence))
    head = parse_id(form.head)
    if chosen and head not in chosen:
        problems.append(_problem("head", "Head of the team", say("Choose one of the team.")))
    if until is None:
        return problems, None, []
    return problems, until, [Member(person=one, head=one == head, until=until) for one in chosen]


def _text_problems(number: str, issuer: str) -> list[Problem]:
    found = []
    if not 1 <= len(number) <= _LONGEST:
        found.append(_problem("number", "Number", say("Write the number of the letter.")))
    if not 1 <= len(issuer) <= _LONGEST:
        found.append(_problem("issuer", "Issued by", say("Write who issued the letter.")))
    return found


def _day_problems(form: LetterForm) -> list[Problem]:
    found = []
    if _day(form.dated) is None:
        found.append(_problem("dated", "Date of the letter", say("Choose the date of the letter.")))
    if _day(form.valid_from) is None:
        found.append(_problem("valid_from", "Valid from", say("Choose the first day.")))
    first, last = _day(form.cases_from), _day(form.cases_until)
    if form.cases_from and first is None:
        found.append(_problem("cases_from", "Cases from", say("Choose the first day.")))
    if form.cases_until and last is None:
        found.append(_problem("cases_until", "Cases until", say("Choose a day between 2000 and 2100.")))
    elif first is not None and last is not None and last < first:
        sentence = say("The last day must not be before the first.")
        found.append(_problem("cases_until", "Cases until", sentence))
    return found


def _record(
    connection: Connection,
    engine: Engine,
    actor: Actor,
    kind: EventKind,
    assignment: UUID,
    payload: Mapping[str, object],
) -> None:
    line = Line(kind=kind, payload={"assignment": assignment.hex, **payload})
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _member(one: Member) -> dict[str, object]:
    return {"person": one.person.hex, "head": one.head}


def _day(text: str) -> date | None:
    """Read a day of this century: others are mistyped, and far ones have no next day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return [one.hex for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _problem(field: str, label: str, sentence: Sentence) -> Problem:
    return Problem(field=field, label=label, sentence=sentence)
