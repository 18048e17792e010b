"""Every SOP of the library is whole: diagram, the story of its reading, forms, a table of paths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROCESSES = sorted(path for path in (ROOT / "processes").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", PROCESSES, ids=lambda folder: folder.name)
def test_it_has_its_files(folder: Path) -> None:
    assert (folder / "process.bpmn").is_file()
    assert (folder / "README.md").is_file()
    assert (ROOT / "tests" / "processes" / "paths" / f"{folder.name}.json").is_file()


@pytest.mark.parametrize("folder", PROCESSES, ids=lambda folder: folder.name)
def test_it_has_its_forms_and_no_other(folder: Path) -> None:
    named = set(re.findall(r"formKey=\"([^\"]+)\"", (folder / "process.bpmn").read_text("utf-8")))
    assert {path.stem for path in (ROOT / "forms" / folder.name).glob("*.json")} == named


def test_there_are_no_forms_without_a_process() -> None:
    folders = {path.name for path in (ROOT / "forms").iterdir() if path.is_dir()}
    assert folders == {folder.name for folder in PROCESSES}
