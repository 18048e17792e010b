"""A new archive file: every case that is wanted written, signed, and read back before anybody knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from engine.core import Engine, Sealing
from engine.errors import AlurError, Conflict, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.archive import CONTEXT, FORMAT, Archive, file_name, vouched
from engine.model.event import first_broken
from engine.record.archive_check import check_file, end_of
from engine.record.signing import open_signer
from engine.software import SOFTWARE
from engine.storage import archive_folder, archive_rows, archiving, seals
from engine.storage.archive_writing import CaseFacts, Writer, writing, written
from engine.storage.archiving import Wanted
from engine.storage.seals import Tree
from engine.storage.transaction import Connection

AT_ONCE = 100  # cases that are read at once, and that one transaction points to the file


class Phase(StrEnum):
    """What is being done; each is counted in cases or events."""

    WRITING = "writing"
    CHECKING = "checking"
    NOTED = "noted"
    SETTLING = "settling"


Progress = Callable[[Phase, int, int], None]  # done, of how many


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which cases: those that ended before a day, of one SOP (its key) or of all."""

    before: date
    sop: str = ""


def wanted_of(engine: Engine, actor: Actor, asked: Asked) -> Wanted:
    """Say which cases are meant, by the days of the actor's office."""
    calendar = engine.calendar_of(actor.office)
    return Wanted(office=actor.office, before=calendar.start_of_day(asked.before), sop=asked.sop)


def write_archive(
    engine: Engine, actor: Actor, asked: Asked, folder: Path, sealing: Sealing, progress: Progress
) -> Archive:
    """Write the file under its other name, and read it back."""
    id_, now = new_id(), engine.clock.now()
    part = archive_folder.part_of(folder, id_)
    with engine.store.reading() as connection, writing(part) as writer:
        number, tree = archive_rows.next_number(connection), seals.tree_of(connection)
        if (folder / file_name(number)).exists():
            raise Conflict(in_the_way(folder, number))
        cases = _cases(connection, writer, wanted_of(engine, actor, asked), progress)
        facts = {
            "format": FORMAT,
            "record": tree.origin if tree else "",
            "number": str(number),
            "id": id_.hex,
            "until": asked.before.isoformat(),
            "cases": str(len(cases)),
            "events": str(writer.events),
            "made_at": written(now),
            "made_by": actor.name,
            "software": SOFTWARE,
        }
        writer.end(_signed(facts, cases, tree, sealing))
    _must_be_whole(part, progress)
    return Archive(
        number=number,
        id=id_,
        name=file_name(number),
        until=asked.before,
        cases=len(cases),
        events=writer.events,
        size=part.stat().st_size,
        made_at=now,
        settled_at=None,
    )


def _cases(connection: Connection, writer: Writer, wanted: Wanted, progress: Progress) -> list[CaseFacts]:
    """Write every case that is wanted; one whose events do not fit its chain ends it."""
    total = archiving.count(connection, wanted)
    cases: list[CaseFacts] = []
    while some := archiving.cases_after(connection, wanted, cases[-1].id if cases else None, AT_ONCE):
        events = archiving.events_of(connection, [one.id for one in some])
        for case in some:
            ours = events.get(case.id, [])
            if first_broken(ours, case.chain) or len(ours) != case.events:
                raise Conflict(
                    say(
                        "The record of case %(number)s does not fit. Nothing was archived; "
                        "alur audit verify says what is wrong.",
                        number=case.number,
                    )
                )
            writer.add(case, ours)
        cases += some
        progress(Phase.WRITING, len(cases), total)
    return cases


def _signed(
    facts: dict[str, str], cases: list[CaseFacts], tree: Tree | None, sealing: Sealing
) -> dict[str, str]:
    signer = open_signer(sealing.key, tree.origin if tree else None)
    facts = {**facts, "key": signer.public.line}
    note = signer.sign_text(CONTEXT, vouched(facts, map(end_of, cases)))
    return {**facts, "checkpoint": tree.checkpoint if tree else "", "signature": note}


def _must_be_whole(part: Path, progress: Progress) -> None:
    try:
        found = check_file(part, progress=lambda done, total: progress(Phase.CHECKING, done, total))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if found.findings.total:
        part.unlink(missing_ok=True)
        why = found.findings.listed[0].sentence
        raise AlurError(
            say("The archive was written and is not whole: %(why)s Nothing was archived.", why=why)
        )


def in_the_way(folder: Path, number: int) -> Sentence:
    """Say that a file of the next number is there already."""
    return say(
        "%(path)s is there already, and is no archive of this database: was that restored from a backup? "
        "Move the file elsewhere.",
        path=str(folder / file_name(number)),
    )
