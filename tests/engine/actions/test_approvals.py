"""Whom an approval names: as on the signed paper, else by the account, else as the header was typed."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import select, update

from engine.actions import drafts
from engine.actions.approvals import Approval, approve
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.submissions import submit
from engine.errors import Invalid
from engine.job_calls import Calls
from engine.model.event import EventKind
from engine.model.revision import Signatory
from engine.queries.library import sop_page
from engine.queries.review import review_page
from engine.queries.task_page import task_page
from engine.storage import versions
from engine.storage.tables import instance, person
from tests.offices import LIBRARY, Office, scan
from tests.revising import draft, today

TYPED = Signatory(post="Kepala Dinas Contoh", name="Dra. Lina Sari", nip="196210271988031006")


def submitted(office: Office, typed: Signatory = TYPED) -> int:
    """Submit a draft whose header names who is to approve it."""
    one = draft(office)
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
        files = versions.files_of(connection, process, 1)
    assert files is not None
    named = f'approverPost="{typed.post}" approverName="{typed.name}" approverNip="{typed.nip}" title='
    bpmn = files.bpmn.replace("title=", named, 1)
    assert bpmn != files.bpmn
    save_draft(office.engine, office.people["putu"], one, DraftChange(revision=1, bpmn=bpmn.encode()))
    return submit(office.engine, office.people["putu"], one, 2)[1]


def approved(office: Office, number: int, signatory: Signatory) -> None:
    approval = Approval(
        number="065/1", effective_from=today(office), paper=scan(slot="paper"), signatory=signatory
    )
    approve(office.engine, office.people["lina"], "izin", number, approval)


def header(office: Office, number: int) -> Signatory:
    """Read whom the document of a revision names."""
    said = sop_page(office.engine, office.people["joko"], "izin", number).header
    return Signatory(post=said.approver_post, name=said.approver_name, nip=said.approver_nip)


def account(office: Office, **columns: str) -> None:
    with office.engine.store.transaction() as connection:
        lina = office.people["lina"].person
        connection.execute(update(person).where(person.c.id == lina).values(**columns))


def test_the_header_names_whom_the_approver_read_on_the_paper(office: Office) -> None:
    number = submitted(office)
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
    assert process is not None
    lina = office.people["lina"]
    proposed = review_page(office.engine, lina, "izin", number).signatory
    assert proposed == TYPED
    approved(office, number, proposed)
    assert header(office, number) == TYPED
    [told] = [one for one in office.events(process) if one.kind is EventKind.VERSION_APPROVED]
    assert json.loads(told.payload or "")["approver"] == [TYPED.post, TYPED.name, TYPED.nip]
    assert told.actor == lina.person  # whoever the paper names, the record says whose account it was
    assert review_page(office.engine, lina, "izin", number).account == "Lina"


def test_what_is_not_said_is_as_in_the_account_and_what_that_lacks_as_typed(office: Office) -> None:
    account(office, post="")
    number = submitted(office)
    approved(office, number, Signatory())
    assert header(office, number) == Signatory(post=TYPED.post, name="Lina", nip="")  # not another's NIP


def test_a_header_without_a_name_gets_that_of_the_account(office: Office) -> None:
    account(office, post="Kepala Dinas", nip="197001011990031001")
    number = submitted(office, Signatory())
    lina = office.people["lina"]
    approved(office, number, review_page(office.engine, lina, "izin", number).signatory)
    assert header(office, number) == Signatory(post="Kepala Dinas", name="Lina", nip="197001011990031001")
    assert review_page(office.engine, lina, "izin", number).account == ""


def test_words_that_are_too_long_for_a_header_are_refused(office: Office) -> None:
    number = submitted(office)
    with pytest.raises(Invalid) as refused:
        approved(office, number, Signatory(post="x" * 201, name="x" * 201, nip="1" * 31))
    assert [one.field for one in refused.value.problems] == ["post", "name", "nip"]


def test_the_step_of_a_case_asks_for_them_with_what_was_typed(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    number = submitted(office)
    with office.engine.store.reading() as connection:
        case = connection.scalars(select(instance.c.id)).one()
    office.complete(case, "mereviu_usulan", "lina", {"keputusan": "Ya"})
    begins = begun_with(office, case)
    assert begins == {"jabatan": TYPED.post, "nama": TYPED.name, "nip": TYPED.nip}
    fields = {"nomor_sop": "065/12/2026", "berlaku_mulai": today(office).isoformat(), **begins}
    task = office.open_task(case, "mengesahkan")
    sent = {name: [value] for name, value in fields.items()}
    drafts.stage(office.engine, office.people["lina"], task.id, scan(slot="naskah"), sent)
    office.complete_task(task.id, "lina", fields | {"nama": "Lina Sari"})
    Calls(office.engine).do_one()
    assert header(office, number) == Signatory(post=TYPED.post, name="Lina Sari", nip=TYPED.nip)


def begun_with(office: Office, case: UUID) -> dict[str, str]:
    """Read what stands in the fields about the signature before anybody typed."""
    page = task_page(office.engine, office.people["lina"], office.open_task(case, "mengesahkan").id)
    assert page.form is not None
    return {name: page.form.raw[name][0] for name in ("jabatan", "nama", "nip")}
