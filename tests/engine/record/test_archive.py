"""Cases whose texts stand in an archive file are read, proved, rebuilt and erased as before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import DBAPIError

from engine.actions import inquiries
from engine.actions.erasures import erase
from engine.actions.inquiries import InquiryForm
from engine.core import Sealing
from engine.errors import ArchiveBusy, ArchiveUnreadable, Conflict
from engine.ids import new_id
from engine.model.archive import Archive
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.model.event_log import Selection
from engine.opening import Places, open_engine
from engine.queries.case_page import case_data
from engine.queries.erasable import erasable
from engine.record.archive_check import check_file
from engine.record.archiving import Asked, Phase, archive
from engine.record.event_logs.log import opened_log
from engine.record.rebuild import Rebuilder, Same, Untold
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.storage import archive_folder, archive_opening
from engine.storage.archive_files import whole
from engine.storage.archiving import Staying, Why
from engine.storage.tables import event, person
from tests.engine.record.archives import LATER, Scene, set_up
from tests.engine.record.bundles import bundled, verified
from tests.engine.record.cases import finished
from tests.engine.record.scenes import at, unguard
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two cases to archive."""
    return set_up(sealed_office, sealing)


def references(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT count(*) FROM event WHERE payload LIKE '@1:%'")) or 0)


def asked_for(scene: Scene, kind: EventKind) -> Erasure:
    """Ask for the first text of a kind in the first case to be erased."""
    seq = next(one.seq for one in scene.office.events(scene.cases[0]) if one.kind is kind)
    facts = {"letter": "12/UPTD/2026", "reason": "Permintaan pemilik data", "attempt": new_id()}
    return Erasure(events=frozenset({seq}), **facts)


def test_an_archived_case_reads_as_before(scene: Scene) -> None:
    before = [scene.office.events(case) for case in (*scene.cases, scene.running)]
    made = scene.made()
    assert (made.number, made.cases) == (1, 2)
    assert made.events == len(before[0]) + len(before[1])
    assert [scene.office.events(case) for case in (*scene.cases, scene.running)] == before
    with scene.office.engine.store.reading() as connection:
        assert references(connection) > made.events / 2
    told = scene.office.events(scene.office.id)[-1]
    assert told.kind is EventKind.RECORD_ARCHIVED


def test_the_record_is_whole_and_says_what_it_looked_at(scene: Scene) -> None:
    made = scene.made()
    seal(scene.office.engine)
    found = scene.verified()
    assert found.findings.listed == []
    assert (found.archives, found.archived, found.matched) == (1, made.events, 3)
    assert found.proven_size > made.events


def test_an_archived_case_is_rebuilt_and_its_evidence_taken(scene: Scene, tmp_path: Path) -> None:
    scene.made()
    assert all(isinstance(answer, Same) for _, answer in Rebuilder(scene.office.engine).rebuild(scene.cases))
    code, said = verified(bundled(scene.office, scene.cases[0], tmp_path / "bukti.zip"))
    assert code == 0, said
    assert said.startswith("UTUH")


def test_cases_of_a_missing_file_keep_no_other_from_being_rebuilt(scene: Scene) -> None:
    scene.made()
    scene.file.unlink()
    asked = [*scene.cases, scene.running]
    answers = dict(Rebuilder(scene.office.engine).rebuild(asked))
    assert set(answers) == set(asked)
    assert isinstance(answers[scene.running], Same)
    for case in scene.cases:
        untold = answers[case]
        assert isinstance(untold, Untold)
        assert "archive-1.alur is missing" in str(untold.why)


def test_a_log_of_cases_whose_file_is_missing_is_refused_before_it_begins(scene: Scene) -> None:
    engine, agus = scene.office.engine, scene.office.people["agus"]
    scene.made()
    scene.file.unlink()
    with (
        pytest.raises(ArchiveUnreadable, match=r"archive-1\.alur is missing"),
        opened_log(engine, agus, Selection()),
    ):
        pass
    later = Selection(since=date(2026, 12, 1))
    with opened_log(engine, agus, later) as log:
        assert list(log.traces()) == []


def test_what_was_entered_is_found_in_archived_cases(scene: Scene) -> None:
    dewi = scene.office.people["dewi"]
    before = erasable(scene.office.engine, dewi, scene.cases[0], "Pelatihan")
    scene.made()
    after = erasable(scene.office.engine, dewi, scene.cases[0], "Pelatihan")
    assert after.entries == before.entries
    assert any("Pelatihan" in one.around for one in after.entries)


def test_only_cases_that_ended_before_the_day_are_archived_and_only_once(scene: Scene) -> None:
    assert scene.archived(before=date(2026, 11, 23)).made is None
    assert scene.archived(sop="another").made is None
    assert scene.made().cases == 2
    assert scene.archived().made is None
    scene.office.start(knowingly=True)
    assert scene.archived().made is None


def test_a_case_that_an_auditor_asks_about_stays_while_somebody_can_answer(scene: Scene) -> None:
    office = scene.office
    agus, joko = office.people["agus"], office.people["joko"]
    form = InquiryForm(attempt=new_id(), to=joko.person, question="Mengapa?")
    inquiries.ask(office.engine, agus, scene.cases[0], form)
    found = scene.archived()
    assert found.made
    assert found.made.cases == 1
    assert list(found.staying) == [Staying(why=Why.ASKED, count=1, first=("001/IZ/2026",))]
    with office.engine.store.transaction() as connection:
        connection.execute(update(person).where(person.c.id == joko.person).values(active=False))
    assert scene.made().cases == 1


def test_a_file_in_use_is_not_said_to_be_damaged(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asked_for(scene, EventKind.TASK_COMPLETED)
    scene.made()
    monkeypatch.setattr(archive_opening, "_WAIT", 0.1)
    with closing(sqlite3.connect(scene.file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveBusy, match=r"archive-1\.alur is in use just now"):
            scene.office.events(scene.cases[0])
        with pytest.raises(ArchiveBusy, match=r"archive-1\.alur is in use just now"):
            erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    assert scene.office.events(scene.cases[0])


def test_nothing_is_archived_in_a_folder_without_the_archives_before(scene: Scene, tmp_path: Path) -> None:
    scene.made()
    archives = scene.office.engine.store.archives
    archives.close()
    archives.folder = tmp_path / "elsewhere"
    finished(scene.office)
    scene.office.clock.move(timedelta(days=3))
    with pytest.raises(ArchiveUnreadable, match=r"archive-1\.alur is not in .*elsewhere"):
        scene.archived(before=date(2027, 1, 5))
    assert [one.name for one in archives.folder.iterdir()] == [".lock"]


def test_the_archives_are_read_once_the_folder_is_ones_own(scene: Scene) -> None:
    """Between reading them and removing what is left over, an archiving may have put another on record."""
    scene.folder.mkdir()
    part = scene.folder / f".{new_id().hex}.part"
    part.touch()

    def listed() -> list[Archive]:
        with archive_folder.locked(scene.folder) as alone:
            assert not alone
        return []

    archive_folder.discard_leftovers(scene.folder, listed)
    assert not part.exists()


def test_what_is_erased_goes_from_the_file_too(scene: Scene) -> None:
    scene.made()
    assert b"Pelatihan" in scene.file.read_bytes()
    for kind in (EventKind.TASK_COMPLETED, EventKind.TASK_OPENED):
        erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked_for(scene, kind))
    seal(scene.office.engine)
    found = scene.verified()
    assert found.findings.listed == []
    assert found.erased == 2
    seq = next(one.seq for one in scene.office.events(scene.cases[0]) if one.payload is None)
    with closing(sqlite3.connect(scene.file)) as connection:
        facts = "SELECT payload, salt FROM event WHERE stream = ? AND seq = ?"
        assert connection.execute(facts, (scene.cases[0].bytes, seq)).fetchone() == (None, None)
    assert check_file(scene.file).erased == 2


def test_a_title_that_is_erased_while_its_file_is_written_is_not_in_the_file(scene: Scene) -> None:
    dewi, asked = scene.office.people["dewi"], asked_for(scene, EventKind.CASE_STARTED)

    def meanwhile(phase: Phase, _done: int, _total: int) -> None:
        if phase is Phase.CHECKING:
            erase(scene.office.engine, dewi, scene.cases[0], asked)  # the same attempt: once

    made = archive(scene.office.engine, dewi, Asked(before=LATER), meanwhile).made
    assert made
    assert made.cases == len(scene.cases)
    with closing(sqlite3.connect(scene.file)) as connection:
        texts = connection.execute("SELECT payload FROM event WHERE seq = 1 ORDER BY stream").fetchall()
    assert texts[0] == (None,)
    assert "Izin Kegiatan 2027" in texts[1][0]
    seal(scene.office.engine)
    assert scene.verified().findings.listed == []


def test_nothing_is_said_to_be_erased_while_the_file_is_elsewhere(scene: Scene) -> None:
    asked = asked_for(scene, EventKind.TASK_COMPLETED)
    scene.made()
    aside = scene.file.rename(scene.folder / "aside")
    with pytest.raises(ArchiveUnreadable, match=r"archive-1\.alur is missing"):
        erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    aside.rename(scene.file)
    assert EventKind.DATA_ERASED.value not in scene.office.kinds(scene.cases[0])


def test_a_missing_file_is_named_on_pages_and_no_crash_of_the_check(scene: Scene) -> None:
    scene.made()
    scene.file.unlink()
    with pytest.raises(ArchiveUnreadable, match=r"archive-1\.alur is missing: expected it in .*archive"):
        scene.office.events(scene.cases[0])
    found = scene.verified()
    assert set(found.findings.counted) == {"archive"}
    assert found.matched == 3  # order, tree and digests hold without it
    assert found.findings.total == 1
    assert "is missing" in scene.said()


def test_the_file_proves_itself(scene: Scene, tmp_path: Path) -> None:
    made = scene.made()
    away = tmp_path / "away.alur"
    away.write_bytes(scene.file.read_bytes())
    keys = public_keys(public_file(scene.sealing.key))
    found = check_file(away, keys)
    assert found.findings.listed == []
    assert (found.key, found.cases, found.events) == (keys[-1], 2, made.events)
    assert check_file(away, []).findings.total


def test_a_file_that_is_none_of_ours_is_left_alone(scene: Scene) -> None:
    scene.folder.mkdir()
    scene.file.write_text("of somebody")
    with pytest.raises(Conflict, match="is there already"):
        scene.archived()
    assert scene.file.read_text() == "of somebody"
    assert scene.verified().findings.listed == []


def test_a_case_whose_record_does_not_fit_is_not_archived(scene: Scene) -> None:
    with scene.office.engine.store.transaction() as connection:
        unguard(connection)
        connection.execute(update(event).where(at(scene.cases[1], 2)).values(element="lain"))
    with pytest.raises(Conflict, match="does not fit"):
        scene.archived()
    assert list(scene.folder.glob("*.alur")) == []
    with scene.office.engine.store.reading() as connection:
        assert references(connection) == 0


@pytest.mark.parametrize("payload", ["@1:1x", "@", "{}", "@1:1 ", "@0:1", "@1:1:1@"])
def test_a_text_becomes_a_reference_and_nothing_else(scene: Scene, payload: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        written(scene, payload)


def test_a_reference_stays_until_it_is_erased(scene: Scene) -> None:
    scene.made()
    for payload in ("@1:1", '{"biaya":1}'):
        with pytest.raises(DBAPIError, match="append-only"):
            written(scene, payload)


def written(scene: Scene, payload: str) -> None:
    """Write something in the place of the text of a completion."""
    seq = max(asked_for(scene, EventKind.TASK_COMPLETED).events)
    with scene.office.engine.store.transaction() as connection:
        connection.execute(update(event).where(at(scene.cases[0], seq)).values(payload=payload))


def test_the_page_of_a_case_is_read_from_the_file(scene: Scene) -> None:
    engine, joko = scene.office.engine, scene.office.people["joko"]
    before = case_data(engine, joko, scene.cases[0], before=None)
    scene.made()
    assert case_data(engine, joko, scene.cases[0], before=None) == before
    assert before


def test_files_of_two_records_do_not_mix(scene: Scene, tmp_path: Path, sqlite_database: str) -> None:
    scene.made()
    other = open_engine(
        Places(database=sqlite_database, blobs=str(tmp_path / "other"), archives=tmp_path / "elsewhere")
    )
    try:
        if other.store.dialect == scene.office.engine.store.dialect:
            with pytest.raises(ArchiveUnreadable):
                whole(other.store.engine.dialect, "@1:1")
        assert scene.office.events(scene.cases[0])
    finally:
        other.close()
