"""What changed, from the pages: asked for in the inbox, read, said to be read; and who has not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.periodic_reviews import start_due_reviews
from engine.actions.suggestions import suggest
from engine.ids import new_id
from tests.offices import LIBRARY
from tests.revising import approved, submitted, today
from tests.webapp.editor.test_revising import words
from tests.webapp.visitors import Site

READING = "/library/izin/versions/2/reading"


@pytest.fixture
def revised(site: Site) -> Site:
    """Give a site whose SOP has a second revision in force."""
    approved(site.office, submitted(site.office), today(site.office))
    return site


def test_the_inbox_leads_to_what_changed_until_it_was_read(revised: Site) -> None:
    joko = revised.visitor("joko")
    assert f'href="{READING}"' in joko.get("/tasks").text
    assert f'href="{READING}"' not in joko.get("/tasks?tab=done").text
    page = words(joko.get(READING).text)
    assert "Yang berubah bagi Anda" in page
    assert "3 jam kerja" in page
    assert joko.post("/library/izin/versions/2/acknowledgement").headers["Location"] == READING
    assert "Tercatat bahwa Anda sudah membacanya" in joko.get(READING).text
    assert READING not in joko.get("/tasks").text


def test_of_others_work_nothing_is_shown(revised: Site) -> None:
    page = words(revised.visitor("rina").get(READING).text)
    assert "Pekerjaan Anda tidak berubah" in page
    assert "3 jam kerja" not in page


def test_a_blocked_task_says_why_and_leads_there(revised: Site) -> None:
    putu, joko = revised.visitor("putu"), revised.visitor("joko")
    assert putu.post("/library/izin/acknowledgements", policy="block").status_code == 303
    task = revised.office.open_task(revised.office.start(knowingly=True).instance, "mengajukan").id
    page = joko.get(f"/tasks/{task.hex}").text
    assert "setelah Anda membaca perubahannya" in page
    refused = joko.post(f"/tasks/{task.hex}/claim")
    assert refused.status_code == 409
    assert f'href="{READING}"' in refused.text
    joko.post("/library/izin/versions/2/acknowledgement")
    assert joko.post(f"/tasks/{task.hex}/claim").status_code == 303


def test_owner_and_auditor_see_who_has_not_read(revised: Site) -> None:
    revised.visitor("wati").post("/library/izin/versions/2/acknowledgement")
    page = words(revised.visitor("agus").get("/library/izin/acknowledgements").text)
    assert "Staf Subbag (Joko) Staf Belum" in page
    assert "Belum; tidak ada perubahan baginya" in page
    assert "/library/izin/acknowledgements" in revised.visitor("agus").get("/library/izin/versions").text
    assert "/library/izin/acknowledgements" not in revised.visitor("joko").get("/library/izin/versions").text
    assert revised.visitor("putu").post("/library/izin/acknowledgements", policy="x").status_code == 422


def test_the_task_of_a_review_leads_to_the_sop_its_suggestions_and_a_draft(revised: Site) -> None:
    office = revised.office
    deploy(office.engine, operator(office.id), read_package(LIBRARY / "pemantauan-sop"))
    task = office.open_task(office.start(year=2028).instance, "mengajukan").id
    suggest(office.engine, office.people["joko"], task, "Formulirnya <b>terlalu panjang", new_id())
    office.clock.move(timedelta(days=200))
    assert start_due_reviews(office.engine) >= 1
    putu = revised.visitor("putu")
    found = re.search(r'href="(/tasks/[0-9a-f]{32})[^"]*">Memantau pelaksanaan SOP<', putu.get("/tasks").text)
    assert found is not None
    page = putu.get(found[1]).text
    assert "Waktunya dipantau sejak" in page
    assert "Formulirnya &lt;b&gt;terlalu panjang" in page
    for part in ("", "/suggestions", "/draft"):
        assert f'href="/library/izin{part}"' in page
