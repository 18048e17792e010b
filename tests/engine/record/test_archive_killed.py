"""An archiving that is killed loses nothing, and the next run finishes it or begins anew."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import ArchiveUnreadable, Conflict, StorageFailed
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.record.archive_check import check_file
from engine.record.archiving import Phase, abandon
from engine.record.sealing import seal
from engine.storage import archive_rows
from engine.worker import clean_up
from tests.engine.record.archives import Scene, set_up
from tests.engine.record.cases import finished
from tests.engine.record.killed_archiving import Moment
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two cases to archive."""
    return set_up(sealed_office, sealing)


@pytest.mark.parametrize("phase", [*Phase, *Moment])
def test_killed_at_any_phase(scene: Scene, database: str, phase: Phase | Moment) -> None:
    before = [scene.office.events(case) for case in scene.cases]
    scene.killed(phase, database)
    assert [scene.office.events(case) for case in scene.cases] == before
    seal(scene.office.engine)
    assert scene.said() == ""
    found = scene.archived()
    if phase in {Phase.WRITING, Phase.CHECKING}:
        assert found.made
        assert found.finished == ()
    else:
        assert found.made is None
        assert [one.number for one in found.finished] == [1]
    seal(scene.office.engine)
    assert [scene.office.events(case) for case in scene.cases] == before
    assert scene.said() == ""
    assert sorted(one.name for one in scene.folder.iterdir()) == [".lock", "archive-1.alur"]
    assert scene.office.kinds(scene.office.id).count(EventKind.RECORD_ARCHIVED.value) == 1
    with scene.office.engine.store.reading() as connection:
        [one] = archive_rows.listed(connection)
    assert one.settled_at


@pytest.mark.parametrize("phase", [*Phase, *Moment])
def test_what_is_erased_after_it_was_killed_stands_in_no_file(
    scene: Scene, database: str, phase: Phase | Moment
) -> None:
    scene.killed(phase, database)
    case = scene.cases[0]
    told = [one for one in scene.office.events(case) if "Pelatihan" in (one.payload or "")]
    asked = Erasure(
        events=frozenset(one.seq for one in told),
        letter="12/UPTD/2026",
        reason="Permintaan pemilik data",
        attempt=new_id(),
    )
    erase(scene.office.engine, scene.office.people["dewi"], case, asked)
    others = [one for one in scene.office.events(scene.cases[1]) if "Pelatihan" in (one.payload or "")]
    left = b"".join(one.read_bytes() for one in scene.folder.iterdir())
    expected = sum((one.payload or "").count('"Pelatihan"') for one in others)
    is_there = phase not in {Phase.WRITING, Phase.CHECKING}  # else what was written was removed
    assert left.count(b'"Pelatihan"') == (expected if is_there else 0)
    scene.archived()
    with closing(sqlite3.connect(scene.file)) as connection:
        gone = "SELECT count(*) FROM event WHERE stream = ? AND payload LIKE '%Pelatihan%'"
        assert connection.execute(gone, (case.bytes,)).fetchone() == (0,)
    seal(scene.office.engine)
    assert scene.said() == ""


def test_a_folder_that_cannot_be_written_changes_nothing(scene: Scene) -> None:
    scene.folder.write_text("no folder")
    with pytest.raises(StorageFailed, match="cannot be used"):
        scene.archived()
    assert scene.said() == ""


def test_a_disk_without_room_changes_nothing(scene: Scene) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # no file may grow over a page
    try:
        with pytest.raises(StorageFailed, match=r"Nothing was archived\."):
            scene.archived()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert [one.name for one in scene.folder.iterdir()] == [".lock"]
    assert scene.said() == ""
    assert scene.made().cases == 2


def test_what_a_killed_archiving_left_goes_with_the_hourly_cleaning(scene: Scene, database: str) -> None:
    scene.killed(Phase.CHECKING, database)
    assert len(list(scene.folder.glob(".*.part"))) == 1
    clean_up(scene.office.engine)
    assert [one.name for one in scene.folder.iterdir()] == [".lock"]


