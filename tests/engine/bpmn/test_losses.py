"""What another program dropped of the SOP's extension is found, and taken over, element by element."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.guard import read_file_tree
from engine.bpmn.losses import losses, taken_over
from engine.bpmn.names import SOP, bpmn
from tests.offices import LIBRARY, SAMPLES

IZIN = (SAMPLES / "izin" / "process.bpmn").read_bytes()
DIAGRAMS = [*SAMPLES.glob("*/process.bpmn"), *LIBRARY.glob("*/process.bpmn")]


def stripped(content: bytes, *, ids: bool = False) -> bytes:
    """Give a file as a program writes it that knows nothing of ours; with ids of its own, if asked."""
    root = etree.fromstring(content)
    for own in list(root.iter(f"{{{SOP}}}*")):
        parent = own.getparent()
        if parent is not None:
            parent.remove(own)
    text = etree.tostring(root).decode()
    for number, task in enumerate(root.iter(bpmn("userTask")) if ids else ()):
        text = text.replace(f'"{task.get("id")}"', f'"Activity_{number}"')
        text = text.replace(f">{task.get('id')}<", f">Activity_{number}<")
    return text.encode()


def extensions(content: bytes) -> list[tuple[str, dict[str, str], list[tuple[str, dict[str, str], str]]]]:
    found = []
    for own in read_file_tree(content).getroot().iter(f"{{{SOP}}}*"):
        parent = own.getparent()
        if parent is not None and parent.tag == bpmn("extensionElements"):
            inner = [(str(one.tag), dict(one.attrib), (one.text or "").strip()) for one in own]
            found.append((str(own.tag), dict(own.attrib), inner))
    return found


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.parent.name)
def test_everything_that_a_program_dropped_comes_back(diagram: Path) -> None:
    content = diagram.read_bytes()
    without = stripped(content)
    lost = losses(without, [content])
    assert extensions(without) == []
    back = taken_over(without, [content], [one.element for one in lost])
    assert extensions(back) == extensions(content)
    assert losses(back, [content]) == ()


def test_what_is_gone_is_told_in_words_by_step() -> None:
    lost = {one.element: one for one in losses(stripped(IZIN), [IZIN])}
    said = {str(part.what): str(part.was) for part in lost["mengajukan"].parts}
    assert said["Standard time"] == "2 working hours"
    assert said["Form"] == "mengajukan"
    kinds = {one.kind for one in lost.values()}
    assert kinds == {"process", "lane", "userTask"}


def test_new_ids_are_seen_through_by_name_and_references_follow_them() -> None:
    content = IZIN.replace(b'formKey="memeriksa"', b'formKey="memeriksa" returnTo="mengajukan"', 1)
    without = stripped(content, ids=True)
    lost = losses(without, [content])
    assert {one.kind for one in lost} == {"process", "lane", "userTask"}
    back = taken_over(without, [content], [one.element for one in lost])
    assert b'returnTo="Activity_0"' in back
    assert losses(back, [content]) == ()


def test_a_step_whose_kind_was_dropped_is_a_step_of_people_again() -> None:
    without = stripped(IZIN).replace(b"userTask", b"task")
    lost = losses(without, [IZIN])
    assert {one.was_kind for one in lost if one.kind == "task"} == {"userTask"}
    back = taken_over(without, [IZIN], ["mengajukan"])
    root = read_file_tree(back).getroot()
    assert [one.get("id") for one in root.iter(bpmn("userTask"))] == ["mengajukan"]


def test_a_step_that_became_another_kind_on_purpose_lost_nothing() -> None:
    without = stripped(IZIN).replace(b"userTask", b"scriptTask")
    assert not [one for one in losses(without, [IZIN]) if one.kind == "scriptTask"]


def test_only_what_was_chosen_is_taken_over() -> None:
    back = taken_over(stripped(IZIN), [IZIN], ["mengajukan"])
    assert len(extensions(back)) == 1
    assert taken_over(IZIN, [IZIN], ["nothing"]).count(b"sop:Task") == IZIN.count(b"sop:Task")


def test_what_was_changed_is_not_lost() -> None:
    assert losses(IZIN.replace(b"PT2H", b"PT9H"), [IZIN]) == ()


def test_the_latest_content_that_says_something_counts() -> None:
    later = IZIN.replace(b"PT2H", b"PT9H")
    without = stripped(IZIN)
    back = taken_over(without, [IZIN, later, without], [one.element for one in losses(without, [IZIN])])
    assert b"PT9H" in back
    assert b"PT2H" not in back


def test_open_questions_come_back_one_by_one_about_the_elements_as_they_are_called_now() -> None:
    """One that is left is the same by its key; ids in it follow the elements."""
    question = (
        b'<sop:Question key="%s" about="memeriksa"><sop:text>%s?</sop:text>'
        b'<sop:answer key="a">A</sop:answer></sop:Question>'
    )
    two = question % (b"satu", b"Satu") + question % (b"dua", b"Dua")
    content = IZIN.replace(b"</bpmn:extensionElements>", two + b"</bpmn:extensionElements>", 1)
    without = content.replace(question % (b"satu", b"Satu"), b"")
    (lost,) = losses(without, [content])
    assert [(str(part.what), str(part.was)) for part in lost.parts] == [("Open question", "Satu?")]
    assert taken_over(without, [content], [lost.element]).count(b"<sop:Question") == 2
    everything = stripped(content, ids=True)
    back = taken_over(everything, [content], [one.element for one in losses(everything, [content])])
    assert back.count(b'about="Activity_1"') == 2
