"""A draft is rehearsed by its owner alone: forms, clock and ways are real, and no case comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select

from engine import worker
from engine.actions.process_drafts import DraftChange, discard_draft, save_draft
from engine.actions.rehearsal_acts import Complete
from engine.actions.rehearsals import RehearsalMoved, end_rehearsal
from engine.errors import Conflict, Forbidden, Invalid, NotFound, ProcessFailed, Refused
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.rehearsal import CLOCK_MOVED
from engine.storage import rehearsals, tables, versions
from tests.offices import Office, raw
from tests.rehearsing import Rehearsing
from tests.revising import draft

ASKED = {"kegiatan": "Lomba"}
NO_PART = {"process_draft", "rehearsal"}


def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of the tables that a rehearsal is no part of."""
    metadata: MetaData = tables.metadata
    with office.engine.store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in NO_PART
        }


def test_a_draft_is_played_to_its_end(office: Office) -> None:
    one = Rehearsing.of(office)
    assert one.open == ["mengajukan"]
    one.complete("mengajukan", ASKED)
    one.complete("memeriksa", {"keputusan": "Tidak", "catatan": "Kurang"})
    assert one.open == ["mengajukan"]
    assert one.now.tasks[0].key.round == 2
    one.complete("mengajukan", ASKED)
    one.complete("memeriksa", {"keputusan": "Ya"})
    assert one.complete("mengarsipkan", {"lokasi": "Lemari 2"}, "output.0").finished
    assert one.kinds[-2:] == [EventKind.TASK_COMPLETED, EventKind.CASE_FINISHED]


def test_nothing_of_it_is_a_case(office: Office) -> None:
    one = draft(office)
    before = everything(office)
    played = Rehearsing(office, one)
    played.begin()
    begun = everything(office)
    assert {name for name in before if before[name] != begun[name]} == {
        "event",
        "process",
    }  # the stream's end
    played.complete("mengajukan", ASKED)
    played.later(days=9)
    played.complete("memeriksa", {"keputusan": "Ya"})
    played.send_back("mengarsipkan", "memeriksa")
    played.step_back()
    worker.fire_due(office.engine)
    worker.clean_up(office.engine)
    assert everything(office) == begun


def test_that_somebody_rehearsed_is_on_record_and_nothing_else(office: Office) -> None:
    one = Rehearsing.of(office)
    one.complete("mengajukan", ASKED)
    with one.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
    assert process is not None
    told = office.events(process)[-2:]
    assert [event.kind for event in told] == [
        EventKind.PROCESS_DRAFT_STARTED,
        EventKind.PROCESS_DRAFT_REHEARSED,
    ]
    assert "Lomba" not in (told[-1].payload or "")


def test_a_form_is_checked_as_a_real_one(office: Office) -> None:
    one = Rehearsing.of(office)
    with pytest.raises(Invalid) as told:
        one.complete("mengajukan", {"biaya": "-1"})
    assert [problem.field for problem in told.value.problems] == ["kegiatan", "biaya"]
    assert one.open == ["mengajukan"]


def test_who_is_named_by_a_form_has_the_task(office: Office) -> None:
    one = Rehearsing.of(office)
    rina = office.people["rina"].person
    assert rina is not None
    one.complete("mengajukan", ASKED | {"pemeriksa": rina.hex})
    assert one.now.tasks[0].assignee == rina.hex


def test_a_task_is_due_by_the_clock_of_the_rehearsal(office: Office) -> None:
    one = Rehearsing.of(office)
    one.later(days=2)
    one.complete("mengajukan", ASKED)
    [task] = one.now.tasks
    assert task.opened_at == office.clock.now() + timedelta(days=2)
    assert task.due_at is not None
    assert task.due_at > task.opened_at


def test_files_are_only_said_to_be_there(office: Office) -> None:
    one = Rehearsing.of(office)
    one.complete("mengajukan", ASKED)
    one.complete("memeriksa", {"keputusan": "Ya"})
    with pytest.raises(Invalid) as told:
        one.complete("mengarsipkan", {"lokasi": "Lemari 2"}, "nowhere")
    assert [problem.field for problem in told.value.problems] == ["output.0"]
    assert one.complete("mengarsipkan", {"lokasi": "Lemari 2"}, "output.0").finished


def test_a_case_goes_back_where_the_draft_allows_it(office: Office) -> None:
    one = Rehearsing.of(office)
    one.complete("mengajukan", ASKED)
    with pytest.raises(Forbidden):
        one.send_back("memeriksa", "mengarsipkan")
    one.complete("memeriksa", {"keputusan": "Ya"})
    one.send_back("mengarsipkan", "mengajukan")
    assert [(task.key.element, task.again) for task in one.now.tasks] == [("mengajukan", True)]


def test_a_step_back_stands_where_it_stood(office: Office) -> None:
    one = Rehearsing.of(office)
    before = one.now
    one.complete("mengajukan", ASKED)
    lines = len(one.read.lines)
    assert one.step_back() == before
    assert len(one.read.lines) < lines
    assert one.step_back() == before  # there is nothing before the beginning


