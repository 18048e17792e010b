"""Putting an SOP into the library: once per content, never half, everything wrong told at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import operator
from engine.actions.reinstatement import reinstate
from engine.errors import Forbidden, Refused
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.storage import instances, versions
from engine.storage.startable import startable
from tests.engine.forms.sample import component, form_text
from tests.offices import SAMPLES, Office
from tests.revising import approved, submitted, today


@pytest.fixture
def izin() -> Package:
    return read_package(SAMPLES / "izin")


def changed(package: Package, old: bytes, new: bytes) -> Package:
    assert old in package.bpmn
    return replace(package, bpmn=package.bpmn.replace(old, new))


def states(office: Office, process: UUID) -> list[tuple[int, VersionState]]:
    """Give the versions that cases can be started on, the first by default."""
    with office.engine.store.reading() as connection:
        found = startable(connection, process, office.clock.now().date())
    return [(one.number, one.state) for one in found]


def test_the_same_content_again_is_nothing_new(office: Office, izin: Package) -> None:
    again = deploy(office.engine, operator(office.id), izin)
    assert (again.number, again.new) == (1, False)


def test_notes_are_no_content_that_runs(office: Office, izin: Package) -> None:
    assert not deploy(office.engine, operator(office.id), replace(izin, notes="Dibaca ulang")).new


def test_changed_content_is_the_next_version_and_new_cases_use_it(office: Office, izin: Package) -> None:
    done = deploy(office.engine, operator(office.id), changed(izin, b"PT2H", b"PT3H"))
    assert (done.number, done.new, done.state) == (2, True, VersionState.TRIAL)
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
        assert states(office, process) == [(2, VersionState.TRIAL)]
    assert office.kinds(process) == [EventKind.VERSION_DEPLOYED] * 2


def test_a_changed_form_is_changed_content(office: Office, izin: Package) -> None:
    forms = dict(izin.forms) | {"mengarsipkan": izin.forms["mengarsipkan"].replace("Lokasi", "Tempat")}
    assert deploy(office.engine, operator(office.id), replace(izin, forms=forms)).new


def test_a_header_with_number_and_date_is_in_force_at_once(office: Office, izin: Package) -> None:
    dated = changed(
        izin, b'title="Izin Kegiatan"', b'title="Izin Kegiatan" number="1" effectiveOn="2026-01-05"'
    )
    assert deploy(office.engine, operator(office.id), dated).state is VersionState.IN_FORCE


def test_what_an_office_approved_is_named_where_a_deployment_takes_its_place(
    office: Office, izin: Package
) -> None:
    """The way back is an approver's; what was deployed does not come again by the same deployment."""
    approved(office, submitted(office), today(office))
    case = office.start().instance
    title = b'title="Izin Kegiatan"'
    dated = changed(izin, title, title + b' number="1" effectiveOn="2026-01-05"')
    done = deploy(office.engine, operator(office.id), dated)
    assert (done.number, done.state, done.replaced) == (3, VersionState.IN_FORCE, 2)
    with office.engine.store.reading() as connection:
        kept = instances.load(connection, case, None)
    assert kept is not None
    assert office.engine.versions.get(kept.version).number == 2  # its case goes on by it
    reinstate(office.engine, office.people["lina"], "izin", 2, "Revisi kantor sendiri")
    again = deploy(office.engine, operator(office.id), dated)
    assert (again.new, again.state, again.replaced) == (False, VersionState.SUPERSEDED, None)


def test_a_trial_does_not_take_the_place_of_the_one_in_force(office: Office, izin: Package) -> None:
    dated = changed(
        izin, b'title="Izin Kegiatan"', b'title="Izin Kegiatan" number="1" effectiveOn="2026-01-05"'
    )
    actor = operator(office.id)
    in_force = deploy(office.engine, actor, dated)
    deploy(office.engine, actor, changed(izin, b"PT2H", b"PT4H"))
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
    assert states(office, process) == [(in_force.number, VersionState.IN_FORCE), (3, VersionState.TRIAL)]


def test_everything_wrong_is_told_and_nothing_kept(office: Office, izin: Package) -> None:
    broken = changed(
        changed(izin, b'role="kasub"', b'role="bupati"'), b'formKey="mengajukan"', b'formKey="lain"'
    )
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), broken)
    elements = {(finding.code, finding.element) for finding in refused.value.findings}
    assert ("unknown-role", "lane_kasub") in elements
    assert "mengajukan" in {element for _code, element in elements}
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
        assert versions.next_number(connection, process) == 2


