"""The form editor in a browser: forms go through it unharmed, are changed, previewed and saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from engine.forms.definition import read_form
from tests import axe
from tests.journeys.story import sign_in
from tests.journeys.window import Window
from tests.live import Server

pytestmark = pytest.mark.xdist_group("browser")
OWNER = "Pemilik SOP"
FORMS = sorted(Path("forms").glob("*/*.json"))
KEYS = sorted({path.parent.name for path in FORMS})
FIRST = "penyusunan-dokumen-indikator-kinerja"
# Notes what the page says of the save from now on.
_LISTEN = """() => {
  const told = document.querySelector("[data-editor-state]");
  window.said = [];
  new MutationObserver(() => window.said.push(told.dataset.editorState)).observe(told, { childList: true });
}"""


def opened(browser: Browser, served: Server, width: int = 1280) -> Iterator[Window]:
    context = browser.new_context(
        base_url=served.address,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield Window(page)
    context.close()
    assert complaints == []


@pytest.fixture
def desk(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served)


@pytest.fixture
def phone(browser: Browser, served: Server) -> Iterator[Window]:
    yield from opened(browser, served, 390)


@pytest.fixture
def drafts(desk: Window) -> str:
    """Begin a draft of the first SOP as its owner, and give the address of its forms."""
    sign_in(desk, OWNER)
    return begin(desk, FIRST)


def begin(desk: Window, key: str) -> str:
    """Begin a draft of an SOP; gives the address of its forms."""
    desk.open(f"/library/{key}/draft?all")
    token = desk.page.locator("main input[name=csrf_token]").first.input_value()
    begun = desk.page.request.post(
        f"/library/{key}/drafts", form={"csrf_token": token, "revision": "1"}, max_redirects=0
    )
    return f"{begun.headers['location']}/forms"


def edit(page: Page, drafts: str, key: str) -> None:
    page.goto(f"{drafts}/{key}")
    expect(page.locator(".fjs-palette")).to_be_visible()


def state(page: Page, kind: str) -> None:
    expect(page.locator(f'[data-editor-state="{kind}"]')).to_be_visible()


def put(page: Page) -> dict[str, Any]:
    """Press Save, and give what is sent."""
    with page.expect_request(lambda request: request.method == "PUT") as sent:
        page.get_by_role("button", name="Simpan", exact=True).click()
    return dict(sent.value.post_data_json or {})


def add_field(page: Page) -> None:
    """Add a line of text by the keyboard; it stands last, and is chosen."""
    page.get_by_role("button", name="Teks satu baris", exact=True).press("Enter")


def entry(page: Page, name: str) -> Locator:
    """Find where an entry of the panel is typed, of the field that is chosen."""
    return page.locator(f'[data-entry-id="{name}"]').locator("input, textarea, [contenteditable=true]").first


def unplaced(component: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Leave out the row that the editor gives to what stands alone in one: nothing is drawn otherwise."""
    inner = zip(component.get("components", []), before.get("components", []), strict=True)
    whole = component | (
        {"components": [unplaced(*both) for both in inner]} if "components" in component else {}
    )
    if "layout" in whole and "layout" not in before and whole["layout"].keys() == {"row"}:
        del whole["layout"]
    return whole


@pytest.mark.parametrize("key", KEYS)
def test_every_form_goes_through_the_editor_unharmed(key: str, desk: Window) -> None:
    """Our own properties too: what form-js does not know is still there."""
    sign_in(desk, OWNER)
    drafts = begin(desk, key)
    for path in [one for one in FORMS if one.parent.name == key]:
        edit(desk.page, drafts, path.stem)
        add_field(desk.page)  # else the text itself is sent, as it was
        text = put(desk.page)["forms"][path.stem]
        state(desk.page, "ok")
        before, after = json.loads(path.read_text("utf-8")), json.loads(text)
        added = after["components"].pop()
        assert unplaced(after, before) == before, path.stem
        assert added["type"] == "textfield"
        read_form(path.stem, text)


