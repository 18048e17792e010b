"""The migrations make exactly the tables that the code speaks of, and keep the record append-only."""

from __future__ import annotations

from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.core import Engine
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.storage import events, people
from engine.storage.events import Line
from engine.storage.migrating import is_current, migrate
from engine.storage.tables import metadata
from engine.storage.transaction import Store


def test_a_migrated_database_has_the_tables_of_the_code(store: Store) -> None:
    with store.reading() as connection:
        options = {"include_name": lambda name, _type, _parents: not str(name).startswith("instance_search")}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert [one for one in differences if "instance_search" not in str(one)] == []


def test_migrating_a_second_time_does_nothing(store: Store) -> None:
    assert is_current(store)
    migrate(store)
    assert is_current(store)


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM event",
        "UPDATE event SET kind = 'signed-out'",
        "UPDATE event SET payload = '{}'",
        "UPDATE event SET seq = 7",
    ],
)
def test_the_database_itself_keeps_the_record(engine_: Engine, tampering: str) -> None:
    office = _office_with_an_event(engine_)
    with pytest.raises(DBAPIError, match="append-only"), engine_.store.transaction() as connection:
        connection.execute(text(tampering))
    with engine_.store.reading() as connection:
        assert [event.seq for event in events.stream_events(connection, office)] == [1]


def test_a_payload_can_be_erased_and_the_chain_stays(engine_: Engine) -> None:
    office = _office_with_an_event(engine_)
    with engine_.store.transaction() as connection:
        connection.execute(text("UPDATE event SET payload = NULL, salt = NULL"))
    with engine_.store.reading() as connection:
        (event,) = events.stream_events(connection, office)
    assert event.payload is None
    assert len(event.chain) == 32


def _office_with_an_event(engine: Engine) -> UUID:
    office = new_id()
    actor = Actor(person=None, office=office, name="Operator")
    with engine.store.transaction() as connection:
        people.add_office(connection, office, "kantor", "Kantor", "Asia/Jakarta")
        line = Line(kind=EventKind.UNIT_ADDED, payload={"name": "Bidang SD"})
        events.append(connection, Scope.OFFICE, office, actor, engine.clock.now(), [line])
    return office
