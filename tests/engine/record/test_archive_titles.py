"""The title of an archived case goes with its first event; one that is signed in a file stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import Conflict
from engine.ids import new_id
from engine.model.archive import CONTEXT, End, vouched
from engine.model.erasure import Erasure
from engine.queries.erasable import erasable
from engine.record.archive_check import check_file
from engine.record.sealing import seal
from engine.record.signing import open_signer
from engine.storage import archive_reading
from engine.storage.tables import instance
from tests.engine.record.archives import Scene, set_up
from tests.offices import Office

TITLE = "Izin Kegiatan 2027"


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    return set_up(sealed_office, sealing)


def beginning() -> Erasure:
    return Erasure(events=frozenset({1}), letter="12/U", reason="Permintaan", attempt=new_id())


def sign_with_titles(scene: Scene) -> None:
    """Give the file the titles of its cases, signed with it, as the first release that archived did."""
    with archive_reading.reading(scene.file) as reader:
        facts, cases = reader.facts(), reader.cases()
    ends = [
        End(
            case=one.id.hex(),
            events=one.events,
            chain=one.chain.hex(),
            facts=(one.number, one.sop, one.started_at, one.ended_at, TITLE),
        )
        for one in cases
    ]
    signer = open_signer(scene.sealing.key, facts["record"])
    with closing(sqlite3.connect(scene.file)) as connection:
        connection.execute("UPDATE case_ SET title = ?", (TITLE,))
        note = signer.sign_text(CONTEXT, vouched(facts, ends))
        connection.execute("UPDATE about SET value = ? WHERE name = 'signature'", (note,))
        connection.commit()


def test_the_title_of_an_archived_case_goes_with_what_began_it(scene: Scene) -> None:
    scene.made()
    assert TITLE.encode() in scene.file.read_bytes()
    dewi, engine, case = scene.office.people["dewi"], scene.office.engine, scene.cases[0]
    page = erasable(engine, dewi, case, TITLE)
    assert not page.title_stays
    assert [one.seq for one in page.entries if one.around] == [1]
    for one in scene.cases:
        erase(engine, dewi, one, beginning())
    assert TITLE.encode() not in scene.file.read_bytes()
    with engine.store.reading() as connection:
        assert connection.scalar(select(instance.c.title).where(instance.c.id == case)) == "Izin Kegiatan"
    assert check_file(scene.file).findings.listed == []
    seal(engine)
    assert scene.said() == ""


def test_a_title_that_is_signed_in_a_file_stays(scene: Scene) -> None:
    scene.made()
    sign_with_titles(scene)
    assert check_file(scene.file).findings.listed == []
    dewi, engine = scene.office.people["dewi"], scene.office.engine
    page = erasable(engine, dewi, scene.cases[0])
    assert page.title_stays
    assert 1 not in {one.seq for one in page.entries}
    with pytest.raises(Conflict, match="is signed in an archive file"):
        erase(engine, dewi, scene.cases[0], beginning())
    assert scene.said() == ""
