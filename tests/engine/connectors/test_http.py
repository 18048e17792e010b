"""The connector ``http`` against a real server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from engine.connectors import CallFailed, http
from engine.connectors.hosts import AllowedHosts
from engine.connectors.http import Http
from tests.listening import CERTIFICATE, Web, web

KEY = "0199c0ffee"


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as running:
        yield running


def call(server: Web, path: str = "/", **inputs: Any) -> Any:  # noqa: ANN401 - JSON value
    connector = Http(AllowedHosts((server.place,)), {})
    return connector.call({"url": f"http://{server.place}{path}", **inputs}, KEY)


def failing(server: Web, path: str = "/", **inputs: Any) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        call(server, path, **inputs)
    return failed.value


def test_what_is_answered_comes_back_as_values(server: Web) -> None:
    answer = call(server, "/agenda?tahun=2027")
    assert (answer["status"], answer["body"]) == (200, {"nomor": 12})
    assert answer["headers"] == {"content-type": "application/json"}
    [(method, path, headers, body)] = server.asked
    assert (method, path, body) == ("GET", "/agenda?tahun=2027", b"")
    assert (headers["Idempotency-Key"], headers["Host"]) == (KEY, server.place)


def test_json_is_posted(server: Web) -> None:
    call(server, json={"perihal": "Rapat “A”"})
    [(method, _, headers, body)] = server.asked
    assert (method, headers["Content-Type"]) == ("POST", "application/json")
    assert json.loads(body) == {"perihal": "Rapat “A”"}


def test_a_form_is_posted(server: Web) -> None:
    call(server, form={"a": "1 2", "b": ["x", "y"]}, method="PUT", headers={"X-Office": "Blitar"})
    [(method, _, headers, body)] = server.asked
    assert (method, body, headers["X-Office"]) == ("PUT", b"a=1+2&b=x&b=y", "Blitar")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_host_gets_the_authorization_the_operator_set_for_it(server: Web) -> None:
    connector = Http(AllowedHosts((server.place,)), {server.place: "Bearer abc", "other": "Bearer no"})
    connector.call({"url": f"http://{server.place}/", "headers": {"Authorization": "mine"}}, KEY)
    assert server.asked[0][2]["Authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("text/plain; charset=latin-1", "Rp 5 ¤".encode("latin-1"), "Rp 5 ¤"),
        ("text/plain; charset=nothing", b"plain", "plain"),
        ("application/problem+json", b'{"a": [1]}', {"a": [1]}),
        ("application/json", b"{broken", "{broken"),
        ("application/json", b"[" * 100_000, "[" * 100_000),
        ("application/octet-stream", b"\xff\x00", "�\x00"),
    ],
)
def test_bodies_are_read_by_what_they_are(server: Web, kind: str, body: bytes, expected: object) -> None:
    server.answers["/x"] = (200, {"Content-Type": kind}, body)
    assert call(server, "/x")["body"] == expected


@pytest.mark.parametrize(
    ("status", "final"),
    [(400, True), (404, True), (409, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_a_refusal_is_told_with_its_words(server: Web, status: int, final: bool) -> None:
    server.answers["/x"] = (status, {}, b"not  \n today")
    failed = failing(server, "/x")
    assert (failed.code, failed.final) == (f"http-{status}", final)
    assert str(failed) == f"{server.place} answered {status}. not today"
    assert call(server, "/x", expect=[status])["status"] == status


def test_a_redirect_is_told_and_not_followed(server: Web) -> None:
    server.answers["/x"] = (302, {"Location": f"http://{server.place}/y"}, b"")
    failed = failing(server, "/x")
    assert (failed.code, failed.final, f"→ http://{server.place}/y" in str(failed)) == (
        "http-302",
        True,
        True,
    )
    assert [path for _, path, _, _ in server.asked] == ["/x"]


def test_a_large_answer_is_left(server: Web) -> None:
    server.answers["/x"] = (200, {}, b"x" * (http.MOST_ANSWER + 1))
    assert (failing(server, "/x").code, failing(server, "/x").final) == ("answer", True)


def test_an_answer_that_trickles_is_left(server: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_ALL", 0.2)
    server.pause = 0.05
    server.answers["/x"] = (200, {}, b"x" * 40)
    assert failing(server, "/x").code == "timeout"


def test_a_server_that_is_gone_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = Web(port=taken.getsockname()[1])
    failed = failing(gone)
    assert (failed.code, failed.final) == ("unreachable", False)


def test_a_server_that_hangs_up_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        threading.Thread(target=hang_up).start()
        failed = failing(Web(port=listening.getsockname()[1]))
    assert (failed.code, failed.final) == ("unreachable", False)


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({"url": 5}, "url"),
        ({"url": "ftp://x/"}, "url"),
        ({"url": "http://"}, "url"),
        ({"url": "/agenda"}, "url"),
        ({"url": "http://me:secret@x/"}, "url"),
        ({"url": "http://x:port/"}, "url"),
        ({"method": "TRACE"}, "method"),
        ({"method": "GET", "json": 1}, "method"),
        ({"json": 1, "form": {}}, "form"),
        ({"form": "a=1"}, "form"),
        ({"headers": [1]}, "headers"),
        ({"headers": {"X": "a\r\nEvil: b"}}, "headers"),
        ({"headers": {"X y": "a"}}, "headers"),
        ({"headers": {"Host": "other"}}, "headers"),
        ({"headers": {"idempotency-key": "mine"}}, "headers"),
        ({"headers": {"X": 5}}, "headers"),
        ({"expect": ["x"]}, "expect"),
    ],
)  # fmt: skip
def test_senseless_inputs_are_told_by_name_and_nothing_is_sent(
    server: Web, inputs: dict[str, Any], named: str
) -> None:
    failed = failing(server, **inputs)
    assert (failed.code, failed.final) == ("input", True)
    assert str(failed).startswith(f"The input {named} cannot be")
    assert server.asked == []


def test_a_host_that_is_not_allowed_is_not_asked(server: Web) -> None:
    with pytest.raises(CallFailed) as failed:
        Http(AllowedHosts(()), {}).call({"url": f"http://{server.place}/"}, KEY)
    assert (failed.value.code, server.asked) == ("not-allowed", [])


def test_tls_is_checked_against_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with web(tls=True) as server:
        connector = Http(AllowedHosts((f"localhost:{server.port}", f"127.0.0.2:{server.port}")), {})
        with pytest.raises(CallFailed, match="certificate verify failed"):
            connector.call({"url": f"https://localhost:{server.port}/"}, KEY)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert connector.call({"url": f"https://localhost:{server.port}/"}, KEY)["status"] == 200
