"""The proof of one event as a small file, whose parts are those of a bundle (docs/record-format.md)."""

from __future__ import annotations

import json

from engine.errors import NotNow, say
from engine.queries.event_proof import EventProof
from engine.record.bundle.proofs import event_parts

FORMAT = 1


def as_json(found: EventProof) -> bytes:
    """Write it; NotNow before the event is sealed."""
    seal = found.seal
    if seal is None:
        raise NotNow(say("This event is not sealed yet. Try again in a moment."))
    said = {
        "format": FORMAT,
        "record": seal.checkpoint.origin,
        "case": {"id": found.facts.id.hex, "number": found.facts.number},
        "event": event_parts(found.event),
        "index": seal.index,
        "path": [node.hex() for node in seal.path],
        "checkpoint": seal.text,
        "key": seal.key.line,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"
