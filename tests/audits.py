"""An office that is audited: a finding with its answers, a question, a sample; all name the same person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from engine.actions import finding_answers as answers
from engine.actions import findings as finding_acts
from engine.actions import inquiries, sample_notes, samples
from engine.actions.findings import FindingForm
from engine.actions.inquiries import InquiryForm
from engine.actions.offices import operator
from engine.actions.reads import note_listing
from engine.actions.roles import AssignmentForm, assign_role
from engine.actions.sample_notes import CaseNote
from engine.actions.samples import SampleForm
from engine.core import Sealing
from engine.ids import new_id
from engine.model.sampling import Verdict
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, Verified, verify
from engine.storage import people
from tests.offices import Office, assign

NAME = "Siti Rahmawati"
LETTER = "700/112/2026"


def audit(office: Office, folder: Path) -> Office:
    """Name somebody in a finding with its answer, in a question with its, in a sample, and in a search."""
    with office.engine.store.reading() as connection:
        role = people.role_keys(connection, office.id)["auditor"]
    tono = person(office, "tono")
    assign_role(office.engine, operator(office.id), role, AssignmentForm(person=tono.hex, since="2026-11-01"))
    office.people["tono"] = replace(office.people["tono"], roles=office.people["agus"].roles)
    assign(office, "agus", "tono", number=LETTER)
    office.engine = replace(
        office.engine, sealing=Sealing(key=folder / "seal.key", folder=folder / "checkpoints")
    )
    agus, case = office.people["agus"], office.start().instance
    letter = next(one.assignment for one in agus.coverage if one.number == LETTER)
    found = finding_acts.draft(
        office.engine,
        agus,
        letter,
        FindingForm(
            title="Surat tanpa nomor",
            condition=f"Surat {NAME} tanpa nomor.",
            criteria="Langkah 12: surat diberi nomor.",
            cause="Agenda tidak dipakai.",
            effect="Surat tidak dapat ditelusuri.",
            recommendation="Pakai agenda.",
            figures="/audit/figures?sop=izin",
        ),
    )
    finding_acts.review(office.engine, office.people["tono"], found, 1)
    finding_acts.deliver(office.engine, agus, found, 2)
    answers.answer(office.engine, office.people["putu"], found, 3, f"{NAME} sudah diberi nomor.")
    answers.answer(office.engine, office.people["putu"], found, 4, "Setuju.")
    form = InquiryForm(attempt=new_id(), to=person(office, "rina"), question=f"Siapa {NAME}?")
    asked = inquiries.ask(office.engine, agus, case, form)
    inquiries.answer(office.engine, office.people["rina"], asked, f"{NAME} pemohon.")
    drawn = samples.take(office.engine, agus, letter, SampleForm(title="Uji petik", size=1, seed="1"))
    note = CaseNote(place=1, revision=1, verdict=Verdict.EXCEPTION, text=f"Berkas {NAME}")
    sample_notes.save(office.engine, agus, drawn, [note])
    note_listing(office.engine, agus, "cases", {"q": NAME.lower()})
    return office


def person(office: Office, name: str) -> UUID:
    found = office.people[name].person
    assert found is not None
    return found


def verified(office: Office) -> Verified:
    sealing = office.engine.sealing
    seal(office.engine)
    keep_due(office.engine)
    bring_due(office.engine)
    assert sealing.folder
    keys = public_keys(public_file(sealing.key))
    return verify(office.engine, Asked(keys=keys, folders=[sealing.folder]))


def wrong(office: Office) -> list[str]:
    """Verify; gives what is wrong."""
    return [str(one.sentence) for one in verified(office).findings.listed]
