"""Cases for tests of the record: what is written into their forms, and how they are worked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from engine.actions import documents, drafts
from engine.ids import new_id
from engine.model.event_log import LogFormat, Selection
from engine.record.event_logs.formats import parts_of
from engine.record.event_logs.log import opened_log
from tests.offices import Office, scan

_MINUTE = timedelta(minutes=1)
ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
HOSTILE = "=HYPERLINK(\"http://contoh.invalid\") ]]> <x a='1'>&amp; 報告 🗂 \x1b[31m;=1+1"


def finished(office: Office, refusals: int = 0) -> UUID:
    """Work a case of *izin* to its end, refused so often on the way."""
    case = office.start(knowingly=True).instance
    for answer in ["Tidak"] * refusals + ["Ya"]:
        office.complete(case, "mengajukan", "joko", ASKED)
        office.clock.move(_MINUTE)
        office.complete(case, "memeriksa", "rina", {"keputusan": answer, "catatan": "Perbaiki rinciannya"})
        office.clock.move(_MINUTE)
    drafts.stage(office.engine, office.people["wati"], office.open_task(case, "mengarsipkan").id, scan(), {})
    office.complete(case, "mengarsipkan", "wati", {"lokasi": "Lemari 3"})
    return case


def said(office: Office, case: UUID, text: str) -> None:
    """Comment on the first open task of a case."""
    task = office.open_task(case, office.open_elements(case)[0])
    documents.comment(office.engine, office.people["joko"], task.id, text, new_id())


def written(office: Office, form: LogFormat, asked: Selection | None = None) -> str:
    """Write a log of a text format."""
    actor = office.people["agus"]
    with opened_log(office.engine, actor, asked or Selection()) as log:
        return b"".join(parts_of(form, log)).decode()
