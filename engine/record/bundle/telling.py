"""The case in words: what the report says, before it is drawn as a page or as a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.form_documents import Section, Table
from engine.forms.display import list_differences, show_field, text_of
from engine.forms.fields import Field, FieldType
from engine.model.calendar import WorkCalendar
from engine.model.checkpoint import PublicKey
from engine.model.definition import Step, TimeUnit
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.naming import post_and_name
from engine.queries.case_papers import DocumentVersion
from engine.queries.evidence import Evidence, Proved
from engine.record.bundle.words import STATES, STATUS, happened, moment

# Of a payload: what says something by itself, with its label.
_SAID = {
    "text": "Isi",
    "reason": "Alasan",
    "name": "Nama",
    "why": "Sebab (sebagaimana dicatat)",
    "done_on": "Dilaksanakan pada",
    "to": "Kepada",
    "of": "Kepada",
}
_SUBMITTED = (EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED)
_ERASED = "Isi kejadian ini telah dihapus menurut ketentuan hukum; digest-nya tetap membuktikan bahwa ia ada."
_EMPTY = "Isi kejadian ini tidak ada, dan tidak ada catatan penghapusannya."
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is told: a title, and sections from top to bottom."""

    title: str
    office: str
    number: str
    at: datetime  # in the office's zone
    head: tuple[Section, ...]
    events: tuple[Section, ...]
    proof: Section


def tell(evidence: Evidence, calendar: WorkCalendar, at: datetime, by: str, key: PublicKey) -> Report:
    """Tell a case whose events are all sealed; ``key`` signs the bundle."""
    teller = Teller(evidence, calendar)
    here = calendar.local(at)
    made = (("Dibuat", moment(here)), ("Diminta oleh", by), ("Sidik jari kunci", key.fingerprint))
    return Report(
        title="Laporan berkas",
        office=evidence.office,
        number=evidence.facts.number,
        at=here,
        head=(teller.case(), teller.steps(), teller.documents()),
        events=tuple(teller.event(one) for one in evidence.events),
        proof=Section(title="Bukti", pairs=(*made, *teller.proof())),
    )


