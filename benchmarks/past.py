"""A thousand cases on record played through a draft of their SOP."""

from __future__ import annotations

from sqlalchemy import insert, select

from benchmarks.figures import Figure, Size
from benchmarks.moving import worked
from benchmarks.office import DATA, Office, opened_office
from engine.actions import batches
from engine.actions.process_drafts import start_draft
from engine.ids import new_id
from engine.storage.tables import event, instance, task
from tests.postgres import running_cluster


def measure(size: Size) -> list[Figure]:
    """Play the same cases on both databases."""
    figures = _figures("SQLite", "", size)
    with running_cluster() as cluster, cluster.database() as address:
        return figures + _figures("PostgreSQL", address, size)


def _figures(database: str, address: str, size: Size) -> list[Figure]:
    with opened_office(address=address) as office:
        _fill(office, size.past_cases)
        owner = next(one for one in office.actors.values() if one.roles[0].kind.value == "owner")
        draft = start_draft(office.engine, owner, DATA["process"], 1, new_id())
        done, took = worked(office, batches.replay_draft(office.engine, owner, draft))
        told = {one["outcome"]: one["count"] for one in done.result["groups"].values()}
        assert told == {"same": size.past_cases}, done.result
    name = f"{size.past_cases:,} finished cases played through a draft, {database}"
    return [Figure(name=name, value=took, unit="s", target=60)]


def _fill(office: Office, count: int) -> None:
    """Copy a real case with its record, tables of 12 rows and all."""
    case = office.start()
    office.work(case, office.steps(tables=True))
    with office.engine.store.transaction() as connection:
        one = connection.execute(select(instance).where(instance.c.id == case)).mappings().one()
        tasks = connection.execute(select(task).where(task.c.instance == case)).mappings().all()
        told = connection.execute(select(event).where(event.c.stream == case)).mappings().all()
        for number in range(count - 1):
            copy = new_id()
            connection.execute(insert(instance), {**one, "id": copy, "number": f"{number}"})
            connection.execute(insert(task), [{**row, "id": new_id(), "instance": copy} for row in tasks])
            connection.execute(insert(event), [{**row, "stream": copy} for row in told])
