"""What figures say for the monitoring and evaluation form of an SOP (PermenPAN-RB 35/2012), step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.assessment import Proposal, StepCounts, proposed
from engine.queries.figures_asked import FiguresAsked, Scope, must_see_figures, scope_of, sops_of
from engine.queries.figures_cases import CaseFigures, case_figures
from engine.queries.figures_completed import replaced
from engine.queries.figures_deviations import DeviationKind, deviations_by_step
from engine.queries.figures_rework import Reason, rework
from engine.queries.figures_shapes import reading_of
from engine.queries.figures_steps import StepFigures, StepsTaken, steps_taken
from engine.queries.library_versions import NO_SOP, VersionRow, counting, versions_of
from engine.queries.unread import Unread

_AGAINST = (DeviationKind.CORRECTED, DeviationKind.UNREAD, DeviationKind.WRONG_ROLE)

ByKind = Mapping[DeviationKind, Counter[str]]  # how often at which element; "" is no step


@dataclass(frozen=True, kw_only=True)
class StepAssessed:
    """A step of the SOP with what is counted of it. ``reasons`` are the reviewers', the newest first."""

    figures: StepFigures
    counts: StepCounts
    proposal: Proposal
    still_late: int  # open beyond a due time of the period
    deviations: Mapping[DeviationKind, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluationPage:
    """The form of one SOP and period. ``number`` is the revision whose steps are assessed."""

    sops: tuple[tuple[str, str], ...]
    scope: Scope
    number: int
    sop_number: str
    day_length: int  # working minutes
    steps: tuple[StepAssessed, ...]
    elsewhere: tuple[str, ...]  # steps that were completed too, which this revision does not have
    cases: CaseFigures
    taken: StepsTaken
    taken_before: StepsTaken | None  # in the period before, of the same length
    deviations: Mapping[DeviationKind, int]
    sent_back: int
    left_out: bool  # older repeated steps were not looked at
    unread: tuple[Unread, ...]  # cases of which it is not known why they were sent back


def evaluation_page(engine: Engine, actor: Actor, asked: FiguresAsked) -> EvaluationPage:
    """Read what the form says; a form is of all performers and units."""
    must_see_figures(actor)
    asked = replace(asked, role="", unit="")
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        version = in_force(versions_of(connection, actor, asked.sop, asked.version)[1], asked)
        definition = engine.versions.get(version.id).definition
        reading = reading_of(engine, connection, scope)
        taken = steps_taken(engine, connection, scope, definition, reading.replaced)
        again = rework(engine, connection, scope)
        kinds = deviations_by_step(reading, taken)
        return EvaluationPage(
            sops=sops_of(connection, actor.office),
            scope=scope,
            number=version.number,
            sop_number=version.sop_number,
            day_length=engine.calendar_of(actor.office).day_length,
            steps=tuple(_assessed(taken.steps, kinds, again.reasons)),
            elsewhere=tuple(one.name for one in taken.steps if one.number is None),
            cases=case_figures(engine, connection, scope),
            taken=taken,
            taken_before=_before(engine, connection, actor, asked, version),
            deviations={kind: found.total() for kind, found in kinds.items()},
            sent_back=len(again.reasons),
            left_out=again.left_out,
            unread=again.unread,
        )


def in_force(versions: list[VersionRow], asked: FiguresAsked) -> VersionRow:
    """Pick the version that was asked for, else the one in force on the last day of the period.

    Where none was then, it is the one that counts.
    """
    if asked.version is not None:
        found = next((one for one in versions if one.number == asked.version), None)
        if found is None:
            raise NotFound(NO_SOP)
        return found
    begun = [
        (since, one.number, one)
        for one in versions
        if one.was_in_force
        for since in (one.effective_from, one.reinstated_on)
        if since is not None and since <= asked.until
    ]
    return max(begun, key=lambda row: row[:2])[2] if begun else counting(versions)


def _before(
    engine: Engine, connection: Connection, actor: Actor, asked: FiguresAsked, version: VersionRow
) -> StepsTaken | None:
    """Count the steps of the period before; None where the calendar has no such days."""
    until = asked.since.toordinal() - 1
    since = until - (asked.until - asked.since).days
    if since <= 1:  # the first day of all has a beginning before it, in UTC
        return None
    earlier = replace(asked, since=date.fromordinal(since), until=date.fromordinal(until))
    scope = scope_of(engine, connection, actor, earlier)
    definition = engine.versions.get(version.id).definition
    return steps_taken(engine, connection, scope, definition, replaced(connection, scope))


def _assessed(
    steps: Iterable[StepFigures], kinds: ByKind, reasons: tuple[Reason, ...]
) -> Iterable[StepAssessed]:
    for one in steps:
        if one.number is None:
            continue
        here = {kind: found[one.element] for kind, found in kinds.items()}
        back = [reason for reason in reasons if reason.element == one.element]
        still = max(0, here[DeviationKind.LATE] - one.sums.late)
        counts = StepCounts(
            completed=one.sums.count,
            due=one.sums.timed + still,
            late=one.sums.late + still,
            sent_back=len(back),
            deviated=sum(here[kind] for kind in _AGAINST),
            without_role=here[DeviationKind.NOT_HELD],
            unmeasured=one.sums.count - one.sums.timed if one.standard_time else 0,
        )
        yield StepAssessed(
            figures=one,
            counts=counts,
            proposal=proposed(counts),
            still_late=still,
            deviations=here,
            reasons=tuple(dict.fromkeys(reason.words for reason in back if reason.words)),
        )
