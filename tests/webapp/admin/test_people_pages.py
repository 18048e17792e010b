"""The administrator's pages, worked through as a browser does."""

from __future__ import annotations

import re
from datetime import timedelta

from engine.actions.tasks import claim
from tests.webapp.visitors import Site

_LINK = re.compile(r">http://localhost(/password/[^<]+)<")


def address_of(page: str, name: str) -> str:
    found = re.search(rf'href="([^"]+)">{name}</a>', page)
    assert found is not None
    return found.group(1)


def test_a_new_person_gets_a_link_a_password_and_a_role(site: Site) -> None:
    dewi = site.visitor("dewi")
    answer = dewi.post("/admin/people", sign_in_name="siti", name="Siti Rahma", post="", nip="", unit="")
    link = _LINK.search(dewi.get(answer.location).text)
    assert link is not None
    siti = site.visitor()
    assert siti.post(link.group(1), password="tiga kata mudah", repeated="tiga kata mudah").status_code == 303
    assert siti.sign_in("siti", "tiga kata mudah").status_code == 303
    assert "Tanpa peran hari ini" in siti.get("/account").text
    person = address_of(dewi.get("/admin/people").text, "Siti Rahma")
    give = re.search(r'href="(/admin/roles/[^"]+)">(?:(?!<a ).)*Kasub</a>', dewi.get(person).text)
    assert give is not None
    form, _, person_id = give.group(1).partition("?person=")
    assert f'<option value="{person_id}" selected>' in dewi.get(give.group(1)).text
    given = dewi.post(
        form.removesuffix("/new"), person=person_id, standing="plt", since="2026-11-23", until="", letter=""
    )
    assert given.location == "/admin/roles"
    assert "Plt. Kasub" in siti.get("/account").text


def test_the_link_can_be_looked_at_again_by_who_made_it_until_it_is_used(site: Site) -> None:
    dewi = site.visitor("dewi")
    person = address_of(dewi.get("/admin/people").text, "Joko")
    page = f"{person}/password-link"
    assert "Saat ini tidak ada tautan yang berlaku." in dewi.get(page).text
    assert dewi.post(page).location == page
    shown = _LINK.search(dewi.get(page).text)
    assert shown is not None
    assert f'href="{page}"' in dewi.get(person).text
    again = _LINK.search(dewi.get(page).text)
    assert again is not None
    assert again.group(1) == shown.group(1)
    assert "Hanya peramban tempat tautan itu dibuat" in site.visitor("dewi").get(page).text
    site.visitor().post(shown.group(1), password="tiga kata mudah", repeated="tiga kata mudah")
    assert not _LINK.search(dewi.get(page).text)


def test_a_new_link_is_another_one(site: Site) -> None:
    dewi = site.visitor("dewi")
    page = address_of(dewi.get("/admin/people").text, "Joko") + "/password-link"
    found = set()
    for _ in range(2):
        dewi.post(page)
        shown = _LINK.search(dewi.get(page).text)
        assert shown is not None
        found.add(shown.group(1))
    assert len(found) == 2
    site.office.clock.move(timedelta(hours=73))
    assert not _LINK.search(dewi.get(page).text)


def test_what_was_typed_stays_when_it_is_refused(site: Site) -> None:
    answer = site.visitor("dewi").post(
        "/admin/people", sign_in_name="a b", name="Siti <b>", post="", nip="1", unit=""
    )
    assert answer.status_code == 422
    assert "Ada 2 isian yang perlu diperbaiki" in answer.text
    assert 'value="Siti &lt;b&gt;"' in answer.text
    assert 'href="#sign_in_name"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2


def test_an_orphaned_task_goes_back_to_its_role(site: Site) -> None:
    started = site.office.start(year=2028)
    task = next(one for one in site.office.tasks(started.instance) if one.state == "open")
    claim(site.engine, site.office.people["joko"], task.id)
    dewi = site.visitor("dewi")
    assert "Tidak ada tugas tanpa pelaksana" in dewi.get("/admin/tasks").text
    person = address_of(dewi.get("/admin/people").text, "Joko")
    assert "1 tugas sedang dipegangnya." in dewi.get(person).text
    dewi.post(f"{person}/deactivation")
    assert "1 tugas dipegang orang yang tidak dapat mengerjakannya lagi." in dewi.get("/admin/people").text
    assert dewi.post(f"/admin/tasks/{task.id.hex}/release").location == "/admin/tasks"
    assert "Tidak ada tugas tanpa pelaksana" in dewi.get("/admin/tasks").text
    assert site.office.open_task(started.instance, task.element).assignee is None


def test_a_role_is_ended_and_shown_as_vacant(site: Site) -> None:
    dewi = site.visitor("dewi")
    sri = address_of(dewi.get("/admin/people").text, "Sri")
    ending = re.search(r'href="(/admin/assignments/[^"]+/end)"', dewi.get(sri).text)
    assert ending is not None
    assert dewi.post(ending.group(1), until="2020-01-01").status_code == 422
    assert dewi.post(ending.group(1), until="2026-11-23").location == "/admin/roles"
    site.office.clock.move(timedelta(days=1))
    dewi = site.visitor("dewi")
    page = dewi.get("/admin/people").text
    assert "Peran Sekdin (Sekretaris Dinas) kosong" in page
    assert "1 pemegang sebelumnya" in dewi.get("/admin/roles").text


def test_the_own_account_stays(site: Site) -> None:
    dewi = site.visitor("dewi")
    me = address_of(dewi.get("/admin/people").text, "Dewi")
    dewi.post(f"{me}/deactivation")
    assert "Anda tidak dapat menonaktifkan akun sendiri." in dewi.get(me).text


def test_roles_and_units_are_added(site: Site) -> None:
    dewi = site.visitor("dewi")
    assert (
        dewi.post(
            "/admin/roles", key="kabid", label="Kabid", name="Kepala Bidang", kind="performer"
        ).status_code
        == 303
    )
    assert "Peran Kabid (Kepala Bidang) kosong" in dewi.get("/admin/roles").text
    assert dewi.post("/admin/units", name="Bidang SMP").status_code == 303
    assert "Bidang SMP" in dewi.get("/admin/units").text


def test_a_lane_that_names_an_unknown_role_brings_its_key_along(site: Site) -> None:
    page = site.visitor("dewi").get("/admin/roles/new?key=bendahara&label=%3Cb%3EBendahara").text
    assert 'value="bendahara"' in page
    assert 'value="&lt;b&gt;Bendahara"' in page
