"""Archives in a process of its own (``python -m``) that dies at a phase, or within one."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Sealing
from engine.opening import Places, open_engine
from engine.record.archiving import Asked, Phase, archive
from engine.storage import people

KILLED = 9


class Moment(StrEnum):
    """When it dies besides the phases: between the event on record and the first case that is moved."""

    NAMING = "naming"  # before the file gets its name
    NAMED = "named"  # it has it, and nothing was read from it
    ERASING = "erasing"  # within the commit in the file
    ERASED = "erased"  # the file was committed, the database was not


# What SQLite is told first of all after the file has its name.
_STATEMENTS = {
    Moment.NAMED: "SELECT value FROM about WHERE name = 'id'",
    Moment.ERASING: "COMMIT",
    Moment.ERASED: "SELECT seq, no, kind, length(payload)",
}


def _die_at(moment: Moment) -> None:
    """Die when the file is renamed, or when SQLite begins with a statement on a file that has its name."""
    connect = sqlite3.connect

    def traced(statement: str) -> None:
        if statement.startswith(_STATEMENTS[moment]):
            os._exit(KILLED)

    def connected(address: str, **how: Any) -> sqlite3.Connection:
        made = connect(address, **how)
        if moment in _STATEMENTS and ".alur?" in str(address):
            made.set_trace_callback(traced)
        return made

    def heard(what: str, told: tuple[Any, ...]) -> None:
        if moment is Moment.NAMING and what == "os.rename" and str(told[1]).endswith(".alur"):
            os._exit(KILLED)

    sys.addaudithook(heard)
    sqlite3.connect = connected  # type: ignore[assignment] # in this process alone, which is about to die


def main() -> None:
    """Read from the first argument where everything is, and at which phase to die."""
    told = json.loads(sys.argv[1])
    if told["phase"] in set(Moment):
        _die_at(Moment(told["phase"]))
    engine = open_engine(
        Places(
            database=told["database"],
            blobs=told["blobs"],
            archives=Path(told["archives"]),
            sealing=Sealing(key=Path(told["key"])),
            sandbox_workers=1,
        ),
        SetClock(datetime.fromisoformat(told["now"])),
    )

    def progress(phase: Phase, _done: int, _total: int) -> None:
        if phase.value == told["phase"]:
            os._exit(KILLED)

    with engine.store.reading() as connection:
        office = people.office_by_key(connection, "")
    assert office
    archive(engine, operator(office), Asked(before=date(2026, 12, 1)), progress)


if __name__ == "__main__":
    main()
