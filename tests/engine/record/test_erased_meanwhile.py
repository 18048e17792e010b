"""An erasure while the record is being verified is no finding: what is missing is looked up once more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, verify
from engine.storage import record_reading
from engine.storage.tables import document
from tests.engine.record.archives import Scene, set_up
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Give an office whose record is read a few events at a time."""
    monkeypatch.setattr(record_reading, "CHUNK", 4)
    return set_up(sealed_office, sealing)


@pytest.mark.parametrize("is_archived", [True, False])
def test_what_is_erased_meanwhile_is_no_finding(scene: Scene, *, is_archived: bool) -> None:
    office, case, done = scene.office, scene.cases[1], []
    if is_archived:
        scene.made()
    with office.engine.store.reading() as connection:
        ours = (document.c.instance == case, document.c.blob.is_not(None))
        papers = frozenset(connection.scalars(select(document.c.no).where(*ours)))
    assert papers
    asked = Erasure(
        events=frozenset({3, 5}), documents=papers, letter="12/U", reason="Permintaan", attempt=new_id()
    )

    def erase_once(_done: int, _total: int) -> None:
        if not done:
            done.append(erase(office.engine, office.people["dewi"], case, asked))

    assert scene.sealing.folder
    keys = public_keys(public_file(scene.sealing.key))
    found = verify(office.engine, Asked(keys=keys, folders=[scene.sealing.folder]), erase_once)
    assert [str(one.sentence) for one in found.findings.listed] == []
    assert done
