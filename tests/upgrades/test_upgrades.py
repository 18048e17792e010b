"""What every released version left is migrated, loaded, run on and finished by the program of today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import column, insert, select, table, update

from engine.clock import SetClock
from engine.core import Sealing
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.suggestion import SuggestionState
from engine.opening import Places, open_engine
from engine.queries.suggestions import news, own_suggestions
from engine.record.rebuild import Difference, Rebuilder, Untold
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, verify
from engine.storage.events import stream_events
from engine.storage.migrating import _config, is_current, migrate
from engine.storage.people import add_unit
from engine.storage.tables import (
    instance,
    metadata,
    participant,
    person,
    process,
    process_version,
    suggestion,
)
from engine.storage.transaction import Connection, open_store
from tests.chain import head_of
from tests.postgres import Cluster
from tests.upgrades.kept import NOW, VERSIONS, Finisher, Kept


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """Unpack what a version left."""
    return Kept.unpack(request.param, tmp_path / "kept")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, kept: Kept) -> Iterator[str]:
    """Give a database of each kind with what the version left, as it left it."""
    if request.param == "sqlite":
        yield f"sqlite:///{kept.database}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.database(migrated=False) as address:
        store = open_store(address)
        kept.copy_to(store)
        store.close()
        yield address


@pytest.fixture
def places(address: str, kept: Kept) -> Places:
    """Give it migrated."""
    migrated(address)
    return Places(database=address, blobs=kept.blobs, sandbox_workers=1)


def migrated(address: str) -> None:
    store = open_store(address)
    migrate(store)
    assert is_current(store)
    store.close()


def test_every_case_of_a_released_version_runs_on_and_finishes(places: Places, kept: Kept) -> None:
    clock = SetClock(NOW)
    engine = open_engine(places, clock)
    try:
        rows = select(instance.c.id, instance.c.status, process.c.key).join(process)
        with engine.store.reading() as connection:
            cases = connection.execute(rows).all()
        running = [case for case in cases if case.status == InstanceStatus.RUNNING]
        assert len(running) >= 12
        finisher = Finisher(engine, clock, kept)
        for case in running:
            finisher.finish(case.id, case.key)
        with engine.store.reading() as connection:
            for case in connection.execute(select(instance)):
                events = stream_events(connection, case.id)
                assert (case.status, head_of(events)) == (InstanceStatus.FINISHED, case.chain_head)
        rebuilt = Rebuilder(engine).rebuild([case.id for case in cases])
        assert [answer for _, answer in rebuilt if isinstance(answer, Difference)] == []
    finally:
        engine.close()


# What is not on record of those releases: what a data store held, and how 0.1 kept the values of a loop.
UNTOLD = {"0.1.0": 2, "0.2.0": 3}


def test_every_case_of_a_released_version_is_what_its_events_lead_to(
    places: Places, request: pytest.FixtureRequest
) -> None:
    engine = open_engine(places, SetClock(NOW))
    try:
        with engine.store.reading() as connection:
            cases = connection.scalars(select(instance.c.id)).all()
        answers = [answer for _, answer in Rebuilder(engine).rebuild(cases)]
        assert [one for one in answers if isinstance(one, Difference)] == []
        untold = [one for one in answers if isinstance(one, Untold)]
        assert len(untold) == UNTOLD[request.node.callspec.params["kept"]], untold
    finally:
        engine.close()


def test_what_was_answered_before_it_was_noted_who_read_it_is_no_news(address: str, kept: Kept) -> None:
    """Else the answers of years would stand in everybody's inbox on the day after an upgrade."""
    store = open_store(address)
    with store.transaction() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0015")
        ago = NOW - timedelta(days=400)
        author = _suggest(connection, state=SuggestionState.TAKEN, answer="Baik.", answered_at=ago)
        assert _suggest(connection, state=SuggestionState.OPEN) == author
    store.close()
    migrated(address)
    engine = open_engine(Places(database=address, blobs=kept.blobs, sandbox_workers=1), SetClock(NOW))
    try:
        told = own_suggestions(engine, author)
        assert {(one.state, one.is_news) for one in told} == {("taken", False), ("open", False)}
        with engine.store.reading() as connection:
            assert news(engine, connection, author) == ()
    finally:
        engine.close()


def test_who_took_part_did_so_for_the_unit_they_are_of_at_the_upgrade(address: str) -> None:
    store = open_store(address)
    with store.transaction() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0033")
        took_part = table("participant", column("person", person.c.id.type))
        mover = connection.scalar(select(took_part.c.person).order_by(took_part.c.person).limit(1))
        place = connection.scalar(select(person.c.office).where(person.c.id == mover))
        assert mover
        assert place
        unit = new_id()
        add_unit(connection, place, unit, "bidang-baru", "Bidang Baru")
        connection.execute(update(person).values(unit=None))
        connection.execute(update(person).where(person.c.id == mover).values(unit=unit))
    store.close()
    migrated(address)
    store = open_store(address)
    with store.reading() as connection:
        rows = connection.execute(select(participant.c.person, participant.c.unit)).all()
    store.close()
    assert {one.unit for one in rows if one.person == mover} == {unit}
    assert {one.unit for one in rows if one.person != mover} == {None}


def _suggest(connection: Connection, **columns: object) -> Actor:
    """Write a suggestion as it was before, of the same person each time."""
    found = select(process.c.office, process_version.c.process, process_version.c.id).join(process_version)
    version = connection.execute(found.order_by(process_version.c.id).limit(1)).one()
    author = connection.scalar(select(person.c.id).order_by(person.c.id).limit(1))
    about = {"office": version.office, "process": version.process, "version": version.id, "element": "x"}
    said = {"author": author, "text": "Lebih singkat", "at": NOW - timedelta(days=401)}
    row = {"id": new_id(), **about, **said, **columns}
    then = table("suggestion", *(column(name, suggestion.c[name].type) for name in row))
    connection.execute(insert(then).values(row))
    return Actor(person=author, office=version.office, name="")


def test_the_newest_has_something_of_all_that_a_case_can_wait_for(tmp_path: Path) -> None:
    newest = Kept.unpack(VERSIONS[-1], tmp_path)
    with closing(sqlite3.connect(newest.database)) as raw:
        there = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        known = there & set(metadata.tables)  # what came after that release is not in it
        kept = {name for name in known if raw.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}  # noqa: S608 - ours
    assert {"timer", "job", "message_wait", "incident", "data_store", "draft", "comment"} <= kept


def test_its_record_is_sealed_and_whole(places: Places, tmp_path: Path) -> None:
    sealing = Sealing(key=tmp_path / "key" / "seal.key", folder=tmp_path / "checkpoints")
    engine = replace(open_engine(places, SetClock(NOW)), sealing=sealing)
    try:
        seal(engine)
        found = verify(engine, Asked(keys=public_keys(public_file(sealing.key))))
        assert [str(one.sentence) for one in found.findings.listed] == []
        assert found.events
    finally:
        engine.close()
