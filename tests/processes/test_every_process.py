"""What every SOP of the library must have, so that it can be deployed and understood."""

from __future__ import annotations

import importlib.resources
import json
import re
from pathlib import Path

from lxml import etree

from tests.processes.conftest import LIBRARY, ROOT
from tests.processes.drawing import BPMN, SOP, Drawing

LONGEST_NAME = 32  # characters of a short name: three lines of a shape


def test_the_library_is_not_empty() -> None:
    assert LIBRARY


def test_its_folder_is_named_as_a_key(folder: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", folder.name)


def test_it_tells_how_it_was_read_and_what_its_owner_must_decide(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "\n## Pertanyaan untuk pemilik SOP\n" in readme


def test_its_readme_begins_with_the_words_of_the_office(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert [one for one in readme.splitlines() if one.startswith("## ")][-1] == "## In English"


def test_its_readme_names_every_step(folder: Path, drawing: Drawing) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    missing = [task.get("id") for task in drawing.all("userTask") if f"`{task.get('id')}`" not in readme]
    assert not missing


def test_no_question_or_answer_names_a_row(drawing: Drawing) -> None:
    asked = [*drawing.root.iter(f"{SOP}text"), *drawing.root.iter(f"{SOP}answer")]
    assert not [one.text for one in asked if re.search(r"\blangkah \d", one.text or "")]


def test_it_has_a_table_of_paths(folder: Path) -> None:
    assert json.loads((ROOT / "tests" / "processes" / "paths" / f"{folder.name}.json").read_text())


def test_any_bpmn_tool_can_read_it(folder: Path) -> None:
    schema = importlib.resources.files("SpiffWorkflow.bpmn.parser") / "schema" / "BPMN20.xsd"
    with importlib.resources.as_file(schema) as path:
        etree.XMLSchema(etree.parse(path)).assertValid(etree.parse(folder / "process.bpmn"))


def test_it_uses_the_words_of_the_extension(drawing: Drawing) -> None:
    schema = etree.XMLSchema(etree.parse(ROOT / "processes" / "sop.xsd"))
    found = [one for holder in drawing.all("extensionElements") for one in holder if one.tag.startswith(SOP)]
    assert found
    for one in found:
        schema.assertValid(etree.fromstring(etree.tostring(one)))


def test_its_extension_stands_where_it_belongs(drawing: Drawing) -> None:
    homes = {"Document": "process", "Lane": "lane", "Task": "userTask"}
    for name, home in homes.items():
        for one in drawing.root.iter(SOP + name):
            assert one.getparent().tag == BPMN + "extensionElements"
            assert one.getparent().getparent().tag == BPMN + home


def test_it_has_a_header(drawing: Drawing) -> None:
    [process] = [one for one in drawing.all("process") if one.get("isExecutable") == "true"]
    header = process.find(f"{BPMN}extensionElements/{SOP}Document")
    assert header is not None
    assert header.get("title") == process.get("name")


def test_every_lane_has_a_role_and_every_node_a_lane(drawing: Drawing) -> None:
    lanes = drawing.all("lane")
    roles = [lane.find(f"{BPMN}extensionElements/{SOP}Lane").get("role") for lane in lanes]
    assert len(set(roles)) == len(roles)
    placed = [ref.text for ref in drawing.all("flowNodeRef")]
    assert len(set(placed)) == len(placed)
    assert {task.get("id") for task in drawing.all("userTask", "startEvent", "endEvent")} <= set(placed)


def test_every_step_has_a_short_name_a_full_activity_and_a_form(drawing: Drawing, forms: Path) -> None:
    for task in drawing.all("userTask"):
        row = task.find(f"{BPMN}extensionElements/{SOP}Task")
        assert 0 < len(task.get("name")) <= LONGEST_NAME
        assert (task.findtext(f"{BPMN}documentation") or "").strip()
        assert (forms / f"{row.get('formKey')}.json").is_file()


def test_no_form_is_left_over(drawing: Drawing, forms: Path) -> None:
    named = {row.get("formKey") for row in drawing.root.iter(SOP + "Task")}
    assert {path.stem for path in forms.glob("*.json")} == named


def test_the_rows_of_its_table_are_numbered_without_gaps(drawing: Drawing) -> None:
    rows = [row.get("number") for row in drawing.root.iter(SOP + "Task")]
    if any(rows):
        assert sorted(map(int, rows)) == list(range(1, len(rows) + 1))


def test_every_document_a_step_needs_is_left_behind_by_some_step(drawing: Drawing) -> None:
    made = {output.get("name") for output in drawing.root.iter(SOP + "output")}
    inputs = [one for row in drawing.root.iter(SOP + "Task") for one in row.iter(SOP + "input")]
    needed = {one.get("name") for one in inputs if one.get("required") != "false"}
    assert needed <= made


def test_its_gateways_leave_no_way_without_a_condition(drawing: Drawing) -> None:
    for gateway in drawing.all("exclusiveGateway", "inclusiveGateway"):
        ways = [flow for flow in drawing.flows if flow.get("sourceRef") == gateway.get("id")]
        if len(ways) > 1:
            for way in ways:
                has_condition = way.find(f"{BPMN}conditionExpression") is not None
                assert has_condition or way.get("id") == gateway.get("default")
                assert way.get("name")
