"""However absurd a diagram is, answering a question of it and drawing it anew is over in a moment."""

from __future__ import annotations

import pytest

from engine.bpmn.layout import laid_out
from engine.bpmn.names import BPMN, BPMNDI, DC, DI, SOP
from engine.bpmn.questions import answered, questions_in
from tests.costs import cost

_SECONDS = 10  # of an act that nobody does often


def star(nodes: int, flows: int, *, drawn: bool = True) -> bytes:
    """Draw many flows out of one step, which a question may move to another lane."""
    steps = "".join(f'<b:userTask id="t{n}"/>' for n in range(nodes))
    ways = "".join(
        f'<b:sequenceFlow id="f{n}" sourceRef="t0" targetRef="t{n % nodes}"/>' for n in range(flows)
    )
    names = "".join(f"<b:flowNodeRef>t{n}</b:flowNodeRef>" for n in range(nodes))
    shapes = "".join(
        f'<i:BPMNShape bpmnElement="t{n}"><c:Bounds x="{n * 150}" y="100" width="100" height="80"/>'
        "</i:BPMNShape>"
        for n in range(nodes)
    )
    edges = "".join(
        f'<i:BPMNEdge bpmnElement="f{n}"><d:waypoint x="0" y="0"/><d:waypoint x="9" y="9"/></i:BPMNEdge>'
        for n in range(flows)
    )
    lanes = f'<b:laneSet id="s"><b:lane id="one">{names}</b:lane><b:lane id="two"/></b:laneSet>'
    lane = '<i:BPMNShape bpmnElement="two"><c:Bounds x="0" y="300" width="900" height="200"/></i:BPMNShape>'
    answer = '<s:answer key="a" lane="two">A</s:answer>'
    question = f'<s:Question key="q" about="t0"><s:text>?</s:text>{answer}</s:Question>'
    plane = f'<i:BPMNPlane bpmnElement="p">{lane}{shapes}{edges}</i:BPMNPlane>' if drawn else ""
    return (
        f'<b:definitions xmlns:b="{BPMN}" xmlns:i="{BPMNDI}" xmlns:c="{DC}" xmlns:d="{DI}" xmlns:s="{SOP}">'
        f'<b:process id="p"><b:extensionElements>{question}</b:extensionElements>'
        f"{lanes}{steps}{ways}</b:process>"
        f"<i:BPMNDiagram>{plane}</i:BPMNDiagram></b:definitions>"
    ).encode()


@pytest.mark.parametrize(("nodes", "flows"), [(1000, 1000), (100, 90), (2000, 4)])
def test_an_answer_about_a_step_with_very_many_flows(nodes: int, flows: int) -> None:
    content = star(nodes, flows)
    (question,) = questions_in(content)
    seconds, changed = cost(lambda: answered(content, question, "a"))
    assert seconds < _SECONDS
    assert b'answered="a"' in changed


def test_a_drawing_for_as_many_flows_as_are_drawn() -> None:
    content = star(100, 200, drawn=False)
    seconds, drawn = cost(lambda: laid_out(content))
    assert seconds < _SECONDS
    assert drawn is not None
    assert laid_out(star(100, 201, drawn=False)) is None


def test_only_so_many_questions_are_read() -> None:
    one = b'<s:Question key="q" about="t0">'
    content = star(1, 1).replace(one, b'<s:Question key="x"/>' * 5000 + one)
    assert len(questions_in(content)) == 100
