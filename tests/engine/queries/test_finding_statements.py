"""What the office said to findings is looked up, however much else its stream holds."""

from __future__ import annotations

from engine.ids import new_id
from engine.queries.finding_statements import statements
from tests.offices import Office
from tests.plans import plan_of


def test_statements_are_found_by_their_index(office: Office) -> None:
    with office.engine.store.reading() as connection:
        plan = plan_of(connection, lambda: statements(connection, office.id, [new_id()]))
    assert "ix_event_said" in plan
