"""Event logs: what they tell of a case, in which order, and that nothing in them can do harm."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions.cancellation import cancel
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.returns import send_back
from engine.actions.withdrawal import withdraw
from engine.errors import Invalid, NotFound
from engine.ids import new_id
from engine.model.event_log import PASSED, Detail, LogFormat, Selection
from engine.record.event_logs.csv import safe
from engine.record.event_logs.flat import COLUMNS
from tests.engine.record.cases import ASKED, HOSTILE, finished, said, written
from tests.offices import SAMPLES, Office, furnish

STEPS = ["Mengajukan izin", "Memeriksa permohonan", "Mengarsipkan izin"]


def rows(office: Office, **asked: Any) -> list[dict[str, Any]]:
    text = written(office, LogFormat.JSONL, Selection(**asked))
    return [json.loads(line) for line in text.split("\n") if line]


def activities(office: Office, case: UUID) -> list[str]:
    found = rows(office, detail=Detail.ACTIVITIES)
    return [row["activity"] for row in found if row["case_id"] == case.hex]


def test_every_event_of_a_case_is_a_line_in_its_order(office: Office) -> None:
    cases = [finished(office), finished(office, refusals=1), office.start().instance]
    found = [(row["case_id"], int(row["event"]), row["kind"]) for row in rows(office)]
    assert found == [
        (case.hex, one.seq, one.kind.value) for case in sorted(cases) for one in office.events(case)
    ]


def test_a_line_says_who_did_what_when_and_how_long_it_took(office: Office) -> None:
    case = office.start().instance
    office.clock.move(timedelta(minutes=20))
    office.complete(case, "mengajukan", "joko", ASKED)
    [row] = [row for row in rows(office) if row["kind"] == "task.completed"]
    assert list(row) == list(COLUMNS)
    payload = row.pop("payload")
    assert payload["data"]["kegiatan"] == "Pelatihan"
    assert row == {
        "case": office_number(office, case),
        "case_id": case.hex,
        "title": row["title"],
        "sop": "izin",
        "version": 1,
        "trial": row["trial"],
        "status": "running",
        "event": "3",
        "time": "2026-11-23T02:20:00.000000Z",
        "begun": "2026-11-23T02:00:00.000000Z",
        "kind": "task.completed",
        "activity": "Mengajukan izin",
        "transition": "complete",
        "withdrawn": False,
        "element": "mengajukan",
        "round": 1,
        "iteration": 0,
        "role": "staf",
        "person": "Joko",
        "post": "Staf Subbag",
        "person_id": office.people["joko"].person.hex,  # type: ignore[union-attr]
        "on_behalf_of": None,
        "worked": 20,
        "waited": 0,
    }


def office_number(office: Office, case: UUID) -> str:
    [first, *_] = office.events(case)
    number: str = json.loads(first.payload or "")["number"]
    return number


def test_activities_are_the_steps_that_were_finished(office: Office) -> None:
    case = finished(office, refusals=1)
    assert activities(office, case) == [*STEPS[:2], *STEPS]


def test_a_completion_that_was_taken_back_is_no_activity(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    withdraw(office.engine, office.people["joko"], office.tasks(case)[0].id)
    assert activities(office, case) == []
    assert [row["kind"] for row in rows(office) if row["withdrawn"]] == ["task.completed"]
    office.complete(case, "mengajukan", "joko", ASKED)
    assert activities(office, case) == STEPS[:1]


def test_what_was_sent_back_or_cancelled_was_not_finished(office: Office) -> None:
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", ASKED)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task = office.open_task(case, "mengarsipkan").id
    send_back(office.engine, office.people["wati"], task, "memeriksa", "Berkas belum lengkap", new_id())
    cancel(office.engine, office.people["putu"], case, "Tidak jadi")
    assert activities(office, case) == STEPS[:2]
    told = {row["kind"]: row["transition"] for row in rows(office)}
    assert told["task.returned"] == told["task.cancelled"] == "ate_abort"
    assert told["case.cancelled"] == "pi_abort"


def test_a_step_that_no_person_does_is_an_activity_in_its_place(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "retribusi"))
    case = office.start(key="retribusi").instance
    first = office.tasks(case)[0]
    office.complete(case, first.element, "joko", {"jenis": "toko", "luas": "20"})
    found = [row for row in rows(office, detail=Detail.ACTIVITIES) if row["case_id"] == case.hex]
    assert [(row["activity"], row["kind"]) for row in found] == [
        (first.name, "task.completed"),
        ("Menetapkan retribusi", PASSED),
    ]
    assert found[1]["person"] is None
    assert found[1]["event"] == f"{found[1]['event'].partition('.')[0]}.1"


def test_a_choice_takes_whole_cases_of_one_sop_and_of_days(office: Office) -> None:
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "kiriman"))
    first = finished(office)
    office.start(key="kiriman")
    office.clock.move(timedelta(days=2))
    said(office, office.start().instance, "Belum selesai")
    assert {row["sop"] for row in rows(office)} == {"izin", "kiriman"}
    assert {row["sop"] for row in rows(office, sop="izin")} == {"izin"}
    monday = date(2026, 11, 23)
    assert {row["case_id"] for row in rows(office, sop="izin", since=monday, until=monday)} == {first.hex}
    assert rows(office, until=monday - timedelta(days=1)) == []
    assert len({row["case_id"] for row in rows(office, since=monday + timedelta(days=1))}) == 1


def test_a_choice_that_cannot_be_is_told(office: Office) -> None:
    with pytest.raises(NotFound, match="tidak-ada"):
        rows(office, sop="tidak-ada")
    with pytest.raises(Invalid, match="2026-11-24"):
        rows(office, since=date(2026, 11, 24), until=date(2026, 11, 23))


def test_without_content_nothing_that_was_entered_leaves(office: Office) -> None:
    said(office, office.start().instance, HOSTILE)
    for form in (LogFormat.JSONL, LogFormat.CSV, LogFormat.XES):
        assert "HYPERLINK" in written(office, form)
        assert "HYPERLINK" not in written(office, form, Selection(content=False))


def test_cases_of_another_office_are_not_among_them(office: Office) -> None:
    furnish(office.engine, office.clock, "lain").start()
    mine = office.start().instance
    assert {row["case_id"] for row in rows(office)} == {mine.hex}


def test_hostile_text_comes_out_of_json_lines_as_it_went_in(office: Office) -> None:
    case = office.start().instance
    said(office, case, HOSTILE)
    [row] = [row for row in rows(office) if row["kind"] == "comment.added"]
    assert row["payload"]["text"] == HOSTILE


def test_no_cell_of_a_csv_is_worked_out_by_a_spreadsheet(office: Office) -> None:
    case = office.start(title=HOSTILE[:90]).instance
    said(office, case, HOSTILE)
    text = written(office, LogFormat.CSV)
    assert text.startswith("case,case_id,")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(found) == len(office.events(case))
    for delimiter in ",;\t":
        cells = [
            cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row
        ]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    assert {row["title"] for row in found} == {safe(HOSTILE[:90])}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1", "'=1"),
        ("+62", "'+62"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "'\t'=1"),
        ("a;=1\n-2", "a;'=1\n'-2"),
        ("1-2=3;4", "1-2=3;4"),
        ("\x00a", "␀a"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_work_out_gets_an_apostrophe(text: str, shown: str) -> None:
    assert safe(text) == shown
