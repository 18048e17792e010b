"""Real processes that do the same thing at the same instant: it happens once, and the others are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from engine import worker
from engine.actions import (
    amendments,
    cancellation,
    documents,
    drafts,
    instances,
    people,
    returns,
    tasks,
    withdrawal,
)
from engine.actions.amendments import Amendment
from engine.actions.api_tokens import holder_of, issue_token
from engine.actions.completion import Completion, complete
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.instances import NewCase
from engine.actions.messages import Incoming, receive
from engine.actions.offices import operator
from engine.actions.people import PersonForm
from engine.actions.timers import fire
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.message import MessageState
from engine.model.task import TaskState
from engine.opening import Places
from engine.storage import drafts as draft_rows
from engine.storage import timers as timer_rows
from tests.letters import ASKS, RECEIVES, TAKES_REQUESTS
from tests.offices import SAMPLES, Office, raw, scan
from tests.racing import RACERS, Act, Racers

pytestmark = pytest.mark.xdist_group("races")
HEATS = 5
ASKED = raw({"kegiatan": "Pelatihan", "biaya": "1.500"})


def completing(office: Office, task: UUID, by: str, attempt: UUID | None = None, **fields: str) -> Act:
    completion = Completion(fields=raw(fields) or ASKED, attempt=attempt or new_id())
    return partial(complete, actor=office.people[by], task_id=task, completion=completion)


def acting(function: Callable[..., object], office: Office, by: str, **facts: Any) -> Act:
    return partial(function, actor=office.people[by], **facts)


def many(kind: EventKind, office: Office, case: UUID) -> int:
    return Counter(office.kinds(case))[kind.value]


def test_of_a_completion_and_returns_one_takes_effect(office: Office, racers: Racers, places: Places) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    heats = []
    for case in cases:
        office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "1.500"})
        office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
        task, attempt = office.open_task(case, "mengarsipkan").id, new_id()
        drafts.stage(office.engine, office.people["joko"], task, scan(), {})
        back = {"task_id": task, "to": "memeriksa", "reason": "Keliru"}
        twice = acting(returns.send_back, office, "joko", **back, attempt=attempt)
        other = acting(returns.send_back, office, "wati", **back, attempt=new_id())
        heats.append([completing(office, task, "joko", lokasi="Lemari"), twice, twice, other])
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        did = many(EventKind.TASK_RETURNED, office, case) + many(EventKind.CASE_FINISHED, office, case)
        assert did == 1
        assert {one.error for one in ran} <= {"", "Conflict"}
        assert len(office.open_elements(case)) == many(EventKind.TASK_RETURNED, office, case)


def test_corrections_and_a_completion_at_once_lose_nothing_and_happen_once(
    office: Office, racers: Racers, places: Places
) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "rapat"))
    cases = [office.start(key="rapat", knowingly=True).instance for _ in range(HEATS)]
    asked = {"judul": "Indikator", "tanggal": "27-11-2026", "peserta": "8", "tempat": "Aula"}
    heats = []
    for case in cases:
        office.complete(case, "mengundang", "joko", asked)
        done, attempt = office.tasks(case)[0].id, new_id()

        def amending(attempt: UUID, task: UUID = done, **changed: str) -> Act:
            sent = Amendment(fields=raw(asked | changed), reason="Keliru", attempt=attempt)
            return acting(amendments.amend, office, "joko", task_id=task, amendment=sent)

        following = completing(office, office.open_task(case, "membahas").id, "rina", hasil="Baik")
        twice = amending(attempt, tempat="Ruang rapat")
        heats.append([following, twice, twice, amending(new_id(), tempat="Kantor")])
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * 4
        assert many(EventKind.TASK_AMENDED, office, case) == 2
        assert many(EventKind.TASK_COMPLETED, office, case) == 2
        assert office.open_elements(case) == ["menutup"]


def test_of_several_people_one_completes_it_and_the_others_are_told(
    office: Office, racers: Racers, places: Places
) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    first = [office.open_task(case, "mengajukan").id for case in cases]
    heats = [[completing(office, task, by) for by in ("joko", "wati", "joko", "wati")] for task in first]
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert sorted(one.error for one in ran) == ["", "Conflict", "Conflict", "Conflict"]
        told = {one.said for one in ran if one.error}
        [done] = [one for one in office.tasks(case) if one.state is TaskState.COMPLETED]
        name = next(one.name for one in office.people.values() if one.person == done.completed_by)
        by = f"Staf Subbag ({name})"
        assert told == {f"This task was already completed by {by} on 2026-11-23 02:00:00+00:00."}
        assert many(EventKind.TASK_COMPLETED, office, case) == 1
        assert office.open_elements(case) == ["memeriksa"]


def test_a_double_click_completes_once_and_every_click_gets_the_answer(
    office: Office, racers: Racers, places: Places
) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    heats = []
    for case in cases:
        task, attempt = office.open_task(case, "mengajukan").id, new_id()
        heats.append([completing(office, task, "joko", attempt)] * RACERS)
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * RACERS
        assert {one.value.instance for one in ran} == {case}
        assert many(EventKind.TASK_COMPLETED, office, case) == 1
        assert office.open_elements(case) == ["memeriksa"]


def test_both_branches_completed_at_once_meet_once(office: Office, racers: Racers, places: Places) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    cases = [office.start(key="laporan", knowingly=True).instance for _ in range(HEATS)]
    heats = []
    for case in cases:
        office.complete(case, "meminta", "joko", {})
        writing, counting = (office.open_task(case, one).id for one in ("menulis", "menghitung"))
        write, count = new_id(), new_id()
        heats.append(
            [
                completing(office, writing, "wati", write, isi="Baik"),
                completing(office, counting, "rina", count),
            ]
            * 2
        )
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * RACERS
        assert office.open_elements(case) == ["memutuskan"]
        assert many(EventKind.TASK_COMPLETED, office, case) == 3


def test_of_several_people_one_takes_it(office: Office, racers: Racers, places: Places) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    first = [office.open_task(case, "mengajukan").id for case in cases]
    heats = [[acting(tasks.claim, office, by, task_id=task) for by in ("joko", "wati") * 2] for task in first]
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        holder = office.open_task(case, "mengajukan").assignee
        lost = [
            one
            for one, by in zip(ran, ("joko", "wati") * 2, strict=True)
            if office.people[by].person != holder
        ]
        assert [one.error for one in lost] == ["Conflict", "Conflict"]
        name = next(one.name for one in office.people.values() if one.person == holder)
        assert {one.said for one in lost} == {f"Staf Subbag ({name}) is working on this task already."}
        assert many(EventKind.TASK_CLAIMED, office, case) == 1


def test_what_else_happens_to_a_case_never_stands_in_the_way(
    office: Office, racers: Racers, places: Places
) -> None:
    """Everything that writes to a case takes it in the same order, so nobody waits for ever."""
    cases = [office.start(knowingly=True).instance for _ in range(HEATS * 2)]
    heats = []
    for case in cases:
        task = office.open_task(case, "mengajukan").id
        heats.append(
            [
                completing(office, task, "joko"),
                acting(tasks.see, office, "wati", task_id=task),
                acting(documents.comment, office, "wati", task_id=task, text="Segera", attempt=new_id()),
                acting(tasks.pause, office, "wati", task_id=task, reason="Menunggu rapat"),
            ]
        )
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        completed, seen, said, paused = ran
        assert (completed.error, seen.error, said.error) == ("", "", "")
        assert paused.error in ("", "Conflict")
        assert many(EventKind.COMMENT_ADDED, office, case) == 1
        assert [event.seq for event in office.events(case)] == list(range(1, len(office.events(case)) + 1))


def test_taking_it_back_or_going_on_but_not_both(office: Office, racers: Racers, places: Places) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    heats = []
    for case in cases:
        done = office.open_task(case, "mengajukan").id
        office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
        asked = office.open_task(case, "memeriksa").id
        going_on = completing(office, asked, "rina", new_id(), keputusan="Ya")
        heats.append([acting(withdrawal.withdraw, office, "joko", task_id=done), going_on] * 2)
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        back, on = ([one for one in ran[side::2] if not one.error] for side in (0, 1))
        assert bool(back) != bool(on)
        assert office.open_elements(case) == (["mengajukan"] if back else ["mengarsipkan"])
        assert {one.error for one in ran if one.error} <= {"Forbidden", "Conflict"}


def test_taking_it_back_or_acting_on_what_came_of_it_but_not_both(
    office: Office, racers: Racers, places: Places
) -> None:
    wati = office.people["wati"].person
    acts = [tasks.claim, partial(tasks.assign, person=wati), partial(tasks.pause, reason="Rapat")]
    cases, heats = [], []
    for act in acts * 2:
        case = office.start(knowingly=True).instance
        done = office.open_task(case, "mengajukan").id
        office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
        asked = office.open_task(case, "memeriksa").id
        back = acting(withdrawal.withdraw, office, "joko", task_id=done)
        heats.append([back, acting(act, office, "rina", task_id=asked)] * 2)
        cases.append(case)
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        back, on = ([one for one in ran[side::2] if not one.error] for side in (0, 1))
        assert bool(back) != bool(on)
        assert office.open_elements(case) == (["mengajukan"] if back else ["memeriksa"])
        assert many(EventKind.COMPLETION_WITHDRAWN, office, case) == len(back) <= 1


def test_a_timer_and_the_completion_it_would_interrupt_never_both_happen(
    office: Office, racers: Racers, places: Places
) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    later = office.clock.now() + timedelta(hours=48)
    cases, heats = [], []
    for _ in range(HEATS):
        case = office.start(key="laporan", knowingly=True).instance
        office.complete(case, "meminta", "joko", {})
        with office.engine.store.reading() as connection:
            [late] = [one for one in timer_rows.of_instance(connection, case) if one.element == "terlambat"]
        completion = completing(office, office.open_task(case, "menghitung").id, "rina")
        heats.append([completion, partial(fire, due=[late], now=later)] * 2)
        cases.append(case)
    for case, ran in zip(cases, racers.run(places, later, *heats), strict=True):
        fired = sum(len(one.value.done) for one in ran[1::2] if not one.error)
        [counted] = [one.state for one in office.tasks(case) if one.element == "menghitung"]
        assert (counted, fired) in ((TaskState.COMPLETED, 0), (TaskState.CANCELLED, 1))
        assert ("menagih" in office.open_elements(case)) == bool(fired)
        assert many(EventKind.TIMER_FIRED, office, case) == fired
        assert {one.error for one in ran} <= {"", "Conflict"}


def test_of_several_who_start_a_case_unknowingly_one_does(
    office: Office, racers: Racers, places: Places
) -> None:
    heats = [
        [
            acting(instances.start, office, "joko", new=NewCase(key="izin", year=year, attempt=new_id()))
            for _ in range(RACERS)
        ]
        for year in range(2030, 2030 + HEATS)
    ]
    for ran in racers.run(places, office.clock.now(), *heats):
        assert Counter(one.error for one in ran) == {"": 1, "Invalid": RACERS - 1}


def test_cases_started_at_once_are_numbered_without_gaps(
    office: Office, racers: Racers, places: Places
) -> None:
    def starting(attempt: UUID) -> Act:
        new = NewCase(key="izin", year=2027, attempt=attempt, knowingly=True)
        return partial(instances.start, actor=office.people["joko"], new=new)

    heats = [[starting(new_id()) for _ in range(RACERS)] for _ in range(HEATS)]
    ran = [one for heat in racers.run(places, office.clock.now(), *heats) for one in heat]
    assert [one.error for one in ran] == [""] * len(ran)
    assert sorted(one.value.number for one in ran) == [f"{n:03}/IZ/2026" for n in range(1, len(ran) + 1)]


def test_a_form_sent_several_times_at_once_starts_one_case(
    office: Office, racers: Racers, places: Places
) -> None:
    forms = [NewCase(key="izin", year=2030 + heat, attempt=new_id()) for heat in range(HEATS)]
    heats = [[acting(instances.start, office, "joko", new=form)] * RACERS for form in forms]
    for form, ran in zip(forms, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * RACERS
        assert {one.value.instance for one in ran} == {form.attempt}
        assert len({one.value.first_task for one in ran}) == 1
    assert office.start(knowingly=True).number == f"{HEATS + 1:03}/IZ/2026"


def test_several_workers_fire_a_timer_once(office: Office, racers: Racers, places: Places) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    cases = [office.start(key="laporan", knowingly=True).instance for _ in range(HEATS)]
    for case in cases:
        office.complete(case, "meminta", "joko", {})
    tomorrow = office.clock.now() + timedelta(hours=25)
    [ran] = racers.run(places, tomorrow, [worker.fire_due] * RACERS)
    assert sum(one.value for one in ran) == HEATS
    for case in cases:
        assert many(EventKind.TIMER_FIRED, office, case) == 1
        assert sorted(office.open_elements(case)) == ["menghitung", "mengingatkan", "menulis"]


def test_several_workers_deliver_a_message_once(office: Office, racers: Racers, places: Places) -> None:
    takes = [begun(office, TAKES_REQUESTS, "menunggu", year) for year in range(2030, 2030 + HEATS)]
    for year in range(2030, 2030 + HEATS):
        begun(office, ASKS, "meminta", year)
    # Nothing says which of the cases a request is for, so they take them one after the other.
    for case in takes[1:]:
        cancellation.cancel(office.engine, office.people["putu"], case, "Salah")
    [ran] = racers.run(places, office.clock.now(), [worker.deliver_due] * RACERS)
    assert sum(one.value for one in ran) == 1
    assert many(EventKind.MESSAGE_RECEIVED, office, takes[0]) == 1


def test_a_message_sent_twice_at_once_from_outside_is_delivered_once(
    office: Office, racers: Racers, places: Places
) -> None:
    text = issue_token(office.engine, operator(office.id), "e-surat", timedelta(days=1))
    sender = holder_of(office.engine, text)
    assert sender is not None
    cases = [begun(office, RECEIVES, "meminta", year) for year in range(2030, 2030 + HEATS)]
    heats = []
    for number, case in enumerate(cases):
        key = f"{number + 1:03}/menerima-jawaban/2026"
        sent = Incoming(id=f"surat-{number}", name="Jawaban", key=key, data={"isi": "Ya"})
        heats.append([partial(receive, sender=sender, incoming=sent)] * RACERS)
        assert case
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * RACERS
        assert {one.value.state for one in ran} <= {MessageState.DELIVERED, MessageState.WAITING}
        assert MessageState.DELIVERED in {one.value.state for one in ran}
        assert many(EventKind.MESSAGE_RECEIVED, office, case) == 1
        assert office.open_elements(case) == ["membaca"]


def begun(office: Office, package: Package, first: str, year: int) -> UUID:
    deploy(office.engine, operator(office.id), package)
    case = office.start(key=package.key, year=year).instance
    office.complete(case, first, "joko", {})
    return case


def test_a_comment_sent_twice_at_once_is_said_once(office: Office, racers: Racers, places: Places) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan").id
    heats = [
        [acting(documents.comment, office, "joko", task_id=task, text="Segera", attempt=attempt)] * RACERS
        for attempt in (new_id(), new_id(), new_id())
    ]
    ran = racers.run(places, office.clock.now(), *heats)
    assert {one.error for heat in ran for one in heat} == {""}
    assert many(EventKind.COMMENT_ADDED, office, case) == 3


def test_administrators_at_work_at_once_do_not_lock_each_other(
    office: Office, racers: Racers, places: Places
) -> None:
    heats = [
        [
            acting(
                people.add_person,
                office,
                "dewi",
                form=PersonForm(sign_in_name=f"baru{heat}.{one}", name="Baru"),
            )
            for one in range(RACERS)
        ]
        for heat in range(HEATS)
    ]
    ran = racers.run(places, office.clock.now(), *heats)
    assert {one.error for heat in ran for one in heat} == {""}
    seqs = [event.seq for event in office.events(office.id)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_task_is_closed_once_even_when_it_is_completed_while_the_case_is_cancelled(
    office: Office, racers: Racers, places: Places
) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(HEATS)]
    heats = []
    for case in cases:
        task = office.open_task(case, "mengajukan").id
        cancel = acting(cancellation.cancel, office, "putu", instance_id=case, reason="Salah SOP")
        heats.append([completing(office, task, "joko"), cancel] * 2)
    for case, ran in zip(cases, racers.run(places, office.clock.now(), *heats), strict=True):
        assert {one.error for one in ran} <= {"", "Conflict"}
        assert office.open_elements(case) == []
        assert many(EventKind.CASE_CANCELLED, office, case) == 1
        states = {task.state for task in office.tasks(case)}
        assert states <= {TaskState.COMPLETED, TaskState.CANCELLED}


def test_what_is_typed_and_a_file_that_come_in_together_are_both_kept(
    office: Office, racers: Racers, places: Places
) -> None:
    first = [office.open_task(office.start(knowingly=True).instance, "mengajukan").id for _ in range(HEATS)]
    heats = [
        [
            acting(drafts.save, office, by, task_id=task, fields=ASKED, by_hand=False)
            if typing
            else acting(drafts.stage, office, by, task_id=task, upload=scan(), fields=None)
            for by in ("joko", "wati")
            for typing in (True, False)
        ]
        for task in first
    ]
    for task, ran in zip(first, racers.run(places, office.clock.now(), *heats), strict=True):
        assert [one.error for one in ran] == [""] * RACERS
        with office.engine.store.reading() as connection:
            kept = draft_rows.of_task(connection, task)
        assert [(one.fields, len(one.staged["output.0"])) for one in kept] == [(ASKED, 1)] * 2
