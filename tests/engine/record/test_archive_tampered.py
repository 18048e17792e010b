"""Whatever somebody does to an archive file is found: with the database, and by the file alone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import ArchiveBusy, ArchiveUnreadable
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.queries.case_page import case_data
from engine.record.archive_check import check_file
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.storage.archiving import Why
from tests.engine.record.archives import Scene, set_up
from tests.engine.record.bundles import bundled
from tests.engine.record.cases import finished
from tests.offices import Office

# What is done (row 3 is the completion of the first case), and what is said of it.
CHANGES = {
    "edit": (
        "UPDATE event SET payload = replace(payload, 'Pelatihan', 'Perjalanan') WHERE no = 3",
        "what it says is not what was recorded",
    ),
    "who": (
        "UPDATE event SET actor = x'0192f0c1a3b47c55a1f0d2e3b4c5d6e7' WHERE no = 3",
        "its link in the chain does not fit",
    ),
    "row": ("DELETE FROM event WHERE no = 3", "is not in its place"),
    "end": ("DELETE FROM event WHERE no = (SELECT max(no) FROM event)", "does not end as it was signed"),
    "number": ("UPDATE event SET no = 9999 WHERE no = 3", "is not in its place"),
    "type": ("UPDATE event SET at = x'00ff' WHERE no = 3", "no event looks like that"),
    "case": ("DELETE FROM case_ WHERE number = '001/IZ/2026'", "is not what was signed"),
    "title": ("UPDATE case_ SET title = 'Lain'", "is not what was signed"),
    "day": ("UPDATE about SET value = '2020-01-01' WHERE name = 'until'", "is not what was signed"),
    "signature": ("DELETE FROM about WHERE name = 'signature'", "was not signed by the key"),
    "table": ("CREATE TABLE kept AS SELECT * FROM event", "not made of the tables of an archive: kept"),
    "trigger": (
        "CREATE TRIGGER again AFTER UPDATE ON event BEGIN SELECT 1; END",
        "not made of the tables of an archive: again",
    ),
    "index": ("CREATE INDEX other ON event (kind)", "not made of the tables of an archive: other"),
    "format": ("UPDATE about SET value = '7' WHERE name = 'format'", "of another format"),
}


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two archived cases."""
    made = set_up(sealed_office, sealing)
    made.made()
    return made


def erased(scene: Scene, seq: int = 3) -> int:
    """Erase the first completion of the first case on demand; gives its number."""
    asked = Erasure(
        events=frozenset({seq}), letter="12/UPTD/2026", reason="Permintaan pemilik", attempt=new_id()
    )
    erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    seal(scene.office.engine)
    return seq


def told(scene: Scene, statement: str) -> None:
    """Change the database as its administrator can."""
    with scene.office.engine.store.transaction() as connection:
        assert connection.execute(text(statement)).rowcount
    scene.office.engine.store.archives.close()


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_changed_file(scene: Scene, name: str) -> None:
    statement, sentence = CHANGES[name]
    scene.rewritten(statement)
    alone = check_file(scene.file, public_keys(public_file(scene.sealing.key)))
    assert sentence in "\n".join(str(one.sentence) for one in alone.findings.listed)
    assert f"Archive archive-1.alur: {alone.findings.listed[0].sentence}" in scene.said()


def test_a_short_text_taken_out_of_the_file_alone(scene: Scene) -> None:
    """It stands in the database itself: nothing there shows that the file has lost it."""
    with closing(sqlite3.connect(scene.file)) as connection:
        found = "SELECT no, seq FROM event WHERE length(payload) <= 48 AND kind <> 'case.started' LIMIT 1"
        row, seq = connection.execute(found).fetchone()
    scene.rewritten(f"UPDATE event SET payload = NULL, salt = NULL WHERE no = {row}")  # noqa: S608 - a number
    assert check_file(scene.file).findings.total == 0
    assert scene.said() == f"Case 001/IZ/2026: the text of event {seq} is gone from archive-1.alur"


def test_what_began_a_case_taken_out_of_the_file_alone(scene: Scene) -> None:
    scene.rewritten("UPDATE event SET payload = NULL, salt = NULL WHERE kind = 'case.started'")
    assert "Case 001/IZ/2026: the text of event 1 is gone from archive-1.alur" in scene.said()


def test_a_salt_that_is_put_back_beside_an_erased_text(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.file)) as connection:
        [salt] = connection.execute("SELECT hex(salt) FROM event WHERE no = 3").fetchone()
    erased(scene)
    assert scene.said() == ""
    scene.rewritten(f"UPDATE event SET salt = x'{salt}' WHERE no = 3")  # noqa: S608 - hexadecimal
    assert "the text of event 3 is gone, and its salt still stands there" in scene.said()


