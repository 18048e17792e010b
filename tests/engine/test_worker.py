"""The worker's clean-up: what nothing names and nobody needs any more goes, everything else stays."""

from __future__ import annotations

import io
import os
import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from engine.actions import cancellation, documents, drafts
from engine.actions.files import Upload, keep_bytes
from engine.clock import Clock
from engine.ids import new_id
from engine.storage import documents as rows
from engine.storage import drafts as draft_rows
from engine.storage import tasks
from engine.worker import clean_up, remove_unused, run
from tests.offices import Office, raw, scan
from tests.plans import plan_of

DAY = timedelta(hours=25)


def test_a_fault_does_not_end_the_worker(office: Office) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(text("ALTER TABLE timer RENAME TO away"))
    stop = threading.Event()
    with capture_logs() as lines:
        working = threading.Thread(target=run, args=(office.engine, stop))
        working.start()
        try:
            until = time.monotonic() + 60
            while not any(line["event"] == "worker.failed" for line in lines):
                assert time.monotonic() < until
                stop.wait(0.1)
            stop.wait(0.5)
            assert working.is_alive()
        finally:
            stop.set()
            working.join()
    assert "worker.failed" in {line["event"] for line in lines}


@pytest.fixture
def task(office: Office) -> UUID:
    """Start a case, at the present time: files carry the machine's."""
    office.clock.set(Clock().now())
    first = office.start().first_task
    assert first is not None
    return first


def stored(office: Office) -> int:
    return len(list(office.engine.blobs.list_older_than(datetime(2100, 1, 1, tzinfo=UTC))))


def attachment(text: str) -> Upload:
    """Make a file without pages, which need a process of their own to be counted."""
    return Upload(field="output.0", filename="catatan.txt", stream=io.BytesIO(text.encode()))


def test_a_file_taken_out_of_a_draft_goes_after_a_day(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    gone = drafts.stage(office.engine, joko, task, scan("Salah"), {})
    drafts.unstage(office.engine, joko, task, "output.0", gone.id)
    stays = drafts.stage(office.engine, joko, task, scan("Benar"), {})
    assert remove_unused(office.engine) == 0
    office.clock.move(DAY)
    assert remove_unused(office.engine) == 1
    with office.engine.store.reading() as connection:
        assert set(rows.blobs(connection, [gone.id, stays.id])) == {stays.id}
    assert list(office.engine.blobs.open(stays.object))


def test_a_document_of_a_case_is_kept_for_ever(office: Office, task: UUID) -> None:
    documents.attach(office.engine, office.people["joko"], task, "Surat", scan(), new_id())
    office.clock.move(timedelta(days=4000))
    assert remove_unused(office.engine) == 0
    assert stored(office) == 1


def test_a_file_of_a_draft_is_kept_however_old(office: Office, task: UUID) -> None:
    stays = drafts.stage(office.engine, office.people["joko"], task, scan("Benar"), {})
    office.clock.move(timedelta(days=400))
    clean_up(office.engine)
    assert list(office.engine.blobs.open(stays.object))


def test_however_many_files_went_unused_they_go_in_one_look(office: Office, task: UUID) -> None:
    unused = [
        keep_bytes(office.engine, office.people["joko"], attachment(str(number))) for number in range(120)
    ]
    with office.engine.store.transaction() as connection:
        for row in unused:
            rows.add_blob(connection, replace(row, task=task))
    office.clock.move(DAY)
    assert remove_unused(office.engine) == 120
    assert stored(office) == 0


def test_what_may_name_bytes_is_looked_up_and_never_read_through(office: Office) -> None:
    before = datetime(2026, 1, 1, tzinfo=UTC)
    with office.engine.store.reading() as connection:
        plan = plan_of(connection, lambda: rows.unused_blobs(connection, before))
    assert "ix_document_blob" in plan
    assert not re.search(r"SCAN (draft|document)\b|Seq Scan on (draft|document)\b", plan)


def test_a_draft_is_kept_for_a_month_after_its_task_was_closed(office: Office, task: UUID) -> None:
    joko, typed = office.people["joko"], raw({"kegiatan": "Pelatihan"})
    drafts.save(office.engine, joko, task, typed, by_hand=False)
    other = office.start(knowingly=True).first_task
    assert other is not None
    drafts.save(office.engine, joko, other, typed, by_hand=False)
    office.clock.move(timedelta(days=60))
    clean_up(office.engine)
    with office.engine.store.reading() as connection:
        instance = tasks.load(connection, task, office.id, None)
    assert instance is not None
    cancellation.cancel(office.engine, office.people["putu"], instance.task.instance, "Salah")
    clean_up(office.engine)
    office.clock.move(timedelta(days=29))
    clean_up(office.engine)
    assert (drafted(office, task), drafted(office, other)) == (1, 1)
    office.clock.move(timedelta(days=1))
    clean_up(office.engine)
    assert (drafted(office, task), drafted(office, other)) == (0, 1)


def test_who_goes_on_typing_into_a_closed_task_keeps_it_for_another_month(office: Office, task: UUID) -> None:
    joko, typed = office.people["joko"], raw({"kegiatan": "Pelatihan"})
    drafts.save(office.engine, joko, task, typed, by_hand=False)
    office.complete_task(task, "wati", {"kegiatan": "Pelatihan"})
    drafts.save(office.engine, joko, task, typed, by_hand=False)
    clean_up(office.engine)
    office.clock.move(timedelta(days=20))
    drafts.save(office.engine, joko, task, typed, by_hand=False)
    clean_up(office.engine)
    office.clock.move(timedelta(days=20))
    clean_up(office.engine)
    assert drafted(office, task) == 1


def drafted(office: Office, task: UUID) -> int:
    with office.engine.store.reading() as connection:
        return len(draft_rows.of_task(connection, task))


@pytest.mark.usefixtures("task")
def test_bytes_whose_row_was_never_written_go(office: Office) -> None:
    office.engine.blobs.put(b"half an upload")
    office.clock.move(DAY)
    assert remove_unused(office.engine) == 1
    assert stored(office) == 0


@pytest.mark.usefixtures("task")
def test_what_a_killed_process_was_writing_goes(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "blobs" / "ab"
    folder.mkdir()
    unfinished = folder / f"ab{'0' * 30}#1"
    unfinished.write_bytes(b"half")
    clean_up(office.engine)
    assert unfinished.exists()
    os.utime(unfinished, (0, 0))
    clean_up(office.engine)
    assert not unfinished.exists()
