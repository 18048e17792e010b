"""The disk is full: acts are refused with a sentence, nothing acknowledged is lost, with room it goes on."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions import completion, drafts
from engine.actions.completion import Completion
from engine.clock import SetClock
from engine.errors import AlurError
from engine.ids import new_id
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage.migrating import migrate
from engine.storage.transaction import open_store
from tests.offices import MONDAY, Office, furnish, raw, scan

SIZE = 24  # MB
ASKED = raw({"kegiatan": "Pelatihan " * 40, "biaya": "1.500"})
FULL = "full|cannot be reached|cannot be kept"  # SQLite does not always say which


@dataclass(frozen=True)
class Disk:
    """A small disk that can be filled."""

    folder: Path
    mounted: bool

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no room on it meanwhile; without a disk of our own no file may grow."""
        if not self.mounted:
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
                signal.signal(signal.SIGXFSZ, before)
            return
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a small disk where we may."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def office(disk: Disk) -> Iterator[Office]:
    """Furnish an office on it, database and documents."""
    address = f"sqlite:///{disk.folder}/alur.db"
    store = open_store(address)
    migrate(store)
    store.close()
    clock = SetClock(MONDAY)
    places = Places(database=address, blobs=str(disk.folder / "blobs"), sandbox_workers=1)
    engine = open_engine(places, clock)
    yield furnish(engine, clock)
    engine.close()


def until_refused(acts: list[Callable[[], object]]) -> int:
    """Act until one is refused with a sentence; gives how many were done."""
    for number, act in enumerate(acts):
        try:
            act()
        except AlurError as error:
            if re.search(FULL, str(error.sentence)):
                return number
            raise
    raise AssertionError("there was room for all of it")


def completing(office: Office, case: UUID) -> Callable[[], object]:
    task, sent = office.open_task(case, "mengajukan").id, Completion(fields=ASKED, attempt=new_id())
    return partial(completion.complete, office.engine, office.people["joko"], task, sent)


def test_what_was_acknowledged_before_the_database_s_disk_was_full_is_there(
    office: Office, disk: Disk
) -> None:
    cases = [office.start(knowingly=True, year=2001 + number).instance for number in range(80)]
    acts = [completing(office, case) for case in cases]
    with disk.full():
        done = until_refused(acts)
        assert office.open_elements(cases[done]) == ["mengajukan"], "it can be read, and nothing is half done"
    for act in acts:  # those that were done, too: the answer may have been lost
        act()
    for case in cases:
        assert office.open_elements(case) == ["memeriksa"]
        assert office.kinds(case).count(EventKind.TASK_COMPLETED) == 1


def test_a_document_that_finds_no_room_leaves_nothing_and_comes_in_later(office: Office, disk: Disk) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "1.500"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task, joko = office.open_task(case, "mengarsipkan").id, office.people["joko"]
    before = files_in(disk)
    with disk.full(), pytest.raises(AlurError, match=FULL):
        drafts.stage(office.engine, joko, task, scan(), {})
    assert files_in(disk) == before
    drafts.stage(office.engine, joko, task, scan(), {})
    office.complete_task(task, "joko", {"lokasi": "Lemari 3"})
    assert office.open_elements(case) == []


def files_in(disk: Disk) -> list[Path]:
    return sorted(path for path in (disk.folder / "blobs").rglob("*") if path.is_file())
