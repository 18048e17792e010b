"""What an expression at one task can see of the variables, and where a name is set."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any

from engine.bpmn.live_task import LiveTask
from engine.bpmn.variables import Variables


def scope_of(task: LiveTask) -> MutableMapping[str, Any]:
    """Give what an expression at the task sees: its own values first, then those around it.

    Setting a name goes to where it is known, else to the instance (or called process).
    """
    frames: list[MutableMapping[str, Any]] = []
    current = task
    while True:
        if current.data:
            frames.append(current.data)
        workflow: Any = current.workflow
        variables: Variables | None = workflow.variables
        if variables is not None:
            break
        current = workflow.parent_task
    if not frames:
        return variables
    return _Scope(*frames, variables)


class _Scope(ChainMap[str, Any]):
    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON value
        for frame in self.maps:
            if name in frame:
                frame[name] = value
                return
        self.maps[-1][name] = value