def test_a_field_is_added_seen_in_the_preview_saved_and_there_again(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "memerintahkan")
    add_field(page)
    entry(page, "label").fill("Alasan <b>penting</b>")
    expect(page.locator(".fjs-form")).to_contain_text("Alasan <b>penting</b>")
    page.get_by_role("button", name="Pratinjau").click()
    preview = page.locator("[data-preview-place]")
    expect(preview.get_by_label("Alasan <b>penting</b>")).to_be_visible()
    assert preview.locator("b").count() == 0, "what an owner writes is no markup"
    state(page, "wait")
    put(page)
    state(page, "ok")
    page.reload()
    expect(page.locator(".fjs-form")).to_contain_text("Alasan <b>penting</b>")
    page.get_by_role("button", name="Pratinjau").click()
    expect(preview.get_by_label("Alasan <b>penting</b>")).to_be_visible()


def test_what_is_typed_while_a_save_is_under_way_is_not_called_saved(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "memerintahkan")
    add_field(page)
    held: list[Route] = []
    page.route("**", lambda one: held.append(one) if one.request.method == "PUT" else one.continue_())
    put(page)
    page.locator("#form-title").fill("Perintah")
    page.evaluate(_LISTEN)
    held.pop().continue_()
    page.wait_for_function("() => window.said.length", timeout=30_000)
    assert page.evaluate("window.said") == ["wait"]
    page.unroute("**")
    put(page)
    state(page, "ok")


def test_a_new_field_is_named_by_its_label_until_it_has_a_name(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "memerintahkan")
    for label, key in (("Jumlah rangkap", "jumlah_rangkap"), ("Jumlah rangkap!", "jumlah_rangkap_2")):
        add_field(page)
        # The next field's first key is as short as form-js can make it: two letters of a random number.
        page.evaluate("() => { Math.random = () => 0.5 + 2 ** -14; }")
        entry(page, "label").fill(label[:3])
        expect(entry(page, "key")).to_have_value("jum", timeout=30_000)
        entry(page, "label").fill(label)
        expect(entry(page, "key")).to_have_value(key, timeout=30_000)
    entry(page, "key").fill("rangkap")
    entry(page, "key").blur()
    entry(page, "label").fill("Banyaknya rangkap")
    page.locator("h1").click()
    sent = json.loads(put(page)["forms"]["memerintahkan"])
    assert [one.get("key") for one in sent["components"]][-2:] == ["jumlah_rangkap", "rangkap"]
    state(page, "ok")


def test_nothing_that_the_server_refuses_is_offered(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "memerintahkan")
    offered = page.locator(".fjs-palette-field").evaluate_all("all => all.map(one => one.dataset.fieldType)")
    assert {"textfield", "select", "dynamiclist", "filepicker"} <= set(offered)
    assert not set(offered) & {"html", "iframe", "image", "button", "table", "expression", "documentPreview"}
    for type_ in set(offered) - {"dynamiclist"}:  # which needs a column first
        edit(page, drafts, "memerintahkan")
        page.locator(f'.fjs-palette-field[data-field-type="{type_}"]').press("Enter")
        put(page)
        state(page, "ok")


def test_a_form_with_something_else_is_told_and_can_be_put_right(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "memerintahkan")
    add_field(page)
    entry(page, "label").fill("")
    page.locator("h1").click()
    put(page)
    state(page, "bad")
    expect(page.locator('[data-editor-state="bad"]')).to_contain_text("label")


