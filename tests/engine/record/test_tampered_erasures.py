"""What somebody does to the record around an erasure is found, and ends no check."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from engine.actions import cancellation, erasures
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import payload_digest
from engine.record.sealing import seal
from engine.storage.tables import blob, document, event, instance
from tests.engine.record.scenes import Scene, at, set_up
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with three sealed cases, of which one was cancelled."""
    found = set_up(sealed_office, sealing)
    cancellation.cancel(found.office.engine, found.office.people["dewi"], found.case, "Ditarik")
    return found


def erase(scene: Scene, **what: frozenset[int]) -> None:
    """Erase of the cancelled case, and seal it; nothing is wrong with that."""
    asked = Erasure(letter="12/U", reason="Permintaan", attempt=new_id(), **what)
    erasures.erase(scene.office.engine, scene.office.people["dewi"], scene.case, asked)
    seal(scene.office.engine)
    assert scene.found() == (set(), "")


@pytest.mark.parametrize("said", ["{}", "x", '{"events":[3]}', '{"events":5,"documents":{}}'])
def test_an_erasure_that_says_something_else_ends_no_check(scene: Scene, said: str) -> None:
    erase(scene, documents=frozenset({1}))
    last = scene.office.events(scene.case)[-1].seq
    for salt, digest in ((None, None), (None, payload_digest(said.encode(), b""))):
        changed = {"payload": said} | ({"salt": salt, "digest": digest} if digest else {})
        with scene.unguarded() as connection:
            connection.execute(update(event).where(at(scene.case, last)).values(changed))
        assert scene.found()[0]


@pytest.mark.parametrize("content", [None, b"%PDF another letter"])
def test_an_erased_document_that_is_put_back_is_found(
    scene: Scene, tmp_path: Path, content: bytes | None
) -> None:
    ours = (document.c.instance == scene.case, document.c.no == 1)
    with scene.office.engine.store.reading() as connection:
        row = connection.execute(
            select(blob.c.id, blob.c.object).join(document, document.c.blob == blob.c.id).where(*ours)
        ).one()
    path = tmp_path / "blobs" / row.object
    before = path.read_bytes()
    erase(scene, documents=frozenset({1}))
    assert not path.exists()
    path.write_bytes(content or before)
    with scene.unguarded() as connection:
        connection.execute(update(blob).where(blob.c.id == row.id).values(erased_at=None))
    assert "it was erased, and is there again" in scene.found()[1]


@pytest.mark.parametrize(
    "column", [{"started_at": datetime(2027, 1, 5, tzinfo=UTC)}, {"number": "777"}, {"year": 1999}]
)
def test_a_case_whose_beginning_was_erased_is_held_against_what_is_kept_of_it(
    scene: Scene, column: dict[str, object]
) -> None:
    erase(scene, events=frozenset({3}))
    erase(scene, events=frozenset({1}))
    with scene.unguarded() as connection:
        connection.execute(update(instance).where(instance.c.id == scene.case).values(column))
    assert f"its row says otherwise than the record ({next(iter(column))})" in scene.found()[1]


def test_a_text_nested_deeper_than_anybody_reads_ends_no_check(scene: Scene) -> None:
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    changed = {"payload": deep, "salt": None, "digest": payload_digest(deep.encode(), b"")}
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 3)).values(changed))
    assert scene.found()[0]
