"""A version whose expressions run out of time again and again is stopped; every other goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.incidents import close
from engine.actions.offices import operator
from engine.core import Engine
from engine.errors import Forbidden, Invalid, ProcessFailed, Suspended
from engine.model.event import EventKind
from engine.model.incident import Cause, IncidentKind, IncidentState
from engine.opening import Places, open_engine
from engine.queries.incidents import incident_page
from engine.queries.library import library_page, sop_page
from engine.storage import timers
from engine.storage.suspensions import MOST_TIME_OUTS, WITHIN
from engine.worker import fire_due
from tests.engine.actions.failing import noted, slow
from tests.offices import Office

LEAST = {"paling_sedikit": "5"}


@pytest.fixture
def case(office: Office, tmp_path: Path) -> UUID:
    """Let a case of the slow SOP stand before its condition."""
    slow(office, tmp_path)
    started = office.start(key="taksiran").instance
    office.complete(started, "mengisi", "joko", {"jumlah": "7", "hari": "2"})
    return started


@pytest.fixture
def elsewhere(places: Places, office: Office) -> Iterator[Engine]:
    """Open what another process has."""
    opened = open_engine(places, office.clock)
    yield opened
    opened.close()


def press(office: Office, case: UUID, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ProcessFailed):
            office.complete(case, "memeriksa", "rina", LEAST)


def test_the_fifth_time_out_stops_the_version_and_the_next_try_is_told_why(
    office: Office, case: UUID
) -> None:
    press(office, case, MOST_TIME_OUTS - 1)
    assert [one.kind for one in noted(office)] == [IncidentKind.CONDITION]
    press(office, case, 1)
    stops = noted(office)[-1]
    assert (stops.kind, stops.tried.cause, stops.instance) == (IncidentKind.SUSPENDED, Cause.VERSION, None)
    assert "Taksiran Biaya ran out of time 5 times within 10 minutes" in str(stops.sentence)
    with pytest.raises(Suspended):
        office.complete(case, "memeriksa", "rina", LEAST)
    with pytest.raises(Suspended):
        office.start(key="taksiran", year=2028)
    assert office.open_elements(case) == ["memeriksa"]
    assert len(noted(office)) == 2, "nothing more is noted of a version that is stopped"


def test_other_sops_go_on(office: Office, case: UUID) -> None:
    press(office, case, MOST_TIME_OUTS)
    other = office.start().instance
    assert office.open_elements(other)


def test_every_process_honours_it(office: Office, case: UUID, elsewhere: Engine) -> None:
    press(office, case, MOST_TIME_OUTS)
    there = Office(engine=elsewhere, clock=office.clock, id=office.id, people=office.people)
    with pytest.raises(Suspended):
        there.complete(case, "memeriksa", "rina", LEAST)


def test_time_outs_far_apart_do_not_stop_it(office: Office, case: UUID) -> None:
    for _ in range(MOST_TIME_OUTS):
        press(office, case, 1)
        office.clock.move(WITHIN / 3)
    assert [one.kind for one in noted(office)] == [IncidentKind.CONDITION]


def test_only_an_administrator_lets_it_go_on_for_a_reason(office: Office, case: UUID) -> None:
    press(office, case, MOST_TIME_OUTS)
    stops = noted(office)[-1]
    with pytest.raises(Forbidden):
        close(office.engine, office.people["putu"], stops.id, "Saya yang menulis SOP ini")
    assert not incident_page(office.engine, office.people["putu"], stops.id).can_close
    with pytest.raises(Invalid):
        close(office.engine, office.people["dewi"], stops.id, "")
    close(office.engine, office.people["dewi"], stops.id, "Server sudah tidak sibuk")
    assert noted(office)[-1].state is IncidentState.SOLVED
    press(office, case, MOST_TIME_OUTS)  # each is tried again; after so many it is stopped again
    with pytest.raises(Suspended):
        office.complete(case, "memeriksa", "rina", LEAST)


def test_it_is_on_record_with_the_sop(office: Office, case: UUID) -> None:
    press(office, case, MOST_TIME_OUTS)
    close(office.engine, office.people["dewi"], noted(office)[-1].id, "Server sudah tidak sibuk")
    process = office.engine.versions.get(noted(office)[-1].version).process
    opened, solved = office.events(process)[-2:]
    assert (opened.kind, opened.actor) == (EventKind.INCIDENT_OPENED, None)
    assert json.loads(opened.payload or "{}")["kind"] == "suspended"
    assert (solved.kind, solved.actor) == (EventKind.INCIDENT_SOLVED, office.people["dewi"].person)
    assert json.loads(solved.payload or "{}")["reason"] == "Server sudah tidak sibuk"


def test_its_timers_wait_without_a_further_problem_and_fire_afterwards(office: Office, case: UUID) -> None:
    press(office, case, MOST_TIME_OUTS)
    office.clock.move(WITHIN * 6 * 24)
    before = noted(office)
    assert fire_due(office.engine) == 0
    assert noted(office) == before
    with office.engine.store.reading() as connection:
        assert [one.tries for one in timers.of_instance(connection, case)] == [0]
    close(office.engine, office.people["dewi"], before[-1].id, "Server sudah tidak sibuk")
    office.clock.move(WITHIN)
    assert fire_due(office.engine) == 1
    assert "menagih" in office.open_elements(case)


def test_the_library_says_so(office: Office, case: UUID) -> None:
    press(office, case, MOST_TIME_OUTS)
    page = sop_page(office.engine, office.people["joko"], "taksiran")
    assert (page.stopped, page.may_start) == (noted(office)[-1].id, False)
    listed = library_page(office.engine, office.people["joko"]).sops
    assert {one.key: one.stopped for one in listed} == {"izin": False, "taksiran": True}


def test_a_start_that_runs_out_of_time_counts_too(office: Office, tmp_path: Path) -> None:
    slow(office, tmp_path, start=True)
    for _ in range(MOST_TIME_OUTS):
        with pytest.raises(ProcessFailed):
            office.start(key="taksiran")
    with pytest.raises(Suspended):
        office.start(key="taksiran")
    deploy(office.engine, operator(office.id), read_package(tmp_path / "mended" / "processes" / "taksiran"))
    assert office.start(key="taksiran").number, "a corrected revision is another"


def test_a_storm_of_its_timers_stops_it_and_the_timer_of_another_sop_fires(
    office: Office, tmp_path: Path
) -> None:
    slow(office, tmp_path, late=True)
    quick = tmp_path / "processes" / "cepat"
    (tmp_path / "mended" / "processes" / "taksiran").rename(quick)
    deploy(office.engine, operator(office.id), read_package(quick))
    started = [
        office.start(key=key, knowingly=True).instance
        for key in ["taksiran"] * (MOST_TIME_OUTS + 2) + ["cepat"]
    ]
    for case in started:
        office.complete(case, "mengisi", "joko", {"jumlah": "7", "hari": "2"})
    office.clock.move(WITHIN * 6 * 24)
    assert fire_due(office.engine) == 1
    assert "menagih" in office.open_elements(started[-1])
    kinds = [one.kind for one in noted(office)]
    assert kinds == [IncidentKind.SCRIPT] * MOST_TIME_OUTS + [IncidentKind.SUSPENDED]
