"""Committed events get their place in the tree, once, in the order of their streams; the root is signed."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.core import Sealing
from engine.errors import AlurError
from engine.model.checkpoint import read_note
from engine.model.event import header_of
from engine.model.merkle import is_consistent, leaf_hash, root_by_path, root_of
from engine.record import sealing as sealer
from engine.record.checkpoints import keep_due
from engine.record.sealing import seal
from engine.record.signing import is_signed, public_file, public_keys, replace_key
from engine.storage import seals
from engine.storage.events import read_event
from engine.storage.tables import event
from tests.offices import Office


def leaves(office: Office) -> list[bytes]:
    """Hash the leaves as the format says, in the order of their index, which must have no gap."""
    with office.engine.store.reading() as connection:
        rows = connection.execute(select(event).order_by(event.c.sealed)).mappings().all()
    assert [row["sealed"] for row in rows] == list(range(len(rows)))
    return [leaf_hash(header_of(one) + one.digest) for one in map(read_event, rows)]


def tree(office: Office) -> seals.Tree:
    with office.engine.store.reading() as connection:
        found = seals.tree_of(connection)
    assert found
    return found


def test_every_event_is_a_leaf_and_the_root_is_signed(sealed_office: Office, sealing: Sealing) -> None:
    sealed_office.start(knowingly=True)
    assert seal(sealed_office.engine) == len(leaves(sealed_office))
    note = read_note(tree(sealed_office).checkpoint)
    assert note.checkpoint.root == root_of(leaves(sealed_office))
    assert note.checkpoint.origin == tree(sealed_office).origin
    assert is_signed(note, public_keys(public_file(sealing.key)))


def test_later_events_are_added_behind_and_nothing_is_numbered_twice(sealed_office: Office) -> None:
    seal(sealed_office.engine)
    before = read_note(tree(sealed_office).checkpoint).checkpoint
    assert seal(sealed_office.engine) == 0
    sealed_office.start(knowingly=True)
    assert seal(sealed_office.engine) > 0
    after = read_note(tree(sealed_office).checkpoint).checkpoint
    assert root_of(leaves(sealed_office)[: before.size]) == before.root
    assert after.size == len(leaves(sealed_office))


def test_a_backlog_is_sealed_in_slices_each_stream_in_its_order(
    sealed_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [sealed_office.start(knowingly=True).instance for _ in range(12)]
    monkeypatch.setattr(sealer, "_SLICE", 7)
    seal(sealed_office.engine)
    assert read_note(tree(sealed_office).checkpoint).checkpoint.root == root_of(leaves(sealed_office))
    with sealed_office.engine.store.reading() as connection:
        for case in cases:
            ordered = select(event.c.seq).where(event.c.stream == case).order_by(event.c.sealed)
            seqs = list(connection.scalars(ordered))
            assert seqs == sorted(seqs)


def test_paths_lead_from_every_event_to_the_root_at_any_size(sealed_office: Office) -> None:
    for _ in range(260):
        sealed_office.start(knowingly=True)
    seal(sealed_office.engine)
    hashes = leaves(sealed_office)
    assert len(hashes) > 520
    for size in (1, 2, 255, 256, 257, 300, 512, 513, len(hashes)):
        with sealed_office.engine.store.reading() as connection:
            paths = seals.Hashes(connection, size)
            for index in range(0, size, 7):
                path = paths.inclusion(index)
                assert root_by_path(index, size, hashes[index], path) == root_of(hashes[:size])
            assert seals.inclusion(connection, size - 1, size) == paths.inclusion(size - 1)
            for first in range(1, size + 1, 31):
                roots = root_of(hashes[:first]), root_of(hashes[:size])
                assert is_consistent(first, size, *roots, paths.consistency(first))


def test_sealers_at_once_seal_each_event_once(sealed_office: Office) -> None:
    for _ in range(20):
        sealed_office.start(knowingly=True)
    threads = [threading.Thread(target=seal, args=(sealed_office.engine,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal(sealed_office.engine)
    assert read_note(tree(sealed_office).checkpoint).checkpoint.root == root_of(leaves(sealed_office))


def test_a_missing_key_is_not_made_anew_in_silence(sealed_office: Office, sealing: Sealing) -> None:
    seal(sealed_office.engine)
    sealing.key.unlink()
    sealed_office.start(knowingly=True)
    with pytest.raises(AlurError, match="is missing"):
        seal(sealed_office.engine)


def test_the_key_of_another_record_is_refused(sealed_office: Office, tmp_path: Path) -> None:
    seal(sealed_office.engine)
    sealed_office.start(knowingly=True)
    other = Sealing(key=tmp_path / "other.key")
    replace_key(other.key, "alur/another")
    with pytest.raises(AlurError, match="is of the record alur/another"):
        seal(replace(sealed_office.engine, sealing=other))


def test_a_new_key_goes_on_and_what_the_old_one_signed_still_counts(
    sealed_office: Office, sealing: Sealing
) -> None:
    seal(sealed_office.engine)
    old = tree(sealed_office)
    replace_key(sealing.key, old.origin)
    sealed_office.start(knowingly=True)
    seal(sealed_office.engine)
    keys = public_keys(public_file(sealing.key))
    assert len(keys) == 2
    assert all(is_signed(read_note(text), keys) for text in (old.checkpoint, tree(sealed_office).checkpoint))


def test_the_key_is_for_its_owner_only(sealed_office: Office, sealing: Sealing) -> None:
    seal(sealed_office.engine)
    assert sealing.key.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in public_file(sealing.key).read_text()


def test_a_signature_of_another_key_does_not_count(sealed_office: Office, tmp_path: Path) -> None:
    seal(sealed_office.engine)
    foreign = replace_key(tmp_path / "foreign.key", tree(sealed_office).origin)
    assert not is_signed(read_note(tree(sealed_office).checkpoint), [foreign.public])


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM tree",
        "UPDATE tree SET size = size - 1",
        "UPDATE tree SET origin = 'alur/another'",
        "UPDATE checkpoint SET text = ''",
        "DELETE FROM checkpoint",
        "UPDATE event SET sealed = sealed + 1000",
    ],
)
def test_the_database_itself_keeps_the_seals(sealed_office: Office, tampering: str) -> None:
    seal(sealed_office.engine)
    assert keep_due(sealed_office.engine)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        sealed_office.engine.store.transaction() as connection,
    ):
        connection.execute(text(tampering))
