"""What a released version left: its database as it was, opened by the program of today."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from alembic import command
from sqlalchemy import TableClause, column, insert, select, table

from engine import worker
from engine.actions.api_tokens import holder_of, issue_token
from engine.actions.corrections import correct
from engine.actions.messages import Incoming, receive
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Engine
from engine.demo import _held
from engine.demo_cases import Cast, _Stage
from engine.job_calls import Calls
from engine.model.actor import Actor
from engine.model.correction import Correction, ValueKind, digest_of
from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.queries.steps_ahead import state_of, steps_ahead
from engine.storage import search
from engine.storage import tasks as task_rows
from engine.storage.migrating import _config
from engine.storage.office import units
from engine.storage.tables import incident, instance, message_wait, metadata, office, person
from engine.storage.transaction import Connection, Store, open_store
from tests.connecting import Scripted
from tests.upgrades.keep import FIELDS

FOLDER = Path(__file__).parent
VERSIONS = sorted(path.parent.name for path in FOLDER.glob("*/kept.zip"))
MOST_ROUNDS = 60
# Of the small processes; what is no field of a form is passed over.
ANSWERS = {"fields": FIELDS | {"keputusan": "Ya"}}
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # when all of them were made


@dataclass(frozen=True)
class Kept:
    """The unpacked files of one version."""

    folder: Path

    @classmethod
    def unpack(cls, version: str, folder: Path) -> Kept:
        """Unpack a version."""
        with zipfile.ZipFile(FOLDER / version / "kept.zip") as kept:
            kept.extractall(folder)
        return cls(folder)

    @property
    def database(self) -> Path:
        """Give the SQLite file."""
        return self.folder / "alur.db"

    @property
    def blobs(self) -> str:
        """Give the folder of the documents."""
        return str(self.folder / "blobs")

    def story(self, key: str) -> dict[str, Any]:
        """Give what the demo says of a process; of one without a story every answer is empty."""
        path = self.folder / "stories" / f"{key}.json"
        return json.loads(path.read_text()) if path.is_file() else {"answers": {}, "tables": {}}

    def copy_to(self, store: Store) -> None:
        """Write the same rows into an empty database that has the tables of the version."""
        with closing(sqlite3.connect(self.database)) as raw:
            [revision] = raw.execute("SELECT version_num FROM alembic_version").fetchone()
            columns = {name: _columns(raw, name) for name in metadata.tables}
        with store.transaction() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        source = open_store(f"sqlite:///{self.database}")
        with source.reading() as old, store.transaction() as new:
            for full in metadata.sorted_tables:
                if columns[full.name]:
                    _copy(
                        old, new, table(full.name, *(column(c, full.c[c].type) for c in columns[full.name]))
                    )
            for found in old.execute(select(instance.c.id, instance.c.number, instance.c.title)):
                search.add(new, found.id, found.number, found.title)
        source.close()


class Finisher:
    """Goes on with the cases of a version: everybody does what is open, time passes."""

    def __init__(self, engine: Engine, clock: SetClock, kept: Kept) -> None:
        """Find the people of the demo again."""
        http = Scripted("http", ("url",), ("method", "json"), {"status": 200, "body": {"nomor": 7}})
        email = Scripted("email", ("to", "subject", "text"), (), {"refused": {}})
        self.engine = replace(engine, connectors={"http": http, "email": email})
        self.clock, self.kept = clock, kept
        plan = json.loads((kept.folder / "office.json").read_text())
        with engine.store.reading() as connection:
            place = connection.scalar(select(office.c.id).where(office.c.key == plan["key"]))
            assert place is not None
            named = {name: id_ for id_, name in units(connection, place)}
            ids = {one.sign_in_name: one.id for one in connection.execute(select(person))}
        actors = {}
        for one in plan["people"]:
            held = tuple(_held(role) for role in plan["roles"] if role["key"] in one.get("roles", ()))
            actors[one["account"]] = Actor(
                person=ids[one["account"]], office=place, name=one["name"], roles=held
            )
        self.cast = Cast(office=place, actors=actors, people=ids, units=named)
        shown = issue_token(engine, operator(place), "luar", timedelta(days=365))
        self.sender = holder_of(engine, shown)

    def finish(self, case: UUID, key: str) -> None:
        """Complete what is open until nothing is; then call, send and fire what the case waits for."""
        self.correct(case)
        stage = _Stage(self.engine, self.clock, self.cast, self.kept.story(key), NOW)
        stage.instance = case
        ahead = self.ahead(case)
        for _ in range(MOST_ROUNDS):
            tasks = self.open_tasks(case)
            # What comes was to come: the strip says no other.
            assert {one.element for one in tasks} <= ahead
            task, ahead = next(iter(tasks), None), self.ahead(case)
            if task is not None:
                stage.complete(
                    {
                        "element": task.element,
                        "by": task.role,
                        **ANSWERS,
                        **stage.story["answers"].get(task.element, {}),
                    }
                )
            elif self.runs(case):
                self.clock.move(timedelta(hours=25))
                worker.fire_due(self.engine)
                self.answer(case)
            else:
                return
        raise AssertionError(case, "it does not come to an end")

    def ahead(self, case: UUID) -> frozenset[str]:
        """Give the steps that the case can still come to."""
        with self.engine.store.reading() as connection:
            version = connection.scalar(select(instance.c.version).where(instance.c.id == case))
            assert version is not None
            return steps_ahead(self.engine, self.engine.versions.get(version), state_of(connection, case))

    def correct(self, case: UUID) -> None:
        """Give what made the case stand still a value."""
        with self.engine.store.reading() as connection:
            noted = connection.scalars(select(incident.c.id).where(incident.c.instance == case)).first()
        if noted is not None:
            given = Correction(
                path=("mengisi", "jumlah"),
                kind=ValueKind.NUMBER,
                text="10",
                reason="It was left empty.",
                seen=digest_of(None),
            )
            correct(self.engine, operator(self.cast.office), noted, given)

    def answer(self, case: UUID) -> None:
        """Call the connectors of every job, and send what the case waits for, each message once."""
        calls = Calls(self.engine, limit=5.0)
        while calls.do_one():
            pass
        with self.engine.store.reading() as connection:
            waits = connection.execute(select(message_wait).where(message_wait.c.instance == case)).all()
            number = connection.scalar(select(instance.c.number).where(instance.c.id == case))
        assert self.sender is not None
        for wait in waits:
            message = Incoming(id=f"{number} {wait.name}", name=wait.name, key=number)
            receive(self.engine, self.sender, message)

    def open_tasks(self, case: UUID) -> list[Task]:
        """Read what is open, the oldest first."""
        with self.engine.store.reading() as connection:
            ever = task_rows.of_instance(connection, case)
        return [one for one in ever if one.state is TaskState.OPEN]

    def runs(self, case: UUID) -> bool:
        """Tell whether a case is not finished."""
        with self.engine.store.reading() as connection:
            found = connection.scalar(select(instance.c.status).where(instance.c.id == case))
        return found == InstanceStatus.RUNNING


def _columns(raw: sqlite3.Connection, name: str) -> list[str]:
    return [row[1] for row in raw.execute(f"PRAGMA table_info({name})")]


def _copy(old: Connection, new: Connection, part: TableClause) -> None:
    rows = [dict(row._mapping) for row in old.execute(select(part))]
    if rows:
        new.execute(insert(part), rows)
