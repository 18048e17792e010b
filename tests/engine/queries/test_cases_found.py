"""A case is found by what an auditor knows of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from engine.queries.replay_cases import CasesSought, cases_found
from engine.storage.tables import instance
from tests.offices import Office


def test_a_whole_number_finds_its_case_alone_and_a_part_all_that_have_it(office: Office) -> None:
    cases = [office.start(knowingly=True).instance for _ in range(3)]
    agus = office.people["agus"]
    with office.engine.store.reading() as connection:
        numbers = dict(connection.execute(select(instance.c.id, instance.c.number)).all())
    found = cases_found(office.engine, agus, CasesSought(text=f" {numbers[cases[1]]} "))
    assert [one.id for one in found.rows] == [cases[1]]
    part = numbers[cases[1]].partition("/")[2]
    assert {one.id for one in cases_found(office.engine, agus, CasesSought(text=part)).rows} == set(cases)
    unseen = replace(agus, coverage=())
    assert cases_found(office.engine, unseen, CasesSought(text=numbers[cases[1]])).rows == ()
