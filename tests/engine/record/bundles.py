"""A case worth proving: two rounds, a document with bytes, a move to another revision; and its bundle."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select

from engine.actions import drafts
from engine.actions.deployment import deploy
from engine.actions.erasures import erase
from engine.actions.move_saving import Moving
from engine.actions.moves import move
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import PAPERS_IN, Erasure
from engine.opening import Places, open_engine
from engine.queries.event_proof import event_proof
from engine.record.bundle import make
from engine.record.checkpoints import keep_due
from engine.record.event_proof import as_json
from engine.record.sealing import seal
from engine.storage import batches
from engine.storage.tables import document
from tests.offices import Office, furnish, scan
from tests.revisions import with_more_time

VERIFY = Path(__file__).parents[3] / "engine" / "record" / "bundle" / "verify.py"
ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}


def worked_case(office: Office) -> UUID:
    """Play a case to its end."""
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Biaya terlalu besar"})
    office.complete(case, "mengajukan", "joko", ASKED | {"biaya": "900"})
    move_on(office, case)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    archive = office.open_task(case, "mengarsipkan").id
    drafts.stage(office.engine, office.people["joko"], archive, scan("Arsip izin"), {})
    office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})
    return case


def move_on(office: Office, case: UUID) -> None:
    """Let the case go on by a revision with other standard times."""
    version = office.engine.versions.get(deploy(office.engine, operator(office.id), with_more_time()).version)
    batch = new_id()
    with office.engine.store.transaction() as connection:
        batches.add(
            connection,
            {},
            id=batch,
            office=office.id,
            kind="move",
            process=version.process,
            version=version.id,
            asked_by=office.people["putu"].person,
            asked_at=office.clock.now(),
            total=1,
        )
    move(
        office.engine,
        office.people["putu"],
        case,
        Moving(to=version.id, reason="Waktu baku baru", batch=batch),
    )


def bundled(office: Office, case: UUID, path: Path, by: str = "agus") -> Path:
    """Make the bundle of a case, as a file."""
    made = make(office.engine, office.people[by], case)
    with made.file:
        path.write_bytes(made.file.read())
    return path


def verified(path: Path, *options: str, check: Path = VERIFY) -> tuple[int, str]:
    """Run the check as anybody would: a program of its own, with nothing of ours."""
    command = [sys.executable, "-I", str(check), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def one_bundle(empty_sqlite: Path, folder: Path) -> bytes:
    """Make the bundle of a worked case, with an earlier checkpoint, in an office of its own."""
    with _own_office(empty_sqlite, folder) as office:
        seal(office.engine)
        keep_due(office.engine)
        return bundled(office, worked_case(office), folder / "bukti.zip").read_bytes()


def one_proof(empty_sqlite: Path, folder: Path) -> bytes:
    """Make the proof of the third event of a worked case."""
    with _own_office(empty_sqlite, folder) as office:
        case = worked_case(office)
        seal(office.engine)
        return as_json(office.engine, event_proof(office.engine, office.people["agus"], case, 3))


def erased_bundles(empty_sqlite: Path, folder: Path) -> tuple[bytes, bytes]:
    """Make two bundles of a case in which what named its documents was erased: the second has one put in."""
    with _own_office(empty_sqlite, folder) as office:
        case = worked_case(office)
        seqs = frozenset(one.seq for one in office.events(case) if one.kind in PAPERS_IN)
        asked = Erasure(
            events=seqs, letter="12/UPTD/2026", reason="Permintaan pemilik data", attempt=new_id()
        )
        erase(office.engine, office.people["dewi"], case, asked)
        sound = bundled(office, case, folder / "bukti.zip").read_bytes()
        put_in(office, case)
        return sound, bundled(office, case, folder / "lain.zip").read_bytes()


def put_in(office: Office, case: UUID) -> None:
    """Put a document into the tables that nobody added."""
    with office.engine.store.transaction() as connection:
        ours = document.c.instance == case, document.c.blob.is_not(None)
        row = connection.execute(select(document).where(*ours)).mappings().one()
        connection.execute(insert(document).values({**row, "no": 9, "version": 9}))


@contextmanager
def _own_office(empty_sqlite: Path, folder: Path) -> Iterator[Office]:
    shutil.copyfile(empty_sqlite, folder / "alur.db")
    clock = SetClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    places = Places(
        database=f"sqlite:///{folder / 'alur.db'}",
        blobs=str(folder / "blobs"),
        sandbox_workers=1,
        sealing=Sealing(key=folder / "seal.key"),
    )
    engine = open_engine(places, clock)
    try:
        yield furnish(engine, clock)
    finally:
        engine.close()
