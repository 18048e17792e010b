"""Whatever somebody does to an archive file is found: with the database, and by the file alone."""

from __future__ import annotations

import shutil

import pytest

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.record.archive_check import check_file
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from tests.engine.record.archives import Scene, set_up
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
    "format": ("UPDATE about SET value = '7' WHERE name = 'format'", "of another format"),
}


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with two archived cases."""
    made = set_up(sealed_office, sealing)
    made.made()
    return made


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_changed_file(scene: Scene, name: str) -> None:
    statement, sentence = CHANGES[name]
    scene.rewritten(statement)
    alone = check_file(scene.file, public_keys(public_file(scene.sealing.key)))
    assert sentence in "\n".join(str(one.sentence) for one in alone.findings.listed)
    assert f"Archive archive-1.alur: {alone.findings.listed[0].sentence}" in scene.said()


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
    seq = next(one.seq for one in scene.office.events(scene.cases[0]) if one.kind is EventKind.TASK_COMPLETED)
    asked = Erasure(
        events=frozenset({seq}), letter="12/UPTD/2026", reason="Permintaan pemilik", attempt=new_id()
    )
    erase(scene.office.engine, scene.office.people["dewi"], scene.cases[0], asked)
    seal(scene.office.engine)
    assert scene.said() == ""
    copy.replace(scene.file)
    assert f"the text of event {seq} was erased, and is there again" in scene.said()
    assert scene.archived().made is None  # which erases it there once more
    assert scene.said() == ""
