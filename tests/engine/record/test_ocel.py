"""OCEL 2.0: both files say the same, and everything that is named in them is there."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.model.event_log import Detail, LogFormat, Selection
from engine.record.event_logs.formats import write
from engine.record.event_logs.log import opened_log
from engine.record.event_logs.ocel_sqlite import table_name
from tests.engine.record.cases import HOSTILE, finished, said, written
from tests.offices import Office


@pytest.fixture
def cases(office: Office) -> list[UUID]:
    begun = [finished(office, refusals=1), office.start().instance]
    said(office, begun[-1], HOSTILE)
    return begun


def as_json(office: Office, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(office, LogFormat.OCEL_JSON, Selection(**asked)))
    return found


def as_sqlite(office: Office, path: Path) -> sqlite3.Connection:
    with opened_log(office.engine, office.people["agus"], Selection()) as log:
        write(LogFormat.OCEL_SQLITE, log, path)
    return sqlite3.connect(path)


def values(entry: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in entry["attributes"]}


def test_each_event_of_the_record_is_one_of_the_log(office: Office, cases: list[UUID]) -> None:
    log = as_json(office)
    kinds = Counter(values(one)["kind"] for one in log["events"])
    assert kinds == Counter(kind for case in cases for kind in office.kinds(case))
    assert len({one["id"] for one in log["events"]}) == len(log["events"])
    finished_steps = [one["type"] for one in log["events"] if values(one)["kind"] == "task.completed"]
    assert set(finished_steps) == {"Mengajukan izin", "Memeriksa permohonan", "Mengarsipkan izin"}


def test_objects_are_cases_steps_documents_people_roles_and_versions(
    office: Office, cases: list[UUID]
) -> None:
    log = as_json(office)
    kinds = Counter(one["type"] for one in log["objects"])
    assert kinds["case"] == len(cases)
    assert kinds["step"] == 6
    assert (kinds["document"] > 0, kinds["role"], kinds["sop_version"]) == (True, 2, 1)
    assert {values(one)["name"] for one in log["objects"] if one["type"] == "person"} == {
        "Joko",
        "Rina",
        "Wati",
    }
    *_, paper = [one for one in log["objects"] if one["type"] == "document"]
    left = [one for one in log["events"] if (paper["id"], "leaves") in related(one)]
    assert [values(one)["kind"] for one in left] == ["task.completed"]


def related(entry: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["objectId"], one["qualifier"]) for one in entry["relationships"]}


def test_everything_is_declared_and_what_is_named_is_there(office: Office, cases: list[UUID]) -> None:
    assert cases
    log = as_json(office)
    objects = {one["id"] for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    types = {"string": str, "time": str, "integer": int, "boolean": bool}
    for entries, declared in (("events", "eventTypes"), ("objects", "objectTypes")):
        known = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in log[declared]}
        for one in log[entries]:
            for name, value in values(one).items():
                assert isinstance(value, types[known[one["type"]][name]])
            assert {object_ for object_, _qualifier in related(one)} <= objects


def test_both_files_say_the_same(office: Office, cases: list[UUID], tmp_path: Path) -> None:
    assert cases
    log = as_json(office)
    with closing(as_sqlite(office, tmp_path / "log.sqlite")) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for what, entries in (("event", log["events"]), ("object", log["objects"])):
            found = dict(file.execute(f"SELECT ocel_id, ocel_type FROM {what}"))  # noqa: S608 - ours
            assert found == {one["id"]: one["type"] for one in entries}
            rows: dict[str, dict[str, Any]] = {}
            for (name,) in file.execute(f"SELECT ocel_type_map FROM {what}_map_type").fetchall():  # noqa: S608
                cursor = file.execute(f'SELECT * FROM "{what}_{name}"')  # noqa: S608 - ours
                names = [one[0] for one in cursor.description]
                rows |= {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
            for one in entries:
                kept = {key: value for key, value in rows[one["id"]].items() if value is not None}
                assert {key: kept[key] for key in values(one)} == values(one)
        relations = set(file.execute("SELECT * FROM event_object"))
        assert relations == {(one["id"], *pair) for one in log["events"] for pair in related(one)}


def test_hostile_text_comes_out_as_it_went_in(office: Office, cases: list[UUID], tmp_path: Path) -> None:
    assert cases
    [comment] = [one for one in as_json(office)["events"] if one["type"] == "comment.added"]
    assert json.loads(values(comment)["payload"])["text"] == HOSTILE
    with closing(as_sqlite(office, tmp_path / "log.sqlite")) as file:
        [(payload,)] = file.execute('SELECT payload FROM "event_CommentAdded"')
    assert json.loads(payload)["text"] == HOSTILE


def test_activities_alone_keep_their_documents_without_content(office: Office, cases: list[UUID]) -> None:
    log = as_json(office, detail=Detail.ACTIVITIES, content=False)
    assert len(log["events"]) == 5
    assert any(qualifier == "leaves" for one in log["events"] for _object, qualifier in related(one))
    assert len([one for one in log["objects"] if one["type"] == "case"]) == len(cases)
    assert not any("payload" in values(one) for one in log["events"])


def test_a_file_that_cannot_be_written_is_not_taken_for_the_database(office: Office, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open database file"):
        as_sqlite(office, tmp_path / "tidak-ada" / "log.sqlite")


def test_names_of_tables_are_letters_and_differ() -> None:
    taken: set[str] = set()
    found = []
    for type_ in (
        'Rapat "x"; DROP TABLE event',
        "rapat x drop table event",
        "map_type",
        "object",
        "報告",
        "報",
    ):
        name = table_name(type_, taken)
        taken.add(name.lower())
        found.append(name)
    assert found == ["RapatXDROPTABLEEvent", "RapatXDropTableEvent2", "MapType", "Object2", "Type", "Type2"]
