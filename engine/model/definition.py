"""A process as it was read from its diagram: the SOP's own fields, lanes, steps and geometry.

Made once per version by ``engine.bpmn.sop``; stored as JSON with the version, so that no page
parses XML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.model.question import Question


class TimeUnit(StrEnum):
    """The two ways an SOP counts time (both in working time)."""

    MINUTE = "minute"
    WORKING_DAY = "working_day"  # "4 hari": the end of work on the 4th working day after arrival


class Purpose(StrEnum):
    """What an SOP is there for besides the work itself: the office's own way to look after its SOPs."""

    REVISION = "revision"  # decides on a version that waits for approval
    PERIODIC_REVIEW = "periodic-review"  # monitors or evaluates an SOP that is in force


@dataclass(frozen=True, kw_only=True)
class StandardTime:
    """Waktu baku of a step. ISO 8601 in the diagram: PT10M, PT2H (working time), P4D (working days)."""

    value: int
    unit: TimeUnit


class ClockStart(StrEnum):
    """What starts the clock of a step (``sop:clock``)."""

    ARRIVAL = "arrival"
    STARTED = "started"  # mulai dikerjakan: when somebody claims it
    DATE = "date"  # a date field of an earlier step: "membuat_undangan.hari_tanggal"


class DocumentSource(StrEnum):
    """Where an output comes from."""

    UPLOAD = "upload"
    FORM = "form"  # made from the form at completion; an upload takes its place


@dataclass(frozen=True, kw_only=True)
class NeededDocument:
    """One kelengkapan. ``printed`` is the SOP's own wording; empty is not printed."""

    name: str
    printed: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class LeftDocument:
    """One output a step must leave behind."""

    name: str
    printed: str
    required: bool = True
    source: DocumentSource = DocumentSource.UPLOAD
    signed: bool = False  # what is uploaded for it carries a signature
    accept: tuple[str, ...] = ()  # endings that its slot takes, ".pdf"; empty takes every kind that is kept


@dataclass(frozen=True, kw_only=True)
class NextSteps:
    """Where a step leads, found at deployment by walking the flows.

    ``answer`` is the value of the form's decision field (None where the step has none or the
    answer makes no difference); ``elements`` are user tasks; ``ends`` tells that the case ends.
    """

    answer: str | None
    elements: tuple[str, ...]
    ends: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One user task: one row of the SOP's table."""

    element: str
    number: int  # 1-based, in the order of the official table
    name: str  # short, on the shape
    activity: str  # the full kegiatan
    role: str  # role key of its lane
    form_key: str | None
    standard_time: StandardTime | None
    clock: ClockStart = ClockStart.ARRIVAL
    clock_field: str | None = None  # "element.field", for ClockStart.DATE
    inputs: tuple[NeededDocument, ...] = ()
    outputs: tuple[LeftDocument, ...] = ()
    notes: str = ""  # keterangan
    delegable_to: tuple[str, ...] = ()  # role keys
    not_same_as: tuple[str, ...] = ()  # elements of steps that somebody else must have done (four eyes)
    return_to: tuple[str, ...] = ()  # elements of earlier steps that a case may be sent back to from here
    next: tuple[NextSteps, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A column of the SOP's table."""

    element: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """The header of the SOP (unsur dokumentasi). Empty text is "not set yet"."""

    institution: tuple[str, ...] = ()  # instansi, a line each
    number: str = ""
    created_on: str = ""  # dates as ISO text
    revised_on: str = ""
    effective_on: str = ""
    approver_post: str = ""  # disahkan oleh: jabatan
    approver_name: str = ""
    approver_nip: str = ""
    title: str = ""
    legal_basis: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    recording: tuple[str, ...] = ()
    case_number: str = ""  # template: {urut:03}/IK/{tahun}
    case_title: str = ""  # template: Penyusunan … {tahun_berkas}
    purpose: Purpose | None = None
    monitoring_months: int = 6  # PermenPAN-RB 35/2012; 0: never
    evaluation_months: int = 12


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A rectangle of the diagram, in its own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A node, lane or pool of the diagram (BPMN DI). ``type`` is the BPMN local name."""

    element: str
    type: str
    name: str
    bounds: Bounds
    label: Bounds | None = None
    number: int | None = None  # of the step, for user tasks
    marker: str = ""  # of an event: timer, message, signal, error, escalation, terminate, conditional …
    interrupting: bool = True  # False: a dashed edge (boundary events, event subprocesses)
    repeats: str = ""  # of an activity: loop, parallel, sequential
    expanded: bool = True  # False: a subprocess drawn closed, with its plus
    undoes: bool = False  # an activity for compensation


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A flow of the diagram with its waypoints."""

    element: str
    type: str  # sequenceFlow, messageFlow, association, …
    name: str
    source: str
    target: str
    waypoints: tuple[tuple[float, float], ...]
    label: Bounds | None = None
    default: bool = False  # the default flow of its gateway: drawn with a slash


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """What is drawn. Empty where a file has no BPMN DI."""

    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecisionUse:
    """A decision of the files beside the diagram, and the business rule tasks that take it, by name."""

    id: str
    name: str
    file: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Start:
    """A start event that waits for nothing: where a case may begin. ``first`` are the steps it leads to."""

    element: str
    name: str
    first: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Node:
    """An element that runs and is not drawn: the file has no BPMN DI, or shows it on another page."""

    element: str
    type: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything the pages and actions need to know of one version of a process."""

    process_id: str  # id of the executable bpmn:process
    name: str
    document: Document
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    diagram: Diagram
    decisions: tuple[DecisionUse, ...] = ()
    starts: tuple[Start, ...] = ()  # where there are several, of which whoever starts a case chooses one
    first: tuple[str, ...] = ()  # elements of the steps that a case may begin with, at any start
    questions: tuple[Question, ...] = ()  # what its owner has not settled, or has by an answer
    undrawn: tuple[Node, ...] = ()  # not stored: the spec has them, and a version is read with them

    def name_of(self, element: str) -> str:
        """Name an element: a step, a shape, or what is not drawn; empty where it has no name."""
        return self._names.get(element, "")

    @cached_property
    def _names(self) -> dict[str, str]:
        known: tuple[Node | Shape | Step, ...] = (*self.undrawn, *self.diagram.shapes, *self.steps)
        return {one.element: one.name for one in known if one.name}

    def step(self, element: str) -> Step:
        """Find a step by its element id; KeyError where there is none."""
        for step in self.steps:
            if step.element == element:
                return step
        raise KeyError(element)

    def first_steps(self, start: str = "") -> tuple[Step, ...]:
        """Find the steps that a case may begin with, or may at one of several starts.

        Those of any start where that one leads to none; number 1 where none are named at all, as in
        versions deployed by 0.2.0 and earlier.
        """
        named = next((one.first for one in self.starts if one.element == start), ()) or self.first
        return tuple(step for step in self.steps if step.element in named) or self.steps[:1]
