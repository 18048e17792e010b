"""The first SOP of the library says what the written one says."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.processes.conftest import ROOT
from tests.processes.drawing import BPMN, SOP, Drawing

KEY = "penyusunan-dokumen-indikator-kinerja"
DIAGRAM = Drawing(ROOT / "processes" / KEY / "process.bpmn")

# Row, pelaksana, waktu, and kelengkapan and output as the written SOP prints them.
TABLE = [
    (1, "kadin", "PT10M", "Disposisi", "Disposisi"),
    (2, "kasub", "PT2H", "Disposisi", "Format Indikator Kinerja"),
    (3, "kasub", "PT1H", "Format Indikator Kinerja", "Konsep indikator kinerja"),
    (
        4,
        "kasub",
        "PT5M",
        "Disposisi, Konsep indikator kinerja",
        "Konsep surat undangan, Konsep indikator kinerja",
    ),
    (
        5,
        "staf",
        "PT25M",
        "Konsep surat undangan, Konsep indikator kinerja",
        "Konfirmasi kehadiran, Konsep indikator kinerja",
    ),
    (6, "kasub", "PT2H", "Konsep indikator kinerja", "Konsep indikator kinerja"),
    (7, "kasub", "PT3H", "Konsep indikator kinerja", "Data, Konsep indikator kinerja"),
    (8, "kasub", "P4D", "Data, Konsep indikator kinerja", "Hasil analisis, Konsep PK"),
    (9, "kasub", "P2D", "Konsep indikator kinerja", "Draft indikator kinerja"),
    (10, "sekdin", "P3D", "Draft indikator kinerja", "Draft indikator kinerja"),
    (11, "kadin", "PT1H", "Draft indikator kinerja", "Dokumen indikator kinerja"),
    (12, "kasub", "PT10M", "Dokumen indikator kinerja", "Draft surat pengantar, dokumen PK"),
    (13, "staf", None, "Surat pengantar, dokumen PK", "Tanda terima"),
]
DELEGABLE_TO_STAFF = {2, 3, 6, 7, 8}


def row(number: int) -> etree._Element:
    """Find the sop:Task of a row."""
    return next(one for one in DIAGRAM.root.iter(SOP + "Task") if one.get("number") == str(number))


def role_of(element: str) -> str:
    """Find whose lane an element stands in."""
    [lane] = [
        lane
        for lane in DIAGRAM.all("lane")
        if element in [ref.text for ref in lane.iter(BPMN + "flowNodeRef")]
    ]
    return lane.find(f"{BPMN}extensionElements/{SOP}Lane").get("role")


def printed(step: etree._Element, kind: str) -> str:
    """Join what the official table prints."""
    texts = [one.get("printed", one.get("name")) for one in step.iter(SOP + kind)]
    return ", ".join(text for text in texts if text)


@pytest.mark.parametrize(("number", "role", "time", "inputs", "outputs"), TABLE)
def test_a_row_says_what_the_written_sop_prints(
    number: int, role: str, time: str | None, inputs: str, outputs: str
) -> None:
    step = row(number)
    assert role_of(step.getparent().getparent().get("id")) == role
    assert step.get("standardTime") == time
    assert printed(step, "input") == inputs
    assert printed(step, "output") == outputs


def test_only_the_meeting_has_a_remark() -> None:
    remarks = {number: row(number).findtext(SOP + "notes") for number, *_ in TABLE}
    assert {number: text for number, text in remarks.items() if text} == {6: "SOP Pelaksanaan Kinerja"}


def test_the_uncertain_rows_may_be_handed_to_staff() -> None:
    delegable = {number for number, *_ in TABLE if row(number).get("delegableTo") == "staf"}
    assert delegable == DELEGABLE_TO_STAFF
    assert not any(row(number).get("delegableTo") for number, *_ in TABLE if number not in delegable)


def test_three_rows_may_send_a_case_back() -> None:
    back = {number: row(number).get("returnTo") for number, *_ in TABLE if row(number).get("returnTo")}
    assert back == {
        6: "membuat_undangan",
        11: "membuat_draft mereviu_draft",
        13: "membuat_surat_pengantar",
    }


def test_lanes_stand_in_the_order_of_the_official_table() -> None:
    assert [lane.get("name") for lane in DIAGRAM.all("lane")] == ["Kadin", "Sekdin", "Kasub", "Staf"]


def test_it_is_not_in_force_by_its_own_header() -> None:
    header = next(DIAGRAM.root.iter(SOP + "Document"))
    assert not any(header.get(name) for name in ("number", "createdOn", "revisedOn", "effectiveOn"))


def test_the_meeting_s_clock_starts_on_the_day_of_the_meeting() -> None:
    assert row(6).get("clockField") == "membuat_undangan.hari_tanggal"
