"""Samples of cases: drawn by a seed, concluded, reviewed by another of the team.

What is noted of each case in between: ``sample_notes``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.finding import may_review, on_team
from engine.model.sampling import SampleState, Verdict, draw, population_digest
from engine.model.unseen import NO_ASSIGNMENT, NO_SAMPLE
from engine.queries.sample_population import Population, population
from engine.storage import events, people, samples
from engine.storage.events import Line
from engine.storage.samples import Sample
from engine.storage.transaction import Connection

LARGEST = 500  # cases of a sample
LONGEST = 10_000  # characters of a note or conclusion
LONGEST_TITLE, LONGEST_SEED = 200, 80
_LABELS = {
    "title": "Title",
    "seed": "Seed",
    "size": "How many cases",
    "since": "Started from",
    "until": "Started until",
    "conclusion": "Conclusion",
    "review": "What you say of it",
}
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)
_CHANGED = say("Somebody else of the team has changed this since you opened it. Look at it again.")


@dataclass(frozen=True, kw_only=True)
class SampleForm:
    """What is to be drawn: how many of which cases. An empty seed is chosen at random and kept."""

    title: str = ""
    size: int | None = None
    sop: UUID | None = None
    since: date | None = None
    until: date | None = None
    seed: str = ""


def take(engine: Engine, actor: Actor, assignment: UUID, form: SampleForm) -> UUID:
    """Draw a sample of the cases that a letter of assignment opens to the actor; gives its id."""
    if not on_team(actor, assignment):
        raise NotFound(NO_ASSIGNMENT)
    title, seed, size = _clean(form)
    sample_id, now = new_id(), engine.clock.now()
    cases = _population(engine, actor, assignment, form)
    numbers, digest = draw(seed, cases, size), population_digest(cases)
    values = {
        "id": sample_id,
        "office": actor.office,
        "assignment": assignment,
        "title": title,
        "process": form.sop,
        "since": form.since,
        "until": form.until,
        "seed": seed,
        "population": len(cases),
        "population_digest": digest,
        "prepared_by": actor.person,
        "drawn_at": now,
    }
    told = {
        "assignment": assignment.hex,
        "title": title,
        "seed": seed,
        "sop": form.sop.hex if form.sop else None,
        "since": form.since.isoformat() if form.since else None,
        "until": form.until.isoformat() if form.until else None,
        "population": [len(cases), digest.hex()],
        "drawn": numbers,
    }
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        samples.add(connection, values, [cases[number] for number in numbers])
        record(connection, engine, actor, EventKind.SAMPLE_DRAWN, sample_id, told)
    return sample_id


def _population(engine: Engine, actor: Actor, assignment: UUID, form: SampleForm) -> dict[str, UUID]:
    """Read all that can be drawn, while nobody waits: it may be every case of the office."""
    asked = Population(sop=form.sop, since=form.since, until=form.until)
    with engine.store.reading() as connection:
        cases = population(connection, actor, assignment, asked, engine.calendar_of(actor.office))
    if not cases:
        sentence = say("No case of your assignment is in this selection. Choose a longer period.")
        raise Invalid((_problem("since", sentence),))
    return cases


def conclude(engine: Engine, actor: Actor, sample_id: UUID, revision: int, conclusion: str) -> None:
    """Conclude a sample all of whose cases were looked at."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = load_sample(connection, actor, sample_id)
        if found.state is not SampleState.DRAWN:
            raise Conflict(_CHANGED)
        left = [one for one in samples.cases_of(connection, sample_id) if one.verdict is Verdict.OPEN]
        if left:
            raise Conflict(say("%(count)s cases were not looked at yet.", count=len(left)))
        written = _text(conclusion, "conclusion", needed=True)
        values = {
            "state": SampleState.CONCLUDED.value,
            "conclusion": written,
            "concluded_at": engine.clock.now(),
            "prepared_by": actor.person,
        }
        _change(connection, found, revision, values)
        samples.add_preparer(connection, sample_id, actor.person)
        told = {"conclusion": written}
        record(connection, engine, actor, EventKind.SAMPLE_CONCLUDED, sample_id, told)


def review(
    engine: Engine, actor: Actor, sample_id: UUID, revision: int, *, accepted: bool, text: str
) -> None:
    """Accept the working papers of another of the team, or give them back with what is to be done."""
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = load_sample(connection, actor, sample_id)
        if found.state is not SampleState.CONCLUDED:
            raise Conflict(_CHANGED)
        wrote = samples.preparers(connection, sample_id)
        if not may_review(actor, found.assignment, found.prepared_by, *wrote):
            sentence = say(
                "Who notes cases of a sample or writes its conclusion does not review it: another one does."
            )
            raise Forbidden(sentence)
        written = _text(text, "review", needed=not accepted)
        state = SampleState.REVIEWED if accepted else SampleState.DRAWN
        values: dict[str, object] = {"state": state.value, "review": written}
        if accepted:
            values |= {"reviewed_by": actor.person, "reviewed_at": engine.clock.now()}
        _change(connection, found, revision, values)
        told = {"accepted": accepted, "review": written, "prepared_by": found.prepared_by.hex}
        record(connection, engine, actor, EventKind.SAMPLE_REVIEWED, sample_id, told)


def load_sample(connection: Connection, actor: Actor, sample_id: UUID) -> Sample:
    """Read a sample of a team the actor is in."""
    found = samples.load(connection, actor.office, sample_id)
    if found is None or not on_team(actor, found.assignment):
        raise NotFound(NO_SAMPLE)
    return found


def _change(connection: Connection, found: Sample, revision: int, values: Mapping[str, Any]) -> None:
    if found.revision != revision or not samples.change(connection, found.id, revision, values):
        raise Conflict(_CHANGED)


def record(
    connection: Connection,
    engine: Engine,
    actor: Actor,
    kind: EventKind,
    sample_id: UUID,
    payload: Mapping[str, Any],
) -> None:
    """Append an event of a sample to the office's stream."""
    line = Line(kind=kind, payload={"sample": sample_id.hex, **payload})
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _clean(form: SampleForm) -> tuple[str, str, int]:
    """Give title, seed and size; Invalid with everything that is wrong."""
    wrong: dict[str, Sentence] = {}
    title, seed = " ".join(form.title.split()), form.seed.strip()
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = say("Write a title of at most %(most)s characters.", most=LONGEST_TITLE)
    if len(seed) > LONGEST_SEED or "\n" in seed:
        wrong["seed"] = say("A seed has at most %(most)s characters on one line.", most=LONGEST_SEED)
    if form.size is None or not 1 <= form.size <= LARGEST:
        wrong["size"] = say("Draw between 1 and %(most)s cases.", most=LARGEST)
    for field, day in (("since", form.since), ("until", form.until)):
        if day is not None and not _FIRST <= day <= _LAST:
            wrong[field] = say("Choose a day between 2000 and 2100.")
    if form.since and form.until and form.until < form.since:
        wrong["until"] = say("The last day lies before the first one.")
    if wrong:
        raise Invalid(tuple(_problem(field, sentence) for field, sentence in wrong.items()))
    return title, seed or secrets.token_hex(8), form.size or 1


def _text(text: str, field: str, *, needed: bool) -> str:
    written = text.strip()
    if needed and not written:
        raise Invalid((_problem(field, say("This must be written.")),))
    if len(written) > LONGEST:
        raise Invalid((_problem(field, say("Write this in at most %(most)s characters.", most=LONGEST)),))
    return written


def _problem(field: str, sentence: Sentence) -> Problem:
    return Problem(field=field, label=_LABELS[field], sentence=sentence)
