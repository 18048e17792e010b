"""What sealing costs, how late it is at a busy hour, and how fast the whole record is verified."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.cpu import Meter
from benchmarks.figures import Figure, Size
from benchmarks.history import Growing
from benchmarks.office import Office, checkpoint, opened_office
from engine.core import Engine, Sealing
from engine.record import sealer
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, verify
from engine.storage import seals

_RATE = 200.0  # completions a second
_TEMPLATES = 8  # cases that are really worked, to be copied
_LOOK = 0.02  # seconds between looks at how far the tree is


def measure(size: Size) -> list[Figure]:
    """Measure on copies of worked cases, written through the bulk path."""
    with opened_office() as office:
        steps = office.steps()
        for _ in range(min(_TEMPLATES, size.record_cases)):
            office.work(office.start(), steps)
        key = Sealing(key=office.folder / "seal.key", folder=office.folder / "checkpoints")
        engine = replace(office.engine, sealing=key)
        growing = Growing(engine)
        growing.grow(size.record_cases)
        return [
            *_sealed(office, engine, size.record_cases),
            _verified(engine, key),
            _late(engine, growing, len(steps), size.busy_seconds),
        ]


def _sealed(office: Office, engine: Engine, cases: int) -> list[Figure]:
    before = _bytes(office)
    meter = Meter()
    with meter:
        events = seal(engine)
    keep_due(engine)
    bring_due(engine)
    added = (_bytes(office) - before) / cases
    return [
        Figure(
            name="events sealed per second of CPU",
            value=events / meter.seconds,
            unit="per s",
            target=2_000,
            at_least=True,
        ),
        Figure(name="bytes that sealing adds to a case", value=added, unit="B", target=800),
    ]


def _bytes(office: Office) -> int:
    checkpoint(office.engine.store)
    return office.database.stat().st_size


def _verified(engine: Engine, key: Sealing) -> Figure:
    assert key.folder
    meter = Meter()
    with meter:
        keys = public_keys(public_file(key.key))
        # The office of benchmarks has rows of documents without bytes.
        found = verify(engine, Asked(keys=keys, folders=[key.folder], read_documents=False))
    if found.findings.total:
        raise SystemExit(f"The record was not verified: {found.findings.listed[0].sentence}")
    return Figure(
        name=f"events verified per second of CPU, of {found.events:,}",
        value=found.events / meter.seconds,
        unit="per s",
        target=20_000,
        at_least=True,
    )


@dataclass
class _Written:
    """So many events were committed at an instant of the monotonic clock."""

    at: float
    size: int


def _late(engine: Engine, growing: Growing, steps: int, seconds: float) -> Figure:
    """Write cases as fast as their steps would be completed, the sealer beside, and see how late it is."""
    stop = threading.Event()
    sealing = threading.Thread(target=sealer.run, args=(engine, stop))
    size = _size(engine)
    written: list[_Written] = []
    reached: list[_Written] = []
    watching = threading.Thread(target=_watch, args=(engine, stop, reached))
    sealing.start()
    watching.start()
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        size += growing.grow(1)
        written.append(_Written(at=time.monotonic(), size=size))
        time.sleep(max(0.0, began + len(written) * steps / _RATE - time.monotonic()))
    rate = len(written) * steps / (time.monotonic() - began)
    while _size(engine) < size:
        time.sleep(_LOOK)
    time.sleep(3 * _LOOK)
    stop.set()
    sealing.join()
    watching.join()
    return Figure(
        name=f"latest sealing of what was committed, at {rate:.0f} completions a second",
        value=max(_lags(written, reached)),
        unit="s",
        target=5,
    )


def _size(engine: Engine) -> int:
    with engine.store.reading() as connection:
        found = seals.tree_of(connection)
    return found.size if found else 0


def _watch(engine: Engine, stop: threading.Event, reached: list[_Written]) -> None:
    while not stop.is_set():
        reached.append(_Written(at=time.monotonic(), size=_size(engine)))
        stop.wait(_LOOK)


def _lags(written: Sequence[_Written], reached: Sequence[_Written]) -> list[float]:
    return [next(one.at for one in reached if one.size >= case.size) - case.at for case in written]
