"""A draft from a file: what was before is kept, what was lost comes back, attacks stay out."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions.draft_contents import restore_content
from engine.actions.draft_uploads import OtherSop, take_over, upload_draft
from engine.actions.new_sops import NewSop, start_from_file
from engine.actions.packages import package_zip
from engine.actions.process_drafts import MOST_BYTES, DraftChange, DraftMoved, save_draft
from engine.actions.sop_files import SopFile
from engine.actions.submissions import submit
from engine.errors import AlurError, Invalid, NotFound, Refused
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.process_draft import ProcessDraft, Replacing
from engine.queries.draft_findings import findings
from engine.queries.draft_losses import losses_page
from engine.queries.library import sop_page
from engine.queries.process_drafts import draft_page, package_of
from engine.storage import draft_contents
from tests.engine.bpmn.test_losses import IZIN, stripped
from tests.offices import Office
from tests.revising import draft

OTHERS = Path(__file__).parent.parent / "bpmn" / "other_tools"


FORM = b'{"type": "default", "components": []}'


def put(office: Office, one: UUID, content: bytes, revision: int = 1, name: str = "izin.bpmn") -> None:
    upload_draft(office.engine, office.people["putu"], one, revision, SopFile(name=name, content=content))


def now(office: Office, one: UUID, key: str = "izin") -> ProcessDraft:
    return draft_page(office.engine, office.people["putu"], key, one).draft


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_a_diagram_takes_the_place_of_the_diagram_and_leaves_the_forms(office: Office) -> None:
    one = draft(office)
    before = now(office, one)
    put(office, one, IZIN.replace(b"PT2H", b"PT9H"))
    after = now(office, one)
    assert ("PT9H" in after.bpmn, after.revision, after.forms) == (True, 2, before.forms)
    event = office.events(after.process)[-1]
    assert event.kind is EventKind.PROCESS_DRAFT_SAVED
    assert json.loads(event.payload)["file"] == "izin.bpmn"


def test_a_package_is_the_whole_draft_and_what_it_lacks_can_be_taken_over(office: Office) -> None:
    one = draft(office)
    before = now(office, one)
    form = before.forms["mengajukan"]
    put(office, one, archive({"process.bpmn": IZIN, "forms/mengajukan.json": form.encode()}), name="a.zip")
    page = losses_page(office.engine, office.people["putu"], "izin", one)
    assert set(page.page.draft.forms) == {"mengajukan"}
    assert {"forms/memeriksa.json", "forms/mengarsipkan.json"} <= set(page.files)
    take_over(office.engine, office.people["putu"], one, 2, (), page.files)
    after = now(office, one)
    assert (after.forms, after.notes) == (before.forms, before.notes)
    assert losses_page(office.engine, office.people["putu"], "izin", one).files == ()


def test_a_draft_taken_away_and_brought_again_is_the_same(office: Office) -> None:
    one = draft(office)
    put(office, one, IZIN)  # which is drawn now
    before = package_of(now(office, one))
    put(office, one, package_zip(before), 2, name="izin.zip")
    assert package_of(now(office, one)).digest == before.digest


def test_what_a_file_lost_comes_back_and_the_sop_is_as_it_was(office: Office) -> None:
    one = draft(office)
    put(office, one, stripped(IZIN))
    putu = office.people["putu"]
    page = losses_page(office.engine, putu, "izin", one)
    take_over(office.engine, putu, one, 2, [loss.element for loss in page.losses])
    assert losses_page(office.engine, putu, "izin", one).losses == ()
    number = submit(office.engine, putu, one, 3)[1]
    new = sop_page(office.engine, putu, "izin", number).definition
    old = sop_page(office.engine, putu, "izin", 1).definition
    assert (new.steps, new.document, new.lanes) == (old.steps, old.document, old.lanes)


def test_what_was_before_a_file_can_be_brought_back_and_that_undone_too(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    before = now(office, one).bpmn
    put(office, one, stripped(IZIN))
    restore_content(office.engine, putu, one, 2, 1)
    assert now(office, one).bpmn == before
    kept = losses_page(office.engine, putu, "izin", one).kept
    assert [(row.revision, row.why) for row in kept] == [(2, Replacing.RESTORED), (1, Replacing.FILE)]
    restore_content(office.engine, putu, one, 3, 2)
    assert "sop:Task" not in now(office, one).bpmn
    with pytest.raises(NotFound):
        restore_content(office.engine, putu, one, 4, 99)


def called(name: str, content: bytes = IZIN, process: str = "other") -> bytes:
    """Give a file as that of another SOP."""
    return (
        content.replace(b"Izin Kegiatan", name.encode())
        .replace(b'id="izin"', b'id="%s"' % process.encode())
        .replace(b'processRef="izin"', b'processRef="%s"' % process.encode())
    )


def test_another_sop_takes_the_place_of_a_draft_only_where_that_is_wanted(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    before = now(office, one)
    file = SopFile(name="cuti.bpmn", content=called("Cuti"))
    with pytest.raises(
        OtherSop, match=r"“cuti.bpmn” holds another SOP: Cuti. This draft is of Izin Kegiatan"
    ):
        upload_draft(office.engine, putu, one, 1, file)
    assert now(office, one) == before
    third = SopFile(name="cuti.bpmn", content=called("Lembur"))
    with pytest.raises(OtherSop, match="holds another SOP: Lembur"):
        upload_draft(office.engine, putu, one, 1, third, wanted=file.digest)
    assert now(office, one) == before
    upload_draft(office.engine, putu, one, 1, file, wanted=file.digest)
    assert json.loads(office.events(before.process)[-1].payload)["another"] == "Cuti"
    put(office, one, IZIN, 2)  # of the SOP whose draft it is: nobody is asked
    assert "Izin Kegiatan" in now(office, one).bpmn


@pytest.mark.parametrize(
    "content",
    [
        called("Izin  KEGIATAN"),  # a program gave the process another id
        stripped(IZIN),
        called(
            "", stripped(IZIN).replace(b'name="Kantor"', b'name=""'), "izin"
        ),  # a program that drops names keeps the id
    ],
    ids=["id", "stripped", "nameless"],
)
def test_the_same_sop_as_another_program_writes_it_is_no_other(office: Office, content: bytes) -> None:
    one = draft(office)
    put(office, one, content)
    assert now(office, one).revision == 2


def test_what_was_before_is_told_by_its_sop_and_its_steps(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    file = SopFile(name="cuti.bpmn", content=called("Cuti"))
    upload_draft(office.engine, putu, one, 1, file, wanted=file.digest)
    restore_content(office.engine, putu, one, 2, 1)
    kept = losses_page(office.engine, putu, "izin", one).kept
    assert [(row.title, row.saved_by) for row in kept] == [("Cuti", "Putu"), ("Izin Kegiatan", "Putu")]
    assert {row.steps for row in kept} == {len(sop_page(office.engine, putu, "izin", 1).definition.steps)}


def test_a_file_of_another_sop_has_lost_nothing_of_this_one(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    other = SopFile(
        name="cuti.zip",
        content=archive({"process.bpmn": called("Cuti", stripped(IZIN)), "forms/cuti.json": FORM}),
    )
    upload_draft(office.engine, putu, one, 1, other, wanted=other.digest)
    page = losses_page(office.engine, putu, "izin", one)
    assert (page.losses, page.files, page.was_another, page.title) == ((), (), True, "Cuti")
    restore_content(office.engine, putu, one, 2, 1)
    page = losses_page(office.engine, putu, "izin", one)
    assert (page.losses, page.files, page.was_another) == ((), (), False)


def test_what_was_called_otherwise_since_is_still_compared(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    file = SopFile(name="izin.bpmn", content=called("Izin Besar", stripped(IZIN), "izin"))
    upload_draft(office.engine, putu, one, 1, file, wanted=file.digest)
    assert losses_page(office.engine, putu, "izin", one).losses


def office_file(name: str) -> bytes:
    """Give an archive as an office program writes it."""
    return archive({"[Content_Types].xml": b"<x/>", name: b"<x/>"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 ...", "This is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Office"),
        (b"\x89PNG\r\n", "picture"),
        (office_file("word/document.xml"), "Word document"),
        (office_file("xl/workbook.xml"), "Excel workbook"),
        (office_file("visio/document.xml"), "Visio drawing"),
        (b"  ", "The file is empty"),
        (b"Langkah 1: ...", "neither a diagram nor a package"),
        (archive({"README.md": b"x"}), "holds no process.bpmn"),
        (archive({"a.bpmn": IZIN, "b/c.bpmn": IZIN}), r"holds 2 diagrams \(a.bpmn, b/c.bpmn\)"),
        (b"PK\x03\x04" + b"x" * 40, "not a ZIP archive"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>', "not UTF-8 text"),
        (b'<?xml version="1.0" encoding="EBCDIC"?><a/>', "it declares ebcdic"),
        (b"<html/>", "not a BPMN 2.0 diagram"),
    ],
)
def test_a_file_that_is_no_sop_is_told_what_it_is(office: Office, content: bytes, said: str) -> None:
    one = draft(office)
    with pytest.raises(Refused, match=said):
        put(office, one, content, name="x.bpmn")


def test_only_the_last_contents_are_kept(office: Office) -> None:
    one = draft(office)
    for revision in range(1, 24):
        put(office, one, IZIN.replace(b"PT2H", b"PT%dM" % revision), revision)
    kept = losses_page(office.engine, office.people["putu"], "izin", one).kept
    assert [row.revision for row in kept] == list(range(23, 3, -1))


def test_a_file_does_not_take_the_place_of_what_somebody_saved_meanwhile(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    put(office, one, IZIN.replace(b"PT2H", b"PT9H"))
    for act in (
        lambda: put(office, one, IZIN, 1),
        lambda: take_over(office.engine, putu, one, 1, ["mengajukan"]),
        lambda: restore_content(office.engine, putu, one, 1, 1),
    ):
        with pytest.raises(DraftMoved):
            act()
    assert "PT9H" in now(office, one).bpmn


@pytest.mark.parametrize("by", ["budi", "lina", "agus", "dewi", "tono"])
def test_only_process_owners_bring_files(office: Office, by: str) -> None:
    one, somebody = draft(office), office.people[by]
    file = SopFile(name="izin.bpmn", content=IZIN)
    with pytest.raises(NotFound):
        upload_draft(office.engine, somebody, one, 1, file)
    with pytest.raises(NotFound):
        take_over(office.engine, somebody, one, 1, ["mengajukan"])
    with pytest.raises(NotFound):
        restore_content(office.engine, somebody, one, 1, 1)
    with pytest.raises(NotFound):
        start_from_file(office.engine, somebody, NewSop(name="X"), file, new_id())


_BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a file at all",
        b"PK\x03\x04broken",
        _BOMB,
        b"<html/>",
        b"<a>" * 100,
        b"\x00" * 50,
        archive({"process.bpmn": b"0" * 3_000_000}),
        archive({"process.bpmn": _BOMB}),
        archive({"process.bpmn": IZIN, "x.dmn": _BOMB}),
        archive({"process.bpmn": IZIN, "../../etc/passwd": b"x"}),
        archive(
            {"process.bpmn": IZIN, "forms/a.json": b'{"type": "default", "components": [{"type": "html"}]}'}
        ),
        archive({"process.bpmn": IZIN, "forms/a.json": b"\xff"}),
        archive({"process.bpmn": IZIN} | {f"forms/f{n}.json": b'{"components": []}' for n in range(201)}),
        archive({"README.md": b"no diagram"}),
    ],
    ids=range(15),
)
def test_a_hostile_file_changes_nothing(office: Office, content: bytes) -> None:
    one = draft(office)
    before = now(office, one)
    with pytest.raises((Refused, Invalid)):
        put(office, one, content)
    file = SopFile(name="x", content=content)
    with pytest.raises((Refused, Invalid)):
        start_from_file(office.engine, office.people["putu"], NewSop(name="X"), file, new_id())
    assert now(office, one) == before


def test_a_file_name_is_told_without_its_folders_and_without_what_cannot_be_shown(office: Office) -> None:
    one = draft(office)
    put(office, one, IZIN, name="../..\\<b>\u202e\x07\n" + "x" * 300)
    kept = losses_page(office.engine, office.people["putu"], "izin", one).kept[0]
    assert kept.file == ("<b>" + "x" * 300)[:120]


@pytest.mark.parametrize("path", sorted(OTHERS.glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_file_of_another_program_begins_a_draft_and_keeps_its_own_extensions(
    office: Office, path: Path
) -> None:
    putu, file = office.people["putu"], SopFile(name=path.name, content=path.read_bytes())
    try:
        key, one = start_from_file(office.engine, putu, NewSop(name=f"Dari {path.stem}"), file, new_id())
    except AlurError as error:  # what is no BPMN for anybody
        pytest.fail(str(error.sentence))
    kept = now(office, one, key)
    assert findings(office.engine, office.id, package_of(kept)) is not None
    for space in (b"camunda.org", b"zeebe", b"flowable", b"signavio", b"bizagi", b"trisotech"):
        assert (space in path.read_bytes().lower()) == (space.decode() in kept.bpmn.lower())


def test_lanes_that_are_called_like_a_role_are_its_own_and_what_is_not_drawn_is(office: Office) -> None:
    content = stripped(IZIN)
    key, one = start_from_file(
        office.engine, office.people["putu"], NewSop(name=""), SopFile(name="x", content=content), new_id()
    )
    kept = now(office, one, key)
    assert key == "izin-kegiatan"
    assert 'role="staf"' in kept.bpmn
    assert "BPMNShape" in kept.bpmn
    assert "{urut:03}/IK/{tahun}" in kept.bpmn
    submit(office.engine, office.people["putu"], one, 1)


def test_what_a_draft_was_is_listed_without_reading_all_of_it(office: Office) -> None:
    one, putu = draft(office), office.people["putu"]
    begun = now(office, one)
    for revision in range(1, 21):
        save_draft(office.engine, putu, one, DraftChange(revision=revision, notes="short"))
    with office.engine.store.transaction() as connection:
        for revision in range(1, 21):
            long = replace(begun, revision=revision, notes=f"{revision}" + "x" * 4_000_000)
            draft_contents.keep(connection, long, Replacing.FILE, f"{revision}.bpmn")
    tracemalloc.start()
    page = losses_page(office.engine, putu, "izin", one)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.file for one in page.kept] == [f"{revision}.bpmn" for revision in range(20, 0, -1)]
    assert most < 60_000_000
    restore_content(office.engine, putu, one, 21, 7)
    assert now(office, one).notes[:2] == "7x"


def test_a_draft_holds_no_more_than_can_be_kept_of_it_many_times(office: Office) -> None:
    one = draft(office)
    putu, fits = office.people["putu"], "x" * (MOST_BYTES - 100_000)
    with pytest.raises(Refused, match="bytes together"):
        save_draft(office.engine, putu, one, DraftChange(revision=1, notes=fits + "y" * 100_000))
    save_draft(office.engine, putu, one, DraftChange(revision=1, notes=fits))
    with pytest.raises(Refused, match="bytes together"):
        put(office, one, IZIN + b"<!--" + b"z" * 100_000 + b"-->", 2)
    assert now(office, one).revision == 2


def test_a_package_larger_than_a_draft_begins_none(office: Office) -> None:
    form = b'{"type": "default", "components": []}' + b" " * 200_000
    package = archive({"process.bpmn": IZIN} | {f"forms/f{n}.json": form for n in range(51)})
    with pytest.raises(Refused, match="bytes together"):
        start_from_file(
            office.engine,
            office.people["putu"],
            NewSop(name="X"),
            SopFile(name="x", content=package),
            new_id(),
        )