def test_an_edited_text_is_found_through_the_database_alone_too(scene: Scene) -> None:
    scene.rewritten(CHANGES["edit"][0])
    assert "case 001/IZ/2026, event 3: what it says (task.completed) is not what was recorded" in scene.said()


def test_a_text_taken_out_by_hand_is_no_erasure(scene: Scene) -> None:
    scene.rewritten("UPDATE event SET payload = NULL, salt = NULL WHERE no = 3")
    assert check_file(scene.file).erased == 1
    assert "the text of event 3 is gone, and no erasure of it is on record" in scene.said()


def test_a_row_that_is_gone(scene: Scene) -> None:
    scene.rewritten("DELETE FROM event WHERE no = 3")
    assert "has no row 3 any more" in scene.said()


def test_a_file_that_is_no_archive(scene: Scene) -> None:
    scene.file.write_bytes(bytes(10_000))
    assert "is damaged" in scene.said()
    scene.file.write_bytes(b"")
    assert scene.verified().findings.total
    assert check_file(scene.file).findings.total == 1


def test_a_damaged_page_of_the_file(scene: Scene) -> None:
    whole = scene.file.read_bytes()
    middle = len(whole) // 2
    scene.file.write_bytes(whole[:middle] + b"\xff" * 4096 + whole[middle + 4096 :])
    assert scene.verified().findings.total
    assert check_file(scene.file).findings.total


def test_another_archive_in_its_place(scene: Scene) -> None:
    scene.rewritten("UPDATE about SET value = '0192f0c1a3b47c55a1f0d2e3b4c5d6e7' WHERE name = 'id'")
    assert "is another archive than the one that belongs there" in scene.said()


def test_an_erased_text_that_came_back_with_an_old_copy(scene: Scene) -> None:
    copy = scene.folder / "copy"
    shutil.copyfile(scene.file, copy)
    seq = erased(scene)
    assert scene.said() == ""
    copy.replace(scene.file)
    assert f"the text of event {seq} was erased, and is there again" in scene.said()
    assert scene.archived().made is None  # which erases it there once more
    assert scene.said() == ""


def test_a_row_that_denies_its_archive_hides_nothing(scene: Scene) -> None:
    copy = scene.folder.parent / "copy"
    shutil.copyfile(scene.file, copy)
    told(scene, "UPDATE instance SET archive = NULL")
    misplaced = [
        f"Case {one}/IZ/2026: archive-1.alur has it, and its row does not say so" for one in ("001", "002")
    ]
    assert scene.said().splitlines() == misplaced
    found = scene.archived()
    assert found.made is None
    assert [(one.why, one.count, one.first) for one in found.staying] == [
        (Why.REFERRING, 2, ("001/IZ/2026", "002/IZ/2026"))
    ]
    seq = erased(scene)
    with closing(sqlite3.connect(scene.file)) as connection:
        left = "SELECT payload FROM event WHERE stream = ? AND seq = ?"
        assert connection.execute(left, (scene.cases[0].bytes, seq)).fetchone() == (None,)
    copy.replace(scene.file)
    assert f"Case 001/IZ/2026: the text of event {seq} was erased, and is there again" in scene.said()
    scene.archived()
    assert scene.said().splitlines() == misplaced


def test_a_row_that_denies_a_missing_archive_lets_nothing_be_said_to_be_erased(scene: Scene) -> None:
    told(scene, "UPDATE instance SET archive = NULL")
    away = scene.file.rename(scene.folder.parent / "away")
    with pytest.raises(ArchiveUnreadable, match="is missing"):
        erased(scene)
    away.rename(scene.file)
    assert EventKind.DATA_ERASED.value not in scene.office.kinds(scene.cases[0])


def test_a_row_that_names_an_archive_without_the_case(scene: Scene) -> None:
    told(scene, "UPDATE instance SET archive = 1 WHERE archive IS NULL")
    assert scene.said() == "Case 003/IZ/2026: its row names archive-1.alur, which does not have it"


@pytest.mark.parametrize("column", ["until = 'x'", "name = '../archive-1.alur'", "made_at = '0001-01-01'"])
def test_a_row_of_an_archive_that_somebody_wrote(scene: Scene, column: str) -> None:
    told(scene, f"UPDATE archive SET {column}")  # noqa: S608 - of this test
    said = scene.said()
    assert (
        "archive number 1 is not what Alur wrote there" in said or "not the archive that the database" in said
    )


