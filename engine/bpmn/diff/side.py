"""One of the two contents that are compared, read from its files: also a draft that the lint refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from engine.bpmn.diff.form_fields import FormField, ReadForm, read_form_file
from engine.bpmn.diff.nodes import Node
from engine.bpmn.names import PEOPLE_TASKS

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_FURTHEST = 100  # elements outwards from one to its lane: files are 60 deep
_NEAR, _FEW = 5, 10  # how far a name is looked for, and among how many
WHOLE = ""  # id of the file as a whole


@dataclass(frozen=True, kw_only=True)
class Part:
    """An element that people know, without the parts inside it."""

    id: str
    node: Node
    inside: str  # id of the part it stands in
    place: int  # in the file

    @property
    def name(self) -> str:
        """Give the name on the shape."""
        return self.node.attributes.get("name", "") or self._words

    @property
    def _words(self) -> str:
        text = self.node.inner("text") if self.node.tag == "textAnnotation" else None
        return "" if text is None else text.text[:60]

    @property
    def is_step(self) -> bool:
        """Tell whether people do it."""
        return self.node.tag in PEOPLE_TASKS

    def says(self, attribute: str) -> str:
        """Read an attribute."""
        return self.node.attributes.get(attribute, "")

    @property
    def task(self) -> Node:
        """Give what the SOP says of a step."""
        return self.node.inner("extensionElements", "sop:Task") or Node(tag="sop:Task")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A content of an SOP: parts by id, forms, decisions and notes as they are in the files."""

    parts: Mapping[str, Part]
    lanes: Mapping[str, frozenset[str]]  # element -> the innermost lanes that name it
    astray: Mapping[str, tuple[str, ...]]  # lane -> what it names and is not there
    forms: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    decisions: Mapping[str, bytes] = field(default_factory=lambda: _NOTHING)
    notes: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)  # of roles, in the office's words
    rows: Mapping[str, int] = field(default_factory=lambda: _NOTHING)  # step -> its row in the SOP's table

    def role_of(self, element: str) -> str:
        """Give the role that an element belongs to, by its lane or that of what it stands in or at.

        A lane that names no role stands for one by its own name.
        """
        for one in self._outwards(element):
            role = self._roles.get(one)
            if role:
                return role
        return ""

    def _outwards(self, element: str) -> Iterator[str]:
        for _step in range(_FURTHEST):
            part = self.parts.get(element)
            if part is None or not element:
                return
            yield element
            near = part.says("attachedToRef") or part.says("sourceRef")
            element = near if near in self.parts else self._callers.get(part.id, part.inside)

    @cached_property
    def _callers(self) -> dict[str, str]:
        return {
            part.says("calledElement"): part.id
            for part in self.parts.values()
            if part.node.tag == "callActivity"
        }

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {
            element: role
            for element, lanes in self.lanes.items()
            for lane in sorted(lanes)
            if (role := self.role_in(lane))
        } | {part.id: self.role_in(part.id) for part in self.parts.values() if part.node.tag == "lane"}

    def role_in(self, lane: str) -> str:
        """Give the role of a lane."""
        part = self.parts.get(lane)
        if part is None:
            return ""
        own = part.node.inner("extensionElements", "sop:Lane")
        return (own.attributes.get("role", "") if own is not None else "") or part.name

    def role_label(self, role: str) -> str:
        """Say a role: in the office's words, else as its lane is called."""
        return self.labels.get(role) or self._lane_names.get(role) or role

    def form(self, key: str) -> ReadForm | None:
        """Read one of its forms; None where there is none."""
        if key not in self._read and key in self.forms:
            self._read[key] = read_form_file(key, self.forms[key])
        return self._read.get(key)

    @cached_property
    def _read(self) -> dict[str, ReadForm]:
        return {}

    def field_label(self, step: str, key: str) -> str:
        """Name a field of a step's form as people see it; empty where there is none."""
        found = self._field(step, key)
        return "" if found is None else found.label

    def choice_label(self, step: str, key: str, value: str) -> str:
        """Name a choice of such a field."""
        found = self._field(step, key)
        return value if found is None else found.options.get(value, value)

    def _field(self, step: str, key: str) -> FormField | None:
        part = self.parts.get(step)
        form = None if part is None else self.form(part.task.attributes.get("formKey", ""))
        return None if form is None else form.fields.get(key)

    @cached_property
    def _lane_names(self) -> dict[str, str]:
        return {
            self.role_in(part.id): part.name
            for part in self.parts.values()
            if part.node.tag == "lane" and part.name
        }

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Give the roles in the order of their lanes."""
        lanes = [part.id for part in self.parts.values() if part.node.tag == "lane"]
        return tuple(dict.fromkeys(role for lane in lanes if (role := self.role_in(lane))))

    @cached_property
    def steps(self) -> tuple[Part, ...]:
        """Give what people do, in the order of the file."""
        return tuple(part for part in self.parts.values() if part.is_step)

    @cached_property
    def sources(self) -> dict[str, list[str]]:
        """Give what flows lead from, by what they lead to."""
        found: dict[str, list[str]] = {}
        for part in self.parts.values():
            if part.node.tag == "sequenceFlow":
                found.setdefault(part.says("targetRef"), []).append(part.says("sourceRef"))
        return found

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """Give what flows lead to, by what they lead from."""
        return {source: [flow.says("targetRef") for flow in flows] for source, flows in self.ways.items()}

    def named_before(self, element: str) -> str:
        """Find the nearest name before an element, a few flows far."""
        return self._near(element, self.sources, self._names_before)

    def named_behind(self, element: str) -> str:
        """Find the nearest name behind an element, a few flows far."""
        return self._near(element, self.targets, self._names_behind)

    def _near(self, element: str, ways: Mapping[str, list[str]], known: dict[str, str]) -> str:
        if element not in known:
            known[element] = self._looked_for(element, ways)
        return known[element]

    def _looked_for(self, element: str, ways: Mapping[str, list[str]]) -> str:
        seen, ring = {element}, [element]
        for _far in range(_NEAR):
            ring = [other for one in ring for other in ways.get(one, ())[:_FEW] if other not in seen][:_FEW]
            seen.update(ring)
            for other in ring:
                part = self.parts.get(other)
                if part is not None and other and part.name:
                    return part.name
        return ""

    @cached_property
    def _names_before(self) -> dict[str, str]:
        return {}

    @cached_property
    def _names_behind(self) -> dict[str, str]:
        return {}

    @cached_property
    def ways(self) -> dict[str, list[Part]]:
        """Give the flows out of each element, in the order of the file."""
        found: dict[str, list[Part]] = {}
        for part in self.parts.values():
            if part.node.tag == "sequenceFlow":
                found.setdefault(part.says("sourceRef"), []).append(part)
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """Count what stands directly in each element."""
        return Counter(part.inside for part in self.parts.values())

    @cached_property
    def places(self) -> dict[str, float]:
        """Order all elements: by the row of the step, else behind the step before in the file."""
        found: dict[str, float] = {}
        last = 0.0
        for part in self.parts.values():
            if part.is_step:
                last = float(self.rows.get(part.id, last))
            found[part.id] = last if part.is_step else last + 0.5
        for part in self.parts.values():  # flows stand behind all nodes in most files
            near = part.says("attachedToRef") or part.says("sourceRef")
            if near and near in found:
                found[part.id] = found[near]
        return found
