"""Requests that no page of ours sends: what each puts into an address, a query or a body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.webapp.permission_table import Route

HUGE = "9" * 30
# Every name that any page reads; each route picks its own.
_QUERY = (
    "q",
    "after",
    "before",
    "page",
    "w",
    "tab",
    "sop",
    "due",
    "sort",
    "more",
    "person",
    "next",
    "tak-ada",
    *("at:element", "at:round", "at:iteration", "anew"),
)
_FIELDS = (
    *("account", "password", "old", "repeated", "language", "next"),
    *("sign_in_name", "nip", "name", "post", "unit", "person", "standing", "since", "until", "letter"),
    *("key", "label", "kind", "text", "reason", "attempt", "inbox", "year", "title", "knowingly"),
    *(
        "revision",
        "done_on",
        "kegiatan",
        "biaya",
        "rincian.0.barang",
        "rincian.0.jumlah",
        "pemeriksa",
        "tak-ada",
    ),
    *("at:revision", "at:element", "at:round", "at:iteration", "at:place", "at:to", "at:back"),
    *("values", "code", "failed", "by", "start", "replaces"),
    *("for", "team", "until", "most_cases", "number", "effective_from", "paper", "element", "all"),
)
_FORM = "application/x-www-form-urlencoded"
_NUMBER = re.compile(r"<int:\w+>")
_TEXT = re.compile(r"<(?!int:|uuid:)\w+>")
_MULTIPART = "multipart/form-data; boundary=xx"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request: ``body`` already has the form's token."""

    address: str
    body: bytes = b""
    content_type: str = _FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = "localhost"


Hostile = Callable[[Route, str, str], Sent]  # route, its usual address, token -> what is sent


def _form(token: str, pairs: list[tuple[str, str]]) -> bytes:
    return urlencode([("csrf_token", token), *pairs]).encode()


def _asked(address: str, value: str) -> str:
    return f"{address}?{'&'.join(f'{name}={value}' for name in _QUERY)}"


def numbers_without_end(route: Route, address: str, token: str) -> Sent:
    """Send 30 digits wherever a number or a key may stand."""
    parts = zip(route.rule.split("/"), address.split("/"), strict=True)
    changed = "/".join(_NUMBER.sub(HUGE, rule) if _NUMBER.search(rule) else part for rule, part in parts)
    return Sent(address=_asked(changed, HUGE), body=_form(token, [(name, HUGE) for name in _FIELDS]))


def numbers_below_nothing(_route: Route, address: str, token: str) -> Sent:
    """Send negative numbers of 30 digits, and numbers of 250 in the query."""
    body = _form(token, [(name, f"-{HUGE}") for name in _FIELDS])
    return Sent(address=_asked(address, "9" * 250), body=body)


def nul_bytes(route: Route, address: str, token: str) -> Sent:
    """Send a NUL byte in every text, names of fields included."""
    parts = zip(route.rule.split("/"), address.split("/"), strict=True)
    changed = "/".join("a%00b" if _TEXT.search(rule) else part for rule, part in parts)
    pairs = [(name, "a\0b") for name in _FIELDS] + [("a\0b", "c"), ("add:a\0b", "1")]
    return Sent(address=_asked(changed, "a%00b"), body=_form(token, pairs))


def nul_bytes_in_what_is_valid(_route: Route, address: str, token: str) -> Sent:
    """Send texts that pass every check but the database's."""
    valid = {"sign_in_name": "si\0ti", "key": "pe\0ran", "since": "2026-11-24", "standing": "definitive"}
    pairs = [(name, valid.get(name, "a\0b")) for name in _FIELDS if name not in {"nip", "unit", "person"}]
    return Sent(address=address, body=_form(token, [*pairs, ("kind", "performer"), ("year", "2031")]))


def broken_button_names(_route: Route, address: str, token: str) -> Sent:
    """Send buttons of lists and files with line breaks and numbers in them."""
    button = f"unstage:a\r\nX-Evil: 1:{'0' * 32}"
    return Sent(address=address, body=_form(token, [(button, "1"), (f"remove:rincian:{HUGE}\n", "1")]))


def broken_list_buttons(_route: Route, address: str, token: str) -> Sent:
    """Send a row to remove that cannot be."""
    return Sent(address=address, body=_form(token, [(f"remove:rincian\n:{HUGE}", "1")]))


def many_filters(_route: Route, address: str, token: str) -> Sent:
    """Send a hidden filter of many parts, and as many in the query."""
    many = "&".join(f"q{place}=1" for place in range(400))
    return Sent(address=f"{address}?{many}", body=_form(token, [("inbox", many[:700]), ("next", many)]))


def foreign_host(_route: Route, address: str, token: str) -> Sent:
    """Ask for another server, coming from one of its pages."""
    headers = {"Referer": "http://example.com/a", "Origin": "http://example.com"}
    return Sent(address=address, body=_form(token, []), headers=headers, host="example.com")


