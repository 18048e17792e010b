"""A decision table beside a diagram: put into the library with it, and followed by its cases."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.actions.amendments import Amendment, amend
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import operator
from engine.errors import Invalid, ProcessFailed, Refused
from engine.ids import new_id
from engine.model.event import EventKind
from engine.storage.tables import process_version
from tests.offices import SAMPLES, Office, raw

FILE = SAMPLES / "retribusi" / "retribusi.dmn"


@pytest.fixture
def retribusi() -> Package:
    return read_package(SAMPLES / "retribusi")


@pytest.fixture
def with_rules(office: Office, retribusi: Package) -> Office:
    deploy(office.engine, operator(office.id), retribusi)
    return office


def ask(jenis: str, luas: str) -> dict[str, str]:
    return {"jenis": jenis, "luas": luas, "tanggal": "2026-11-23"}


@pytest.mark.parametrize(
    ("jenis", "luas", "opened", "tarif", "rules"),
    [
        ("lapak", "900", "mencatat", 25_000, [[1], [1]]),
        ("toko", "50", "mencatat", 25_000, [[2], [1]]),
        ("bengkel", "60", "mencatat", 90_000, [[3], [2]]),
        ("toko", "200.5", "menyetujui", 401_000, [[3], [3]]),
    ],
)
def test_a_case_follows_what_its_table_decides(
    with_rules: Office, jenis: str, luas: str, opened: str, tarif: int, rules: list[list[int]]
) -> None:
    case = with_rules.start(key="retribusi").instance
    with_rules.complete(case, "mengajukan", "joko", ask(jenis, luas))
    assert with_rules.open_elements(case) == [opened]
    event = with_rules.events(case)[-1]
    assert (event.kind, event.element) == (EventKind.TASK_OPENED, opened)
    trail = json.loads(event.payload or "")["trail"]
    (decided,) = [item for item in trail if item[0] == "decided"]
    assert decided[1:3] == ["menetapkan", 1]
    assert decided[4]["result"]["tarif"] == tarif
    assert [one[0] for one in decided[4]["decided"]] == ["golongan", "retribusi"]
    assert [one[2] for one in decided[4]["decided"]] == rules
    if opened == "menyetujui":
        with_rules.complete(case, "menyetujui", "rina", {})
    with_rules.complete(case, "mencatat", "joko", {})
    assert with_rules.kinds(case)[-1] == "case.finished"


def test_where_two_rules_apply_the_task_stays_open_and_the_sentence_names_them(with_rules: Office) -> None:
    case = with_rules.start(key="retribusi").instance
    with pytest.raises(ProcessFailed) as failed:
        with_rules.complete(case, "mengajukan", "joko", ask("toko", "20000"))
    assert str(failed.value) == (
        "Nothing was decided at Menetapkan retribusi: the decision Tarif retribusi: the rules 3, 4 apply at"
        " once, where only one may (hit policy UNIQUE)"
    )
    assert with_rules.open_elements(case) == ["mengajukan"]


def test_a_package_without_decisions_keeps_its_digest(retribusi: Package) -> None:
    izin = read_package(SAMPLES / "izin")
    assert izin.digest.hex() == replace(izin, decisions={}).digest.hex()
    files = {
        "process.bpmn": izin.bpmn,
        **{f"forms/{key}.json": text.encode() for key, text in izin.forms.items()},
    }
    assert izin.digest == digest_of(files)
    assert retribusi.digest != replace(retribusi, decisions={}).digest


def digest_of(files: dict[str, bytes]) -> bytes:
    """Work the digest out as releases did that knew no decisions."""
    lines = [f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).digest()


def test_a_changed_table_is_a_new_version(with_rules: Office, retribusi: Package) -> None:
    again = deploy(with_rules.engine, operator(with_rules.id), retribusi)
    assert (again.new, again.number) == (False, 1)
    changed = {name: content.replace(b"25000", b"30000") for name, content in retribusi.decisions.items()}
    newer = deploy(with_rules.engine, operator(with_rules.id), replace(retribusi, decisions=changed))
    assert (newer.new, newer.number) == (True, 2)


def test_the_files_are_kept_as_they_were(with_rules: Office, retribusi: Package) -> None:
    done = deploy(with_rules.engine, operator(with_rules.id), retribusi)
    with with_rules.engine.store.reading() as connection:
        kept = connection.scalar(
            select(process_version.c.decisions).where(process_version.c.id == done.version)
        )
        none = connection.scalar(
            select(process_version.c.decisions).where(process_version.c.id != done.version).limit(1)
        )
    assert json.loads(kept or "") == {"retribusi.dmn": FILE.read_text()}
    assert none is None


@pytest.mark.parametrize(
    ("old", "new", "element", "reason"),
    [
        (b"mengajukan.luas * 1500", b"mengajukan.luas * now()", "retribusi.dmn: retribusi",
         "Decision Tarif retribusi, rule 2, column Tarif (Rp): the function now is not supported"),
        (b"mengajukan.jenis", b"mengajuan.jenis", "retribusi.dmn: golongan",
         "The decision Golongan usaha asks for mengajuan, which no step, form, script or decision sets"),
        (b'id="retribusi"', b'id="biaya"', "menetapkan",
         ("Menetapkan retribusi names the decision retribusi, which stands in no .dmn file beside the"
          " diagram; found are: biaya, golongan")),
        (b'href="#golongan"', b'href="#kelas"', "retribusi.dmn: retribusi",
         "The decision Tarif retribusi requires kelas, which is in none of the files"),
        (FILE.read_bytes(), b"<html/>", "retribusi.dmn",
         "The file holds no DMN decisions: its root is html"),
    ],
    ids=["cell", "name", "missing", "required", "file"],
)  # fmt: skip
def test_what_is_wrong_with_a_table_refuses_the_deployment(
    office: Office, retribusi: Package, old: bytes, new: bytes, element: str, reason: str
) -> None:
    changed = {name: content.replace(old, new) for name, content in retribusi.decisions.items()}
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), replace(retribusi, decisions=changed))
    assert (element, reason) in {(one.element, str(one.sentence)) for one in refused.value.findings}


def test_a_folder_with_too_many_files_of_decisions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "process.bpmn").write_bytes(b"<x/>")
    for number in range(110):
        (tmp_path / f"{number}.dmn").write_bytes(FILE.read_bytes())
    with pytest.raises(Refused, match="110 files of decisions"):
        read_package(tmp_path)


def test_what_a_table_did_not_ask_for_can_still_be_corrected(with_rules: Office) -> None:
    case = with_rules.start(key="retribusi").instance
    with_rules.complete(case, "mengajukan", "joko", ask("toko", "50"))
    (task,) = [one for one in with_rules.tasks(case) if one.element == "mengajukan"]
    joko = with_rules.people["joko"]

    def corrected(**fields: str) -> Amendment:
        changed = ask("toko", "50") | fields
        return Amendment(fields=raw(changed), reason="Keliru", attempt=new_id())

    for asked in ({"jenis": "lapak"}, {"luas": "60"}):  # the second one is asked for by both tables
        with pytest.raises(Invalid, match="1 fields") as refused:
            amend(with_rules.engine, joko, task.id, corrected(**asked))
        assert "has used this already" in refused.value.problems[0].sentence.template
    amend(with_rules.engine, joko, task.id, corrected(tanggal="2026-11-24"))
    assert with_rules.kinds(case)[-1] == EventKind.TASK_AMENDED
