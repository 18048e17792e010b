"""An open question is read from the file; its answer draws the diagram anew and keeps it a good drawing."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.diff import differences, read_side
from engine.bpmn.guard import read_file_tree, read_tree
from engine.bpmn.layout import laid_out
from engine.bpmn.lint import lint
from engine.bpmn.names import bpmn
from engine.bpmn.questions import answered, possible_answers, questions_in
from engine.expressions.sandbox import Sandbox
from engine.model.question import OTHERWISE
from tests.engine.bpmn.test_layout import boxes, crossed, drawn
from tests.offices import LIBRARY, SAMPLES

SOPS = sorted(path for path in LIBRARY.glob("*/process.bpmn") if b"sop:Question" in path.read_bytes())
IZIN = laid_out((SAMPLES / "izin" / "process.bpmn").read_bytes()) or b""

QUESTIONS = b"""
<sop:Question key="siapa" about="memeriksa" guess="kasub"><sop:text>Siapa yang memeriksa?</sop:text>
<sop:answer key="kasub" lane="lane_kasub">Kasub</sop:answer>
<sop:answer key="staf" lane="lane_staf">Staf</sop:answer></sop:Question>
<sop:Question key="tolak" about="f_tidak"><sop:text>Ke mana bila ditolak?</sop:text>
<sop:answer key="ulang" target="mengajukan">Ulang</sop:answer>
<sop:answer key="selesai" target="selesai">Selesai</sop:answer></sop:Question>
<sop:Question key="waktu" about="mengajukan" guess="dua"><sop:text>Berapa lama?</sop:text>
<sop:answer key="dua" standardTime="PT2H">2 jam</sop:answer>
<sop:answer key="tanpa" standardTime="">Tanpa</sop:answer>
<sop:answer key="lain" asks="standardTime">Lain</sop:answer></sop:Question>
<sop:Question key="nama" about="mengajukan mengarsipkan"><sop:text>Boleh diganti?</sop:text>
<sop:answer key="tetap">Tidak</sop:answer>
<sop:answer key="ganti" from="Permohonan" to="Surat permohonan">Ya</sop:answer></sop:Question>
"""


def asked() -> bytes:
    return IZIN.replace(b"</bpmn:extensionElements>", QUESTIONS + b"</bpmn:extensionElements>", 1)


def give(content: bytes, key: str, answer: str, given: str = "") -> bytes:
    question = next(one for one in questions_in(content) if one.key == key)
    return answered(content, question, answer, given)


def lane_of(content: bytes, id_: str) -> list[str]:
    root = read_file_tree(content).getroot()
    return [
        lane.get("id", "")
        for lane in root.iter(bpmn("lane"))
        for one in lane.iterchildren(bpmn("flowNodeRef"))
        if (one.text or "").strip() == id_
    ]


def good(content: bytes) -> None:
    """Hold a drawing to what a good one is: nothing overlaps, nothing is crossed, all is inside its lane."""
    root, diagram = drawn(content)
    assert not [pair for pair in combinations(boxes(diagram).values(), 2) if pair[0].meets(pair[1])]
    assert crossed(diagram) == []
    lanes = {one.element: one.bounds for one in diagram.shapes if one.type == "lane"}
    for lane in root.iter(bpmn("lane")):
        inside = lanes[lane.get("id", "")]
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            box = boxes(diagram)[(reference.text or "").strip()]
            assert inside.y <= box.y
            assert box.bottom <= inside.y + inside.height
            assert box.right <= inside.x + inside.width


def test_questions_are_read_with_guess_and_answers() -> None:
    questions = questions_in(asked())
    assert [one.key for one in questions] == ["siapa", "tolak", "waktu", "nama"]
    assert questions[0].guess == "kasub"
    assert questions[0].is_open
    assert [one.text for one in questions[0].answers] == ["Kasub", "Staf"]


def test_an_answer_moves_a_step_to_another_lane_and_the_drawing_stays_good() -> None:
    content = give(asked(), "siapa", "staf")
    assert lane_of(content, "memeriksa") == ["lane_staf"]
    good(content)
    assert not questions_in(content)[0].is_open
    back = give(content, "siapa", "kasub")
    assert lane_of(back, "memeriksa") == ["lane_kasub"]
    good(back)


def test_a_flow_leads_where_the_answer_says() -> None:
    content = give(asked(), "tolak", "selesai")
    by_id = {one.get("id"): one for one in read_file_tree(content).getroot().iter("*")}
    assert by_id["f_tidak"].get("targetRef") == "selesai"
    assert [one.text for one in by_id["selesai"].iterchildren(bpmn("incoming"))] == ["f3", "f_tidak"]
    assert "f_tidak" not in [one.text for one in by_id["mengajukan"].iterchildren(bpmn("incoming"))]
    good(content)
    again = give(content, "tolak", "ulang")
    assert b'sourceRef="diterima" targetRef="mengajukan"' in again
    good(again)


@pytest.mark.parametrize(
    ("answer", "given", "time"), [("tanpa", "", None), ("dua", "", "PT2H"), ("lain", "P3D", "P3D")]
)
def test_a_standard_time_is_what_was_answered(answer: str, given: str, time: str | None) -> None:
    content = give(give(asked(), "waktu", "lain", "PT5M"), "waktu", answer, given)
    root = read_file_tree(content).getroot()
    task = next(one for one in root.iter("{urn:alur:sop:1}Task"))
    assert task.get("standardTime") == time
    assert questions_in(content)[2].given == given


def test_a_text_is_replaced_where_it_is_printed_and_the_other_answer_puts_it_back() -> None:
    before = asked()
    content = give(before, "nama", "ganti")
    assert content.count(b'printed="Surat permohonan"') == 2
    assert content.count(b'name="Permohonan"') == before.count(b'name="Permohonan"')
    assert b"Surat permohonan" not in give(content, "nama", "tetap").replace(b'to="Surat permohonan"', b"")


def test_settled_otherwise_changes_nothing_but_the_question() -> None:
    content = give(asked(), "siapa", OTHERWISE)
    assert lane_of(content, "memeriksa") == ["lane_kasub"]
    assert questions_in(content)[0].answered == OTHERWISE


def test_an_answer_about_what_is_gone_cannot_be_given() -> None:
    content = asked().replace(b'lane="lane_staf"', b'lane="gone"')
    possible = possible_answers(content, questions_in(content))
    assert ("siapa", "kasub") in possible
    assert ("siapa", "staf") not in possible


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'key="siapa"', b'key="tolak"'),
        (b'guess="kasub"', b'guess="nobody"'),
        (b'about="memeriksa"', b'about="nothing"'),
        (b'lane="lane_staf"', b'lane="memeriksa"'),
        (b'standardTime="PT2H">2 jam', b'standardTime="soon">2 jam'),
        (b"<sop:text>Berapa lama?</sop:text>", b"<sop:text> </sop:text>"),
        (b'key="tanpa"', b'key="dua"'),
    ],
)
def test_a_question_that_makes_no_sense_is_a_warning_and_keeps_nothing_from_running(
    old: bytes, new: bytes
) -> None:
    content = asked()
    assert old in content
    sandbox = Sandbox(workers=1)
    try:
        fine = lint(read_tree(content), sandbox=sandbox)
        found = lint(read_tree(content.replace(old, new, 1)), sandbox=sandbox)
    finally:
        sandbox.close()
    assert "sop-question" not in {one.code for one in fine.warnings}
    assert "sop-question" in {one.code for one in found.warnings}
    assert found.problems == fine.problems


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.parent.name)
def test_every_answer_to_every_question_of_the_library_keeps_a_good_drawing(path: Path) -> None:
    content = path.read_bytes()
    questions = questions_in(content)
    assert possible_answers(content, questions) == {
        (one.key, answer.key) for one in questions for answer in one.answers
    }
    last = content
    for question in questions:
        for answer in question.answers:
            changed = give(content, question.key, answer.key, "PT1H" if answer.asks else "")
            good(changed)
            if answer.key == question.guess:
                assert same_but_answered(changed, content)
            last = give(last, question.key, answer.key, "PT1H" if answer.asks else "")
            good(last)


def same_but_answered(one: bytes, two: bytes) -> bool:
    def plain(content: bytes) -> bytes:
        root = etree.fromstring(content)
        for own in root.iter("{urn:alur:sop:1}Question"):
            own.attrib.pop("answered", "")
        return etree.tostring(root, method="c14n2", strip_text=True)

    return plain(one) == plain(two)


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.parent.name)
def test_who_comes_back_to_the_guess_has_what_was_drawn(path: Path) -> None:
    """Nothing of what another answer changed by the way stays: who may be handed a step, what is printed."""
    content = path.read_bytes()
    drawn = read_side(content)
    for question in questions_in(content):
        for answer in question.answers:
            other = give(content, question.key, answer.key, "PT1H" if answer.asks else "")
            back = give(other, question.key, question.guess)
            told = differences(drawn, read_side(back))
            assert {one.aspect for one in told} <= {"question"}, (question.key, answer.key)
            assert b' was="' not in back or question.answer(question.guess).old_text  # type: ignore[union-attr]


def test_what_was_changed_since_the_answer_is_not_taken_back() -> None:
    moved = give(asked(), "siapa", "staf")
    task = b'<sop:Task formKey="memeriksa" standardTime="P1D"'
    assert task + b' delegableTo="staf"' in asked()
    assert task + b">" in moved
    assert task + b' delegableTo="staf"' in give(moved, "siapa", "kasub")
    redrawn = moved.replace(task, task + b' delegableTo="sekdin"')
    assert task + b' delegableTo="sekdin"' in give(redrawn, "siapa", "kasub")


@pytest.mark.parametrize("was", ["", "[", "[1]", "[[1, 2, 3, 4]]", "{}", '[["tidak_ada", "x", null, null]]'])
def test_a_trace_that_is_none_takes_nothing_back(was: str) -> None:
    text = was.replace('"', "&quot;").encode()
    answered_before = re.sub(rb'was="[^"]*"', b'was="' + text + b'"', give(asked(), "siapa", "staf"))
    assert lane_of(give(answered_before, "siapa", "kasub"), "memeriksa") == ["lane_kasub"]
