"""Comfort in the browser: drafts saved while typing, rows added, removed and pasted in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, Response, jsonify, render_template_string, request, send_file
from flask_babel import Babel
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.engine.forms.sample import PEOPLE, UNITS, form, rows
from webapp import rendering
from webapp.forms.drawing import draw_form

SCRIPT = Path("webapp/assets/js/forms.js").resolve()
PAGE = """{% from "forms/_form.html" import sections, default_submit, save_state, templates %}
<!doctype html><title>x</title>
<form method="post" novalidate data-draft-url="/draft"><input type="hidden" name="csrf_token" value="token">
<input type="hidden" name="revision" value="1">
{{ default_submit('save') }}{{ sections(view) }}{{ save_state() }}</form>{{ templates(view) }}
<script type="module" src="/forms.js"></script>"""
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const options = {clipboardData, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', options));
}"""


@pytest.fixture
def drafts() -> list[dict[str, str]]:
    return []


@pytest.fixture
def address(drafts: list[dict[str, str]]) -> Iterator[str]:
    app = Flask("webapp", static_folder=None)
    Babel(app, default_locale="en")
    rendering.register(app)

    @app.get("/")
    def shown() -> Response:
        typed = rows(("A", "%", "1"), ("B", "%", "2"), ("C", "%", "3"))
        view = draw_form(form(), typed, options={"people": PEOPLE, "units": UNITS})
        answer = Response(render_template_string(PAGE, view=view), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @app.get("/forms.js")
    def script() -> Response:
        return send_file(SCRIPT)

    @app.post("/draft")
    def draft() -> Response:
        drafts.append(request.form.to_dict())
        if request.form["hal"].startswith("Lama"):  # as if another page had changed the draft
            return Response('{"elsewhere": "24-11-2026 at 09:20"}', 409, mimetype="application/json")
        return jsonify(revision=len(drafts) + 1, saved="09.28")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.clock.install(time=NOW)
    opened.goto(address)
    yield opened
    context.close()


def names(window: Page) -> list[str]:
    return [one.input_value() for one in window.locator("tbody [name$='.indikator']").all()]


def test_what_is_typed_is_saved_within_two_seconds(window: Page, drafts: list[dict[str, str]]) -> None:
    window.clock.pause_at(NOW + timedelta(hours=1))  # two seconds of the page, not of the machine
    window.get_by_label("Hal", exact=True).fill("Undangan")
    window.clock.run_for(2000)
    expect(window.locator("[data-save-words]")).to_have_text("Draft saved at 09.28")
    assert drafts[-1]["hal"] == "Undangan"
    assert drafts[-1]["csrf_token"] == "token"
    expect(window.locator("[name=revision]")).to_have_value("2")


def test_an_old_page_says_so_and_goes_on_keeping(window: Page, drafts: list[dict[str, str]]) -> None:
    hal = window.get_by_label("Hal", exact=True)
    for typed in ("Lama", "Lama sekali"):
        with window.expect_response("**/draft"):
            hal.fill(typed)
            window.clock.run_for(2000)
        expect(window.locator("[data-save-words]")).to_contain_text("another page at 24-11-2026 at 09:20")
        assert drafts[-1]["hal"] == typed
    expect(window.locator("[name=revision]")).to_have_value("1")


def test_what_is_typed_beside_the_form_is_no_draft(window: Page, drafts: list[dict[str, str]]) -> None:
    window.evaluate(
        """() => {
          const said = Object.assign(document.createElement("input"), {name: "act:text", id: "said"});
          document.querySelector("form").append(said);
        }"""
    )
    window.locator("#said").fill("Komentar")
    window.clock.run_for(5000)
    assert drafts == []


def test_without_a_connection_nothing_typed_is_lost(window: Page, drafts: list[dict[str, str]]) -> None:
    window.context.set_offline(True)
    window.get_by_label("Hal", exact=True).fill("Undangan")
    window.clock.run_for(2000)
    expect(window.locator("[data-save-words]")).to_contain_text("still on this screen")
    window.context.set_offline(False)
    expect(window.locator("[data-save-words]")).to_have_text("Draft saved at 09.28")
    assert drafts[-1]["hal"] == "Undangan"


def test_a_row_is_added_in_place_and_takes_the_focus(window: Page) -> None:
    window.get_by_role("button", name="Add a row").click()
    assert names(window) == ["A", "B", "C", ""]
    expect(window.get_by_label("Indikator, row 4")).to_be_focused()
    expect(window.locator("[data-list-status]")).to_have_text("Row 4 was added.")


def test_removing_a_row_renumbers_those_below(window: Page, drafts: list[dict[str, str]]) -> None:
    window.get_by_role("button", name="Remove row 2").click()
    assert names(window) == ["A", "C"]
    expect(window.get_by_label("Target, row 2")).to_have_value("3")
    expect(window.locator("#baris-2")).to_have_count(1)
    expect(window.locator("[data-save-words]")).to_have_text("Draft saved at 09.28")
    assert drafts[-1]["indikator.1.indikator"] == "C"
    assert "indikator.2.indikator" not in drafts[-1]


def test_cells_of_a_spreadsheet_are_pasted_from_the_cell_on(window: Page) -> None:
    window.get_by_role("button", name="Add a row").click()
    window.evaluate(PASTE, 'X\t"kg"\t5\tdiperbaiki\r\n"Y\nz"\t%\t6')
    assert names(window) == ["A", "B", "C", "X", "Y\nz"]
    expect(window.get_by_label("Kesimpulan, row 4")).to_have_value("Diperbaiki")
    expect(window.get_by_label("Target, row 5")).to_have_value("6")


def test_column_names_and_running_numbers_are_not_pasted_as_data(window: Page) -> None:
    window.get_by_role("button", name="Add a row").click()
    head = "No\tIndikator\tSatuan\tTarget\tKesimpulan\tCatatan"
    window.evaluate(PASTE, f"{head}\n1\tX\tkg\t5\tDipakai\t\n2.\tY\t%\t6\tDipakai\t")
    assert names(window) == ["A", "B", "C", "X", "Y"]
    expect(window.get_by_label("Target, row 5")).to_have_value("6")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Replace it", ["A", "X", "Y"]),
        ("Put it below the last row", ["A", "B", "C", "X", "Y"]),
        ("Do not paste", ["A", "B", "C"]),
    ],
)
def test_a_paste_over_filled_rows_asks_first(window: Page, answer: str, expected: list[str]) -> None:
    window.get_by_label("Indikator, row 2").focus()
    window.evaluate(PASTE, "X\tkg\t5\nY\tkg\t6")
    assert names(window) == ["A", "B", "C"]
    expect(window.get_by_text("replaces what stands in 2 rows.")).to_be_focused()
    window.get_by_role("button", name=answer).click()
    assert names(window) == expected
    expect(window.get_by_text("replaces what stands in 2 rows.")).to_be_hidden()


