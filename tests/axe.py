"""What axe-core finds on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_SOURCE = Path(__file__).parents[1] / "webapp/assets/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (rules) => {
  const result = await axe.run(document, {runOnly: {type: "tag", values: rules}});
  return result.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.html}`));
}"""


@cache
def _source() -> str:
    return _SOURCE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """List what breaks WCAG 2.2 AA, an element each; evaluated, as the CSP allows no script of ours."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN, _RULES)
    return found
