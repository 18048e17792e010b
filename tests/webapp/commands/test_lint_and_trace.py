"""``alur lint`` and ``alur trace`` as a shell runs them: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SOP = ROOT / "processes" / "penyusunan-dokumen-indikator-kinerja" / "process.bpmn"
ANSWERS = {"mereviu_draft": [{"keputusan": "Tidak"}, {"keputusan": "Ya"}]}
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">'
    '<process id="p" isExecutable="true"><startEvent id="a"/><endEvent id="z"/>'
)
WAITS = (
    HEAD + '<exclusiveGateway id="one"/><parallelGateway id="both"/><sequenceFlow id="f" sourceRef="a"'
    ' targetRef="one"/><sequenceFlow id="g" sourceRef="one" targetRef="both"><conditionExpression>True'
    '</conditionExpression></sequenceFlow><sequenceFlow id="h" sourceRef="one" targetRef="both">'
    "<conditionExpression>False</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="i" sourceRef="both" targetRef="z"/></process></definitions>'
)
FAILS = (
    HEAD + '<scriptTask id="s" name="Hitung" scriptFormat="python"><script>x = 1 / 0</script></scriptTask>'
    '<sequenceFlow id="f" sourceRef="a" targetRef="s"/><sequenceFlow id="g" sourceRef="s" targetRef="z"/>'
    "</process></definitions>"
)
TURNS = (
    HEAD + '<userTask id="t"/><exclusiveGateway id="x" default="back"/>'
    '<sequenceFlow id="f" sourceRef="a" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="x"/>'
    '<sequenceFlow id="out" sourceRef="x" targetRef="z"><conditionExpression>1 == 2</conditionExpression>'
    '</sequenceFlow><sequenceFlow id="back" sourceRef="x" targetRef="t"/></process></definitions>'
)
REFUSED = HEAD + '<sequenceFlow id="f" sourceRef="a" targetRef="gone"/></process></definitions>'


def alur(*arguments: str) -> tuple[int, Any]:
    """Run the program; its exit code, and the JSON on standard output with nothing beside it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALUR_")}
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", *arguments, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    return tmp_path / "drawn.bpmn"


def test_lint_lists_every_file_with_every_problem(drawn: Path) -> None:
    drawn.write_text(REFUSED)
    code, (good, bad, again) = alur("lint", str(SOP), str(drawn), str(drawn))
    assert code == 1
    assert good == {"file": str(SOP), "accepted": True, "problems": []}
    assert again == bad
    assert (set(bad), bad["file"], bad["accepted"]) == ({"file", "accepted", "problems"}, str(drawn), False)
    assert len(bad["problems"]) > 1
    for problem in bad["problems"]:
        assert list(problem) == ["code", "element", "name", "message"]
        assert all(isinstance(value, str) for value in problem.values())


def test_lint_ends_well_where_all_are_accepted() -> None:
    assert alur("lint", str(SOP))[0] == 0


def test_trace_tells_the_whole_sop_in_order() -> None:
    code, told = alur("trace", str(SOP), "--data", json.dumps(ANSWERS))
    assert code == 0
    assert list(told) == ["status", "steps", "data", "error"]
    assert (told["status"], told["error"]) == ("completed", None)
    assert told["data"]["mereviu_draft"] == {"keputusan": "Ya"}
    drafted = [step for step in told["steps"] if step["element"] == "membuat_draft"]
    assert drafted[-1] == {
        "process": told["steps"][0]["process"],
        "element": "membuat_draft",
        "name": "Membuat draft",
        "type": "userTask",
        "event": "completed",
        "round": 2,
    }
    assert [(step["event"], step["round"]) for step in drafted] == [
        ("entered", 1), ("completed", 1), ("entered", 2), ("completed", 2)
    ]  # fmt: skip
    assert (told["steps"][0]["type"], told["steps"][-1]["type"]) == ("startEvent", "endEvent")


@pytest.mark.parametrize(
    ("text", "code", "status", "element"),
    [
        (WAITS, 1, "waiting", None),
        (FAILS, 1, "failed", "s"),
        (TURNS, 1, "failed", ""),
        (REFUSED, 2, "refused", "z"),
        ("this is no diagram", 2, "refused", ""),
    ],
)
def test_trace_ends_as_it_says(drawn: Path, text: str, code: int, status: str, element: str | None) -> None:
    drawn.write_text(text)
    ended, told = alur("trace", str(drawn), "--process", "p")
    assert (ended, told["status"]) == (code, status)
    assert list(told) == ["status", "steps", "data", "error"]
    if element is None:
        assert told["error"] is None
    else:
        assert list(told["error"]) == ["element", "message"]
        assert told["error"]["element"] == element
    if text is TURNS:
        # 10,000 of them, unless the machine is slow and the time is up before.
        assert re.fullmatch(r"stopped after \d{2,5} steps", told["error"]["message"])


def test_a_file_is_looked_at_without_loading_the_database() -> None:
    asks = "import webapp.commands.lint, webapp.commands.trace, sys; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n", "two thirds of a second of every alur lint"


def test_lint_tells_files_that_cannot_be_read_and_goes_on(tmp_path: Path) -> None:
    gone = tmp_path / "gone.bpmn"
    code, told = alur("lint", str(gone), str(tmp_path), str(SOP))
    assert code == 1
    assert [entry["accepted"] for entry in told] == [False, False, True]
    assert [[one["code"] for one in entry["problems"]] for entry in told] == [["file"], ["file"], []]
    assert "No such file" in told[0]["problems"][0]["message"]


def test_trace_refuses_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.bpmn"):
        code, told = alur("trace", str(path), "--data", '{"x": 1}')
        assert (code, told["status"], told["steps"], told["data"]) == (2, "refused", [], {"x": 1})
        assert told["error"]["element"] == ""
        assert "cannot be read" in told["error"]["message"]


def test_flat_data_answers_the_sop() -> None:
    code, told = alur("trace", str(SOP), "--data", '{"keputusan": "Ya"}')
    assert (code, told["status"]) == (0, "completed")
    assert told["data"]["mereviu_draft"] == {"keputusan": "Ya"}


def test_the_readmes_command_works_as_it_stands() -> None:
    said = re.search(r"`alur (trace \S+ --data '[^']+')`", Path("README.md").read_text("utf-8"))
    assert said is not None
    code, told = alur(*shlex.split(said[1].replace("<key>", SOP.parent.name)))
    rounds = [step["round"] for step in told["steps"] if step["element"] == "mereviu_draft"]
    assert (code, told["status"], max(rounds)) == (0, "completed", 2)
