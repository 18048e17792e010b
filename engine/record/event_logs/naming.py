"""What the elements of the versions that cases followed are called, and which of them nobody has to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.guard import read_tree
from engine.bpmn.names import bpmn
from engine.model.definition import Definition
from engine.queries.event_log import VersionNames
from engine.storage.versions import Versions

# Tasks of BPMN that are no people's (BPMN 2.0.2 § 10.3.3).
_OF_NOBODY = ("task", "scriptTask", "businessRuleTask", "serviceTask", "sendTask", "receiveTask")


@dataclass(frozen=True, kw_only=True)
class _Elements:
    """Of one version. ``leaves`` and ``ends`` give by flow the step of nobody that it leaves, or ends at."""

    definition: Definition
    roles: Mapping[str, str]
    leaves: Mapping[str, str]
    ends: Mapping[str, str]


class Names:
    """Reads each version once."""

    def __init__(self, versions: Versions, known: Mapping[UUID, VersionNames]) -> None:
        """Know the versions of the office."""
        self._versions = versions
        self._by_number = {(one.sop, one.number): one.id for one in known.values()}
        self._read: dict[UUID, _Elements] = {}

    def version(self, sop: str, number: int) -> UUID | None:
        """Find a version as events name it."""
        return self._by_number.get((sop, number))

    def step(self, version: UUID, element: str) -> str:
        """Name an element as its shape is named, else by its id."""
        return self._of(version).definition.name_of(element) or element

    def role(self, version: UUID, element: str) -> str:
        """Give the key of the role a step is for; empty where it is no person's."""
        return self._of(version).roles.get(element, "")

    def passed(self, version: UUID, flows: Sequence[str]) -> Iterator[str]:
        """Name the steps of nobody that were finished while these flows were taken, in their order."""
        known, before = self._of(version), ""
        for flow in flows:
            left = known.leaves.get(flow, "")
            if left and left != before:  # several flows leave it at once
                yield left
            before = left
            if flow in known.ends:
                yield known.ends[flow]

    def _of(self, version: UUID) -> _Elements:
        if version not in self._read:
            self._read[version] = _elements(
                self._versions.get(version).definition, self._versions.diagram_of(version)
            )
        return self._read[version]


def _elements(definition: Definition, diagram: bytes) -> _Elements:
    """Read flows in the file itself: what was drawn of it need not be all."""
    root = read_tree(diagram).getroot()
    automatic = {one.get("id", "") for one in root.iter(*map(bpmn, _OF_NOBODY))}
    ways = {
        one.get("id", ""): (one.get("sourceRef", ""), one.get("targetRef", ""))
        for one in root.iter(bpmn("sequenceFlow"))
    }
    last = automatic - {source for source, _target in ways.values()}
    return _Elements(
        definition=definition,
        roles={step.element: step.role for step in definition.steps},
        leaves={flow: source for flow, (source, _target) in ways.items() if source in automatic},
        ends={flow: target for flow, (_source, target) in ways.items() if target in last},
    )
