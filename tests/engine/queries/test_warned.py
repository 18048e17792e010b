"""A revision's files are looked at once, and while no transaction is open: it takes its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.roles import RoleForm, add_role
from engine.model.permission import RoleKind
from engine.queries import warned
from engine.queries.approval_proof import approval_proof
from engine.queries.differences import compared
from engine.queries.draft_findings import DraftFindings
from engine.queries.review import review_page
from engine.queries.task_page import task_page
from engine.storage.transaction import Store
from tests.engine.actions.test_revision_cases import cases
from tests.offices import LIBRARY, Office
from tests.revising import submitted


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give, for each time that files are looked at, how many transactions were open."""
    found: list[int] = []
    held: list[Store] = []
    reading, findings_for = Store.reading, warned.findings_for

    @contextmanager
    def counted(store: Store) -> Iterator[Connection]:
        with reading(store) as connection:
            held.append(store)
            try:
                yield connection
            finally:
                held.remove(store)

    def looked(*asked: Any) -> DraftFindings:
        found.append(len(held))
        return findings_for(*asked)

    monkeypatch.setattr(Store, "reading", counted)
    monkeypatch.setattr(warned, "findings_for", looked)
    return found


def test_a_version_is_looked_at_once_whatever_page_asks_and_in_no_transaction(
    office: Office, looks: list[int]
) -> None:
    lina = office.people["lina"]
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(office)
    task = office.open_task(cases(office)[-1], "mereviu_usulan").id
    for _time in range(2):
        review_page(office.engine, lina, "izin", 2)
        approval_proof(office.engine, lina, "izin", 2)
        compared(office.engine, lina, "izin", 1, 2)
        page = task_page(office.engine, lina, task)
        assert page.subject is not None
        assert page.subject.dossier is not None
    assert looks == [0]


def test_it_is_looked_at_again_where_the_office_has_other_roles(office: Office, looks: list[int]) -> None:
    number, lina = submitted(office), office.people["lina"]
    review_page(office.engine, lina, "izin", number)
    new = RoleForm(key="kabid", label="Kabid", name="Kepala Bidang", kind=RoleKind.PERFORMER)
    add_role(office.engine, operator(office.id), new)
    review_page(office.engine, lina, "izin", number)
    assert looks == [0, 0]
