"""Another program reads what is written, counts the same, and plays it through the diagram of the SOP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from benchmarks.office import DATA, Step, opened_office
from benchmarks.office import Office as Bench
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event_log import Detail, LogFormat, Selection
from engine.record.event_logs.formats import SHAPES, write
from engine.record.event_logs.log import opened_log
from engine.storage.tables import event, instance
from tests.engine.record.cases import finished, said
from tests.mining.environment import look
from tests.offices import SAMPLES, Office, furnish

LIBRARY = Path(__file__).parents[2] / "processes"
LOGS = (LogFormat.XES, LogFormat.CSV, LogFormat.OCEL_JSON, LogFormat.OCEL_SQLITE)
SOP = DATA["process"]


@dataclass
class Written:
    """Logs of an SOP with its diagram, and what the database counts."""

    engine: Engine
    actor: Actor
    key: str
    diagram: Path
    folder: Path

    def looked_at(self, form: LogFormat, detail: Detail | None = None) -> dict[str, Any]:
        """Write a log, and let the other program look at it."""
        path = self.folder / f"log{SHAPES[form].ending}"
        path.unlink(missing_ok=True)
        asked = Selection(sop=self.key, detail=detail or SHAPES[form].detail)
        with opened_log(self.engine, self.actor, asked) as log:
            write(form, log, path)
        return look(form.value, path, self.diagram)

    def counted(self) -> tuple[int, int]:
        """Count cases and events in the database."""
        with self.engine.store.reading() as connection:
            row = connection.execute(
                select(func.count(instance.c.id.distinct()), func.count()).join(
                    event, event.c.stream == instance.c.id
                )
            ).one()
        return row[0], row[1]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """Work the first SOP: a case without a refusal, one refused twice, and one on its way."""
    with opened_office() as office:
        steps = office.steps()
        review = next(place for place, one in enumerate(steps) if one.element == "mereviu_draft")
        refused = replace(steps[review], fields=office.typed(DATA["refusal"]))
        again = [*steps[:review], refused, steps[review - 1], refused, *steps[review - 1 :]]
        for way in (steps, again, steps[:4]):
            work(office, office.start(), way)
        yield Written(
            engine=office.engine,
            actor=operator(office.id),
            key=SOP,
            diagram=LIBRARY / SOP / "process.bpmn",
            folder=tmp_path_factory.mktemp("logs"),
        )


def work(office: Bench, case: UUID, way: list[Step]) -> None:
    """Work steps one after the other; a step that is done again is done later."""
    at = way[0].at
    for step in way:
        at = max(step.at, at + timedelta(minutes=5))
        office.complete(office.arrive(case, step, at), step)


@pytest.mark.parametrize("form", LOGS)
def test_the_first_sop_replays_with_its_refusals(returned: Written, form: LogFormat) -> None:
    found = returned.looked_at(form)
    assert (found["played"], found["tokens"], found["aligned"], found["fitting"]) == (2, 1.0, 1.0, 100.0)
    assert len(found["activities"]) == 13
    assert found["activities"]["Mereviu draft"] == 4
    cases, events = returned.counted()
    assert found["cases"] == cases == 3
    assert found["events"] == (events if form is not LogFormat.XES else 13 + 17 + 4)


def test_every_event_of_the_record_is_in_the_whole_of_xes(returned: Written) -> None:
    path = returned.folder / "whole.xes"
    with opened_log(returned.engine, returned.actor, Selection(sop=SOP)) as log:
        write(LogFormat.XES, log, path)
    found = look("xes", path)
    assert (found["cases"], found["events"]) == returned.counted()


def test_objects_are_found_and_the_rules_of_the_format_kept(returned: Written) -> None:
    found = returned.looked_at(LogFormat.OCEL_SQLITE)
    assert found["broken"] == []
    assert found["objects"] == returned.looked_at(LogFormat.OCEL_JSON)["objects"]
    assert set(found["objects"]) == {"case", "step", "document", "person", "role", "sop_version"}
    assert {"case", "step", "actor", "role", "leaves", "by"} <= set(found["relations"])


@pytest.fixture
def office(engine_: Engine, clock: SetClock) -> Office:
    """Furnish an office with the sample process *izin*."""
    return furnish(engine_, clock)


@pytest.fixture
def izin(office: Office, tmp_path: Path) -> Written:
    """Work cases of *izin*: refused, straight on, and with hostile text."""
    finished(office, refusals=2)
    finished(office)
    said(office, office.start().instance, "=1+1 \x1b[31m ]]> <a b='c'> 🗂")
    return written_of(office, "izin", tmp_path)


@pytest.mark.parametrize("form", LOGS)
def test_a_loop_replays(izin: Written, form: LogFormat) -> None:
    found = izin.looked_at(form)
    assert (found["played"], found["tokens"], found["aligned"], found["fitting"]) == (2, 1.0, 1.0, 100.0)
    assert found["activities"]["Memeriksa permohonan"] == 4


@pytest.mark.parametrize("form", [LogFormat.XES, LogFormat.OCEL_SQLITE])
def test_a_step_that_no_person_does_replays(office: Office, tmp_path: Path, form: LogFormat) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "retribusi"))
    case = office.start(key="retribusi").instance
    office.complete(case, "mengajukan", "joko", {"jenis": "toko", "luas": "20"})
    finish(office, case)
    found = written_of(office, "retribusi", tmp_path).looked_at(form)
    assert (found["played"], found["tokens"], found["aligned"], found["fitting"]) == (1, 1.0, 1.0, 100.0)
    assert found["activities"]["Menetapkan retribusi"] == 1


def finish(office: Office, case: UUID) -> None:
    """Complete what is open, by whoever holds its role."""
    while office.open_elements(case):
        office.clock.move(timedelta(minutes=1))
        task = office.open_task(case, office.open_elements(case)[0])
        by = next(name for name, one in office.people.items() if one.holds(task.role))
        office.complete_task(task.id, by, {})


def written_of(office: Office, key: str, folder: Path) -> Written:
    """Write logs of an SOP of the samples."""
    diagram = SAMPLES / key / "process.bpmn"
    return Written(engine=office.engine, actor=operator(office.id), key=key, diagram=diagram, folder=folder)
