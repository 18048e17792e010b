"""An erasure that dies between the archive file and the database: pages open, and asked again it is whole."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine.actions import cancellation, documents
from engine.actions.erasures import erase
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.queries.erasable import erasable
from engine.queries.replay_cases import CasesSought, cases_found
from engine.record.sealing import seal
from engine.storage import archive_opening, archive_reading
from engine.storage.tables import document
from engine.storage.transaction import StoreUnavailable
from tests.engine.record.archives import LATER, Scene, set_up
from tests.offices import Office, scan

NAME = "KTP Budi Santoso"


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office in whose archive a case with a document named by somebody stands."""
    made = set_up(sealed_office, sealing)
    office = made.office
    case = office.start(knowingly=True).instance
    task = office.open_task(case, "mengajukan").id
    documents.attach(office.engine, office.people["joko"], task, NAME, scan("KTP"), new_id())
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    cancellation.cancel(office.engine, office.people["dewi"], case, "Ditarik")
    office.clock.move(timedelta(days=3))
    seal(office.engine)
    made.cases.append(case)
    assert made.archived(LATER + timedelta(days=60)).made
    return made


def asked(scene: Scene, case: UUID) -> Erasure:
    """Ask for what names somebody, and die before the database commits."""
    seqs = [one.seq for one in scene.office.events(case) if NAME in (one.payload or "")]
    archive_reading.erase(scene.file, [(case, seq) for seq in seqs])
    return Erasure(events=frozenset(seqs), letter="12/U", reason="Permintaan pemilik data", attempt=new_id())


def test_the_pages_that_look_for_values_still_open(scene: Scene) -> None:
    case = scene.cases[-1]
    wanted = asked(scene, case)
    archive_reading.erase(
        scene.file,
        [(case, one.seq) for one in scene.office.events(case) if "Pelatihan" in (one.payload or "")],
    )
    found = erasable(scene.office.engine, scene.office.people["dewi"], case, NAME)
    assert wanted.events <= {one.seq for one in found.entries if one.is_cut_off}
    others = cases_found(scene.office.engine, scene.office.people["agus"], CasesSought(value="pelatihan"))
    assert case not in {one.id for one in others.rows}
    assert others.rows


def test_asked_again_it_leaves_no_name_and_keeps_which_documents_there_were(scene: Scene) -> None:
    case = scene.cases[-1]
    erase(scene.office.engine, scene.office.people["dewi"], case, asked(scene, case))
    seal(scene.office.engine)
    with scene.office.engine.store.reading() as connection:
        names = connection.scalars(select(document.c.name).where(document.c.instance == case)).all()
    assert NAME not in names
    said = json.loads(scene.office.events(case)[-1].payload or "")
    assert [no for no, _ in said["kept"]] == [1]
    assert scene.said() == ""
    with scene.office.engine.store.transaction() as connection:
        row = connection.execute(select(document).where(document.c.instance == case)).mappings().first()
        connection.execute(insert(document).values({**(row or {}), "no": 9, "version": 9}))
    assert "document 9 (#1): it is not on record" in scene.said()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_where_the_database_does_not_take_it_the_sentence_says_what_is_gone(scene: Scene) -> None:
    case = scene.cases[-1]
    seqs = frozenset(one.seq for one in scene.office.events(case) if NAME in (one.payload or ""))
    wanted = Erasure(events=seqs, letter="12/U", reason="Permintaan pemilik data", attempt=new_id())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = scene.file.stat().st_size + 8192  # for the archive file; the log of writes is longer
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(StoreUnavailable, match="gone from the archive file"):
            erase(scene.office.engine, scene.office.people["dewi"], case, wanted)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    erase(scene.office.engine, scene.office.people["dewi"], case, wanted)
    seal(scene.office.engine)
    assert scene.said() == ""


def test_where_the_second_of_two_files_cannot_be_written_it_is_told_and_asked_again_it_is_whole(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, office = scene.cases[-1], scene.office
    cancellation.cancel(office.engine, office.people["dewi"], scene.running, "Ditarik")
    office.clock.move(timedelta(days=3))
    seal(office.engine)
    assert scene.archived(LATER + timedelta(days=60)).made
    second = scene.folder / "archive-2.alur"
    with closing(sqlite3.connect(second)) as connection:
        connection.execute("ATTACH ? AS first", (str(scene.file),))
        columns = [row[1] for row in connection.execute("PRAGMA table_info(event)") if row[1] != "no"]
        names = ", ".join(columns)
        connection.execute(
            f"INSERT INTO event (no, {names}) SELECT no + 1000, {names} FROM first.event WHERE stream = ?",  # noqa: S608 - names of columns
            (case.bytes,),
        )
        connection.commit()
    seqs = frozenset(one.seq for one in office.events(case) if NAME in (one.payload or ""))
    wanted = Erasure(events=seqs, letter="12/U", reason="Permintaan pemilik data", attempt=new_id())
    monkeypatch.setattr(archive_opening, "_WAIT", 0.1)
    with closing(sqlite3.connect(second, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(
            StoreUnavailable, match=r"gone from archive-1\.alur, but not from archive-2\.alur"
        ):
            erase(office.engine, office.people["dewi"], case, wanted)
        connection.execute("ROLLBACK")
    assert (named_in(scene.file), named_in(second)) == (0, 1)
    assert [one.kind for one in office.events(case) if one.kind is EventKind.DATA_ERASED] == []
    erase(office.engine, office.people["dewi"], case, wanted)
    assert (named_in(scene.file), named_in(second)) == (0, 0)
    last = office.events(case)[-1]
    assert (last.kind, json.loads(last.payload or "")["events"]) == (EventKind.DATA_ERASED, sorted(seqs))


def named_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        count = "SELECT count(*) FROM event WHERE payload LIKE ?"
        return int(connection.execute(count, (f"%{NAME}%",)).fetchone()[0])
