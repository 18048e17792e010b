"""The command line, as an operator and a process owner use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import main

Alur = Callable[..., Result]

ROOT = Path(__file__).parents[3]
GOOD = ROOT / "processes" / "penyusunan-dokumen-indikator-kinerja" / "process.bpmn"
_BPMN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">'
    '<process id="p" isExecutable="true"><startEvent id="a"/><endEvent id="b"/>'
    '<sequenceFlow id="f" sourceRef="a" targetRef="{0}"/></process></definitions>'
)


@pytest.fixture
def alur(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alur:
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path / "var"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


def test_an_accepted_file_and_a_refused_one_are_both_listed(alur: Alur, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bpmn"
    bad.write_text(_BPMN.format("nowhere"))
    done = alur("lint", str(GOOD), str(bad), "--json")
    good, refused = json.loads(done.output)
    assert done.exit_code == 1
    assert (good["accepted"], good["problems"]) == (True, [])
    assert refused["accepted"] is False
    assert set(refused["problems"][0]) == {"code", "element", "name", "message"}
    assert alur("lint", str(GOOD)).exit_code == 0


def test_a_dry_run_says_what_it_entered_and_completed(alur: Alur, tmp_path: Path) -> None:
    file = tmp_path / "good.bpmn"
    file.write_text(_BPMN.format("b"))
    done = alur("trace", str(file), "--json", "--data", '{"x": 1}')
    said = json.loads(done.output)
    assert (done.exit_code, said["status"], said["data"], said["error"]) == (0, "completed", {"x": 1}, None)
    assert [(step["element"], step["event"]) for step in said["steps"]][-1] == ("b", "completed")
    assert said["steps"][0]["type"] == "startEvent"


def test_a_dry_run_of_a_refused_file_ends_with_two(alur: Alur, tmp_path: Path) -> None:
    file = tmp_path / "bad.bpmn"
    file.write_text(_BPMN.format("nowhere"))
    done = alur("trace", str(file), "--json")
    assert (done.exit_code, json.loads(done.output)["status"]) == (2, "refused")
    assert alur("trace", str(GOOD), "--data", "[1]").exit_code == 2


def test_a_deployment_names_addresses_that_the_settings_do_not_allow(
    alur: Alur, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = str(ROOT / "processes" / "demo.json")
    assert alur("init", "--name", "Dinas Contoh", "--admin", "dewi", "--plan", plan).exit_code == 0
    folder = tmp_path / "processes" / "surat"
    shutil.copytree(ROOT / "tests" / "samples" / "processes" / "surat", folder)
    shutil.copytree(ROOT / "tests" / "samples" / "forms" / "surat", tmp_path / "forms" / "surat")
    diagram = (folder / "process.bpmn").read_text()
    fixed = diagram.replace('menulis["agenda"]', '"https://agenda.example.go.id/surat"')
    (folder / "process.bpmn").write_text(fixed)
    refused = alur("deploy", str(folder))
    note = "  note: Mencatat ke agenda: agenda.example.go.id is not among the hosts that may be called"
    assert (refused.exit_code, note in refused.output) == (0, True), refused.output
    monkeypatch.setenv("ALUR_HTTP_HOSTS", "agenda.example.go.id")
    assert "note:" not in alur("deploy", str(folder)).output


def test_a_deployment_names_the_version_whose_place_it_takes(alur: Alur, tmp_path: Path) -> None:
    plan = str(ROOT / "processes" / "demo.json")
    assert alur("init", "--name", "Dinas Contoh", "--admin", "dewi", "--plan", plan).exit_code == 0
    folder = tmp_path / "processes" / "revisi-sop"
    shutil.copytree(ROOT / "processes" / "revisi-sop", folder)
    shutil.copytree(ROOT / "forms" / "revisi-sop", tmp_path / "forms" / "revisi-sop")
    first = alur("deploy", str(folder))
    assert (first.exit_code, "note:" in first.output) == (0, False), first.output
    diagram = (folder / "process.bpmn").read_text()
    (folder / "process.bpmn").write_text(diagram.replace('standardTime="P3D"', 'standardTime="P4D"'))
    told = "  note: it took the place of version 1, which was in force until now"
    assert told in alur("deploy", str(folder)).output.splitlines()
    assert "note:" not in alur("deploy", str(folder)).output


def test_an_office_is_set_up_from_nothing(alur: Alur) -> None:
    plan = str(ROOT / "processes" / "demo.json")
    made = alur("init", "--name", "Dinas Contoh", "--admin", "dewi", "--plan", plan)
    assert made.exit_code == 0, made.output
    assert re.search(r"dewi sets a password here: http://127.0.0.1:8000/password/\S{40,}", made.output)
    deployed = alur("deploy", str(GOOD.parent))
    assert (deployed.exit_code, "version 1, trial" in deployed.output) == (0, True), deployed.output
    assert "unchanged" in alur("deploy", str(GOOD.parent.parent)).output
    added = alur("user", "add", "siti", "--name", "Siti Rahma", "--role", "kasub")
    assert added.output.startswith("http://127.0.0.1:8000/password/")
    assert re.search(r"siti\s+Siti Rahma\s+Kasub", alur("user", "list").output)
    assert alur("user", "role", "siti", "kadin", "--standing", "plh").exit_code == 0
    assert alur("user", "link", "nobody").exit_code == 1
    assert alur("user", "deactivate", "siti").exit_code == 0
    assert "(inactive)" in alur("user", "list").output
    token = alur("token", "add", "e-surat", "--days", "30").output.strip()
    assert re.fullmatch(r"\S{40,}", token)
    assert re.search(r"e-surat\s+until ", alur("token", "list").output)
    assert alur("token", "revoke", "e-surat").exit_code == 0
    assert re.search(r"e-surat\s+revoked", alur("token", "list").output)
    assert alur("token", "revoke", "nobody").exit_code == 1
    assert alur("calendar", "add", "24-11-2026", "Hari jadi").exit_code == 0
    assert "24-11-2026  holiday  Hari jadi" in alur("calendar", "list", "2026").output
    assert alur("calendar", "remove", "2026-11-24").exit_code == 0
    assert re.search(
        r"Ordinary week:\n  mon  07:30-12:00 13:00-16:00\n", alur("calendar", "hours", "show").output
    )
    assert alur("calendar", "hours", "set", "mon-wed,sat", "08:00-12:00").exit_code == 0
    assert alur("calendar", "hours", "set", "fri", "free", "--ramadan").exit_code == 0
    shown = alur("calendar", "hours", "show").output
    ordinary, ramadan = shown.split("Ramadan:")
    assert [line.split()[1] for line in ordinary.splitlines()[1:4]] == ["08:00-12:00"] * 3
    assert "  sat  08:00-12:00\n  sun  free" in ordinary
    assert "  thu  08:00-12:00 12:30-15:00\n  fri  free" in ramadan
    for days, hours in (("tue-mon", "08:00-12:00"), ("senin", "08:00-12:00"), ("mon", "12:00-08:00")):
        wrong = alur("calendar", "hours", "set", days, hours)
        assert (wrong.exit_code != 0, "Traceback" in wrong.output) == (True, False)
    assert alur("calendar", "hours", "reset").exit_code == 0
    assert "sat  free" in alur("calendar", "hours", "show").output
    assert alur("migrate").exit_code == 0


def test_a_command_before_init_says_what_to_do(alur: Alur) -> None:
    done = alur("user", "list")
    assert (done.exit_code, "alur" in done.output) == (1, True)
    assert "Traceback" not in done.output


def test_a_setting_that_is_wrong_is_named(alur: Alur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALUR_PORT", "many")
    done = alur("migrate")
    assert (done.exit_code, "ALUR_PORT" in done.output) == (1, True)


@pytest.mark.parametrize("command", ["run", "web"])
def test_nothing_but_loopback_is_served_without_tls(
    alur: Alur, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("ALUR_HOST", "0.0.0.0")  # noqa: S104 - refused
    done = alur(command)
    assert (done.exit_code, "only loopback" in done.output) == (1, True)


def test_the_help_starts_at_once() -> None:
    called = "main(['--help'], standalone_mode=False)"
    code = f"import sys; from webapp.cli import main; {called}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "trace" in done.stdout
    assert not {"sqlalchemy", "flask", "SpiffWorkflow", "pydantic"} & set(done.stdout.split())


def test_a_folder_without_a_database_is_named_and_left_as_it_is(alur: Alur, tmp_path: Path) -> None:
    refused = alur("deploy", str(GOOD.parent))
    assert refused.exit_code == 1
    assert f"There is no database in {tmp_path / 'var'}. Set ALUR_DATA_DIR" in refused.output
    assert not (tmp_path / "var").exists()