def test_pasting_what_stands_there_already_or_beside_it_asks_nothing(window: Page) -> None:
    window.get_by_label("Indikator, row 2").focus()
    window.evaluate(PASTE, "B\t%\t2\tDipakai")
    assert names(window) == ["A", "B", "C"]
    expect(window.get_by_label("Kesimpulan, row 2")).to_have_value("Dipakai")


def test_a_pasted_value_that_is_no_option_stays(window: Page, drafts: list[dict[str, str]]) -> None:
    window.get_by_role("button", name="Add a row").click()
    window.evaluate(PASTE, "X\tkg\t5\tBelum jelas")
    chosen = window.get_by_label("Kesimpulan, row 4")
    expect(chosen).to_have_value("Belum jelas")
    expect(chosen).to_have_attribute("aria-invalid", "true")
    expect(chosen.locator("option:checked")).to_have_text("Belum jelas (not an option)")
    expect(window.locator("[data-save-words]")).to_have_text("Draft saved at 09.28")
    assert drafts[-1]["indikator.3.kesimpulan"] == "Belum jelas"
    chosen.select_option("Dipakai")
    expect(chosen).not_to_have_attribute("aria-invalid", "true")


def test_an_ordinary_paste_stays_in_its_cell(window: Page) -> None:
    window.get_by_label("Indikator, row 3").focus()
    window.evaluate(PASTE, "dua\nbaris")
    assert names(window) == ["A", "B", "C"]
