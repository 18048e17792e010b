"""Steps done by who did not hold their role, of an office in which very many people work."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update

from engine.ids import new_id
from engine.queries.figures_asked import FiguresAsked, scope_of
from engine.queries.figures_breaches import not_held_by
from engine.queries.figures_shapes import reading_of
from engine.queries.figures_steps import Doer
from engine.storage.tables import role_assignment
from tests import figured
from tests.offices import Office


def test_thousands_who_did_not_hold_their_role_are_told_apart(office: Office) -> None:
    figured.work(office)
    now, joko = office.clock.now(), office.people["joko"].person
    assert joko is not None
    with office.engine.store.transaction() as connection:  # as if he held it from the week after
        connection.execute(update(role_assignment).values(since=date(2026, 12, 1)))
    people = [new_id() for _ in range(2500)]
    doers = [Doer(role="pemilik", person=one, first=now, last=now) for one in people]
    early = Doer(role="staf", person=joko, first=now.replace(year=2020), last=now)
    asked = FiguresAsked(sop="izin", since=date(2026, 11, 23), until=date(2026, 11, 29))
    with office.engine.store.reading() as connection:
        scope = scope_of(office.engine, connection, office.people["agus"], asked)
        reading = reading_of(office.engine, connection, scope)
        counts = []
        for chosen in (doers, [*doers, early]):
            found = not_held_by(reading, chosen)
            assert found is not None
            counts.append(connection.scalar(select(func.count()).select_from(found.subquery())))
    assert counts[0] == 0
    assert counts[1] > 0
