"""Markdown of a process owner as HTML: no HTML of its own, then cleaned all the same."""

from __future__ import annotations

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


def render(text: str, table: str) -> Markup:
    """Render notes; their headings begin below the page's own.

    A wide table scrolls, so it can be reached by keyboard, where it is called ``table``.
    """
    scrolling = Markup('<div class="prose-scroll" tabindex="0" role="group" aria-label="{}"><table>')
    html = _cleaned(text).replace("<table>", scrolling.format(table)).replace("</table>", "</table></div>")
    return Markup(html)  # noqa: S704 - cleaned, and ours


@lru_cache(maxsize=16)
def _cleaned(text: str) -> str:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(text[:_LONGEST])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(5, int(token.tag[1]) + 1)}"
    html = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
