"""History that was copied is as true as what it was copied from: it is proved, found, and goes on."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from benchmarks import history_copies
from benchmarks.history import Growing
from engine.clock import SetClock
from engine.core import Engine
from engine.demo import fill
from engine.model.actor import Actor, HeldRole
from engine.model.instance import InstanceStatus
from engine.model.permission import RoleKind
from engine.opening import Places, open_engine
from engine.queries.cases import cases_page
from engine.queries.cases_asked import CasesAsked, Tab
from engine.record.rebuild import Rebuilder, Same
from engine.storage.events import stream_events
from engine.storage.tables import event, instance, task
from tests.chain import head_of
from tests.offices import LIBRARY
from tests.upgrades.kept import Finisher

NOW = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
CASES, WORKED = 60, 7


@pytest.fixture
def grown(database: str, tmp_path: Path) -> Iterator[Engine]:
    """Make the demo and give it a history."""
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    fill(places, LIBRARY, "untuk-uji-saja-17", NOW, lambda _step: None)
    engine = open_engine(places, SetClock(NOW))
    told: list[int] = []
    with engine.store.reading() as connection:
        before = connection.scalar(select(func.count()).select_from(event))
    written = Growing(engine, seed=7, share_open=0.5).grow(CASES, years=2, progress=told.append)
    with engine.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(event)) == before + written
    assert sum(told) == CASES
    yield engine
    engine.close()


def test_every_case_is_what_its_events_lead_to(grown: Engine) -> None:
    with grown.store.reading() as connection:
        cases = connection.scalars(select(instance.c.id)).all()
    answers = [answer for _, answer in Rebuilder(grown).rebuild(cases)]
    assert [one for one in answers if not isinstance(one, Same)] == []
    assert len(answers) == CASES + WORKED


def test_every_case_is_whole_and_proved_by_its_chain(grown: Engine) -> None:
    with grown.store.reading() as connection:
        cases = connection.execute(select(instance)).all()
        numbers = dict(
            connection.execute(
                select(task.c.instance, func.min(task.c.number)).group_by(task.c.instance)
            ).all()
        )
        for case in cases:
            events = stream_events(connection, case.id)
            assert head_of(events) == case.chain_head
            assert [one.seq for one in events] == list(range(1, case.last_seq + 1))
            assert events[0].at == case.started_at
            begun = json.loads(events[0].payload or "")
            assert (begun["number"], begun["year"], begun["title"]) == (case.number, case.year, case.title)
            assert numbers[case.id] == case.number
    assert len({case.number for case in cases}) == len(cases) == CASES + WORKED
    assert all(case.number.endswith(f"/{case.started_at.year}") for case in cases)
    assert Counter(case.status for case in cases).keys() == {InstanceStatus.RUNNING, InstanceStatus.FINISHED}


def test_the_next_number_follows_those_that_were_written(grown: Engine) -> None:
    again = Growing(grown, seed=8)
    assert again.grow(10, years=2) > 0
    with grown.store.reading() as connection:
        numbers = connection.scalars(select(instance.c.number)).all()
    assert len(set(numbers)) == len(numbers) == CASES + WORKED + 10


def test_an_open_case_of_the_past_is_worked_to_its_end(grown: Engine, tmp_path: Path) -> None:
    shutil.copyfile(LIBRARY / "demo.json", tmp_path / "office.json")
    story = lambda key: json.loads((LIBRARY / key / "demo.json").read_text())  # noqa: E731 - a line of a stand-in
    finisher = Finisher(grown, grown.clock, SimpleNamespace(folder=tmp_path, story=story))
    with grown.store.reading() as connection:
        past = instance.c.started_at < datetime(2026, 10, 1, tzinfo=UTC)
        opened = connection.execute(
            select(instance).where(past, instance.c.status == InstanceStatus.RUNNING).limit(4)
        ).all()
    assert len(opened) == 4
    with grown.store.reading() as connection:
        key = grown.versions.get(opened[0].version).key
    for case in opened:
        finisher.finish(case.id, key)
        assert not finisher.runs(case.id)


def test_the_same_seed_makes_the_same_choices(grown: Engine) -> None:
    first, second = Growing(grown, seed=3), Growing(grown, seed=3)
    assert [first._copy(2).number for _ in range(20)] == [second._copy(2).number for _ in range(20)]
    assert Growing(grown, seed=4)._copy(2).weeks * timedelta(weeks=1) > timedelta()


def test_the_list_finds_a_copied_case_by_its_number(grown: Engine) -> None:
    with grown.store.reading() as connection:
        case = connection.execute(select(instance).order_by(instance.c.started_at).limit(1)).one()
    pemilik = HeldRole(key="pemilik", label="Pemilik", name="Pemilik SOP", kind=RoleKind.OWNER)
    actor = Actor(person=case.starter, office=case.office, name="Pemilik", roles=(pemilik,))
    found = cases_page(grown, actor, CasesAsked(tab=Tab(case.status), text=case.number))
    assert case.id in {row.id for row in found.rows}


def test_an_office_that_was_filled_before_is_not_read_as_a_whole(
    grown: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_copies, "MOST", 20)
    growing = Growing(grown, seed=8)
    assert len({template.case["id"] for template in growing.templates}) == 20  # of 66 that could be copied
    growing.grow(5, years=2)
