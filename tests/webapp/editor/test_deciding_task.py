"""What the tasks of a case that decides on a revision say, and what stands in its history."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.review_comments import comment
from engine.ids import new_id
from engine.storage.tables import role_assignment
from tests.engine.actions.test_revision_cases import YES, cases, fill, work
from tests.engine.actions.test_submitted_again import return_the_first
from tests.offices import LIBRARY
from tests.revising import draft, lengthen, submitted, today
from tests.webapp.editor.test_revising import PDF, words
from tests.webapp.visitors import Site, Visitor

REVIEW = "/library/izin/versions/2/review"


def test_completing_a_task_that_decides_says_what_becomes_of_the_revision(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    lina = site.visitor("lina")
    for number, hours in ((2, 3), (3, 4)):
        submitted(site.office, to=f"PT{hours}H")
        found = re.search(
            r'href="(/tasks/[0-9a-f]{32})"', lina.get(f"/library/izin/versions/{number}/review").text
        )
        assert found is not None
        if number == 2:
            fields = {"keputusan": "Tidak", "alasan": "Belum disepakati"}
            said = "Revisi 2 dikembalikan kepada Pemilik SOP dengan alasan Anda."
        else:
            complete(lina, found[1], keputusan="Ya")
            found = re.search(
                r'href="(/tasks/[0-9a-f]{32})"', lina.get("/library/izin/versions/3/review").text
            )
            assert found is not None
            day = today(site.office).isoformat()
            fields = {"nomor_sop": "065/2", "berlaku_mulai": day, "naskah": (io.BytesIO(PDF), "sah.pdf")}
            said = "Permintaan pengesahan Revisi 3 mulai Senin, 23 November 2026 dikirim;"
        assert said in complete(lina, found[1], **fields)


def test_a_task_is_shown_to_whoever_may_no_longer_read_the_library(site: Site) -> None:
    """The case is theirs, for they submitted the revision; what it changes is for those who have a role."""
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    one = draft(site.office)
    lengthen(site.office, one)
    putu, lina = site.visitor("putu"), site.visitor("lina")
    putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    found = re.search(r'href="(/tasks/[0-9a-f]{32})"', lina.get(REVIEW).text)
    assert found is not None
    assert "3 jam kerja" in putu.get(found[1]).text
    ended = update(role_assignment).where(role_assignment.c.person == site.office.people["putu"].person)
    with site.engine.store.transaction() as connection:
        connection.execute(ended.values(until=today(site.office) - timedelta(days=1)))
    page = putu.get(found[1])
    assert page.status_code == 200
    assert "3 jam kerja" not in page.text
    assert "/library/izin/" not in page.text
    assert "Revisi ini yang pertama dari SOP-nya" not in page.text


def complete(visitor: Visitor, task: str, **fields: Any) -> str:
    """Complete a task, and read the page after it."""
    attempt = re.search(r'name="attempt" value="([0-9a-f]{32})"', visitor.get(task).text)
    assert attempt is not None
    data = {"csrf_token": visitor.token(), "attempt": attempt[1], "revision": "0", **fields}
    done = visitor.client.post(f"{task}/completion", data=data)
    assert done.status_code == 303, words(done.text)
    return words(visitor.get(done.headers["Location"]).text)


def test_after_a_decision_nobody_stands_before_the_next_one(site: Site) -> None:
    """Two revisions wait; a hurried second click would decide on the other one."""
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    for hours in (3, 4):
        submitted(site.office, to=f"PT{hours}H")
    lina = site.visitor("lina")
    tasks = [
        re.search(r'href="(/tasks/[0-9a-f]{32})"', lina.get(f"/library/izin/versions/{one}/review").text)
        for one in (2, 3)
    ]
    assert tasks[0] is not None
    page = complete(lina, tasks[0][1], keputusan="Tidak", alasan="Belum disepakati")
    assert "Tugas saya - Alur" in page
    assert "Revisi 2 dikembalikan kepada Pemilik SOP dengan alasan Anda." in page
    assert "Ini berkas lain" not in page


def test_the_button_that_approves_says_so(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(site.office)
    lina = site.visitor("lina")
    first = re.search(r'href="(/tasks/[0-9a-f]{32})"', lina.get(REVIEW).text)
    assert first is not None
    assert "Sahkan SOP ini" not in words(lina.get(first[1]).text)
    assert "Sahkan SOP ini" in complete(lina, first[1], keputusan="Ya")


def test_a_corrected_revision_ends_the_task_of_the_return_and_its_history_says_so(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    case = return_the_first(site.office)
    one = draft(site.office, number=2)
    lengthen(site.office, one, to="PT5H")
    putu, task = site.visitor("putu"), site.office.open_task(case, "memperbaiki").id
    assert "Setelah draf itu diajukan, tugas ini selesai sendiri." in putu.get(f"/tasks/{task.hex}").text
    sent = putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    assert "Memperbaiki usulan" not in words(putu.get(sent.headers["Location"]).text)
    history = words(putu.get(f"/cases/{case.hex}/history").text)
    assert "Revisi yang sudah diperbaiki diajukan" in history
    assert "Sebagai revisi 3, oleh Putu. Diputuskan dalam berkasnya sendiri." in history
    assert "Memperbaiki usulan tidak diperlukan lagi" in history
    assert "Tugas ini tidak diperlukan lagi" in putu.get(f"/tasks/{task.hex}").text
    assert "Mengembalikan usulan: dikerjakan Alur Revisi 2, atas nama Lina" in history
    assert "sistem lain" not in history


def test_what_the_rules_refused_stands_in_the_history(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(site.office)
    case = cases(site.office)[-1]
    comment(site.engine, site.office.people["lina"], "izin", 2, "", "Mengapa?", new_id())
    site.office.complete(case, "mereviu_usulan", "lina", YES)
    fill(site.office, case, "lina", today(site.office))
    lina = site.visitor("lina")
    assert "Giliran Alur" in words(lina.get("/cases").text)
    assert "Sekarang: Memberlakukan revisi giliran Alur, sejak" in words(lina.get(f"/cases/{case.hex}").text)
    work(site.office)
    history = words(lina.get(f"/cases/{case.hex}/history").text)
    assert "Memberlakukan revisi: tidak dapat dilaksanakan Masih ada komentar reviu" in history
    assert "sistem lain" not in history


def test_a_task_that_does_not_end_by_itself_is_named_after_the_submission(site: Site) -> None:
    package = read_package(LIBRARY / "revisi-sop")
    drawn = package.bpmn.replace(b'name="revision-submitted-again"', b'name="lain"')
    deploy(site.engine, operator(site.office.id), replace(package, bpmn=drawn))
    task = site.office.open_task(return_the_first(site.office), "memperbaiki").id
    assert "selesai sendiri" not in site.visitor("putu").get(f"/tasks/{task.hex}").text
    one = draft(site.office, number=2)
    lengthen(site.office, one, to="PT5H")
    putu = site.visitor("putu")
    sent = putu.post(f"/library/izin/drafts/{one.hex}/submission", revision="2", **{"for": "review"})
    page = words(putu.get(sent.headers["Location"]).text)
    assert "Tugas “Memperbaiki usulan” untuk revisi yang dikembalikan masih menunggu" in page


def test_whoever_has_a_step_and_neither_revises_nor_approves_is_offered_no_dead_links(site: Site) -> None:
    """An office may let another role have a word in its own SOP of revisions."""
    package = read_package(LIBRARY / "revisi-sop")
    drawn = package.bpmn.replace(b'"pengesah"', b'"kasub"')
    deploy(site.engine, operator(site.office.id), replace(package, bpmn=drawn))
    submitted(site.office)
    task = site.office.open_task(cases(site.office)[-1], "mereviu_usulan").id
    rina = site.visitor("rina")
    page = rina.get(f"/tasks/{task.hex}").text
    offered = {one.replace("&amp;", "&") for one in re.findall(r'href="(/library/[^"]+)"', page)}
    assert any("/compare?" in one for one in offered)
    assert {one: rina.get(one).status_code for one in offered} == dict.fromkeys(offered, 200)