def bytes_that_are_no_text(route: Route, address: str, token: str) -> Sent:
    """Send bytes that are not UTF-8 in path, query, fields, cookies and headers."""
    parts = zip(route.rule.split("/"), address.split("/"), strict=True)
    changed = "/".join("%ff%fe%ed%a0%80" if _TEXT.search(rule) else part for rule, part in parts)
    body = _form(token, []) + b"".join(b"&" + name.encode() + b"=%ed%a0%80\xff\xfe" for name in _FIELDS)
    headers = {"Referer": "\xff\xfe", "X-Request-Id": "\xff", "Accept-Language": "\xff;q=x"}
    return Sent(address=_asked(changed, "%ff%ed%a0%80"), body=body, headers=headers)


def a_long_query(_route: Route, address: str, token: str) -> Sent:
    """Send the longest query that the server lets through, and fields of a whole page each."""
    long = quote("ā" * 160)
    body = _form(token, [(name, "ā" * 4_000) for name in _FIELDS])
    return Sent(address=f"{address}?q={long}&after={long}&next=/{long}&sop={long}", body=body)


def json_for_a_form(_route: Route, address: str, token: str) -> Sent:
    """Send JSON, the token in the header."""
    return _json(address, token, b'{"account": ["a"], "a": 1e999}')


def json_in_each_other(_route: Route, address: str, token: str) -> Sent:
    """Send lists in lists, further than anybody reads."""
    body = b'{"revision": 1, "forms": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    return _json(address, token, body)


def json_of_other_kinds(_route: Route, address: str, token: str) -> Sent:
    """Send the names that scripts send, each with a value of a kind nobody expects."""
    body = (
        b'{"revision": 99999999999999999999, "bpmn": "<a>\\ud800\\u0000</a>", "title": {}, "text": [1], '
        b'"forms": {"\\u0000": "{}", "a": "[[", "": null}, "key": {"a": 1}, "element": 5, "by_hand": "x"}'
    )
    return _json(address, token, body)


def json_that_is_readable(_route: Route, address: str, token: str) -> Sent:
    """Send a text that is no diagram, and a form that is no form, under the right names."""
    body = (
        b'{"revision": 1, "bpmn": "<!DOCTYPE a [<!ENTITY b \\"c\\">]><a>&b;</a>", "text": "().__class__", '
        b'"forms": {"mengajukan": "{\\"type\\": 5, \\"components\\": [[[]]]}"}, "key": "mengajukan"}'
    )
    return _json(address, token, body)


def _json(address: str, token: str, body: bytes) -> Sent:
    headers = {"X-CSRFToken": token, "X-Requested-With": "fetch"}
    return Sent(address=address, body=body, content_type="application/json", headers=headers)


def a_broken_multipart(_route: Route, address: str, token: str) -> Sent:
    """Send parts without end, without names, with broken headers."""
    body = (
        f'--xx\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        "--xx\r\nContent-Disposition: form-data\r\n\r\nno name\r\n"
        "--xx\r\nContent-Disposition: form-data; name*=utf-16''%ff\r\n\r\nno such letters\r\n"
        "--xx\r\nbroken"
    ).encode()
    return Sent(address=address, body=body, content_type=_MULTIPART, headers={"X-CSRFToken": token})


def a_file_for_every_field(_route: Route, address: str, token: str) -> Sent:
    """Send a file where a text is asked for, with a name nobody can keep."""
    parts = "".join(
        f'--xx\r\nContent-Disposition: form-data; name="{name}"; filename="a\nb\u202e\0.exe"\r\n\r\nMZ\r\n'
        for name in ("csrf_token", "a\nb", *_FIELDS)
    )
    return Sent(
        address=address,
        body=f"{parts}--xx--\r\n".encode(),
        content_type=_MULTIPART,
        headers={"X-CSRFToken": token},
    )


def more_parts_than_allowed(_route: Route, address: str, token: str) -> Sent:
    """Send more fields than the largest form has."""
    part = '--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    body = f"{part * 5_001}--xx--\r\n".encode()
    return Sent(address=address, body=body, content_type=_MULTIPART, headers={"X-CSRFToken": token})


def a_body_without_end(_route: Route, address: str, token: str) -> Sent:
    """Send three megabytes as one field."""
    return Sent(address=address, body=_form(token, []) + b"&a=" + b"b" * 3 * 1024 * 1024)


HOSTILE: tuple[Hostile, ...] = (
    numbers_without_end,
    numbers_below_nothing,
    nul_bytes,
    nul_bytes_in_what_is_valid,
    broken_button_names,
    broken_list_buttons,
    many_filters,
    foreign_host,
    bytes_that_are_no_text,
    a_long_query,
    json_for_a_form,
    json_in_each_other,
    json_of_other_kinds,
    json_that_is_readable,
    a_broken_multipart,
    a_file_for_every_field,
    more_parts_than_allowed,
    a_body_without_end,
)
# What reaches a query with values that SQLite takes and PostgreSQL may not.
OF_DATABASES: tuple[Hostile, ...] = (
    numbers_without_end,
    numbers_below_nothing,
    nul_bytes,
    nul_bytes_in_what_is_valid,
    bytes_that_are_no_text,
    a_long_query,
    json_of_other_kinds,
    a_file_for_every_field,
)
# What takes long to read.
HEAVY: tuple[Hostile, ...] = (a_long_query, many_filters, more_parts_than_allowed, a_body_without_end)
