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
MAX_BEFORE_ROOT = 1000  # comments and processing instructions
MAX_TEXT = 20_000  # characters of one text or attribute

_DECLARED = re.compile(r"""\A(\s*<\?xml\s[^>]*?encoding\s*=\s*["'])([A-Za-z0-9._-]+)(?=["'])""")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
# Of one byte a character and nothing else: what tells where a file's markup is can be read before.
_OTHERS = re.compile(r"(?:iso-8859-\d{1,2}|latin-?1|windows-125\d|koi8-[ru])")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_BEFORE_ROOT = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
# What is only kept or shown may be long: pictures of modellers, whole pages of description.
_MAY_BE_LONG = frozenset({"extensionElements", "documentation"})
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
    content = _checked(content)
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi"),
        encoding="utf-8",  # whatever the file declares: what is looked at above is what is parsed
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


def file_text(content: bytes) -> str:
    """Give the text of an XML file, whatever its encoding, as a file in UTF-8 would say it.

    Refused where it is in none of XML 1.0's two encodings (appendix F) nor in one of Latin letters.
    """
    encoding, rest = _marked(content)
    # The declaration is in letters that all of these write alike.
    start = rest[:4000].decode(encoding if encoding.startswith("utf-16") else "latin-1", "replace")
    declared = _DECLARED.match(start)
    named = "" if declared is None else declared.group(2).lower()
    if not encoding:
        encoding = "utf-8" if named in _UTF_8 | {""} else named
        if encoding != "utf-8" and not _OTHERS.fullmatch(encoding):
            raise _other_encoding(named)
    elif named and named not in (_UTF_8 if encoding == "utf-8" else ("utf-16", encoding.replace("6-", "6"))):
        raise _other_encoding(named)
    try:
        text = rest.decode(encoding)
    except UnicodeDecodeError as error:
        raise refused(
            "encoding",
            say(
                "The file is not %(encoding)s text, as it should be (byte %(position)s)."
                " Save it as UTF-8 in its program.",
                encoding=encoding.upper(),
                position=error.start,
            ),
        ) from None
    except LookupError:
        raise _other_encoding(named) from None
    return text if encoding == "utf-8" else _DECLARED.sub(r"\1UTF-8", text)


def _marked(content: bytes) -> tuple[str, bytes]:
    """Give the encoding that the first bytes tell, empty where they tell none, and what follows the mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, content.removeprefix(mark)
    return next((encoding for begin, encoding in _UNMARKED if content.startswith(begin)), ""), content


def _other_encoding(found: str) -> Refused:
    sentence = say("The file must be UTF-8, UTF-16 or ISO-8859; it declares %(found)s", found=found[:40])
    return refused("encoding", sentence)


def _checked(content: bytes) -> bytes:
    """Give the text in UTF-8 of bytes that may be parsed."""
    if not content.strip():
        raise refused("empty", say("The file is empty"))
    if len(content) > MAX_BYTES:
        raise refused(
            "too-large",
            say(
                "The file has %(found)s bytes; at most %(most)s are read", found=len(content), most=MAX_BYTES
            ),
        )
    text = file_text(content)
    if "\x00" in text or not text.lstrip().startswith("<"):
        raise refused("xml", say("The file is not XML"))
    # A DOCTYPE is refused before the parser meets it: entities would be expanded while reading.
    if _root(text) == "<!DOCTYPE":
        raise _doctype()
    return text.encode()


def _root(text: str) -> str:
    """Give how the first markup begins that is neither comment nor processing instruction."""
    at = count = 0
    while (passed := _BEFORE_ROOT.match(text, at)) is not None:
        at, count = passed.end(), count + 1
        if (
            count > MAX_BEFORE_ROOT
        ):  # the parser takes a second for 30,000, and four times that for twice as many
            raise refused(
                "too-many-nodes",
                say(
                    "The file has more than %(most)s comments before its first element", most=MAX_BEFORE_ROOT
                ),
            )
    return text[at:].lstrip()[:9]


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
                if len(element) or element.text:  # most elements of an absurd file have neither
                    _check_texts(element)

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
        for name, value in element.attrib.items():
            if len(value) > MAX_TEXT and not str(name).startswith("{") and not _may_be_long(element):
                raise _too_long(element)


def _check_texts(element: etree._Element) -> None:
    # The tail of the last child is complete only now.
    texts = [element.text, *(child.tail for child in element)]
    if any(text and len(text) > MAX_TEXT for text in texts) and not _may_be_long(element):
        raise _too_long(element)


def _may_be_long(element: etree._Element) -> bool:
    return any(etree.QName(one).localname in _MAY_BE_LONG for one in (element, *element.iterancestors()))


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
