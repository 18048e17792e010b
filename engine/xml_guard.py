"""From uploaded bytes to an XML tree that may be looked at: limits hold before and while parsing.

For every kind of XML file that people bring; whether its root is what was expected, the caller looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from engine.errors import Finding, Refused, Sentence, say

MAX_BYTES = 2_000_000
MAX_NODES = 50_000  # elements and attributes
MAX_DEPTH = 60
MAX_TEXT = 20_000  # characters of one text or attribute

_DECLARED = re.compile(rb"""^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHUNK = 64 * 1024
_XPATH_SAFE = re.compile(r"[^\x00-\x1f]*")


def read_bytes(path: Path) -> bytes:
    """Read a file, no further than may be; Refused where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with a NUL byte is a ValueError
        detail = getattr(error, "strerror", None) or str(error)
        raise refused("file", say("The file cannot be read: %(detail)s", detail=detail)) from None


def read_tree(content: bytes, most_nodes: int = MAX_NODES) -> etree._ElementTree:
    """Parse the bytes of a file, or raise Refused with the reason.

    The parser resolves nothing and reads nothing but these bytes; a file that breaks a limit is
    given up at the element that breaks it.
    """
    _check_bytes(content)
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=False,
        strip_cdata=True,
    )
    limits = _Limits(most_nodes)
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
            limits.check(parser.read_events())
        root = parser.close()
        limits.check(parser.read_events())
    except etree.XMLSyntaxError as error:
        # What was read before may say more clearly what is wrong.
        limits.check(parser.read_events())
        line = error.lineno or 0
        raise refused(
            "xml",
            say(
                "The file is not well-formed XML, line %(line)s: %(detail)s", line=line, detail=_plain(error)
            ),
        ) from None
    tree: etree._ElementTree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise _doctype()
    return tree


def _check_bytes(content: bytes) -> None:
    if not content.strip():
        raise refused("empty", say("The file is empty"))
    if len(content) > MAX_BYTES:
        raise refused(
            "too-large",
            say(
                "The file has %(found)s bytes; at most %(most)s are read", found=len(content), most=MAX_BYTES
            ),
        )
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared is not None and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        found = declared.group(1).decode("ascii")
        raise refused("encoding", say("The file must be UTF-8; it declares %(found)s", found=found))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(
            "encoding", say("The file is not UTF-8 text: byte %(position)s", position=error.start)
        ) from None
    if "\x00" in text:
        raise refused("xml", say("The file is not XML"))
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise refused("xml", say("The file is not XML"))
    # A DOCTYPE is refused before the parser meets it: entities would be expanded while reading.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _doctype()


class _Limits:
    """Counts while the tree grows."""

    def __init__(self, most_nodes: int) -> None:
        self.most_nodes = most_nodes
        self.nodes = 0
        self.depth = 0

    def check(self, events: Iterator[tuple[Any, Any]]) -> None:
        for event, element in events:
            if event == "start":
                self._start(element)
            elif event == "end":
                self.depth -= 1
                # The tail of the last child is complete only now.
                texts = [element.text, *(child.tail for child in element)]
                if any(text and len(text) > MAX_TEXT for text in texts):
                    raise _too_long(element)

    def _start(self, element: etree._Element) -> None:
        self.depth += 1
        self.nodes += 1 + len(element.attrib)
        if self.nodes > self.most_nodes:
            raise refused(
                "too-many-nodes",
                say("The file has more than %(most)s elements and attributes", most=self.most_nodes),
            )
        if self.depth > MAX_DEPTH:
            raise refused(
                "too-deep",
                say(
                    "The elements are nested deeper than %(most)s, line %(line)s",
                    most=MAX_DEPTH,
                    line=element.sourceline,
                ),
            )
        if any(len(value) > MAX_TEXT for value in element.attrib.values()):
            raise _too_long(element)


def _too_long(element: etree._Element) -> Refused:
    return refused(
        "text-too-long",
        say(
            "A text is longer than %(most)s characters, line %(line)s", most=MAX_TEXT, line=element.sourceline
        ),
    )


def _doctype() -> Refused:
    return refused("doctype", say("The file has a DOCTYPE; it needs none and is not read"))


def _plain(error: Exception) -> str:
    lines = _XPATH_SAFE.findall(str(error))
    return next((line for line in lines if line), type(error).__name__)[:200]


def refused(code: str, sentence: Sentence) -> Refused:
    """Refuse a file as a whole."""
    return Refused((Finding(code=code, element="", name="", sentence=sentence),), sentence)
