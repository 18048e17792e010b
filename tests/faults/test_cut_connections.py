"""The connection breaks in the middle of a commit: sent again with the same attempt, it was done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.engine import make_url

from engine.actions import completion, documents, instances
from engine.actions.completion import Completion
from engine.actions.instances import NewCase
from engine.clock import SetClock
from engine.ids import new_id
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage.transaction import StoreUnavailable
from tests.chain import head_of
from tests.faults.cutting import Cut, Cutter, cutter
from tests.offices import MONDAY, Office, furnish, raw
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("kills")
TIMES = 5


@pytest.fixture
def cutting(cluster: Cluster) -> Iterator[Cutter]:
    """Stand before the session's PostgreSQL."""
    with cutter(cluster.socket) as running:
        yield running


@pytest.fixture
def office(postgres_database: str, cutting: Cutter, tmp_path: Path) -> Iterator[Office]:
    """Furnish an office whose connections can be cut."""
    name = make_url(postgres_database).database
    address = f"postgresql+psycopg://alur@127.0.0.1:{cutting.port}/{name}"
    clock = SetClock(MONDAY)
    engine = open_engine(Places(database=address, blobs=str(tmp_path), sandbox_workers=1), clock)
    yield furnish(engine, clock)
    engine.close()


def again(act: Callable[[], object], cutting: Cutter, how: Cut) -> object:
    """Act while the next commit is cut off, then once more."""
    cutting.at.append(how)
    with pytest.raises(StoreUnavailable, match="nothing is done twice"):
        act()
    assert cutting.at == []
    return act()


@pytest.mark.parametrize("how", Cut, ids=lambda how: how.name)
def test_what_is_sent_again_after_a_cut_is_done_once(office: Office, cutting: Cutter, how: Cut) -> None:
    engine, joko, cases = office.engine, office.people["joko"], []
    for _ in range(TIMES):
        new = NewCase(key="izin", year=2027, attempt=new_id(), knowingly=True)
        again(partial(instances.start, engine, joko, new), cutting, how)
        task = office.open_task(new.attempt, "mengajukan").id
        again(partial(documents.comment, engine, joko, task, "Segera", new_id()), cutting, how)
        sent = Completion(fields=raw({"kegiatan": "Pelatihan", "biaya": "1.500"}), attempt=new_id())
        again(partial(completion.complete, engine, joko, task, sent), cutting, how)
        done_once(office, new.attempt, sent.attempt)
        cases.append(new.attempt)
    assert len({office.open_task(case, "memeriksa").id for case in cases}) == TIMES


def done_once(office: Office, case: UUID, attempt: UUID) -> None:
    events = office.events(case)
    completed = [event.attempt for event in events if event.kind is EventKind.TASK_COMPLETED]
    assert completed == [attempt]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events].count(EventKind.COMMENT_ADDED) == 1
    assert [event.kind for event in events].count(EventKind.CASE_STARTED) == 1
    assert head_of(events)
    assert office.open_elements(case) == ["memeriksa"]
