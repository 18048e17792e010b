"""What somebody with bad intentions tries first; the tables of routes and of hostile input try the rest."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.actions import documents, drafts
from engine.actions.passwords import hash_password
from engine.actions.people import deactivate_person
from engine.actions.roles import end_role
from engine.ids import new_id
from engine.storage import people
from engine.storage.tables import blob as blobs
from tests.offices import scan
from tests.webapp.permission_table import KINDS
from tests.webapp.visitors import Site, Visitor, open_site
from tests.webapp.world import World, make_world
from webapp.settings import Settings

PASSWORD = "tiga kata mudah"
OTHERS = [kind for kind in KINDS if kind not in {"anonymous", "staf"}]


@pytest.fixture
def world(site: Site) -> World:
    return make_world(site)


@pytest.fixture
def behind_proxy(site: Site, tmp_path: Path) -> FlaskClient:
    """Joko has a password; the server stands behind a proxy that terminates TLS."""
    with site.engine.store.transaction() as connection:
        people.change(connection, person(site, "joko"), {"password_hash": hash_password(PASSWORD)})
    proxied = open_site(site.office, tmp_path, behind_proxy=True, allowed_hosts="alur.example.go.id")
    client = proxied.app.test_client()
    client.environ_base |= {
        "HTTP_X_FORWARDED_HOST": "alur.example.go.id",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "10.0.0.9",
        "HTTP_REFERER": "https://alur.example.go.id/sign-in",
    }
    return client


def person(site: Site, name: str) -> UUID:
    found = site.office.people[name].person
    assert found is not None
    return found


# -- what is somebody else's ---------------------------------------------------------------------


def test_a_file_of_somebodys_draft_is_found_by_nobody_else(world: World) -> None:
    office, case = world.site.office, UUID(world.facts["case"])
    office.complete(case, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "1.500"})
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    task = office.open_task(case, "mengarsipkan").id
    drafts.stage(office.engine, office.people["joko"], task, scan(), {})
    with office.engine.store.reading() as connection:
        [blob] = connection.execute(select(blobs.c.id)).scalars()
    address = f"/tasks/{task.hex}/staged/{blob.hex}"
    assert world.visitor("staf").get(address).status_code == 200
    answers = {kind: world.visitor(kind).get(address).status_code for kind in OTHERS}
    answers["colleague"] = world.site.visitor("wati").get(address).status_code
    assert set(answers.values()) == {404}


def test_a_document_is_found_only_by_who_may_see_its_case(world: World) -> None:
    office, task = world.site.office, UUID(world.facts["task"])
    documents.attach(office.engine, office.people["joko"], task, "Lampiran", scan(slot="file"), new_id())
    for part in ("", "/file", "/pages/1.webp"):
        address = f"/cases/{world.facts['case']}/documents/1{part}"
        for kind in ("kadin", "sekdin", "kasub", "no-role", "stranger"):
            assert world.visitor(kind).get(address).status_code == 404, (kind, part)
        assert world.visitor("auditor").get(address).status_code == 200


# -- sessions ------------------------------------------------------------------------------------


def test_a_session_somebody_planted_is_not_taken_over(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        people.change(connection, person(site, "joko"), {"password_hash": hash_password(PASSWORD)})
    visitor = site.visitor()
    visitor.client.set_cookie("alur", "planted", domain="localhost")
    visitor.sign_in("joko.kantor", PASSWORD)
    kept = visitor.client.get_cookie("alur")
    assert kept is not None
    assert kept.value != "planted"


def test_a_form_of_an_earlier_sign_in_is_not_taken(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        people.change(connection, person(site, "joko"), {"password_hash": hash_password(PASSWORD)})
    visitor = site.visitor()
    visitor.sign_in("joko.kantor", PASSWORD)
    old = visitor.token()
    visitor.post("/sign-out")
    visitor.forget_token()
    visitor.sign_in("joko.kantor", PASSWORD)
    assert visitor.client.post("/sign-out", data={"csrf_token": old}).status_code == 403
    assert site.visitor("rina").client.post("/sign-out", data={"csrf_token": old}).status_code == 403
    assert visitor.post("/sign-out").status_code == 303


def test_who_is_deactivated_is_out_at_the_next_click(site: Site) -> None:
    joko = site.visitor("joko")
    assert joko.get("/tasks").status_code == 200
    deactivate_person(site.engine, site.office.people["dewi"], person(site, "joko"))
    assert joko.get("/tasks").status_code == 303


def test_a_role_that_ended_yesterday_opens_nothing(world: World) -> None:
    site, task = world.site, world.facts["task"]
    wati = site.visitor("wati")
    assert wati.get(f"/tasks/{task}").status_code == 200
    with site.engine.store.reading() as connection:
        role = people.role_keys(connection, site.office.id)["staf"]
        [held] = people.assignments_of(connection, person(site, "wati"), role)
    today = site.office.clock.now().date()
    end_role(site.engine, site.office.people["dewi"], held.id, today.isoformat())
    assert wati.get(f"/tasks/{task}").status_code == 200
    site.office.clock.move(timedelta(hours=10))
    wati.get("/account")  # in use, so that the session lasts
    site.office.clock.move(timedelta(hours=10))
    assert wati.get("/account").status_code == 200
    for address in (f"/tasks/{task}", f"/cases/{world.facts['case']}"):
        assert wati.get(address).status_code == 404
    assert wati.post(f"/tasks/{task}/claim").status_code == 404


# -- cookies and headers -------------------------------------------------------------------------


def test_behind_tls_every_cookie_is_bound_to_the_host(behind_proxy: FlaskClient) -> None:
    visitor = Visitor(behind_proxy)
    answer = visitor.sign_in("joko.kantor", PASSWORD)
    behind_proxy.post("/language", data={"language": "en"})
    assert answer.status_code == 303
    set_cookies = answer.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in set_cookies} >= {"__Host-alur", "__Host-alur-browser"}
    for one in set_cookies:
        assert one.startswith("__Host-")
        assert "Secure" in one
        assert "Path=/" in one
        assert "Domain" not in one
        assert "HttpOnly" in one
        assert "SameSite=Lax" in one
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_behind_a_proxy_only_its_own_names_are_answered(behind_proxy: FlaskClient) -> None:
    there = {"X-Forwarded-Host": "evil.example"}
    assert behind_proxy.get("/sign-in", headers=there).status_code == 400
    assert behind_proxy.get("/sign-in").status_code == 200


def test_without_a_proxy_nobody_chooses_an_address_or_name_of_their_own(site: Site) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "Forwarded": "for=1.2.3.4"}
    visitor = site.visitor("dewi")
    page = f"/admin/people/{person(site, 'joko').hex}/password-link"
    visitor.client.post(page, data={"csrf_token": visitor.token()}, headers=forged)
    assert "http://localhost/password/" in visitor.get(page, headers=forged).text
    statuses = []
    for place in range(7):
        one = site.visitor()
        fields = {"csrf_token": one.token(), "account": "joko.kantor", "password": "salah"}
        headers = {"X-Forwarded-For": f"1.2.3.{place}"}
        statuses.append(one.client.post("/sign-in", data=fields, headers=headers).status_code)
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "elsewhere",
    [
        "/\t/example.com",
        "/\n/example.com",
        "/\r\nSet-Cookie: a=b",
        "///example.com",
        "/%2f/example.com\\",
        "http:/example.com",
        "\\\\example.com",
        " //example.com",
    ],
)
def test_going_on_never_leads_to_another_server(site: Site, elsewhere: str) -> None:
    answer = site.visitor("joko").post("/language", language="id", next=elsewhere)
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\", "/\t", "/%09/", "/%0A/"))
    assert "a" not in {one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie")}


def test_a_header_somebody_sends_is_not_sent_back_as_it_is(site: Site) -> None:
    answer = site.visitor().get("/sign-in", headers={"X-Request-Id": "a b<script>"})
    assert "<" not in answer.headers["X-Request-Id"]


# -- files of the server -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/....//settings.py",
        "/library/..%2f..%2fetc/diagram.bpmn",
        "/library/izin/forms/..%2f..%2fmengajukan",
        "/secret",
        "/var/secret",
    ],
)
def test_no_address_leads_to_a_file_that_is_not_for_it(site: Site, address: str) -> None:
    assert site.visitor("joko").get(address, follow_redirects=True).status_code == 404


def test_the_folder_of_the_data_is_closed_to_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var", demo=True)
    assert settings.signing_key
    assert settings.demo_key
    for name in ("secret", "demo-password"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o077 == 0
