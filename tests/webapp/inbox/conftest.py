"""What tests of the inbox are given: joko and his first task."""

from __future__ import annotations

import pytest

from engine.model.task import Task
from engine.storage.tables import task as rows
from tests.webapp.visitors import Site, Visitor


@pytest.fixture
def task(site: Site) -> Task:
    """Give joko's first task."""
    with site.engine.store.reading() as connection:
        case = connection.scalar(
            rows.select().with_only_columns(rows.c.instance).where(rows.c.office == site.office.id)
        )
    return site.office.open_task(case, "mengajukan")


@pytest.fixture
def joko(site: Site) -> Visitor:
    """Open joko's browser."""
    return site.visitor("joko")
