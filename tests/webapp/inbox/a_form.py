"""What tests of a task's form share: how it is sent, and what was kept of it."""

from __future__ import annotations

import re
from uuid import uuid4

from werkzeug.test import TestResponse

from engine.model.task import Task
from engine.storage.drafts import of_person
from tests.webapp.visitors import Site, Visitor

FILLED = {"kegiatan": "Pelatihan guru", "biaya": "1.500"}


def complete(visitor: Visitor, task: Task, **fields: str) -> TestResponse:
    return visitor.post(f"/tasks/{task.id.hex}/completion", **{"attempt": uuid4().hex, **fields})


def typed(site: Site, task: Task, name: str = "joko") -> dict[str, list[str]]:
    person = site.office.people[name].person
    assert person is not None
    with site.engine.store.reading() as connection:
        draft = of_person(connection, task.id, person)
    return {key: list(value) for key, value in draft.fields.items()} if draft else {}


def hidden(page: str, name: str) -> str:
    form = page.partition('id="task-form"')[2]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    return found.group(1) if found else ""


def opened(visitor: Visitor, task: Task, query: str = "") -> dict[str, str]:
    page = visitor.get(f"/tasks/{task.id.hex}{query}").text
    return {name: hidden(page, name) for name in ("attempt", "revision", "other") if hidden(page, name)}
