"""Starting a case, its number, and ending it for a reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.actions import cancellation, tasks
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.timers import Fired, fire
from engine.clock import SetClock
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.storage import instances as rows
from engine.storage import timers
from tests.offices import SAMPLES, Office, furnish, with_two_starts


def test_a_case_begins_with_its_first_task(office: Office) -> None:
    started = office.start(title="  Izin lokakarya ")
    first = office.open_task(started.instance, "mengajukan")
    assert (started.number, started.first_task) == ("001/IZ/2026", first.id)
    assert office.kinds(started.instance) == [EventKind.CASE_STARTED, EventKind.TASK_OPENED]
    told = json.loads(office.events(started.instance)[0].payload or "")
    assert (told["title"], told["year"], told["version"], told["state"]) == (
        "Izin lokakarya",
        2027,
        1,
        "trial",
    )


def test_a_case_begins_where_whoever_starts_it_chose(office: Office) -> None:
    deploy(office.engine, operator(office.id), with_two_starts())
    case = office.start("rina", start="langsung").instance
    assert office.open_task(case, "memeriksa")
    assert json.loads(office.events(case)[0].payload or "")["start"] == "langsung"
    assert office.open_task(office.start(year=2028).instance, "mengajukan")
    with pytest.raises(Invalid):
        office.start(year=2029, start="memeriksa")


def test_who_may_start_a_case_depends_on_where_it_begins(office: Office) -> None:
    deploy(office.engine, operator(office.id), with_two_starts())
    with pytest.raises(Forbidden):
        office.start("joko", start="langsung")
    with pytest.raises(Forbidden):
        office.start("rina", start="mulai")
    with pytest.raises(Forbidden):
        office.start("rina")  # begins at the first


def test_a_case_without_a_title_gets_the_one_of_its_sop(office: Office) -> None:
    case = office.start().instance
    with office.engine.store.reading() as connection:
        found = rows.load(connection, case, None)
    assert found is not None
    assert found.title == "Izin Kegiatan 2027"


def test_numbers_follow_each_other_in_the_year_they_were_started(office: Office) -> None:
    office.start()
    assert office.start(year=2028).number == "002/IZ/2026"
    office.clock.move(timedelta(days=60))
    assert office.start(year=2029).number == "001/IZ/2027"


def test_a_start_that_fails_uses_no_number(office: Office) -> None:
    with pytest.raises(Invalid):
        office.start(title="x" * 161)
    with pytest.raises(Forbidden):
        office.start(by="rina")
    assert office.start().number == "001/IZ/2026"


def test_offices_count_for_themselves(engine_: Engine, clock: SetClock, office: Office) -> None:
    other = furnish(engine_, clock, "kantor-lain")
    assert office.start().number == other.start().number == "001/IZ/2026"


def test_two_sops_with_one_template_never_give_the_same_number(office: Office) -> None:
    package = read_package(SAMPLES / "izin")
    deploy(
        office.engine, operator(office.id), type(package)(key="cuti", bpmn=package.bpmn, forms=package.forms)
    )
    numbers = [
        office.start(key=key, year=2020 + year).number for year in range(2) for key in ("izin", "cuti")
    ]
    assert numbers == ["001/IZ/2026", "002/IZ/2026", "003/IZ/2026", "004/IZ/2026"]


def test_one_is_warned_when_a_case_for_the_same_year_is_open(office: Office) -> None:
    office.start()
    with pytest.raises(Invalid) as warned:
        office.start()
    [problem] = warned.value.problems
    assert problem.field == "knowingly"
    assert str(problem.sentence).startswith("A case for 2027 is open already.")
    assert office.start(year=2028).number == "002/IZ/2026"
    assert office.start(knowingly=True).number == "003/IZ/2026"


def test_all_that_is_wrong_is_told_at_once(office: Office) -> None:
    office.start(year=2100)
    with pytest.raises(Invalid) as wrong:
        office.start(year=2101, title="x" * 200)
    assert [problem.field for problem in wrong.value.problems] == ["year", "title"]


def test_the_same_form_starts_it_once(office: Office) -> None:
    attempt = new_id()
    first, again = office.start(attempt=attempt), office.start(attempt=attempt)
    assert again == first
    assert office.start(year=2028).number == "002/IZ/2026"


def test_anothers_form_tells_nothing_about_their_case(office: Office) -> None:
    attempt = office.start().instance
    with pytest.raises(Conflict):
        office.start(by="wati", attempt=attempt)


def test_only_who_holds_the_first_role_starts_one(office: Office) -> None:
    for name in ("rina", "budi", "putu", "dewi", "tono"):
        with pytest.raises(Forbidden):
            office.start(by=name)
    with pytest.raises(NotFound):
        office.start(key="tidak-ada")


def test_a_running_case_keeps_its_version(office: Office) -> None:
    old = office.start().instance
    package = read_package(SAMPLES / "izin")
    changed = package.bpmn.replace(b'Memeriksa permohonan"', b'Memeriksa usulan"')
    deploy(office.engine, operator(office.id), type(package)(key="izin", bpmn=changed, forms=package.forms))
    new = office.start(year=2028).instance
    for case in (old, new):
        office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    assert office.open_task(old, "memeriksa").name == "Memeriksa permohonan"
    assert office.open_task(new, "memeriksa").name == "Memeriksa usulan"


# -- cancelling ----------------------------------------------------------------------------------


def test_cancelling_closes_everything_and_says_why(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    with office.engine.store.reading() as connection:
        [timer, *_] = timers.of_instance(connection, case)
    cancellation.cancel(office.engine, office.people["putu"], case, " Salah   SOP ")
    assert office.open_elements(case) == []
    assert {one.state for one in office.tasks(case)} == {TaskState.COMPLETED, TaskState.CANCELLED}
    assert office.kinds(case)[-3:] == [EventKind.CASE_CANCELLED] + [EventKind.TASK_CANCELLED] * 2
    with office.engine.store.reading() as connection:
        found = rows.load(connection, case, None)
        assert timers.of_instance(connection, case) == []
    assert found is not None
    assert (found.status, found.state) == (InstanceStatus.CANCELLED, None)
    assert fire(office.engine, [timer], office.clock.now()) == Fired()


def test_a_cancelled_case_cannot_go_on(office: Office) -> None:
    case = office.start().instance
    task = office.open_task(case, "mengajukan")
    cancellation.cancel(office.engine, office.people["dewi"], case, "Ganda")
    with pytest.raises(Conflict, match="closed"):
        tasks.claim(office.engine, office.people["joko"], task.id)
    assert office.start().number == "002/IZ/2026"


def test_cancelling_twice_is_once(office: Office) -> None:
    case = office.start().instance
    for _ in range(2):
        cancellation.cancel(office.engine, office.people["putu"], case, "Ganda")
    assert office.kinds(case).count(EventKind.CASE_CANCELLED) == 1


def test_cancelling_needs_a_reason_and_the_right_to(office: Office) -> None:
    case = office.start().instance
    with pytest.raises(Invalid) as wrong:
        cancellation.cancel(office.engine, office.people["putu"], case, "  ")
    assert [problem.field for problem in wrong.value.problems] == ["reason"]
    for name, error in (("joko", Forbidden), ("agus", Forbidden), ("tono", NotFound), ("sri", NotFound)):
        with pytest.raises(error):
            cancellation.cancel(office.engine, office.people[name], case, "Tidak perlu")
    assert office.open_elements(case) == ["mengajukan"]


def test_a_case_of_another_office_cannot_be_cancelled(
    engine_: Engine, clock: SetClock, office: Office
) -> None:
    case = office.start().instance
    elsewhere = furnish(engine_, clock, "lain")
    for name in ("putu", "dewi", "joko"):  # who holds there what would be enough here
        with pytest.raises(NotFound):
            cancellation.cancel(engine_, elsewhere.people[name], case, "Ganda")
    assert office.open_elements(case) == ["mengajukan"]


def test_a_finished_case_stays_finished(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "laporan"))
    case = office.start(key="laporan").instance
    office.complete(case, "meminta", "joko", {})
    office.complete(case, "menulis", "joko", {"isi": "Baik"})
    office.complete(case, "menghitung", "rina", {})
    assert office.complete(case, "memutuskan", "sri", {"keputusan": "Ya"}).finished
    with pytest.raises(Conflict):
        cancellation.cancel(office.engine, office.people["putu"], case, "Terlambat")
    assert office.kinds(case)[-2:] == [EventKind.CASE_FINISHED, EventKind.ATTEMPT_REFUSED]
