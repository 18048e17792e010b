"""Every class of deviations: found where it happened, named with who and when, and counted in its period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.actions import amendments, cancellation, returns, tasks
from engine.actions.acknowledgements import acknowledge
from engine.actions.amendments import Amendment
from engine.actions.deployment import deploy
from engine.actions.erasures import erase
from engine.actions.move_saving import Moving
from engine.actions.moves import move
from engine.actions.offices import operator
from engine.errors import Forbidden, NotFound
from engine.ids import new_id
from engine.model.erasure import ERASED, Erasure
from engine.model.event import EventKind
from engine.queries.figures import figures_page
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import Deviation, DeviationKind, deviations_page
from engine.queries.figures_rework import rework_page
from engine.queries.people import units_page
from engine.storage import batches
from tests import figured
from tests.offices import Office
from tests.revising import approved, submitted, today
from tests.revisions import with_more_time

WEEK = FiguresAsked(sop="izin", since=date(2026, 11, 23), until=date(2026, 11, 29))


def found(office: Office, kind: DeviationKind, asked: FiguresAsked = WEEK) -> list[Deviation]:
    page = deviations_page(office.engine, office.people["agus"], asked, kind)
    counted = figures_page(office.engine, office.people["agus"], asked).deviations[kind]
    assert counted == page.total == len(page.rows)
    return list(page.rows)


def kind_at(office: Office, one: Deviation) -> EventKind:
    assert one.seq is not None
    return office.events(one.case)[one.seq - 1].kind


def test_late_steps_are_those_completed_after_their_due_time_and_those_open_beyond_it(office: Office) -> None:
    worked = figured.work(office)
    (late,) = found(office, DeviationKind.LATE)
    assert (late.case, late.step, late.round, late.who) == (
        worked.first,
        "Mengajukan izin",
        2,
        "Staf Subbag (Joko)",
    )
    assert kind_at(office, late) is EventKind.TASK_COMPLETED
    office.clock.move(timedelta(days=3))
    still, _done = found(office, DeviationKind.LATE)
    assert (still.case, still.step, still.at, still.seq) == (
        worked.second,
        "Memeriksa permohonan",
        still.due_at,
        None,
    )


def test_a_cancelled_case_is_one_with_its_reason(office: Office) -> None:
    worked = figured.work(office)
    (one,) = found(office, DeviationKind.CANCELLED)
    assert (one.case, one.said["reason"]) == (worked.third, "Dobel")
    assert found(office, DeviationKind.CANCELLED, replace(WEEK, until=date(2026, 11, 23))) == []


def test_steps_that_were_handed_on_or_prepared_are_delegated(office: Office) -> None:
    case = office.start().instance
    figured.ask(office, case)
    task, joko = office.open_task(case, "memeriksa"), office.people["joko"].person
    assert joko is not None
    tasks.assign(office.engine, office.people["rina"], task.id, joko)
    office.complete(case, "memeriksa", "joko", {"keputusan": "Ya"})
    (one,) = found(office, DeviationKind.DELEGATED)
    assert (one.case, one.who, one.other) == (
        case,
        "Staf Subbag (Joko)",
        "Kasubbag Penyusunan Program (Rina)",
    )
    assert found(office, DeviationKind.NOT_HELD) == []


def test_what_was_corrected_afterwards_is_listed(office: Office) -> None:
    case = office.start().instance
    figured.ask(office, case)
    done = next(one for one in office.tasks(case) if one.element == "mengajukan")
    change = Amendment(fields={"kegiatan": ["Lokakarya"]}, reason="Salah ketik", attempt=new_id())
    amendments.amend(office.engine, office.people["putu"], done.id, change)
    (one,) = found(office, DeviationKind.CORRECTED)
    assert (one.case, one.step, one.who, one.said["reason"]) == (
        case,
        "Mengajukan izin",
        "Pemilik SOP (Putu)",
        "Salah ketik",
    )
    assert kind_at(office, one) is EventKind.TASK_AMENDED


def test_attempts_of_another_role_are_listed_and_other_refusals_are_not(office: Office) -> None:
    case = office.start().instance
    figured.ask(office, case)
    task = office.open_task(case, "memeriksa")
    with pytest.raises(Forbidden):
        office.complete_task(task.id, "joko", {"keputusan": "Ya"})
    with pytest.raises(Forbidden):
        cancellation.cancel(office.engine, office.people["joko"], case, "Bosan")
    tasks.claim(office.engine, office.people["rina"], task.id)
    with pytest.raises(Forbidden):  # not his, but that is no matter of roles
        tasks.release(office.engine, office.people["joko"], task.id)
    assert [(one.case, one.who) for one in found(office, DeviationKind.WRONG_ROLE)] == [
        (case, "Staf Subbag (Joko)"),
        (case, "Staf Subbag (Joko)"),
    ]


def test_a_case_that_was_moved_is_listed_with_both_revisions(office: Office) -> None:
    case = office.start().instance
    putu, to = office.people["putu"], deploy(office.engine, operator(office.id), with_more_time()).version
    batch = new_id()
    with office.engine.store.transaction() as connection:
        process = office.engine.versions.get(to).process
        asked = {"asked_by": putu.person, "asked_at": office.clock.now() + timedelta(days=1), "total": 1}
        facts = {"id": batch, "office": office.id, "kind": "move", "process": process, "version": to}
        batches.add(connection, {}, **facts, **asked)
    move(office.engine, putu, case, Moving(to=to, reason="Revisi 2 berlaku", batch=batch))
    (one,) = found(office, DeviationKind.MOVED)
    assert (one.case, one.said["revisions"]) == (case, [1, 2])


def test_what_was_done_by_a_revision_before_reading_what_it_changed(office: Office) -> None:
    number = submitted(office)
    approved(office, number, today(office))
    early = office.start().instance
    figured.ask(office, early)
    office.clock.move(timedelta(minutes=1))
    acknowledge(office.engine, office.people["joko"], "izin", number)
    figured.ask(office, office.start(knowingly=True).instance)
    (one,) = found(office, DeviationKind.UNREAD)
    assert (one.case, one.step, one.who) == (early, "Mengajukan izin", "Staf Subbag (Joko)")


def test_reviewers_notes_say_why_a_step_was_done_again(office: Office) -> None:
    worked = figured.work(office)
    rework = rework_page(office.engine, office.people["agus"], WEEK).rework
    assert rework.pairs == (("Memeriksa permohonan", "Mengajukan izin", 1),)
    (one,) = rework.reasons
    assert (one.case, one.words, one.round, one.who) == (
        worked.first,
        figured.NOTES,
        2,
        "Kasubbag Penyusunan Program (Rina)",
    )
    assert office.events(one.case)[one.seq - 1].kind is EventKind.TASK_COMPLETED


def test_a_return_whose_text_was_erased_is_still_one(office: Office) -> None:
    worked = figured.work(office)
    putu = office.people["putu"]
    before = rework_page(office.engine, putu, WEEK).rework
    cause = next(one for one in before.reasons if one.case == worked.first)
    asked = Erasure(events=frozenset({cause.seq}), letter="12/U", reason="Diminta", attempt=new_id())
    erase(office.engine, office.people["dewi"], worked.first, asked)
    after = rework_page(office.engine, putu, WEEK).rework
    assert after.pairs == before.pairs
    assert next(one for one in after.reasons if one.case == worked.first).words == ERASED


def test_an_accepted_review_whose_text_was_erased_sent_nothing_back(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.clock.move(timedelta(minutes=10))
    figured.ask(office, case)
    wati = office.people["wati"]
    for _round in range(2):
        office.clock.move(timedelta(minutes=10))
        office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
        office.clock.move(timedelta(minutes=10))
        filed = office.open_task(case, "mengarsipkan").id
        tasks.claim(office.engine, wati, filed)
        if _round == 0:
            returns.send_back(office.engine, wati, filed, "memeriksa", "Salah lampiran", new_id())
    putu = office.people["putu"]
    before = rework_page(office.engine, putu, WEEK).rework.pairs
    seq = [
        one.seq for one in office.events(case) if one.element == "memeriksa" and one.kind == "task.completed"
    ][-1]
    asked = Erasure(events=frozenset({seq}), letter="12/U", reason="Diminta", attempt=new_id())
    figured.archive(office, case)
    erase(office.engine, office.people["dewi"], case, asked)
    assert rework_page(office.engine, putu, WEEK).rework.pairs == before


def test_performer_and_unit_narrow_what_was_corrected_and_sent_back(office: Office) -> None:
    figured.work(office)
    case = office.start(knowingly=True).instance
    figured.ask(office, case)
    done = next(one for one in office.tasks(case) if one.element == "mengajukan")
    change = Amendment(fields={"kegiatan": ["Lokakarya"]}, reason="Salah ketik", attempt=new_id())
    amendments.amend(office.engine, office.people["putu"], done.id, change)
    (one,) = found(office, DeviationKind.CORRECTED)
    assert one.step == "Mengajukan izin"
    assert found(office, DeviationKind.CORRECTED, replace(WEEK, role="staf")) == [one]
    assert found(office, DeviationKind.CORRECTED, replace(WEEK, role="kasub")) == []
    putu = office.people["putu"]
    unit = next(one for one, _, people in units_page(office.engine, office.people["dewi"]) if not people)
    assert rework_page(office.engine, putu, replace(WEEK, unit=unit.hex)).rework.reasons == ()
    assert rework_page(office.engine, putu, replace(WEEK, unit=office.id.hex)).rework.reasons


def test_ways_are_the_steps_as_they_were_completed(office: Office) -> None:
    worked = figured.work(office)
    found = figures_page(office.engine, office.people["agus"], WEEK).variants
    (way,) = found.shown
    assert [(stop.number, stop.again) for stop in way.stops] == [
        (1, False),
        (2, False),
        (1, True),
        (2, True),
        (3, False),
    ]
    assert (way.case, way.count, way.cycle.median) == (worked.first, 1, 350)
    assert (found.cases, found.others, found.other_ways) == (1, 0, 0)


def test_only_who_may_read_the_record_sees_lists(office: Office) -> None:
    for name in ("joko", "dewi"):
        for kind in DeviationKind:
            with pytest.raises(NotFound):
                deviations_page(office.engine, office.people[name], WEEK, kind)
        with pytest.raises(NotFound):
            rework_page(office.engine, office.people[name], WEEK)
