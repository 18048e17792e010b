"""Signing in and out, as a browser sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.actions.passwords import hash_password, token_digest
from engine.actions.throttle import MOST_FROM_PLACE, MOST_PER_ACCOUNT, MOST_PER_ADDRESS, WINDOW
from engine.queries.signing_in import actor_of
from engine.storage import people
from engine.storage.tables import failed_login, person, session
from tests.webapp.visitors import Site, open_site

PASSWORD = "tiga kata mudah"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def at_work(site: Site, hashed: str) -> Site:
    """Joko has a password and a NIP."""
    joko = site.office.people["joko"].person
    assert joko is not None
    with site.engine.store.transaction() as connection:
        people.change(connection, joko, {"password_hash": hashed, "nip": "196210271988031006"})
    return site


def sessions_of(site: Site) -> int:
    with site.engine.store.reading() as connection:
        return len(connection.execute(select(session.c.person)).all())


@pytest.mark.parametrize("account", ["joko.kantor", " Joko.Kantor ", "19621027 198803 1 006"])
def test_one_signs_in_by_name_or_nip(at_work: Site, account: str) -> None:
    visitor = at_work.visitor()
    assert visitor.sign_in(account, PASSWORD).location == "/"
    assert "Joko" in visitor.get("/account").text
    assert at_work.office.kinds(at_work.office.id)[-1] == "signed-in"


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("joko.kantor", "salah sekali"),
        ("siapa", PASSWORD),
        ("tono.kantor", PASSWORD),
        ("", ""),
        ("joko.kantor", ""),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    at_work: Site, account: str, password: str
) -> None:
    answer = at_work.visitor().sign_in(account, password)
    assert answer.status_code == 422
    assert "Nama masuk atau kata sandi tidak benar." in answer.text
    assert password == "" or password not in answer.text
    assert sessions_of(at_work) == 0


def test_the_refused_attempt_of_a_known_account_is_on_record(at_work: Site) -> None:
    at_work.visitor().sign_in("joko.kantor", "salah")
    assert at_work.office.kinds(at_work.office.id)[-1] == "sign-in.refused"


def fail(site: Site, times: int, account: str = "joko.kantor", address: str = "10.0.0.1") -> list[int]:
    """Try wrong passwords from an address, each in a browser of its own."""
    return [site.visitor(address=address).sign_in(account, "salah").status_code for _ in range(times)]


def test_too_many_failures_from_one_place_make_it_wait_for_a_while(at_work: Site) -> None:
    assert fail(at_work, MOST_FROM_PLACE) == [422] * MOST_FROM_PLACE
    there = at_work.visitor(address="10.0.0.1")
    assert there.sign_in("joko.kantor", PASSWORD).status_code == 429
    at_work.office.clock.move(WINDOW + timedelta(seconds=1))
    assert there.sign_in("joko.kantor", PASSWORD).status_code == 303


def test_name_and_nip_are_counted_together(at_work: Site) -> None:
    fail(at_work, 3)
    assert fail(at_work, 4, account="196210271988031006") == [422] * 3 + [429]


def test_nobody_locks_a_colleague_out(at_work: Site) -> None:
    own = at_work.visitor(address="10.0.0.1")
    own.sign_in("joko.kantor", PASSWORD)
    own.post("/sign-out")
    own.forget_token()
    assert fail(at_work, MOST_FROM_PLACE + 1)[-1] == 429  # from the same office's address
    assert own.sign_in("joko.kantor", PASSWORD).status_code == 303
    elsewhere = at_work.visitor(address="10.0.0.2")
    assert elsewhere.sign_in("joko.kantor", PASSWORD).status_code == 303


def test_a_known_browser_may_not_guess_without_end(at_work: Site) -> None:
    own = at_work.visitor()
    own.sign_in("joko.kantor", PASSWORD)
    own.post("/sign-out")
    own.forget_token()
    answers = [own.sign_in("joko.kantor", "salah").status_code for _ in range(MOST_FROM_PLACE + 1)]
    assert answers == [422] * MOST_FROM_PLACE + [429]


def test_a_browser_is_known_only_for_who_signed_in_there(at_work: Site) -> None:
    own = at_work.visitor()
    own.sign_in("joko.kantor", PASSWORD)
    cookie = own.client.get_cookie("alur-browser")
    assert cookie is not None
    assert cookie.http_only
    fail(at_work, MOST_FROM_PLACE, "rina.kantor", "127.0.0.1")
    own.post("/sign-out")
    own.forget_token()
    assert own.sign_in("rina.kantor", "salah").status_code == 429


def test_guessing_from_many_places_ends_too(at_work: Site) -> None:
    answers = [fail(at_work, 1, address=f"10.0.1.{place}")[0] for place in range(MOST_PER_ACCOUNT + 1)]
    assert answers == [422] * MOST_PER_ACCOUNT + [429]


def test_one_place_may_not_guess_at_many_accounts(at_work: Site) -> None:
    answers = [fail(at_work, 1, account=f"orang{place}")[0] for place in range(MOST_PER_ADDRESS + 1)]
    assert answers == [422] * MOST_PER_ADDRESS + [429]
    assert fail(at_work, 1, address="2001:db8::1:1") == [422]


def test_a_good_password_forgets_the_failures(at_work: Site) -> None:
    visitor = at_work.visitor()
    for _ in range(MOST_FROM_PLACE - 1):
        visitor.sign_in("joko.kantor", "salah")
    assert visitor.sign_in("joko.kantor", PASSWORD).status_code == 303
    with at_work.engine.store.reading() as connection:
        assert connection.execute(select(failed_login)).all() == []


def test_whoever_was_deactivated_cannot_sign_in(at_work: Site) -> None:
    with at_work.engine.store.transaction() as connection:
        connection.execute(update(person).values(active=False))
    assert at_work.visitor().sign_in("joko.kantor", PASSWORD).status_code == 422


def test_signing_out_ends_the_session_on_the_server(at_work: Site) -> None:
    visitor = at_work.visitor()
    visitor.sign_in("joko.kantor", PASSWORD)
    stolen = visitor.client.get_cookie("alur")
    assert stolen is not None
    visitor.post("/sign-out")
    other = at_work.visitor()
    other.client.set_cookie("alur", stolen.value)
    assert other.get("/account").status_code == 303
    assert sessions_of(at_work) == 0


def test_signing_in_anew_ends_the_session_before(at_work: Site) -> None:
    visitor = at_work.visitor()
    visitor.sign_in("joko.kantor", PASSWORD)
    visitor.sign_in("joko.kantor", PASSWORD)
    assert sessions_of(at_work) == 1


def test_a_session_ends_when_it_is_idle_and_in_any_case(at_work: Site) -> None:
    visitor = at_work.visitor()
    visitor.sign_in("joko.kantor", PASSWORD)
    for _ in range(15):
        at_work.office.clock.move(timedelta(hours=11))
        assert visitor.get("/account").status_code == 200
    at_work.office.clock.move(timedelta(hours=13))
    assert visitor.get("/account").status_code == 303
    visitor.sign_in("joko.kantor", PASSWORD)
    for _ in range(16):
        at_work.office.clock.move(timedelta(hours=11))
        visitor.get("/account")
    assert visitor.get("/account").status_code == 303


def test_a_cookie_is_not_what_the_database_holds(at_work: Site) -> None:
    visitor = at_work.visitor()
    visitor.sign_in("joko.kantor", PASSWORD)
    cookie = visitor.client.get_cookie("alur")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure
    with at_work.engine.store.reading() as connection:
        assert connection.scalar(select(session.c.token_digest)) == token_digest(cookie.value)
    found = actor_of(at_work.engine, token_digest(cookie.value))
    assert found is not None
    assert found.role_keys == ("staf",)


def test_one_goes_on_to_the_page_one_asked_for(at_work: Site) -> None:
    visitor = at_work.visitor()
    asked = visitor.get("/account/password?a=1")
    assert asked.location == "/sign-in?next=/account/password?a%3D1"
    assert visitor.sign_in("joko.kantor", PASSWORD, next="/account/password?a=1").location == (
        "/account/password?a=1"
    )


@pytest.mark.parametrize(
    "elsewhere", ["//example.com", "https://example.com/", "/\\example.com", "javascript:1"]
)
def test_one_is_never_sent_to_another_server(at_work: Site, elsewhere: str) -> None:
    assert at_work.visitor().sign_in("joko.kantor", PASSWORD, next=elsewhere).location == "/"


def test_scripts_are_told_that_the_session_is_over(site: Site) -> None:
    answer = site.visitor().get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/account")


def test_demo_accounts_do_not_exist_without_demo(site: Site, hashed: str) -> None:
    with site.engine.store.transaction() as connection:
        connection.execute(update(person).values(demo=True, password_hash=hashed))
    signed_in_before = site.visitor("joko")
    assert signed_in_before.get("/account").status_code == 303
    assert site.visitor().sign_in("joko.kantor", PASSWORD).status_code == 422
    assert site.visitor().post("/sign-in/demo", account="joko.kantor").status_code == 404


def test_in_a_demo_one_click_signs_in(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        connection.execute(update(person).where(person.c.sign_in_name == "rina.kantor").values(demo=True))
    folder = site.app.extensions["alur.settings"].data_dir
    demo = open_site(site.office, folder, demo=True, demo_password=PASSWORD)
    visitor = demo.visitor()
    page = visitor.get("/sign-in").text
    assert 'value="rina.kantor"' in page
    assert PASSWORD in page
    assert 'value="joko.kantor"' not in page
    assert visitor.post("/sign-in/demo", account="joko.kantor").status_code == 404
    assert visitor.post("/sign-in/demo", account="rina.kantor").status_code == 303
    assert "Mode demo" in visitor.get("/account").text


def test_in_a_demo_those_of_one_role_are_told_apart(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        of_office = person.c.office == site.office.id
        connection.execute(update(person).where(of_office).values(demo=True))
    folder = site.app.extensions["alur.settings"].data_dir
    visitor = open_site(site.office, folder, demo=True, demo_password=PASSWORD).visitor()
    page = visitor.get("/sign-in").text
    assert "<strong>Joko</strong>" in page
    assert "<strong>Wati</strong>" in page  # of the staff too
    assert "<strong>Agus</strong>" not in page  # the only auditor


def test_the_language_chosen_at_the_sign_in_is_kept_after_it(at_work: Site) -> None:
    visitor = at_work.visitor()
    visitor.post("/language", language="en", next="/sign-in")
    visitor.sign_in("joko.kantor", PASSWORD)
    assert "Your account" in visitor.get("/account").text
    assert "Your account" in at_work.visitor("joko").get("/account").text  # on any device
    visitor.post("/sign-out")
    visitor.forget_token()
    at_work.visitor("joko").post("/language", language="id")
    visitor.sign_in("joko.kantor", PASSWORD)  # chosen long ago, or by somebody else: it is no choice of his
    assert "Akun Anda" in visitor.get("/account").text


def test_in_a_demo_the_language_stays_when_the_role_changes(site: Site) -> None:
    with site.engine.store.transaction() as connection:
        connection.execute(update(person).values(demo=True))
    demo = open_site(site.office, site.app.extensions["alur.settings"].data_dir, demo=True)
    visitor = demo.visitor()
    visitor.post("/language", language="en")
    for account in ("rina.kantor", "joko.kantor"):
        visitor.post("/sign-in/demo", account=account)
        visitor.forget_token()
        assert "Your account" in visitor.get("/account").text
