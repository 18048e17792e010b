"""Suggestions on the pages: sent beside a form, answered by the owner, read by who sent it."""

from __future__ import annotations

import json
import re

import pytest

from engine.actions.approvals import return_version, withdraw
from engine.actions.submissions import submit
from engine.ids import new_id
from engine.queries.suggestions import own_suggestions
from tests.revising import draft, lengthen
from tests.webapp.visitors import Site
from tests.webapp.world import World, make_world

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"


@pytest.fixture
def world(site: Site) -> World:
    return make_world(site)


def send(world: World, text: str) -> None:
    address = f"/tasks/{world.facts['task']}/suggestion"
    answer = world.visitor("staf").post(address, **{"act:better": text})
    assert answer.status_code == 303, answer.text


def test_a_suggestion_reaches_the_owner_and_the_answer_its_author(world: World) -> None:
    staf, owner = world.visitor("staf"), world.visitor("pemilik")
    assert "Usulkan perbaikan" in staf.get(f"/tasks/{world.facts['task']}").text
    send(world, "Tambahkan isian rekening")
    assert re.search(r'Usulan perbaikan <span class="count">1</span>', owner.get("/library/izin").text)
    page = owner.get("/library/izin/suggestions").text
    assert "Tambahkan isian rekening" in page
    [address] = re.findall(r'action="(/library/izin/suggestions/[0-9a-f]{32}/answer)"', page)
    refused = owner.post(address, state="declined", text="")
    assert (refused.status_code, "Sebutkan alasannya" in refused.text) == (422, True)
    assert owner.post(address, state="declined", text="Rekening ada di berkas").status_code == 303
    assert "Rekening ada di berkas" in staf.get("/suggestions").text
    again = owner.post(address, state="taken")
    assert (again.status_code, "sudah dijawab" in again.text) == (409, True)


def test_what_was_accepted_is_noted_in_a_draft_and_its_author_told_until_they_have_read_it(
    world: World,
) -> None:
    staf, owner = world.visitor("staf"), world.visitor("pemilik")
    send(world, "Tambahkan isian rekening")
    [address] = re.findall(
        r'action="(/library/izin/suggestions/[0-9a-f]{32}/answer)"',
        owner.get("/library/izin/suggestions").text,
    )
    assert "Usulan Anda sudah dijawab" not in staf.get("/tasks").text
    assert owner.post(address, state="taken", text="").status_code == 303
    page = owner.get("/library/izin/suggestions").text
    assert "Diterima, belum masuk revisi yang disahkan" in page
    assert owner.post(address.replace("answer", "draft"), draft=world.facts["draft"]).status_code == 303
    assert "Diterima, sedang dikerjakan" in owner.get("/library/izin/suggestions").text
    told = staf.get("/tasks").text
    assert "Usulan Anda sudah dijawab" in told
    assert "Diterima, sedang dikerjakan" in told
    assert "Usulan Anda sudah dijawab" not in staf.get("/tasks?q=izin").text  # where one looks for something
    for nonsense in (
        "",
        "x y",
        f"{new_id().hex} x",
        f"{new_id().hex} 2026-01-01",
        "x 2026-01-01T00:00:00+00:00",
    ):
        assert staf.post("/suggestions/seen", seen=nonsense).status_code == 303
    assert "Usulan Anda sudah dijawab" in staf.get("/tasks").text
    [seen] = re.findall(r'name="seen" value="([^"]+)"', told)
    assert staf.post("/suggestions/seen", seen=seen).status_code == 303
    assert "Usulan Anda sudah dijawab" not in staf.get("/tasks").text
    assert "Diterima, sedang dikerjakan" in staf.get("/suggestions").text


def test_what_was_accepted_and_not_noted_is_told_before_a_draft_is_submitted(world: World) -> None:
    owner, work = world.visitor("pemilik"), draft(world.site.office)
    lengthen(world.site.office, work, to="PT7H")
    submitting = f"/library/izin/drafts/{work.hex}/submission"
    send(world, "Tambahkan <b>rekening")
    [address] = re.findall(
        r'action="(/library/izin/suggestions/[0-9a-f]{32})/answer"',
        owner.get("/library/izin/suggestions").text,
    )
    told = "1 usulan yang diterima belum dicatat di draf ini"
    assert told not in owner.get(submitting).text  # it waits for an answer
    owner.post(f"{address}/answer", state="taken", text="")
    page = owner.get(submitting).text
    assert told in page
    assert "Tambahkan &lt;b&gt;rekening" in page
    owner.post(f"{address}/draft", draft=work.hex)
    assert told not in owner.get(submitting).text


