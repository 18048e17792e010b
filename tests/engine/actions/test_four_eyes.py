"""A step that another person must do than an earlier one (``sop:notSameAs``)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions.amendments import Amendment, amend
from engine.actions.corrections import correct
from engine.actions.deployment import deploy, read_package
from engine.actions.drafts import stage
from engine.actions.offices import operator
from engine.actions.tasks import assign, claim
from engine.errors import Forbidden, ProcessFailed, Refused
from engine.ids import new_id
from engine.model.correction import Correction, ValueKind, digest_of
from engine.model.event import EventKind
from engine.model.permission import RoleKind
from engine.queries.task_page import task_page
from tests.engine.actions.failing import noted
from tests.offices import SAMPLES, Office, raw, scan
from tests.revising import also

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


def test_who_corrected_what_was_asked_did_it_too(watched: Office) -> None:
    also(watched, "putu", "kasub", RoleKind.PERFORMER)
    case = watched.start("joko", year=2031).instance
    watched.complete(case, "mengajukan", "joko", ASKED)
    done = next(one for one in watched.tasks(case) if one.completed_at)
    changed = Amendment(fields=raw(ASKED | {"biaya": "9.500"}), reason="Salah ketik", attempt=new_id())
    amend(watched.engine, watched.people["putu"], done.id, changed)
    task = watched.open_task(case, "memeriksa").id
    assert task_page(watched.engine, watched.people["putu"], task).rights.other_than == "mengajukan"
    with pytest.raises(Forbidden, match="another person"):
        watched.complete(case, "memeriksa", "putu", DECIDED)
    watched.complete(case, "memeriksa", "rina", DECIDED)


def test_who_corrected_before_it_was_done_anew_did_not(watched: Office) -> None:
    also(watched, "putu", "kasub", RoleKind.PERFORMER)
    case = watched.start("joko", year=2031).instance
    watched.complete(case, "mengajukan", "joko", ASKED)
    done = next(one for one in watched.tasks(case) if one.completed_at)
    changed = Amendment(fields=raw(ASKED | {"biaya": "9.500"}), reason="Salah ketik", attempt=new_id())
    amend(watched.engine, watched.people["putu"], done.id, changed)
    watched.complete(case, "memeriksa", "rina", {"keputusan": "Tidak", "catatan": "Lengkapi"})
    watched.clock.move(timedelta(hours=1))
    watched.complete(case, "mengajukan", "joko", ASKED)
    watched.complete(case, "memeriksa", "putu", DECIDED)


def test_who_corrected_a_value_that_the_step_had_left_did_it_too(office: Office) -> None:
    package = read_package(SAMPLES / "taksiran")
    mine = b'formKey="memeriksa"'
    assert package.bpmn.count(mine) == 1
    drawn = package.bpmn.replace(mine, mine + b' notSameAs="mengisi"')
    deploy(office.engine, operator(office.id), replace(package, bpmn=drawn))
    also(office, "dewi", "kasub", RoleKind.PERFORMER)
    case = office.start(key="taksiran").instance
    office.complete(case, "mengisi", "joko", {})
    with pytest.raises(ProcessFailed):
        office.complete(case, "memeriksa", "rina", {"paling_sedikit": "5"})
    number = Correction(
        path=("mengisi", "jumlah"),
        kind=ValueKind.NUMBER,
        text="5",
        reason="Lupa diisi",
        seen=digest_of(None),
    )
    correct(office.engine, office.people["dewi"], noted(office)[-1].id, number)
    with pytest.raises(Forbidden, match="another person"):
        office.complete(case, "memeriksa", "dewi", {"paling_sedikit": "5"})


@pytest.mark.parametrize("other", ["tak-ada", "mengarsipkan"])
def test_the_other_step_must_be_one(office: Office, other: str) -> None:
    with pytest.raises(Refused) as told:
        watch(office, other)
    assert {one.code for one in told.value.findings} == {"not-same-as"}
