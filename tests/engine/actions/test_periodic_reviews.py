"""An SOP that is due to be monitored or evaluated is in its owner's inbox, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.periodic_reviews import start_due_reviews
from engine.actions.suggestions import answer, suggest
from engine.ids import new_id
from engine.model.instance import InstanceStatus
from engine.model.review_due import Due, ReviewKind
from engine.model.suggestion import SuggestionState
from engine.queries.task_page import task_page
from engine.storage import periodic_reviews
from engine.storage.tables import instance, periodic_review, process
from tests.offices import LIBRARY, SAMPLES, Office
from tests.revising import approved, submitted, today

MONITORED = {
    "pelaksanaan": "Berjalan dengan baik",
    "tindak_lanjut": "Dipertahankan",
}


@pytest.fixture
def reviewing(office: Office) -> Office:
    """Give an office that reviews its SOPs, with a revision of *izin* in force from today."""
    package = read_package(LIBRARY / "pemantauan-sop")
    never = b'purpose="periodic-review" monitoringMonths="0" evaluationMonths="0"'
    quiet = package.bpmn.replace(b'purpose="periodic-review"', never)  # itself is not reviewed here
    deploy(office.engine, operator(office.id), replace(package, bpmn=quiet))
    approved(office, submitted(office), today(office))
    return office


def wait(office: Office, months: int) -> None:
    """Let so many months go by; the test's clock stands on 23 November 2026."""
    office.clock.move(timedelta(days=months * 30.5 + 1))


def begun(office: Office) -> list[tuple[str, ReviewKind, date, UUID]]:
    with office.engine.store.reading() as connection:
        rows = connection.execute(
            select(process.c.key, periodic_review)
            .join(process, process.c.id == periodic_review.c.process)
            .order_by(periodic_review.c.due_on)
        ).all()
    return [(row.key, ReviewKind(row.kind), row.due_on, row.instance) for row in rows]


def test_nothing_is_due_before_its_day(reviewing: Office) -> None:
    assert start_due_reviews(reviewing.engine) == 0


def test_after_six_months_it_is_to_be_monitored(reviewing: Office) -> None:
    wait(reviewing, 6)
    assert start_due_reviews(reviewing.engine) == 1
    assert start_due_reviews(reviewing.engine) == 0
    [(key, kind, day, case)] = begun(reviewing)
    assert (key, kind, day) == ("izin", ReviewKind.MONITORING, date(2027, 5, 23))
    assert reviewing.open_elements(case) == ["memantau"]
    with reviewing.engine.store.reading() as connection:
        row = connection.execute(select(instance).where(instance.c.id == case)).one()
    assert (row.title, row.starter) == ("Tinjauan berkala: Izin Kegiatan", reviewing.people["putu"].person)
    assert reviewing.events(case)[0].actor is None  # nobody clicked on anything
    reviewing.complete(case, "memantau", "putu", MONITORED)
    with reviewing.engine.store.reading() as connection:
        status = connection.scalar(select(instance.c.status).where(instance.c.id == case))
    assert status == InstanceStatus.FINISHED


def test_after_a_year_it_is_to_be_evaluated(reviewing: Office) -> None:
    wait(reviewing, 6)
    start_due_reviews(reviewing.engine)
    wait(reviewing, 6)
    assert start_due_reviews(reviewing.engine) == 1
    _first, (_key, kind, day, case) = begun(reviewing)
    assert (kind, day) == (ReviewKind.EVALUATION, date(2027, 11, 23))
    assert reviewing.open_elements(case) == ["mengevaluasi"]


def test_a_new_revision_begins_anew(reviewing: Office) -> None:
    wait(reviewing, 5)
    approved(reviewing, submitted(reviewing, to="PT4H"), today(reviewing))
    wait(reviewing, 3)
    assert start_due_reviews(reviewing.engine) == 0


def test_what_was_in_force_on_paper_long_ago_is_not_due_at_once(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "pemantauan-sop"))
    old = read_package(SAMPLES / "izin")
    header = b'title="Izin Kegiatan" number="1" effectiveOn="2019-01-01"'
    assert b'title="Izin Kegiatan"' in old.bpmn
    deploy(
        office.engine,
        operator(office.id),
        replace(old, bpmn=old.bpmn.replace(b'title="Izin Kegiatan"', header)),
    )
    assert start_due_reviews(office.engine) == 0


def test_an_office_without_the_sop_is_left_alone(office: Office) -> None:
    approved(office, submitted(office), today(office))
    wait(office, 13)
    assert start_due_reviews(office.engine) == 0


def test_of_two_cases_for_a_review_one_is_written(reviewing: Office) -> None:
    due = Due(kind=ReviewKind.MONITORING, on=today(reviewing))
    with reviewing.engine.store.transaction() as connection:
        one = connection.scalar(select(process.c.id).where(process.c.key == "izin"))
        assert periodic_reviews.take(connection, one, due, new_id())
        assert not periodic_reviews.take(connection, one, due, new_id())


def test_its_task_shows_what_staff_suggested(reviewing: Office) -> None:
    task = reviewing.open_task(reviewing.start().instance, "mengajukan").id
    suggest(reviewing.engine, reviewing.people["joko"], task, "Formulirnya terlalu panjang", new_id())
    wait(reviewing, 6)
    start_due_reviews(reviewing.engine)
    [(_key, _kind, _day, case)] = begun(reviewing)
    page = task_page(reviewing.engine, reviewing.people["putu"], reviewing.open_task(case, "memantau").id)
    assert page.reviewed is not None
    assert (page.reviewed.key, page.reviewed.kind) == ("izin", ReviewKind.MONITORING)
    assert [one.text for one in page.reviewed.suggestions] == ["Formulirnya terlalu panjang"]


def test_its_evaluation_shows_what_staff_suggested_and_what_was_accepted_and_not_done(
    reviewing: Office,
) -> None:
    engine, putu, accepted = reviewing.engine, reviewing.people["putu"], new_id()
    task = reviewing.open_task(reviewing.start().instance, "mengajukan").id
    suggest(engine, reviewing.people["joko"], task, "Formulirnya terlalu panjang", accepted)
    suggest(engine, reviewing.people["joko"], task, "Waktunya kurang", new_id())
    answer(engine, putu, "izin", accepted, SuggestionState.TAKEN, "")
    wait(reviewing, 12)
    start_due_reviews(engine)
    kind, case = next((kind, case) for _key, kind, _day, case in begun(reviewing) if kind == "evaluation")
    [element] = reviewing.open_elements(case)
    page = task_page(engine, putu, reviewing.open_task(case, element).id)
    assert page.reviewed is not None
    assert (page.reviewed.kind, kind) == (ReviewKind.EVALUATION, ReviewKind.EVALUATION)
    assert [one.text for one in page.reviewed.suggestions] == ["Waktunya kurang"]
    assert [one.text for one in page.reviewed.to_be_done] == ["Formulirnya terlalu panjang"]


def test_an_offices_sops_are_looked_through_once_however_many_are_due(office: Office) -> None:
    package = read_package(LIBRARY / "revisi-sop")
    for number in range(4):
        deploy(office.engine, operator(office.id), replace(package, key=f"revisi-{number}"))
    wait(office, 7)
    asked: list[str] = []

    def listen(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(office.engine.store.engine, "before_cursor_execute", listen)
    start_due_reviews(office.engine)
    event.remove(office.engine.store.engine, "before_cursor_execute", listen)
    assert sum("FROM periodic_review" in one for one in asked) == 4  # so many are due
    assert sum("trial_member" in one for one in asked) == 5  # one for each SOP of the office
