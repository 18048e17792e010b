"""The worker's clean-up: bytes that nothing names go away, bytes that something names stay."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions import documents, drafts
from engine.clock import Clock
from engine.storage import documents as rows
from engine.worker import clean_up, remove_unused
from tests.offices import Office, scan

DAY = timedelta(hours=25)


@pytest.fixture
def task(office: Office) -> UUID:
    """Start a case, at the present time: files carry the machine's."""
    office.clock.set(Clock().now())
    first = office.start().first_task
    assert first is not None
    return first


def stored(office: Office) -> int:
    return len(list(office.engine.blobs.list_older_than(datetime(2100, 1, 1, tzinfo=UTC))))


def test_a_file_taken_out_of_a_draft_goes_after_a_day(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    gone = drafts.stage(office.engine, joko, task, scan("Salah"), {})
    stays = drafts.stage(office.engine, joko, task, scan("Benar", "lampiran"), {})
    drafts.unstage(office.engine, joko, task, "output.0", gone.id)
    assert remove_unused(office.engine) == 0
    office.clock.move(DAY)
    assert remove_unused(office.engine) == 1
    with office.engine.store.reading() as connection:
        assert set(rows.blobs(connection, [gone.id, stays.id])) == {stays.id}
    assert list(office.engine.blobs.open(stays.object))


def test_a_document_of_a_case_is_kept_for_ever(office: Office, task: UUID) -> None:
    documents.attach(office.engine, office.people["joko"], task, "Surat", scan())
    office.clock.move(timedelta(days=4000))
    assert remove_unused(office.engine) == 0
    assert stored(office) == 1


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
