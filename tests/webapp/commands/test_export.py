"""``alur export``: a file that is complete, or none."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.clock import SetClock
from engine.model.event_log import LogFormat
from engine.opening import Places, open_engine
from engine.storage import people
from engine.storage.migrating import migrate
from engine.storage.transaction import open_store
from tests.offices import MONDAY, Office, furnish
from webapp.cli import main
from webapp.commands import export as exporting

Alur = Callable[..., Result]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Furnish an office with two cases where the command line finds it."""
    folder = tmp_path / "var"
    folder.mkdir()
    database = f"sqlite:///{folder / 'alur.db'}"
    store = open_store(database)
    migrate(store)
    store.close()
    clock = SetClock(MONDAY)
    places = Places(database=database, blobs=str(folder / "blobs"), sandbox_workers=1)
    engine = open_engine(places, clock)
    office = furnish(engine, clock)
    office.start()
    office.start(year=2028)
    yield office
    engine.close()


@pytest.fixture
def alur(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alur:
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path / "var"))
    with office.engine.store.reading() as connection:
        assert people.office_by_key(connection, "kantor") == office.id
    monkeypatch.setenv("ALUR_OFFICE", "kantor")
    return lambda *arguments: CliRunner().invoke(main, ["export", *arguments])


@pytest.mark.parametrize("form", LogFormat)
def test_every_format_is_written(alur: Alur, office: Office, tmp_path: Path, form: LogFormat) -> None:
    out = tmp_path / "log"
    done = alur("--format", form.value, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "2 cases, 4 events" in done.output
    assert out.stat().st_size > 100
    assert office.kinds(office.id)[-1] == "record.exported"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_text_format_goes_to_standard_output(alur: Alur) -> None:
    done = alur("--format", "jsonl", "--out", "-")
    assert done.exit_code == 0
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()][:2] == [
        "case.started",
        "task.opened",
    ]
    assert "needs a file" in alur("--format", "xlsx", "--out", "-").output


def test_a_file_that_is_there_stays_as_it_is(alur: Alur, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    out.write_text("lama")
    done = alur("--format", "csv", "--out", str(out))
    assert (done.exit_code, out.read_text()) == (1, "lama")
    assert "--force" in done.output
    assert "record.exported" not in office.kinds(office.id)
    assert alur("--format", "csv", "--out", str(out), "--force").exit_code == 0
    assert out.read_text().startswith("case,")


def test_a_file_that_came_meanwhile_stays_too(
    alur: Alur, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, write = tmp_path / "log.csv", exporting.write

    def slowly(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        out.write_text("orang lain")

    monkeypatch.setattr(exporting, "write", slowly)
    done = alur("--format", "csv", "--out", str(out))
    assert (done.exit_code, out.read_text()) == (1, "orang lain")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "var"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sop", "tidak-ada"), "The library has no SOP “tidak-ada”."),
        (("--since", "2026-11-24", "--until", "2026-11-23"), "is after the last"),
        (("--since", "24-11-2026"), "expected a day like 2026-11-23"),
    ],
)
def test_a_choice_that_cannot_be_is_told(
    alur: Alur, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = alur("--format", "csv", "--out", str(tmp_path / "log"), *arguments)
    assert done.exit_code != 0
    assert said in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_a_folder_that_is_not_there_is_named(alur: Alur, tmp_path: Path) -> None:
    done = alur("--format", "csv", "--out", str(tmp_path / "tidak" / "log.csv"))
    assert done.exit_code == 1
    assert f"There is no folder {tmp_path / 'tidak'}" in done.output
    assert "is a folder" in alur("--format", "csv", "--out", str(tmp_path)).output


def test_a_full_disk_is_told_and_nothing_stays(
    alur: Alur, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(exporting, "write", full)
    done = alur("--format", "csv", "--out", str(tmp_path / "log.csv"))
    assert done.exit_code == 1
    assert "No space left on device" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["var"]
