"""An office that is being audited: a case in which much happened, and a finding of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from engine.actions.deployment import Package, deploy
from engine.actions.offices import operator
from engine.actions.passwords import hash_password
from engine.actions.people import PersonForm, add_person
from engine.actions.roles import AssignmentForm, assign_role
from engine.bpmn.layout import laid_out
from engine.clock import Clock, SetClock
from engine.core import Engine
from engine.model.event import EventKind
from engine.opening import Places, open_engine
from engine.storage import people
from tests.journeys.person import Person
from tests.journeys.visitor import Visitor
from tests.live import PASSWORD
from tests.offices import Office, assign
from tests.replaying import eventful
from tests.revisions import izin, with_a_check_before_archiving
from tests.webapp.visitors import find_office

AUDITOR = "Auditor"
OFFICE = "dinas-pendidikan"
LETTER = "700/118/2026"
# Who of the demo plays whom of the tests; the second of the staff is made, and so is a second auditor.
_CAST = {"joko": "staf", "rina": "kasub", "putu": "pemilik", "dewi": "admin", "agus": "auditor"}
_MORE = {"wati": ("Wati", "staf"), "tono": ("Tono", "auditor")}
_FINDING = {
    "Judul": "Izin diajukan sebelum biaya dihitung",
    "Kondisi": "Permohonan dikembalikan karena biaya terlalu tinggi.",
    "Kriteria": "Langkah 1 SOP Izin Kegiatan: rincian biaya dilampirkan.",
    "Sebab": "Rincian biaya tidak diminta lebih dahulu.",
    "Akibat": "Permohonan dikerjakan dua kali.",
    "Rekomendasi": "Minta rincian biaya sebelum permohonan diajukan.",
}

# The kinds of events that an auditor looks for.
TOLD = (
    EventKind.ATTEMPT_REFUSED,
    EventKind.TASK_ASSIGNED,
    EventKind.TASK_COMPLETED,
    EventKind.DRAFT_SAVED,
    EventKind.COMMENT_ADDED,
    EventKind.CASE_MOVED,
    EventKind.TASK_AMENDED,
)


@dataclass(frozen=True, kw_only=True)
class Played:
    """The case in which much happened, and where in it: the numbers of its events by kind."""

    case: UUID
    number: str
    seqs: Mapping[EventKind, tuple[int, ...]]

    @property
    def address(self) -> str:
        """Give the address of its replay."""
        return f"/audit/cases/{self.case.hex}"


def play(folder: Path) -> Played:
    """Play the case in the data folder of a server that does not run."""
    clock = SetClock(_monday(Clock().now()))
    places = Places(
        database=f"sqlite:///{folder / 'alur.db'}", blobs=str(folder / "blobs"), sandbox_workers=1
    )
    number = f"001/IZ/{clock.now().year}"
    engine = open_engine(places, clock)
    try:
        deploy(engine, operator(_office_id(engine)), _drawn(izin()))
        office = _cast(engine, clock)
        case = eventful(office, _drawn(with_a_check_before_archiving()))
        seqs: dict[EventKind, tuple[int, ...]] = {}
        for one in office.events(case):
            seqs[one.kind] = (*seqs.get(one.kind, ()), one.seq)
        return Played(case=case, number=number, seqs=seqs)
    finally:
        engine.close()


def write_a_finding(auditor: Visitor, number: str) -> str:
    """Write a finding of the case; gives its address."""
    auditor.open("/audit/findings/new")
    auditor.fill("Surat tugas", LETTER)
    for label, words in _FINDING.items():
        auditor.fill(label, words)
    auditor.fill("Berkas", f"{number} #3")
    auditor.press("Simpan draf")
    return auditor.address


def sign_in_to_audit(auditor: Person) -> None:
    """Sign in as the auditor of the demo."""
    auditor.open("/sign-in")
    auditor.press(AUDITOR)
    assert auditor.stands_at("Telusuri berkas")


def sign_in_by_password(who: Person, account: str) -> None:
    """Sign in as somebody who is not of the demo."""
    who.open("/sign-in")
    who.fill("Nama masuk", account)
    who.fill("Kata sandi", PASSWORD)
    who.press("Masuk")


def _monday(now: datetime) -> datetime:
    """Give a Monday's 08.30 in Jakarta, at least a week ago."""
    day = now - timedelta(days=7 + now.weekday())
    return day.replace(hour=1, minute=30, second=0, microsecond=0)


def _drawn(package: Package) -> Package:
    drawing = laid_out(package.bpmn)
    assert drawing is not None
    return replace(package, bpmn=drawing)


def _office_id(engine: Engine) -> UUID:
    with engine.store.reading() as connection:
        found = people.office_by_key(connection, OFFICE)
    assert found is not None
    return found


def _cast(engine: Engine, clock: SetClock) -> Office:
    _add(engine, _MORE)
    demo = find_office(engine, clock, OFFICE)
    demo.people.update({name: demo.people[account] for name, account in _CAST.items()})
    assign(demo, "agus", "tono", number=LETTER, issuer="Inspektur Kabupaten Blitar")
    return demo


def _add(engine: Engine, more: Mapping[str, tuple[str, str]]) -> None:
    """Give people a role and the password of the demo."""
    office = _office_id(engine)
    actor, hashed = operator(office), hash_password(PASSWORD)
    with engine.store.reading() as connection:
        roles = people.role_keys(connection, office)
    since = engine.clock.now().date().isoformat()
    for account, (name, role) in more.items():
        person = add_person(engine, actor, PersonForm(sign_in_name=account, name=name))
        with engine.store.transaction() as connection:
            people.swap_password(connection, person, None, hashed)
        assign_role(engine, actor, roles[role], AssignmentForm(person=person.hex, since=since))
