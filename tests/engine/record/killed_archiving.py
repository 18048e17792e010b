"""Archives in a process of its own (``python -m``) that dies at a phase, as a killed one does."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path

from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Sealing
from engine.opening import Places, open_engine
from engine.record.archiving import Asked, Phase, archive
from engine.storage import people

KILLED = 9


def main() -> None:
    """Read from the first argument where everything is, and at which phase to die."""
    told = json.loads(sys.argv[1])
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
