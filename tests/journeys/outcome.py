"""What must be on record once the story is told, whoever told it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from engine.holidays import office_calendar
from engine.model.calendar import WorkCalendar
from engine.model.definition import StandardTime, TimeUnit
from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus
from engine.storage.events import stream_events
from engine.storage.tables import document, draft, instance, task, timer
from engine.storage.transaction import open_store
from tests.chain import head_of
from tests.journeys.story import STEPS, day_of_meeting
from tests.live import Server

MADE = {
    "Arsip",
    "Catatan reviu",
    "Daftar hadir",
    "Data",
    "Disposisi",
    "Format Indikator Kinerja",
    "Hasil analisis",
    "Konfirmasi kehadiran",
    "Konsep indikator kinerja",
    "Konsep surat undangan",
    "Notulen",
    "Surat pengantar",
    "Surat undangan",
}
TIMES = {
    "memerintahkan": StandardTime(value=10, unit=TimeUnit.MINUTE),
    "membuat_format": StandardTime(value=120, unit=TimeUnit.MINUTE),
    "menyampaikan_format": StandardTime(value=60, unit=TimeUnit.MINUTE),
    "memerintahkan_undangan": StandardTime(value=5, unit=TimeUnit.MINUTE),
    "membuat_undangan": StandardTime(value=25, unit=TimeUnit.MINUTE),
    "menganalisis_data": StandardTime(value=4, unit=TimeUnit.WORKING_DAY),
    "membuat_draft": StandardTime(value=2, unit=TimeUnit.WORKING_DAY),
    "mereviu_draft": StandardTime(value=3, unit=TimeUnit.WORKING_DAY),
    "membuat_surat_pengantar": StandardTime(value=10, unit=TimeUnit.MINUTE),
}
# Their clock starts when somebody takes them, which nobody did; the last one has no standard time.
WITHOUT = {"menghimpun_data", "menandatangani", "mengarsipkan"}


def check_record(server: Server, number: str) -> None:
    """Read the server's database, and compare it with the story."""
    store = open_store(f"sqlite:///{server.folder / 'alur.db'}")
    with store.reading() as connection:
        case = connection.execute(select(instance).where(instance.c.number == number)).one()
        tasks = connection.execute(select(task).where(task.c.instance == case.id).order_by(task.c.id)).all()
        documents = connection.execute(select(document).where(document.c.instance == case.id)).all()
        events = stream_events(connection, case.id)
        timers = connection.execute(select(timer).where(timer.c.instance == case.id)).all()
        drafts = connection.execute(select(draft).where(draft.c.task.in_([one.id for one in tasks]))).all()
    store.close()
    assert (case.status, case.state) == (InstanceStatus.FINISHED, None)
    assert (timers, drafts) == ([], []), (timers, drafts)
    assert [one.name for one in tasks] == [step.task for step in STEPS]
    assert {one.state for one in tasks} == {"completed"}
    check_events(events, case.last_seq, case.chain_head)
    check_documents([(one.name, one.version, one.state, one.blob is not None) for one in documents])
    check_due_times(tasks)


def check_events(events: list[Event], last: int, head: bytes) -> None:
    """Compare numbers, chain and what was changed by the revision."""
    assert [event.seq for event in events] == list(range(1, last + 1))
    assert head_of(events) == head
    kinds = Counter(event.kind for event in events)
    assert kinds[EventKind.TASK_COMPLETED] == kinds[EventKind.TASK_OPENED] == len(STEPS)
    assert (events[0].kind, events[-1].kind) == (EventKind.CASE_STARTED, EventKind.CASE_FINISHED)
    done = [event for event in events if event.kind is EventKind.TASK_COMPLETED]
    revised = told(next(event for event in done if (event.element, event.round) == ("membuat_draft", 2)))
    assert revised["data"]["indikator"][1]["target"] == "98,40"
    assert revised["was"]["=tabel_indikator.1.target"] == "97,10"
    refused = told(next(event for event in done if event.element == "mereviu_draft"))
    assert refused["data"]["keputusan"] == "Tidak"


def told(event: Event) -> Mapping[str, Any]:
    """Read an event's payload."""
    found: Mapping[str, Any] = json.loads(event.payload or "")
    return found


def check_documents(found: list[tuple[str, int, str, bool]]) -> None:
    """Compare names, versions and states; two were uploaded, the others made from their forms."""
    assert {name for name, _version, _state, uploaded in found if not uploaded} == MADE | {
        "Draft indikator kinerja"
    }
    assert {name for name, _version, _state, uploaded in found if uploaded} == {
        "Dokumen indikator kinerja",
        "Tanda terima",
    }
    drafts = {version: state for name, version, state, _uploaded in found if name.startswith("Draft")}
    assert drafts == {1: "returned", 2: "approved"}
    assert len(found) == len({(name, version) for name, version, _state, _uploaded in found})


def check_due_times(tasks: list[Row[Any]]) -> None:
    """Work the due times out again, from the SOP's own standard times."""
    year = tasks[0].opened_at.year
    calendar = office_calendar(range(year, year + 2))
    for one in tasks:
        assert one.due_at == due(one, calendar), one.element


def due(one: Row[Any], calendar: WorkCalendar) -> object:
    """Say when a task was due."""
    if one.element in WITHOUT:
        return None
    if one.element == "rapat_pembahasan":
        day, month, year = map(int, day_of_meeting().split("-"))
        return calendar.start_of_day(date(year, month, day)) + timedelta(hours=2)
    return calendar.due(one.opened_at, TIMES[one.element])
