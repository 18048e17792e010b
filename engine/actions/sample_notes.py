"""What the team notes of the cases of a sample, and its conclusion while that is still being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.actions.samples import LONGEST, load_sample, record
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, Sentence, say
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.sampling import SampleState, Verdict
from engine.model.unseen import NO_SAMPLE
from engine.storage import people, samples
from engine.storage.samples import Sample, SampleCase
from engine.storage.transaction import Connection


@dataclass(frozen=True, kw_only=True)
class CaseNote:
    """What is said of the case at a place of the sample; ``revision``: as it was seen."""

    place: int
    revision: int
    verdict: Verdict
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class DraftConclusion:
    """The conclusion as far as it is written; ``revision``: of the sample, as it was seen."""

    revision: int
    text: str


def save(
    engine: Engine,
    actor: Actor,
    sample_id: UUID,
    notes: Sequence[CaseNote],
    conclusion: DraftConclusion | None = None,
) -> int:
    """Write all of it, or nothing; gives the sample's revision afterwards.

    Invalid names everything that is wrong: ``note-3`` is the field of the third case's problem.
    """
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        found = load_sample(connection, actor, sample_id)
        if found.state is not SampleState.DRAWN:
            raise Conflict(say("This sample is concluded. Its notes stay as they are."))
        cases = {one.place: one for one in samples.cases_of(connection, sample_id)}
        if any(one.place not in cases for one in notes):
            raise NotFound(NO_SAMPLE)
        problems = [
            *(wrong for one in notes if (wrong := _wrong(one, cases[one.place]))),
            *_wrong_conclusion(found, conclusion),
        ]
        if problems:
            raise Invalid(tuple(problems))
        for one in notes:
            _note(connection, engine, actor, found, cases[one.place], one)
        return _draft(connection, engine, actor, found, conclusion)


def _wrong(note: CaseNote, case: SampleCase) -> Problem | None:
    written, place = note.text.strip(), note.place
    sentence: Sentence | None = None
    if (case.verdict, case.note) == (note.verdict, written):
        return None
    if case.revision != note.revision:
        sentence = say(
            "Case %(place)s was noted meanwhile, by another of the team or on another page of yours: "
            "“%(note)s”. Saving again replaces it.",
            place=place,
            note=case.note,
        )
    elif len(written) > LONGEST:
        sentence = say("Case %(place)s: write at most %(most)s characters.", place=place, most=LONGEST)
    elif note.verdict is Verdict.EXCEPTION and not written:
        sentence = say("Case %(place)s: an exception needs a note that says what it is.", place=place)
    return None if sentence is None else Problem(field=f"note-{place}", label="Note", sentence=sentence)


def _wrong_conclusion(found: Sample, conclusion: DraftConclusion | None) -> list[Problem]:
    if conclusion is None or conclusion.text.strip() == found.conclusion:
        return []
    sentence: Sentence | None = None
    if conclusion.revision != found.revision:
        sentence = say(
            "This was written meanwhile, by another of the team or on another page of yours: “%(text)s”. "
            "Saving again replaces it.",
            text=found.conclusion,
        )
    elif len(conclusion.text.strip()) > LONGEST:
        sentence = say("Write this in at most %(most)s characters.", most=LONGEST)
    return [Problem(field="conclusion", label="Conclusion", sentence=sentence)] if sentence else []


def _note(
    connection: Connection, engine: Engine, actor: Actor, found: Sample, case: SampleCase, note: CaseNote
) -> None:
    written = note.text.strip()
    if (case.verdict, case.note) == (note.verdict, written):
        return
    values = {"verdict": note.verdict.value, "note": written, "noted_by": actor.person}
    samples.note(connection, found.id, case.place, case.revision, values | {"noted_at": engine.clock.now()})
    samples.add_preparer(connection, found.id, actor.person)
    told = {
        "case": case.instance.hex,
        "verdict": note.verdict.value,
        "note": written,
        "was": {"verdict": case.verdict.value, "note": case.note},
    }
    record(connection, engine, actor, EventKind.SAMPLE_CASE_NOTED, found.id, told)


def _draft(
    connection: Connection, engine: Engine, actor: Actor, found: Sample, conclusion: DraftConclusion | None
) -> int:
    written = found.conclusion if conclusion is None else conclusion.text.strip()
    if written == found.conclusion:
        return found.revision
    samples.change(connection, found.id, found.revision, {"conclusion": written})
    samples.add_preparer(connection, found.id, actor.person)
    told = {"conclusion": written, "was": found.conclusion}
    record(connection, engine, actor, EventKind.SAMPLE_CONCLUSION_DRAFTED, found.id, told)
    return found.revision + 1
