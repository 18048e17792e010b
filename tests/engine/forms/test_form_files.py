"""What a form file may say, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.errors import Refused
from engine.forms.definition import FieldType, read_form
from tests.engine.forms.sample import INDICATORS, REQUIRED, REVIEW, choices, component, form, form_text


def refusals(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_form("contoh", text)
    return [(finding.code, finding.element) for finding in refused.value.findings]


def test_a_form_with_one_of_everything_is_read() -> None:
    read = form()
    assert [field.type for field in read.inputs] == [
        FieldType.TEXTFIELD,
        FieldType.TEXTFIELD,
        FieldType.TEXTAREA,
        FieldType.NUMBER,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.DATETIME,
        FieldType.CHECKBOX,
        FieldType.RADIO,
        FieldType.TEXTFIELD,
        FieldType.TAGLIST,
        FieldType.SELECT,
        FieldType.FILE,
        FieldType.LIST,
    ]
    assert read.title == "Undangan"
    assert read.shared == ("tabel",)
    assert read.assigned_elements == ("membuat_undangan",)
    assert read.sources == ("units", "people")


def test_a_review_names_its_answers() -> None:
    decision = form(REVIEW).decision
    assert decision is not None
    assert [option.value for option in decision.options] == ["Ya", "Tidak"]
    assert (
        form(REVIEW).notes is form(REVIEW).by_key["catatan"]
        or form(REVIEW).notes == form(REVIEW).by_key["catatan"]
    )


def test_the_digest_does_not_depend_on_how_the_file_is_written() -> None:
    text = form_text(REVIEW)
    spaced = json.dumps(dict(reversed(json.loads(text).items())), indent=4)
    assert read_form("a", text).digest == read_form("b", spaced).digest
    assert read_form("a", text).digest != form().digest


def test_a_group_passes_its_fields_on() -> None:
    group = {"type": "group", "label": "Surat", "components": [component("textfield", "hal")]}
    assert [field.key for field in form([group]).inputs] == ["hal"]


def test_every_finding_is_listed() -> None:
    wrong = [
        {"type": "iframe", "id": "f"},
        component("textfield", "a b"),
        component("textfield", "a", sparkle=True),
        component("select", "b"),
        component("textfield", "c", label="={{ x }}"),
    ]
    assert refusals(form_text(wrong)) == [
        ("form-type", "f"),
        ("form-key", "a b"),
        ("form-attribute", "a"),
        ("form-options", "b"),
        ("form-expression", "c"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        '{"type": "default"}',
        '{"type": "default", "type": "default", "components": []}',
        '{"type": "default", "components": {}}',
        '{"type": "default", "components": [1, null]}',
        '{"type": "default", "components": [], "schemaVersion": NaN}',
        '{"type": "default", "components": [], "schemaVersion": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"type": "default", "title": "\\ud800", "components": []}',
        '{"type": "default", "title": "\ud800", "components": []}',
        "x" * 300_000,
        form_text([component("textfield", f"k{n}") for n in range(300)]),
        form_text([component("textfield", "a", label="x" * 10_000)]),
        form_text([component("textfield", "a", label="a\0b")]),
    ],
)
def test_what_is_no_form_is_refused(text: str) -> None:
    assert refusals(text)


def with_column(column: dict[str, Any]) -> dict[str, Any]:
    return {**INDICATORS, "components": [column]}


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([component("textfield", "a"), component("number", "a")], "form-key"),
        ([component("textfield", "csrf_token")], "form-key"),
        ([component("textfield", "ä")], "form-key"),
        ([with_column(INDICATORS)], "form-list"),
        ([with_column(component("filepicker", "a"))], "form-list"),
        ([with_column(component("textfield", "a", properties={"shared": "x"}))], "form-list"),
        ([{**INDICATORS, "components": []}], "form-list"),
        ([{**INDICATORS, "allowAddRemove": False}], "form-attribute"),
        ([{"type": "group", "path": "g", "components": []}], "form-path"),
        ([component("textfield", "a", conditional={"hide": "=eval(x)"})], "form-condition"),
        ([component("textfield", "a", conditional={"hide": '=b = "x"'})], "form-reference"),
        ([component("textfield", "a", properties={"requiredIf": "b=x"})], "form-reference"),
        ([component("textfield", "a", properties={"secret": "x"})], "form-property"),
        ([component("textfield", "a", properties={"prefill": "../etc"})], "form-property"),
        ([component("textfield", "a", properties={"workday": "true"})], "form-property"),
        ([component("textfield", "a", validate={"pattern": "(a"})], "form-pattern"),
        ([component("textfield", "a", validate={"maxLength": "many"})], "form-attribute"),
        ([component("select", "a", values=choices("x", "x"))], "form-options"),
        ([component("select", "a", values=[{"value": 1, "label": "x"}])], "form-options"),
        ([component("select", "a", values=choices("x"), properties={"assigns": "b"})], "form-property"),
        ([component("radio", "a", values=choices("x"), properties={"decision": "D"})], "form-property"),
        ([*REVIEW, {**REVIEW[0], "key": "lagi"}], "form-decision"),
        ([component("datetime", "a", subtype="epoch")], "form-type"),
        ([component("filepicker", "a", accept="image/*")], "form-attribute"),
        ([component("checkbox", "a", defaultValue="ja")], "form-default"),
    ],
)
def test_what_would_not_work_is_refused(components: list[dict[str, Any]], code: str) -> None:
    assert code in [found for found, _ in refusals(form_text(components))]


def test_groups_do_not_stand_in_each_other_without_end() -> None:
    inner: dict[str, Any] = component("textfield", "a", validate=REQUIRED)
    for _ in range(6):
        inner = {"type": "group", "components": [inner]}
    assert ("form-size", "") in refusals(form_text([inner]))
