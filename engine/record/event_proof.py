"""The proof of one event: whether it holds, and as a small file whose parts are those of a bundle.

The format is described in docs/record-format.md.
"""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.core import Engine
from engine.errors import NotNow, say
from engine.model.checkpoint import read_note
from engine.queries.event_proof import EventProof, Fault
from engine.record.bundle.proofs import event_parts
from engine.record.signing import is_signed, public_file, public_keys

FORMAT = 1


def fault_of(engine: Engine, found: EventProof) -> Fault | None:
    """Tell what does not hold, the signature too: by the key files of the server, where it has any."""
    if found.fault is not None or found.seal is None:
        return found.fault
    keys = [found.seal.key]
    if engine.sealing is not None and (path := public_file(engine.sealing.key)).is_file():
        keys = [key for key in public_keys(path) if key == found.seal.key]
    return None if is_signed(read_note(found.seal.text), keys) else Fault.SIGNATURE


def as_json(engine: Engine, found: EventProof) -> bytes:
    """Write it; NotNow before the event is sealed."""
    seal = found.seal
    if seal is None:
        raise NotNow(say("This event is not sealed yet. Try again in a moment."))
    here = found.event.at.astimezone(ZoneInfo(engine.calendar_of(found.facts.office).zone))
    said = {
        "format": FORMAT,
        "record": seal.checkpoint.origin,
        "case": {"id": found.facts.id.hex, "number": found.facts.number},
        "event": event_parts(found.event),
        "index": seal.index,
        "path": [node.hex() for node in seal.path],
        "checkpoint": seal.text,
        "key": seal.key.line,
        "zone": [here.tzname(), int((here.utcoffset() or timedelta()).total_seconds()) // 60],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"