@pytest.mark.parametrize(
    "column",
    [
        "id = (SELECT id FROM office ORDER BY id LIMIT 1)",
        "cases = 7",
        "events = 7",
        "until = '2020-01-01'",
        "abandoned_at = made_at",
    ],
)
def test_a_row_of_an_archive_that_says_something_else(scene: Scene, column: str) -> None:
    told(scene, f"UPDATE archive SET {column}")  # noqa: S608 - of this test
    assert scene.verified().findings.total


def test_an_archive_without_its_row(scene: Scene) -> None:
    told(scene, "UPDATE instance SET archive = NULL")
    told(scene, "DELETE FROM archive")
    said = scene.said()
    assert "The database knows no archive number 1, and names it." in said
    assert "Case 001/IZ/2026: its events name another archive than its row" in said
    with pytest.raises(ArchiveUnreadable, match="knows no archive number 1"):
        erased(scene)


def test_a_file_that_is_written_over_in_place_is_not_taken_for_the_one_that_was_open(scene: Scene) -> None:
    new = finished(scene.office)
    scene.office.clock.move(timedelta(days=3))
    seal(scene.office.engine)
    assert scene.archived(before=date(2027, 1, 5)).made
    assert scene.office.events(scene.cases[0])
    scene.file.write_bytes((scene.folder / "archive-2.alur").read_bytes())
    with pytest.raises(ArchiveUnreadable, match=r"archive-1\.alur is another archive"):
        scene.office.events(scene.cases[0])
    assert scene.office.events(new)


@pytest.mark.parametrize(
    "change",
    [
        "payload = replace(payload, 'Pelatihan', 'Perjalanan')",
        "salt = x'00'",
        "seq = 99",
        "stream = x'00'",
        "payload = x'00'",
    ],
)
def test_an_altered_text_is_never_shown_nor_handed_out(scene: Scene, tmp_path: Path, change: str) -> None:
    scene.rewritten(f"UPDATE event SET {change} WHERE no = 3")  # noqa: S608 - of this test
    dewi = scene.office.people["dewi"]
    altered = pytest.raises(
        ArchiveUnreadable, match=r"Row 3 of the archive file archive-1\.alur is not what was"
    )
    with altered:
        scene.office.events(scene.cases[0])
    with altered:
        case_data(scene.office.engine, dewi, scene.cases[0], before=None)
    with altered:
        bundled(scene.office, scene.cases[0], tmp_path / "bukti.zip")
    assert scene.office.events(scene.cases[1])


def test_a_text_and_its_digest_altered_together_are_not_shown_either(scene: Scene) -> None:
    with closing(sqlite3.connect(scene.file)) as connection:
        [salt, payload] = connection.execute("SELECT salt, payload FROM event WHERE no = 3").fetchone()
        changed = payload.replace("Pelatihan", "Perjalanan")
        row = (changed, sha256(salt + changed.encode()).digest())
        connection.execute("UPDATE event SET payload = ?, digest = ? WHERE no = 3", row)
        connection.commit()
    with pytest.raises(ArchiveUnreadable, match="is not what was recorded"):
        scene.office.events(scene.cases[0])


def in_wal_mode(scene: Scene) -> None:
    """Let some tool keep the file with a log of writes beside it."""
    with closing(sqlite3.connect(scene.file)) as connection:
        assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)


def test_another_journal_mode_is_found_and_an_erasure_leaves_nothing_of_the_text(scene: Scene) -> None:
    case = scene.cases[0]
    before = b"".join(one.read_bytes() for one in scene.folder.iterdir()).count(b'"Pelatihan"')
    in_wal_mode(scene)
    assert "Its journal mode is wal instead of delete" in scene.said()
    told = [one for one in scene.office.events(case) if "Pelatihan" in (one.payload or "")]
    for one in told:
        erased(scene, one.seq)
    after = b"".join(one.read_bytes() for one in scene.folder.iterdir()).count(b'"Pelatihan"')
    assert after == before - sum((one.payload or "").count('"Pelatihan"') for one in told)
    assert after < before
    assert [*scene.folder.glob("archive-1.alur*")] == [scene.file]
    assert scene.said() == ""


def test_a_program_that_holds_the_file_in_another_journal_mode_is_told_before_anything_is_erased(
    scene: Scene,
) -> None:
    in_wal_mode(scene)
    with closing(sqlite3.connect(scene.file)) as other:
        other.execute("SELECT * FROM about").fetchall()
        with pytest.raises(ArchiveBusy, match="Another program holds the archive file"):
            erased(scene)
    assert any("Pelatihan" in (one.payload or "") for one in scene.office.events(scene.cases[0]))
    erased(scene)
    assert scene.said() == ""
