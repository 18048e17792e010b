"""What an expression at one task can see of the variables, and where a name is set (BPMN 2.0, 10.3.1).

A value belongs to the activity, the subprocess or the process that declares it; a name that nobody
declares belongs to the instance (or called process).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple

from engine.bpmn.live_task import LiveTask
from engine.bpmn.variables import Variables

# BPMN 2.0, tables 10.28 and 10.30; the short ones are what Activiti and its kin call them.
COUNTERS = frozenset(
    {
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
    }
)
_NONE: Mapping[str, Any] = {}


class Frame(NamedTuple):
    """The names of one activity, subprocess or process."""

    values: MutableMapping[str, Any]
    names: Mapping[str, str] = _NONE  # what it declares: every name a value is known by -> its variable
    counted: Mapping[str, Any] = _NONE  # what is worked out, such as loopCounter
    owner: str = ""  # id of the activity, subprocess or process


def scope_of(task: LiveTask) -> MutableMapping[str, Any]:
    """Give what an expression at the task sees: its own values first, then those around it."""
    frames = frames_of(task)
    last = frames[-1]
    return last.values if len(frames) == 1 and not last.names else Scope(frames)


def frames_of(task: LiveTask) -> list[Frame]:
    """Give the levels of names at a task, the innermost first; the last takes what nobody declares."""
    frames: list[Frame] = []
    current = task
    while True:
        current.text = current.workflow.text = ""  # whoever asks may set values
        spec = current.task_spec
        owner = current.workflow.tasks.get(current.owner) if current.owner and current.iteration else None
        if owner is not None:
            frames.append(owner.task_spec.frame_of(owner, current))
            current = owner
            continue
        if current.data or spec.names or spec.counts:
            frames.append(Frame(current.data, spec.names, spec.own_counts(current), spec.element))
        workflow: Any = current.workflow
        around = workflow.spec
        variables: Variables | None = workflow.variables
        if variables is not None:
            return [*frames, Frame(variables, around.names, owner=around.name)]
        if around.names:
            frames.append(Frame(workflow.own, around.names, owner=around.name))
        current = workflow.parent_task


class Scope(MutableMapping[str, Any]):
    """Several frames as one, the innermost first.

    What is declared and has no value is None, and hides only what is declared around it: a shape
    that is no more than drawn does not hide a variable of the same name.
    """

    def __init__(self, frames: list[Frame]) -> None:
        """Take the frames, the innermost first."""
        self._frames = frames

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON value
        """Give the value; KeyError where nobody declares or sets the name."""
        declared = ""
        for frame in self._frames:
            variable = frame.names.get(name)
            if variable is not None and declared:
                return None
            declared = variable or declared
            for known in {name, declared}:
                if known in frame.values:
                    return frame.values[known]
                if known in frame.counted:
                    return frame.counted[known]
        if declared:
            return None
        raise KeyError(name)

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON value
        """Set it where it is declared or known, else in the instance (or called process)."""
        for values, names, counted, _ in self._frames:
            variable = names.get(name)
            if variable is not None or name in values or name in counted:
                values[variable or name] = value
                return
        self._frames[-1].values[name] = value

    def __delitem__(self, name: str) -> None:
        """Do nothing: no expression takes a variable away."""

    def __contains__(self, name: object) -> bool:
        """Tell whether somebody declares or sets the name."""
        return any(
            name in names or name in values or name in counted for values, names, counted, _ in self._frames
        )

    def __iter__(self) -> Iterator[str]:
        """Give every name with a value, and those worked out."""
        seen: dict[str, None] = {}
        for values, _, counted, _ in reversed(self._frames):
            seen.update(dict.fromkeys((*counted, *values)))
        return iter(seen)

    def __len__(self) -> int:
        """Count the names."""
        return sum(1 for _ in self)

    def declares(self, name: str) -> bool:
        """Tell whether the name is declared somewhere, not only set."""
        return any(name in names for _, names, _, _ in self._frames)
