"""Somebody without JavaScript, who finds everything on a page by its words.

The standard library speaks HTTP; lxml reads the page. What is typed stands in the page itself until
a button sends it, as in a browser.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.cookiejar import Cookie, CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import lxml.html
from lxml.html import HtmlElement

_TYPED = {"", "text", "search", "email", "number", "date", "time", "password", "tel", "url"}
_SILENT = {"submit", "button", "image", "reset", "file"}


def words_of(element: HtmlElement) -> str:
    """Read what an element says, in one line."""
    return " ".join(element.text_content().split())


# How an element says words, the surest way first: only them, before a remark, first, somewhere.
_SAYINGS: tuple[Callable[[str, str], bool], ...] = (
    lambda said, words: said == words,
    lambda said, words: said.startswith((f"{words} (", f"{words}:")),
    lambda said, words: said.startswith(words),
    lambda said, words: words in said,
)


def found_in(text: str, pattern: str) -> str:
    """Give the first group of a pattern."""
    found = re.search(pattern, text)
    assert found is not None, text
    return found.group(1)


@dataclass
class Chosen:
    """A file that was chosen in a form."""

    filename: str
    content: bytes


@dataclass
class Visitor:
    """A browser without scripts: one session, one page at a time."""

    site: str
    status: int = 0
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    page: HtmlElement = field(default_factory=lambda: lxml.html.fromstring("<html></html>"))
    _files: dict[HtmlElement, list[Chosen]] = field(default_factory=dict)
    _jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        """Begin without cookies."""
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    # -- going places ----------------------------------------------------------------------------

    def open(self, address: str) -> None:
        """Go to an address of the site."""
        self._ask(Request(urljoin(self.site, address)))

    def follow(self, words: str) -> None:
        """Follow the link that says this."""
        self.open(urljoin(self.address, self._one("a", words, "//a[@href]").get("href", "")))

    def press(self, words: str, *, within: str = "") -> None:
        """Press the button that says this; its form is sent with all that was filled in."""
        button = self._one("button", words, ".//button", self._group(within))
        form = self._form_of(button)
        fields = [*self._sent(form)]
        if button.get("name"):
            fields.append((button.get("name", ""), button.get("value", "")))
        address = urljoin(self.address, button.get("formaction") or form.get("action") or self.address)
        if form.get("method", "get").lower() != "post":
            self.open(f"{address.partition('?')[0]}?{urlencode(fields)}")
        elif form.get("enctype") == "multipart/form-data":
            self._ask(_multipart(address, fields, self._chosen(form)))
        else:
            self._ask(Request(address, urlencode(fields).encode()))

    def carry(self, name: str, value: str) -> None:
        """Carry a cookie that was given elsewhere."""
        domain = urlsplit(self.site).hostname or ""
        self._jar.set_cookie(
            Cookie(
                version=0,
                name=name,
                value=value,
                port=None,
                port_specified=False,
                domain=domain,
                domain_specified=False,
                domain_initial_dot=False,
                path="/",
                path_specified=True,
                secure=False,
                expires=None,
                discard=True,
                comment=None,
                comment_url=None,
                rest={},
            )
        )

    @property
    def cookies(self) -> str:
        """Write every cookie as a request sends them."""
        return "; ".join(f"{one.name}={one.value}" for one in self._jar)

    # -- filling in ------------------------------------------------------------------------------

    def fill(self, label: str, value: str, *, within: str = "") -> None:
        """Type into the field with this label, or pick the option of a select."""
        control = self._control_of(self._one("label", label, ".//label", self._group(within)))
        if control.tag == "select":
            option = self._one("option", value, ".//option", control)
            for one in control.iter("option"):
                one.attrib.pop("selected", None)
            option.set("selected", "selected")
        elif control.tag == "textarea":
            for child in list(control):
                control.remove(child)
            control.text = value
        else:
            assert control.get("type", "") in _TYPED, f"{label}: not a field to type into"
            control.set("value", value)

    def tick(self, group: str, *options: str) -> None:
        """Choose options of the group with this legend; of a radio group the last one stays."""
        fieldset = self._group(group)
        for label in [self._one("label", option, ".//label", fieldset) for option in options]:
            control = self._control_of(label)
            if control.get("type") == "radio":
                for other in fieldset.iter("input"):
                    other.attrib.pop("checked", None)
            control.set("checked", "checked")

    def attach(self, label: str, filename: str, content: bytes) -> None:
        """Choose a file in the field with this label."""
        self._files.setdefault(self._labelled(label), []).append(Chosen(filename, content))

    def value(self, label: str) -> str:
        """Read what stands in a field."""
        control = self._labelled(label)
        if control.tag == "textarea":
            return (control.text or "").removeprefix("\n")
        return str(control.get("value", ""))

    # -- reading ---------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """Read the h1."""
        [only] = self.page.findall(".//h1")
        return words_of(only)

    @property
    def text(self) -> str:
        """Read the whole page, in one line."""
        return words_of(self.page.find("body"))

    def addresses(self, part: str) -> list[str]:
        """Name where the links lead whose address has this part."""
        found = [one.get("href", "") for one in self._here("//a[@href]")]
        return [urljoin(self.address, address) for address in found if part in address]

    def sees(self, words: str) -> bool:
        """Tell whether the page says this."""
        return words in self.text

    def stands_at(self, heading: str) -> bool:
        """Tell whether this is the page's heading."""
        return heading in self.heading

    def comes_to(self, part: str) -> bool:
        """Tell whether the page's address has this."""
        return part in self.address

    def read(self, pattern: str) -> str:
        """Read the first group of a pattern in the page's words."""
        return found_in(self.text, pattern)

    def items(self, path: str) -> list[str]:
        """Read the elements of an XPath."""
        return [words_of(one) for one in self.page.xpath(path)]

    def has_button(self, words: str) -> bool:
        """Tell whether there is a button that says this."""
        return any(words in words_of(one) for one in self._here("//button"))

    # -- inside ----------------------------------------------------------------------------------

    def _here(self, path: str, inside: HtmlElement | None = None) -> list[HtmlElement]:
        """Find elements that are there without scripts."""
        found = (self.page if inside is None else inside).xpath(path)
        return [one for one in found if not any(True for _ in one.iterancestors("template"))]

    def _one(self, kind: str, words: str, path: str, inside: HtmlElement | None = None) -> HtmlElement:
        ever = self._here(path, inside)
        for saying in _SAYINGS:
            for one in ever:
                if saying(words_of(one), words):
                    return one
        there = " | ".join(words_of(one) for one in ever)
        raise AssertionError(f"{self.address}: no {kind} says “{words}”. There are: {there}")

    def _group(self, legend: str) -> HtmlElement:
        """Find the group with this legend; without one, the page."""
        if not legend:
            return self.page
        return next(self._one("legend", legend, "//legend").iterancestors("fieldset"))

    def _labelled(self, words: str) -> HtmlElement:
        return self._control_of(self._one("label", words, "//label"))

    def _control_of(self, label: HtmlElement) -> HtmlElement:
        found = self._here(f"//*[@id='{label.get('for')}']")
        assert found, f"the label “{words_of(label)}” belongs to no control"
        return found[0]

    def _form_of(self, control: HtmlElement) -> HtmlElement | None:
        """Find the form that a control belongs to: around it, or the one that it names."""
        if control.get("form"):
            return self.page.get_element_by_id(control.get("form", ""))
        return next(control.iterancestors("form"), None)

    def _sent(self, form: HtmlElement) -> list[tuple[str, str]]:
        """Gather what a browser would send, in the order of the form."""
        pairs: list[tuple[str, str]] = []
        for one in self._here("//input | //textarea | //select"):
            if self._form_of(one) is not form:
                continue
            name, kind = one.get("name"), one.get("type", "")
            if not name or one.get("disabled") is not None or kind in _SILENT:
                continue
            if one.tag == "textarea":
                pairs.append((name, (one.text or "").removeprefix("\n").replace("\n", "\r\n")))
            elif one.tag == "select":
                options = list(one.iter("option"))
                pairs += [(name, o.get("value", "")) for o in options if o.get("selected") is not None] or [
                    (name, options[0].get("value", ""))
                ]
            elif kind not in ("radio", "checkbox") or one.get("checked") is not None:
                pairs.append((name, one.get("value", "on" if kind == "checkbox" else "")))
        return pairs

    def _chosen(self, form: HtmlElement) -> list[tuple[str, Chosen]]:
        fields = [one for one in self._here(".//input[@type='file']", form) if one.get("name")]
        empty = [Chosen("", b"")]
        return [(one.get("name", ""), file) for one in fields for file in self._files.get(one, empty)]

    def _ask(self, request: Request) -> None:
        try:
            answer: HTTPResponse | HTTPError = self._opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            self.status, self.address = answer.status or 0, answer.url
            self.headers = {name.lower(): value for name, value in answer.headers.items()}
        if "text/html" in self.headers.get("content-type", ""):
            self.page = lxml.html.fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))
            self._files = {}
        self.body = body


def _multipart(address: str, fields: list[tuple[str, str]], files: list[tuple[str, Chosen]]) -> Request:
    line = uuid.uuid4().hex
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, file in files:
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.filename}"\r\n'
        parts.append(
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file.content + b"\r\n"
        )
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    return Request(address, body, {"Content-Type": f"multipart/form-data; boundary={line}"})
