"""``http``: one request to a host the operator allows. Redirects are not followed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationParseError, NewConnectionError
from urllib3.util import Timeout, Url, parse_url

from engine.connectors import CallFailed
from engine.connectors.hosts import AllowedHosts
from engine.errors import Sentence, say

MOST_ANSWER = 150_000  # bytes of a body
_TIMEOUT = Timeout(connect=10, read=20)  # seconds, of each wait
_ALL = 45.0  # seconds, until the body has come
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_PORTS = {"https": 443, "http": 80}
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_FIELD = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,2000}")
_OURS = {"host", "content-length", "transfer-encoding", "connection", "idempotency-key", "accept-encoding"}
_TOLD = ("content-type", "location", "etag", "last-modified", "retry-after")
_AGAIN = {408, 425, 429}  # beside 5xx: the other side asks for another try


@dataclass(frozen=True, kw_only=True)
class _Request:
    method: str
    url: Url
    headers: dict[str, str]
    body: bytes | None
    expected: tuple[int, ...]

    @property
    def port(self) -> int:
        return self.url.port or _PORTS[self.url.scheme or ""]

    @property
    def host(self) -> str:
        return (self.url.host or "").lower().rstrip(".")

    @property
    def authority(self) -> str:
        return self.host if self.port == _PORTS[self.url.scheme or ""] else f"{self.host}:{self.port}"


class Http:
    """See ``docs/operating.md`` for inputs, answer and codes of failures."""

    name = "http"
    needed = ("url",)
    optional = ("method", "headers", "json", "form", "expect")

    def __init__(self, hosts: AllowedHosts, authorization: Mapping[str, str]) -> None:
        """Take the hosts, and the Authorization header that some of them get (by host, or host:port)."""
        self._hosts = hosts
        self._authorization = {host.lower(): value for host, value in authorization.items()}

    def refusal_of(self, url: str) -> Sentence | None:
        """Tell before any call why an address could not be called, as far as the settings say."""
        try:
            request = _read({"url": url})
            self._hosts.must_be_named(request.url.scheme or "", request.host, request.port)
        except CallFailed as refused:
            return refused.sentence
        return None

    def call(self, inputs: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Send the request; gives status, a few headers and the body (JSON, else text)."""
        request = _read(inputs)
        addresses = self._hosts.addresses(request.url.scheme or "", request.host, request.port)
        secret = self._authorization.get(request.authority) or self._authorization.get(request.host)
        headers = request.headers | ({"Authorization": secret} if secret else {})
        headers |= {
            "Host": request.authority,
            "Idempotency-Key": idempotency_key,
            "Accept-Encoding": "identity",
        }
        answer = _sent(request, headers, addresses)
        _must_be_expected(request, answer)
        return answer


def _read(inputs: Mapping[str, Any]) -> _Request:
    body, kind = _body(inputs)
    method = inputs.get("method") or ("GET" if body is None else "POST")
    if method not in _METHODS or (body is not None and method in ("GET", "HEAD")):
        raise _senseless("method", method)
    headers = _headers(inputs.get("headers") or {})
    if kind and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = kind
    headers.setdefault("User-Agent", "alur")
    expected = inputs.get("expect") or ()
    expected = (expected,) if isinstance(expected, int) else expected
    if not all(isinstance(one, int) for one in expected):
        raise _senseless("expect", expected)
    return _Request(
        method=method, url=_url(inputs["url"]), headers=headers, body=body, expected=tuple(expected)
    )


def _url(text: Any) -> Url:  # noqa: ANN401 - whatever the expression gave
    try:
        url = parse_url(text if isinstance(text, str) else "")
    except LocationParseError as error:
        raise _senseless("url", text) from error
    if url.scheme not in _PORTS or not url.host or url.auth is not None:
        raise _senseless("url", text)
    return url


def _body(inputs: Mapping[str, Any]) -> tuple[bytes | None, str]:
    if "json" in inputs and "form" in inputs:
        raise _senseless("form", inputs["form"])
    if "json" in inputs:
        return json.dumps(inputs["json"], ensure_ascii=False).encode(errors="replace"), "application/json"
    if "form" in inputs:
        form = inputs["form"]
        if not isinstance(form, dict):
            raise _senseless("form", form)
        return urlencode(form, doseq=True, errors="replace").encode(), "application/x-www-form-urlencoded"
    return None, ""


