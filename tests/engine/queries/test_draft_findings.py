"""What the editor is told of a draft: all that deploying it would tell, and of any file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import operator
from engine.errors import Refused
from engine.forms.fields import FieldType
from engine.queries.draft_findings import DraftFindings, Severity, check_expression, findings
from tests.offices import SAMPLES, Office


@pytest.fixture
def izin() -> Package:
    return read_package(SAMPLES / "izin")


def told(office: Office, package: Package) -> DraftFindings:
    found = findings(office.engine, office.id, package)
    assert all(str(one.sentence) for one in found.findings)
    return found


def errors(found: DraftFindings) -> list[tuple[str, str]]:
    return [(one.code, one.element) for one in found.findings if one.severity is Severity.ERROR]


def test_a_sound_draft_has_warnings_only_and_tells_its_fields_and_names(
    office: Office, izin: Package
) -> None:
    found = told(office, izin)
    assert errors(found) == []
    assert {one.severity for one in found.findings} <= {Severity.WARNING, Severity.NOTE}
    assert set(found.fields) == set(izin.forms)
    assert {"case", "mengajukan", "memeriksa"} <= set(found.names)
    choices = [field for fields in found.fields.values() for field in fields if field.type is FieldType.RADIO]
    assert all(field.label and field.values for field in choices)


def test_what_a_deployment_refuses_is_told_with_the_same_words(office: Office, izin: Package) -> None:
    broken = replace(izin, bpmn=izin.bpmn.replace(b'role="kasub"', b'role="bupati"'))
    with pytest.raises(Refused) as refused:
        deploy(office.engine, operator(office.id), broken)
    found = [one for one in told(office, broken).findings if one.severity is Severity.ERROR]
    assert [(one.code, str(one.sentence)) for one in found] == [
        (one.code, str(one.sentence)) for one in refused.value.findings
    ]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"<a/>", "no-bpmn"), (b"\xff\xfe<", "encoding")]
)
def test_a_file_that_is_no_diagram_has_one_finding(
    content: bytes, code: str, office: Office, izin: Package
) -> None:
    found = told(office, replace(izin, bpmn=content))
    assert errors(found) == [(code, "")]
    assert (len(found.findings), found.names) == (1, ())
    assert set(found.fields) == set(izin.forms), "its forms can be edited all the same"


def test_a_form_that_cannot_be_read_is_not_also_missing(office: Office, izin: Package) -> None:
    found = told(office, replace(izin, forms={**izin.forms, "mengajukan": '{"type": "default"}'}))
    assert ("form-json", "mengajukan.json") in errors(found)
    assert "unknown-form" not in {code for code, _element in errors(found)}
    assert set(found.fields) == set(izin.forms) - {"mengajukan"}


def test_a_form_that_is_gone_is_missing(office: Office, izin: Package) -> None:
    forms = {key: text for key, text in izin.forms.items() if key != "mengajukan"}
    assert ("unknown-form", "mengajukan") in errors(told(office, replace(izin, forms=forms)))


def test_an_expression_is_told_with_its_place() -> None:
    names = {"case", "mereviu"}
    assert check_expression('mereviu["keputusan"] == "Ya"', names) is None
    unknown = check_expression("1 +\n merevju", names)
    assert unknown is not None
    assert (unknown.line, unknown.column) == (2, 2)
    assert "merevju" in str(unknown.sentence)
    broken = check_expression("mereviu == )", names)
    assert broken is not None
    assert (broken.line, broken.column) == (1, 12)
    empty = check_expression("  ", names)
    assert empty is not None
    assert (empty.line, empty.column) == (0, 0)


def test_an_expression_is_not_run() -> None:
    assert check_expression("[0 for a in range(10**9) for b in range(10**9)]", set()) is None
