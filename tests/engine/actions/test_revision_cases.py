"""A revision is decided by a case: begun by the submission, carried out as the people who did its steps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select, update

from engine.actions import drafts
from engine.actions.approvals import Approval, approve, return_version, withdraw
from engine.actions.cancellation import cancel
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.review_comments import comment, settle
from engine.actions.revision_cases import start_revision_cases
from engine.actions.submissions import ask_approval
from engine.errors import Conflict, Forbidden, NotFound
from engine.ids import new_id
from engine.job_calls import Calls
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus, VersionState
from engine.model.permission import RoleKind
from engine.queries.review import review_page
from engine.queries.revision_decided import decided
from engine.queries.task_page import task_page
from engine.storage import revision_cases
from engine.storage.tables import blob, instance, job, process_version
from tests.offices import LIBRARY, Office, scan
from tests.revising import also, submitted, today

YES = {"keputusan": "Ya"}
NO = {"keputusan": "Tidak", "alasan": "Waktu baku belum disepakati"}


@pytest.fixture
def ruled(office: Office) -> Office:
    """Give an office that decides on revisions by the SOP that comes with Alur."""
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    return office


def cases(office: Office) -> list[UUID]:
    with office.engine.store.reading() as connection:
        return list(connection.scalars(select(instance.c.id).order_by(instance.c.id)))


def standing(office: Office, number: int = 2) -> tuple[VersionState, UUID | None]:
    with office.engine.store.reading() as connection:
        row = connection.execute(
            select(process_version.c.state, process_version.c.revision_case).where(
                process_version.c.number == number
            )
        ).one()
    return VersionState(row.state), row.revision_case


def status(office: Office, case: UUID) -> InstanceStatus:
    with office.engine.store.reading() as connection:
        return InstanceStatus(connection.scalar(select(instance.c.status).where(instance.c.id == case)))


def work(office: Office) -> int:
    calls, done = Calls(office.engine), 0
    while calls.do_one():
        done += 1
    return done


def sign(office: Office, case: UUID, by: str = "lina", day: date | None = None) -> None:
    """Complete the step that approves, with a scan, and have the worker do the rest."""
    fill(office, case, by, day or today(office))
    work(office)


def fill(office: Office, case: UUID, by: str, day: date) -> None:
    task = office.open_task(case, "mengesahkan")
    fields = {"nomor_sop": "065/12/2026", "berlaku_mulai": day.isoformat()}
    sent = {name: [value] for name, value in fields.items()}
    drafts.stage(office.engine, office.people[by], task.id, scan(slot="naskah"), sent)
    office.complete_task(task.id, by, fields)


def why(office: Office, case: UUID, element: str, by: str = "lina") -> str:
    """Read what the page of an open task says was refused."""
    page = task_page(office.engine, office.people[by], office.open_task(case, element).id)
    assert page.subject is not None
    return str(page.subject.refused or "")


def test_a_submission_begins_a_case_that_says_what_it_is_about(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    assert standing(ruled) == (VersionState.REVIEW, case)
    assert ruled.open_elements(case) == ["mereviu_usulan"]
    with ruled.engine.store.reading() as connection:
        row = connection.execute(select(instance).where(instance.c.id == case)).one()
    assert (row.title, row.starter) == ("Revisi 2: Izin Kegiatan", ruled.people["putu"].person)
    page = task_page(ruled.engine, ruled.people["lina"], ruled.open_task(case, "mereviu_usulan").id)
    assert page.subject is not None
    assert (page.subject.key, page.subject.number, page.subject.against.usual) == ("izin", 2, 1)


def test_an_office_without_the_sop_decides_on_the_page(office: Office) -> None:
    submitted(office)
    assert cases(office) == []
    assert review_page(office.engine, office.people["lina"], "izin", 2).may_approve


def test_an_sop_in_trial_decides_on_nothing(office: Office) -> None:
    package = read_package(LIBRARY / "revisi-sop")
    tried = package.bpmn.replace(b'effectiveOn="2026-01-01"', b'effectiveOn=""')
    deploy(office.engine, operator(office.id), replace(package, bpmn=tried))
    submitted(office)
    assert cases(office) == []


def test_what_was_lost_is_begun_by_the_worker_and_only_once(office: Office) -> None:
    submitted(office)
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    assert start_revision_cases(office.engine) == 1
    assert start_revision_cases(office.engine) == 0
    assert len(cases(office)) == 1


def test_of_two_cases_for_a_version_one_is_written(office: Office) -> None:
    submitted(office)
    with office.engine.store.transaction() as connection:
        version = connection.scalar(select(process_version.c.id).where(process_version.c.number == 2))
        assert revision_cases.take(connection, version, new_id())
        assert not revision_cases.take(connection, version, new_id())


def test_only_whoever_completed_a_step_reads_what_it_has_decided(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    task = ruled.open_task(case, "mengesahkan").id
    fill(ruled, case, "lina", today(ruled))
    found = decided(ruled.engine, ruled.people["lina"], task)
    assert found is not None
    assert (found.key, found.number, found.approved) == ("izin", 2, True)
    for name in ("joko", "putu"):
        with pytest.raises(NotFound):
            decided(ruled.engine, ruled.people[name], task)


def test_the_approvers_steps_put_it_in_force(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    sign(ruled, case)
    assert standing(ruled)[0] is VersionState.IN_FORCE
    with ruled.engine.store.reading() as connection:
        row = connection.execute(select(process_version).where(process_version.c.number == 2)).one()
        paper = connection.execute(select(blob).where(blob.c.id == row.approval)).one()
    assert (row.approver, row.sop_number) == (ruled.people["lina"].person, "065/12/2026")
    assert (row.effective_from, paper.filename) == (today(ruled), "Pindaian.pdf")
    approved = [one for one in ruled.events(row.process) if one.kind is EventKind.VERSION_APPROVED]
    assert [(one.actor, json.loads(one.payload or "")["case"]) for one in approved] == [
        (ruled.people["lina"].person, case.hex)
    ]
    assert ruled.open_elements(case) == ["memberitahukan"]
    tells = ruled.open_task(case, "memberitahukan").id
    subject = task_page(ruled.engine, ruled.people["putu"], tells).subject
    assert subject is not None
    assert subject.may_see_readers
    ruled.complete(case, "memberitahukan", "putu", {"tanggal": today(ruled).isoformat(), "cara": ["Rapat"]})
    assert status(ruled, case) is InstanceStatus.FINISHED


def test_a_day_to_come_is_waited_for(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    sign(ruled, case, day=today(ruled) + timedelta(days=7))
    assert standing(ruled)[0] is VersionState.APPROVED


def test_what_is_returned_goes_back_with_its_reason(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", NO)
    work(ruled)
    assert standing(ruled)[0] is VersionState.RETURNED
    assert ruled.open_elements(case) == ["memperbaiki"]
    with ruled.engine.store.reading() as connection:
        reason = connection.scalar(select(process_version.c.reason).where(process_version.c.number == 2))
    assert reason == NO["alasan"]


def test_what_is_asked_for_again_gets_a_new_case(ruled: Office) -> None:
    submitted(ruled)
    [first] = cases(ruled)
    ruled.complete(first, "mereviu_usulan", "lina", NO)
    work(ruled)
    ask_approval(ruled.engine, ruled.people["putu"], "izin", 2)
    second = cases(ruled)[-1]
    assert second != first
    assert standing(ruled) == (VersionState.REVIEW, second)


def test_what_the_rules_refuse_comes_back_with_the_sentence(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    said = new_id()
    comment(ruled.engine, ruled.people["lina"], "izin", 2, "", "Mengapa?", said)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    sign(ruled, case)
    assert standing(ruled)[0] is VersionState.REVIEW
    assert ruled.open_elements(case) == ["mengesahkan"]
    assert why(ruled, case, "mengesahkan").startswith("Some comments of the review are not settled")
    settle(ruled.engine, ruled.people["putu"], "izin", 2, said)
    sign(ruled, case)
    assert standing(ruled)[0] is VersionState.IN_FORCE


def test_nobody_approves_what_they_drafted_by_the_case_either(ruled: Office) -> None:
    also(ruled, "putu", "pengesah", RoleKind.APPROVER)
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "putu", YES)
    sign(ruled, case, by="putu")
    assert standing(ruled)[0] is VersionState.REVIEW
    assert why(ruled, case, "mengesahkan") == "Whoever worked on a revision cannot approve it."


def test_a_step_of_somebody_without_the_right_decides_nothing(office: Office) -> None:
    """Whoever draws the SOP may give the step to any role; the rule is not in the diagram."""
    package = read_package(LIBRARY / "revisi-sop")
    drawn = package.bpmn.replace(b'role="pengesah"', b'role="staf"')
    deploy(office.engine, operator(office.id), replace(package, bpmn=drawn))
    submitted(office)
    [case] = cases(office)
    office.complete(case, "mereviu_usulan", "joko", YES)
    sign(office, case, by="joko")
    assert standing(office)[0] is VersionState.REVIEW
    assert why(office, case, "mengesahkan", by="joko") == "Joko may not decide on SOPs."


def test_a_case_on_rules_that_nobody_approved_decides_nothing(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    with ruled.engine.store.transaction() as connection:
        rules = connection.scalar(select(instance.c.version).where(instance.c.id == case))
        connection.execute(
            update(process_version).where(process_version.c.id == rules).values(state=VersionState.TRIAL)
        )
    sign(ruled, case)
    assert why(ruled, case, "mengesahkan") == "Only an approved SOP for revisions can decide on one."


def test_a_call_whose_answer_was_lost_approves_once(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    ruled.complete(case, "mereviu_usulan", "lina", YES)
    fill(ruled, case, "lina", today(ruled))
    with ruled.engine.store.reading() as connection:
        row = connection.execute(select(job.c.id, job.c.inputs)).one()
    ruled.engine.connectors["revision"].call(json.loads(row.inputs), row.id.hex)  # and its worker was killed
    assert standing(ruled)[0] is VersionState.IN_FORCE
    assert work(ruled) == 1
    assert ruled.open_elements(case) == ["memberitahukan"]


def test_while_its_case_is_open_the_page_decides_nothing(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    lina = ruled.people["lina"]
    page = review_page(ruled.engine, lina, "izin", 2)
    assert page.case is not None
    assert (page.case.id, page.case.task) == (case, ruled.open_task(case, "mereviu_usulan").id)
    assert not page.may_approve
    assert not page.may_return
    approval = Approval(number="1", effective_from=today(ruled), paper=scan(slot="paper"))
    with pytest.raises(Conflict, match="decides on this revision"):
        approve(ruled.engine, lina, "izin", 2, approval)
    with pytest.raises(Conflict, match="decides on this revision"):
        return_version(ruled.engine, lina, "izin", 2, "Belum")
    assert standing(ruled)[0] is VersionState.REVIEW


def test_a_cancelled_case_leaves_the_decision_to_the_page(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    cancel(ruled.engine, ruled.people["putu"], case, "Diputuskan dengan surat")
    assert start_revision_cases(ruled.engine) == 0
    approval = Approval(number="1", effective_from=today(ruled), paper=scan(slot="paper"))
    approve(ruled.engine, ruled.people["lina"], "izin", 2, approval)
    assert standing(ruled)[0] is VersionState.IN_FORCE


def test_withdrawing_the_revision_ends_its_case(ruled: Office) -> None:
    submitted(ruled)
    [case] = cases(ruled)
    withdraw(ruled.engine, ruled.people["putu"], "izin", 2, "Tidak jadi")
    assert (standing(ruled)[0], status(ruled, case)) == (VersionState.WITHDRAWN, InstanceStatus.CANCELLED)


def test_nobody_starts_such_a_case_by_hand(ruled: Office) -> None:
    with pytest.raises(Forbidden, match="begin by themselves"):
        ruled.start("lina", key="revisi-sop")


def test_an_offices_sops_are_looked_through_once_however_many_versions_wait(office: Office) -> None:
    for hours in range(3, 7):
        submitted(office, to=f"PT{hours}H")
    asked: list[str] = []

    def listen(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(office.engine.store.engine, "before_cursor_execute", listen)
    start_revision_cases(office.engine)
    event.remove(office.engine.store.engine, "before_cursor_execute", listen)
    with office.engine.store.reading() as connection:
        assert len(revision_cases.without_case(connection)) == 4
    assert sum("trial_member" in one for one in asked) == 1  # the only SOP of the office
