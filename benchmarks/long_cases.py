"""Cases of very many steps on the pages of auditors: replayed, compared, checked, looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import select

from benchmarks.browser import Browser, answer, application
from benchmarks.cpu import Meter
from benchmarks.drawn import at_once
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, opened_office
from engine.actions import completion, instances
from engine.actions.completion import Completion
from engine.actions.deployment import deploy
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.ids import new_id
from engine.queries.replay_moments import MOMENTS
from engine.storage.tables import instance

if TYPE_CHECKING:
    from flask import Flask

_READER = "pemilik"
_LOOP = ("membuat_draft", "mereviu_draft")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case by what its addresses need."""

    id: UUID
    name: str
    number: str
    events: int


def measure(size: Size) -> list[Figure]:
    """Replay a case of a thousand steps, one of a thousand at once, one of ten thousand events."""
    with opened_office() as office:
        made = {
            f"{size.at_once[1]:,} steps": _looped(office, size.at_once[1] // 2),
            f"{size.at_once[1]:,} steps at once": _parallel(office, size.at_once[1]),
            f"{5 * size.rounds:,} events": _looped(office, size.rounds * 5 // 4),
        }
        cases = [_case(office, name, id_) for name, id_ in made.items()]
        app = application(office)
        browser = Browser(app, office, _READER)
        browser.get("/audit/cases")
        pages = _Pages(app, browser)
        return [figure for case in cases for figure in _figures(pages, case)] + _beside(pages, cases)


def _looped(office: Office, rounds: int) -> UUID:
    """Work a case whose draft is refused again and again."""
    steps = {one.element: one for one in office.steps(tables=True)}
    case = office.start()
    office.work(case, list(steps.values())[: list(steps).index(_LOOP[0])])
    loop = [steps[_LOOP[0]], replace(steps[_LOOP[1]], fields=office.typed(DATA["refusal"]))]
    for number in range(rounds):
        for step in loop:
            office.complete(office.arrive(case, step, step.at + timedelta(hours=number)), step)
    return case


def _parallel(office: Office, count: int) -> UUID:
    """Start a case that so many have a task in at the same time, half of them done."""
    package, actor = at_once(count), office.actors["staf"]
    deploy(office.engine, operator(office.id), package)
    new = NewCase(key=package.key, year=DATA["year"], title="", attempt=new_id(), knowingly=True)
    case = instances.start(office.engine, actor, new).instance
    for task in office.open_task_ids(case)[: count // 2]:
        completion.complete(office.engine, actor, task, Completion(fields={}, attempt=new_id()))
    return case


def _case(office: Office, name: str, id_: UUID) -> Case:
    with office.engine.store.reading() as connection:
        found = connection.execute(
            select(instance.c.number, instance.c.last_seq).where(instance.c.id == id_)
        ).one()
    return Case(id=id_, name=name, number=found.number, events=found.last_seq)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    ms: float
    page: str

    @property
    def kilobytes(self) -> float:
        """Give its weight, as it is where no proxy packs it."""
        return len(self.page.encode()) / 1024


class _Pages:
    """Asks for pages as the reader."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        self._app, self._browser = app, browser

    def take(self, address: str) -> _Taken:
        request = self._browser.reading(address)
        with Meter() as meter:
            status, page = answer(self._app, request)
        assert status.startswith("200"), (status, address)
        return _Taken(ms=1000 * meter.seconds, page=page)

    def quickest(self, addresses: list[str]) -> Iterator[_Taken]:
        for address in addresses:
            yield min((self.take(address) for _ in range(3)), key=lambda one: one.ms)


def _figures(pages: _Pages, case: Case) -> Iterator[Figure]:
    there, last = f"/audit/cases/{case.id.hex}", case.events
    pages.take(f"{there}?step=1")
    MOMENTS.forget()
    first = pages.take(f"{there}?step={last}")
    steps = [last * place // 10 or 1 for place in range(11)]
    taken = list(
        pages.quickest([f"{there}?step={step}" for step in [*steps, *(max(1, n - 1) for n in steps)]])
    )
    for what, value, unit, target in (
        ("first look", first.ms, "ms CPU", 1000),
        ("any step, forward or back, the slowest of 22", max(one.ms for one in taken), "ms CPU", 200),
        (
            "a step as the player fetches it",
            next(pages.quickest([f"{there}?step={steps[5]}&alone=1"])).kilobytes,
            "KB",
            60,
        ),
        ("a step, the largest page", max(one.kilobytes for one in taken), "KB", 100),
        ("found by kind", next(pages.quickest([f"{there}?step={last}&show=deviations"])).ms, "ms CPU", 200),
        ("its case page", next(pages.quickest([f"/cases/{case.id.hex}"])).ms, "ms CPU", 1000),
        ("checked on its page", next(pages.quickest([f"{there}/check"])).ms, "ms CPU", 5000),
    ):
        yield Figure(name=f"case of {case.name}: {what}", value=value, unit=unit, target=target)


def _beside(pages: _Pages, cases: list[Case]) -> list[Figure]:
    left, right = cases[0], cases[-1]
    MOMENTS.forget()
    address = f"/audit/compare?left={quote(left.number)}&right={quote(right.number)}"
    first = pages.take(f"{address}&left_step={left.events // 2}&right_step={right.events // 2}")
    [later] = pages.quickest([f"{address}&left_step={left.events // 3}&right_step={right.events // 3}"])
    return [
        Figure(name="two long cases side by side: first look", value=first.ms, unit="ms CPU", target=1500),
        Figure(name="two long cases side by side: any steps", value=later.ms, unit="ms CPU", target=400),
    ]
