"""One case: where it stands, the way it took, and what it gathered, after its end too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.actions import cancellation, documents, drafts, tasks, withdrawal
from engine.errors import Forbidden, NotFound
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.queries import case_page
from engine.queries.case_page import CasePage
from engine.queries.case_papers import SHOWN_VERSIONS
from engine.queries.documents import document_page
from engine.storage.tables import instance
from tests.engine.actions.test_batches import moved_by, surveyed
from tests.offices import Office, scan
from tests.revising import approved, submitted, today

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}
REFUSED = {"keputusan": "Tidak", "catatan": "Biaya terlalu tinggi"}


def page(office: Office, case: UUID, name: str = "agus") -> CasePage:
    return case_page.case_page(office.engine, office.people[name], case)


def refuse_once(office: Office) -> UUID:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", REFUSED)
    return case


def refuse_once_more(office: Office) -> UUID:
    case = office.start(knowingly=True).instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", REFUSED)
    return case


def finish(office: Office, case: UUID) -> None:
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task = office.open_task(case, "mengarsipkan")
    drafts.stage(office.engine, office.people["joko"], task.id, scan(), {})
    office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})


@pytest.mark.parametrize("name", ["budi", "rina", "tono"])
def test_what_one_may_not_see_is_not_found(office: Office, name: str) -> None:
    case = office.start().instance
    for read in (case_page.case_page, case_page.case_to_cancel):
        with pytest.raises(NotFound):
            read(office.engine, office.people[name], case)
    for part in (case_page.case_history, case_page.case_data, case_page.case_documents):
        with pytest.raises(NotFound):
            part(office.engine, office.people[name], case, before=None)


def test_who_completed_a_task_of_it_still_sees_it_without_the_role(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "wati", ASKED)  # joko started it
    for name in ("wati", "tono"):
        office.people[name] = replace(office.people[name], roles=())
    assert page(office, case, "wati").facts.number == "001/IZ/2026"
    with pytest.raises(NotFound):
        page(office, case, "tono")


def test_a_case_of_another_office_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        page(office, new_id(), "agus")


def test_the_head_says_number_status_and_version(office: Office) -> None:
    facts = page(office, office.start().instance).facts
    assert (facts.number, facts.status, facts.version_number) == ("001/IZ/2026", InstanceStatus.RUNNING, 1)
    assert facts.on_trial
    assert facts.starter == "Staf Subbag"


def test_a_case_that_was_moved_to_what_is_in_force_is_no_trial(office: Office) -> None:
    case = office.start().instance
    number = submitted(office)
    approved(office, number, today(office))
    moved_by(office, surveyed(office, number), number, "mengajukan")
    facts = page(office, case).facts
    assert (facts.version_number, facts.on_trial) == (number, False)
    with office.engine.store.transaction() as connection:
        connection.execute(update(instance).where(instance.c.id == case).values(trial=True))
    assert page(office, case).facts.on_trial


def test_who_may_work_on_the_open_task_is_told(office: Office) -> None:
    case = office.start().instance
    assert [line.may_work for line in page(office, case, "wati").open] == [True]
    assert [line.may_work for line in page(office, case, "agus").open] == [False]


def test_time_of_an_open_task_is_counted_until_now(office: Office) -> None:
    case = office.start().instance
    office.clock.move(timedelta(minutes=50))
    found = page(office, case)
    assert [(line.worked, line.waited, line.allowed) for line in found.tasks] == [(50, 0, 120)]
    assert (found.times.elapsed, found.times.worked) == (50, 50)


def test_a_paused_clock_counts_as_waiting(office: Office) -> None:
    case = office.start().instance
    joko, task = office.people["joko"], office.open_task(case, "mengajukan").id
    tasks.claim(office.engine, joko, task)
    tasks.pause(office.engine, joko, task, "menunggu bidang")
    office.clock.move(timedelta(minutes=30))
    assert [(line.worked, line.waited) for line in page(office, case).tasks] == [(0, 30)]


def test_the_way_so_far_is_done_and_the_open_step_open(drawn: Office) -> None:
    case = drawn.start().instance
    drawn.complete(case, "mengajukan", "joko", ASKED)
    way = page(drawn, case).way
    assert way.elements == {"mulai": "done", "mengajukan": "done", "memeriksa": "open"}
    assert way.flows == {"f0": "done", "f1": "done"}


def test_a_refusal_leaves_the_review_returned_and_its_way_back(drawn: Office) -> None:
    way = page(drawn, refuse_once(drawn)).way
    assert way.elements == {
        "mulai": "done",
        "mengajukan": "open",
        "memeriksa": "returned",
        "diterima": "returned",
    }
    assert way.flows == {"f0": "done", "f1": "done", "f2": "returned", "f_tidak": "returned"}


def test_a_finished_case_shows_its_whole_way_from_the_record_alone(drawn: Office) -> None:
    case = refuse_once(drawn)
    finish(drawn, case)
    found = page(drawn, case)
    assert found.facts.status is InstanceStatus.FINISHED
    assert set(found.way.elements.values()) == {"done"}
    assert len(found.way.elements) == 6
    assert found.way.flows["f_tidak"] == "returned"
    assert found.way.flows["f_ya"] == "done"
    assert found.open == ()


def test_a_withdrawn_completion_takes_its_way_back(drawn: Office) -> None:
    case = drawn.start().instance
    task = drawn.open_task(case, "mengajukan").id
    drawn.complete(case, "mengajukan", "joko", ASKED)
    withdrawal.withdraw(drawn.engine, drawn.people["joko"], task)
    found = page(drawn, case)
    assert found.way.elements == {"mulai": "done", "mengajukan": "open"}
    assert found.way.flows == {"f0": "done"}
    assert [one.withdrawn for one in found.submissions.rows] == [True]
    assert [one.newest.state for one in found.documents] == [DocumentState.WITHDRAWN]


def test_history_is_newest_first_and_tells_what_followed_from_each_act(office: Office) -> None:
    entries = page(office, refuse_once(office)).history.entries
    assert [one.kind for one in entries] == [
        EventKind.TASK_COMPLETED,
        EventKind.TASK_COMPLETED,
        EventKind.CASE_STARTED,
    ]
    assert [(one.element, one.round, one.role) for one in entries[0].opened] == [("mengajukan", 2, "Staf")]
    assert entries[0].actor == "Kasubbag Penyusunan Program (Rina)"
    assert entries[0].payload["data"]["catatan"] == "Biaya terlalu tinggi"


def test_refused_attempts_are_in_the_history(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    with pytest.raises(Forbidden):
        office.complete(case, "memeriksa", "joko", {"keputusan": "Ya"})
    assert page(office, case).history.entries[0].kind is EventKind.ATTEMPT_REFUSED


def test_a_long_history_is_read_in_pages_without_gaps(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan").id
    for number in range(140):
        documents.comment(office.engine, office.people["joko"], task, f"Kata {number}", new_id())
    found = page(office, case)
    assert len(found.history.entries) == case_page.EVENTS_SHOWN
    assert found.history.earlier == found.history.oldest - 1
    seen: list[int] = []
    before: int | None = None
    while True:
        part = case_page.case_history(office.engine, office.people["agus"], case, before=before)
        assert part.history is not None
        seen += [one.seq for one in part.history.entries]
        if not part.history.earlier:
            break
        before = part.history.oldest
    assert seen == [*range(142, 2, -1), 1]  # the second event follows from the first


def test_documents_are_grouped_by_name_with_their_versions(office: Office) -> None:
    case = refuse_once(office)
    office.complete(case, "mengajukan", "joko", ASKED)
    (found,) = page(office, case).documents
    assert (found.name, found.newest.version, found.newest.state) == ("Permohonan", 2, DocumentState.DRAFT)
    assert [(one.version, one.state) for one in found.others] == [(1, DocumentState.RETURNED)]


def test_a_document_made_from_a_form_says_what_was_submitted(office: Office) -> None:
    case = refuse_once(office)
    found = document_page(office.engine, office.people["rina"], case, 1)
    assert found.made_from is not None
    assert found.made_from.values["kegiatan"] == "Pelatihan"
    assert found.is_reviewed


def test_of_very_many_versions_the_newest_are_listed_and_the_others_counted(office: Office) -> None:
    case = refuse_once(office)
    for _ in range(SHOWN_VERSIONS):
        office.complete(case, "mengajukan", "joko", ASKED)
        office.complete(case, "memeriksa", "rina", REFUSED)
    (found,) = page(office, case).documents
    assert [one.version for one in (found.newest, *found.others)] == [7, 6, 5, 4, 3, 2]
    assert found.more == 1
    every = case_page.case_documents(office.engine, office.people["agus"], case, before=None).documents
    assert every is not None
    assert [one.version for one in every.rows] == [7, 6, 5, 4, 3, 2, 1]


def test_a_withdrawn_version_does_not_count_however_many_there_are(office: Office) -> None:
    case = refuse_once(office)
    for _ in range(SHOWN_VERSIONS + 1):
        task = office.open_task(case, "mengajukan").id
        office.complete_task(task, "joko", ASKED)
        withdrawal.withdraw(office.engine, office.people["joko"], task)
    (found,) = page(office, case).documents
    assert (found.newest.version, found.newest.state) == (1, DocumentState.RETURNED)
    assert {one.state for one in found.others} == {DocumentState.WITHDRAWN}


def test_the_time_of_a_completion_that_was_taken_back_is_counted_once(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan").id
    office.clock.move(timedelta(minutes=30))
    office.complete_task(task, "joko", ASKED)
    withdrawal.withdraw(office.engine, office.people["joko"], task)
    office.clock.move(timedelta(minutes=10))
    found = page(office, case)
    assert [(line.worked, line.taken_back) for line in found.tasks] == [(30, True), (40, False)]
    assert (found.times.worked, found.times.tasks) == (40, 1)


def test_a_loop_of_many_rounds_leaves_the_way_of_the_last_ones(drawn: Office) -> None:
    case = refuse_once(drawn)
    for _ in range(3):
        drawn.complete(case, "mengajukan", "joko", ASKED)
        drawn.complete(case, "memeriksa", "rina", REFUSED)
    assert page(drawn, case).way == page(drawn, refuse_once_more(drawn)).way
    stands = case_page.case_stands(drawn.engine, drawn.people["agus"], case)
    assert stands.way == page(drawn, case).way
    assert [line.task.element for line in stands.open] == ["mengajukan"]


def test_documents_are_for_whoever_may_see_the_case(office: Office) -> None:
    case = refuse_once(office)
    for name, no in (("budi", 1), ("tono", 1), ("agus", 99)):
        with pytest.raises(NotFound):
            document_page(office.engine, office.people[name], case, no)


def test_everything_that_was_submitted_can_be_read_with_names(office: Office) -> None:
    case = office.start().instance
    rina = office.people["rina"].person
    assert rina is not None
    office.complete(case, "mengajukan", "joko", ASKED | {"pemeriksa": rina.hex})
    (one,) = page(office, case).submissions.rows
    assert (one.step, one.round, one.actor) == ("Mengajukan izin", 1, "Staf Subbag")
    assert one.names[rina.hex] == "Rina"


def test_only_who_may_cancel_is_shown_how(office: Office) -> None:
    case = office.start().instance
    assert page(office, case, "putu").may_cancel
    assert not page(office, case, "joko").may_cancel
    with pytest.raises(Forbidden):
        case_page.case_to_cancel(office.engine, office.people["joko"], case)
    cancellation.cancel(office.engine, office.people["putu"], case, "Dobel")
    found = page(office, case, "putu")
    assert (found.may_cancel, found.facts.cancel_reason) == (False, "Dobel")
