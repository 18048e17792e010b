"""The pages of a case that was moved, also where the new revision lacks what the case once came to."""

from __future__ import annotations

from uuid import UUID

from engine.actions.withdrawal import withdraw
from engine.model.task import TaskState
from tests.engine.actions.test_moves import moved
from tests.revisions import naming_nobody, with_another_examination
from tests.webapp.moves.test_open_cases import ASKED, revise, words
from tests.webapp.visitors import Site

PEOPLE = ("joko", "rina", "putu", "agus")


def newest(site: Site) -> UUID:
    return next(one.version for one in site.office.tasks(site.office.start(year=2050).instance))


def pages_of(site: Site, case: UUID) -> list[str]:
    return [
        f"/cases/{case.hex}",
        *(f"/tasks/{task.id.hex}" for task in site.office.tasks(case)),
        "/cases",
        "/tasks",
        *(f"/cases/{case.hex}/{part}" for part in ("history", "diagram", "data", "documents")),
    ]


def statuses(site: Site, case: UUID) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for name in PEOPLE:
        visitor = site.visitor(name)
        for address in pages_of(site, case):
            found.setdefault(address, set()).add(visitor.get(address).status_code)
    return found


def test_a_case_whose_open_step_became_another_one_can_be_read_and_worked_on(site: Site) -> None:
    revise(site, naming_nobody())
    case = site.office.start(year=2031).instance
    site.office.complete(case, "mengajukan", "joko", ASKED)
    revise(site, with_another_examination())
    assert moved(site.office, case, newest(site), memeriksa="meneliti")
    for address, found in statuses(site, case).items():
        assert found <= {200, 303, 404}, address
    page = words(site.visitor("rina").get(f"/cases/{case.hex}").text)
    assert "Dipindahkan ke revisi lain dari SOP" in page
    task = site.office.open_task(case, "meneliti")
    form = site.visitor("rina").get(f"/tasks/{task.id.hex}")
    assert form.status_code == 200
    site.office.complete(case, "meneliti", "rina", {"keputusan": "Ya"})
    assert site.office.open_elements(case) == ["mengarsipkan"]
    assert site.visitor("rina").get(f"/cases/{case.hex}").status_code == 200


def test_what_was_opened_and_taken_back_may_be_gone_in_the_new_revision(site: Site) -> None:
    revise(site, naming_nobody())
    case = site.office.start(year=2031).instance
    site.office.complete(case, "mengajukan", "joko", ASKED)
    withdraw(site.engine, site.office.people["joko"], site.office.tasks(case)[0].id)
    revise(site, with_another_examination())
    assert moved(site.office, case, newest(site))
    assert [one.state for one in site.office.tasks(case)].count(TaskState.WITHDRAWN) == 1
    for address, found in statuses(site, case).items():
        assert found <= {200, 303, 404}, address
    assert site.visitor("rina").get(f"/cases/{case.hex}").status_code == 200
