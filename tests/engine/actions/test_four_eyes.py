"""A step that another person must do than an earlier one (``sop:notSameAs``)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.drafts import stage
from engine.actions.offices import operator
from engine.actions.tasks import assign, claim
from engine.errors import Forbidden, Refused
from engine.model.event import EventKind
from engine.queries.task_page import task_page
from tests.offices import SAMPLES, Office, scan

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500"}
DECIDED = {"keputusan": "Ya"}
FILED = {"lokasi": "Lemari 3"}


@pytest.fixture
def watched(office: Office) -> Office:
    """Let examining and filing be for others than who asked."""
    watch(office, "mengajukan")
    return office


def watch(office: Office, other: str) -> None:
    package = read_package(SAMPLES / "izin")
    bpmn = package.bpmn
    for key in (b"memeriksa", b"mengarsipkan"):
        mine = b'formKey="%s"' % key
        assert bpmn.count(mine) == 1
        bpmn = bpmn.replace(mine, mine + b' notSameAs="%s"' % other.encode())
    deploy(office.engine, operator(office.id), replace(package, bpmn=bpmn))


def filed(office: Office, asked_by: str = "joko") -> UUID:
    """Bring a case to its last step, which is for the role of the first."""
    case = office.start(asked_by, year=2031).instance
    office.complete(case, "mengajukan", asked_by, ASKED)
    office.complete(case, "memeriksa", "rina", DECIDED)
    return case


def test_who_asked_neither_takes_nor_does_it(watched: Office) -> None:
    case = filed(watched)
    task = watched.open_task(case, "mengarsipkan").id
    with pytest.raises(Forbidden, match="another person than “Mengajukan izin”"):
        claim(watched.engine, watched.people["joko"], task)
    with pytest.raises(Forbidden, match="another person"):
        watched.complete(case, "mengarsipkan", "joko", FILED)
    assert watched.kinds(case).count(EventKind.ATTEMPT_REFUSED) == 2
    stage(watched.engine, watched.people["wati"], task, scan(), {})
    watched.complete(case, "mengarsipkan", "wati", FILED)


def test_the_page_says_so_and_offers_nothing(watched: Office) -> None:
    task = watched.open_task(filed(watched), "mengarsipkan").id
    mine = task_page(watched.engine, watched.people["joko"], task)
    assert (mine.rights.work, mine.rights.claim, mine.rights.other_than) == (False, False, "mengajukan")
    assert mine.form is None
    hers = task_page(watched.engine, watched.people["wati"], task)
    assert (hers.rights.work, hers.rights.other_than) == (True, "")


def test_it_is_not_handed_to_who_asked(watched: Office) -> None:
    case = watched.start("joko", year=2031).instance
    watched.complete(case, "mengajukan", "joko", ASKED)
    task = watched.open_task(case, "memeriksa").id
    joko, wati = watched.people["joko"].person, watched.people["wati"].person
    assert joko is not None
    assert wati is not None
    with pytest.raises(Forbidden):
        assign(watched.engine, watched.people["rina"], task, joko)
    assign(watched.engine, watched.people["rina"], task, wati)


def test_who_did_it_last_counts(watched: Office) -> None:
    case = watched.start("joko", year=2031).instance
    watched.complete(case, "mengajukan", "joko", ASKED)
    watched.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Lengkapi"})
    watched.complete(case, "mengajukan", "wati", ASKED)
    watched.complete(case, "memeriksa", "rina", DECIDED)
    with pytest.raises(Forbidden):
        watched.complete(case, "mengarsipkan", "wati", FILED)
    task = watched.open_task(case, "mengarsipkan").id
    stage(watched.engine, watched.people["joko"], task, scan(), {})
    watched.complete(case, "mengarsipkan", "joko", FILED)


@pytest.mark.parametrize("other", ["tak-ada", "mengarsipkan"])
def test_the_other_step_must_be_one(office: Office, other: str) -> None:
    with pytest.raises(Refused) as told:
        watch(office, other)
    assert {one.code for one in told.value.findings} == {"not-same-as"}
