"""Personal data taken out of a case for good: texts of events, bytes of documents, what repeats them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, or_, select, update

from engine.errors import ArchiveUnreadable, Sentence, say
from engine.model.archive import Archive
from engine.model.erasure import PAPERS_IN, begun_of, papers_of
from engine.model.event import EventKind
from engine.storage import archive_folder, archive_reading, archive_rows, search
from engine.storage.archive_files import Archives
from engine.storage.archive_troubles import NO_FOLDER
from engine.storage.tables import (
    blob,
    comment,
    document,
    draft,
    event,
    incident,
    instance,
    message,
    moved,
    process,
    task,
)
from engine.storage.transaction import StoreUnavailable

Paper = tuple[int, str | None]  # number and SHA-256; without bytes it has none


@contextmanager
def overwriting(connection: Connection) -> Iterator[None]:
    """Have SQLite overwrite what is taken out, where it would only forget in which pages it stood."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")


def kinds_of(connection: Connection, case: UUID, seqs: Collection[int]) -> dict[int, EventKind]:
    """Read the kinds of some events of a case, by number."""
    rows = connection.execute(
        select(event.c.seq, event.c.kind).where(event.c.stream == case, event.c.seq.in_(seqs))
    )
    return {row.seq: EventKind(row.kind) for row in rows}


def erase_events(connection: Connection, case: UUID, seqs: Collection[int]) -> int:
    """Take payload and salt out of events of a case; gives of how many. Digests and links stay."""
    ours = (event.c.stream == case, event.c.seq.in_(seqs), event.c.payload.is_not(None))
    comments = select(event.c.attempt).where(*ours, event.c.kind == EventKind.COMMENT_ADDED.value)
    connection.execute(
        update(comment).where(comment.c.instance == case, comment.c.id.in_(comments)).values(text="")
    )
    return connection.execute(update(event).where(*ours).values(payload=None, salt=None)).rowcount


def still_said(connection: Connection, case: UUID, seqs: Collection[int]) -> list[int]:
    """Give the numbers of those events that were not erased before."""
    ours = (event.c.stream == case, event.c.seq.in_(seqs), event.c.payload.is_not(None))
    return list(connection.scalars(select(event.c.seq).where(*ours).order_by(event.c.seq)))


def begun(connection: Connection, case: UUID) -> dict[str, Any]:
    """Read how a case began whose first event was erased, as its erasure keeps it; empty where none does."""
    ours = (event.c.stream == case, event.c.kind == EventKind.DATA_ERASED.value)
    said = (json.loads(text) for text in connection.scalars(select(event.c.payload).where(*ours)) if text)
    return next((one["begun"] for one in said if "begun" in one), {})


def begin_kept(connection: Connection, case: UUID) -> dict[str, Any]:
    """Give of how a case began what its erasure is to keep."""
    ours = (event.c.stream == case, event.c.kind == EventKind.CASE_STARTED.value)
    text = connection.scalar(select(event.c.payload).where(*ours))
    return begun_of(json.loads(text)) if text else {}


def forget_title(connection: Connection, case: UUID) -> None:
    """Let a case be called as its SOP; the search finds it by that and its number."""
    row = connection.execute(
        select(instance.c.number, process.c.name)
        .join(process, process.c.id == instance.c.process)
        .where(instance.c.id == case)
    ).one()
    connection.execute(update(instance).where(instance.c.id == case).values(title=row.name))
    search.replace(connection, case, row.number, row.name)


def papers_named(connection: Connection, case: UUID, seqs: Collection[int]) -> list[Paper]:
    """Give number and SHA-256 of the documents that events of a case speak of, by number.

    An erasure that was cut off may have had a text out of its archive file already. In its place all
    documents are given that no event names which still says something.
    """
    said = _said_of_papers(connection, case)
    named = {paper for seq in seqs for paper in papers_of(said.get(seq) or {})}
    if _is_cut_off(said, seqs):
        unnamed = _unnamed(connection, case, said)
        named |= {(no, digest.hex() if digest else None) for no, digest in unnamed.items()}
    return sorted(named, key=lambda paper: paper[0])


def forget_names(connection: Connection, case: UUID, seqs: Collection[int]) -> None:
    """Take out the names of documents that these events added: a number stands in the place of each.

    What a step left behind has the name that its SOP gives it, and keeps it.
    """
    said = _said_of_papers(connection, case)
    added = {one["no"] for seq in seqs if "no" in (one := said.get(seq) or {})}
    if _is_cut_off(said, seqs):
        added |= _unnamed(connection, case, said).keys()
    for no in added:
        ours = document.c.instance == case, document.c.no == no
        connection.execute(update(document).where(*ours).values(name=f"#{no}"))


_Said = dict[int, dict[str, Any] | None]  # an erasure has a letter


