"""SOPs that fail, and what was noted of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.actions.deployment import deploy, read_package
from engine.actions.incidents_noted import Failed, note_version
from engine.actions.offices import operator
from engine.errors import Failure, ProcessFailed, say
from engine.model.event import Event
from engine.model.incident import Cause, IncidentKind, Tried
from engine.storage import instances, versions
from engine.storage.incidents import Incident, read_incident
from engine.storage.tables import incident
from tests.offices import SAMPLES, Office

DAY = timedelta(hours=24)
LEAST = {"paling_sedikit": "5"}


def noted(office: Office) -> list[Incident]:
    """Read every incident, the oldest first."""
    with office.engine.store.reading() as connection:
        rows = connection.execute(select(incident).order_by(incident.c.id)).mappings()
        return [read_incident(row) for row in rows]


def failing_start(office: Office, tmp_path: Path) -> UUID:
    """Deploy a version that computes with the year before its first task; gives the process."""
    _deploy(office, _written(tmp_path, _prepared('x = 1 / (case["year"] - 2027)')))
    with office.engine.store.reading() as connection:
        found = versions.find_process(connection, office.id, "taksiran")
    assert found is not None
    return found


def slow(
    office: Office,
    tmp_path: Path,
    *,
    start: bool = False,
    late: bool = False,
    source: str = "sum(range(10**12))",
) -> None:
    """Deploy a version with a condition that takes long, or never ends.

    Or with such a script: before the first task (``start``), or behind the timer (``late``). What it
    was before lies beside it, in ``mended``.
    """
    sound = (SAMPLES / "taksiran" / "process.bpmn").read_text()
    _written(tmp_path / "mended", sound)
    condition = 'mengisi["jumlah"] &gt;= memeriksa["paling_sedikit"]'
    drawn = _prepared(f"x = {source}") if start else sound.replace(condition, f"{source} == 1")
    if late:
        drawn = sound.replace('denda = mengisi["jumlah"] / mengisi["hari"]', f"denda = {source}")
    _deploy(office, _written(tmp_path, drawn))


def _prepared(source: str) -> str:
    """Draw a script before the first task."""
    drawn = (SAMPLES / "taksiran" / "process.bpmn").read_text()
    script = f'<bpmn:scriptTask id="menyiapkan" name="Menyiapkan"><bpmn:script>{source}'
    script += "</bpmn:script></bpmn:scriptTask>"
    script += '<bpmn:sequenceFlow id="f00" sourceRef="mulai" targetRef="menyiapkan" />'
    drawn = drawn.replace('<bpmn:startEvent id="mulai" />', f'<bpmn:startEvent id="mulai" />{script}')
    drawn = drawn.replace('id="f0" sourceRef="mulai"', 'id="f0" sourceRef="menyiapkan"')
    return drawn.replace(
        "<bpmn:flowNodeRef>mulai<", "<bpmn:flowNodeRef>menyiapkan</bpmn:flowNodeRef><bpmn:flowNodeRef>mulai<"
    )


def _written(tmp_path: Path, drawn: str) -> Path:
    folder = tmp_path / "processes" / "taksiran"
    (folder / "forms").mkdir(parents=True)
    (folder / "process.bpmn").write_text(drawn)
    for form in (SAMPLES.parent / "forms" / "taksiran").glob("*.json"):
        (folder / "forms" / form.name).write_text(form.read_text())
    return folder


def _deploy(office: Office, folder: Path) -> None:
    deploy(office.engine, operator(office.id), read_package(folder))


def stop(office: Office, case: UUID) -> UUID:
    """Stop the SOP of a case, as too many time-outs do; gives the incident that stops it."""
    with office.engine.store.reading() as connection:
        version = office.engine.versions.get(instances.version_of(connection, case))
    failed = Failed(
        element="",
        name="",
        sentence=say("Stopped"),
        failure=Failure(kind=IncidentKind.SUSPENDED),
        tried=Tried(cause=Cause.VERSION),
    )
    note_version(office.engine, operator(office.id), version, failed)
    office.engine.suspensions.look_again()
    return noted(office)[-1].id


def estimate(office: Office) -> UUID:
    """Bring an estimate to Kasub whose amount and days were left empty."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "taksiran"))
    started = office.start(key="taksiran").instance
    office.complete(started, "mengisi", "joko", {})
    return started


def press(office: Office, case: UUID, **facts: Any) -> None:
    with pytest.raises(ProcessFailed):
        office.complete(case, "memeriksa", "rina", LEAST, **facts)


def told(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(event.payload or "{}")
    return said


def fill(office: Office, case: UUID, values: dict[str, Any] | None = None) -> None:
    """Write other values into the state, as no page can."""
    with office.engine.store.reading() as connection:
        row = instances.load(connection, case, None)
    assert row is not None
    assert row.state is not None
    state = json.loads(row.state)
    state["variables"]["mengisi"] = values or {"jumlah": 7, "hari": 2}
    save(office, case, json.dumps(state))


def save(office: Office, case: UUID, state: str) -> None:
    with office.engine.store.transaction() as connection:
        guard, _status, head = instances.lock(connection, case)
        instances.save(connection, case, head, {"guard": guard + 1, "state": state})
