"""What the tables say of the record's subjects: where each stream ends, documents, versions of SOPs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, func, null, select

from engine.bpmn.package import Package
from engine.model.event import Scope
from engine.storage.tables import blob, document, event, instance, office, process, process_version, tile
from engine.storage.versions import runs_digest


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A case, an office or an SOP: what it is called, and where its stream ends by its own row."""

    scope: Scope
    name: str  # the case's number, the office's key, the SOP's
    seq: int
    chain: bytes
    archive: int | None = None  # of a case: the archive that its row names


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A version of a document as the tables have it. ``digest`` is that of its bytes; None: it has none."""

    no: int
    name: str
    digest: bytes | None
    object: str | None  # name of the bytes in the store; None where there are none, or they were erased
    size: int


@dataclass(frozen=True, kw_only=True)
class DeployedVersion:
    """A version of an SOP: the digest its row has, and those of the files and of what is run in the row."""

    number: int
    digest: bytes
    found: bytes
    runs: str


_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_STREAMS = (
    (Scope.INSTANCE, instance, instance.c.number, instance.c.last_seq, instance.c.chain_head),
    (Scope.OFFICE, office, office.c.key, office.c.stream_seq, office.c.stream_head),
    (Scope.LIBRARY, process, process.c.key, process.c.stream_seq, process.c.stream_head),
)


def subjects(connection: Connection, streams: Iterable[bytes]) -> dict[bytes, Subject]:
    """Read what streams are about; one that is missing there has no subject any more."""
    wanted = [UUID(bytes=one) for one in streams if len(one) == 16]  # noqa: PLR2004 - bytes of an id
    found: dict[bytes, Subject] = {}
    for scope, table, name, seq, chain in _STREAMS:
        left = [one for one in wanted if one.bytes not in found]
        if not left:
            break
        held = instance.c.archive if table is instance else null()
        columns = (table.c.id, name, seq, chain, held)
        for row in connection.execute(select(*columns).where(table.c.id.in_(left))):
            end = row[2] if isinstance(row[2], int) else -1
            found[row[0].bytes] = Subject(
                scope=scope, name=row[1], seq=end, chain=_bytes(row[3]), archive=row[4]
            )
    return found


def without_events(connection: Connection) -> Iterator[Subject]:
    """Find subjects whose row speaks of events, and that have none."""
    for scope, table, name, seq, chain in _STREAMS:
        none = ~exists().where(event.c.stream == table.c.id)
        for row in connection.execute(select(name, seq, chain).where(seq > 0, none)):
            yield Subject(scope=scope, name=row[0], seq=row[1], chain=_bytes(row[2]))


def _bytes(value: object) -> bytes:
    """Give what should be bytes; SQLite keeps a value of any type in any column."""
    return value if isinstance(value, bytes) else b""


def papers(connection: Connection, cases: Iterable[bytes]) -> dict[bytes, list[Paper]]:
    """Read the documents of cases."""
    wanted = [UUID(bytes=one) for one in cases]
    rows = connection.execute(
        select(
            document.c.instance,
            document.c.no,
            document.c.name,
            document.c.blob.is_not(None).label("has_bytes"),
            blob.c.digest,
            blob.c.object,
            blob.c.size,
            blob.c.erased_at.is_not(None).label("is_erased"),
        )
        .outerjoin(blob, blob.c.id == document.c.blob)
        .where(document.c.instance.in_(wanted))
        .order_by(document.c.instance, document.c.no)
    )
    found: dict[bytes, list[Paper]] = {one.bytes: [] for one in wanted}
    for row in rows:
        found[row.instance.bytes].append(
            Paper(
                no=row.no,
                name=row.name,
                digest=_bytes(row.digest) if row.has_bytes else None,
                object=None if row.is_erased or row.object is None else str(row.object),
                size=row.size or 0,
            )
        )
    return found


def deployed(connection: Connection, sop: bytes) -> Iterator[DeployedVersion]:
    """Read the versions of an SOP, and digest their files anew."""
    version = process_version.c
    rows = connection.execute(
        select(
            version.number,
            version.digest,
            version.bpmn,
            version.forms,
            version.decisions,
            version.definition,
            version.spec,
        )
        .where(version.process == UUID(bytes=sop))
        .order_by(version.number)
    )
    for row in rows:
        runs = _runs(row)
        yield DeployedVersion(number=row.number, digest=_bytes(row.digest), found=_digest(row), runs=runs)


def _runs(row: Any) -> str:  # noqa: ANN401 - a row
    try:
        return runs_digest(row.definition, row.spec)
    except UnicodeEncodeError:  # no text of ours
        return ""


def _digest(row: Any) -> bytes:  # noqa: ANN401 - a row
    try:
        decisions = {name: text.encode() for name, text in json.loads(row.decisions or "{}").items()}
        forms = json.loads(row.forms)
        return Package(key="", bpmn=row.bpmn.encode(), forms=forms, decisions=decisions).digest
    except (ValueError, AttributeError):  # no JSON of texts: no files either
        return b""


def events_counted(connection: Connection) -> int:
    """Count all events there are."""
    return connection.scalar(select(func.count()).select_from(event)) or 0


def tiles(connection: Connection) -> dict[int, bytes]:
    """Read the root of every tile."""
    return {no: _bytes(root) for no, root in connection.execute(select(tile.c.no, tile.c.root))}


def oldest_waiting(connection: Connection) -> datetime | None:
    """Tell when the oldest event happened that is not sealed yet."""
    known = event.c.at.between(_FIRST, _LAST)  # what no calendar has would end the statement
    found: datetime | None = connection.scalar(
        select(func.min(event.c.at)).where(event.c.sealed.is_(None), known)
    )
    return found
