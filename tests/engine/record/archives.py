"""An office with ended cases whose texts are moved to an archive file."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from engine.core import Sealing
from engine.model.archive import Archive
from engine.record.archiving import Archived, Asked, Phase, archive
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked as ToVerify
from engine.record.verification import Verified, verify
from tests.engine.record.cases import finished
from tests.engine.record.killed_archiving import KILLED, Moment
from tests.offices import Office

ROOT = Path(__file__).parents[3]
LATER = date(2026, 12, 1)  # all cases of these tests ended before


@dataclass
class Scene:
    """An office with two cases that ended and one that runs, sealed, a checkpoint outside."""

    office: Office
    sealing: Sealing
    cases: list[UUID]
    running: UUID

    @property
    def folder(self) -> Path:
        """Give the folder of archive files."""
        folder = self.office.engine.store.archives.folder
        assert folder
        return folder

    @property
    def file(self) -> Path:
        """Give the first archive file."""
        return self.folder / "archive-1.alur"

    def archived(self, before: date = LATER, sop: str = "") -> Archived:
        """Archive as the administrator does."""
        return archive(self.office.engine, self.office.people["dewi"], Asked(before=before, sop=sop), unseen)

    def made(self) -> Archive:
        """Archive, and give the archive."""
        made = self.archived().made
        assert made
        return made

    def verified(self) -> Verified:
        """Verify with the public key and the folder of checkpoints."""
        assert self.sealing.folder
        keys = public_keys(public_file(self.sealing.key))
        return verify(self.office.engine, ToVerify(keys=keys, folders=[self.sealing.folder]))

    def said(self) -> str:
        """Verify; gives all that is wrong."""
        return "\n".join(str(one.sentence) for one in self.verified().findings.listed)

    def killed(self, phase: Phase | Moment, database: str) -> None:
        """Archive in a process that dies when it comes to a phase, or to a moment within one."""
        told = {
            "database": database,
            "blobs": str(self.folder.parent / "blobs"),
            "archives": str(self.folder),
            "key": str(self.sealing.key),
            "now": self.office.clock.now().isoformat(),
            "phase": phase.value,
        }
        command = [sys.executable, "-m", "tests.engine.record.killed_archiving", json.dumps(told)]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        assert done.returncode == KILLED, done.stderr

    def rewritten(self, statement: str) -> None:
        """Change the archive file as anybody with a SQLite tool can."""
        with closing(sqlite3.connect(self.file)) as connection:
            assert connection.execute(statement).rowcount
            connection.commit()


def unseen(_phase: Phase, _done: int, _total: int) -> None:
    """Show no progress."""


def set_up(office: Office, sealing: Sealing) -> Scene:
    """Work two cases to their end, one of them returned twice, and begin a third."""
    cases = [finished(office), finished(office, refusals=2)]
    running = office.start(knowingly=True).instance
    office.clock.move(timedelta(days=30))
    seal(office.engine)
    assert keep_due(office.engine)
    assert bring_due(office.engine)
    return Scene(office, sealing, cases, running)
