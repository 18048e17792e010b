"""Somebody with a browser: the same acts as without scripts, by clicks and keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page, expect

from tests.journeys.visitor import found_in

_PATIENCE = 60_000  # ms
# A form is sent, and a link followed, a moment after the click: the page says that it is about to be left.
_TELL_OF_LEAVING = """one => {
  const tell = (event) => {
    const link = event.type === "click" && event.target.closest?.("a[href]");
    if (event.defaultPrevented || (event.type === "click" && !link)) return;
    const there = link && new URL(link.href);
    const same = link && there.hash && there.href.split("#")[0] === location.href.split("#")[0];
    if (!same && !link?.download && !link?.target) window.isLeft = true;
  };
  for (const type of ["click", "submit"]) addEventListener(type, tell, { once: true });
}"""


@dataclass
class Window:
    """One window of a browser."""

    page: Page

    @property
    def heading(self) -> str:
        """Read the h1."""
        return " ".join(self.page.locator("h1").inner_text().split())

    def sees(self, words: str) -> bool:
        """Tell whether the page says this, or says it soon."""
        try:
            expect(self.page.locator("body")).to_contain_text(words, timeout=_PATIENCE, use_inner_text=True)
        except AssertionError:
            return False
        return True

    def stands_at(self, heading: str) -> bool:
        """Tell whether this is the page's heading, or is so soon; then the rest of it is there too."""
        try:
            expect(self.page.locator("h1")).to_contain_text(heading, timeout=_PATIENCE)
        except AssertionError:
            return False
        self.page.wait_for_load_state()
        return True

    def comes_to(self, part: str) -> bool:
        """Tell whether the page's address has this, or has it soon: a click may not wait for its page."""
        try:
            expect(self.page).to_have_url(re.compile(re.escape(part)), timeout=_PATIENCE)
        except AssertionError:
            return False
        self.page.wait_for_load_state()
        return True

    def read(self, pattern: str) -> str:
        """Read the first group of a pattern in the page's words."""
        return found_in(" ".join(self.page.locator("body").inner_text().split()), pattern)

    def open(self, address: str) -> None:
        """Go to an address of the site."""
        self.page.goto(address)

    def follow(self, words: str) -> None:
        """Follow the link that says this."""
        self.click(self._by_role("link", words, self.page.locator("body")))

    def press(self, words: str, *, within: str = "") -> None:
        """Press the button that says this, in the group with that legend."""
        self.click(self._by_role("button", words, self._group(within)))

    def click(self, place: Locator) -> None:
        """Click, and wait until the page it leads to is all there: the click itself may not wait for it."""
        place.evaluate(_TELL_OF_LEAVING)
        place.click()
        # A function: the CSP lets no expression be evaluated a second time.
        self.page.wait_for_function("() => !window.isLeft")
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str, *, within: str = "") -> None:
        """Type into the field with this label, or pick the option of a select."""
        control = self._labelled(label, within)
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)

    def tick(self, group: str, *options: str) -> None:
        """Choose options of the group with this legend."""
        for option in options:
            self._group(group).get_by_label(option, exact=True).check()

    def attach(self, label: str, filename: str, content: bytes) -> None:
        """Choose a file in the field with this label."""
        file = {"name": filename, "mimeType": "application/pdf", "buffer": content}
        self._labelled(label, "").set_input_files([file])  # type: ignore[list-item]

    def value(self, label: str) -> str:
        """Read what stands in a field."""
        return self._labelled(label, "").input_value()

    def has_button(self, words: str) -> bool:
        """Tell whether there is a button that says this."""
        return self.page.get_by_role("button", name=words).count() > 0

    def width_beyond(self) -> int:
        """Give by how many pixels the page is wider than the window."""
        found: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found

    def _group(self, legend: str) -> Locator:
        """Find the innermost group with this legend; without one, the page."""
        if not legend:
            return self.page.locator("body")
        named = self.page.locator("legend", has_text=re.compile(rf"^\s*{re.escape(legend)}"))
        return self.page.locator("fieldset").filter(has=named).last

    def _by_role(self, role: str, words: str, inside: Locator) -> Locator:
        """Find a link or button: one that says only this, else one that begins so."""
        begins = re.compile(rf"^\s*{re.escape(words)}")
        self._there(inside.get_by_role(role, name=begins))  # type: ignore[arg-type]
        only = inside.get_by_role(role, name=words, exact=True).filter(visible=True)  # type: ignore[arg-type]
        if only.count():
            return only.first
        return inside.get_by_role(role, name=begins).filter(visible=True).first  # type: ignore[arg-type]

    def _labelled(self, label: str, within: str) -> Locator:
        """Find a control by its label, in an opened part of the page where it is hidden."""
        said = re.compile(rf"^\s*{re.escape(label)}\s*(\(|$)")
        control = self._group(within).get_by_label(said)
        self._there(control)
        if control.filter(visible=True).count() == 0:
            control.first.locator("xpath=ancestor::details[not(@open)]/summary").first.click()
        return control.filter(visible=True).first

    def _there(self, wanted: Locator) -> None:
        try:
            wanted.first.wait_for(state="attached", timeout=_PATIENCE)
        except Error as error:
            said = " ".join(self.page.locator("body").inner_text().split())
            raise AssertionError(f"{self.page.url}: {error.message}\n{said[:2000]}") from error
