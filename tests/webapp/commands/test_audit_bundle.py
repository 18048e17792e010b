"""``alur audit bundle``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.engine.record.bundles import verified
from webapp.cli import main


def test_the_evidence_of_a_case_is_written_once(
    demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    shutil.copytree(demo_folder, tmp_path / "var")
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path / "var"))
    out = tmp_path / "bukti.zip"
    command = ["audit", "bundle", "001/IK/2026", "--out", str(out)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert f"{out.stat().st_size:,} bytes" in done.output
    code, said = verified(out, "--key", str(tmp_path / "var" / "seal.pub"))
    assert code == 0, said
    assert said.startswith("UTUH: berkas 001/IK/2026")
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    other = CliRunner().invoke(main, ["audit", "bundle", "999/IK/2026", "--out", str(tmp_path / "x.zip")])
    assert (other.exit_code, (tmp_path / "x.zip").exists()) == (1, False)
