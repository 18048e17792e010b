"""What stands around every page: language, headers, limits, pages of errors."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, ProcessFailed, Refused, say
from engine.storage.tables import person
from tests.webapp.visitors import Site
from webapp.guard import public


def test_the_pages_speak_indonesian_and_english_by_choice(site: Site) -> None:
    visitor = site.visitor()
    assert '<html lang="id">' in visitor.get("/sign-in").text
    assert visitor.post("/language", language="en", next="/sign-in").location == "/sign-in"
    assert '<html lang="en">' in visitor.get("/sign-in").text
    assert visitor.post("/language", language="xx").status_code == 303
    assert '<html lang="en">' in visitor.get("/sign-in").text


def test_a_persons_language_goes_with_the_person(site: Site) -> None:
    site.visitor("joko").post("/language", language="en")
    assert '<html lang="en">' in site.visitor("joko").get("/account").text
    with site.engine.store.reading() as connection:
        chosen = connection.scalar(select(person.c.language).where(person.c.sign_in_name == "joko.kantor"))
    assert chosen == "en"


def test_every_answer_has_its_headers(site: Site) -> None:
    for address in ("/sign-in", "/account", "/nowhere"):
        headers = site.visitor().get(address).headers
        assert "default-src 'self'; script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Request-Id"]


def test_another_host_name_is_not_answered(site: Site) -> None:
    assert site.visitor().get("/sign-in", headers={"Host": "example.com"}).status_code == 400


def test_a_form_without_its_token_is_not_taken(site: Site) -> None:
    answer = site.visitor("dewi").client.post("/admin/units", data={"name": "Bidang SMP"})
    assert answer.status_code == 403
    assert "Mohon kirim formulir sekali lagi" in answer.text


def test_an_area_is_hidden_before_its_form_is_looked_at(site: Site) -> None:
    assert site.visitor("joko").client.post("/admin/units", data={"name": "Bidang SMP"}).status_code == 404


def test_a_page_that_does_not_exist_looks_like_one_that_is_not_yours(site: Site) -> None:
    visitor = site.visitor("joko")
    hidden, missing = visitor.get("/admin/people"), visitor.get("/nowhere")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.text.partition("<main")[2] == missing.text.partition("<main")[2]


def fail_with(app: Flask, error: Exception) -> None:
    @public
    def fail() -> Any:  # noqa: ANN401
        raise error

    app.view_functions["auth.health"] = fail


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFound(say("x")), 404, "Halaman tidak ditemukan"),
        (Forbidden(say("This is not your current password.")), 403, "Ini bukan kata sandi Anda saat ini."),
        (
            Conflict(say("The database is busy. Nothing was saved; please try again.")),
            409,
            "Basis data sedang",
        ),
        (
            Invalid((Problem(field="a", label="Hal", sentence=say("This is too long.")),)),
            422,
            "Hal: Isian ini",
        ),
        (Refused(()), 422, "Berkas diagram ditolak"),
        (ProcessFailed("e", "Disetujui?", say("This is too long.")), 409, "Isian ini terlalu panjang."),
        (RuntimeError("a secret detail"), 500, "Terjadi kesalahan"),
    ],
)
def test_an_error_of_the_engine_becomes_a_page(site: Site, error: Exception, status: int, words: str) -> None:
    fail_with(site.app, error)
    answer = site.visitor().get("/health")
    assert answer.status_code == status
    assert words in answer.text
    assert "a secret detail" not in answer.text


def test_what_is_too_large_is_said_to_be(site: Site) -> None:
    site.app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = site.visitor("dewi").client.post("/admin/units", data={"name": "x" * 2000})
    assert answer.status_code == 413
    assert "paling banyak 50 MB" in answer.text
