"""Whatever somebody with the database in hand does to the record is found, and named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Column, delete, func, insert, select, text, update

from engine.actions import cancellation, erasures
from engine.actions import findings as finding_acts
from engine.core import Sealing
from engine.errors import say
from engine.ids import new_id
from engine.model.erasure import PAPERS_IN, Erasure
from engine.model.event import payload_digest
from engine.model.merkle import leaf_hash
from engine.model.tiles import TILE, TiledEdge
from engine.record.checkpoints import bring_due, keep_due
from engine.record.findings import Findings
from engine.record.rebuild import Rebuilder, Same
from engine.record.sealing import seal
from engine.record.signing import replace_key
from engine.record.tree_check import Expected, TreeCheck
from engine.record.verified_words import in_words
from engine.storage import record_reading
from engine.storage.seals import Tree
from engine.storage.tables import (
    blob,
    checkpoint,
    checkpoint_copy,
    document,
    event,
    finding,
    instance,
    process_version,
    tile,
    tree,
)
from tests.engine.actions.test_findings import FORM
from tests.engine.record.scenes import (
    Scene,
    at,
    drop_case,
    origin_of,
    read,
    rechain,
    reseal,
    set_up,
)
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with three sealed cases."""
    return set_up(sealed_office, sealing)


def test_an_untouched_record_passes(scene: Scene) -> None:
    found = scene.verified()
    assert found.findings.listed == []
    assert found.matched == 3  # the newest, the one that is kept, its copy in the folder
    assert (found.proven_size, found.documents) == (found.events, 9)


def test_it_passes_with_payloads_and_documents_erased_on_demand(scene: Scene) -> None:
    dewi = scene.office.people["dewi"]
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    asked = Erasure(
        events=frozenset({3, 4}),
        documents=frozenset({1}),
        letter="12/UPTD/2026",
        reason="Permintaan pemilik data",
        attempt=new_id(),
    )
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    seal(scene.office.engine)
    found = scene.verified()
    assert found.findings.listed == []
    assert found.erased == 2


def test_it_passes_with_what_began_a_case_erased(scene: Scene) -> None:
    dewi, engine = scene.office.people["dewi"], scene.office.engine
    cancellation.cancel(engine, dewi, scene.case, "Ditarik")
    asked = Erasure(events=frozenset({1}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(engine, dewi, scene.case, asked)
    seal(engine)
    assert scene.found() == (set(), "")
    [(_, answer)] = Rebuilder(engine).rebuild([scene.case])
    assert isinstance(answer, Same)


def test_a_document_put_in_after_an_erasure(scene: Scene) -> None:
    """The erasure kept which documents the erased events had spoken of."""
    dewi = scene.office.people["dewi"]
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    seqs = frozenset(one.seq for one in scene.office.events(scene.case) if one.kind in PAPERS_IN)
    asked = Erasure(events=seqs, letter="12/UPTD/2026", reason="Permintaan pemilik data", attempt=new_id())
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    seal(scene.office.engine)
    assert scene.found() == (set(), "")
    with scene.unguarded() as connection:
        ours = connection.execute(select(document).where(document.c.instance == scene.case)).mappings().all()
        connection.execute(insert(document).values({**ours[0], "no": 9, "version": 9}))
        connection.execute(
            update(document)
            .where(document.c.instance == scene.case, document.c.no == ours[1]["no"])
            .values(blob=ours[0]["blob"])
        )
    codes, said = scene.found()
    assert codes == {"document"}
    assert f"Case {scene.number}, document 9 (#1): it is not on record" in said
    assert f"Case {scene.number}, document 2 (#2): it is not the one that is on record" in said


def test_a_text_and_bytes_erased_without_an_act(scene: Scene) -> None:
    with scene.office.engine.store.transaction() as connection:  # no trigger keeps anybody from it
        connection.execute(update(event).where(at(scene.case, 3)).values(payload=None, salt=None))
        connection.execute(update(blob).values(erased_at=scene.office.clock.now()))
    codes, said = scene.found()
    assert codes == {"erased", "document"}
    assert f"case {scene.number}: the text of event 3 is gone, and no erasure of it is on record" in said
    assert f"Case {scene.number}, document 2 (Peta): it is gone, and no erasure of it is on record" in said


def test_a_salt_left_beside_an_erased_text(scene: Scene) -> None:
    """With it a text of few possibilities can be guessed from its digest."""
    dewi = scene.office.people["dewi"]
    salt = scene.office.events(scene.case)[2].salt
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    asked = Erasure(events=frozenset({3}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    seal(scene.office.engine)
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 3)).values(salt=salt))
    codes, said = scene.found()
    assert codes == {"erased"}
    assert f"case {scene.number}: the text of event 3 is gone, its salt is not" in said


def test_it_passes_with_events_that_wait_to_be_sealed(scene: Scene) -> None:
    scene.office.start(knowingly=True)
    found = scene.verified()
    assert found.findings.listed == []
    assert found.waiting > 0


def test_an_edited_payload(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(payload='{"biaya":1}'))
    codes, said = scene.found()
    assert codes == {"payload"}
    assert f"case {scene.number}, event 2: what it says" in said


def test_nobody_is_told_that_events_are_proven_of_which_one_was_edited(scene: Scene) -> None:
    """The digests still fit, and so does the checkpoint; what was said beside them does not."""
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(payload='{"biaya":1}'))
    found = scene.verified()
    assert (found.matched, found.proven_size, found.proven_at) == (3, 0, None)
    said = " ".join(str(line) for line in in_words(found))
    assert "A checkpoint outside the database proves" not in said
    assert "No checkpoint outside the database" not in said


