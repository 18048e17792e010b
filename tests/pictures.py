"""Make the pictures of docs/revising.md and docs/auditing.md anew: ``python -m tests.pictures [NAME]``.

A revision is driven through the demo, as the journey of a revision does, and photographed on its way; so is
an audit. With a name (``revising``, ``auditing``) only its pictures are made.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import chromium
from tests.engine.record.bundles import VERIFY
from tests.journeys import test_revision as revision
from tests.journeys.audited import sign_in_to_audit
from tests.journeys.desk import PATIENCE, Desk
from tests.journeys.story import KADIN, begin, sign_in
from tests.journeys.test_auditing_demo import TITLE
from tests.journeys.window import Window
from tests.live import Server

PLACE = Path(__file__).parents[1] / "docs" / "images"
WIDTH, HEIGHT = 1280, 860
_SHOWN = 960  # pixels: as wide as a page of documentation shows them
_COLOURS = 96
_SHOW = """part => {
  window.scrollTo({ top: 0, behavior: "instant" });
  const { top } = document.querySelector(part).getBoundingClientRect();
  window.scrollTo({ top: top - 12, behavior: "instant" });
}"""


def main() -> None:
    """Make them."""
    expect.set_options(timeout=30_000)
    wanted = sys.argv[1:] or ["revising", "auditing"]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        if "revising" in wanted:
            with Server(Path(folder) / "revised") as served:
                photograph(browser, served.address)
        if "auditing" in wanted:
            photograph_audit(browser, Path(folder) / "audited")
        browser.close()


def photograph(browser: Browser, site: str) -> None:
    """Go the way of a revision, and photograph what its owner sees."""
    owner, approver, staff = (window(browser, site) for _ in range(3))
    early = begin(staff, "2041")
    sign_in(owner, revision.OWNER)
    desk = revision.begin_draft(owner)
    revision.draw_a_step(desk)
    desk.choose(revision.STEP)
    desk.part("panel").locator(".bio-properties-panel-scroll-container").evaluate("one => one.scrollTo(0, 0)")
    take(owner.page, "revising-draw", ".editor-tools")
    draft = owner.page.url.partition("#")[0]
    revision.make_its_form(owner)
    owner.open(f"{draft}/forms/mencetak_undangan")
    expect(owner.page.locator(".fjs-palette")).to_be_visible(timeout=PATIENCE)
    owner.page.locator(".fjs-form-field-textfield").first.click()
    take(owner.page, "revising-form")
    owner.open(f"{draft}/rehearsal")
    owner.press("Mulai percobaan")
    take(owner.page, "revising-rehearse")
    owner.open(draft)
    Desk(owner.page).ready()
    revision.read_the_difference(owner)
    take(owner.page, "revising-difference")
    number = revision.submit(owner)
    sign_in(approver, KADIN)
    approver.follow("Mereviu usulan revisi")
    take(approver.page, "revising-review")
    revision.approve(approver)
    revision.see_it_in_force(owner, number)
    owner.open(revision.review_of(owner, number).removesuffix("/review") + "/cases")
    owner.press("Periksa berkas terbuka")
    expect(revision.row(owner, "Memerintahkan penyusunan")).to_contain_text(early, timeout=PATIENCE)
    take(owner.page, "revising-move")


def photograph_audit(browser: Browser, data: Path) -> None:
    """Photograph what the demo's auditor sees of the case in which much happened."""
    with Server(data) as served:
        auditor = window(browser, served.address)
        sign_in_to_audit(auditor)
        case = address_of(auditor, TITLE)
        auditor.open(case)
        auditor.follow("Dipindah 1")
        take(auditor.page, "auditing-replay", "[data-replay-part=moment]")
        auditor.follow("Diperbaiki 1")
        take(auditor.page, "auditing-event", ".replay-columns")
        auditor.open(f"{case}/bundle")
        take(auditor.page, "auditing-bundle")
        with auditor.page.expect_download() as kept:
            auditor.page.get_by_role("button", name="Ambil paket bukti audit").click()
        kept.value.save_as(bundle := data.with_name(kept.value.suggested_filename))
        check_by_page(browser, bundle)
        auditor.open("/audit/figures")
        take(auditor.page, "auditing-figures", "main .panel:nth-of-type(2)")
        auditor.open("/audit/day")
        take(auditor.page, "auditing-day")
        auditor.open("/audit/findings")
        auditor.click(auditor.page.locator(".rows .title").first)
        take(auditor.page, "auditing-finding")


def address_of(auditor: Window, title: str) -> str:
    """Find the replay of a case by its title; gives its address."""
    auditor.open("/audit/cases")
    address = auditor.page.get_by_role("link", name=title, exact=True).get_attribute("href")
    assert address is not None
    return address.partition("?")[0]


def check_by_page(browser: Browser, bundle: Path) -> None:
    """Photograph the check of a bundle as a page, opened from a disk without a network."""
    context = browser.new_context(offline=True, viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.goto(VERIFY.with_suffix(".html").as_uri())
    page.set_input_files("#bundle", bundle)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("UTUH")
    take(page, "auditing-verify")
    context.close()


def window(browser: Browser, site: str) -> Window:
    """Open a window in Indonesian."""
    context = browser.new_context(
        base_url=site, locale="id-ID", timezone_id="Asia/Jakarta", viewport={"width": WIDTH, "height": HEIGHT}
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return Window(page)


def take(page: Page, name: str, part: str = "body") -> None:
    """Photograph what stands in the window from a part of the page on, small enough for a repository."""
    page.evaluate(_SHOW, part)
    target = PLACE / f"{name}.png"
    page.screenshot(path=target, animations="disabled")
    with Image.open(target) as taken:
        size = (_SHOWN, round(taken.height * _SHOWN / taken.width))
        small = taken.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    small.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
