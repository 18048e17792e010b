"""``alur diff`` as a shell runs it, and packages that ``alur deploy`` takes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.actions.deployment import read_package
from engine.actions.packages import package_zip
from webapp.cli import main

ROOT = Path(__file__).parents[3]
SOP = ROOT / "processes" / "penyusunan-dokumen-indikator-kinerja"
LINE = "Sekdin: Mereviu draft is now 2 working days (before 3 working days)"


def alur(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    """Copy the SOP as a folder of its own, with less time for the review."""
    folder = tmp_path / "lain" / SOP.name
    shutil.copytree(SOP, folder)
    shutil.copytree(ROOT / "forms" / SOP.name, folder / "forms")
    diagram = folder / "process.bpmn"
    diagram.write_text(diagram.read_text().replace('standardTime="P3D"', 'standardTime="P2D"'))
    return folder


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path / "var"))
    plan = str(ROOT / "processes" / "demo.json")
    assert alur("init", "--name", "Dinas Contoh", "--admin", "dewi", "--plan", plan).exit_code == 0


def test_two_diagrams_are_told_in_words_by_role(shorter: Path) -> None:
    done = alur("diff", str(SOP / "process.bpmn"), str(shorter / "process.bpmn"))
    assert (done.exit_code, done.output.strip()) == (1, LINE)


def test_the_same_in_indonesian(shorter: Path) -> None:
    done = alur("diff", "--language", "id", str(SOP), str(shorter))
    assert done.output.strip() == "Sekdin: Mereviu draft kini 2 hari kerja (sebelumnya 3 hari kerja)"


def test_rows_that_only_move_on_are_one_line_and_each_step_an_object(tmp_path: Path) -> None:
    text = (SOP / "process.bpmn").read_text()
    step = '<bpmn:userTask id="memeriksa" name="Memeriksa data"/>'
    flow = '<bpmn:sequenceFlow id="baru" sourceRef="memeriksa" targetRef="menganalisis_data"/>'
    before = 'sourceRef="menghimpun_data" targetRef="menganalisis_data"'
    text = text.replace(before, before.replace("menganalisis_data", "memeriksa"))
    text = text.replace('<bpmn:endEvent id="selesai"', f'{step}{flow}<bpmn:endEvent id="selesai"')
    longer = tmp_path / "lain.bpmn"
    longer.write_text(text)
    lines = alur("diff", str(SOP / "process.bpmn"), str(longer)).output.splitlines()
    assert lines[-1] == "SOP: Row numbers 8–13 become 9–14"
    told = json.loads(alur("diff", str(SOP / "process.bpmn"), str(longer), "--json").output)
    moved = [one for one in told if one["text"].startswith("Row of")]
    assert [(one["kind"], one["role"]) for one in moved] == [("moved", "")] * 6
    assert moved[0]["element"] == "menganalisis_data"
    assert moved[0]["text"] == "Row of Menganalisis data is now 9 (before 8)"


def test_json_is_a_list_of_changes(shorter: Path) -> None:
    done = alur("diff", str(SOP), str(shorter), "--json")
    assert json.loads(done.output) == [
        {
            "kind": "changed",
            "element": "mereviu_draft",
            "name": "Mereviu draft",
            "role": "sekdin",
            "text": LINE.removeprefix("Sekdin: "),
        }
    ]


def test_what_is_the_same_prints_nothing(shorter: Path, tmp_path: Path) -> None:
    package = tmp_path / f"{SOP.name}.zip"
    package.write_bytes(package_zip(read_package(shorter)))
    done = alur("diff", str(shorter), str(package))
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(alur("diff", str(shorter), str(package), "--json").output) == []


def test_forms_count_where_both_have_them(shorter: Path) -> None:
    form = shorter / "forms" / "mereviu_draft.json"
    form.write_text(
        form.read_text().replace('"Setuju?"', '"Disetujui?"', 1).replace("Catatan", "Catatan reviu")
    )
    assert "in the form of Mereviu draft" in alur("diff", str(SOP), str(shorter)).output
    assert alur("diff", str(SOP), str(shorter / "process.bpmn")).output.strip() == LINE


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"<html/>", "not a BPMN 2.0 diagram"), (b"<a", "not well-formed XML"), (b"", "empty")],
)
def test_what_cannot_be_read_is_named_with_exit_code_2(content: bytes, why: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes(content)
    for pair in ((SOP, broken), (broken, SOP)):
        done = alur("diff", *map(str, pair))
        assert done.exit_code == 2
        assert why in done.output


def test_what_is_not_there_is_named_with_exit_code_2(tmp_path: Path) -> None:
    done = alur("diff", str(SOP), str(tmp_path / "nothing.bpmn"))
    assert (done.exit_code, "cannot be read" in done.output) == (2, True)
    done = alur("diff", str(SOP), str(tmp_path / "nothing.zip"))
    assert (done.exit_code, "nothing.zip" in done.output) == (2, True)


@pytest.mark.usefixtures("office")
def test_versions_of_the_library_are_compared_with_files(shorter: Path) -> None:
    assert alur("diff", f"{SOP.name}@1", str(shorter)).exit_code == 2
    deployed = alur("deploy", str(SOP))
    assert deployed.exit_code == 0, deployed.output
    done = alur("diff", f"{SOP.name}@1", str(shorter))
    assert (done.exit_code, done.output.strip()) == (1, LINE)
    assert alur("diff", f"{SOP.name}@1", f"{SOP.name}@1").exit_code == 0
    missing = alur("diff", f"{SOP.name}@1", f"{SOP.name}@9")
    assert (missing.exit_code, "no version 9" in missing.output) == (2, True)


@pytest.mark.usefixtures("office")
def test_a_package_is_deployed_as_the_folder_is(shorter: Path, tmp_path: Path) -> None:
    package = tmp_path / f"{SOP.name}.zip"
    package.write_bytes(package_zip(read_package(shorter)))
    assert "version 1" in alur("deploy", str(package)).output
    assert "version 1, trial, unchanged" in alur("deploy", str(shorter)).output
    other = tmp_path / "Revisi 2.zip"
    other.write_bytes(package.read_bytes())
    assert alur("deploy", str(other)).exit_code == 1
    assert "unchanged" in alur("deploy", "--key", SOP.name, str(other)).output
