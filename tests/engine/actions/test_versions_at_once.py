"""Two people decide on versions of one SOP in the same moment: one waits for the other, and both are told."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from engine.actions import approvals, review_comments
from engine.actions.approvals import return_version, withdraw
from engine.actions.effective_dates import bring_due_into_force
from engine.actions.reinstatement import reinstate
from engine.actions.review_comments import comment
from engine.ids import new_id
from engine.model.instance import VersionState
from engine.storage.tables import process_version
from tests.offices import Office
from tests.revising import approved, submitted, today

PATIENCE = 60  # seconds: only a test that has failed waits so long


@pytest.fixture
def replaced(office: Office) -> Office:
    """Let revision 3 be in force, and revision 2 before it; the fourth is under review."""
    approved(office, submitted(office), today(office))
    office.clock.move(timedelta(days=7))
    approved(office, submitted(office, to="PT4H"), today(office))
    assert submitted(office, to="PT5H") == 4
    return office


def states(office: Office) -> list[str]:
    with office.engine.store.reading() as connection:
        found = select(process_version.c.state).order_by(process_version.c.number)
        return list(connection.scalars(found))


def withdraws(office: Office) -> None:
    withdraw(office.engine, office.people["lina"], "izin", 3, "Keliru")


def comments(office: Office) -> None:
    comment(office.engine, office.people["lina"], "izin", 4, "", "Mengapa lebih lama?", new_id())


def reinstates(office: Office) -> None:
    reinstate(office.engine, office.people["lina"], "izin", 2, "Keliru")


def approves(office: Office) -> None:
    approved(office, 4, today(office))


def returns(office: Office) -> None:
    return_version(office.engine, office.people["lina"], "izin", 4, "Keliru")


def the_day_begins(office: Office) -> None:
    assert bring_due_into_force(office.engine) == 1


Act = Callable[[Office], None]


def at_once(office: Office, monkeypatch: pytest.MonkeyPatch, one: Act, other: Act) -> None:
    """Let another one act while the first has changed a version and has not put it on record."""
    first, acting = True, Event()

    def slowly(record: Any) -> Any:  # noqa: ANN401 - as it is called
        def recorded(*args: Any) -> None:
            nonlocal first
            if first:
                first = False
                acting.set()
                time.sleep(1)  # the other one gets as far as it can
            record(*args)

        return recorded

    for module in (approvals, review_comments):
        monkeypatch.setattr(module, "record", slowly(module.record))
    with ThreadPoolExecutor(2) as people:
        began = people.submit(one, office)
        assert acting.wait(PATIENCE)
        came = people.submit(other, office)
        began.result(PATIENCE)
        came.result(PATIENCE)


@pytest.mark.parametrize(
    ("other", "after"),
    [
        (reinstates, [VersionState.IN_FORCE, VersionState.WITHDRAWN, VersionState.REVIEW]),
        (approves, [VersionState.SUPERSEDED, VersionState.WITHDRAWN, VersionState.IN_FORCE]),
        (returns, [VersionState.SUPERSEDED, VersionState.WITHDRAWN, VersionState.RETURNED]),
    ],
)
def test_one_is_withdrawn_while_another_takes_its_place(
    replaced: Office, monkeypatch: pytest.MonkeyPatch, other: Act, after: list[str]
) -> None:
    at_once(replaced, monkeypatch, withdraws, other)
    assert states(replaced)[1:] == after


def test_one_is_withdrawn_while_the_day_of_another_begins(
    replaced: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(replaced, 4, today(replaced) + timedelta(days=1))
    replaced.clock.move(timedelta(days=1))
    at_once(replaced, monkeypatch, withdraws, the_day_begins)
    assert states(replaced)[2:] == [VersionState.WITHDRAWN, VersionState.IN_FORCE]


def test_a_comment_is_written_while_the_version_is_returned(
    replaced: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(replaced, monkeypatch, comments, returns)
    assert states(replaced)[3] == VersionState.RETURNED
