"""Make ``kept.zip`` of a release: run it in a checkout of that release, and keep the file under its number.

    python -m tests.upgrades.keep tests/upgrades/<version>/kept.zip

In it: the database with cases at many places, the documents, and the stories that tell how to go on.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import zipfile
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import demo
from engine.actions import completion, instances
from engine.actions.completion import Completion
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.instances import NewCase
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_cases import Cast
from engine.errors import ProcessFailed
from engine.ids import new_id
from engine.model.task import TaskState
from engine.opening import Places, open_engine
from engine.storage import tasks
from engine.storage.migrating import migrate
from engine.storage.tables import office, person
from engine.storage.transaction import open_store

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TASK = '<bpmn:userTask id="{0}" name="{1}"><bpmn:documentation>{1}</bpmn:documentation>{2}</bpmn:userTask>'
HOURS = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT{}H</bpmn:timeDuration></bpmn:timerEventDefinition>"
SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
    "<bpmn:completionCondition>{}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
)


def flow(source: str, target: str, condition: str = "", id_: str = "") -> str:
    asked = (
        f"<bpmn:conditionExpression><![CDATA[{condition}]]></bpmn:conditionExpression>" if condition else ""
    )
    id_ = id_ or f"f_{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{asked}</bpmn:sequenceFlow>'
    )


def chain(*ids: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(ids))


# One branch each: a loop drawn with a gateway, a standard loop, several at once and one after the other,
# a subprocess with a timer beside it, a called process, and two times behind an event gateway.
ROUND = (
    '<bpmn:scriptTask id="hitung" name="Hitung"><bpmn:script>putaran = 0</bpmn:script></bpmn:scriptTask>'
    '<bpmn:exclusiveGateway id="mulai_lagi" />'
    + TASK.format("mengisi", "Mengisi", "")
    + '<bpmn:scriptTask id="tambah" name="Tambah">'
    "<bpmn:script>putaran = putaran + 1</bpmn:script></bpmn:scriptTask>"
    '<bpmn:exclusiveGateway id="cukup" default="f_cukup" />'
    + chain("pisah", "hitung", "mulai_lagi", "mengisi", "tambah", "cukup")
    + flow("cukup", "mulai_lagi", "putaran < 3")
    + flow("cukup", "temu", id_="f_cukup")
)
AGAIN = TASK.format(
    "mengulang",
    "Mengulang",
    '<bpmn:standardLoopCharacteristics loopMaximum="3" testBefore="false">'
    "<bpmn:loopCondition>True</bpmn:loopCondition></bpmn:standardLoopCharacteristics>",
) + chain("pisah", "mengulang", "temu")
TOGETHER = (
    TASK.format("serentak", "Serentak", SEVERAL.format("false", "nrOfCompletedInstances == 3"))
    + TASK.format("bergiliran", "Bergiliran", SEVERAL.format("true", "nrOfCompletedInstances == 2"))
    + chain("pisah", "serentak", "temu")
    + chain("pisah", "bergiliran", "temu")
)
INSIDE = (
    '<bpmn:subProcess id="dalam" name="Dalam"><bpmn:startEvent id="dalam_mulai" />'
    + TASK.format("di_dalam", "Di dalam", "")
    + '<bpmn:endEvent id="dalam_selesai" />'
    + chain("dalam_mulai", "di_dalam", "dalam_selesai")
    + "</bpmn:subProcess>"
    f'<bpmn:boundaryEvent id="lewat" attachedToRef="dalam">{HOURS.format(24)}</bpmn:boundaryEvent>'
    '<bpmn:exclusiveGateway id="bertemu" />'
    + chain("pisah", "dalam", "bertemu", "temu")
    + flow("lewat", "bertemu")
    + '<bpmn:callActivity id="memanggil" name="Memanggil" calledElement="dipanggil" />'
    + chain("pisah", "memanggil", "temu")
)
RACE = (
    '<bpmn:eventBasedGateway id="lomba" />'
    f'<bpmn:intermediateCatchEvent id="cepat">{HOURS.format(2)}</bpmn:intermediateCatchEvent>'
    f'<bpmn:intermediateCatchEvent id="lambat">{HOURS.format(4)}</bpmn:intermediateCatchEvent>'
    '<bpmn:exclusiveGateway id="menang" />'
    + chain("pisah", "lomba", "cepat", "menang", "temu")
    + chain("lomba", "lambat", "menang")
)
LANE = "".join(
    f"<bpmn:flowNodeRef>{id_}</bpmn:flowNodeRef>"
    for id_ in ("awal", "mengisi", "mengulang", "serentak", "bergiliran", "dalam", "memanggil", "akhir")
)
MANY = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sop="urn:alur:sop:1" id="d"
 targetNamespace="urn:alur:macam">
<bpmn:process id="dipanggil" isExecutable="false"><bpmn:startEvent id="p_mulai" />
{TASK.format("terpanggil", "Terpanggil", "")}<bpmn:endEvent id="p_selesai" />
{chain("p_mulai", "terpanggil", "p_selesai")}</bpmn:process>
<bpmn:process id="macam" name="Macam-macam" isExecutable="true">
<bpmn:extensionElements>
<sop:Document title="Macam-macam" caseNumber="{{urut:03}}/MM/{{tahun}}" caseTitle="Macam {{tahun_berkas}}" />
</bpmn:extensionElements>
<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="Staf"><bpmn:extensionElements><sop:Lane role="staf" />
</bpmn:extensionElements>{LANE}</bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="mulai" />{TASK.format("awal", "Awal", "")}<bpmn:parallelGateway id="pisah" />
{chain("mulai", "awal", "pisah")}{ROUND}{AGAIN}{TOGETHER}{INSIDE}{RACE}
<bpmn:parallelGateway id="temu" />{TASK.format("akhir", "Akhir", "")}<bpmn:endEvent id="selesai" />
{chain("temu", "akhir", "selesai")}
</bpmn:process></bpmn:definitions>"""
# What waits for others, beside what is undone, counted and reminded of: a message and a condition, a data
# store, an activity with compensation, event subprocesses by a message and by working time.
COUNT = (
    '<bpmn:dataStoreReference id="buku" name="Buku" />'
    '<bpmn:scriptTask id="{0}" name="Mencatat"><bpmn:ioSpecification>'
    '<bpmn:dataInput id="{0}_lama" name="lama" /><bpmn:dataOutput id="{0}_baru" name="baru" />'
    "<bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification><bpmn:dataInputAssociation>"
    "<bpmn:sourceRef>buku</bpmn:sourceRef><bpmn:targetRef>{0}_lama</bpmn:targetRef></bpmn:dataInputAssociation>"
    "<bpmn:dataOutputAssociation><bpmn:sourceRef>{0}_baru</bpmn:sourceRef>"
    "<bpmn:targetRef>buku</bpmn:targetRef></bpmn:dataOutputAssociation>"
    "<bpmn:script>baru = (lama or 0) + 1</bpmn:script></bpmn:scriptTask>"
).format("mencatat") + chain("pisah", "mencatat", "temu")
UNDONE = (
    TASK.format("membukukan", "Membukukan", "")
    + TASK.format("menilai", "Menilai", "")
    + '<bpmn:userTask id="membatalkan" name="Membatalkan" isForCompensation="true" />'
    '<bpmn:boundaryEvent id="batal" attachedToRef="membukukan"><bpmn:compensateEventDefinition />'
    "</bpmn:boundaryEvent>"
    '<bpmn:association id="a1" associationDirection="One" sourceRef="batal" targetRef="membatalkan" />'
    '<bpmn:intermediateThrowEvent id="dibatalkan"><bpmn:compensateEventDefinition activityRef="membukukan" />'
    "</bpmn:intermediateThrowEvent>" + chain("pisah", "membukukan", "menilai", "dibatalkan", "temu")
)
ANSWERED = (
    '<bpmn:receiveTask id="menerima" name="Menerima jawaban" messageRef="jawaban" />'
    '<bpmn:scriptTask id="diterima" name="Diterima"><bpmn:script>sudah = True</bpmn:script></bpmn:scriptTask>'
    '<bpmn:intermediateCatchEvent id="lengkap"><bpmn:conditionalEventDefinition>'
    "<bpmn:condition>sudah</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    + chain("pisah", "menerima", "diterima", "temu")
    + chain("pisah", "lengkap", "temu")
)


