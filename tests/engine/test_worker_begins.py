"""The worker begins the cases by which an office looks after its SOPs."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from sqlalchemy import select

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.storage.tables import instance
from engine.worker import run
from tests.offices import LIBRARY, Office
from tests.revising import approved, submitted, today


def titles(office: Office) -> set[str]:
    with office.engine.store.reading() as connection:
        return set(connection.scalars(select(instance.c.title)))


def test_what_no_submission_began_and_no_day_brought_yet_is_begun(office: Office) -> None:
    approved(office, submitted(office), today(office))
    submitted(office, to="PT5H")  # the office has no SOP for revisions yet
    for name in ("revisi-sop", "pemantauan-sop"):
        deploy(office.engine, operator(office.id), read_package(LIBRARY / name))
    office.clock.move(timedelta(days=190))
    wanted = {"Revisi 3: Izin Kegiatan", "Tinjauan berkala: Izin Kegiatan"}
    stop = threading.Event()
    working = threading.Thread(target=run, args=(office.engine, stop))
    working.start()
    try:
        until = time.monotonic() + 60
        while not wanted <= titles(office):
            assert time.monotonic() < until
            stop.wait(0.1)
    finally:
        stop.set()
        working.join()
