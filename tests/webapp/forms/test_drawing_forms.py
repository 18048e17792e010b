"""Forms as pages: labels, names, problems, lists, marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from lxml import html

from engine.errors import Invalid, Problem, say
from engine.forms.definition import FormDefinition
from engine.forms.display import differences, show
from engine.forms.submission import clean
from tests.engine.forms.sample import (
    EVERYTHING,
    INDICATORS,
    PEOPLE,
    REVIEW,
    SCAN,
    SD,
    UNITS,
    component,
    form,
    rows,
    surroundings,
)
from webapp import rendering
from webapp.assets import catalogues
from webapp.forms.drawing import draw_form, problem_links
from webapp.forms.views import StagedFile

PARTS = Path("webapp/translations/parts")
PAGE = """{% from "forms/_form.html" import sections, flat, summary, default_submit, save_state, templates %}
<form method="post" novalidate>
{{ summary(view.problems) }}{{ default_submit('save') }}{{ sections(view) }}
{{ save_state('Draf tersimpan pukul 09.28') }}
</form>{{ templates(view) }}"""
READING = """{% from "forms/_reading.html" import reading, changes %}<div>
{{ reading(shown, true) }}{{ changes(found) }}</div>"""
FORM = form()
OPTIONS = {"people": PEOPLE, "units": UNITS}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    translations = tmp_path_factory.mktemp("translations")
    catalogues.compile_to(translations / "id" / "LC_MESSAGES" / "messages.mo", PARTS)
    app = Flask("webapp")
    app.config.update(BABEL_DEFAULT_LOCALE="id", BABEL_TRANSLATION_DIRECTORIES=str(translations))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    rendering.register(app)
    return app


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def drawn(
    raw: Mapping[str, Sequence[str]], definition: FormDefinition = FORM, **more: Any
) -> html.HtmlElement:
    if more.pop("checked", False):
        with pytest.raises(Invalid) as invalid:
            clean(definition, raw, surroundings())
        more["problems"] = invalid.value.problems
    view = draw_form(definition, raw, options=OPTIONS, **more)
    return html.fromstring(render_template_string(PAGE, view=view))


def one(page: html.HtmlElement, name: str) -> html.HtmlElement:
    found = page.xpath(f"//*[@name='{name}' or @id='{name}'][not(ancestor::template)]")
    assert found, name
    return found[0]


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def controls(page: html.HtmlElement) -> list[html.HtmlElement]:
    return [one for one in page.xpath("//input | //textarea | //select") if one.get("type") != "hidden"]


def test_every_control_has_a_label_and_a_name_of_its_own() -> None:
    page = drawn({"hal": ["x"], **rows(("A",), ("B",))})
    labels = {label.get("for") for label in page.xpath("//label")}
    assert [control.get("id") for control in controls(page) if control.get("id") not in labels] == []
    ids = [element.get("id") for element in page.xpath("//*[@id][not(ancestor::template)]")]
    assert len(ids) == len(set(ids))


def test_names_are_the_forms_own() -> None:
    page = drawn(rows(("A",)))
    assert {"hal", "tahun", "peserta", "lampiran", "indikator.0.target"} <= {
        c.get("name") for c in controls(page)
    }


def test_what_was_typed_stands_as_it_was_typed_and_is_escaped() -> None:
    typed = '"><script>alert(1)</script>'
    page = drawn({"hal": [typed], "acara": ["\n" + typed], "pukul": ["jam 9 pagi"], **rows((typed,))})
    assert one(page, "hal").get("value") == typed
    assert one(page, "pukul").get("value") == "jam 9 pagi"
    assert one(page, "indikator.0.indikator").text.lstrip("\n") == typed
    assert page.xpath("//script") == []


def test_optional_says_so_and_required_does_not() -> None:
    labels = {label.get("for"): words(label) for label in drawn({}).xpath("//label")}
    assert labels["hal"] == "Hal"
    assert labels["nomor"] == "Nomor (boleh kosong)"


def test_a_problem_stands_between_label_and_field_and_in_the_summary() -> None:
    page = drawn(
        {"hal": [""], "tanggal": ["22-11-2026"], "pukul": ["jam 9"], **rows(("A", "%", ""))}, checked=True
    )
    assert one(page, "hal").get("aria-invalid") == "true"
    assert one(page, "nomor").get("aria-invalid") is None
    assert "hal-problem" in one(page, "hal").get("aria-describedby")
    order = [element.tag + element.get("class", "") for element in one(page, "tanggal").getparent()]
    assert order == ["label", "pproblem", "inputform-control"]
    summary = one(page, "problems")
    assert words(summary.xpath(".//h2")[0]) == "Ada 4 isian yang perlu diperbaiki"
    assert [(link.get("href"), words(link)) for link in summary.xpath(".//a")] == [
        ("#hal", "Hal: belum diisi"),
        ("#tanggal", "Tanggal: 22-11-2026 adalah hari Minggu"),
        ("#pukul", "Pukul: tulis jam dan menit, misalnya 09.00"),
        ("#indikator.0.target", "Tabel indikator, baris 1, Target: belum diisi"),
    ]
    for link in summary.xpath(".//a"):
        assert page.get_element_by_id(link.get("href")[1:]) is not None


def test_described_by_leads_somewhere() -> None:
    page = drawn({"indikator.paste": ["x"], **rows(("", "", "x"))}, checked=True, earlier={"acara": "dulu"})
    ids = {element.get("id") for element in page.xpath("//*[@id]")}
    named = {
        name
        for element in page.xpath("//*[@aria-describedby]")
        for name in element.get("aria-describedby").split()
    }
    assert named - ids == set()


def test_a_condition_is_said_in_words() -> None:
    assert "Hanya bila Sifat = Rahasia." in words(drawn({}))


def test_a_table_has_a_row_per_row_and_one_to_copy() -> None:
    page = drawn(rows(("A", "%", "x"), ("B", "%", "2"), ("C",)), checked=True)
    table_rows = page.xpath("//tbody/tr[not(ancestor::template)]")
    assert [row.get("id") for row in table_rows] == ["baris-1", "baris-2", "baris-3"]
    assert [row.get("class") for row in table_rows] == ["stands-open", None, "stands-open"]
    assert words(table_rows[1].xpath(".//a")[0]) == "Ubah baris 2"
    assert words(one(page, "remove:indikator:1")) == "Hapus baris 2"
    label = page.xpath("//label[@for='indikator.1.target']")[0]
    assert words(label) == "Target, baris 2"
    assert not page.xpath("//form//template")  # it is no part of what is sent
    template = page.xpath("//template//tr")[0]
    assert template.get("id") == "baris-__row__"
    assert template.xpath(".//*[@name='indikator.__n__.target']")


def test_the_second_list_has_anchors_of_its_own() -> None:
    other = {**INDICATORS, "path": "lain", "properties": {}}
    page = drawn({**rows(("A",)), **rows(("B",), key="lain")}, form([other, INDICATORS]))
    assert [row.get("id") for row in page.xpath("//tbody/tr[not(ancestor::template)]")] == [
        "lain-baris-1",
        "baris-1",
    ]


def test_enter_presses_the_first_button_and_that_adds_no_row() -> None:
    page = drawn(rows(("A",)))
    assert page.xpath("//button")[0].get("name") == "save"
    assert one(page, "add:indikator").xpath("ancestor::fieldset")[0].get("id") == "indikator"


def test_cells_of_an_earlier_round_are_marked() -> None:
    page = drawn(rows(("A", "%", "73")), earlier={"indikator.0.target": "71,40"}, earlier_round=1)
    assert "changed" in one(page, "indikator.0.target").get("class")
    assert words(one(page, "indikator.0.target-mark")) == "Putaran 1: 71,40"


def test_short_lists_are_cards() -> None:
    short = {**INDICATORS, "components": INDICATORS["components"][:2]}
    page = drawn(rows(("A", "%")), form([short]))
    assert page.xpath("//table[not(ancestor::template)]") == []
    assert words(one(page, "baris-1").xpath(".//button")[0]) == "Hapus baris 1"


@pytest.mark.parametrize(("columns", "broad"), [(4, False), (5, False), (6, True)])
def test_a_table_of_many_columns_takes_the_whole_width(columns: int, *, broad: bool) -> None:
    column = INDICATORS["components"][0]
    several = [{**column, "key": f"k{n}", "id": f"k{n}", "label": f"K{n}"} for n in range(columns)]
    page = drawn({}, form([{**INDICATORS, "components": several}]))
    assert bool(page.xpath("//table[contains(@class, 'broad')]")) is broad


def test_staged_files_are_listed_and_can_be_removed() -> None:
    files = {"lampiran": [StagedFile(blob=SCAN, name="undangan.pdf", meta="PDF, 1 MB")]}
    page = drawn({}, staged=files)
    assert words(one(page, f"unstage:lampiran:{SCAN}")) == "Hapus undangan.pdf"


def test_a_file_field_says_which_kinds_it_takes_and_how_large() -> None:
    every = component("filepicker", "foto", description="Boleh beberapa.")
    page = drawn({}, form([*EVERYTHING, every]))
    assert one(page, "lampiran").get("accept") == ".pdf"
    assert words(page.get_element_by_id("lampiran-help")) == "PDF, paling besar 50 MB."
    assert one(page, "foto").get("accept") is None
    assert words(page.get_element_by_id("foto-help")) == (
        "Boleh beberapa. PDF, Office, gambar, atau teks, paling besar 50 MB."
    )


def test_a_date_says_what_it_may_not_be_before_or_after() -> None:
    begin = component("datetime", "mulai", subtype="date", properties={"notAfter": "today"})
    end = component("datetime", "selesai", subtype="date", properties={"notBefore": "mulai"})
    page = drawn(
        {}, form([begin, end, component("datetime", "tenggat", properties={"notBefore": "arrival"})])
    )
    assert words(page.get_element_by_id("mulai-help")).startswith("Tidak sesudah hari ini.")
    assert words(page.get_element_by_id("selesai-help")).startswith("Tidak sebelum “Mulai”.")
    assert words(page.get_element_by_id("tenggat-help")).startswith("Tidak sebelum hari tugas ini tiba.")


def test_what_is_no_option_stays_as_typed_and_its_cell_says_what_there_is() -> None:
    raw = {**rows(("A", "%", "1", "Belum jelas")), "sifat": ["Penting"], "peserta": ["Bidang SMA", SD]}
    page = drawn(raw)
    cell = one(page, "indikator.0.kesimpulan")
    assert [option.text for option in cell.iter("option") if option.get("selected") is not None] == [
        "Belum jelas (bukan pilihan)"
    ]
    assert words(page.get_element_by_id("indikator.0.kesimpulan-problem")) == (
        "Kesalahan: “Belum jelas” tidak ada dalam pilihan: Dipakai, Diperbaiki."
    )
    assert "stands-open" in page.get_element_by_id("baris-1").get("class")
    kept = {control.get("value") for control in controls(page) if control.get("checked") is not None}
    assert {"Penting", "Bidang SMA", SD} <= kept


def test_somebody_who_is_no_option_any_more_is_not_shown_as_an_id() -> None:
    page = drawn({"pembuat": ["9" * 32]})
    assert words(one(page, "pembuat").find(".//option[@selected]")) == "(tidak lagi menjadi pilihan)"
    assert "9" * 32 not in words(page)


def test_help_of_a_card_stands_between_label_and_field() -> None:
    jumlah = component("textfield", "jumlah", properties={"example": "1 eksemplar"})
    parts = {"type": "dynamiclist", "path": "rincian", "label": "Rincian", "components": [jumlah]}
    page = drawn({"rincian.0.jumlah": [""]}, form([parts]))
    field = one(page, "rincian.0.jumlah").getparent()
    assert [child.get("class") or child.tag for child in field] == ["cell-label", "help", "form-control"]


def test_a_refused_file_stands_in_the_summary_under_its_fields_label() -> None:
    wrong = Problem(field="lampiran", label="Document", sentence=say("This answer is not among the options."))
    assert problem_links(FORM, {}, [wrong])[0].text.startswith("Lampiran: ")
    elsewhere = Problem(field="output.0", label="Document", sentence=say("x"))
    assert problem_links(FORM, {}, [elsewhere])[0].text == "Dokumen: x"


def test_the_decision_is_left_to_the_page_and_its_notes_are_drawn() -> None:
    view = draw_form(form(REVIEW), {})
    page = drawn({}, form(REVIEW))
    assert view.decision is not None
    assert [option.value for option in view.decision.options] == ["Ya", "Tidak"]
    assert [control.get("name") for control in controls(page)] == ["catatan"]


def test_an_answer_that_is_no_option_any_more_is_kept_on_the_page() -> None:
    page = drawn({"pembuat": ["f" * 32]})
    assert one(page, "pembuat").xpath("./option[@selected]")[0].get("value") == "f" * 32


def test_a_summary_names_fields_of_the_page_too() -> None:
    with pytest.raises(Invalid) as invalid:
        clean(FORM, {}, surroundings())
    links = problem_links(None, {}, invalid.value.problems)
    assert [link.anchor for link in links] == ["hal", "indikator"]


def test_nothing_needs_inline_styles_or_scripts() -> None:
    page = drawn(rows(("A",)), checked=True)
    assert page.xpath("//*[@style] | //script | //style | //@*[starts-with(name(), 'on')]") == []


def test_values_are_read_in_tables_and_lists() -> None:
    typed = {"hal": ["x"], **rows(("A", "%", "1"), ("B", "%", "2"))}
    before = clean(FORM, typed, surroundings()).values
    after = clean(FORM, typed | {"indikator.1.target": ["3"], "acara": ["<b>"]}, surroundings()).values
    shown, found = show(FORM, after, {}), differences(FORM, before, after, {})
    page = html.fromstring(render_template_string(READING, shown=shown, found=found))
    cells = [words(cell) for cell in page.xpath("//*[@class='grid-out']/tbody/tr[2]/*")]
    assert cells == ["2", "B", "%", "3,00", "", ""]
    assert [words(row) for row in page.xpath("//*[contains(@class, 'changes')]/tbody/tr")] == [
        "Acara kosong <b>",
        "Baris 2, Target 2,00 3,00",
    ]


@pytest.mark.parametrize(
    ("hide", "said"),
    [
        ('=keputusan = "Ya"', "Hanya bila Keputusan = Tidak."),
        ('=keputusan != "Ya" and not(setuju)', "Hanya bila Keputusan = Ya atau Setuju = Ya."),
        ("=tahun >= 2027", "Hanya bila Tahun < 2027."),
        ("=hal = null", "Hanya bila Hal diisi."),
        ("=hal != null or setuju", "Hanya bila Hal kosong dan Setuju = Tidak."),
        ('=hal in ("a", "b")', "Hanya bila Hal ≠ a dan Hal ≠ b."),
    ],
)
def test_conditions_of_all_kinds_are_said(hide: str, said: str) -> None:
    others = [
        component("textfield", "hal"),
        component("number", "tahun"),
        component("checkbox", "setuju"),
        REVIEW[0],
    ]
    page = drawn({}, form([*others, component("textfield", "lain", conditional={"hide": hide})]))
    assert words(one(page, "lain-help")) == said


def test_groups_and_plain_texts_are_said() -> None:
    group = {
        "type": "group",
        "label": "Surat",
        "components": [
            component("textfield", "nomor", properties={"plain": "letter_number"}),
            component("textarea", "isi", properties={"requiredIf": "nomor=5"}),
        ],
    }
    page = drawn({}, form([group]))
    assert words(page.xpath("//fieldset/legend")[0]) == "Surat"
    assert words(one(page, "nomor-help")) == "Diketik biasa; belum diambil dari register surat."
    assert words(one(page, "isi-help")) == "Wajib diisi bila Nomor = 5."


@pytest.mark.parametrize(("text", "sent"), [("Satu", "Satu"), ("\nDua", "\n\nDua"), ("", "")])
def test_a_long_text_comes_back_as_it_was_typed(text: str, sent: str) -> None:
    """A browser drops one line break behind the tag; other readers of HTML keep it."""
    page = drawn({"acara": [text]})
    assert page.xpath("//textarea[@name='acara']/text()") == ([sent] if sent else [])
