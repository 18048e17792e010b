"""The inbox's first page over HTTP, however many tasks are open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from statistics import mean, median
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from benchmarks.browser import Browser, answer, application
from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.office import Office, checkpoint, opened_office
from engine.ids import new_id
from engine.storage.tables import instance, task

ROWS = 25
_CHUNK = 10_000


def measure(size: Size) -> list[Figure]:
    """Ask for the page as each of the four roles, at every size in turn."""
    with ExitStack() as stack:
        inboxes = []
        for count in size.open_tasks:
            office = stack.enter_context(opened_office())
            _fill(office, count)
            inboxes.append(_Inbox(office))
        blocks = [[inbox.cost(size.requests) for inbox in inboxes] for _ in range(size.blocks + 1)][1:]
    figures = [
        Figure(
            name=f"inbox page of {ROWS} rows over HTTP, {count:,} open tasks",
            value=min(block[place] for block in blocks) * 1000,
            unit="ms CPU",
            target=10,
        )
        for place, count in enumerate(size.open_tasks)
    ]
    growth = Figure(
        name="inbox page, the most open tasks against the fewest",
        value=median(block[-1] / block[0] for block in blocks),
        unit="times the CPU",
        target=1.3,
    )
    return [*figures, growth]


class _Inbox:
    """An office with a browser for each role."""

    def __init__(self, office: Office) -> None:
        self._app = application(office)
        browsers = [Browser(self._app, office, role) for role in _holders(office)]
        for browser in browsers:  # the first answer brings the cookie of the forms
            assert browser.get("/tasks").text.count('<a class="title"') == ROWS
        self._requests = [browser.reading("/tasks") for browser in browsers]

    def cost(self, times: int) -> float:
        """Give CPU seconds of one page: the mean over the roles."""
        costs = []
        for request in self._requests:
            with Meter() as meter:
                answers = [answer(self._app, dict(request)) for _ in range(times)]
            assert all(status.startswith("200") for status, _text in answers)
            costs.append(meter.seconds / times)
        return mean(costs)


def _holders(office: Office) -> list[str]:
    """Name the accounts of the four roles that have steps: each is called by its role."""
    return list(dict.fromkeys(step.by for step in office.steps()))


def _fill(office: Office, count: int) -> None:
    """Copy one real case and its open task: a quarter for each role, every other one taken already."""
    case = office.start()
    with office.engine.store.reading() as connection:
        [one] = connection.execute(select(instance).where(instance.c.id == case)).mappings()
        [first] = connection.execute(select(task).where(task.c.instance == case)).mappings()
    rows = _copies(office, dict(one), dict(first), count)
    while chunk := list(islice(rows, _CHUNK)):
        with office.engine.store.transaction() as connection:
            connection.execute(insert(instance), [row for row, _task in chunk])
            connection.execute(insert(task), [row for _case, row in chunk])
    checkpoint(office.engine.store)


def _copies(
    office: Office, case: dict[str, Any], first: dict[str, Any], count: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    version = office.engine.versions.get(first["version"])
    steps = {step.role: step for step in version.definition.steps}
    roles = list(steps)
    people: dict[str, UUID | None] = {role: office.actors[role].person for role in roles}
    for number in range(count):
        role = roles[number % len(roles)]
        due = first["opened_at"] + timedelta(minutes=37 * (number % 9_973))
        id_, name = new_id(), f"{number:06}/IK/2026"
        taken = (number // len(roles)) % 2
        yield (
            case | {"id": id_, "number": name, "title": f"{case['title']} {number}"},
            first
            | {
                "id": new_id(),
                "instance": id_,
                "number": name,
                "element": steps[role].element,
                "name": steps[role].name,
                "role": role,
                "due_at": due,
                "due_key": due,
                "assignee": people[role] if taken else None,
            },
        )