class Teller:
    """Puts a case into words, part by part."""

    def __init__(self, evidence: Evidence, calendar: WorkCalendar) -> None:
        """Take the case, and the calendar of its office."""
        self._evidence = evidence
        self._calendar = calendar
        acts = (one for one in evidence.events if one.event.kind is EventKind.DATA_ERASED)
        self._erased = {seq for one in acts for seq in one.said.get("events", ())}

    def case(self) -> Section:
        """Tell what heads the case."""
        facts = self._evidence.facts
        revisions = ", ".join(str(one.number) for one in self._evidence.revisions)
        pairs = [
            ("Nomor", facts.number),
            ("Judul", facts.title),
            ("SOP", f"{facts.sop_name}, revisi {revisions}"),
            ("Status", STATUS[facts.status]),
            ("Dimulai", f"{self._moment(facts.started_at)}, oleh {facts.starter}"),
            ("Berakhir", self._moment(facts.ended_at) if facts.ended_at else "belum"),
            ("Alasan pembatalan", facts.cancel_reason),
        ]
        return Section(pairs=tuple(one for one in pairs if one[1]))

    def steps(self) -> Section:
        """Tell what each completed step took, in working minutes."""
        rows = tuple(
            (
                self.step_name(one),
                str(one.event.round or 1),
                self.who(one),
                self._short(one.event.at),
                str(one.said.get("worked", "")),
                str(one.said.get("waited", "")),
                self._standard(one),
            )
            for one in self._evidence.events
            if one.event.kind is EventKind.TASK_COMPLETED
        )
        columns = ("Kegiatan", "Putaran", "Oleh", "Selesai", "Menit kerja", "Menit tunggu", "Waktu baku")
        table = Table(columns=columns, rows=rows, numbers=frozenset({4, 5})) if rows else None
        return Section(title="Langkah dan waktunya", table=table)

    def documents(self) -> Section:
        """Tell each version of each document."""
        rows = tuple(
            (
                one.name,
                str(one.version),
                self._state(one),
                one.author,
                self._short(one.at),
                one.sha256 or "dibuat dari formulir",
            )
            for one in self._evidence.documents
        )
        columns = ("Dokumen", "Versi", "Status", "Oleh", "Pada", "SHA-256")
        return Section(title="Dokumen", table=Table(columns=columns, rows=rows) if rows else None)

    def _state(self, one: DocumentVersion) -> str:
        """Say what became of a document: in a finished case nothing that was not reviewed is a draft."""
        if one.state is DocumentState.DRAFT and self._evidence.facts.status is InstanceStatus.FINISHED:
            return "Tanpa reviu"
        return STATES[one.state]

    def event(self, one: Proved) -> Section:
        """Tell one event: who, when, and what was entered, old and new."""
        event = one.event
        title = f"{event.seq}. {happened(event.kind)}"
        if event.element:
            title += f": {self.step_name(one)}" + (
                f", putaran {event.round}" if (event.round or 1) > 1 else ""
            )
        pairs: Pairs = [("Pada", self._moment(event.at)), ("Oleh", self.who(one))]
        if event.payload is None:
            pairs.append(("Dihapus", _ERASED) if event.seq in self._erased else ("Kosong", _EMPTY))
        pairs += [(label, self._plain(one.said[key])) for key, label in _SAID.items() if one.said.get(key)]
        if event.kind is EventKind.TASK_OPENED:
            pairs += self._opened(one)
        if revisions := one.said.get("revisions"):
            pairs.append(("Revisi", f"{revisions[0]} menjadi {revisions[1]}"))
        rows = tuple(self._values(one)) if event.kind in _SUBMITTED else ()
        pairs += [("Dokumen", text) for text in _named(one.said)]
        table = Table(columns=("Isian", "Semula", "Menjadi"), rows=rows) if rows else None
        return Section(title=title, pairs=tuple(pairs), table=table)

    def proof(self) -> Iterator[tuple[str, str]]:
        """Tell by what all this is proved."""
        tree = self._evidence.tree
        if tree is not None:
            yield "Titik periksa", tree.checkpoint
            yield "Kejadian berkas", str(len(self._evidence.events))
        yield "Cara memeriksa", "Baca README.txt di dalam paket bukti ini."

    def _opened(self, one: Proved) -> Iterator[tuple[str, str]]:
        lanes = {lane.role: lane.name for lane in one.version.definition.lanes}
        role, due = one.said.get("role", ""), one.said.get("due")
        yield "Untuk", self._plain(one.said.get("assignee") or lanes.get(role, role))
        if due:
            yield "Batas waktu", self._moment(datetime.fromisoformat(due))

    def _standard(self, one: Proved) -> str:
        step = self._found(one)
        time = step.standard_time if step else None
        if time is None:
            return "tidak ada"
        return f"{time.value} menit" if time.unit is TimeUnit.MINUTE else f"{time.value} hari kerja"

    def _values(self, one: Proved) -> Iterator[tuple[str, str, str]]:
        step = self._found(one)
        form = one.version.form_of(step) if step else None
        data, was = one.said.get("data") or {}, one.said.get("was") or {}
        names = self._evidence.names
        for field in form.inputs if form else ():
            if field.key not in data:
                continue
            if field.type is FieldType.LIST:
                before = was.get(field.key, was.get(f"={field.shared}"))
                yield from self._rows(field, data[field.key], before)
                continue
            texts = text_of(field, was.get(field.key), names), text_of(field, data[field.key], names)
            if any(texts):
                yield field.label, *texts

    def _rows(self, field: Field, value: object, before: object) -> Iterator[tuple[str, str, str]]:
        names = self._evidence.names
        if isinstance(before, list):
            for one in list_differences(field, before, value, names):
                place = f"{field.label}, baris {one.row}" + (f", {one.column}" if one.column else "")
                yield place, one.before, one.after
            return
        for number, row in enumerate(show_field(field, value, names).rows, 1):
            yield f"{field.label}, baris {number}", "", "; ".join(cell for cell in row if cell)

    def _found(self, one: Proved) -> Step | None:
        steps = one.version.definition.steps
        return next((step for step in steps if step.element == one.event.element), None)

    def step_name(self, one: Proved) -> str:
        """Name the step it is of; nothing where it is of none."""
        step = self._found(one)
        return step.name if step else one.event.element or ""

    def who(self, one: Proved) -> str:
        """Say who did it, and in whose name."""
        event, people = one.event, self._evidence.people
        who = post_and_name(*people.get(event.actor, ("", ""))) if event.actor else "Alur"
        if event.on_behalf_of is None:
            return who
        return f"{who} atas nama {post_and_name(*people.get(event.on_behalf_of, ('', '')))}"

    def _plain(self, value: object) -> str:
        return self._evidence.names.get(str(value), str(value))

    def _moment(self, at: datetime) -> str:
        return moment(self._calendar.local(at))

    def _short(self, at: datetime) -> str:
        return f"{self._calendar.local(at):%d-%m-%Y %H.%M}"


def _named(said: Mapping[str, Any]) -> Iterator[str]:
    for entry in said.get("documents") or ():
        if isinstance(entry, list) and len(entry) > 2:  # noqa: PLR2004 - number, name, version
            yield f"{entry[1]}, versi {entry[2]}"
