"""One office with the SOP of ``data.json``, on a fresh SQLite file, and its cases worked step by step."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, create_engine, select

from engine.actions import completion, instances, tasks
from engine.actions.completion import Completion
from engine.actions.deployment import deploy, read_package
from engine.actions.files import Upload, keep_bytes
from engine.actions.instances import NewCase
from engine.actions.offices import OfficePlan, open_office, operator
from engine.actions.people import PersonForm, add_person
from engine.actions.roles import AssignmentForm, RoleForm, assign_role
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_paper import paper
from engine.ids import new_id
from engine.model.actor import Actor, HeldRole
from engine.model.permission import RoleKind
from engine.model.task import TaskState
from engine.opening import Places, open_engine
from engine.storage import documents, people
from engine.storage import drafts as draft_rows
from engine.storage.documents import BlobRow
from engine.storage.migrating import migrate
from engine.storage.office import units
from engine.storage.tables import task
from engine.storage.transaction import Store

DATA = json.loads(Path(__file__).with_name("data.json").read_text("utf-8"))
LIBRARY = Path(__file__).parents[1] / "processes"
_ZONE = ZoneInfo("Asia/Jakarta")
_FILE = "alur.db"
_SINCE = "2020-01-01"  # roles are held at the fixed times and today
_OPEN_TASKS = select(task.c.id, task.c.element).where(
    task.c.instance == bindparam("case"), task.c.state == TaskState.OPEN.value
)


def instant(text: str) -> datetime:
    """Read a time of ``data.json``, which is the office's own."""
    return datetime.fromisoformat(text).replace(tzinfo=_ZONE).astimezone(UTC)


class OwnClock(SetClock):
    """A clock that each thread sets for itself."""

    def __init__(self, at: datetime) -> None:
        """Begin everywhere at the same time."""
        super().__init__(at)
        self._of_thread = local()

    def __reduce__(self) -> tuple[type[OwnClock], tuple[datetime]]:
        """Begin in another process as in a thread."""
        return type(self), (super().now(),)

    def now(self) -> datetime:
        """Give the time of this thread."""
        at: datetime | None = getattr(self._of_thread, "at", None)
        return at or super().now()

    def set(self, at: datetime) -> None:
        """Set the time of this thread."""
        self._of_thread.at = at


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the 13 steps with its fixed answer, as a browser would send it."""

    element: str
    by: str
    at: datetime
    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, str]  # field -> title of a one-page PDF


@dataclass
class Office:
    """The running engine, who works in it, and the answers."""

    engine: Engine
    clock: SetClock
    folder: Path
    id: UUID
    actors: dict[str, Actor] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)  # "@kasub", "#Sekretariat" -> hex
    _paper: BlobRow | None = None

    def steps(self, *, tables: bool = False) -> list[Step]:
        """Give the steps; with tables, three of them carry 12 rows of indicators."""
        more = DATA["tables"] if tables else {}
        return [
            Step(
                element=step["element"],
                by=step["by"],
                at=instant(step["at"]),
                fields=self.typed(step["fields"] | more.get(step["element"], {})),
                files=step.get("files", {}),
            )
            for step in DATA["steps"]
        ]

    def typed(self, fields: Mapping[str, Any]) -> dict[str, list[str]]:
        """Write answers as a browser sends them."""
        return dict(self._sent(fields, ""))

    def _sent(self, values: Mapping[str, Any], before: str) -> Iterator[tuple[str, list[str]]]:
        for name, value in values.items():
            if isinstance(value, list) and isinstance(value[0], Mapping):
                for index, row in enumerate(value):
                    yield from self._sent(row, f"{before}{name}.{index}.")
            else:
                texts: list[str] = value if isinstance(value, list) else [value]
                yield before + name, [self._names.get(text, text) for text in texts]

    def start(self) -> UUID:
        """Start a case."""
        self.clock.set(instant(DATA["start"]["at"]))
        new = NewCase(
            key=DATA["process"], year=DATA["year"], title=DATA["title"], attempt=new_id(), knowingly=True
        )
        return instances.start(self.engine, self.actors[DATA["start"]["by"]], new).instance

    def arrive(self, case: UUID, step: Step, at: datetime | None = None) -> UUID:
        """Go to a step: its time, its page opened by who does it, its files chosen; gives the task."""
        self.clock.set(at or step.at)
        task_id = self.open_tasks(case)[step.element]
        tasks.see(self.engine, self.actors[step.by], task_id)
        if step.files:
            self._choose_files(task_id, step)
        return task_id

    def complete(self, task_id: UUID, step: Step) -> None:
        """Complete it; this is what is measured."""
        work = Completion(fields=step.fields, attempt=new_id())
        completion.complete(self.engine, self.actors[step.by], task_id, work)

    def work(self, case: UUID, steps: Sequence[Step]) -> None:
        """Work steps of a case one after the other."""
        for step in steps:
            self.complete(self.arrive(case, step), step)

    def open_tasks(self, case: UUID) -> dict[str, UUID]:
        """Find the open tasks of a case by element."""
        return {row.element: row.id for row in self._open_rows(case)}

    def open_task_ids(self, case: UUID) -> list[UUID]:
        """Find the open tasks of a case, of which one element can have many."""
        return [row.id for row in self._open_rows(case)]

    def _open_rows(self, case: UUID) -> Sequence[Any]:
        with self.engine.store.reading() as connection:
            return connection.execute(_OPEN_TASKS, {"case": case}).all()

    @property
    def database(self) -> Path:
        """Give the database's file."""
        return self.folder / _FILE

    def copied(self, name: str) -> str:
        """Copy the database as it stands now; gives the address of the copy."""
        store = self.engine.store
        if store.dialect == "sqlite":
            path = self.folder / f"{name}.db"
            checkpoint(store)
            shutil.copyfile(self.database, path)
            return f"sqlite:///{path}"
        url, copy = store.engine.url, f"alur_{name.replace('-', '_')}"
        store.close()  # PostgreSQL copies only a database that nobody is connected to
        with create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT").connect() as server:
            server.exec_driver_sql(f'CREATE DATABASE "{copy}" TEMPLATE "{url.database}"')
        return url.set(database=copy).render_as_string(hide_password=False)

    def _choose_files(self, task_id: UUID, step: Step) -> None:
        """Stage files as an upload does, all with the bytes of one paper: only rows are measured."""
        if self._paper is None:
            upload = Upload(field="", filename="Pindaian.pdf", stream=io.BytesIO(paper("Pindaian")))
            self._paper = keep_bytes(self.engine, self.actors[step.by], upload)
        person = self.actors[step.by].person
        for name, title in step.files.items():
            one = new_id()
            row = replace(self._paper, id=one, object=f"{one.hex[-2:]}/{one.hex}", task=task_id)
            row = replace(row, filename=f"{title}.pdf")
            with self.engine.store.transaction() as connection:
                documents.add_blob(connection, row)
                if person is not None:
                    draft_rows.save(
                        connection,
                        task_id,
                        person,
                        form_digest=bytes(32),
                        fields=step.fields,
                        staged={name: [one.hex]},
                        at=self.clock.now(),
                    )


