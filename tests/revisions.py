"""Revisions of the sample process *izin*, as its owner might draw them."""

from __future__ import annotations

import json
from dataclasses import replace

from engine.actions.deployment import Package, read_package
from tests.offices import SAMPLES


def izin() -> Package:
    """Give it as it is."""
    return read_package(SAMPLES / "izin")


def changed(package: Package, *pairs: tuple[str, str]) -> Package:
    """Write other words into the diagram; each must stand there once."""
    bpmn = package.bpmn.decode()
    for before, after in pairs:
        assert bpmn.count(before) == 1, before
        bpmn = bpmn.replace(before, after)
    return replace(package, bpmn=bpmn.encode())


def with_step_on(flow: str, to: str, step: str, name: str, lane: str = "lane_staf") -> Package:
    """Put a new step onto a flow: the flow leads to it, and another one from it to where the flow led."""
    package = izin()
    bpmn = package.bpmn.decode()
    source = bpmn.split(f'id="{flow}"')[1].split('sourceRef="')[1].split('"')[0]
    task = (
        f'<bpmn:userTask id="{step}" name="{name}"><bpmn:documentation>{name}</bpmn:documentation>'
        '<bpmn:extensionElements><sop:Task standardTime="PT1H" /></bpmn:extensionElements></bpmn:userTask>'
        f'<bpmn:sequenceFlow id="{step}_on" sourceRef="{step}" targetRef="{to}" />'
    )
    return changed(
        package,
        (f'sourceRef="{source}" targetRef="{to}"', f'sourceRef="{source}" targetRef="{step}"'),
        ("</bpmn:process>", f"{task}</bpmn:process>"),
        *_in_lane(bpmn, lane, step),
        # What the file says of the flow at its ends is checked as well.
        *_incoming(bpmn, flow, step),
    )


def _in_lane(bpmn: str, lane: str, step: str) -> list[tuple[str, str]]:
    first = bpmn.split(f'id="{lane}"')[1].split("<bpmn:flowNodeRef>")[1].split("<", maxsplit=1)[0]
    ref = f"<bpmn:flowNodeRef>{first}</bpmn:flowNodeRef>"
    return [(ref, f"{ref}<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>")]


def _incoming(bpmn: str, flow: str, step: str) -> list[tuple[str, str]]:
    said = f"<bpmn:incoming>{flow}</bpmn:incoming>"
    return [(said, f"<bpmn:incoming>{step}_on</bpmn:incoming>")] if bpmn.count(said) == 1 else []


def with_a_check_before_archiving() -> Package:
    """Give it with a new step behind an approved application."""
    return with_step_on("f_ya", "mengarsipkan", "memastikan", "Memastikan kelengkapan")


def with_a_check_before_examining() -> Package:
    """Give it with a new step before an application is examined."""
    return with_step_on("f1", "memeriksa", "mencatat", "Mencatat permohonan")


def with_more_time() -> Package:
    """Give it with two days for examining."""
    return changed(izin(), ('standardTime="P1D"', 'standardTime="P2D"'))


def for_another_role() -> Package:
    """Give it with examining by the Sekdin."""
    return changed(izin(), ('<sop:Lane role="kasub" />', '<sop:Lane role="sekdin" />'))


def naming_nobody() -> Package:
    """Give it without the field that names who examines."""
    package = izin()
    form = json.loads(package.forms["mengajukan"])
    form["components"] = [one for one in form["components"] if one.get("key") != "pemeriksa"]
    return replace(package, forms={**package.forms, "mengajukan": json.dumps(form)})


def with_another_examination() -> Package:
    """Give that with another step in the place of the examination; nothing of the old one is left."""
    package = naming_nobody()
    bpmn = package.bpmn.replace(b'formKey="memeriksa"', b'formKey="MEMERIKSA"')
    bpmn = bpmn.replace(b"memeriksa", b"meneliti").replace(b"MEMERIKSA", b"memeriksa")
    return replace(package, bpmn=bpmn)