def _headers(given: Any) -> dict[str, str]:  # noqa: ANN401 - whatever the expression gave
    if not isinstance(given, dict):
        raise _senseless("headers", given)
    for name, value in given.items():
        plain = isinstance(value, str) and _FIELD.fullmatch(value)
        if not plain or not _TOKEN.fullmatch(name) or name.lower() in _OURS:
            raise _senseless("headers", name)
    return dict(given)


def _senseless(name: str, found: Any) -> CallFailed:  # noqa: ANN401 - whatever was given
    sentence = say("The input %(name)s cannot be %(found)s.", name=name, found=repr(found)[:80])
    return CallFailed(sentence, code="input", final=True)


def _sent(request: _Request, headers: dict[str, str], addresses: list[str]) -> dict[str, Any]:
    for address in addresses:
        try:
            with _pool(request, address) as pool:
                response = pool.urlopen(
                    request.method,
                    request.url.request_uri,
                    body=request.body,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                )
                with closing(response):  # also where the rest of an answer is not waited for
                    return _answer(request, response)
        except (NewConnectionError, ConnectTimeoutError) as error:
            unreachable: HTTPError = error  # nothing was sent: the next address may answer
        except (HTTPError, OSError) as error:
            raise _broken(request, error) from error
    raise _broken(request, unreachable) from unreachable


def _pool(request: _Request, address: str) -> urllib3.HTTPConnectionPool:
    if request.url.scheme == "http":
        return urllib3.HTTPConnectionPool(address, request.port, timeout=_TIMEOUT)
    name = request.host.strip("[]")
    return urllib3.HTTPSConnectionPool(
        address, request.port, timeout=_TIMEOUT, assert_hostname=name, server_hostname=name
    )


def _broken(request: _Request, error: Exception) -> CallFailed:
    detail = " ".join(str(error).split())[:200]
    sentence = say("%(host)s gave no answer: %(detail)s", host=request.authority, detail=detail)
    return CallFailed(sentence, code="unreachable")


def _answer(request: _Request, response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    until, body = time.monotonic() + _ALL, b""
    while chunk := response.read1(65_536):
        body += chunk
        if len(body) > MOST_ANSWER:
            sentence = say("%(host)s answered more than %(most)s bytes.", host=request.host, most=MOST_ANSWER)
            raise CallFailed(sentence, code="answer", final=True)
        if time.monotonic() > until:
            sentence = say("%(host)s did not come to an end of its answer.", host=request.host)
            raise CallFailed(sentence, code="timeout")
    headers = {name: response.headers[name] for name in _TOLD if name in response.headers}
    return {"status": response.status, "headers": headers, "body": _content(headers, body)}


def _content(headers: Mapping[str, str], body: bytes) -> Any:  # noqa: ANN401 - JSON value
    kind, _, rest = headers.get("content-type", "text/plain").lower().partition(";")
    charset = re.search(r'charset="?([\w.-]+)', rest)
    try:
        text = body.decode(charset.group(1) if charset else "utf-8", errors="replace")
    except LookupError:
        text = body.decode(errors="replace")
    if kind.strip() == "application/json" or kind.strip().endswith("+json"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _must_be_expected(request: _Request, answer: Mapping[str, Any]) -> None:
    status = answer["status"]
    if status in request.expected or (not request.expected and 200 <= status < 300):  # noqa: PLR2004 - RFC 9110
        return
    detail = " ".join(str(answer["body"]).split())[:200]
    if "location" in answer["headers"]:
        detail = f"→ {answer['headers']['location'][:200]}"
    sentence = say(
        "%(host)s answered %(status)s. %(detail)s", host=request.authority, status=status, detail=detail
    )
    raise CallFailed(sentence, code=f"http-{status}", final=status < 500 and status not in _AGAIN)  # noqa: PLR2004 - RFC 9110
