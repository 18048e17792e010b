"""A data store of an office: kept with the step that wrote it, and no value lost between two cases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions.completion import Completion, complete
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.errors import Forbidden
from engine.ids import new_id
from engine.opening import Places
from engine.storage import data_stores
from engine.worker import fire_due
from tests.offices import SAMPLES, Office, raw
from tests.racing import RACERS, Racers

FIELDS = {"jumlah": "10", "hari": "2"}
_DATA = """
<bpmn:ioSpecification><bpmn:dataInput id="masuk" name="lama" /><bpmn:dataOutput id="keluar" name="baru" />
<bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification>
<bpmn:dataInputAssociation><bpmn:sourceRef>buku</bpmn:sourceRef><bpmn:targetRef>masuk</bpmn:targetRef></bpmn:dataInputAssociation>
<bpmn:dataOutputAssociation><bpmn:sourceRef>keluar</bpmn:sourceRef><bpmn:targetRef>buku</bpmn:targetRef></bpmn:dataOutputAssociation>
<bpmn:script>baru = (lama or 0) + 1</bpmn:script></bpmn:scriptTask>"""


@pytest.fixture
def counting(office: Office, tmp_path: Path) -> Office:
    """Give an office whose estimates are counted in a book: when written, and a day later."""
    folder = tmp_path / "processes" / "taksiran"
    folder.mkdir(parents=True)
    drawn = (SAMPLES / "taksiran" / "process.bpmn").read_text()
    counted = f'<bpmn:scriptTask id="mencatat" name="Mencatat">{_DATA}'
    counted += '<bpmn:sequenceFlow id="f9" sourceRef="mencatat" targetRef="memeriksa" />'
    drawn = drawn.replace(
        'id="f1" sourceRef="mengisi" targetRef="memeriksa"',
        'id="f1" sourceRef="mengisi" targetRef="mencatat"',
    )
    drawn = drawn.replace('<bpmn:startEvent id="mulai" />', f'<bpmn:startEvent id="mulai" />{counted}')
    late = _DATA.replace('"masuk"', '"masuk2"').replace('"keluar"', '"keluar2"')
    late = late.replace(">masuk<", ">masuk2<").replace(">keluar<", ">keluar2<")
    start, end = drawn.index('<bpmn:scriptTask id="menghitung"'), drawn.index('<bpmn:userTask id="menagih"')
    drawn = drawn[:start] + f'<bpmn:scriptTask id="menghitung" name="Menghitung">{late}' + drawn[end:]
    drawn = drawn.replace(
        "<bpmn:flowNodeRef>mulai<", "<bpmn:flowNodeRef>mencatat</bpmn:flowNodeRef><bpmn:flowNodeRef>mulai<"
    )
    drawn = drawn.replace(
        "</bpmn:laneSet>", '</bpmn:laneSet><bpmn:dataStoreReference id="buku" name="Buku" />'
    )
    (folder / "process.bpmn").write_text(drawn)
    (folder / "forms").mkdir()
    for form in (SAMPLES.parent / "forms" / "taksiran").glob("*.json"):
        (folder / "forms" / form.name).write_text(form.read_text())
    deploy(office.engine, operator(office.id), read_package(folder))
    return office


def case_of(office: Office) -> UUID:
    return office.start(key="taksiran", knowingly=True).instance


def count(office: Office) -> object:
    with office.engine.store.reading() as connection:
        found = data_stores.read(connection, office.id, "Buku")
    return None if found is None else found[1]


def test_cases_of_an_office_share_a_store(counting: Office) -> None:
    assert count(counting) is None
    for number in (1, 2):
        counting.complete(case_of(counting), "mengisi", "joko", FIELDS)
        assert count(counting) == number


def test_a_step_that_fails_leaves_the_store_as_it_was(
    counting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(counting)

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("engine.actions.advancing.jobs.add", broken)
    with pytest.raises(RuntimeError):
        counting.complete(case, "mengisi", "joko", FIELDS)
    assert count(counting) is None


def test_what_is_in_a_store_may_have_been_read_and_is_not_withdrawn(counting: Office) -> None:
    case = case_of(counting)
    task = counting.open_task(case, "mengisi").id
    counting.complete(case, "mengisi", "joko", FIELDS)
    with pytest.raises(Forbidden):
        withdraw(counting.engine, counting.people["joko"], task)
    assert count(counting) == 1


def test_timers_of_two_cases_that_write_one_store_fire_one_after_the_other(counting: Office) -> None:
    for _ in range(2):
        counting.complete(case_of(counting), "mengisi", "joko", FIELDS)
    assert count(counting) == 2
    fired = 0
    for _ in range(2):
        counting.clock.move(timedelta(days=2))
        fired += fire_due(counting.engine)
    assert fired == 2
    assert count(counting) == 4


@pytest.mark.xdist_group("races")
def test_cases_that_count_at_once_are_all_counted(counting: Office, racers: Racers, places: Places) -> None:
    heats, heat = 3, []
    for _ in range(heats):
        acts = []
        for _ in range(RACERS):
            task = counting.open_task(case_of(counting), "mengisi").id
            sent = Completion(fields=raw(FIELDS), attempt=new_id())
            acts.append(partial(complete, actor=counting.people["joko"], task_id=task, completion=sent))
        heat.append(acts)
    ran = racers.run(places, counting.clock.now(), *heat)
    assert {one.error for lane in ran for one in lane} == {""}
    assert count(counting) == heats * RACERS
