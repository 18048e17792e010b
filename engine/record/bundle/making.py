"""Make a bundle: seal, read one snapshot, write the archive, sign its list, put the taking on record."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.actions.evidence import evidence_taken
from engine.core import Engine, Sealing
from engine.errors import Conflict, NotNow, say
from engine.model.actor import Actor
from engine.queries.case_access import CaseFacts
from engine.queries.evidence import Evidence, bundle_asked, evidence_of
from engine.record.bundle import papers, proofs
from engine.record.bundle.archive import Archive
from engine.record.bundle.report import as_html, as_pdf
from engine.record.bundle.sheets import as_sheets
from engine.record.bundle.telling import tell
from engine.record.sealing import seal, sign_anew
from engine.record.signing import Signer, open_signer, public_file, public_keys
from engine.record.workbook import Sheet
from engine.storage.blobs import CHUNK

_TRIES = 3  # to read the case before somebody adds to it again
CHECKS = ("verify.py", "verify.html")
EVENT_CHECK = "verify_event.py"  # goes with the proof of one event
_CONTEXT = "bundle"  # of the signature: it can be taken for no checkpoint


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle in a temporary file, which is gone once it is closed."""

    file: BinaryIO
    name: str
    size: int  # bytes
    sha256: str
    events: int
    facts: CaseFacts


Told = Callable[[int, int], None]  # papers that are written, and all of them; may raise to stop it


def make(engine: Engine, actor: Actor, case: UUID) -> Bundle:
    """Make the bundle of a case for whoever may read the record; that it was taken is on record then."""
    made = prepare(engine, actor, case)
    try:
        evidence_taken(engine, actor, made.facts, made.sha256, made.events)
    except BaseException:
        made.file.close()
        raise
    return made


def prepare(engine: Engine, actor: Actor, case: UUID, told: Told = lambda _done, _total: None) -> Bundle:
    """Make it without a word on record, for who hands it out later."""
    bundle_asked(engine, actor, case)  # whoever may not see the case learns nothing of the server
    if engine.sealing is None:
        raise Conflict(say("This server has no key to sign with: it makes no evidence."))
    evidence = _sealed(engine, actor, case)
    file = tempfile.TemporaryFile(prefix="alur-")  # noqa: SIM115 - whoever hands it out closes it
    try:
        _write(engine, actor, evidence, engine.sealing, file, told)
        made = _made(file, evidence)
    except BaseException:
        file.close()
        raise
    return made


def sheets_of(engine: Engine, actor: Actor, case: UUID) -> tuple[str, Iterator[Sheet]]:
    """Give a case's number, and what the report says as tables, for whoever may read the record."""
    evidence = evidence_of(engine, actor, case)
    return evidence.facts.number, as_sheets(evidence, engine.calendar_of(evidence.facts.office))


def _sealed(engine: Engine, actor: Actor, case: UUID) -> Evidence:
    for _ in range(_TRIES):
        found = evidence_of(engine, actor, case)
        if found.is_sealed and not sign_anew(engine):  # else checkpoint and list had two keys
            return found
        seal(engine)
    raise NotNow(say("Something is being recorded in this case just now. Try again in a moment."))


def _write(
    engine: Engine, actor: Actor, evidence: Evidence, sealing: Sealing, file: BinaryIO, told: Told
) -> None:
    archive, now = Archive(file), engine.clock.now()
    calendar = engine.calendar_of(evidence.facts.office)
    signer = open_signer(sealing.key, evidence.tree.origin if evidence.tree else None)
    report = tell(evidence, calendar, now, actor.name, signer.public)
    uploads, drawings = list(papers.with_bytes(evidence)), papers.drawable(evidence)
    counted = _Counted(archive, told, 1 + len(uploads) + len(drawings))
    archive.add("README.txt", shipped("readme.txt"))
    archive.add("report.html", as_html(report))
    archive.add("report.pdf", as_pdf(report))
    counted.add("events.jsonl", proofs.event_lines(evidence))
    for name, document in uploads:
        counted.add(name, engine.blobs.open(document.object))
    for name, content in _small(evidence, signer, sealing):
        archive.add(name, content)
    for name, document, by in drawings:
        counted.add(name, papers.draw(evidence, calendar, document, by))
    here = now.astimezone(ZoneInfo(calendar.zone))
    taker = {"id": actor.person.hex if actor.person else "", "name": actor.name}
    listed = archive.add("manifest.json", proofs.manifest(evidence, archive.files, here, taker))
    archive.add("manifest.sig", signer.sign_text(_CONTEXT, listed.sha256).encode())
    archive.close()


class _Counted:
    """Adds files, and tells how many of those that take their time there are."""

    def __init__(self, archive: Archive, told: Told, total: int) -> None:
        self._archive, self._told, self._done, self._total = archive, told, 0, total
        told(0, total)

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Write one."""
        self._archive.add(name, content)
        self._done += 1
        self._told(self._done, self._total)


def _small(evidence: Evidence, signer: Signer, sealing: Sealing) -> Iterator[tuple[str, bytes]]:
    yield "proofs.jsonl", b"".join(proofs.proof_lines(evidence))
    yield "checkpoint.txt", evidence.tree.checkpoint.encode() if evidence.tree else b""
    yield from proofs.earlier_checkpoints(evidence)
    yield "consistency.jsonl", b"".join(proofs.consistency_lines(evidence))
    others = [one.line for one in public_keys(public_file(sealing.key)) if one != signer.public]
    yield "key.pub", "\n".join([signer.public.line, *others, ""]).encode()
    yield from proofs.revision_files(evidence)
    for name in CHECKS:
        yield name, shipped(name)


def shipped(name: str) -> bytes:
    """Give a file that goes into every bundle as it is."""
    return files("engine.record.bundle").joinpath(name).read_bytes()


def _made(file: BinaryIO, evidence: Evidence) -> Bundle:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    size = file.tell()
    file.seek(0)
    name = papers.file_name(f"Bukti {evidence.facts.number.replace('/', '-')}.zip")
    return Bundle(
        file=file,
        name=name,
        size=size,
        sha256=digest.hexdigest(),
        events=len(evidence.events),
        facts=evidence.facts,
    )
