"""What the forms of the library name must exist: fields, steps and documents."""

from __future__ import annotations

from pathlib import Path

from engine.forms.definition import FormDefinition, read_form
from tests.processes.drawing import SOP, Drawing

SERVER_KNOWS = {"case.year", "today", "now", "round", "me"}
# What a case begins with that looks after an SOP.
CASE_KNOWS = {
    f"case.{name}" for name in ("sop", "key", "revision", "author", "post", "name", "nip", "kind", "due_on")
}


def definitions(drawing: Drawing, forms: Path) -> dict[str, FormDefinition]:
    """Read the form of every step; by element."""
    keys = {
        row.getparent().getparent().get("id"): row.get("formKey") for row in drawing.root.iter(SOP + "Task")
    }
    return {
        element: read_form(key, (forms / f"{key}.json").read_text(encoding="utf-8"))
        for element, key in keys.items()
    }


def test_every_form_can_be_read(drawing: Drawing, forms: Path) -> None:
    assert all(form.inputs for form in definitions(drawing, forms).values())


def test_every_form_has_a_title_of_its_own(drawing: Drawing, forms: Path) -> None:
    titles = [form.title for form in definitions(drawing, forms).values()]
    assert len(set(titles)) == len(titles)


def test_what_a_field_starts_from_exists(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    [document] = drawing.root.iter(SOP + "Document")
    known = SERVER_KNOWS | (CASE_KNOWS if document.get("purpose") else set())
    for form in read.values():
        for field in form.inputs:
            if field.prefill and field.prefill not in known:
                element, _, key = field.prefill.rpartition(".")
                assert key in read[element].by_key, (form.key, field.key)


def test_who_is_named_is_given_a_step_that_exists(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    named = {element for form in read.values() for element in form.assigned_elements}
    assert named <= set(read)


def test_a_file_fills_a_document_that_its_step_leaves_behind(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    for row in drawing.root.iter(SOP + "Task"):
        form = read[row.getparent().getparent().get("id")]
        left = {output.get("name") for output in row.iter(SOP + "output")}
        assert {field.document for field in form.files if field.document} <= left
        assert {field.decision for field in form.inputs if field.decision} <= left


def test_a_document_that_must_be_uploaded_has_a_field_for_it(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    for row in drawing.root.iter(SOP + "Task"):
        form = read[row.getparent().getparent().get("id")]
        uploaded = {
            output.get("name")
            for output in row.iter(SOP + "output")
            if output.get("source", "upload") == "upload" and output.get("required") != "false"
        }
        assert uploaded <= {field.document for field in form.files if field.required}


def test_the_date_that_starts_a_clock_is_a_date_of_an_earlier_form(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    for row in drawing.root.iter(SOP + "Task"):
        if row.get("clock") == "date":
            element, _, key = row.get("clockField").partition(".")
            field = read[element].by_key[key]
            assert field.type.value in ("date", "datetime")
            assert field.required


def test_fields_that_share_a_variable_have_the_same_columns(drawing: Drawing, forms: Path) -> None:
    columns: dict[str, tuple[str, ...]] = {}
    for form in definitions(drawing, forms).values():
        for field in form.inputs:
            if field.shared:
                assert columns.setdefault(field.shared, field.column_keys) == field.column_keys


def test_a_condition_that_reads_an_answer_names_one_that_can_be_given(drawing: Drawing, forms: Path) -> None:
    read = definitions(drawing, forms)
    conditions = " ".join(one.text or "" for one in drawing.all("conditionExpression"))
    for element, form in read.items():
        if form.decision:
            for answer in form.decision.option_values:
                assert f'{element}["{form.decision.key}"] == "{answer}"' in conditions
