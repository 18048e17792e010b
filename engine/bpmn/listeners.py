"""Start events that wait: of event subprocesses, and of the processes of a file (BPMN 2.0, 10.5.6, 13.5.4).

A listener is a token beside the flow: it does not keep its scope open. When its event happens it
opens the event subprocess in its scope, or another instance of its process in the case.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.flow import Flow
from engine.bpmn.live_task import LiveTask

FIRST = "first"  # of a listener that the case waits for, since nothing else begins it


class Listener(Flow):
    """Stands for one start event, beside the scope that it belongs to."""

    manual = False
    catches_events = True
    enters_on_arrival = False
    hidden = False
    undoable = False
    compensation = None
    service = None

    def __init__(self, start: Any, *, runs: Any = None, opens: Any = None) -> None:  # noqa: ANN401
        """Take the start event, and the event subprocess it runs or the process it opens."""
        self.name = f"{opens.name}/{start.name}.listener" if opens is not None else f"{start.name}.listener"
        self.start, self.runs, self.opens = start, runs, opens
        self.element, self.title, self.kind = start.element, start.title, start.kind
        self.process = start.process
        self.event_definition = start.event_definition
        self.asks_condition = start.asks_condition
        self.correlates = start.correlates and opens is None
        # An instance of a process is always another one; a handler interrupts unless it says otherwise.
        self.cancel_activity = runs is not None and not _extension(start, "beside")
        self.ahead: list[Any] = []
        self.flows: dict[str, str] = {}

    def _on_ready(self, my_task: LiveTask) -> None:
        my_task.workflow.top_workflow.urgent.append(my_task)

    def _run(self, my_task: LiveTask) -> None:
        scope = my_task.workflow
        del scope.tasks[my_task.id]
        if self.runs is None:
            self._open_process(my_task)
            return
        if self.cancel_activity:
            scope.stop()
        task = LiveTask(scope, self.runs)
        scope.top_workflow.enter(task)
        self.runs.open_at(task, self.start, my_task)

    def _open_process(self, my_task: LiveTask) -> None:
        top = my_task.workflow
        if FIRST not in my_task.internal_data:
            top.open_pool(self.opens).begin_at(self.start, my_task)
            return
        # One start event begins the instance; the others wait for further ones.
        for other in top.tasks.values():
            other.internal_data.pop(FIRST, None)
        top.begin_at(self.start, my_task)


def _extension(spec: Any, name: str) -> Any:  # noqa: ANN401 - untyped library
    return (getattr(spec, "extensions", None) or {}).get(name)


def is_listener(task: LiveTask) -> bool:
    """Tell whether a token only listens: its scope may end without it."""
    return isinstance(task.task_spec, Listener) and FIRST not in task.internal_data
