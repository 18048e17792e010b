"""Cases whose texts stand in an archive file are read, proved, rebuilt and erased as before."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from engine.core import Sealing
from engine.storage.tables import event
from tests.engine.record.archives import Scene, set_up
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two cases to archive."""
    return set_up(sealed_office, sealing)


def test_an_archived_case_reads_as_before(scene: Scene) -> None:
    before = [scene.office.events(case) for case in (*scene.cases, scene.running)]
    made = scene.made()
    assert (made.number, made.cases) == (1, 2)
    assert [scene.office.events(case) for case in (*scene.cases, scene.running)] == before
    assert scene.verified().findings.listed == []
    with scene.office.engine.store.reading() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM event WHERE payload LIKE '@1:%'"))
        kept = connection.scalars(select(event.c.payload).where(event.c.stream == scene.running)).all()
    assert stored
    assert stored > 10
    assert kept
