"""The tasks of a case at a moment of its past: who had them, since when, and the time they had taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.model.calendar import WorkCalendar
from engine.model.definition import Definition, Step
from engine.model.lateness import allowed_until, late_by
from engine.model.replay import HeldTask, Moment, Pass
from engine.model.schedule import due, times_spent
from engine.model.task import TaskState
from engine.queries.case_way import StepSums, Trail, Walked, Way

MOST = 20  # tasks that are shown with their times: of most cases every one, and no page of a phone is heavy
MOST_OPEN = 20  # open tasks that are told one by one
_TOLD = (TaskState.COMPLETED, TaskState.RETURNED)
People = Mapping[UUID, tuple[str, str]]  # name and post


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """A pass through a step as it stood: ``state`` is open where it was not closed yet.

    Names are posts, else names; the holder is empty in the role's pool. Minutes are working minutes.
    """

    task: HeldTask
    name: str
    number: int | None  # of the step in the SOP's table
    role_label: str
    holder: str
    lender: str
    preparer: str
    state: TaskState
    seq: int  # of the event that closed it; 0 while it is open
    worked: int
    waited: int
    allowed: int | None  # standard time; None: the SOP sets none
    late_by: int | None  # past its own due time; None: in time, 0: outside working hours
    taken_back: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it waited to be done."""
        return self.state is TaskState.OPEN

    @property
    def is_late(self) -> bool:
        """Tell whether it was done, or stood open, after its due time."""
        return self.late_by is not None


def way_at(moment: Moment, definition: Definition) -> Way:
    """Find how every element and flow stood, on the diagram of a version."""
    walked = Walked(definition)
    for way in moment.ways_in_order():
        walked.take(Trail(element=way.element, flows=way.flows, round=way.round))
    counts = Counter((one.task.key.element, one.how) for one in moment.passes if not one.taken_back)
    counts.update((key.element, TaskState.OPEN) for key in moment.open)
    return walked.way(
        [
            StepSums(element=element, state=state, count=count, worked=0, waited=0)
            for (element, state), count in counts.items()
        ]
    )


def shown_passes(moment: Moment) -> list[Pass]:
    """Give the last passes that are shown with their times, in the order they began."""
    told = [one for one in moment.passes if one.how in _TOLD]
    return told[max(0, len(told) - max(1, MOST - len(moment.open))) :]


def told_passes(moment: Moment) -> int:
    """Count the passes that were gone through, shown or not."""
    return sum(one.how in _TOLD for one in moment.passes)


def people_of(moment: Moment) -> set[UUID]:
    """Name everybody who is shown with a task."""
    shown = [*moment.open.values(), *(one.task for one in shown_passes(moment))]
    found = {one for task in shown for one in (task.assignee, task.delegated_by, task.prepared_by)}
    return {one for one in found | {one.by for one in shown_passes(moment)} if one is not None}


class Lines:
    """Puts tasks into lines; ``definitions`` are those of the versions that the case went by."""

    def __init__(
        self, definitions: Mapping[int, Definition], people: People, calendar: WorkCalendar, at: datetime
    ) -> None:
        """Take what all lines share."""
        self._definitions, self._people, self._calendar, self._at = definitions, people, calendar, at

    def of(self, moment: Moment) -> tuple[HeldLine, ...]:
        """Give the passes and open tasks of a moment, in the order they began."""
        lines = [self._closed(one) for one in shown_passes(moment)]
        lines += [self._open(task) for task in moment.open.values()]
        return tuple(sorted(lines, key=lambda line: line.task.opened_at))

    def _open(self, task: HeldTask) -> HeldLine:
        return self._line(task, None, until=self._at)

    def _closed(self, one: Pass) -> HeldLine:
        return self._line(one.task, one, until=one.ended_at)

    def _line(self, task: HeldTask, one: Pass | None, *, until: datetime) -> HeldLine:
        definition = self._definitions[task.version]
        step = next((step for step in definition.steps if step.element == task.key.element), None)
        worked, waited = self._times(task, one, until)
        roles = {lane.role: lane.name for lane in definition.lanes}
        return HeldLine(
            task=task,
            name=step.name if step else definition.name_of(task.key.element) or task.key.element,
            number=step.number if step else None,
            role_label=roles.get(task.role, task.role),
            holder=self._name(one.by if one else task.assignee),
            lender=self._name(task.delegated_by),
            preparer=self._name(task.prepared_by),
            state=one.how if one else TaskState.OPEN,
            seq=one.seq if one else 0,
            worked=worked,
            waited=waited,
            allowed=self._allowed(task, step),
            late_by=late_by(task.due_at, until, self._calendar),
            taken_back=one.taken_back if one else False,
        )

    def _name(self, person: UUID | None) -> str:
        name, post = self._people.get(person, ("", "")) if person is not None else ("", "")
        return post or name

    def _times(self, task: HeldTask, one: Pass | None, until: datetime) -> tuple[int, int]:
        if one is not None and one.worked is not None and one.waited is not None:
            return one.worked, one.waited
        return times_spent(
            opened_at=task.opened_at,
            started_at=task.clock_started_at or until,
            paused_minutes=task.paused_minutes,
            paused_at=task.paused_at,
            ended_at=until,
            calendar=self._calendar,
        )

    def _allowed(self, task: HeldTask, step: Step | None) -> int | None:
        if step is None or step.standard_time is None:
            return None
        started = task.clock_started_at or task.opened_at
        if task.due_at is not None:
            paused = task.paused_minutes
            return allowed_until(
                task.due_at, started_at=started, paused_minutes=paused, calendar=self._calendar
            )
        until = due(step, started_at=started, paused_minutes=0, calendar=self._calendar)
        return self._calendar.minutes_between(started, until) if until is not None else None
