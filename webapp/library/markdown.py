"""Markdown of a process owner as HTML: no HTML of its own, then cleaned all the same."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
        "br",
        "strong",
        "em",
        "s",
        "code",
        "pre",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}
_LONGEST = 400_000  # characters that are rendered
_SECTION = re.compile("(?=<h3>)")  # as headings of the second level are written
_MOST_SECTIONS = 500


def render(text: str, table: str) -> Markup:
    """Render notes; their headings begin below the page's own, and sections after the first are folded.

    A wide table scrolls, so it can be reached by keyboard, where it is called ``table``.
    """
    scrolling = Markup('<div class="prose-scroll" tabindex="0" role="group" aria-label="{}"><table>')
    html = _cleaned(text).replace("<table>", scrolling.format(table)).replace("</table>", "</table></div>")
    return Markup(_folded(html))  # noqa: S704 - cleaned, and ours


def _folded(html: str) -> str:
    """Leave the first section open, and fold each further one below its heading: notes are long."""
    first, second, *more = [*_SECTION.split(html, maxsplit=_MOST_SECTIONS), "", ""][: _MOST_SECTIONS + 1]
    return first + second + "".join(map(_behind_its_heading, filter(None, more)))


def _behind_its_heading(section: str) -> str:
    heading, end, rest = section.partition("</h3>")
    return f"<details><summary>{heading}{end}</summary>{rest}</details>"


@lru_cache(maxsize=16)
def _cleaned(text: str) -> str:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(text[:_LONGEST])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(5, int(token.tag[1]) + 1)}"
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
