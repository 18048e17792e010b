"""The library: each SOP by the version that counts, and every version it ever had."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine.actions.approvals import return_version
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.submissions import ask_approval
from engine.errors import Forbidden, NotFound
from engine.ids import new_id
from engine.model.instance import VersionState
from engine.queries.differences import between_versions, compared
from engine.queries.library import diagram_file, library_page, sop_page
from engine.queries.review import approval_paper, review_page
from engine.queries.starting import start_page
from engine.storage.tables import process_version
from tests.offices import LIBRARY, SAMPLES, Office
from tests.revising import approved, submitted, today


def redeploy(office: Office, tmp_path: Path, before: str, after: str) -> None:
    folder = tmp_path / "again" / "izin"
    shutil.copytree(SAMPLES / "izin", folder)
    shutil.copytree(SAMPLES.parent / "forms" / "izin", folder / "forms")
    diagram = folder / "process.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace(before, after), "utf-8")
    deploy(office.engine, operator(office.id), read_package(folder))


def test_an_sop_without_number_and_date_is_on_trial(office: Office) -> None:
    office.start()
    page = library_page(office.engine, office.people["budi"])
    (sop,) = page.sops
    assert (sop.key, sop.state, sop.number, sop.running) == ("izin", VersionState.TRIAL, 1, 1)
    assert page.owners == ("Pemilik SOP",)


def test_what_looks_after_sops_is_in_force_without_a_number(office: Office) -> None:
    """It comes with the program: an office numbers it when it approves its first revision of it."""
    for key in ("revisi-sop", "pemantauan-sop"):
        deploy(office.engine, operator(office.id), read_package(LIBRARY / key))
        page = sop_page(office.engine, office.people["budi"], key)
        assert (page.version.state, page.header.number) == (VersionState.IN_FORCE, "")


def test_who_has_no_role_reads_nothing(office: Office) -> None:
    with pytest.raises(NotFound):
        library_page(office.engine, office.people["tono"])
    with pytest.raises(NotFound):
        sop_page(office.engine, office.people["tono"], "izin")
    with pytest.raises(NotFound):
        diagram_file(office.engine, office.people["tono"], "izin")


def test_the_header_says_when_the_office_made_it_and_not_when_the_program_took_it_in(office: Office) -> None:
    engine, putu = office.engine, office.people["putu"]

    def dates(number: int) -> tuple[str, str]:
        header = sop_page(engine, putu, "izin", number).header
        return header.created_on, header.revised_on

    office.clock.move(timedelta(days=1))
    returned = submitted(office)
    return_version(engine, office.people["lina"], "izin", returned, "Belum lengkap")
    office.clock.move(timedelta(days=1))
    made = today(office)
    first = submitted(office, to="PT4H")
    office.clock.move(timedelta(days=1))
    approved(office, first, today(office))
    assert dates(first) == (made.isoformat(), "")
    office.clock.move(timedelta(days=1))
    revised = today(office)
    second = submitted(office, to="PT5H")
    assert dates(second) == ("", "")
    office.clock.move(timedelta(days=1))
    approved(office, second, today(office))
    assert dates(second) == (made.isoformat(), revised.isoformat())
    assert dates(first) == (made.isoformat(), "")


def test_what_an_operator_deployed_says_once_it_is_approved_what_the_approval_says(office: Office) -> None:
    putu = office.people["putu"]
    ask_approval(office.engine, putu, "izin", 1)
    before = sop_page(office.engine, putu, "izin", 1).header
    approved(office, 1, today(office))
    header = sop_page(office.engine, putu, "izin", 1).header
    assert (before.number, header.number) == ("", "065/12/2026")
    assert header.effective_on == today(office).isoformat()
    assert (header.created_on, header.revised_on) == (before.created_on, "")


@pytest.mark.parametrize("typed", ["2019-02-04", ""])
def test_what_was_approved_before_the_program_keeps_its_own_date(office: Office, typed: str) -> None:
    izin, title = read_package(SAMPLES / "izin"), b'title="Izin Kegiatan"'
    header = f' number="1" effectiveOn="2026-01-05" createdOn="{typed}"'.encode()
    deploy(office.engine, operator(office.id), replace(izin, bpmn=izin.bpmn.replace(title, title + header)))
    number = submitted(office)
    approved(office, number, today(office))
    shown = sop_page(office.engine, office.people["putu"], "izin", number).header
    assert (shown.created_on, shown.revised_on) == (typed, today(office).isoformat())


@pytest.mark.parametrize(("key", "number"), [("lain", None), ("izin", 2), ("izin", 0)])
def test_what_does_not_exist_is_not_found(office: Office, key: str, number: int | None) -> None:
    with pytest.raises(NotFound):
        sop_page(office.engine, office.people["budi"], key, number)


def test_an_sop_has_its_steps_and_forms_in_order(office: Office) -> None:
    page = sop_page(office.engine, office.people["joko"], "izin")
    assert [step.element for step in page.definition.steps] == ["mengajukan", "memeriksa", "mengarsipkan"]
    assert [form.key for form in page.forms] == ["mengajukan", "memeriksa", "mengarsipkan"]
    assert page.may_start
    assert not sop_page(office.engine, office.people["rina"], "izin").may_start


def test_an_old_version_can_still_be_read_but_starts_nothing(office: Office, tmp_path: Path) -> None:
    redeploy(office, tmp_path, 'name="Izin Kegiatan"', 'name="Izin Baru"')
    now = sop_page(office.engine, office.people["joko"], "izin")
    old = sop_page(office.engine, office.people["joko"], "izin", 1)
    assert (now.version.number, now.is_current, now.may_start) == (2, True, True)
    assert (old.version.state, old.is_current, old.may_start) == (VersionState.SUPERSEDED, False, False)
    assert [one.number for one in now.versions] == [2, 1]
    assert "Izin Baru" in diagram_file(office.engine, office.people["joko"], "izin")[1]
    assert "Izin Baru" not in diagram_file(office.engine, office.people["joko"], "izin", 1)[1]


def test_a_version_in_force_counts_before_a_newer_trial(office: Office, tmp_path: Path) -> None:
    header = '<sop:Document title="Izin Kegiatan"'
    redeploy(office, tmp_path, header, f'{header} number="065/1" effectiveOn="2026-11-01"')
    page = sop_page(office.engine, office.people["joko"], "izin")
    assert (page.version.state, page.version.number) == (VersionState.IN_FORCE, 2)


def test_open_cases_of_the_same_year_are_told_before_another_is_started(office: Office) -> None:
    office.start(year=2027)
    page = start_page(office.engine, office.people["wati"], "izin", 2027)
    assert [one.number for one in page.same_year] == ["001/IZ/2026"]
    assert start_page(office.engine, office.people["wati"], "izin", 2026).same_year == ()


def test_only_the_first_steps_role_starts_cases(office: Office) -> None:
    with pytest.raises(Forbidden):
        start_page(office.engine, office.people["rina"], "izin", 2027)


def test_a_version_is_found_by_its_number_however_many_came_later(office: Office) -> None:
    """Every revision can be read for ever; the one in force counts, whatever was submitted since."""
    approved(office, submitted(office), today(office))
    later = submitted(office, to="PT4H")
    with office.engine.store.transaction() as connection:
        found = select(process_version).where(process_version.c.number == later)
        row = connection.execute(found).mappings().one()
        several = [{**row, "id": new_id(), "number": later + one} for one in range(1, 251)]
        for one in several:
            one |= {"state": VersionState.WITHDRAWN, "digest": one["id"].bytes}
        connection.execute(insert(process_version), several)
    engine, putu = office.engine, office.people["putu"]
    current = sop_page(engine, putu, "izin")
    assert (current.version.number, current.version.state) == (2, VersionState.IN_FORCE)
    assert len(current.versions) == 201
    assert sop_page(engine, putu, "izin", 1).version.number == 1
    assert diagram_file(engine, putu, "izin", 1)[0] == 1
    assert review_page(engine, putu, "izin", later).version.number == later
    assert approval_paper(engine, putu, "izin", 2).media_type == "application/pdf"
    difference = between_versions(engine, putu, "izin", 1, later)
    assert (difference.old.number, difference.new.number) == (1, later)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((None, None), (1, 3)),  # people work by what the operator deployed
        ((None, 2), (1, 2)),
        ((1, None), (1, 3)),
        ((3, 1), (3, 1)),
        ((None, 1), (1, 1)),
    ],
)
def test_the_newest_is_compared_with_what_people_work_by_where_none_is_named(
    office: Office, asked: tuple[int | None, int | None], given: tuple[int, int]
) -> None:
    for hours in (3, 4):
        submitted(office, to=f"PT{hours}H")
    found = compared(office.engine, office.people["putu"], "izin", *asked)
    assert (found.old, found.new) == given
    assert (found.difference.old.number, found.difference.new.number) == given
    assert [number for number, _state in found.revisions] == [3, 2, 1]