def test_what_a_revision_did_that_was_returned_can_be_noted_in_another_draft(world: World) -> None:
    send(world, "Tambahkan isian rekening")
    staf, owner, office = world.visitor("staf"), world.visitor("pemilik"), world.site.office
    answer = r'action="(/library/izin/suggestions/[0-9a-f]{32})/answer"'
    [address] = re.findall(answer, owner.get("/library/izin/suggestions").text)
    owner.post(f"{address}/answer", state="taken", text="")
    work = draft(office)
    lengthen(office, work, to="PT7H")
    owner.post(f"{address}/draft", draft=work.hex)
    number = submit(office.engine, office.people["putu"], work, 2)[1]
    assert f'action="{address}/draft"' not in owner.get("/library/izin/suggestions").text
    return_version(office.engine, office.people["lina"], "izin", number, "Terlalu lama")
    assert f"Diterima; Revisi {number} dikembalikan" in staf.get("/suggestions").text
    assert f'action="{address}/draft"' in owner.get("/library/izin/suggestions").text
    withdraw(office.engine, office.people["putu"], "izin", number, "Batal")
    page = owner.get(f"/library/izin/drafts/{world.facts['draft']}").text
    assert "Tambahkan isian rekening" in page
    assert f'action="{address}/draft"' in owner.get("/library/izin/suggestions").text


def test_an_answer_without_words_says_nothing_that_was_not_said(world: World) -> None:
    send(world, "Tambahkan isian rekening")
    owner = world.visitor("pemilik")
    page = owner.get("/library/izin/suggestions").text
    [address] = re.findall(r'action="(/library/izin/suggestions/[0-9a-f]{32}/answer)"', page)
    owner.post(address, state="taken", text="")
    assert "Terima kasih" not in world.visitor("staf").get("/suggestions").text


def test_what_was_typed_into_the_form_is_kept_beside_it(world: World) -> None:
    task = f"/tasks/{world.facts['task']}"
    fields = {"kegiatan": "Pelatihan guru", "revision": "0", "act:better": "Lebih singkat"}
    assert world.visitor("staf").post(f"{task}/suggestion", **fields).status_code == 303
    assert "Pelatihan guru" in world.visitor("staf").get(task).text


def test_what_staff_and_owner_write_is_shown_as_written(world: World) -> None:
    send(world, EVIL)
    owner = world.visitor("pemilik")
    page = owner.get("/library/izin/suggestions").text
    [address] = re.findall(r'action="(/library/izin/suggestions/[0-9a-f]{32}/answer)"', page)
    owner.post(address, state="declined", text=EVIL)
    for text in (
        page,
        owner.get("/library/izin/suggestions").text,
        world.visitor("staf").get("/suggestions").text,
    ):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_nobody_elses_suggestions_are_ones_own(world: World) -> None:
    send(world, "Rahasia Joko")
    for kind in ("kasub", "kadin", "auditor", "admin", "stranger"):
        assert "Rahasia Joko" not in world.visitor(kind).get("/suggestions").text
    office = world.site.office
    assert len(own_suggestions(office.engine, office.people["joko"])) == 1
    assert own_suggestions(office.engine, office.people["wati"]) == ()


def test_only_the_owner_sees_the_tab(world: World) -> None:
    for kind in ("staf", "kadin", "auditor", "admin"):
        assert "/suggestions" not in world.visitor(kind).get("/library/izin").text


def test_the_editor_of_a_draft_has_what_waits_for_an_answer(world: World) -> None:
    send(world, EVIL)
    page = world.visitor("pemilik").get(f"/library/izin/drafts/{world.facts['draft']}").text
    found = re.search(r'<script type="application/json" id="draft">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    [said] = json.loads(found.group(1))["suggestions"]
    assert (said["element"], said["text"]) == ("mengajukan", EVIL)
    assert "Joko" in said["by"]


def test_an_owner_without_tasks_sees_what_is_in_hand(world: World) -> None:
    send(world, "Tambahkan isian rekening")
    page = world.visitor("pemilik").get("/tasks").text
    assert "SOP yang Anda kelola" in page
    assert 'href="/library/izin/suggestions">1 usulan perbaikan menunggu jawaban Anda' in page
    assert f'href="/library/izin/drafts/{world.facts["draft"]}"' in page
    assert "SOP yang Anda kelola" not in world.visitor("staf").get("/tasks").text