def test_what_was_pressed_twice_is_done_once(office: Office) -> None:
    one = Rehearsing.of(office)
    revision = one.read.revision
    act = Complete(key=one.key("mengajukan"), fields=raw(ASKED))
    one.take(act, revision)
    with pytest.raises(RehearsalMoved):
        one.take(act, revision)
    assert one.open == ["memeriksa"]


def test_a_second_click_begins_once_and_another_page_does_not_begin_unseen(office: Office) -> None:
    one = Rehearsing(office, draft(office))
    attempt = new_id()
    one.begin(attempt=attempt)
    one.complete("mengajukan", ASKED)
    one.begin(attempt=attempt, replaces=None)
    assert one.open == ["memeriksa"]
    with pytest.raises(RehearsalMoved):
        one.begin(replaces=None)
    one.begin()
    assert one.open == ["mengajukan"]


def test_each_owner_has_a_rehearsal_of_their_own(office: Office) -> None:
    one = Rehearsing.of(office)
    one.complete("mengajukan", ASKED)
    office.people["sari"] = replace(office.people["putu"], person=office.people["tono"].person)
    other = Rehearsing(office, one.draft, "sari")
    other.begin()
    assert (one.open, other.open) == (["memeriksa"], ["mengajukan"])


@pytest.mark.parametrize("by", ["budi", "joko", "lina", "agus", "dewi", "tono"])
def test_only_process_owners_rehearse(office: Office, by: str) -> None:
    one = Rehearsing.of(office)
    with pytest.raises(NotFound):
        Rehearsing(office, one.draft, by).begin()
    one.by = by
    with pytest.raises(NotFound):
        end_rehearsal(office.engine, office.people[by], one.draft)


def test_a_draft_that_cannot_run_says_why(office: Office) -> None:
    one = draft(office)
    change(office, one, 1, b'sourceRef="mulai"', b'sourceRef="nowhere"')
    with pytest.raises(Refused):
        Rehearsing(office, one).begin()


def test_a_condition_that_fails_is_told_with_its_element_and_moves_nothing(office: Office) -> None:
    one = draft(office)
    change(office, one, 1, b'memeriksa["keputusan"] == "Ya"', b'1 / mengajukan["biaya"] > 0')
    played = Rehearsing(office, one)
    played.begin()
    played.complete("mengajukan", ASKED | {"biaya": "0"})
    with pytest.raises(ProcessFailed) as told:
        played.complete("memeriksa", {"keputusan": "Ya"})
    assert told.value.element in {"f_ya", "diterima"}
    assert played.open == ["memeriksa"]


def test_a_rehearsal_goes_on_with_the_draft_as_it_was_when_it_began(office: Office) -> None:
    one = Rehearsing.of(office)
    change(office, one.draft, 1, b'name="Memeriksa permohonan"', b'name="Menelaah permohonan"')
    one.complete("mengajukan", ASKED)
    assert one.now.tasks[0].name == "Memeriksa permohonan"
    one.begin()
    one.complete("mengajukan", ASKED)
    assert one.now.tasks[0].name == "Menelaah permohonan"


def test_of_a_discarded_draft_nothing_is_rehearsed(office: Office) -> None:
    one = Rehearsing.of(office)
    discard_draft(office.engine, office.people["putu"], one.draft, 1)
    with pytest.raises(Conflict):
        one.complete("mengajukan", ASKED)
    with pytest.raises(Conflict):
        one.begin()


def test_a_clock_goes_forward_and_not_for_ever(office: Office) -> None:
    one = Rehearsing.of(office)
    with pytest.raises(Conflict):
        one.later(days=-1)
    with pytest.raises(Conflict):
        one.later(days=40_000)
    with pytest.raises(Conflict):
        one.later()  # izin has no timer
    one.later(hours=3)
    assert one.kinds[-1] == CLOCK_MOVED


def test_what_nobody_went_on_with_is_forgotten(office: Office) -> None:
    one = Rehearsing.of(office)
    office.clock.move(timedelta(days=29))
    worker.clean_up(office.engine)
    assert one.kept is not None
    office.clock.move(timedelta(days=2))
    worker.clean_up(office.engine)
    assert one.kept is None


def test_an_ended_rehearsal_leaves_nothing(office: Office) -> None:
    one = Rehearsing.of(office)
    end_rehearsal(office.engine, office.people["putu"], one.draft)
    assert one.kept is None


def test_a_long_rehearsal_keeps_its_last_steps(office: Office) -> None:
    one = Rehearsing.of(office)
    for _ in range(40):
        one.later(hours=1)
    assert len(one.read.stands) == 30
    assert one.kinds.count(CLOCK_MOVED) == 40


def change(office: Office, draft_id: UUID, revision: int, old: bytes, new: bytes) -> None:
    """Change the diagram of a draft."""
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
        files = versions.files_of(connection, process, 1)
    assert files is not None
    assert old in files.bpmn.encode()
    bpmn = files.bpmn.encode().replace(old, new)
    save_draft(office.engine, office.people["putu"], draft_id, DraftChange(revision=revision, bpmn=bpmn))


def test_what_another_release_wrote_is_begun_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Rehearsing.of(office)
    one.complete("mengajukan", ASKED)
    monkeypatch.setattr(rehearsals, "SOFTWARE", "9.0.0")
    assert one.kept is None
    one.begin()
    assert one.open == ["mengajukan"]
