"""Taking a log away is on record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from engine.actions.exports import record_export
from engine.actions.offices import operator
from engine.errors import Invalid, NotFound
from engine.model.event import EventKind
from engine.model.event_log import Detail, LogFormat, Selection
from engine.queries.event_log import chosen_cases, stream_events
from tests.offices import Office


def recorded(office: Office) -> list[tuple[object, dict[str, object]]]:
    found = [one for one in office.events(office.id) if one.kind is EventKind.RECORD_EXPORTED]
    return [(one.actor, json.loads(one.payload or "")) for one in found]


def test_who_took_what_is_on_record(office: Office) -> None:
    office.start()
    asked = Selection(sop="izin", since=date(2026, 11, 1), detail=Detail.ACTIVITIES, content=False)
    assert record_export(office.engine, office.people["agus"], LogFormat.XES, asked) == 1
    [(who, facts)] = recorded(office)
    assert who == office.people["agus"].person
    facts.pop("software")
    assert facts == {
        "roles": {"auditor": "definitive"},
        "format": "xes",
        "sop": "izin",
        "since": "2026-11-01",
        "detail": "activities",
        "content": False,
        "cases": 1,
    }


def test_an_auditor_takes_the_cases_that_a_letter_covers(office: Office) -> None:
    office.start()
    without = replace(office.people["agus"], coverage=())
    assert record_export(office.engine, without, LogFormat.CSV, Selection()) == 0
    with office.engine.store.reading() as connection:
        assert list(stream_events(connection, chosen_cases(office.engine, without, Selection()))) == []


def test_the_operator_of_the_command_line_is_the_system(office: Office) -> None:
    record_export(office.engine, operator(office.id), LogFormat.CSV, Selection())
    assert [who for who, _facts in recorded(office)] == [None]


@pytest.mark.parametrize("name", ["joko", "dewi", "lina", "tono"])
def test_for_others_there_is_nothing_to_take(office: Office, name: str) -> None:
    with pytest.raises(NotFound):
        record_export(office.engine, office.people[name], LogFormat.CSV, Selection())
    assert recorded(office) == []


@pytest.mark.parametrize("selection", [Selection(until=date.max), Selection(since=date.min)])
def test_days_without_an_instant_are_refused(office: Office, selection: Selection) -> None:
    with pytest.raises(Invalid):
        record_export(office.engine, office.people["agus"], LogFormat.CSV, selection)
    assert recorded(office) == []


def test_a_choice_that_cannot_be_leaves_nothing_on_record(office: Office) -> None:
    backwards = Selection(since=date(2026, 11, 24), until=date(2026, 11, 23))
    with pytest.raises(Invalid):
        record_export(office.engine, office.people["agus"], LogFormat.CSV, backwards)
    assert recorded(office) == []
