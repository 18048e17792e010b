"""A new SOP begins as a draft: empty or as a copy; its key is its own, and a second click makes one."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from engine.actions.new_sops import NewSop, start_blank, start_copy
from engine.actions.process_drafts import DraftChange, discard_draft, save_draft
from engine.actions.submissions import submit
from engine.bpmn.blank import Words
from engine.errors import Invalid, NotFound, Refused
from engine.ids import new_id
from engine.model.event import EventKind
from engine.queries.draft_findings import Severity, findings
from engine.queries.library import library_page, sop_page
from engine.queries.process_drafts import draft_page, open_drafts, package_of
from engine.storage.tables import process
from tests.offices import Office

WORDS = Words(start="Mulai", step="Langkah pertama", end="Selesai")


def begun(office: Office, name: str = "Cuti Tahunan", key: str = "", by: str = "putu") -> str:
    new = NewSop(name=name, key=key)
    roles = ("staf", "kadin")
    return start_blank(office.engine, office.people[by], new, roles, WORDS, new_id())[0]


def wrong(problems: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.field for one in problems.value.problems]


def test_an_empty_sop_has_the_lanes_in_the_offices_order_and_runs_as_it_is(office: Office) -> None:
    key = begun(office)
    assert key == "cuti-tahunan"
    row = open_drafts(office.engine, office.people["putu"], key)[0]
    page = draft_page(office.engine, office.people["putu"], key, row.id)
    assert (page.is_new, page.base, row.name) == (True, None, "Cuti Tahunan")
    assert page.draft.bpmn.index('role="kadin"') < page.draft.bpmn.index('role="staf"')
    found = findings(office.engine, office.id, package_of(page.draft)).findings
    assert not [one for one in found if one.severity is Severity.ERROR]
    _key, number = submit(office.engine, office.people["putu"], row.id, 1)
    shown = sop_page(office.engine, office.people["budi"], key)
    assert (number, shown.name) == (1, "Cuti Tahunan")
    assert shown.definition.document.case_number == "{urut:03}/CT/{tahun}"


def test_until_its_first_revision_only_drafts_know_it(office: Office) -> None:
    begun(office)
    assert [one.key for one in library_page(office.engine, office.people["putu"]).sops] == ["izin"]
    with pytest.raises(NotFound):
        sop_page(office.engine, office.people["putu"], "cuti-tahunan")


def test_a_copy_has_everything_but_the_name_and_what_was_approved(office: Office) -> None:
    new = NewSop(name="Izin Belajar")
    key, draft = start_copy(office.engine, office.people["putu"], new, "izin", new_id())
    page = draft_page(office.engine, office.people["putu"], key, draft)
    assert set(page.draft.forms) == {"mengajukan", "memeriksa", "mengarsipkan"}
    _key, number = submit(office.engine, office.people["putu"], draft, 1)
    copied = sop_page(office.engine, office.people["putu"], key, number).definition
    original = sop_page(office.engine, office.people["putu"], "izin").definition
    assert copied.steps == original.steps
    assert (copied.name, copied.document.title, copied.process_id) == (
        "Izin Belajar",
        "Izin Belajar",
        "sop_izin_belajar",
    )
    assert (copied.document.number, copied.document.approver_name) == ("", "")


def test_a_second_click_begins_no_second_sop(office: Office) -> None:
    new, attempt, putu = NewSop(name="Cuti Tahunan"), new_id(), office.people["putu"]
    first = start_blank(office.engine, putu, new, ("staf",), WORDS, attempt)
    assert start_blank(office.engine, putu, new, ("staf",), WORDS, attempt) == first
    assert start_copy(office.engine, putu, new, "izin", attempt) == first
    assert len(open_drafts(office.engine, putu)) == 1


def test_of_two_owners_who_want_one_key_at_once_one_is_told(office: Office) -> None:
    def begin(_turn: int) -> str:
        try:
            return begun(office)
        except Invalid as refused:
            return refused.problems[0].field

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(begin, range(2))) == ["cuti-tahunan", "key"]
    assert len(open_drafts(office.engine, office.people["putu"])) == 1


@pytest.mark.parametrize(
    ("name", "key", "field"),
    [
        ("", "cuti", "name"),
        ("x" * 201, "cuti", "name"),
        ("Cuti\x01", "cuti", "name"),
        ("Cuti", "new", "key"),
        ("Cuti", "Cuti", "key"),
        ("Cuti", "../cuti", "key"),
        ("Cuti", "cuti--dua", "key"),
        ("Cuti", "c" * 61, "key"),
        ("Izin", "izin", "key"),
        ("???", "", "key"),
    ],
)
def test_a_name_or_key_that_cannot_be_is_refused_with_a_sentence(
    office: Office, name: str, key: str, field: str
) -> None:
    with pytest.raises(Invalid) as problems:
        begun(office, name, key)
    assert wrong(problems) == [field]


def test_a_key_whose_drafts_were_all_discarded_is_free_again(office: Office) -> None:
    begun(office)
    putu = office.people["putu"]
    with pytest.raises(Invalid):
        begun(office)
    discard_draft(office.engine, putu, open_drafts(office.engine, putu)[0].id, 1)
    begun(office, "Cuti Tahunan PNS", "cuti-tahunan")
    with office.engine.store.reading() as connection:
        named = connection.scalars(select(process.c.name).where(process.c.key == "cuti-tahunan")).all()
    assert named == ["Cuti Tahunan PNS"]


def test_the_lanes_are_roles_of_the_office(office: Office) -> None:
    for roles in ((), ("nobody",), ("admin",)):
        with pytest.raises(Invalid) as problems:
            start_blank(office.engine, office.people["putu"], NewSop(name="X"), roles, WORDS, new_id())
        assert wrong(problems) == ["roles"]


def test_only_an_sop_of_the_library_is_copied(office: Office) -> None:
    with pytest.raises(NotFound):
        start_copy(office.engine, office.people["putu"], NewSop(name="X"), "nothing", new_id())
    begun(office, "Cuti")
    with pytest.raises(NotFound):
        start_copy(office.engine, office.people["putu"], NewSop(name="X"), "cuti", new_id())


@pytest.mark.parametrize("by", ["budi", "lina", "agus", "dewi", "tono"])
def test_only_process_owners_begin_sops(office: Office, by: str) -> None:
    with pytest.raises(NotFound):
        begun(office, by=by)


def test_the_record_tells_what_it_began_with(office: Office) -> None:
    key, draft = start_copy(office.engine, office.people["putu"], NewSop(name="Dua"), "izin", new_id())
    stream = draft_page(office.engine, office.people["putu"], key, draft).draft.process
    event = office.events(stream)[0]
    assert event.kind is EventKind.PROCESS_DRAFT_STARTED
    assert json.loads(event.payload)["copy"] == ["izin", 1]


def test_the_first_revision_gives_the_sop_its_name(office: Office) -> None:
    key = begun(office)
    putu = office.people["putu"]
    row = open_drafts(office.engine, putu, key)[0]
    text = draft_page(office.engine, putu, key, row.id).draft.bpmn
    change = DraftChange(revision=1, bpmn=text.replace("Cuti Tahunan", "Cuti Besar").encode())
    save_draft(office.engine, putu, row.id, change)
    submit(office.engine, putu, row.id, 2)
    assert {one.name for one in library_page(office.engine, putu).sops} >= {"Cuti Besar"}


def test_what_cannot_run_is_not_submitted_as_a_first_revision_either(office: Office) -> None:
    key = begun(office)
    putu = office.people["putu"]
    row = open_drafts(office.engine, putu, key)[0]
    text = draft_page(office.engine, putu, key, row.id).draft.bpmn
    save_draft(
        office.engine, putu, row.id, DraftChange(revision=1, bpmn=text.replace("userTask", "task").encode())
    )
    with pytest.raises(Refused):
        submit(office.engine, putu, row.id, 2)


@pytest.mark.parametrize("name", ["Izin Kegiatan", "  izin   kegiatan "])
def test_a_copy_is_not_called_like_what_it_is_a_copy_of(office: Office, name: str) -> None:
    putu = office.people["putu"]
    with pytest.raises(Invalid) as refused:
        start_copy(office.engine, putu, NewSop(name=name, key="izin-dua"), "izin", new_id())
    assert [one.field for one in refused.value.problems] == ["name"]
    assert open_drafts(office.engine, putu) == ()
