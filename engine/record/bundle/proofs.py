"""The record's part of a bundle: events, paths through the tree, checkpoints, and the list that is signed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.model.event import Event
from engine.queries.evidence import Evidence, Revision
from engine.record.bundle.archive import Written
from engine.software import SOFTWARE

FORMAT = 1
_DIGITS = 32  # of a revision's digest, in what an act was decided by


def event_lines(evidence: Evidence) -> Iterator[bytes]:
    """Write every event, a line each, with all that was hashed."""
    for one in evidence.events:
        yield _line(event_parts(one.event))


def proof_lines(evidence: Evidence) -> Iterator[bytes]:
    """Write of every event, in the same order, its index and the path to the root."""
    for one in evidence.events:
        yield _line({"index": one.index, "path": [node.hex() for node in one.path]})


def earlier_checkpoints(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Give each earlier checkpoint under its name."""
    for one in evidence.earlier:
        yield _checkpoint_file(one.kept.size), one.kept.text.encode()


def consistency_lines(evidence: Evidence) -> Iterator[bytes]:
    """Write of every earlier checkpoint the path that shows it to be the record's beginning."""
    for one in evidence.earlier:
        path = [node.hex() for node in one.path]
        yield _line({"file": _checkpoint_file(one.kept.size), "path": path})


def manifest(evidence: Evidence, files: list[Written], at: datetime, by: Mapping[str, str]) -> bytes:
    """Write the list of all files with what the bundle is of; it is what is signed.

    ``at`` is of the office's time zone.
    """
    facts, tree = evidence.facts, evidence.tree
    said: dict[str, Any] = {
        "format": FORMAT,
        "record": tree.origin if tree else "",
        "case": {"id": facts.id.hex, "number": facts.number, "title": facts.title},
        "made_at": _instant(at),
        "zone": [at.tzname(), int((at.utcoffset() or timedelta()).total_seconds()) // 60],
        "made_by": by,
        "software": SOFTWARE,
        "events": len(evidence.events),
        "erased_events": sum(one.event.payload is None for one in evidence.events),
        "erased_documents": [one.no for one in evidence.documents if one.blob and one.erased],
        "recoded": {
            str(one.number): one.digest.hex()[:_DIGITS] for one in evidence.revisions if not is_proved(one)
        },
        "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in files],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def is_proved(one: Revision) -> bool:
    """Tell whether a revision's files give its digest: a diagram that came as UTF-16 is kept as UTF-8."""
    return one.files.package("").digest == one.digest


def revision_files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Give the files of every revision that the case went by, each under ``versions/<number>/``."""
    for one in evidence.revisions:
        package = one.files.package("")
        files = {"process.bpmn": package.bpmn, **package.decisions}
        files |= {f"forms/{key}.json": text.encode() for key, text in package.forms.items()}
        if package.notes:
            files["README.md"] = package.notes.encode()
        for name in sorted(files):
            yield f"versions/{one.number}/{name}", files[name]


def event_parts(one: Event) -> dict[str, Any]:
    """Give all parts of an event as they are written: bytes in hexadecimal, what is absent is empty."""
    return {
        "scope": one.scope.value,
        "stream": one.stream.hex,
        "seq": one.seq,
        "kind": one.kind.value,
        "at": _instant(one.at),
        "actor": one.actor.hex if one.actor else "",
        "on_behalf_of": one.on_behalf_of.hex if one.on_behalf_of else "",
        "attempt": one.attempt.hex if one.attempt else "",
        "element": one.element or "",
        "round": "" if one.round is None else one.round,
        "iteration": "" if one.iteration is None else one.iteration,
        "payload": one.payload,
        "salt": (one.salt or b"").hex(),
        "digest": one.digest.hex(),
        "chain": one.chain.hex(),
    }


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _checkpoint_file(size: int) -> str:
    return f"checkpoints/{size}.txt"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
