"""Correcting what a finished step entered: what changes, what is kept, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.actions import amendments, returns
from engine.actions.amendments import Amended, Amendment
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.withdrawal import withdraw
from engine.bpmn.workflow import variables_of
from engine.errors import AlurError, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.task import Task
from engine.storage import documents, instances
from tests.chain import head_of
from tests.offices import SAMPLES, Office, raw

ASKED = {
    "judul": "Indikator",
    "tanggal": "27-11-2026",
    "peserta": "8",
    "tempat": "Aula",
    "acara.0.isi": "Doa",
}
TOLD = {"judul": "Indikator", "hasil": "Baik"}


@pytest.fixture
def case(office: Office) -> UUID:
    """Start a case and complete its first step."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "rapat"))
    started = office.start(key="rapat").instance
    office.complete(started, "mengundang", "joko", ASKED)
    return started


def done(office: Office, case: UUID, element: str = "mengundang") -> Task:
    return [one for one in office.tasks(case) if one.element == element and one.completed_at][-1]


def amend(
    office: Office, case: UUID, by: str = "joko", element: str = "mengundang", **changes: str
) -> Amended:
    facts = {"reason": changes.pop("reason", "Salah ketik"), "attempt": new_id()}
    fields = raw((ASKED if element == "mengundang" else TOLD) | changes)
    task = done(office, case, element).id
    return amendments.amend(office.engine, office.people[by], task, Amendment(fields=fields, **facts))


def variables(office: Office, case: UUID) -> dict[str, Any]:
    with office.engine.store.reading() as connection:
        found = instances.load(connection, case, None)
    assert found is not None
    return variables_of(found.state or "")


def wrong(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.field: str(one.sentence) for one in error.value.problems}


def test_the_values_change_and_the_old_ones_are_on_record(office: Office, case: UUID) -> None:
    office.clock.move(timedelta(hours=1))
    amend(office, case, tempat="Ruang rapat", judul="Indikator 2027")
    known = variables(office, case)
    assert (known["mengundang"]["tempat"], known["judul"]) == ("Ruang rapat", "Indikator 2027")
    told = office.events(case)[-1]
    said = json.loads(told.payload or "")
    assert (told.kind, told.element, told.actor) == (
        EventKind.TASK_AMENDED,
        "mengundang",
        office.people["joko"].person,
    )
    assert (said["deviation"], said["reason"]) == ("correction", "Salah ketik")
    assert said["was"] == {"tempat": "Aula", "judul": "Indikator"}
    with office.engine.store.reading() as connection:
        found = instances.load(connection, case, None)
    assert found is not None
    assert office.events(case)[-1].seq == len(office.events(case))
    assert head_of(office.events(case))


def test_the_case_goes_on_with_the_new_values(office: Office, case: UUID) -> None:
    amend(office, case, peserta="20")
    office.engine.runner.forget(case)
    office.complete(case, "membahas", "rina", TOLD)
    assert office.open_elements(case) == ["menata"]


def test_a_document_of_the_form_gets_a_new_version(office: Office, case: UUID) -> None:
    assert amend(office, case, tempat="Ruang rapat").documents == ("Undangan",)
    with office.engine.store.reading() as connection:
        found = [(one.version, one.state) for one in documents.of_instance(connection, case)]
    assert found == [(1, DocumentState.DRAFT), (2, DocumentState.DRAFT)]


def test_what_led_the_flow_is_not_corrected_any_more(office: Office, case: UUID) -> None:
    office.complete(case, "membahas", "rina", TOLD)
    with pytest.raises(Invalid) as error:
        amend(office, case, peserta="20", tempat="Ruang rapat")
    assert list(wrong(error)) == ["peserta"]
    assert "“Banyak peserta?” has used this already" in wrong(error)["peserta"]
    amend(office, case, tempat="Ruang rapat")
    assert variables(office, case)["mengundang"]["tempat"] == "Ruang rapat"


def test_what_a_later_step_has_changed_is_corrected_there(office: Office, case: UUID) -> None:
    office.complete(case, "membahas", "rina", TOLD | {"judul": "Indikator akhir"})
    with pytest.raises(Invalid) as error:
        amend(office, case, judul="Indikator 2027")
    assert wrong(error) == {"judul": "Membahas has changed this since. Correct it there."}
    amend(office, case, "rina", "membahas", judul="Indikator 2027")
    assert variables(office, case)["judul"] == "Indikator 2027"


def test_a_clock_that_starts_on_a_corrected_date_starts_then(office: Office, case: UUID) -> None:
    before = office.open_task(case, "membahas")
    amend(office, case, tanggal="30-11-2026")
    after = office.open_task(case, "membahas")
    assert before.due_at is not None
    assert after.due_at is not None
    assert (after.due_at - before.due_at).days == 3
    said = json.loads(office.events(case)[-1].payload or "")
    assert said["clocks"] == [["membahas", 1, before.due_at.isoformat(), after.due_at.isoformat()]]


