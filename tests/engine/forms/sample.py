"""A form with one of everything, and its surroundings on a Tuesday."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition, Option, read_form

WIB = timezone(timedelta(hours=7))
KASUB, STAF, SD, SMP = "a" * 32, "b" * 32, "c" * 32, "d" * 32
SCAN, PHOTO = "1" * 32, "2" * 32
PEOPLE = (Option(value=KASUB, label="Rahmat, Kasubbag"), Option(value=STAF, label="Siti, Staf"))
UNITS = (Option(value=SD, label="Bidang SD"), Option(value=SMP, label="Bidang SMP"))
HOLIDAY = date(2026, 12, 25)

Component = dict[str, Any]


def component(type_: str, key: str, **more: Any) -> Component:
    return {"type": type_, "key": key, "label": key.replace("_", " ").capitalize(), **more}


def choices(*values: str) -> list[Component]:
    return [{"value": value, "label": value} for value in values]


REQUIRED: Component = {"required": True}

INDICATORS: Component = {
    "type": "dynamiclist",
    "path": "indikator",
    "label": "Tabel indikator",
    "components": [
        component("textarea", "indikator", validate=REQUIRED),
        component("textfield", "satuan", validate={"maxLength": 20}),
        component("number", "target", decimalDigits=2, validate={"required": True, "min": 0}),
        component("select", "kesimpulan", values=choices("Dipakai", "Diperbaiki")),
        component("textfield", "catatan", properties={"requiredIf": "kesimpulan=Diperbaiki"}),
    ],
    "validate": REQUIRED,
    "properties": {"shared": "tabel"},
}

EVERYTHING: list[Component] = [
    {"type": "text", "text": "# Undangan\nUntuk rapat."},
    component("textfield", "hal", validate=REQUIRED, properties={"example": "Undangan rapat"}),
    component("textfield", "nomor", validate={"pattern": "^[0-9]{3}/[A-Z]+/[0-9]{4}$"}),
    component("textarea", "acara"),
    component(
        "number", "tahun", decimalDigits=0, validate={"min": 2000}, properties={"prefill": "case.year"}
    ),
    component("datetime", "tanggal", subtype="date", properties={"workday": "true", "prefill": "today"}),
    component("datetime", "pukul", subtype="time"),
    component("datetime", "mulai", subtype="datetime"),
    component("checkbox", "setuju"),
    component("radio", "sifat", values=choices("Biasa", "Rahasia"), defaultValue="Biasa"),
    component("textfield", "alasan", conditional={"hide": '=sifat != "Rahasia"'}, validate=REQUIRED),
    component("taglist", "peserta", properties={"source": "units"}),
    component("select", "pembuat", properties={"source": "people", "assigns": "membuat_undangan"}),
    component("filepicker", "lampiran", accept=".pdf", properties={"document": "Undangan"}),
    INDICATORS,
]

REVIEW: list[Component] = [
    component(
        "radio",
        "keputusan",
        values=choices("Ya", "Tidak"),
        validate=REQUIRED,
        properties={"decision": "Draft"},
    ),
    component("textarea", "catatan", properties={"requiredIf": "keputusan=Tidak", "notes": "true"}),
]


def form_text(components: Sequence[Component], **more: Any) -> str:
    return json.dumps({"type": "default", "components": components, **more})


def form(components: Sequence[Component] = EVERYTHING) -> FormDefinition:
    return read_form("contoh", form_text(components))


def surroundings(
    *, variables: Mapping[str, Any] | None = None, staged: Mapping[str, Sequence[str]] | None = None
) -> FormContext:
    return FormContext(
        now=datetime(2026, 11, 24, 9, 28, 31, tzinfo=WIB),
        is_workday=lambda day: day.weekday() < 5 and day != HOLIDAY,
        options={"people": PEOPLE, "units": UNITS},
        staged=staged or {},
        variables=variables or {},
        case_year=2027,
        me=STAF,
    )


def rows(*lines: Sequence[str], key: str = "indikator") -> dict[str, list[str]]:
    columns = [one["key"] for one in INDICATORS["components"]]
    return {
        f"{key}.{number}.{column}": [text]
        for number, line in enumerate(lines)
        for column, text in zip(columns, line, strict=False)
    }


GOOD_ROW = ("Persentase SD", "%", "92,5", "Dipakai")


def good(**more: Sequence[str]) -> dict[str, list[str]]:
    typed = {"hal": ["Undangan rapat"], **rows(GOOD_ROW)}
    return {**typed, **{name: list(texts) for name, texts in more.items()}}