def test_every_form_is_read_before_anything_is_refused(office: Office, izin: Package) -> None:
    forms = dict(izin.forms) | {"mengarsipkan": "[]", "memeriksa": "{nonsense"}
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), replace(izin, forms=forms))
    assert {finding.name for finding in refused.value.findings} >= {"mengarsipkan", "memeriksa"}


def test_only_a_process_owner_deploys(office: Office, izin: Package) -> None:
    newer = changed(izin, b"PT2H", b"PT5H")
    for name in ("joko", "rina", "agus", "dewi", "tono"):
        with pytest.raises(Forbidden):
            deploy(office.engine, office.people[name], newer)
    assert deploy(office.engine, office.people["putu"], newer).new


def test_no_sop_takes_the_place_of_a_page_of_the_library(office: Office, izin: Package) -> None:
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), replace(izin, key="new"))
    assert refused.value.findings[0].code == "key"


def test_a_folder_without_a_diagram_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_package(tmp_path / "kosong")
    assert "process.bpmn" in str(refused.value.findings[0].sentence)


def test_a_diagram_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "process.bpmn").write_bytes(b" " * 2_000_001)
    with pytest.raises(Refused, match="1 problem"):
        read_package(tmp_path)


# -- broken and hostile forms --------------------------------------------------------------------

KEPT = component("textfield", "kegiatan")


@pytest.mark.parametrize(
    ("text", "element", "said"),
    [
        ("{", "", "is not JSON"),
        ('{"type": "default", "components": [' + "[" * 50_000, "", "is not JSON"),
        (form_text([KEPT]) + " " * 300_000, "", "larger than 262144 characters"),
        (form_text([component("iframe", "isi")]), "isi", "iframe fields are not supported"),
        (form_text([component("html", "isi")]), "isi", "html fields are not supported"),
        (form_text([KEPT, component("number", "kegiatan")]), "kegiatan", "have the key kegiatan"),
        (form_text([component("textfield", "dua kata")]), "dua kata", "is not a name"),
        (form_text([component("textfield", "__class__.x")]), "__class__.x", "is not a name"),
        (
            form_text([component("textfield", "isi", validate={"pattern": "(?=a)\\1"})]),
            "isi",
            "pattern cannot be used",
        ),
        (
            form_text([component("textfield", "isi", validate={"pattern": "((a{99}){99}){99}"})]),
            "isi",
            "pattern cannot be used",
        ),
        (
            form_text([component("textfield", "isi", conditional={"hide": "=__import__('os')"})]),
            "isi",
            "condition cannot be read",
        ),
        (form_text([component("textfield", "isi", label="={{ 7 * 7 }}")]), "isi", "holds an expression"),
        (form_text([{"type": "html"}] * 3_000), "", "more than 200 fields"),
    ],
    ids=range(13),
)
def test_a_form_that_cannot_be_used_is_named_with_its_component(
    office: Office, izin: Package, text: str, element: str, said: str
) -> None:
    forms = {**izin.forms, "mengarsipkan": text}
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), replace(izin, forms=forms))
    named = f"mengarsipkan.json: {element}" if element else "mengarsipkan.json"
    assert said in next(str(one.sentence) for one in refused.value.findings[::-1] if one.element == named)
    assert deploy(office.engine, operator(office.id), izin).new is False


def test_ten_thousand_components_are_refused_without_reading_them_all(office: Office, izin: Package) -> None:
    many = [component("textfield", f"k{n}") for n in range(10_000)]
    with pytest.raises(Refused) as refused:
        deploy(
            office.engine, operator(office.id), replace(izin, forms={**izin.forms, "besar": form_text(many)})
        )
    assert [one.element for one in refused.value.findings] == ["besar.json"]


def test_a_pattern_that_would_go_back_and_forth_elsewhere_is_taken(office: Office, izin: Package) -> None:
    slow = component("textfield", "kegiatan", validate={"pattern": "^(a+)+$"})
    forms = {**izin.forms, "mengarsipkan": form_text([slow])}
    assert deploy(office.engine, operator(office.id), replace(izin, forms=forms)).new
