"""A diagram to begin with, and an SOP under another name: every id its own, everything drawn in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.blank import Named, Words, blank_diagram
from engine.bpmn.copying import renamed
from engine.bpmn.geometry import read_diagram
from engine.bpmn.guard import read_file_tree
from engine.bpmn.step_rows import written_number
from engine.errors import Refused
from tests.offices import LIBRARY, SAMPLES

WORDS = Words(start="Mulai", step="Langkah pertama", end="Selesai")
NAMED = Named(key="1-selesai", name='Izin "<b>" & Co', institution="Dinas <i>")


def test_every_shape_lies_in_its_lane_and_no_id_is_given_twice() -> None:
    tree = read_file_tree(blank_diagram(NAMED, [("a-b", "A"), ("a_b", "B")], WORDS))
    ids = [element.get("id") for element in tree.getroot().iter("*") if element.get("id")]
    assert len(ids) == len(set(ids))
    shapes = {shape.element: shape.bounds for shape in read_diagram(tree, {}).shapes}
    lane, task, pool = shapes["lajur_a_b"], shapes["langkah_1"], shapes["kantor"]
    assert (lane.height, task.width, task.height) == (116, 118, 68)
    assert lane.y + lane.height / 2 == task.y + task.height / 2
    assert pool.height == 2 * lane.height
    assert len(read_diagram(tree, {}).edges) == 2


def test_its_first_step_has_the_first_row_so_that_later_ones_count_on() -> None:
    tree = read_file_tree(blank_diagram(NAMED, [("a", "A")], WORDS))
    [task] = tree.getroot().iter("{*}userTask")
    assert written_number(task) == 1


def test_names_are_text_and_nothing_else() -> None:
    tree = read_file_tree(blank_diagram(NAMED, [("staf", "</lane>")], WORDS))
    process = tree.getroot().find("{*}process")
    assert process is not None
    assert (process.get("id"), process.get("name")) == ("sop_1_selesai", NAMED.name)
    assert not tree.getroot().findall(".//{*}b")


DIAGRAMS = [*SAMPLES.glob("*/process.bpmn"), *LIBRARY.glob("*/process.bpmn")]


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.parent.name)
def test_a_copy_differs_in_id_and_name_only(diagram: Path) -> None:
    content = diagram.read_bytes()
    before, after = read_file_tree(content), read_file_tree(renamed(content, NAMED))
    pairs = zip(before.getroot().iter(), after.getroot().iter(), strict=True)
    changed = {
        etree.QName(old).localname for old, new in pairs if old.attrib != new.attrib or old.text != new.text
    }
    assert changed <= {"process", "participant", "BPMNPlane", "Document", "callActivity"}
    assert b"sop_1_selesai" in renamed(content, NAMED)


def test_a_file_without_a_process_cannot_be_copied() -> None:
    with pytest.raises(Refused):
        renamed(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', NAMED)
