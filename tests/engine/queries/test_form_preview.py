"""A form as staff will see it: filled as a new case fills it, with the office's own choices."""

from __future__ import annotations

import json

import pytest

from engine.errors import Refused
from engine.queries.form_preview import form_preview
from tests.engine.forms.sample import component, form_text
from tests.offices import Office


def test_it_begins_as_in_a_new_case(office: Office) -> None:
    text = form_text(
        [
            component("datetime", "tanggal", subtype="date", properties={"prefill": "today"}),
            component("select", "petugas", properties={"source": "people:staf"}),
            component("textfield", "asal", properties={"prefill": "mengajukan.kegiatan"}),
        ]
    )
    found = form_preview(office.engine, office.people["putu"], "baru", text)
    assert found.raw["tanggal"] == ["23-11-2026"]
    assert found.raw["asal"] == [], "no step has been done"
    assert {one.label.partition(",")[0] for one in found.options["people:staf"]} >= {"Joko"}


@pytest.mark.parametrize("type_", ["html", "iframe", "image", "button", "table", "expression"])
def test_what_staff_would_not_see_is_refused(office: Office, type_: str) -> None:
    text = json.dumps({"type": "default", "components": [{"type": type_, "id": "x"}]})
    with pytest.raises(Refused) as refused:
        form_preview(office.engine, office.people["putu"], "baru", text)
    assert [one.code for one in refused.value.findings] == ["form-type"]