def torn(part: Path) -> None:
    """Begin to erase everything in a file, and die once some of it is written: its journal has what was."""
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(part, isolation_level=None)
        connection.executescript(
            "PRAGMA cache_size=2; PRAGMA cache_spill=1; PRAGMA secure_delete=ON; BEGIN IMMEDIATE"
        )
        connection.execute("UPDATE event SET payload = zeroblob(900), salt = NULL")
        os._exit(0)
    os.waitpid(child, 0)
    assert part.with_name(f"{part.name}-journal").stat().st_size


def test_an_erasure_that_was_cut_off_in_a_file_without_its_name_is_undone(
    sealed_office: Office, sealing: Sealing, database: str
) -> None:
    for _ in range(9):  # more than fits into two pages
        finished(sealed_office, refusals=2)
    scene = set_up(sealed_office, sealing)
    before = [scene.office.events(case) for case in scene.cases]
    scene.killed(Phase.NOTED, database)
    [part] = scene.folder.glob(".*.part")
    torn(part)
    clean_up(scene.office.engine)  # keeps the journal: nothing else knows what was there
    assert [one.number for one in scene.archived().finished] == [1]
    seal(scene.office.engine)
    assert scene.said() == ""
    assert [scene.office.events(case) for case in scene.cases] == before
    assert sorted(one.name for one in scene.folder.iterdir()) == [".lock", "archive-1.alur"]


def lost(scene: Scene, database: str) -> Path:
    """Have an archiving killed once it is on record, and its file away, as after a power cut."""
    scene.killed(Phase.NOTED, database)
    [part] = scene.folder.glob(".*.part")
    return part.rename(scene.folder.parent / part.name)


def test_a_lost_file_that_nothing_refers_to_hinders_no_erasure_and_can_be_given_up(
    scene: Scene, database: str
) -> None:
    away = lost(scene, database)
    with pytest.raises(ArchiveUnreadable, match=r"alur archive --abandon 1"):
        scene.archived()
    told = [one.seq for one in scene.office.events(scene.cases[0]) if one.kind is EventKind.TASK_COMPLETED]
    asked = Erasure(
        events=frozenset(told), letter="12/UPTD/2026", reason="Permintaan pemilik data", attempt=new_id()
    )
    erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    abandon(scene.office.engine, scene.office.people["dewi"], 1)
    assert scene.office.events(scene.office.id)[-1].kind is EventKind.ARCHIVE_ABANDONED
    made = scene.made()
    assert (made.number, made.cases) == (2, 2)
    seal(scene.office.engine)
    assert scene.said() == ""
    away.rename(scene.file)
    assert "it was given up, and its file is there again" in scene.said()
    assert scene.archived().made is None
    assert not scene.file.exists()
    assert scene.said() == ""


def test_what_comes_back_with_a_file_that_was_lost_is_erased_there(scene: Scene, database: str) -> None:
    away = lost(scene, database)
    told = [one for one in scene.office.events(scene.cases[0]) if one.kind is EventKind.TASK_COMPLETED]
    asked = Erasure(
        events=frozenset(one.seq for one in told),
        letter="12/U",
        reason="Permintaan pemilik",
        attempt=new_id(),
    )
    erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    away.rename(scene.folder / away.name)
    assert [one.number for one in scene.archived().finished] == [1]
    seal(scene.office.engine)
    assert scene.said() == ""
    assert check_file(scene.file).erased == len(told)


def test_only_an_archive_that_is_lost_can_be_given_up(scene: Scene, database: str) -> None:
    dewi = scene.office.people["dewi"]
    scene.killed(Phase.NOTED, database)
    with pytest.raises(Conflict, match="alur archive finishes it"):
        abandon(scene.office.engine, dewi, 1)
    scene.killed(Phase.SETTLING, database)
    scene.file.rename(scene.folder / "aside")
    with pytest.raises(Conflict, match="Texts of 2 cases are read from archive number 1"):
        abandon(scene.office.engine, dewi, 1)
    (scene.folder / "aside").rename(scene.file)
    scene.archived()
    for number in (1, 7):
        with pytest.raises(Conflict, match="is none that was cut off"):
            abandon(scene.office.engine, dewi, number)
