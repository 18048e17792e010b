"""Diagrams drawn for a measurement, as a package that can be deployed into the office of ``data.json``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from engine.actions.deployment import Package

_ROLES = ("kadin", "sekdin", "kasub", "staf")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:sop="urn:alur:sop:1" id="drawn" targetNamespace="urn:alur:benchmarks">\n'
)


@dataclass
class Sketch:
    """A process that is drawn from left to right; its nodes lie in the lanes of the four roles in turn."""

    key: str
    nodes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    lanes: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in _ROLES})
    shapes: list[str] = field(default_factory=list)
    flows_inside: int = 0  # of subprocesses

    def node(self, kind: str, id_: str, role: str, inside: str = "", attributes: str = "") -> str:
        """Draw a node; gives its id."""
        self.nodes.append(f'<bpmn:{kind} id="{id_}" name="{id_}" {attributes}>{inside}</bpmn:{kind}>')
        self.lanes[role].append(id_)
        left, top = 150 * len(self.shapes), 120 * _ROLES.index(role)
        self.shapes.append(
            f'<bpmndi:BPMNShape id="di_{id_}" bpmnElement="{id_}">'
            f'<dc:Bounds x="{left}" y="{top}" width="100" height="80" /></bpmndi:BPMNShape>'
        )
        return id_

    def task(self, id_: str, role: str, inside: str = "") -> str:
        """Draw a user task."""
        about = (
            f"<bpmn:documentation>Mengerjakan {id_}</bpmn:documentation><bpmn:extensionElements>"
            f'<sop:Task standardTime="PT1H"><sop:output name="Hasil {id_}" source="form" /></sop:Task>'
            "</bpmn:extensionElements>"
        )
        return self.node("userTask", id_, role, about + inside)

    def flow(self, source: str, target: str, condition: str = "") -> str:
        """Draw a flow; gives its id."""
        id_ = f"f{self.flows_inside + len(self.flows)}"
        inside = condition and f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
        ends = f'sourceRef="{source}" targetRef="{target}"'
        self.flows.append(f'<bpmn:sequenceFlow id="{id_}" {ends}>{inside}</bpmn:sequenceFlow>')
        self.shapes.append(
            f'<bpmndi:BPMNEdge id="di_{id_}" bpmnElement="{id_}"><di:waypoint x="0" y="0" />'
            '<di:waypoint x="9" y="9" /></bpmndi:BPMNEdge>'
        )
        return id_

    def enclose(self, id_: str, role: str, repeated: str) -> str:
        """Draw a subprocess around everything drawn so far; gives its id."""
        inside = "".join([repeated, *self.nodes, *self.flows])
        self.flows_inside += len(self.flows)
        for drawn in (self.nodes, self.flows, *self.lanes.values()):
            drawn.clear()
        return self.node("subProcess", id_, role, inside)

    def package(self) -> Package:
        """Write the file."""
        return Package(key=self.key, bpmn="\n".join(self._lines()).encode(), forms={})

    def _lines(self) -> Iterator[str]:
        yield f'{_HEAD}<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Kantor" processRef="p" />'
        yield '</bpmn:collaboration><bpmn:process id="p" name="Contoh" isExecutable="true">'
        yield "<bpmn:extensionElements>"
        yield f'<sop:Document title="{self.key}" caseNumber="{{urut:03}}/{self.key}/{{tahun}}" '
        yield 'caseTitle="Contoh {tahun_berkas}" /></bpmn:extensionElements><bpmn:laneSet id="lanes">'
        for role, nodes in self.lanes.items():
            yield f'<bpmn:lane id="lane_{role}" name="{role}"><bpmn:extensionElements>'
            yield f'<sop:Lane role="{role}" /></bpmn:extensionElements>'
            yield from (f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
            yield "</bpmn:lane>"
        yield "</bpmn:laneSet>"
        yield from self.nodes
        yield from self.flows
        yield '</bpmn:process><bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="c">'
        yield from self.shapes
        yield "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"


def at_once(instances: int) -> Package:
    """Draw one step that so many do at the same time."""
    sketch = Sketch(f"serentak-{instances}")
    ends = [
        sketch.node("startEvent", "mulai", "kasub"),
        sketch.task("mengisi", "staf", _repeated(instances)),
        sketch.node("endEvent", "selesai", "kasub"),
    ]
    for source, target in pairwise(ends):
        sketch.flow(source, target)
    return sketch.package()


def at_once_inside(instances: int) -> Package:
    """Draw one step in a subprocess that runs so many times at the same time."""
    sketch = Sketch(f"serentak-dalam-{instances}")
    inside = [
        sketch.node("startEvent", "masuk", "staf"),
        sketch.task("mengisi", "staf"),
        sketch.node("endEvent", "keluar", "staf"),
    ]
    for source, target in pairwise(inside):
        sketch.flow(source, target)
    around = sketch.enclose("mengurus", "staf", _repeated(instances))
    sketch.flow(sketch.node("startEvent", "mulai", "kasub"), around)
    sketch.flow(around, sketch.node("endEvent", "selesai", "kasub"))
    return sketch.package()


def _repeated(instances: int) -> str:
    return (
        "<bpmn:multiInstanceLoopCharacteristics>"
        f"<bpmn:loopCardinality>{instances}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def waiting() -> Package:
    """Draw a step that begins an hour after the case."""
    sketch = Sketch("menunggu")
    hour = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    ends = [
        sketch.node("startEvent", "mulai", "kasub"),
        sketch.node("intermediateCatchEvent", "menunggu", "kasub", hour),
        sketch.task("mengisi", "staf"),
        sketch.node("endEvent", "selesai", "kasub"),
    ]
    for source, target in pairwise(ends):
        sketch.flow(source, target)
    return sketch.package()


def blocks(count: int, wide: int) -> Package:
    """Draw blocks one after the other: tasks between two gateways, parallel and by condition in turn."""
    sketch = Sketch(f"balok-{count * wide}")
    last = sketch.node("startEvent", "mulai", "kasub")
    for number in range(count):
        role = _ROLES[number % len(_ROLES)]
        by_condition = number % 2
        kind = "exclusiveGateway" if by_condition else "parallelGateway"
        default = f'default="f{len(sketch.flows) + 1}"' if by_condition else ""
        split = sketch.node(kind, f"pisah_{number}", role, attributes=default)
        join = sketch.node(kind, f"gabung_{number}", role)
        sketch.flow(last, split)
        for way in range(wide):
            task = sketch.task(f"langkah_{number}_{way}", _ROLES[way % len(_ROLES)])
            sketch.flow(split, task, f"case['year'] == {2000 + way}" if by_condition and way else "")
            sketch.flow(task, join)
        last = join
    sketch.flow(last, sketch.node("endEvent", "selesai", "staf"))
    return sketch.package()
