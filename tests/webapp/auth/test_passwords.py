"""One's own password: changed, or set with a one-time link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actions.passwords import hash_password
from engine.actions.people import issue_password_link
from engine.storage import people
from tests.webapp.visitors import Site, Visitor

OLD, NEW = "tiga kata mudah", "lain kali berbeda"


@pytest.fixture
def rina(site: Site) -> Visitor:
    actor = site.office.people["rina"]
    assert actor.person is not None
    with site.engine.store.transaction() as connection:
        people.change(connection, actor.person, {"password_hash": hash_password(OLD)})
    return site.visitor("rina")


def link(site: Site, name: str = "rina") -> str:
    person = site.office.people[name].person
    assert person is not None
    token = issue_password_link(site.engine, site.office.people["dewi"], person, timedelta(hours=72))
    return f"/password/{token}"


def test_changing_it_ends_the_sessions_elsewhere(site: Site, rina: Visitor) -> None:
    phone = site.visitor("rina")
    answer = rina.post("/account/password", old=OLD, password=NEW, repeated=NEW)
    assert answer.location == "/account"
    assert "Perangkat lain sudah dikeluarkan." in rina.get("/account").text
    assert phone.get("/account").status_code == 303
    assert site.visitor().sign_in("rina.kantor", NEW).status_code == 303
    assert site.visitor().sign_in("rina.kantor", OLD).status_code == 422
    assert "password.changed" in site.office.kinds(site.office.id)


@pytest.mark.parametrize(
    ("old", "new", "repeated", "field"),
    [
        ("bukan itu", NEW, NEW, "old"),
        (OLD, "pendek", "pendek", "password"),
        (OLD, "rina.kantor 2026", "rina.kantor 2026", "password"),
        (OLD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "password"),
        (OLD, NEW, "lain lagi sama sekali", "repeated"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    rina: Visitor, old: str, new: str, repeated: str, field: str
) -> None:
    answer = rina.post("/account/password", old=old, password=new, repeated=repeated)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-problem"' in answer.text
    assert new not in answer.text


def test_the_present_password_cannot_be_guessed_there(rina: Visitor) -> None:
    answers = [rina.post("/account/password", old="salah", password=NEW, repeated=NEW) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 6 + [429]


def test_a_link_sets_a_password_once(site: Site) -> None:
    address = link(site)
    visitor = site.visitor()
    assert "rina.kantor" in visitor.get(address).text
    assert visitor.post(address, password=NEW, repeated=NEW).location == "/sign-in"
    assert visitor.post(address, password=OLD, repeated=OLD).status_code == 404
    assert visitor.get(address).status_code == 404
    assert visitor.sign_in("rina.kantor", NEW).status_code == 303


def test_a_refused_password_does_not_use_up_the_link(site: Site) -> None:
    address = link(site)
    assert site.visitor().post(address, password="pendek", repeated="pendek").status_code == 422
    assert site.visitor().post(address, password=NEW, repeated=NEW).status_code == 303


def test_a_new_link_makes_the_old_one_useless(site: Site) -> None:
    old, new = link(site), link(site)
    assert site.visitor().get(old).status_code == 404
    assert site.visitor().get(new).status_code == 200


def test_a_link_grows_old(site: Site) -> None:
    address = link(site)
    site.office.clock.move(timedelta(hours=73))
    assert site.visitor().post(address, password=NEW, repeated=NEW).status_code == 404


def test_setting_it_by_link_ends_every_session(site: Site) -> None:
    before = site.visitor("rina")
    site.visitor().post(link(site), password=NEW, repeated=NEW)
    assert before.get("/account").status_code == 303
