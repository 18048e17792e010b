"""Messages from outside over HTTP: a token opens it, nothing else does; what is no message is told why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from engine.actions.api_tokens import issue_token, revoke_token
from engine.actions.deployment import deploy
from engine.actions.offices import operator
from engine.model.event import EventKind
from tests.letters import RECEIVES
from tests.webapp.visitors import Site

MESSAGE = {"id": "surat-1", "name": "Jawaban", "data": {"isi": "Setuju"}}


@pytest.fixture
def token(site: Site) -> str:
    return issue_token(site.engine, operator(site.office.id), "e-surat", timedelta(days=30))


def post(site: Site, token: str, content: object = MESSAGE, **options: Any) -> TestResponse:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kind = options.pop("content_type", "application/json")
    client = site.app.test_client()
    return client.post("/api/messages", data=body, headers=headers, content_type=kind, **options)


def waiting(site: Site) -> UUID:
    deploy(site.engine, operator(site.office.id), RECEIVES)
    case = site.office.start(key=RECEIVES.key, knowingly=True).instance
    site.office.complete(case, "meminta", "joko", {})
    return case


def test_a_message_moves_the_case_and_the_answer_names_it(site: Site, token: str) -> None:
    case = waiting(site)
    answer = post(site, token)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json == {"state": "delivered", "case": "001/menerima-jawaban/2026"}
    assert site.office.open_elements(case) == ["membaca"]
    assert post(site, token).json == answer.json
    history = site.visitor("joko").get(f"/cases/{case.hex}").text
    assert "Pesan masuk" in history
    assert "“Jawaban” dari e-surat" in history
    assert site.office.kinds(case).count(EventKind.MESSAGE_RECEIVED) == 1


def test_one_that_nobody_waits_for_yet_is_kept(site: Site, token: str) -> None:
    answer = post(site, token)
    assert answer.status_code == 202
    assert answer.json is not None
    assert answer.json["state"] == "waiting"
    assert answer.json["until"].startswith("2026-11-24")


def test_of_several_who_wait_one_must_be_named(site: Site, token: str) -> None:
    for _ in range(2):
        waiting(site)
    answer = post(site, token)
    assert answer.status_code == 409
    assert "Jawaban" in (answer.json or {})["error"]
    assert post(site, token, MESSAGE | {"key": "002/menerima-jawaban/2026"}).status_code == 200


def test_without_a_good_token_nobody_gets_in(site: Site, token: str) -> None:
    for shown in ("", "x" * 43, token[:-1], token + "x", "é", "x" * 5000):
        answer = post(site, shown)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="alur"')
    revoke_token(site.engine, operator(site.office.id), "e-surat")
    assert post(site, token).status_code == 401


def test_a_session_opens_nothing_here_and_a_token_nothing_elsewhere(site: Site, token: str) -> None:
    assert site.visitor("dewi").post("/api/messages").status_code == 401
    client = site.app.test_client()
    page = client.get("/tasks", headers={"Authorization": f"Bearer {token}"})
    assert (page.status_code, page.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    assert client.get("/api/messages").status_code == 405


def test_who_tries_tokens_is_asked_to_wait(site: Site, token: str) -> None:
    answers = [post(site, "x" * 43).status_code for _ in range(25)]
    assert answers == [401] * 20 + [429] * 5
    assert post(site, token).status_code == 429, "also with a good one, from there"
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert post(site, token, environ_overrides=elsewhere).status_code == 202


def test_who_sends_too_often_is_asked_to_wait(
    site: Site, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.api.views._MESSAGES_A_MINUTE", 3)
    assert [post(site, token).status_code for _ in range(5)] == [202] * 3 + [429] * 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": "1", "name": "Jawaban", "data": {"a": 1e999}}',
        b'{"id": "1", "name": "Jawaban", "data": {"a": NaN}}',
        b'{"id": "1", "name": "Jawaban", "data": {"a": ' + b"9" * 5000 + b"}}",
        b'{"id": "1", "name": "Jawaban", "data": {"a": "\\ud800"}}',
        b'{"id": "1", "name": "Jawaban", "data": {"a": "\\u0000"}}',
        b'{"id": "\\u0000", "name": "Jawaban"}',
        b'{"id": "1", "name": "Jawaban", "key": {"": 1}}',
        b'{"id": "1", "name": "Jawaban", "data": ' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}",
    ],
    ids=range(15),
)
def test_hostile_input_is_refused_with_a_sentence(site: Site, token: str, body: bytes) -> None:
    case = waiting(site)
    answer = post(site, token, body)
    assert answer.status_code == 422
    assert (answer.json or {})["error"]
    assert site.office.open_elements(case) == []


def test_what_is_no_json_or_too_long_is_refused(site: Site, token: str) -> None:
    assert post(site, token, content_type="text/plain").status_code == 422
    assert post(site, token, content_type="application/x-www-form-urlencoded").status_code == 422
    assert post(site, token, MESSAGE | {"data": {"a": "x" * 300_000}}).status_code == 413
    assert post(site, token, MESSAGE | {"data": {"a": "x" * 120_000}}).status_code == 422
    assert post(site, "", MESSAGE | {"data": {"a": "x" * 300_000}}).status_code == 401


def test_it_answers_in_the_language_asked_for(site: Site, token: str) -> None:
    client = site.app.test_client()
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "id"}
    answer = client.post("/api/messages", data=b"[]", headers=headers, content_type="application/json")
    assert (answer.json or {})["problems"] == {"": "Isinya harus objek JSON."}
