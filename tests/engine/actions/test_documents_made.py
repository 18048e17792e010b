"""What a step leaves behind is worked out from its form, its slots, and what the form does not ask."""

from __future__ import annotations

import json

from engine.actions.documents_made import documents_made, missing_documents
from engine.clock import Clock
from engine.forms.definition import FormDefinition, read_form
from engine.forms.submission import Submission
from engine.ids import new_id
from engine.model.definition import DocumentSource, LeftDocument, Step
from engine.storage.documents import BlobRow

FORM = {
    "components": [
        {"type": "checkbox", "key": "sah", "label": "Sudah sah"},
        {
            "type": "filepicker",
            "key": "bukti",
            "label": "Bukti",
            "conditional": {"hide": "=sah"},
            "properties": {"document": "Bukti terima"},
        },
    ],
    "type": "default",
    "schemaVersion": 18,
}


def the_form() -> FormDefinition:
    return read_form("terima", json.dumps(FORM))


def a_step() -> Step:
    return Step(
        element="terima",
        number=1,
        name="Terima",
        activity="Menerima",
        role="staf",
        form_key="terima",
        standard_time=None,
        outputs=(LeftDocument(name="Bukti terima", source=DocumentSource.UPLOAD, required=True, printed=""),),
    )


def a_file(name: str) -> BlobRow:
    return BlobRow(
        id=new_id(),
        office=new_id(),
        object=name,
        filename=name,
        media_type="application/pdf",
        size=1,
        digest=b"",
        pages=1,
        uploaded_by=None,
        uploaded_at=Clock().now(),
    )


def of(hidden: str = "") -> Submission:
    return Submission(values={}, shared={}, assigned={}, hidden=frozenset({hidden} - {""}))


def test_a_file_of_a_hidden_field_becomes_no_document() -> None:
    file = a_file("a.pdf")
    staged, rows = {"bukti": [file.id.hex]}, {file.id: file}
    assert [one.name for one in documents_made(a_step(), the_form(), of(), staged, rows)] == ["Bukti terima"]
    assert documents_made(a_step(), the_form(), of("bukti"), staged, rows) == ()


def test_what_a_hidden_field_would_ask_for_is_not_missing() -> None:
    nothing: dict[str, list[str]] = {}
    [missing] = missing_documents(a_step(), the_form(), nothing)
    assert missing.field == "bukti"  # where it can be chosen
    assert missing_documents(a_step(), the_form(), nothing, frozenset({"bukti"})) == ()
    assert missing_documents(a_step(), None, nothing)[0].field == "output.0"
