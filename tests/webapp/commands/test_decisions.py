"""``alur lint`` and ``alur trace`` with decision tables in the folder of a diagram."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.offices import SAMPLES
from tests.webapp.commands.test_lint_and_trace import alur

FOLDER = SAMPLES / "retribusi"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "retribusi"))


def test_a_trace_takes_the_tables_of_the_folder(folder: Path) -> None:
    data = json.dumps({"mengajukan": {"jenis": "toko", "luas": 900}})
    code, done = alur("trace", str(folder / "process.bpmn"), "--data", data)
    assert (code, done["status"]) == (0, "completed")
    assert done["data"]["menetapkan"] == {"tarif": 1_800_000, "pemutus": "Kasub"}
    assert "menyetujui" in [step["element"] for step in done["steps"]]


def test_a_trace_without_the_table_is_refused_by_its_name(folder: Path) -> None:
    (folder / "retribusi.dmn").rename(folder / "retribusi.xml")
    code, done = alur("trace", str(folder / "process.bpmn"))
    assert (code, done["status"]) == (2, "refused")
    assert done["error"]["element"] == "menetapkan"
    assert "names the decision retribusi" in done["error"]["message"]


def test_a_table_that_cannot_decide_fails_the_trace_by_its_rules(folder: Path) -> None:
    data = json.dumps({"mengajukan": {"jenis": "toko", "luas": 20_000}})
    code, done = alur("trace", str(folder / "process.bpmn"), "--data", data)
    assert (code, done["status"], done["error"]["element"]) == (1, "failed", "menetapkan")
    assert "the rules 3, 4 apply at once" in done["error"]["message"]


def test_files_of_decisions_are_linted(folder: Path) -> None:
    table = folder / "retribusi.dmn"
    broken = folder / "broken.dmn"
    broken.write_bytes(table.read_bytes().replace(b"<text>25000</text>", b"<text>[25000</text>"))
    code, (good, bad) = alur("lint", str(table), str(broken))
    assert code == 1
    assert (good["accepted"], good["problems"]) == (True, [])
    assert [(one["code"], one["element"]) for one in bad["problems"]] == [("decision-cell", "retribusi")]
    assert "rule 1, column Tarif (Rp)" in bad["problems"][0]["message"]
