"""Who read a case that they take no part in is listed for those who may see the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.actions.reads import note_case
from engine.errors import NotFound
from engine.queries.case_reads import case_reads
from tests.offices import Office


def test_each_reader_is_listed_once_a_case_the_last_first(office: Office) -> None:
    first, second = (office.start(knowingly=True).instance for _ in range(2))
    agus, dewi = office.people["agus"], office.people["dewi"]
    note_case(office.engine, agus, first, "cases")
    office.clock.move(timedelta(minutes=1))
    note_case(office.engine, dewi, second, "cases")
    office.clock.move(timedelta(minutes=1))
    note_case(office.engine, agus, first, "cases/history")
    found = case_reads(office.engine, agus)
    assert [(one.case, one.pages) for one in found] == [(first, 2), (second, 1)]
    assert "Agus" in found[0].who
    assert found[0].last - found[1].last == timedelta(minutes=1)
    assert len(case_reads(office.engine, agus, most=1)) == 1
    assert case_reads(office.engine, replace(agus, coverage=())) == []
    with pytest.raises(NotFound):
        case_reads(office.engine, office.people["joko"])