def test_the_form_s_own_rules_hold(office: Office, case: UUID) -> None:
    with pytest.raises(Invalid) as error:
        amend(office, case, judul=" ", tanggal="31-02-2026", reason="")
    assert set(wrong(error)) == {"judul", "tanggal"}


@pytest.mark.parametrize(("changes", "field"), [({}, ""), ({"tempat": "Lain", "reason": " "}, "reason")])
def test_something_must_change_for_a_reason(
    office: Office, case: UUID, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        amend(office, case, **changes)
    assert list(wrong(error)) == [field]


@pytest.mark.parametrize(
    ("by", "error"),
    [
        ("joko", None),
        ("putu", None),
        ("dewi", None),
        ("wati", Forbidden),
        ("agus", Forbidden),
        ("tono", NotFound),
    ],
)
def test_who_may(office: Office, case: UUID, by: str, error: type[AlurError] | None) -> None:
    if error is None:
        amend(office, case, by, tempat="Ruang rapat")
        assert office.kinds(case)[-1] == EventKind.TASK_AMENDED
        return
    with pytest.raises(error):
        amend(office, case, by, tempat="Ruang rapat")
    assert variables(office, case)["mengundang"]["tempat"] == "Aula"
    assert (office.kinds(case)[-1] == EventKind.ATTEMPT_REFUSED) == (error is Forbidden)


def test_a_decision_and_what_was_decided_on_stay(office: Office) -> None:
    case = office.start().instance
    asked = {"kegiatan": "Pelatihan", "biaya": "1.500"}
    office.complete(case, "mengajukan", "joko", asked)
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya", "catatan": "Baik"})
    review = done(office, case, "memeriksa").id
    rina, joko = office.people["rina"], office.people["joko"]

    def corrected(**fields: str) -> Amendment:
        return Amendment(fields=raw(fields), reason="Keliru", attempt=new_id())

    with pytest.raises(Invalid, match="1 fields"):
        amendments.amend(office.engine, rina, review, corrected(keputusan="Tidak", catatan="Baik"))
    amendments.amend(office.engine, rina, review, corrected(keputusan="Ya", catatan="Baik sekali"))
    with pytest.raises(Conflict, match="“Permohonan” has been decided on"):
        amendments.amend(
            office.engine,
            joko,
            done(office, case, "mengajukan").id,
            corrected(kegiatan="Lain", biaya="1.500"),
        )


def test_not_while_the_step_is_done_again_nor_an_earlier_time(office: Office, case: UUID) -> None:
    first = done(office, case)
    returns.send_back(
        office.engine,
        office.people["rina"],
        office.open_task(case, "membahas").id,
        "mengundang",
        "Salah",
        new_id(),
    )
    with pytest.raises(Conflict, match="being done again"):
        amend(office, case, tempat="Ruang rapat")
    office.complete(case, "mengundang", "joko", ASKED)
    fields = Amendment(fields=raw(ASKED | {"tempat": "X"}), reason="Salah", attempt=new_id())
    with pytest.raises(Conflict, match="done again since"):
        amendments.amend(office.engine, office.people["joko"], first.id, fields)
    amend(office, case, tempat="Ruang rapat")


def test_not_in_a_case_that_has_ended(office: Office, case: UUID) -> None:
    office.complete(case, "membahas", "rina", TOLD)
    office.complete(case, "menutup", "rina", {})
    with pytest.raises(Conflict, match="has ended"):
        amend(office, case, tempat="Ruang rapat")


def test_not_an_open_task(office: Office, case: UUID) -> None:
    task = office.open_task(case, "membahas").id
    sent = Amendment(fields=raw(TOLD), reason="Salah", attempt=new_id())
    with pytest.raises(Conflict, match="Only a step that is done"):
        amendments.amend(office.engine, office.people["rina"], task, sent)


def test_a_second_click_does_nothing(office: Office, case: UUID) -> None:
    sent = Amendment(fields=raw(ASKED | {"tempat": "X"}), reason="Salah", attempt=new_id())
    for again in (False, True):
        found = amendments.amend(office.engine, office.people["joko"], done(office, case).id, sent)
        assert found.again is again
    assert office.kinds(case).count(EventKind.TASK_AMENDED) == 1


def test_the_completion_before_it_can_no_longer_be_taken_back(office: Office, case: UUID) -> None:
    amend(office, case, tempat="Ruang rapat")
    with pytest.raises(Forbidden, match="too late"):
        withdraw(office.engine, office.people["joko"], done(office, case).id)