def test_behind_a_changed_tile_only_what_came_before_it_is_proven() -> None:
    leaves = [leaf_hash(bytes([one % 256, one // 256])) for one in range(TILE * 2 + 9)]
    edge, tiles, signed = TiledEdge(), [], []
    for leaf in leaves:
        tiles.append(edge.add(leaf))
        if edge.size in (TILE, TILE * 2 + 1):
            whole = edge.whole()
            told = {"size": whole.size, "root": whole.root(), "at": datetime(2026, 1, 1, tzinfo=UTC)}
            signed.append(Expected(**told, source=say("A copy"), outside=True))
    kept = dict(enumerate(one for one in tiles if one))
    whole = edge.whole()
    facts = {"origin": "alur/x", "key": "", "size": whole.size, "peaks": whole.packed(), "checkpoint": ""}
    findings = Findings()
    check = TreeCheck(Tree(**facts, at=datetime(2026, 1, 1, tzinfo=UTC)), kept, signed, findings)
    leaves[TILE + 7] = bytes(32)
    for index, leaf in enumerate(leaves):
        check.add(index, leaf, "2026-01-01T00:00:00Z")
    check.finish()
    assert set(findings.counted) == {"tile"}
    proven = check.proven()
    assert proven is not None
    assert (check.matched, proven.size) == (2, TILE)


@pytest.mark.parametrize(
    "column", ["kind", "at", "actor", "on_behalf_of", "element", "round", "attempt", "scope"]
)
def test_an_edited_fact(scene: Scene, column: str) -> None:
    with scene.unguarded() as connection:
        values = {
            "kind": "comment.added",
            "at": scene.office.clock.now() - timedelta(days=1),
            "actor": scene.office.people["sri"].person,
            "on_behalf_of": scene.office.people["sri"].person,
            "element": "memeriksa",
            "round": 7,
            "attempt": scene.case,
            "scope": 1,
        }
        connection.execute(update(event).where(at(scene.case, 2)).values({column: values[column]}))
    codes, said = scene.found()
    assert {"chain", "checkpoint"} <= codes
    assert f"case {scene.number}, event" in said


def test_a_text_whose_beginning_was_made_its_salt(scene: Scene) -> None:
    with scene.unguarded() as connection:
        row = connection.execute(select(event.c.payload, event.c.salt).where(at(scene.case, 3))).one()
        cut = row.payload.index("{", 1)
        changed = {"payload": row.payload[cut:], "salt": row.salt + row.payload[:cut].encode()}
        connection.execute(update(event).where(at(scene.case, 3)).values(changed))
    codes, said = scene.found()
    assert "payload" in codes
    assert f"case {scene.number}, event 3: what it says" in said


def test_an_edited_payload_with_its_digest(scene: Scene) -> None:
    with scene.unguarded() as connection:
        digest = payload_digest(b"{}", b"")
        connection.execute(
            update(event).where(at(scene.case, 2)).values(payload="{}", salt=None, digest=digest)
        )
    codes, said = scene.found()
    assert {"chain", "checkpoint"} <= codes
    assert f"case {scene.number}, event" in said


def test_an_edit_with_chain_and_head_worked_out_anew(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(payload='{"biaya":1}'))
        rechain(connection, scene.case)
    codes, said = scene.found()
    assert {"tree", "checkpoint"} <= codes
    assert "does not fit: of the events with the indices 0 to" in said
    assert "2 later checkpoints do not fit either." in said


def test_everything_signed_anew_with_another_key(scene: Scene, tmp_path: Path) -> None:
    signer = replace_key(tmp_path / "foreign.key", origin_of(scene.office.engine.store))
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(payload='{"biaya":1}'))
        rechain(connection, scene.case)
        reseal(connection, signer)
    codes, said = scene.found()
    assert {"signature", "checkpoint"} <= codes
    assert "The newest checkpoint in the database was not signed by the key of this record." in said
    assert "The checkpoint in " in said


def test_the_last_event_cut_off(scene: Scene) -> None:
    last = len(scene.office.events(scene.case))
    with scene.unguarded() as connection:
        connection.execute(delete(event).where(at(scene.case, last)))
    codes, said = scene.found()
    assert {"head", "index"} <= codes
    assert f"case {scene.number}: its record ends with event {last - 1}; by its row there are {last}" in said


def test_the_last_event_cut_off_and_the_head_put_back(scene: Scene) -> None:
    last = len(scene.office.events(scene.case))
    with scene.unguarded() as connection:
        connection.execute(delete(event).where(at(scene.case, last)))
        rechain(connection, scene.case)
    codes, said = scene.found()
    assert "index" in codes
    assert "is missing" in said


def test_an_event_deleted_in_the_middle(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(delete(event).where(at(scene.case, 2)))
    codes, said = scene.found()
    assert {"order", "index"} <= codes
    assert f"case {scene.number}, event 3: event 2 is missing" in said


def test_an_event_deleted_and_those_behind_it_renumbered(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(delete(event).where(at(scene.case, 2)))
        for one in read(connection, scene.case):
            if one.seq > 2:
                connection.execute(update(event).where(at(scene.case, one.seq)).values(seq=one.seq - 1))
        rechain(connection, scene.case)
    codes, said = scene.found()
    assert "index" in codes
    assert "The event with the index" in said


def test_a_backdated_event_put_in(scene: Scene) -> None:
    with scene.unguarded() as connection:
        rows = read(connection, scene.case)
        for one in reversed(rows[1:]):
            connection.execute(update(event).where(at(scene.case, one.seq)).values(seq=one.seq + 1))
        first = connection.execute(select(event).where(at(scene.case, 1))).mappings().one()
        forged = {**first, "seq": 2, "kind": "comment.added", "payload": '{"text":"ok"}', "sealed": None}
        connection.execute(insert(event).values(forged))
        rechain(connection, scene.case)
    codes, said = scene.found()
    assert {"order", "checkpoint"} <= codes
    assert f"case {scene.number}" in said


def test_two_events_in_each_others_place(scene: Scene) -> None:
    with scene.unguarded() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(event).where(at(scene.case, old)).values(seq=new))
        rechain(connection, scene.case)
    codes, said = scene.found()
    assert {"order", "checkpoint"} <= codes
    assert f"case {scene.number}" in said


def test_indices_given_anew(scene: Scene) -> None:
    with scene.unguarded() as connection:
        one, other = (
            connection.scalar(select(event.c.sealed).where(at(case, 1))) for case in scene.cases[:2]
        )
        for case, index in ((scene.cases[0], None), (scene.cases[1], one), (scene.cases[0], other)):
            connection.execute(update(event).where(at(case, 1)).values(sealed=index))
    codes, said = scene.found()
    assert "checkpoint" in codes
    assert "case" in said


def test_an_index_far_ahead_is_told_at_once(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 1)).values(sealed=1 << 60))
        connection.execute(update(tree).values(size=1 << 61))
    codes, _ = scene.found()
    assert "index" in codes


def test_a_case_dropped_as_if_it_had_never_been(scene: Scene) -> None:
    with scene.unguarded() as connection:
        drop_case(connection, scene.case)
    codes, said = scene.found()
    assert codes == {"index", "tree", "checkpoint"}
    assert "is missing" in said or "are missing" in said


def test_all_events_of_a_case_dropped(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(delete(event).where(event.c.stream == scene.case))
    _, said = scene.found()
    assert f"case {scene.number}: all its events are missing" in said


def test_the_bytes_of_two_documents_in_each_others_place(scene: Scene) -> None:
    with scene.unguarded() as connection:
        where = [(document.c.instance == scene.case) & (document.c.no == no) for no in (1, 2)]
        blobs = [connection.scalar(select(document.c.blob).where(one)) for one in where]
        for one, other in zip(where, reversed(blobs), strict=True):
            connection.execute(update(document).where(one).values(blob=other))
    codes, said = scene.found()
    assert codes == {"document"}
    assert f"Case {scene.number}, document 1 (Surat): it is not the one that is on record" in said
    assert f"Case {scene.number}, document 2 (Peta): it is not the one that is on record" in said


def test_other_bytes_in_the_store(scene: Scene, tmp_path: Path) -> None:
    with scene.office.engine.store.reading() as connection:
        name = connection.scalar(
            select(blob.c.object)
            .join(document, document.c.blob == blob.c.id)
            .where(document.c.instance == scene.case, document.c.no == 1)
        )
    (tmp_path / "blobs" / str(name)).write_bytes(b"%PDF another")
    codes, said = scene.found()
    assert codes == {"document"}
    assert f"Case {scene.number}, document 1 (Surat): its bytes are not those on record" in said


def test_a_document_put_in_and_one_taken_away(scene: Scene) -> None:
    with scene.unguarded() as connection:
        row = connection.execute(
            select(document).where(document.c.instance == scene.case, document.c.no == 1)
        ).mappings()
        connection.execute(insert(document).values({**row.one(), "no": 77, "name": "Kuitansi"}))
        connection.execute(delete(document).where(document.c.instance == scene.case, document.c.no == 2))
    _, said = scene.found()
    assert f"Case {scene.number}, document 77 (Kuitansi): it is not on record" in said
    assert f"Case {scene.number}, document 2 (Peta): it is on record and gone" in said


def test_another_diagram_in_a_version(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(process_version).values(bpmn=process_version.c.bpmn + "<!-- -->"))
    codes, said = scene.found()
    assert codes == {"version"}
    assert "SOP izin, version 1: its files are not those on record" in said


@pytest.mark.parametrize("column", [process_version.c.spec, process_version.c.definition])
def test_what_is_run_of_a_version_is_exchanged(scene: Scene, column: Column[str]) -> None:
    with scene.unguarded() as connection:
        connection.execute(
            update(process_version).values({column.name: func.replace(column, "izin", "lain")})
        )
    codes, said = scene.found()
    assert codes == {"version"}
    assert "SOP izin, version 1: what is run of it is not what was read from its files" in said


def test_another_version_with_its_digest(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(process_version).values(digest=bytes(32)))
    codes, said = scene.found()
    assert codes == {"version"}
    assert "SOP izin, version 1: it is not the one that is on record" in said


def test_an_old_copy_of_the_database_put_back(scene: Scene) -> None:
    """As after a restore: what came later is gone everywhere but in the folder."""
    engine = scene.office.engine
    with engine.store.reading() as connection:
        before = dict(connection.execute(select(tree)).mappings().one())
        tiles = list(connection.scalars(select(tile.c.no)))
    later = scene.office.start(knowingly=True).instance
    scene.office.clock.move(timedelta(minutes=10))
    seal(engine)
    assert keep_due(engine)
    assert bring_due(engine)
    with scene.unguarded() as connection:
        drop_case(connection, later)
        for table in (checkpoint_copy, checkpoint):
            connection.execute(delete(table).where(table.c.size > before["size"]))
        connection.execute(delete(tile).where(tile.c.no.not_in(tiles)))
        connection.execute(update(tree).values(before))
    codes, said = scene.found()
    assert codes == {"rollback"}
    assert "it was put back to an older copy, or cut off" in said


def test_what_is_no_event_at_all_ends_nothing(scene: Scene) -> None:
    if scene.office.engine.store.dialect == "postgresql":
        change = update(event).where(at(scene.case, 2)).values(scope=99)
    else:
        change = update(event).where(at(scene.case, 2)).values(payload=text("x'ff00ff'"), scope=99)
    with scene.unguarded() as connection:
        connection.execute(change)
    codes, _ = scene.found()
    assert "unreadable" in codes


def test_events_put_in_with_indices_nobody_gave(scene: Scene) -> None:
    """No trigger keeps anybody from adding a row."""
    indices = (-(1 << 63), -1, (1 << 63) - 1)
    last = len(scene.office.events(scene.case))
    with scene.office.engine.store.transaction() as connection:
        row = connection.execute(select(event).where(at(scene.case, last))).mappings().one()
        for more, index in enumerate(indices, 1):
            connection.execute(insert(event).values({**row, "seq": last + more, "sealed": index}))
    _, said = scene.found()
    for index in indices:
        assert f"An event has the index {index}, which was never sealed." in said


def test_an_event_put_in_before_all_others(scene: Scene) -> None:
    with scene.office.engine.store.transaction() as connection:
        row = connection.execute(select(event).where(at(scene.case, 1))).mappings().one()
        forged = {**row, "stream": UUID(int=0), "seq": -5, "sealed": None}
        connection.execute(insert(event).values(forged))
    assert {"order", "subject"} <= scene.found()[0]


def test_two_events_with_one_index_where_a_chunk_ends(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    last = len(scene.office.events(scene.case))
    with scene.unguarded() as connection:
        connection.execute(text("DROP INDEX ux_event_sealed"))
        row = connection.execute(select(event).where(at(scene.case, last))).mappings().one()
        connection.execute(insert(event).values({**row, "seq": last + 1}))
    monkeypatch.setattr(record_reading, "CHUNK", 1)
    codes, said = scene.found()
    assert "count" in codes
    assert "The record holds" in said


@pytest.mark.parametrize("sealed", [True, False])
def test_values_of_another_type(scene: Scene, sealed: bool) -> None:
    """SQLite lets any in; elsewhere the number of the scope is all there is to try."""
    for _ in range(0 if sealed else 3):
        scene.office.start(knowingly=True)
    columns = ["scope", "digest", "salt", "chain", "at", "stream", "seq"]
    columns = ["scope"] if scene.office.engine.store.dialect == "postgresql" else columns
    with scene.unguarded() as connection:
        rows = connection.execute(
            select(event.c.stream, event.c.seq).where(
                event.c.sealed.is_not(None) if sealed else event.c.sealed.is_(None)
            )
        ).all()
        for column, row in zip(columns, rows, strict=False):
            value = -1 if column == "scope" else text("'abc'")
            connection.execute(update(event).where(at(row.stream, row.seq)).values({column: value}))
    found = scene.verified().findings
    assert found.counted["unreadable"] == min(len(columns), len(rows))


def test_an_index_that_is_no_number(scene: Scene) -> None:
    value = "-9" if scene.office.engine.store.dialect == "postgresql" else "'abc'"
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(sealed=text(value)))
    codes, said = scene.found()
    assert "index" in codes
    assert "The event with the index" in said
    assert ("unreadable" in codes) is (value == "'abc'")


def test_seals_taken_away_altogether(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).values(sealed=None))
        for table in (checkpoint_copy, checkpoint, tile, tree):
            connection.execute(delete(table))
    codes, said = scene.found()
    assert codes == {"rollback"}
    assert "the record has sealed only 0" in said


def test_the_end_of_a_stream_by_its_row(scene: Scene) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(instance).where(instance.c.id == scene.case).values(chain_head=bytes(32)))
    codes, said = scene.found()
    assert codes == {"head"}
    assert f"case {scene.number}: its last link is not the one its row has" in said


def test_an_erased_text_that_is_written_back_is_found(scene: Scene) -> None:
    dewi, engine = scene.office.people["dewi"], scene.office.engine
    cancellation.cancel(engine, dewi, scene.case, "Ditarik")
    with engine.store.reading() as connection:
        before = connection.execute(select(event.c.payload, event.c.salt).where(at(scene.case, 3))).one()
    asked = Erasure(events=frozenset({3}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(engine, dewi, scene.case, asked)
    seal(engine)
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 3)).values(before._mapping))
    codes, said = scene.found()
    assert codes == {"erased"}
    assert "the text of event 3 was erased, and is there again" in said


