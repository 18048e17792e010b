"""Cases whose figures are worked out by hand: two rounds of one, a quick one, and one that is cancelled.

Monday, 23 November 2026, 09.00 WIB on; work is from 07.30 to 16.00 with an hour's break at noon.

========== =========================== ======= ======= ====== =====
case       step                        opened  done    worked late
========== =========================== ======= ======= ====== =====
first      mengajukan 1 (joko)         09.00   10.00   60     no
           memeriksa 1 (rina): Tidak   10.00   11.00   60     no
           mengajukan 2 (joko)         11.00   14.30   150    yes
           memeriksa 2 (rina): Ya      14.30   15.00   30     no
           mengarsipkan (wati)         15.00   15.50   20     no    (claimed at 15.30: 30 waited)
second     mengajukan 1 (joko), Tue    09.00   09.40   40     no
third      begun and cancelled by putu, Tue 09.40
========== =========================== ======= ======= ====== =====
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from engine.actions import cancellation, drafts, tasks
from tests.offices import Office, scan

NOTES = "Rincian biaya belum ada"


@dataclass(frozen=True)
class Worked:
    """The three cases."""

    first: UUID
    second: UUID
    third: UUID


def work(office: Office, notes: str = NOTES) -> Worked:
    """Work the cases; the clock ends on Tuesday, 09.40 WIB."""
    first = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=60))
    ask(office, first)
    office.clock.move(timedelta(minutes=60))
    office.complete(first, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": notes})
    office.clock.move(timedelta(hours=3, minutes=30))
    ask(office, first)
    office.clock.move(timedelta(minutes=30))
    office.complete(first, "memeriksa", "rina", {"keputusan": "Ya"})
    office.clock.move(timedelta(minutes=30))
    archived = office.open_task(first, "mengarsipkan")
    tasks.claim(office.engine, office.people["wati"], archived.id)
    office.clock.move(timedelta(minutes=20))
    archive(office, first)
    office.clock.move(timedelta(hours=17, minutes=10))
    second = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=40))
    ask(office, second)
    third = office.start(knowingly=True).instance
    cancellation.cancel(office.engine, office.people["putu"], third, "Dobel")
    return Worked(first, second, third)


def ask(office: Office, case: UUID) -> None:
    """Complete the first step."""
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})


def archive(office: Office, case: UUID, by: str = "wati") -> None:
    """Complete the last step with its scan."""
    task = office.open_task(case, "mengarsipkan")
    drafts.stage(office.engine, office.people[by], task.id, scan(), {})
    office.complete(case, "mengarsipkan", by, {"lokasi": "Lemari 3"})
