"""``alur audit replay``: what it prints of cases that are the same and of one that is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from engine.storage.tables import instance, task
from tests.offices import Office
from tests.webapp.visitors import Site
from webapp.cli import main

Alur = Callable[..., Result]


@pytest.fixture
def alur(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alur:
    """Run the program on the database of a site with three cases."""
    office: Office = site.office
    for _ in range(2):
        office.start(knowingly=True)
    for name, value in {"DATA_DIR": str(tmp_path), "OFFICE": "kantor"}.items():
        monkeypatch.setenv(f"ALUR_{name}", value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["audit", "replay", *arguments])

    return run


def test_every_case_is_counted_and_none_is_listed_that_is_the_same(alur: Alur) -> None:
    done = alur("--all", "--processes", "1")
    assert done.exit_code == 0, done.output
    [line] = done.output.splitlines()
    assert line.startswith("3 cases, 6 events: 3 the same, 0 not, 0 cannot be told.")


def test_a_case_is_found_by_its_number_or_id(alur: Alur, site: Site) -> None:
    with site.engine.store.reading() as connection:
        case = connection.scalars(select(instance.c.id)).first()
    assert case is not None
    for name in ("001/IZ/2026", str(case)):
        done = alur(name)
        assert (done.exit_code, "1 the same" in done.output) == (0, True), done.output
    assert "There is no case “009/IZ/2026”" in alur("009/IZ/2026").output
    assert alur("--sop", "izin", "--json", "--processes", "1").output.count('"answer": "same"') == 3
    assert alur().exit_code == 2


def test_a_difference_is_told_and_ends_with_one(alur: Alur, site: Site) -> None:
    with site.engine.store.transaction() as connection:
        newest = connection.scalar(select(task.c.id).order_by(task.c.id.desc()).limit(1))
        connection.execute(update(task).where(task.c.id == newest).values(state="cancelled"))
    done = alur("--all", "--processes", "1")
    assert (done.exit_code, "2 the same, 1 not" in done.output) == (1, True), done.output
    assert (
        "not the same from event 2 on. The state of the task “Mengajukan izin”, round 1: "
        "expected open, found cancelled" in done.output
    )
    told = [json.loads(line) for line in alur("--all", "--json", "--processes", "1").output.splitlines()]
    [found] = [one for one in told if one["answer"] == "difference"]
    assert (found["seq"], found["expected"], found["found"]) == (2, "open", "cancelled")


def test_two_processes_come_to_the_same(alur: Alur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.commands.audit_replay._MOST_CASES", 2)
    done = alur("--all", "--processes", "2")
    assert (done.exit_code, "3 the same" in done.output) == (0, True), done.output