def test_copies_that_are_gone_from_the_folder_are_missed(scene: Scene) -> None:
    assert scene.sealing.folder
    for path in scene.sealing.folder.glob("*.txt"):
        path.unlink()
    codes, said = scene.found()
    assert codes == {"copies"}
    assert f"1 checkpoints were brought to {scene.sealing.folder} and are not there" in said


ROWS = {
    "person": "UPDATE person SET name = 'Kambing Hitam' WHERE name LIKE 'Joko%'",
    "role": "UPDATE role SET label = 'Lain' WHERE label = 'Auditor'",
    "number": "UPDATE instance SET number = '777/IZ/2026' WHERE number = '002/IZ/2026'",
    "title": "UPDATE instance SET title = 'Lain sama sekali' WHERE number = '002/IZ/2026'",
    "year": "UPDATE instance SET year = 1999 WHERE number = '002/IZ/2026'",
    "trial": "UPDATE instance SET trial = (1 = 1) WHERE number = '002/IZ/2026'",
    "letter": "UPDATE audit_assignment SET valid_until = '2040-01-01'",
}


@pytest.mark.parametrize("row", list(ROWS))
def test_what_a_row_says_otherwise_than_the_record_is_found(scene: Scene, row: str) -> None:
    with scene.unguarded() as connection:
        assert connection.execute(text(ROWS[row])).rowcount
    codes, said = scene.found()
    assert codes == {"row"}
    assert "its row says otherwise than the record" in said


def test_a_case_that_is_said_to_have_begun_later_is_found(scene: Scene) -> None:
    with scene.unguarded() as connection:
        later = datetime(2027, 1, 5, tzinfo=UTC)  # out of a letter's period
        connection.execute(update(instance).where(instance.c.id == scene.case).values(started_at=later))
    assert scene.found()[0] == {"row"}


def test_a_finding_that_was_changed_in_its_row_is_found(scene: Scene) -> None:
    office, agus = scene.office, scene.office.people["agus"]
    finding_acts.draft(office.engine, agus, agus.coverage[0].assignment, FORM)
    assert scene.found() == (set(), "")
    with scene.unguarded() as connection:
        connection.execute(update(finding).values(condition="Tidak ada masalah."))
    codes, said = scene.found()
    assert codes == {"row"}
    assert "finding 1: its row says otherwise than the record (condition)" in said
    with scene.unguarded() as connection:
        connection.execute(delete(finding))
    assert scene.found()[0] == {"row"}
