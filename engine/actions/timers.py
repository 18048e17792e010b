"""Fire a timer of the diagram that is due: exactly once, whoever tries."""

from __future__ import annotations

from engine.actions.advancing import Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.model.timer import TimerKey
from engine.storage import events, instances
from engine.storage.events import Line
from engine.storage.instances import TimerRow


def fire(engine: Engine, timer: TimerRow) -> bool:
    """Move the case on; False when somebody fired it, or the case moved otherwise in the meantime."""
    with engine.store.reading() as connection:
        case = instances.load(connection, timer.instance, None)
        if not instances.waits(connection, timer.id):
            return False
    if case is None or case.status is not InstanceStatus.RUNNING or case.state is None:
        with engine.store.transaction() as connection:
            return instances.drop_timer(connection, timer.id)
    now = engine.clock.now()
    outcome = engine.runner.fire(
        version=case.version,
        instance=case.id,
        guard=case.guard,
        state=case.state,
        timer=TimerKey(element=timer.element, round=timer.round, iteration=timer.iteration),
        now=now,
    )
    version = engine.versions.get(case.version)
    with engine.store.transaction() as connection:
        guard, _status, head = instances.lock(connection, case.id)
        if guard != case.guard or not instances.drop_timer(connection, timer.id):
            return False
        moved = Case(id=case.id, version=version)
        rows = opened_rows(engine, connection, moved, outcome, now)
        save_moved(connection, moved, outcome, rows)
        fired = Line(
            kind=EventKind.TIMER_FIRED,
            element=timer.element,
            round=timer.round,
            iteration=timer.iteration,
            payload={"due": timer.due_at.isoformat()},
        )
        lines = [fired, *lines_of(outcome, rows)]
        worker, basis = Actor(person=None, office=case.office, name=""), basis_of(engine, version)
        head = events.extend(connection, Scope.INSTANCE, case.id, head, worker, now, lines, basis=basis)
        undone = {"undo_task": None, "undo_state": None}
        instances.save(connection, case.id, head, undone | changes_after(outcome, guard, now))
    if not outcome.finished:
        engine.runner.keep(case.id, guard + 1, outcome)
    return True
