"""What was typed and chosen stays: on any device, after mistakes, after a lost race."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.actions import completion, drafts, tasks
from engine.actions import documents as case_documents
from engine.actions.completion_work import Work, prepare
from engine.actions.drafts import Opened
from engine.actions.files import Upload
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.model.event import EventKind
from engine.storage import documents
from engine.storage import drafts as rows
from engine.storage import tasks as task_rows
from engine.storage.documents import BlobRow
from engine.storage.drafts import Draft
from engine.uploads import UploadRefused
from tests.offices import Office, raw, scan

PAPER = scan().stream.read()
TYPED = raw({"kegiatan": "Pelatihan", "biaya": "seribu"})


@pytest.fixture
def task(office: Office) -> UUID:
    """Start a case; gives its first task."""
    first = office.start().first_task
    assert first is not None
    return first


def kept(office: Office, task: UUID, name: str) -> Draft | None:
    person = office.people[name].person
    assert person is not None
    with office.engine.store.reading() as connection:
        return rows.of_person(connection, task, person)


def visible(office: Office, task: UUID, name: str) -> list[Draft]:
    with office.engine.store.reading() as connection:
        found = task_rows.load(connection, task, office.id, None)
        assert found is not None
        return rows.seen_by(rows.of_task(connection, task), found.task, office.people[name].person)


def begins_with(office: Office, task: UUID, name: str) -> dict[str, list[str]] | None:
    best = rows.best_draft(visible(office, task, name))
    return {key: list(texts) for key, texts in best.fields.items()} if best else None


def aside(office: Office, task: UUID, name: str) -> dict[str, list[str]] | None:
    found = next((one for one in visible(office, task, name) if one.aside), None)
    return {key: list(texts) for key, texts in found.fields.items()} if found else None


def chosen(office: Office, task: UUID, name: str, field: str = "output.0") -> list[BlobRow]:
    ids = [UUID(hex=one) for one in rows.staged_files(visible(office, task, name)).get(field, ())]
    with office.engine.store.reading() as connection:
        found = documents.blobs(connection, ids)
    return [found[one] for one in ids]


def case_of(office: Office, task: UUID) -> UUID:
    with office.engine.store.reading() as connection:
        found = task_rows.load(connection, task, office.id, None)
    assert found is not None
    return found.task.instance


def archive(office: Office) -> tuple[UUID, UUID]:
    """Bring a case to its last task, which must leave an uploaded document behind."""
    case = office.start().instance
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    return case, office.open_task(case, "mengarsipkan").id


def test_what_is_typed_is_kept_as_it_was_typed_valid_or_not(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    first = drafts.save(office.engine, joko, task, TYPED, by_hand=False)
    assert (first.revision, first.at, first.elsewhere) == (1, office.clock.now(), None)
    assert drafts.save(office.engine, joko, task, TYPED | {"biaya": ["2"]}, by_hand=False).revision == 2
    found = kept(office, task, "joko")
    assert found is not None
    assert (found.fields, found.revision) == (TYPED | {"biaya": ["2"]}, 2)


def test_saving_by_itself_writes_no_event_and_by_hand_only_that(office: Office, task: UUID) -> None:
    case, joko = case_of(office, task), office.people["joko"]
    before = office.kinds(case)
    drafts.save(office.engine, joko, task, TYPED, by_hand=False)
    assert office.kinds(case) == before
    drafts.save(office.engine, joko, task, TYPED, by_hand=True)
    saved = office.events(case)[-1]
    told = json.loads(saved.payload or "")
    assert (saved.kind, set(told), told["revision"]) == (
        EventKind.DRAFT_SAVED,
        {"roles", "revision", "software"},
        2,
    )


def test_everybody_has_a_draft_of_their_own(office: Office, task: UUID) -> None:
    drafts.save(office.engine, office.people["joko"], task, TYPED, by_hand=False)
    drafts.save(office.engine, office.people["wati"], task, raw({"kegiatan": "Rapat"}), by_hand=False)
    mine, hers = kept(office, task, "joko"), kept(office, task, "wati")
    assert mine is not None
    assert hers is not None
    assert (mine.fields["kegiatan"], hers.fields["kegiatan"]) == (["Pelatihan"], ["Rapat"])


@pytest.mark.parametrize("name", ["tono", "rina", "sri"])
def test_who_may_not_do_it_drafts_nothing(office: Office, task: UUID, name: str) -> None:
    with pytest.raises(NotFound):
        drafts.save(office.engine, office.people[name], task, TYPED, by_hand=False)
    assert kept(office, task, name) is None


def test_completing_names_the_revision_and_takes_away_what_was_sent(office: Office, task: UUID) -> None:
    case = case_of(office, task)
    for name in ("joko", "wati"):
        drafts.save(office.engine, office.people[name], task, TYPED, by_hand=False)
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    done = next(one for one in office.events(case) if one.kind is EventKind.TASK_COMPLETED)
    assert '"draft":1' in (done.payload or "")
    assert kept(office, task, "joko") is None
    theirs = kept(office, task, "wati")
    assert theirs is not None
    assert theirs.fields == TYPED


def test_what_is_saved_while_a_completion_is_worked_out_stays(
    office: Office, task: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    joko, later = office.people["joko"], raw({"kegiatan": "Sesudahnya"})
    drafts.save(office.engine, joko, task, TYPED, by_hand=False)

    def prepared(*facts: Any) -> Work:
        work = prepare(*facts)
        drafts.save(office.engine, joko, task, later, by_hand=False)
        return work

    monkeypatch.setattr(completion, "prepare", prepared)
    office.complete(case_of(office, task), "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    found = kept(office, task, "joko")
    assert found is not None
    assert found.fields == later


@pytest.mark.parametrize("drafted", [True, False], ids=["once more", "the first time"])
@pytest.mark.parametrize("gone_back", [False, True], ids=["on its way", "gone back to it"])
def test_what_a_form_saves_while_it_is_completed_is_kept_only_if_it_was_typed_after_sending_it(
    office: Office, task: UUID, monkeypatch: pytest.MonkeyPatch, drafted: bool, gone_back: bool
) -> None:
    joko, page, later = office.people["joko"], opened(), TYPED | {"biaya": ["2"]}
    if drafted:
        drafts.save(office.engine, joko, task, TYPED, by_hand=False, opened=page, itself=True)

    def prepared(*facts: Any) -> Work:
        work = prepare(*facts)
        itself = not gone_back
        saved = drafts.save(office.engine, joko, task, later, by_hand=False, opened=page, itself=itself)
        assert saved.elsewhere is None
        return work

    monkeypatch.setattr(completion, "prepare", prepared)
    sent = {"kegiatan": "Rapat"}
    office.complete(case_of(office, task), "mengajukan", "joko", sent, opened=page, attempt=page.attempt)
    found = kept(office, task, "joko")
    assert (found and found.fields) == (later if gone_back else None)


def test_a_page_that_saves_by_itself_and_not_is_no_stranger_to_itself(office: Office, task: UUID) -> None:
    joko, page = office.people["joko"], opened()
    for turn, itself in enumerate((True, False, True), start=1):
        typed = TYPED | {"biaya": [str(turn)]}
        saved = drafts.save(office.engine, joko, task, typed, by_hand=False, opened=page, itself=itself)
        assert (saved.revision, saved.elsewhere) == (turn, None)
    assert aside(office, task, "joko") is None


def test_after_a_lost_race_it_is_still_there(office: Office, task: UUID) -> None:
    case = case_of(office, task)
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    drafts.save(office.engine, office.people["wati"], task, TYPED, by_hand=False)
    found = kept(office, task, "wati")
    assert found is not None
    assert found.fields == TYPED


def test_a_draft_has_bounds(office: Office, task: UUID) -> None:
    with pytest.raises(Forbidden, match="more than one form can hold"):
        drafts.save(
            office.engine, office.people["joko"], task, {"kegiatan": ["x" * 1_000_001]}, by_hand=False
        )
    many = {f"rincian.{row}.barang": ["x"] for row in range(6001)}
    with pytest.raises(Forbidden):
        drafts.save(office.engine, office.people["joko"], task, many, by_hand=False)


# -- a colleague prepares it ---------------------------------------------------------------------


def test_a_preparers_draft_and_files_are_the_holders(office: Office) -> None:
    case, task = archive(office)
    joko, tono = office.people["joko"], office.people["tono"]
    assert tono.person is not None
    tasks.ask_preparation(office.engine, joko, task, tono.person)
    drafts.save(office.engine, tono, task, raw({"lokasi": "Lemari 3"}), by_hand=True)
    drafts.stage(office.engine, tono, task, scan("Arsip"), None)
    assert begins_with(office, task, "joko") == {"lokasi": ["Lemari 3"]}
    assert office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"}).finished


def test_the_newer_of_both_drafts_counts(office: Office, task: UUID) -> None:
    joko, tono = office.people["joko"], office.people["tono"]
    assert tono.person is not None
    tasks.ask_preparation(office.engine, joko, task, tono.person)
    drafts.save(office.engine, tono, task, raw({"kegiatan": "Dari Tono"}), by_hand=False)
    office.clock.move(office.clock.now().resolution)
    drafts.save(office.engine, joko, task, raw({"kegiatan": "Dari Joko"}), by_hand=False)
    assert begins_with(office, task, "joko") == {"kegiatan": ["Dari Joko"]}
    assert begins_with(office, task, "tono") == {"kegiatan": ["Dari Joko"]}


def test_the_preparer_starts_from_the_holders_draft_and_both_stay(office: Office, task: UUID) -> None:
    joko, tono = office.people["joko"], office.people["tono"]
    assert tono.person is not None
    drafts.save(office.engine, joko, task, TYPED, by_hand=False)
    drafts.stage(office.engine, joko, task, scan("Rencana"), None)
    tasks.ask_preparation(office.engine, joko, task, tono.person)
    assert begins_with(office, task, "tono") == TYPED
    assert [row.filename for row in chosen(office, task, "tono")] == ["Rencana.pdf"]
    office.clock.move(timedelta(minutes=1))
    drafts.save(office.engine, tono, task, TYPED | {"biaya": ["2"]}, by_hand=True)
    assert begins_with(office, task, "joko") == TYPED | {"biaya": ["2"]}
    tasks.end_preparation(office.engine, joko, task)
    assert begins_with(office, task, "joko") == TYPED | {"biaya": ["2"]}  # it was typed for joko
    mine = kept(office, task, "joko")
    assert mine is not None
    assert mine.fields == TYPED


def test_a_preparer_sees_no_draft_of_others_and_nobody_theirs(office: Office, task: UUID) -> None:
    joko, tono = office.people["joko"], office.people["tono"]
    assert tono.person is not None
    drafts.save(office.engine, office.people["wati"], task, raw({"kegiatan": "Rapat"}), by_hand=False)
    tasks.ask_preparation(office.engine, joko, task, tono.person)
    assert begins_with(office, task, "tono") is None
    drafts.save(office.engine, tono, task, TYPED, by_hand=False)
    tasks.end_preparation(office.engine, joko, task)
    assert begins_with(office, task, "wati") == {"kegiatan": ["Rapat"]}


# -- two pages of one person ---------------------------------------------------------------------


def opened(revision: int = 0, *, other: bool = False) -> Opened:
    return Opened(attempt=new_id(), revision=revision, other=other)


def test_an_old_page_does_not_overwrite_what_another_one_saved(office: Office, task: UUID) -> None:
    joko, desk, phone = office.people["joko"], opened(), opened()
    drafts.save(office.engine, joko, task, TYPED, by_hand=False, opened=desk)
    office.clock.move(timedelta(minutes=5))
    late = drafts.save(office.engine, joko, task, raw({"kegiatan": "Lama"}), by_hand=True, opened=phone)
    mine = kept(office, task, "joko")
    assert mine is not None
    assert (mine.fields, mine.revision, late.elsewhere) == (TYPED, 1, mine.saved_at)
    assert aside(office, task, "joko") == {"kegiatan": ["Lama"]}
    again = drafts.save(office.engine, joko, task, TYPED | {"biaya": ["3"]}, by_hand=False, opened=desk)
    assert (again.revision, again.elsewhere) == (2, None)


def test_a_page_that_saved_last_is_no_stranger_though_its_answer_is_on_the_way(
    office: Office, task: UUID
) -> None:
    joko, page = office.people["joko"], opened()
    drafts.save(office.engine, joko, task, TYPED, by_hand=False, opened=page)
    saved = drafts.save(office.engine, joko, task, TYPED | {"biaya": ["2"]}, by_hand=False, opened=page)
    assert (saved.revision, saved.elsewhere) == (2, None)


def test_what_was_on_its_way_when_its_form_was_sent_is_no_draft(office: Office, task: UUID) -> None:
    case, page = case_of(office, task), opened()
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Rapat"}, opened=page, attempt=page.attempt)
    joko = office.people["joko"]
    drafts.save(office.engine, joko, task, TYPED, by_hand=False, opened=page, itself=True)
    assert kept(office, task, "joko") is None
    drafts.save(office.engine, office.people["joko"], task, TYPED, by_hand=False, opened=opened())
    mine = kept(office, task, "joko")  # typed on another page: nothing is lost
    assert mine is not None
    assert mine.fields == TYPED


def test_who_goes_back_to_the_form_they_sent_and_saves_it_by_hand_has_it_kept(
    office: Office, task: UUID
) -> None:
    case, joko, page = case_of(office, task), office.people["joko"], opened()
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Rapat"}, opened=page, attempt=page.attempt)
    saved = drafts.save(office.engine, joko, task, TYPED, by_hand=True, opened=page)
    mine = kept(office, task, "joko")
    assert mine is not None
    assert (mine.fields, saved.revision, saved.elsewhere) == (TYPED, mine.revision, None)
    assert office.kinds(case)[-1] == EventKind.DRAFT_SAVED
    older = raw({"kegiatan": "Lama"})
    late = drafts.save(office.engine, joko, task, older, by_hand=False, opened=page, itself=True)
    assert (late.elsewhere, begins_with(office, task, "joko")) == (None, TYPED)


@pytest.mark.parametrize(
    ("now", "is_kept"),
    [
        ({"kegiatan": "Rapat", "biaya": "1.500"}, False),
        ({"kegiatan": " Rapat", "biaya": "1500"}, False),  # written otherwise, and the same
        ({"kegiatan": "Rapat dinas", "biaya": "1.500"}, True),
        ({"kegiatan": "Rapat", "biaya": "seribu"}, True),  # it cannot even be read
        ({"kegiatan": "Rapat", "biaya": "1.500", "done_on": "20-11-2026"}, True),
    ],
)
def test_what_is_typed_into_a_form_after_it_was_sent_is_kept_where_it_is_new(
    office: Office, task: UUID, now: dict[str, str], *, is_kept: bool
) -> None:
    case, joko, page = case_of(office, task), office.people["joko"], opened()
    sent = {"kegiatan": "Rapat", "biaya": "1.500"}
    office.complete(case, "mengajukan", "joko", sent, opened=page, attempt=page.attempt)
    saved = drafts.save(office.engine, joko, task, raw(now), by_hand=False, opened=page)
    assert (saved.closed, kept(office, task, "joko") is not None) == (is_kept, is_kept)


def test_what_is_typed_into_a_form_whose_record_was_erased_is_new(office: Office, task: UUID) -> None:
    case, page = case_of(office, task), opened()
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Rapat"}, opened=page, attempt=page.attempt)
    with office.engine.store.transaction() as connection:
        connection.execute(text("UPDATE event SET payload = NULL, salt = NULL"))
    saved = drafts.save(office.engine, office.people["joko"], task, TYPED, by_hand=False, opened=page)
    mine = kept(office, task, "joko")
    assert (saved.closed, mine and mine.fields) == (True, TYPED)


def test_a_page_filled_from_another_draft_puts_ones_own_aside(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    drafts.save(office.engine, joko, task, TYPED, by_hand=False)
    drafts.save(
        office.engine, joko, task, raw({"kegiatan": "Dari Tono"}), by_hand=False, opened=opened(1, other=True)
    )
    mine = kept(office, task, "joko")
    assert mine is not None
    assert (mine.fields, mine.revision) == ({"kegiatan": ["Dari Tono"]}, 2)
    assert aside(office, task, "joko") == TYPED


def test_an_old_page_does_not_complete_over_what_another_one_saved(office: Office, task: UUID) -> None:
    case, page = case_of(office, task), opened()
    drafts.save(office.engine, office.people["joko"], task, TYPED, by_hand=False, opened=opened())
    with pytest.raises(Conflict, match="on another page"):
        office.complete(case, "mengajukan", "joko", {"kegiatan": "Lama"}, opened=page)
    assert aside(office, task, "joko") == {"kegiatan": ["Lama"]}
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Baru"}, opened=replace(page, revision=1))
    assert aside(office, task, "joko") == {"kegiatan": ["Lama"]}


# -- files ---------------------------------------------------------------------------------------


def test_a_chosen_file_stays_when_the_form_fails(office: Office) -> None:
    case, task = archive(office)
    row = drafts.stage(office.engine, office.people["joko"], task, scan("Arsip"), raw({"lokasi": ""}))
    assert (row.filename, row.media_type, row.pages) == ("Arsip.pdf", "application/pdf", 1)
    with pytest.raises(Invalid) as wrong:
        office.complete(case, "mengarsipkan", "joko", {"lokasi": ""})
    assert [problem.field for problem in wrong.value.problems] == ["lokasi"]
    assert office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari"}).finished


def test_staging_a_file_keeps_what_was_typed(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    drafts.save(office.engine, joko, task, TYPED, by_hand=False)
    drafts.stage(office.engine, joko, task, scan("Satu"), None)
    second = drafts.stage(office.engine, joko, task, scan("Dua"), TYPED | {"biaya": ["3"]})
    drafts.save(office.engine, joko, task, TYPED | {"biaya": ["4"]}, by_hand=False)
    found = kept(office, task, "joko")
    assert found is not None
    assert found.staged == {"output.0": [second.id.hex]}  # a slot holds one file: the last
    assert found.fields["biaya"] == ["4"]


def test_a_file_taken_out_is_no_longer_chosen(office: Office) -> None:
    case, task = archive(office)
    joko = office.people["joko"]
    row = drafts.stage(office.engine, joko, task, scan("Salah"), {})
    drafts.unstage(office.engine, joko, task, "output.0", row.id)
    found = kept(office, task, "joko")
    assert found is not None
    assert found.staged == {"output.0": []}
    with pytest.raises(Invalid) as wrong:
        office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari"})
    assert [problem.field for problem in wrong.value.problems] == ["output.0"]


def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(office: Office, task: UUID) -> None:
    program = Upload(field="output.0", filename="surat.pdf", stream=io.BytesIO(b"MZ\x90\0" + bytes(2000)))
    with pytest.raises(UploadRefused):
        drafts.stage(office.engine, office.people["joko"], task, program, TYPED)
    assert kept(office, task, "joko") is None


def test_a_document_takes_only_the_kinds_its_step_declares(office: Office) -> None:
    _case, task = archive(office)
    joko, table = office.people["joko"], io.BytesIO(b"a;b")
    with pytest.raises(UploadRefused, match=r"data\.csv is a CSV file") as refused:
        drafts.stage(
            office.engine, joko, task, Upload(field="output.0", filename="data.csv", stream=table), {}
        )
    assert refused.value.sentence.values["expected"] == "PDF, JPG, TXT"
    assert kept(office, task, "joko") is None
    other = Upload(field="file", filename="data.csv", stream=table)
    with pytest.raises(UploadRefused):  # nor by the way around the form
        case_documents.attach(office.engine, joko, task, "Arsip", other, new_id())


def test_nothing_is_chosen_for_a_task_that_is_closed_or_anothers(office: Office, task: UUID) -> None:
    with pytest.raises(NotFound):
        drafts.stage(office.engine, office.people["rina"], task, scan(), {})
    office.complete(case_of(office, task), "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    with pytest.raises(Conflict):
        drafts.stage(office.engine, office.people["wati"], task, scan(), {})


def test_a_place_that_is_not_in_the_form_takes_no_file(office: Office, task: UUID) -> None:
    for place in ("output.7", "kegiatan", "lain"):
        with pytest.raises(NotFound, match="no place"):
            drafts.stage(office.engine, office.people["joko"], task, scan(slot=place), {})
    assert kept(office, task, "joko") is None


def test_the_same_file_twice_is_chosen_once(office: Office, task: UUID) -> None:
    joko = office.people["joko"]
    one, same = (Upload(field="output.0", filename="a.pdf", stream=io.BytesIO(PAPER)) for _ in range(2))
    first = drafts.stage(office.engine, joko, task, one, {})
    assert drafts.stage(office.engine, joko, task, same, {}).id == first.id
    assert [row.id for row in chosen(office, task, "joko")] == [first.id]


def test_a_task_that_is_completed_while_a_file_comes_in_takes_it_no_more(office: Office, task: UUID) -> None:
    class Slow(io.BytesIO):
        def read(self, *size: int) -> bytes:  # type: ignore[override]
            if office.open_elements(case_of(office, task)) == ["mengajukan"]:
                office.complete(case_of(office, task), "mengajukan", "joko", {"kegiatan": "Pelatihan"})
            return super().read(*size)

    upload = Upload(field="output.0", filename="surat.pdf", stream=Slow(scan().stream.read()))
    with pytest.raises(Conflict, match="already completed"):
        drafts.stage(office.engine, office.people["wati"], task, upload, {})
    assert kept(office, task, "wati") is None
