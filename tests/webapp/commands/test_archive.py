"""``alur archive``, and ``alur audit verify --archive`` as somebody without the database calls it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.clock import SetClock
from engine.opening import open_engine
from engine.record.sealing import seal
from tests.engine.record.cases import finished
from tests.offices import Office, furnish
from webapp.cli import main
from webapp.commands.opening import places
from webapp.settings import Settings


def alur(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def office(
    empty_sqlite: Path, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Furnish an office in which a case ended long ago."""
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path))
    shutil.copyfile(empty_sqlite, tmp_path / "alur.db")
    clock.move(timedelta(days=-900))
    engine = open_engine(places(Settings()), clock)
    furnished = furnish(engine, clock)
    finished(furnished)
    seal(engine)
    yield furnished
    engine.close()


def test_old_cases_are_archived_and_the_file_is_checked_alone(office: Office, tmp_path: Path) -> None:
    done = alur("archive", "--ended-before", "2025-01-01", "--vacuum")
    assert done.exit_code == 0, done.output
    file = tmp_path / "archive" / "archive-1.alur"
    assert office.id
    assert f"{file}: 1 case, 8 events, {file.stat().st_size:,} bytes." in done.output
    assert "copy it with every backup" in done.output
    away = shutil.copy(file, tmp_path / "away.alur")
    checked = alur("audit", "verify", "--archive", str(away), "--key", str(tmp_path / "seal.pub"))
    assert checked.exit_code == 0, checked.output
    assert checked.output.splitlines()[-1] == "Nothing is wrong."
    assert "Signed by the key with the fingerprint" in checked.output
    assert alur("audit", "verify").exit_code == 0


def test_a_file_that_was_changed_ends_with_1(office: Office, tmp_path: Path) -> None:
    assert office.id
    alur("archive", "--ended-before", "2025-01-01")
    file = tmp_path / "archive" / "archive-1.alur"
    file.write_bytes(file.read_bytes().replace(b"Pelatihan", b"Perjalana"))
    checked = alur("audit", "verify", "--archive", str(file), "--json")
    assert checked.exit_code == 1
    told = json.loads(checked.output)
    assert (told["ok"], told["cases"]) == (False, 1)
    assert "is not what was recorded" in told["findings"][0]["message"]
    file.unlink()
    assert "is missing" in alur("audit", "verify", "--archive", str(file)).output


@pytest.mark.parametrize("day", ["2099-01-01", "kemarin"])
def test_a_day_that_has_not_come_is_refused(office: Office, day: str) -> None:
    assert office.id
    done = alur("archive", "--ended-before", day)
    assert done.exit_code == 2
    assert f"found {day}" in done.output


def test_nothing_to_archive_is_said(office: Office) -> None:
    assert office.id
    assert "No case is to be archived." in alur("archive", "--ended-before", "2020-01-01").output


def test_archives_are_listed_and_one_that_is_missing_is_named(office: Office, tmp_path: Path) -> None:
    assert office.id
    assert alur("archive").output == "Nothing was archived yet.\n"
    alur("archive", "--ended-before", "2025-01-01")
    file = tmp_path / "archive" / "archive-1.alur"
    line = f"{file}: 1 case that ended before 2025-01-01, 8 events, {file.stat().st_size:,} bytes."
    assert alur("archive").output == f"{line}\n"
    file.unlink()
    told = alur("archive").output
    assert told.startswith(f"{line} CANNOT BE READ. The archive file archive-1.alur is missing")
    refused = alur("archive", "--ended-before", "2025-01-01")
    assert refused.exit_code == 1
    assert "or set ALUR_ARCHIVE_DIR to the folder where it is" in refused.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--vacuum",), "--sop and --vacuum need --ended-before DATE."),
        (("--sop", "izin"), "--sop and --vacuum need --ended-before DATE."),
        (("--abandon", "1", "--ended-before", "2025-01-01"), "do not go together"),
        (("--sop", "lain", "--ended-before", "2025-01-01"), "this office has no SOP with the key lain"),
    ],
)
def test_what_does_not_go_together_is_refused(
    office: Office, arguments: tuple[str, ...], sentence: str
) -> None:
    assert office.id
    done = alur("archive", *arguments)
    assert done.exit_code == 2
    assert sentence in done.output


def test_only_an_archive_that_was_lost_is_given_up(office: Office) -> None:
    assert office.id
    done = alur("archive", "--abandon", "1")
    assert done.exit_code == 1
    assert "Archive number 1 is none that was cut off." in done.output
