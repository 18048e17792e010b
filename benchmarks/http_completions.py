"""Completions through the pages: session, CSRF, the form's fields, validation, the action, the redirect."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.browser import Browser, answer, application
from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.office import DATA, Office, Step, opened_office
from engine.ids import new_id

if TYPE_CHECKING:
    from flask import Flask


def measure(size: Size) -> list[Figure]:
    """Work cases from end to end over HTTP; the tables are measured where they stand in the form."""
    plain, tables = _costs(size, tables=False), _costs(size, tables=True)
    return [
        Figure(
            name="completion over HTTP",
            value=mean(plain.values()) * 1000,
            unit="ms CPU",
            target=3,
        ),
        Figure(
            name="completion over HTTP, a table of 12 rows in the form",
            value=mean(tables[element] for element in DATA["tables"]) * 1000,
            unit="ms CPU",
            target=4.5,
        ),
    ]


def _costs(size: Size, *, tables: bool) -> dict[str, float]:
    """Give CPU seconds of one completion of each element, in its quietest block."""
    found: dict[str, list[float]] = defaultdict(list)
    with opened_office() as office:
        app, steps = application(office), office.steps(tables=tables)
        office.work(office.start(), steps)
        for block in range(size.blocks + 1):
            cases = [office.start() for _ in range(size.requests)]
            for step in steps:
                seconds = _complete(app, office, cases, step)
                if block:  # the first one warms up
                    found[step.element].append(seconds / len(cases))
    return {element: min(costs) for element, costs in found.items()}


def _complete(app: Flask, office: Office, cases: list[UUID], step: Step) -> float:
    tasks = [office.arrive(case, step) for case in cases]
    browser = Browser(app, office, step.by)
    page = browser.get(f"/tasks/{tasks[0].hex}")
    requests = [
        browser.sending(f"/tasks/{task.hex}/completion", {**step.fields, "attempt": [new_id().hex]}, page)
        for task in tasks
    ]
    with Meter() as meter:
        answers = [answer(app, request) for request in requests]
    for status, text in answers:
        assert status.startswith("303"), (step.element, status, text)
    assert not any(step.element in office.open_tasks(case) for case in cases)
    return meter.seconds