def checkpoint(store: Store) -> None:
    """Bring everything written into the one file."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def places(folder: Path, address: str = "") -> Places:
    """Name the places of an office in a folder; its database is there too, if it has no address."""
    return Places(database=address or f"sqlite:///{folder / _FILE}", blobs=str(folder / "blobs"))


@contextmanager
def opened_office(*, demo_people: bool = False, address: str = "") -> Iterator[Office]:
    """Make an office in a folder of its own, or on the empty database of an address."""
    with TemporaryDirectory(prefix="alur-bench-") as name:
        folder = Path(name)
        clock = OwnClock(instant(DATA["start"]["at"]) - timedelta(days=30))
        engine = open_engine(places(folder, address), clock)
        try:
            migrate(engine.store)
            yield _furnish(engine, clock, folder, demo=demo_people)
        finally:
            engine.close()


def _furnish(engine: Engine, clock: SetClock, folder: Path, *, demo: bool) -> Office:
    plan = DATA["office"]
    roles = {one["key"]: RoleForm(**one) for one in plan["roles"]}
    key, name = plan["key"], plan["name"]
    made = open_office(
        engine, OfficePlan(key=key, name=name, roles=list(roles.values()), units=plan["units"])
    )
    actor = operator(made)
    office = Office(engine=engine, clock=clock, folder=folder, id=made)
    with engine.store.reading() as connection:
        ids = people.role_keys(connection, made)
        office._names.update({f"#{unit}": id_.hex for id_, unit in units(connection, made)})  # noqa: SLF001 - its maker
    for one in plan["people"]:
        form = PersonForm(sign_in_name=one["account"], name=one["name"], post=one["post"])
        person = add_person(engine, actor, form, demo=demo)
        [role] = [roles[key] for key in one["roles"]]
        assign_role(engine, actor, ids[role.key], AssignmentForm(person=person.hex, since=_SINCE))
        held = HeldRole(key=role.key, label=role.label, name=role.name, kind=RoleKind(role.kind))
        office.actors[one["account"]] = Actor(person=person, office=made, name=one["name"], roles=(held,))
        office._names[f"@{one['account']}"] = person.hex  # noqa: SLF001 - its maker
    deploy(engine, actor, read_package(LIBRARY / DATA["process"]))
    return office
