"""The library's spec of a process, with names of its own nodes that no element of a file can have.

It calls them Start, End and ``<process>.EndJoin``, as people call theirs.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.serializer.default.process_spec import BpmnProcessSpecConverter
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask

_TAKEN = ("Start", "Root")  # keys that the library reads for its own when it restores a spec


def free_names(spec: Any) -> None:  # noqa: ANN401 - untyped library
    """Rename what the library put into a new spec; an id in XML has no space."""
    own = list(spec.task_specs.values())
    for one in own:
        one.name = f" {one.name}"
        one._inputs = [f" {name}" for name in one._inputs]
        one._outputs = [f" {name}" for name in one._outputs]
    spec.task_specs = {one.name: one for one in own}


class ProcessSpecConverter(BpmnProcessSpecConverter):
    """Keeps elements that are called like the library's own nodes; reads what earlier versions wrote."""

    def to_dict(self, spec: Any) -> dict[str, Any]:  # noqa: ANN401 - untyped library
        """Give it as JSON."""
        stored: dict[str, Any] = super().to_dict(spec)
        specs = stored["task_specs"]
        stored["task_specs"] = {f"{name} " if name in _TAKEN else name: one for name, one in specs.items()}
        return stored

    def from_dict(self, stored: dict[str, Any]) -> Any:  # noqa: ANN401 - untyped library
        """Make it again."""
        spec = super().from_dict(stored)
        spec.start = next(one for one in spec.task_specs.values() if isinstance(one, BpmnStartTask))
        return spec
