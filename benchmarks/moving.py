"""Ten thousand open cases when a revision comes: how long until each is judged, and until they are moved."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, LIBRARY, Office, opened_office
from engine.actions import batch_slices, batches
from engine.actions.batches import Chosen
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.ids import new_id
from engine.model.batch import Batch, BatchState
from engine.storage import batches as rows
from engine.storage.tables import instance, task
from tests.postgres import running_cluster

_TIME = re.compile(rb'standardTime="[^"]*"')


def measure(size: Size) -> list[Figure]:
    """Move the same cases on both databases."""
    figures = _figures("SQLite", "", size)
    with running_cluster() as cluster, cluster.database() as address:
        return figures + _figures("PostgreSQL", address, size)


def _figures(database: str, address: str, size: Size) -> list[Figure]:
    with opened_office(address=address) as office:
        _fill(office, size.open_cases)
        number = _revise(office)
        owner = next(one for one in office.actors.values() if one.roles[0].kind.value == "owner")
        engine, key = office.engine, DATA["process"]
        survey, judged = worked(office, batches.survey_version(engine, owner, key, number, {}))
        groups = frozenset(one for one, found in survey.result["groups"].items() if found["may_move"])
        chosen = Chosen(survey=survey.id, groups=groups, reason="Revisi baru berlaku")
        _, moving = worked(office, batches.move_cases(engine, owner, key, number, chosen))
        with engine.store.reading() as connection:
            newest = engine.versions.get(survey.version).id if survey.version else None
            moved = connection.scalar(select(func.count()).where(instance.c.version == newest))
        assert moved == size.open_cases, (moved, survey.result)
    cases = f"{size.open_cases:,} open cases on {database}"
    return [
        Figure(name=f"{cases}: judged", value=judged, unit="s", target=10),
        Figure(name=f"{cases}: moved", value=moving, unit="s", target=300),
    ]


def _fill(office: Office, count: int) -> None:
    """Copy real cases, one at each step, as often as it takes."""
    cases = [office.start() for _ in DATA["steps"]]
    for number, case in enumerate(cases):
        office.work(case, office.steps()[:number])
    with office.engine.store.transaction() as connection:
        kinds = [
            (
                connection.execute(select(instance).where(instance.c.id == case)).mappings().one(),
                connection.execute(select(task).where(task.c.instance == case)).mappings().all(),
            )
            for case in cases
        ]
        for number in range(count - len(cases)):
            one, tasks = kinds[number % len(kinds)]
            copy = new_id()
            connection.execute(insert(instance), {**one, "id": copy, "number": f"{number}", **_NEVER_UNDONE})
            connection.execute(insert(task), list(_copied(copy, tasks)))


_NEVER_UNDONE = {"undo_task": None, "undo_state": None}


def _copied(case: UUID, tasks: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - rows
    for one in tasks:
        yield {**one, "id": new_id(), "instance": case}


def _revise(office: Office) -> int:
    """Give every step other time."""
    package = read_package(LIBRARY / DATA["process"])
    longer = replace(package, bpmn=_TIME.sub(b'standardTime="P5D"', package.bpmn))
    return deploy(office.engine, operator(office.id), longer).number


def worked(office: Office, batch: UUID) -> tuple[Batch, float]:
    """Do all of a batch; gives what came of it, and the seconds it took."""
    begun = time.perf_counter()
    while batch_slices.work(office.engine):
        pass
    took = time.perf_counter() - begun
    with office.engine.store.reading() as connection:
        found = rows.load(connection, office.id, batch)
    assert found is not None
    assert found.state is BatchState.DONE, found.result
    return found, took
