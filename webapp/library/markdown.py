"""Markdown of a process owner as HTML: no HTML of its own, then cleaned all the same."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
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
_HEADING = "h3"  # as one of the second level is written
_MOST_SECTIONS = 500


def render(text: str, table: str) -> Markup:
    """Render notes; their headings begin below the page's own, and sections after the first are folded.

    A wide table scrolls, so it can be reached by keyboard, where it is called ``table``.
    """
    begins, first, *more = [*_sections(text), "", ""]
    html = begins + first + "".join(map(_behind_its_heading, filter(None, more)))
    scrolling = Markup('<div class="prose-scroll" tabindex="0" role="group" aria-label="{}"><table>')
    wide = html.replace("<table>", scrolling.format(table)).replace("</table>", "</table></div>")
    return Markup(wide)  # noqa: S704 - cleaned, and ours


def _behind_its_heading(section: str) -> str:
    """Fold a section below its heading: notes are long."""
    heading, end, rest = section.partition("</h3>")
    return f"<details><summary>{heading}{end}</summary>{rest}</details>"


@lru_cache(maxsize=16)
def _sections(text: str) -> tuple[str, ...]:
    """Render what stands before the first heading of the second level, then each with what is below it.

    One inside a list or a quotation begins none: it could not be folded without taking that apart.
    """
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    sections: list[list[Token]] = [[]]
    for token in parser.parse(text[:_LONGEST]):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(5, int(token.tag[1]) + 1)}"
        begins = token.type == "heading_open" and token.tag == _HEADING and token.level == 0
        if begins and len(sections) < _MOST_SECTIONS:
            sections.append([])
        sections[-1].append(token)
    return tuple(_cleaned(parser.renderer.render(several, parser.options, {})) for several in sections)


def _cleaned(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