def beside(name: str, begins: str, task: str) -> str:
    return (
        f'<bpmn:subProcess id="{name}" triggeredByEvent="true">'
        f'<bpmn:startEvent id="{name}_mulai" isInterrupting="false">{begins}</bpmn:startEvent>'
        + TASK.format(task, task.capitalize(), "")
        + f'<bpmn:endEvent id="{name}_selesai" />'
        + chain(f"{name}_mulai", task, f"{name}_selesai")
        + "</bpmn:subProcess>"
    )


WORKING = '<bpmn:extensionElements><sop:Timer time="working" /></bpmn:extensionElements>'
LISTENS = beside("susulan", '<bpmn:messageEventDefinition messageRef="tambahan" />', "menyusul") + beside(
    "ingat", WORKING + HOURS.format(4), "mengingatkan"
)
TALKS_LANE = "".join(
    f"<bpmn:flowNodeRef>{id_}</bpmn:flowNodeRef>"
    for id_ in ("awal", "membukukan", "menilai", "membatalkan", "susulan", "ingat", "akhir")
)
TALKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sop="urn:alur:sop:1" id="d"
 targetNamespace="urn:alur:ragam">
<bpmn:message id="jawaban" name="Jawaban" /><bpmn:message id="tambahan" name="Tambahan" />
<bpmn:process id="ragam" name="Ragam" isExecutable="true">
<bpmn:extensionElements>
<sop:Document title="Ragam" caseNumber="{{urut:03}}/RG/{{tahun}}" caseTitle="Ragam {{tahun_berkas}}" />
</bpmn:extensionElements>
<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="Staf"><bpmn:extensionElements><sop:Lane role="staf" />
</bpmn:extensionElements>{TALKS_LANE}</bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="mulai" />{TASK.format("awal", "Awal", "")}<bpmn:parallelGateway id="pisah" />
{chain("mulai", "awal", "pisah")}{COUNT}{UNDONE}{ANSWERED}{LISTENS}
<bpmn:parallelGateway id="temu" />{TASK.format("akhir", "Akhir", "")}<bpmn:endEvent id="selesai" />
{chain("temu", "akhir", "selesai")}
</bpmn:process></bpmn:definitions>"""
DRAWN = {"macam": MANY, "ragam": TALKS}
SAMPLES = Path("tests/samples/processes")
FAILS = "!"  # after an element: what is sent there cannot be gone on from, and is noted
# How far the cases of the small processes have come, by the elements completed.
WAYS = {
    "macam": [
        ["awal"],
        ["awal", "mengisi", "mengulang", "serentak", "bergiliran"],
        ["awal", "serentak", "serentak", "bergiliran", "bergiliran", "di_dalam", "terpanggil", "mengulang"],
    ],
    "laporan": [[], ["meminta"], ["meminta", "menulis"], ["meminta", "menghitung"]],
    "ragam": [["awal"], ["awal", "membukukan"], ["awal", "membukukan", "menilai"]],
    "surat": [["menulis"]],
    "edaran": [["menulis"], ["menulis", "menimbang"]],
    "retribusi": [[], ["mengajukan"]],
    "taksiran": [["mengisi", "memeriksa!"]],
}
FIELDS = {
    "isi": "Baik",
    "alamat": "wati@example.go.id",
    "perihal": "Rapat",
    "agenda": "http://agenda.example.go.id/",
    "jenis": "toko",
    "luas": "50",
    "hari": "2",  # "jumlah" is left empty, and cannot be compared
    "paling_sedikit": "1",
}


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        places = Places(database=f"sqlite:///{folder}/alur.db", blobs=str(folder / "blobs"))
        store = open_store(places.database)
        migrate(store)
        store.close()
        library = Path("processes")
        demo.fill(places, library, "untuk-uji-saja-17", NOW, say)
        play_small(places)
        with sqlite3.connect(folder / "alur.db") as database:
            database.execute(f"VACUUM INTO '{folder}/kept.db'")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept:
            kept.write(folder / "kept.db", "alur.db")
            for path in sorted((folder / "blobs").rglob("*")):
                if path.is_file():
                    kept.write(path, str(path.relative_to(folder)))
            kept.write(library / "demo.json", "office.json")
            for story in sorted(library.glob("*/demo.json")):
                kept.write(story, f"stories/{story.parent.name}.json")
    say(f"{target}: {target.stat().st_size} bytes")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def play_small(places: Places) -> None:
    clock = SetClock(NOW)
    engine = open_engine(places, clock)
    try:
        cast = cast_of(engine)
        drawn = [Package(key=key, bpmn=text.encode(), forms={}) for key, text in DRAWN.items()]
        for package in drawn + [read_package(SAMPLES / key) for key in WAYS if key not in DRAWN]:
            deploy(engine, operator(cast.office), package)
        for key, ways in WAYS.items():
            for way in ways:
                play(engine, cast, key, way)
    finally:
        engine.close()


def play(engine: Engine, cast: Cast, key: str, way: list[str]) -> None:
    new = NewCase(key=key, year=2027, attempt=new_id(), knowingly=True)
    case = instances.start(engine, cast.actors["staf"], new).instance
    for step in way:
        element = step.removesuffix(FAILS)
        with engine.store.reading() as connection:
            ever = tasks.of_instance(connection, case)
        task = next(one for one in ever if (one.element, one.state) == (element, TaskState.OPEN))
        sent = Completion(fields={name: [text] for name, text in FIELDS.items()}, attempt=new_id())
        with pytest.raises(ProcessFailed) if step.endswith(FAILS) else nullcontext():
            completion.complete(engine, cast.actors[task.role], task.id, sent)


def cast_of(engine: Engine) -> Cast:
    """Find the people of the demo again."""
    plan = json.loads(Path("processes/demo.json").read_text())
    with engine.store.reading() as connection:
        place = connection.scalar(select(office.c.id).where(office.c.key == plan["key"]))
        ids = {row.sign_in_name: row.id for row in connection.execute(select(person))}
    actors = {}
    for one in plan["people"]:
        roles = tuple(demo._held(role) for role in plan["roles"] if role["key"] in one.get("roles", ()))
        actors[one["account"]] = demo.Actor(
            person=ids[one["account"]], office=place, name=one["name"], roles=roles
        )
    return Cast(office=place, actors=actors, people=ids, units={})


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