def _said_of_papers(connection: Connection, case: UUID) -> _Said:
    """Read by number what events say that speak of documents; None where an archive file has lost it."""
    rows = connection.execute(
        select(event.c.seq, event.c.payload).where(
            event.c.stream == case,
            event.c.kind.in_([*PAPERS_IN, EventKind.DATA_ERASED]),
            event.c.payload.is_not(None),
        )
    )
    return {row.seq: json.loads(row.payload) if row.payload else None for row in rows}


def _is_cut_off(said: _Said, seqs: Collection[int]) -> bool:
    return any(seq in said and said[seq] is None for seq in seqs)


def _unnamed(connection: Connection, case: UUID, said: _Said) -> dict[int, bytes | None]:
    """Read number and digest of the documents that nothing speaks of which can still be read."""
    read = [one for one in said.values() if one]
    known = {no for one in read for no, _ in (one.get("kept", ()) if "letter" in one else papers_of(one))}
    rows = connection.execute(
        select(document.c.no, blob.c.digest)
        .outerjoin(blob, blob.c.id == document.c.blob)
        .where(document.c.instance == case)
    )
    return {row.no: row.digest for row in rows if row.no not in known}


def archived_in(connection: Connection, archives: Archives, case: UUID) -> list[Archive]:
    """Find the archives whose file has a case, before anything of it is erased; none without a folder.

    ArchiveUnreadable where one cannot be read: what is said to be erased would come back with it.
    """
    if archives.folder is not None:
        return archive_folder.holding(connection, archives.folder, case)
    if archive_rows.named_by(connection, case):
        raise ArchiveUnreadable(NO_FOLDER)
    return []


def title_stays(archives: Archives, having: Collection[Archive], case: UUID) -> bool:
    """Tell whether the title of a case is signed in an archive file that has it."""
    return archives.folder is not None and archive_folder.signs_title(archives.folder, having, case)


def erase_archived(
    connection: Connection, archives: Archives, having: Collection[Archive], case: UUID, seqs: Collection[int]
) -> bool:
    """Take texts of a case out of the archive files that have it as well, before the caller commits.

    Tells whether any has. Cut off between the two, the file has the text no more and the record does not say
    so yet: it is asked for again. StoreUnavailable where one of several files has been written, another not.
    """
    if archives.folder is not None:
        done: list[str] = []
        for one in having:
            try:
                archive_reading.erase(
                    archive_folder.where(archives.folder, one), [(case, seq) for seq in seqs]
                )
            except ArchiveUnreadable as error:
                if done:
                    raise StoreUnavailable(_half_out(done, one.name)) from error
                raise
            done.append(one.name)
        archive_folder.discard_leftovers(archives.folder, lambda: archive_rows.listed(connection))
    return bool(having)


def _half_out(done: Collection[str], name: str) -> Sentence:
    return say(
        "The texts are gone from %(done)s, but not from %(name)s, which could not be written: "
        "nothing of it is on record yet. Ask for the same erasure once more when it can be; "
        "until then checks of the record name these entries.",
        done=", ".join(done),
        name=name,
    )


def sharing(connection: Connection, case: UUID, numbers: Collection[int]) -> frozenset[int]:
    """Give the numbers of all documents of a case whose bytes are those of these."""
    named = select(document.c.blob).where(document.c.instance == case, document.c.no.in_(numbers))
    same = select(document.c.no).where(document.c.instance == case, document.c.blob.in_(named))
    return frozenset(connection.scalars(same)) | frozenset(numbers)


def erase_documents(connection: Connection, case: UUID, numbers: Collection[int], at: datetime) -> list[str]:
    """Mark the bytes of documents of a case as erased; gives the objects to be destroyed after the commit."""
    named = select(document.c.blob).where(document.c.instance == case, document.c.no.in_(numbers))
    ours = (blob.c.id.in_(named), blob.c.erased_at.is_(None))
    objects = list(connection.scalars(select(blob.c.object).where(*ours)))
    connection.execute(update(blob).where(*ours).values(erased_at=at, filename=""))
    return objects


def forget_beside(connection: Connection, case: UUID) -> None:
    """Let go of everything beside the record that may repeat what an ended case said."""
    tasks = select(task.c.id).where(task.c.instance == case)
    connection.execute(delete(draft).where(draft.c.task.in_(tasks)))
    connection.execute(update(task).where(task.c.instance == case).values(pause_reason=None))
    connection.execute(update(incident).where(incident.c.instance == case).values(seen="[]", sent=None))
    connection.execute(update(moved).where(moved.c.instance == case).values(before=None))
    told = or_(message.c.instance == case, message.c.taken_by == case)
    connection.execute(update(message).where(told).values(payload="{}", correlation="{}"))


def forget_cancel_reason(connection: Connection, case: UUID) -> None:
    """Take the reason out with which a case was cancelled."""
    connection.execute(update(instance).where(instance.c.id == case).values(cancel_reason=""))


def document_numbers(connection: Connection, case: UUID) -> frozenset[int]:
    """Give the numbers of the documents of a case."""
    return frozenset(connection.scalars(select(document.c.no).where(document.c.instance == case)))
