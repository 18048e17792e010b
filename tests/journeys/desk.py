"""The editor on its page, as somebody sees and uses it: found by words and by what its script names."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.revised import OWNER, SOP
from tests.journeys.story import sign_in
from tests.journeys.window import Window

PATIENCE = 60_000  # ms
# Where a flow can be clicked: on its line, near its end hardly anything else is drawn.
_AT = """(line, part) => {
  const place = line.getPointAtLength(line.getTotalLength() * part);
  const { x, y } = place.matrixTransform(line.getScreenCTM());
  return { x, y };
}"""


class Desk:
    """The editor in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, name: str) -> Locator:
        """Find a part of the editor."""
        return self.page.locator(f'[data-part="{name}"]')

    def ready(self) -> Desk:
        """Wait until the diagram is drawn."""
        self.page.locator("[data-editor][data-ready]").wait_for(timeout=PATIENCE)
        return self

    def choose(self, name: str) -> None:
        """Choose a step or lane from the list below the sheet."""
        self.part("steps").get_by_role("button", name=name, exact=True).first.click()

    def says(self, state: str) -> None:
        """Wait until the save state is this."""
        expect(self.page.locator(f'[data-save-state="{state}"]')).to_be_visible(timeout=PATIENCE)

    def append(self, kind: str, name: str) -> None:
        """Append an element to the chosen one by the menu, and name it."""
        self.page.locator('.djs-context-pad [data-action="append"]').click()
        self.page.locator(".djs-popup input").fill(kind)
        self.page.locator(".djs-popup .entry").first.click()
        self.page.locator(".djs-direct-editing-content").fill(name)
        self.part("canvas").locator(".djs-container > svg").click(position={"x": 500, "y": 20})

    def open_all(self) -> None:
        """Open every part of the panel, and what is listed in it."""
        for kind in ("group", "collapsible-entry"):
            self.part("panel").evaluate(
                "(panel, kind) => panel.querySelectorAll(`.bio-properties-panel-${kind}-header:not(.open)`)"
                ".forEach(one => one.click())",
                kind,
            )

    def write_behind(self, old: str, new: str) -> None:
        """Put something else into the saved diagram, as an upload would, and look at the page anew."""
        self.rewrite(lambda diagram: diagram.replace(old, new))

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change the saved diagram as text, which must make a difference, and look at the page anew."""
        draft = json.loads(self.page.locator("#draft").inner_text())
        changed = change(draft["bpmn"])
        assert changed != draft["bpmn"]
        token = self.page.locator('input[name="csrf_token"]').first.input_value()
        answer = self.page.context.request.put(
            draft["address"],
            data={"revision": draft["revision"], "bpmn": changed},
            headers={"X-CSRF-Token": token, "Referer": self.page.url},
        )
        assert answer.ok, answer.text()
        self.page.reload()
        self.ready()

    def saved_diagram(self) -> str:
        """Read the diagram as the server has it."""
        return self.page.context.request.get(f"{self.page.url.split('#')[0]}/diagram.bpmn").text()

    def press(self, button: str) -> None:
        """Press a button of the tools above the sheet."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def drawn(self, element: str) -> Locator:
        """Find an element on the sheet by its id."""
        return self.part("canvas").locator(f'g[data-element-id="{element}"] .djs-hit').first

    def middle_of(self, flow: str) -> tuple[float, float]:
        """Find the middle of a flow in the window."""
        place = self.drawn(flow).evaluate(_AT, 0.5)
        return place["x"], place["y"]

    def erase(self, flow: str) -> None:
        """Choose a flow on the sheet and delete it by the key."""
        place = self.drawn(flow).evaluate(_AT, 0.9)
        self.page.mouse.click(place["x"], place["y"])
        self.page.keyboard.press("Delete")
        expect(self.drawn(flow)).to_have_count(0)

    def connect_to(self, element: str) -> None:
        """Draw a flow from the chosen element to another one."""
        self.page.locator('.djs-context-pad [data-action="connect"]').click()
        self.drawn(element).hover(force=True)
        self.drawn(element).click(force=True)

    def save(self) -> None:
        """Save by the key, and wait until the server has it: what was typed just now is in it."""
        # When the key is let go the page has heard it, and says that it is not saved until it is.
        self.page.keyboard.press("Control+s")
        self.says("saved")

    def add_document(self, kind: str, name: str) -> None:
        """Add a document to a list of the panel, and name it."""
        heading = self.page.locator(".bio-properties-panel-group-header", has_text=kind)
        group = self.part("panel").locator(".bio-properties-panel-group").filter(has=heading)
        group.locator(".bio-properties-panel-add-entry").click()
        entry = group.locator(".bio-properties-panel-collapsible-entry").last
        expect(entry).to_be_visible()
        if "open" not in (entry.get_attribute("class") or "").split():
            entry.locator(".bio-properties-panel-collapsible-entry-header-title").click()
        entry.get_by_label("Nama dokumen").fill(name)
        self.save()

    def steps_of(self, lane: str) -> Locator:
        """Find the steps of a lane in the list below the sheet, which is drawn a moment after a change."""
        lanes = (
            self.part("steps")
            .locator("xpath=./li")
            .filter(has=self.page.get_by_role("button", name=lane, exact=True))
        )
        return lanes.locator("li button")


def begin_draft(owner: Window) -> Desk:
    """Begin a draft as its owner, of the one SOP; nobody else has it open, whatever drafts there are."""
    sign_in(owner, OWNER)
    owner.open(f"{SOP}/draft?all")
    owner.press("Mulai revisi")
    return Desk(owner.page).ready()


def open_draft(owner: Window, draft: str) -> Desk:
    """Open a draft that was begun in another window."""
    sign_in(owner, OWNER)
    owner.open(draft)
    return Desk(owner.page).ready()
