"""The demo is whole on any day it is made: on a weekend, early on Monday, after a long holiday."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import and_, select

from engine.demo import fill
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.opening import Places
from engine.storage.events import stream_events
from engine.storage.tables import (
    audit_member,
    draft,
    event,
    finding,
    finding_case,
    inquiry,
    instance,
    process_version,
    sample,
    sample_case,
    task,
)
from engine.storage.transaction import Store, open_store
from tests.chain import head_of
from tests.offices import LIBRARY

DAYS = {
    "Sabtu malam": "2026-11-28T22:00:00+07:00",
    "Senin, sebelum jam kerja": "2026-11-23T07:00:00+07:00",
    "sesudah libur Lebaran": "2027-03-15T10:00:00+07:00",
    "tahun baru": "2027-01-01T03:00:00+07:00",
}


@pytest.fixture(params=DAYS.values(), ids=DAYS.keys())
def now(request: pytest.FixtureRequest) -> datetime:
    """Give the instant at which the demo is made."""
    return datetime.fromisoformat(request.param)


@pytest.fixture
def demo(now: datetime, empty_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    """Make the demo."""
    shutil.copyfile(empty_sqlite, tmp_path / "alur.db")
    address = f"sqlite:///{tmp_path / 'alur.db'}"
    places = Places(database=address, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    fill(places, LIBRARY, "untuk-uji-saja-17", now, lambda _step: None)
    store = open_store(address)
    yield store
    store.close()


def test_cases_at_six_places_one_of_them_late_and_something_for_everybody(demo: Store, now: datetime) -> None:
    with demo.reading() as connection:
        cases = connection.execute(select(instance)).all()
        opened = connection.execute(select(task).where(task.c.state == TaskState.OPEN)).all()
        drafts = connection.execute(select(draft)).all()
        last = connection.scalars(select(event.c.at)).all()
        for case in cases:
            assert head_of(stream_events(connection, case.id)) == case.chain_head
    assert Counter(case.status for case in cases) == {InstanceStatus.RUNNING: 5, InstanceStatus.FINISHED: 2}
    assert len({one.element for one in opened}) == len(opened) == 5
    assert len([one for one in opened if one.due_at and one.due_at < now]) == 1
    second = [one for one in opened if one.round == 2]
    assert [one.element for one in second] == ["membuat_draft"]
    assert {one.task for one in drafts} == {second[0].id}
    assert {one.role for one in opened} == {"kadin", "sekdin", "kasub", "staf"}
    assert max(last) < now


def test_the_first_case_has_everything_that_an_auditor_looks_for(demo: Store) -> None:
    with demo.reading() as connection:
        case = connection.execute(select(instance).order_by(instance.c.started_at)).first()
        assert case is not None
        told = stream_events(connection, case.id)
        known = {row.id: row.number for row in connection.execute(select(process_version))}
    kinds = Counter(one.kind for one in told)
    # The review sent it back twice: drafted and reviewed a third time.
    assert [one.round for one in told if one.kind is EventKind.TASK_OPENED].count(3) == 2
    once = (EventKind.ATTEMPT_REFUSED, EventKind.TASK_ASSIGNED, EventKind.CASE_MOVED, EventKind.TASK_AMENDED)
    assert [kinds[kind] for kind in once] == [1, 1, 1, 1]
    assert case.status == InstanceStatus.FINISHED
    assert known[case.version] == 2
    assert all(later.at >= earlier.at for earlier, later in pairwise(told))


def test_it_is_audited_by_two_who_left_something_to_do_for_each_other(demo: Store) -> None:
    with demo.reading() as connection:
        [found] = connection.execute(select(finding)).all()
        [asked] = connection.execute(select(inquiry)).all()
        [drawn] = connection.execute(select(sample)).all()
        noted = connection.execute(select(sample_case)).all()
        team = connection.scalars(select(audit_member.c.person)).all()
        about = and_(event.c.stream == finding_case.c.instance, event.c.seq == finding_case.c.seq)
        events = select(event.c.kind, event.c.round).join(finding_case, about).order_by(event.c.seq)
        named = [tuple(row) for row in connection.execute(events)]
    assert (found.state, drawn.state) == ("answered", "concluded")
    assert asked.answer
    # The finding names both completions that sent the draft back, and no attempt that was refused.
    assert named == [("task.completed", 1), ("task.completed", 2)]
    assert {one.verdict for one in noted} <= {"in-order", "exception"}
    assert {found.prepared_by, found.reviewed_by} == set(team)
    # The second has noted nothing of the sample, and may review it.
    assert {one.noted_by for one in noted} == {drawn.prepared_by}