def test_what_somebody_else_saved_is_never_overwritten_unseen(
    browser: Browser, served: Server, desk: Window, drafts: str
) -> None:
    edit(desk.page, drafts, "menandatangani")
    add_field(desk.page)
    for other in opened(browser, served):
        sign_in(other, OWNER)
        edit(other.page, drafts, "menandatangani")
        add_field(other.page)
        entry(other.page, "label").fill("Dari rekan")
        put(other.page)
        state(other.page, "ok")
        other.open("/account")
    put(desk.page)
    both = desk.page.locator("[data-conflict]")
    expect(both.locator("[data-theirs]")).to_contain_text("Dari rekan")
    expect(both.locator("[data-mine]")).not_to_contain_text("Dari rekan")
    assert axe.violations(desk.page) == []
    expect(both).to_contain_text("Anda menyimpan formulir ini di jendela lain")  # the same person, elsewhere
    both.get_by_role("button", name="Buka yang tersimpan").click()
    expect(desk.page.locator(".fjs-form")).to_contain_text("Dari rekan")
    expect(both).to_be_hidden()


def test_a_save_of_another_form_is_no_conflict(
    browser: Browser, served: Server, desk: Window, drafts: str
) -> None:
    edit(desk.page, drafts, "menandatangani")
    add_field(desk.page)
    for other in opened(browser, served):
        sign_in(other, OWNER)
        edit(other.page, drafts, "mengarsipkan")
        add_field(other.page)
        put(other.page)
        state(other.page, "ok")
        other.open("/account")
    put(desk.page)
    state(desk.page, "ok")


def act(page: Page, address: str) -> None:
    """Do something to a draft beside the page, as a colleague would from their own."""
    given = json.loads(page.locator("#form").inner_text())
    done = page.request.post(
        address,
        form={"csrf_token": given["csrf"], "revision": str(given["revision"])},
        headers={"Referer": page.url},
        max_redirects=0,
    )
    assert done.status == 303, done.text()


def test_a_form_that_somebody_else_took_out_can_be_put_back(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "menandatangani")
    act(page, f"{drafts}/menandatangani/removal")
    put(page)
    both = page.locator("[data-conflict]")
    expect(both.locator("[data-theirs]")).to_contain_text("dikeluarkan dari draf")
    expect(both.get_by_role("button", name="Buka yang tersimpan")).to_be_hidden()
    both.get_by_role("button", name="Simpan milik saya").click()
    state(page, "ok")
    page.reload()
    expect(page.locator(".fjs-palette")).to_be_visible()


def test_who_edits_a_form_of_a_draft_that_was_discarded_takes_it_along(desk: Window, drafts: str) -> None:
    page = desk.page
    edit(page, drafts, "menandatangani")
    add_field(page)
    entry(page, "label").fill("Belum tersimpan")
    act(page, f"{drafts.removesuffix('/forms')}/discard")
    put(page)
    expect(page.locator('[data-editor-state="bad"]')).to_contain_text("Draf ini sudah dihapus")
    expect(page.locator("[data-conflict]")).to_be_hidden()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Unduh milik saya").click()
    assert "Belum tersimpan" in kept.value.path().read_text("utf-8")


def test_whoever_is_signed_out_is_told_so_and_nothing_else(desk: Window, drafts: str) -> None:
    edit(desk.page, drafts, "menandatangani")
    expect(desk.page.get_by_role("button", name="Unduh milik saya")).to_be_hidden()
    add_field(desk.page)
    desk.page.context.clear_cookies()
    put(desk.page)
    expect(desk.page.locator('[data-editor-state="bad"]')).to_contain_text("Anda perlu masuk lagi")
    expect(desk.page.get_by_role("button", name="Unduh milik saya")).to_be_visible()
    assert axe.violations(desk.page) == []


def test_the_editor_is_accessible_and_fits_a_phone(desk: Window, phone: Window, drafts: str) -> None:
    for who in (desk, phone):
        if who is phone:
            sign_in(phone, OWNER)
        edit(who.page, drafts, "membuat_undangan")
        who.page.locator(".fjs-form-field-textfield").first.click()
        who.page.get_by_role("button", name="Pratinjau").click()
        expect(who.page.locator("[data-preview-place]")).to_be_visible()
        assert axe.violations(who.page) == []
        assert who.width_beyond() == 0
        expect(who.page.locator(".fjs-powered-by-link").first).to_be_attached()
        who.open(drafts)
        assert axe.violations(who.page) == []
        assert who.width_beyond() == 0
