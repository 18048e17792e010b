"""Evidence of a case as a file: made, and checked by the program that goes with it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.office import Office, opened_office
from engine.core import Engine, Sealing
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.record.bundle import make
from engine.record.sealing import seal
from engine.storage import documents, events
from engine.storage.events import Line

_VERIFY = Path(__file__).parents[1] / "engine" / "record" / "bundle" / "verify.py"
_SLICE = 500  # events written at once


def measure(size: Size) -> list[Figure]:
    """Take the evidence of an ordinary case, then of one of very many events."""
    with opened_office() as office, TemporaryDirectory() as folder:
        engine = replace(office.engine, sealing=Sealing(key=Path(folder) / "seal.key"))
        case = office.start()
        office.work(case, office.steps(tables=True))
        _bytes_of(office, case)
        seal(engine)
        path = Path(folder) / "bukti.zip"
        figures = _figures("an ordinary case", engine, _owner(office), case, path)
        many = 5 * size.rounds
        _repeat(engine, _owner(office), case, many)
        seal(engine)
        return figures + _figures(f"a case of {many:,} events", engine, _owner(office), case, path, slower=20)


def _figures(
    name: str, engine: Engine, actor: Actor, case: UUID, path: Path, slower: int = 1
) -> list[Figure]:
    with (making := Meter()):
        made = make(engine, actor, case)
    with made.file:
        path.write_bytes(made.file.read())
    command = [sys.executable, "-I", str(_VERIFY), str(path)]
    with (checking := Meter()):
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - the check itself
    assert done.returncode == 0, done.stdout.decode()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(name=f"evidence of {name}, made", value=making.seconds, unit="s", target=3 * slower),
        Figure(
            name=f"evidence of {name}, checked by verify.py",
            value=checking.seconds,
            unit="s",
            target=1 * slower,
        ),
        Figure(name=f"evidence of {name}, size", value=made.size / 1e6, unit="MB", target=1.0 * slower * 2),
        Figure(name=f"evidence of {name}, memory of who makes it", value=memory, unit="MB", target=600),
    ]


def _bytes_of(office: Office, case: UUID) -> None:
    """Write the bytes of the case's documents: the office of the benchmarks has one paper for all."""
    with office.engine.store.reading() as connection:
        ids = [one.blob for one in documents.of_instance(connection, case) if one.blob]
        rows = documents.blobs(connection, ids)
    content = b"".join(office.engine.blobs.open(office._paper.object)) if office._paper else b""  # noqa: SLF001
    for row in rows.values():
        path = office.folder / "blobs" / row.object
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def _owner(office: Office) -> Actor:
    return next(one for one in office.actors.values() if one.roles[0].kind.value == "owner")


def _repeat(engine: Engine, actor: Actor, case: UUID, many: int) -> None:
    """Let what happened between its start and its end happen again, until there are so many events."""
    with engine.store.reading() as connection:
        told = events.stream_events(connection, case)
    again = [
        Line(kind=one.kind, payload=json.loads(one.payload or "{}"), element=one.element, round=one.round)
        for one in told
        if one.kind in (EventKind.TASK_OPENED, EventKind.TASK_COMPLETED)
    ]
    left = many - len(told)
    while left > 0:
        lines = (again * (_SLICE // len(again)))[:left]
        with engine.store.transaction() as connection:
            events.append(connection, Scope.INSTANCE, case, actor, engine.clock.now(), lines)
        left -= len(lines)
