"""Reading an SOP for deployment."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.bpmn.lint import lint_bytes
from engine.bpmn.parse import ReadProcess, read_process
from engine.bpmn.sop import definition_from_json, definition_to_json
from engine.errors import Refused
from engine.forms.definition import FormDefinition, read_form
from engine.model.definition import (
    Bounds,
    ClockStart,
    Definition,
    DocumentSource,
    Lane,
    LeftDocument,
    NeededDocument,
    NextSteps,
    StandardTime,
    TimeUnit,
)
from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, start_end, timer
from tests.offices import LIBRARY
from tests.processes.test_every_path import read as read_folder

ROLES = {"head", "staff"}


def form(key: str, *components: dict[str, object]) -> FormDefinition:
    return read_form(key, json.dumps({"type": "default", "components": list(components)}))


WRITE = form(
    "write",
    {"type": "textfield", "key": "subject", "label": "Subject", "properties": {"shared": "subject"}},
    {"type": "datetime", "subtype": "date", "key": "meeting", "dateLabel": "Meeting"},
    {"type": "select", "key": "who", "label": "Who", "properties": {"source": "people", "assigns": "file"}},
)
REVIEW = form(
    "review",
    {
        "type": "radio",
        "key": "answer",
        "label": "Answer",
        "values": [{"label": "Ya", "value": "Ya"}, {"label": "Tidak", "value": "Tidak"}],
        "validate": {"required": True},
        "properties": {"decision": "Draft"},
    },
)
FORMS = {"write": WRITE, "review": REVIEW}


def step(id_: str, about: str = "", inside: str = "", text: str = "") -> str:
    own = f"<bpmn:extensionElements><sop:Task {about}>{inside}</sop:Task></bpmn:extensionElements>"
    words = f"<bpmn:documentation>{text}</bpmn:documentation>" if text else ""
    return element("userTask", id_, words + own, name=id_.capitalize())


def lane(role: str, *ids: str) -> str:
    inside = "".join(f"<bpmn:flowNodeRef>{id_}</bpmn:flowNodeRef>" for id_ in ids)
    own = f'<bpmn:extensionElements><sop:Lane role="{role}"/></bpmn:extensionElements>' if role else ""
    return element("lane", f"lane_{role}", own + inside, name=role)


HEADER = """<bpmn:extensionElements><sop:Document title="Writing" number="7" effectiveOn="2026-01-02"
  caseNumber="{urut:03}" caseTitle="Writing {tahun}" approverName="Ani">
  <sop:institution>OFFICE</sop:institution>
  <sop:institution>UNIT</sop:institution><sop:warning>Beware</sop:warning></sop:Document>
  </bpmn:extensionElements>"""


def sop(
    *,
    write: str = 'formKey="write" standardTime="PT1H30M" delegableTo="staff"',
    review: str = 'formKey="review"',
    file: str = 'clock="date" clockField="write.meeting"',
    lanes: str = lane("staff", "write", "file") + lane("head", "review"),
    condition: str = 'review["answer"] == "Ya"',
    more: str = "",
) -> bytes:
    return diagram(
        HEADER,
        element("laneSet", "lanes", lanes),
        start_end(),
        step(
            "write",
            write,
            '<sop:input name="Order" required="false"/>'
            '<sop:output name="Draft" printed="Konsep" source="form"/>'
            "<sop:notes>See below</sop:notes>",
            "Write the\n   whole draft",
        ),
        step("review", review, '<sop:input name="Draft" printed=""/>'),
        step("file", file),
        element("exclusiveGateway", "ok", default="again"),
        flows("start", "write", "review", "ok"),
        flow("ok", "file", condition),
        flow("ok", "write", id_="again"),
        flows("file", "end"),
        more,
    )


def read(content: bytes, forms: dict[str, FormDefinition] | None = None) -> ReadProcess:
    return read_process(content, forms=FORMS if forms is None else forms, role_keys=ROLES)


def codes_of(content: bytes, forms: dict[str, FormDefinition] | None = None) -> set[str]:
    with pytest.raises(Refused) as refused:
        read(content, forms)
    return {finding.code for finding in refused.value.findings}


def test_a_step_has_all_the_table_says_of_it() -> None:
    definition = read(sop()).definition
    write = definition.step("write")
    assert (write.number, write.name, write.activity) == (1, "Write", "Write the whole draft")
    assert (write.role, write.form_key, write.delegable_to, write.notes) == (
        "staff",
        "write",
        ("staff",),
        "See below",
    )
    assert write.standard_time == StandardTime(value=90, unit=TimeUnit.MINUTE)
    assert write.clock is ClockStart.ARRIVAL
    assert write.inputs == (NeededDocument(name="Order", printed="Order", required=False),)
    assert write.outputs == (LeftDocument(name="Draft", printed="Konsep", source=DocumentSource.FORM),)
    file = definition.step("file")
    assert (file.clock, file.clock_field, file.activity) == (ClockStart.DATE, "write.meeting", "File")
    assert definition.step("review").inputs[0].printed == ""


def test_the_header_and_lanes_are_read() -> None:
    definition = read(sop()).definition
    assert (definition.process_id, definition.name) == ("p", "p")
    document = definition.document
    assert (document.title, document.number, document.effective_on) == ("Writing", "7", "2026-01-02")
    assert (document.institution, document.warnings) == (("OFFICE", "UNIT"), ("Beware",))
    assert (document.case_number, document.case_title) == ("{urut:03}", "Writing {tahun}")
    assert definition.lanes == (
        Lane(element="lane_staff", name="staff", role="staff"),
        Lane(element="lane_head", name="head", role="head"),
    )


def test_the_next_steps_follow_each_answer_of_a_review() -> None:
    definition = read(sop()).definition
    assert definition.step("write").next == (NextSteps(answer=None, elements=("review",)),)
    assert definition.step("review").next == (
        NextSteps(answer="Ya", elements=("file",)),
        NextSteps(answer="Tidak", elements=("write",)),
    )
    assert definition.step("file").next == (NextSteps(answer=None, elements=(), ends=True),)


def test_an_answer_that_does_not_decide_alone_shows_every_way() -> None:
    definition = read(sop(condition='review["answer"] == "Ya" and write["subject"] != ""')).definition
    assert definition.step("review").next == (
        NextSteps(answer="Ya", elements=("file", "write")),
        NextSteps(answer="Tidak", elements=("write",)),
    )


def test_numbers_of_the_table_decide_the_order() -> None:
    content = sop(write='formKey="write" number="3"', review='formKey="review" number="2"', file='number="1"')
    assert [one.element for one in read(content).definition.steps] == ["file", "review", "write"]


def test_the_drawing_is_read() -> None:
    drawn = sop().replace(
        b"</bpmn:definitions>",
        b"""<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
        xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:d="http://www.omg.org/spec/DD/20100524/DI">
        <di:BPMNPlane bpmnElement="p">
        <di:BPMNShape bpmnElement="review"><dc:Bounds x="10" y="20.5" width="100" height="80"/>
        <di:BPMNLabel><dc:Bounds x="1" y="2" width="3" height="4"/></di:BPMNLabel></di:BPMNShape>
        <di:BPMNShape bpmnElement="gone"><dc:Bounds x="0" y="0" width="1" height="1"/></di:BPMNShape>
        <di:BPMNEdge bpmnElement="again"><d:waypoint x="1" y="2"/><d:waypoint x="nan" y="4"/></di:BPMNEdge>
        </di:BPMNPlane></di:BPMNDiagram></bpmn:definitions>""",
    )
    diagram_ = read(drawn).definition.diagram
    (shape,) = diagram_.shapes
    assert (shape.element, shape.type, shape.name, shape.number) == ("review", "userTask", "Review", 2)
    assert (shape.bounds, shape.label) == (
        Bounds(x=10, y=20.5, width=100, height=80),
        Bounds(x=1, y=2, width=3, height=4),
    )
    (edge,) = diagram_.edges
    assert (edge.element, edge.source, edge.target, edge.waypoints) == (
        "again",
        "ok",
        "write",
        ((1, 2), (0, 4)),
    )


def test_a_definition_comes_back_from_json_as_it_was() -> None:
    definition = read(sop()).definition
    assert definition_from_json(definition_to_json(definition)) == definition


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"write": 'formKey="gone"', "file": ""}, "unknown-form"),
        ({"write": 'formKey="write" delegableTo="king"'}, "unknown-role"),
        ({"lanes": lane("king", "write", "file") + lane("head", "review")}, "unknown-role"),
        ({"lanes": lane("", "write", "file") + lane("head", "review")}, "lane-without-role"),
        ({"lanes": lane("staff", "write", "file", "review") + lane("head", "review")}, "two-lanes"),
        ({"lanes": lane("staff", "write", "file")}, "task-without-lane"),
        ({"file": 'clock="date" clockField="write.subject"'}, "clock-field"),
        ({"file": 'clock="date" clockField="gone.meeting"'}, "clock-field"),
        ({"condition": 'reviw["answer"] == "Ya"'}, "expression-syntax"),
        ({"write": 'formKey="write" number="1"', "file": 'number="1"'}, "sop-number"),
        ({"more": element("task", "t") + flows("write", "t", "end")}, "task-without-type"),
    ],
)
def test_what_a_deployment_needs_besides(changes: dict[str, str], code: str) -> None:
    assert code in codes_of(sop(**changes))


def test_a_form_may_only_name_people_for_steps_there_are() -> None:
    other = form(
        "write",
        {
            "type": "select",
            "key": "who",
            "label": "Who",
            "properties": {"source": "people", "assigns": "gone"},
        },
    )
    assert "unknown-assigned-step" in codes_of(sop(file=""), {"write": other, "review": REVIEW})


@pytest.mark.parametrize(
    ("accept", "codes"),
    [(".pdf,.jpeg", set()), (".pdf", set()), (".pdf,.png", {"file-kind"}), ("", {"file-kind"})],
)
def test_a_form_lets_in_no_other_files_than_its_document_may_be(accept: str, codes: set[str]) -> None:
    scan = {"type": "filepicker", "key": "scan", "label": "Scan", "properties": {"document": "Draft"}}
    forms = {"write": form("write", scan | {"accept": accept}), "review": REVIEW}
    drawn = sop(file="").replace(b'source="form"', b'accept=".pdf, .jpg"')
    if codes:
        assert codes_of(drawn, forms) == codes
    else:
        assert read(drawn, forms).definition.step("write").outputs[0].accept == (".pdf", ".jpg")


@pytest.mark.parametrize(("name", "codes"), [("Draft", set()), ("Drft", {"unknown-document"})])
def test_a_form_is_printed_only_in_documents_its_step_makes_from_it(name: str, codes: set[str]) -> None:
    words = {"type": "textarea", "key": "words", "label": "Words", "properties": {"printedIn": name}}
    forms = {"write": form("write", words), "review": REVIEW}
    if codes:
        assert codes_of(sop(file=""), forms) == codes
    else:
        assert read(sop(file=""), forms)


def test_an_id_must_be_a_word_for_expressions() -> None:
    assert "id-not-a-name" in codes_of(sop().replace(b'"write"', b'"write-it"'))


def test_two_processes_to_start_are_one_too_many() -> None:
    body = element("startEvent", "s") + element("endEvent", "e") + flow("s", "e")
    second = element("process", "q", body, isExecutable="true").encode()
    content = sop().replace(b"</bpmn:definitions>", second + b"</bpmn:definitions>")
    assert codes_of(content) == {"several-processes"}
    assert [one.code for one in lint_bytes(content).notes] == ["several-processes"]


def test_the_library_of_this_repository_is_read() -> None:
    for path in LIBRARY.glob("*/process.bpmn"):
        definition = read_folder(path.parent).definition
        assert definition.steps
        assert definition_from_json(definition_to_json(definition)) == definition


def in_one_lane(*body: str, beside: str = "", after: str = "") -> Definition:
    """Read a process whose elements all stand in one lane."""
    inside = "".join(body)
    ids = ("a", "b", "c", "sub", "call", "d")
    lanes = lane("staff", *(id_ for id_ in ids if f'"{id_}"' in inside + after))
    content = diagram(element("laneSet", "ls", lanes), *body, beside=beside, after=after)
    return read_process(content, forms={}, role_keys=ROLES).definition


def reached(*body: str, beside: str = "", after: str = "") -> dict[str, tuple[NextSteps, ...]]:
    """Give the next steps of a process whose elements all stand in one lane."""
    return {one.element: one.next for one in in_one_lane(*body, beside=beside, after=after).steps}


def test_the_first_steps_lie_behind_whatever_stands_before_them() -> None:
    definition = in_one_lane(
        start_end(),
        step("c"),
        step("a"),
        element("parallelGateway", "both"),
        element("subProcess", "sub", step("b")),
        flows("start", "both", "a", "c", "end"),
        flows("both", "sub", "end"),
    )
    assert definition.first == ("a", "b")
    assert [one.element for one in definition.first_steps()] == ["a", "b"]


def test_each_of_several_starts_has_its_first_steps() -> None:
    definition = in_one_lane(
        start_end(),
        element("startEvent", "later"),
        step("a"),
        step("b"),
        flows("start", "a", "b", "end"),
        flows("later", "b"),
    )
    assert [(one.element, one.first) for one in definition.starts] == [("start", ("a",)), ("later", ("b",))]
    assert [one.element for one in definition.first_steps("later")] == ["b"]
    assert [one.element for one in definition.first_steps()] == ["a", "b"]


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_call_begins_with_the_steps_of_what_it_calls(prefix: str) -> None:
    inside = element("startEvent", "qs") + step("b") + element("endEvent", "qe") + flows("qs", "b", "qe")
    definition = in_one_lane(
        start_end(),
        element("callActivity", "call", calledElement=f"{prefix}q"),
        step("a"),
        flows("start", "call", "a", "end"),
        after=element("process", "q", inside, isExecutable="false", **{"xmlns:x": "urn:x"}),
    )
    assert definition.first == ("b",)
    assert definition.step("b").next == (NextSteps(answer=None, elements=("a",)),)


def test_a_process_that_is_called_twice_leads_on_behind_the_call_it_was_begun_by() -> None:
    inside = element("startEvent", "qs") + script("t", "x = 1") + element("endEvent", "qe")
    definition = in_one_lane(
        start_end(),
        element("callActivity", "call2", calledElement="q"),
        element("callActivity", "call", calledElement="q"),
        step("a"),
        step("b"),
        flows("start", "call", "a", "call2", "b", "end"),
        after=element("process", "q", inside + flows("qs", "t", "qe"), isExecutable="false"),
    )
    assert definition.first == ("a",)
    assert definition.step("a").next == (NextSteps(answer=None, elements=("b",)),)


def test_a_start_that_leads_to_nobody_is_for_whoever_may_start_at_another() -> None:
    definition = in_one_lane(
        start_end(),
        element("startEvent", "quiet"),
        step("a"),
        step("b"),
        flows("start", "b", "a", "end"),
        flow("quiet", "end"),
    )
    assert [one.element for one in definition.first_steps("quiet")] == ["b"]


def test_a_process_that_a_receive_task_begins_begins_with_the_step_behind_it() -> None:
    definition = in_one_lane(
        element("receiveTask", "r", instantiate="true", messageRef="m"),
        element("endEvent", "end"),
        step("a"),
        step("b"),
        flows("r", "b", "a", "end"),
        beside='<bpmn:message id="m" name="M"/>',
    )
    assert definition.first == ("b",)


def test_without_start_events_a_case_begins_where_no_flow_leads_to() -> None:
    definition = in_one_lane(step("b"), step("a"), flows("a", "b"))
    assert [one.element for one in definition.first_steps()] == ["a"]


def test_a_version_that_does_not_name_its_first_steps_begins_with_number_one() -> None:
    definition = replace(in_one_lane(start_end(), step("a"), flows("start", "a", "end")), first=())
    assert [one.element for one in definition.first_steps()] == ["a"]


def test_the_next_steps_lie_behind_joins_splits_events_and_in_subprocesses() -> None:
    part = element("startEvent", "s") + step("b") + element("endEvent", "e") + flows("s", "b", "e")
    following = reached(
        start_end(),
        step("a"),
        element("subProcess", "sub", part),
        element("intermediateCatchEvent", "wait", timer("timeDuration", "PT1H")),
        element("parallelGateway", "both"),
        step("c"),
        flows("start", "a", "sub", "wait", "both", "c", "end"),
        flows("both", "end"),
    )
    assert following == {
        "a": (NextSteps(answer=None, elements=("b",)),),
        "b": (NextSteps(answer=None, elements=("c",), ends=True),),
        "c": (NextSteps(answer=None, elements=(), ends=True),),
    }


def test_the_next_steps_lie_behind_links_and_in_a_subprocess_without_start_event() -> None:
    link = '<bpmn:linkEventDefinition name="onwards"/>'
    following = reached(
        start_end(),
        step("a"),
        element("intermediateThrowEvent", "from_a", link),
        element("intermediateCatchEvent", "to_sub", link),
        element("subProcess", "sub", step("b") + step("c")),
        step("d"),
        flows("start", "a", "from_a"),
        flows("to_sub", "sub", "d", "end"),
    )
    assert following["a"] == (NextSteps(answer=None, elements=("b", "c")),)
    assert following["b"] == following["c"] == (NextSteps(answer=None, elements=("d",)),)


def test_the_tasks_of_another_process_that_takes_part_are_steps_too() -> None:
    part = (
        element("startEvent", "s", '<bpmn:messageEventDefinition messageRef="letter"/>')
        + step("d")
        + element("endEvent", "e")
        + flows("s", "d", "e")
    )
    following = reached(
        start_end(),
        step("a"),
        element("sendTask", "sends", messageRef="letter"),
        flows("start", "a", "sends", "end"),
        beside=element("message", "letter", name="Letter"),
        after=element("process", "q", part, isExecutable="true"),
    )
    assert set(following) == {"a", "d"}


def test_the_tasks_of_a_called_process_are_steps_too() -> None:
    part = element("startEvent", "s") + step("d") + element("endEvent", "e") + flows("s", "d", "e")
    following = reached(
        start_end(),
        step("a"),
        element("callActivity", "call", calledElement="q"),
        step("c"),
        flows("start", "a", "call", "c", "end"),
        beside=element("process", "q", part),
    )
    assert following == {
        "a": (NextSteps(answer=None, elements=("d",)),),
        "c": (NextSteps(answer=None, elements=(), ends=True),),
        "d": (NextSteps(answer=None, elements=("c",)),),
    }


def test_a_process_without_a_header_takes_the_names_drawn() -> None:
    pool = element("participant", "pool", name="The pool", processRef="p")
    office = element("collaboration", "office", pool).encode()
    content = sop().replace(HEADER.encode(), b"").replace(b"<bpmn:process", office + b"<bpmn:process", 1)
    definition = read(content).definition
    assert (definition.name, definition.document.case_number) == ("The pool", "")


def test_an_answer_that_makes_no_difference_is_not_asked() -> None:
    content = (
        sop()
        .replace(b'sourceRef="ok" targetRef="file"', b'sourceRef="ok" targetRef="write"')
        .replace(b"</bpmn:process>", flow("write", "file", id_="beside").encode() + b"</bpmn:process>")
    )
    definition = read(content).definition
    assert definition.step("review").next == (NextSteps(answer=None, elements=("write",)),)
