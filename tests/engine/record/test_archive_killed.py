"""An archiving that is killed loses nothing, and the next run finishes it or begins anew."""

from __future__ import annotations

import resource
import signal

import pytest

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import StorageFailed
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.record.archiving import Phase
from engine.record.sealing import seal
from engine.storage import archive_rows
from engine.worker import clean_up
from tests.engine.record.archives import Scene, set_up
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two cases to archive."""
    return set_up(sealed_office, sealing)


@pytest.mark.parametrize("phase", list(Phase))
def test_killed_at_any_phase(scene: Scene, database: str, phase: Phase) -> None:
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


@pytest.mark.parametrize("phase", list(Phase))
def test_what_is_erased_after_it_was_killed_stands_in_no_file(
    scene: Scene, database: str, phase: Phase
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
    assert left.count(b'"Pelatihan"') in {0, sum((one.payload or "").count('"Pelatihan"') for one in others)}
    scene.archived()
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
