"""Letters of assignment as they are typed: cleaned, or refused with all that is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine.actions.reasons import too_long
from engine.errors import Invalid, Problem, Sentence, say
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.storage import assignments, people
from engine.storage.assignments import Letter, Member
from engine.storage.transaction import Connection

LONGEST = 200
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


def clean(
    connection: Connection, actor: Actor, assignment: UUID, form: LetterForm
) -> tuple[Letter, list[Member]]:
    """Clean the fields of a letter, or refuse with all that is wrong with them."""
    number, issuer = " ".join(form.number.split()), " ".join(form.issuer.split())
    dated, first = _day(form.dated), _day(form.valid_from)
    problems = [*_text_problems(number, issuer), *_day_problems(form)]
    if number and assignments.number_taken(connection, actor.office, number):
        sentence = say("The assignment %(number)s is on record already.", number=number)
        problems.append(problem("number", "Number", sentence))
    known = assignments.processes(connection, actor.office)
    units = tuple(sorted(filter(None, map(parse_id, form.units))))
    if len(units) < len(form.units) or not all(
        people.is_unit(connection, actor.office, one) for one in units
    ):
        problems.append(problem("units", "Units", say("Choose units of the list.")))
    if not known.keys() >= set(form.sops):
        problems.append(problem("sops", "SOPs", say("Choose SOPs of the list.")))
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


def clean_team(
    connection: Connection, actor: Actor, form: TeamForm, first: date
) -> tuple[date, list[Member]]:
    """Clean the team and its last day, or refuse; it is not before ``first``."""
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
            problem(
                "valid_until",
                "Valid until",
                say("Choose a last day that is not before the first, and not past."),
            )
        )
    chosen = list(dict.fromkeys(filter(None, map(parse_id, form.team))))
    if not chosen:
        problems.append(problem("team", "Team", say("Choose who is in the team.")))
    elif first is not None and until is not None and not problems:
        able = assignments.auditors(connection, actor.office, first, until)
        if not able.issuperset(chosen):
            sentence = say("Choose people who hold the role of an auditor in that time.")
            problems.append(problem("team", "Team", sentence))
    head = parse_id(form.head)
    if chosen and head not in chosen:
        problems.append(problem("head", "Head of the team", say("Choose one of the team.")))
    if until is None:
        return problems, None, []
    return problems, until, [Member(person=one, head=one == head, until=until) for one in chosen]


def _text_problems(number: str, issuer: str) -> list[Problem]:
    found = []
    asked = (
        ("number", "Number", number, say("Write the number of the letter.")),
        ("issuer", "Issued by", issuer, say("Write who issued the letter.")),
    )
    for field, label, text, sentence in asked:
        if not text:
            found.append(problem(field, label, sentence))
        elif len(text) > LONGEST:
            found.append(problem(field, label, too_long(text, LONGEST)))
    return found


def _day_problems(form: LetterForm) -> list[Problem]:
    found = []
    if _day(form.dated) is None:
        found.append(problem("dated", "Date of the letter", say("Choose the date of the letter.")))
    if _day(form.valid_from) is None:
        found.append(problem("valid_from", "Valid from", say("Choose the first day.")))
    first, last = _day(form.cases_from), _day(form.cases_until)
    if form.cases_from and first is None:
        found.append(problem("cases_from", "Cases from", say("Choose the first day.")))
    if form.cases_until and last is None:
        found.append(problem("cases_until", "Cases until", say("Choose a day between 2000 and 2100.")))
    elif first is not None and last is not None and last < first:
        sentence = say("The last day must not be before the first.")
        found.append(problem("cases_until", "Cases until", sentence))
    return found


def _day(text: str) -> date | None:
    """Read a day of this century: others are mistyped, and far ones have no next day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def problem(field: str, label: str, sentence: Sentence) -> Problem:
    """Say what is wrong with a field."""
    return Problem(field=field, label=label, sentence=sentence)
