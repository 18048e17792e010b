"""Back to an earlier revision, from the pages: what it means is read before, and stands there after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.actions.approvals import withdraw
from engine.actions.cancellation import cancel
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.reinstatement import reinstate
from engine.actions.submissions import submit
from engine.model.instance import VersionState
from tests.engine.actions.test_revision_cases import YES, cases, sign
from tests.offices import LIBRARY, SAMPLES, Office
from tests.revising import approved, draft, lengthen, submitted, today
from tests.webapp.editor.test_revising import words
from tests.webapp.visitors import Site

AGAIN = "/library/izin/versions/2/reinstatement"


def replace_twice(office: Office) -> None:
    approved(office, submitted(office), today(office))
    approved(office, submitted(office, to="PT4H"), today(office))


def test_an_approver_goes_back_from_the_revision_that_does_not_work(site: Site) -> None:
    replace_twice(site.office)
    approved(site.office, submitted(site.office, to="PT5H"), today(site.office) + timedelta(days=3))
    lina = site.visitor("lina")
    assert AGAIN in lina.get("/library/izin/versions/3/review").text
    assert AGAIN in lina.get("/library/izin/versions/2/review").text
    page = words(lina.get(AGAIN).text)
    assert "Revisi 3 tidak berlaku lagi." in page
    assert "Revisi 4 sudah disahkan dan tetap mulai berlaku pada" in page
    missing = lina.post(AGAIN, reason="")
    assert missing.status_code == 422
    assert "Tulis mengapa revisi ini diberlakukan kembali" in missing.text
    done = lina.post(AGAIN, reason="Revisi 3 keliru")
    after = words(lina.get(done.headers["Location"]).text)
    assert "Revisi 2 berlaku kembali: mulai sekarang berkas baru memakainya." in after
    assert "Diputuskan oleh Pengesah SOP. Alasan: Revisi 3 keliru" in after
    header = words(site.visitor("joko").get("/library/izin").text)
    assert "Diputuskan oleh Pengesah SOP. Alasan: Revisi 3 keliru" in header
    assert "Tanggal efektif 23 November 2026 berlaku kembali sejak 23 November 2026" in header


def test_the_list_of_revisions_says_why_to_everybody(site: Site) -> None:
    replace_twice(site.office)
    reinstate(site.engine, site.office.people["lina"], "izin", 2, "Revisi 3 keliru")
    for reader in ("joko", "agus"):
        listed = words(site.visitor(reader).get("/library/izin/versions").text)
        assert "berlaku kembali mulai 23-11-2026 Pengesah SOP: Revisi 3 keliru" in listed


def test_the_reason_stays_where_the_revision_is_withdrawn_later(site: Site) -> None:
    replace_twice(site.office)
    lina, engine = site.office.people["lina"], site.engine
    reinstate(engine, lina, "izin", 2, "Revisi 3 keliru")
    reinstate(engine, lina, "izin", 3, "Revisi 3 sudah benar")
    reinstate(engine, lina, "izin", 2, "Revisi 3 tetap keliru")
    withdraw(engine, lina, "izin", 2, "Keduanya keliru")
    joko = site.visitor("joko")
    listed = words(joko.get("/library/izin/versions").text)
    assert "Dicabut Keduanya keliru" in listed
    assert "berlaku kembali mulai 23-11-2026 Pengesah SOP: Revisi 3 tetap keliru" in listed
    for page in (
        joko.get("/library/izin/versions/2"),
        site.visitor("putu").get("/library/izin/versions/2/review"),
    ):
        assert "Diputuskan oleh Pengesah SOP. Alasan: Revisi 3 tetap keliru" in words(page.text)
        assert "Keduanya keliru" in page.text


def test_what_was_withdrawn_before_its_day_was_never_in_force(site: Site) -> None:
    number = submitted(site.office)
    approved(site.office, number, today(site.office) + timedelta(days=3))
    withdraw(site.engine, site.office.people["lina"], "izin", number, "Salah tanggal")
    assert "tidak pernah berlaku" in words(site.visitor("joko").get("/library/izin/versions").text)


def test_list_page_and_draft_have_one_word_for_what_was_withdrawn(site: Site) -> None:
    number = submitted(site.office)
    approved(site.office, number, today(site.office) + timedelta(days=3))
    withdraw(site.engine, site.office.people["lina"], "izin", number, "Salah tanggal")
    putu = site.visitor("putu")
    assert "Dicabut" in words(putu.get("/library/izin/versions").text)
    page = words(putu.get(f"/library/izin/versions/{number}").text)
    assert "Revisi ini dicabut. Salah tanggal" in page
    begun = words(putu.get(f"/library/izin/drafts/{draft(site.office, number=number).hex}").text)
    assert f"Revisi {number} dicabut: Salah tanggal" in begun


def test_the_owners_open_task_says_that_its_revision_was_replaced_and_what_is_left(site: Site) -> None:
    office = site.office
    approved(office, submitted(office), today(office))
    deploy(site.engine, operator(office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(office, to="PT4H")
    case = cases(office)[-1]
    office.complete(case, "mereviu_usulan", "lina", YES)
    sign(office, case)
    task = office.open_task(case, "memberitahukan").id
    putu = site.visitor("putu")
    assert "tidak berlaku lagi" not in words(putu.get(f"/tasks/{task.hex}").text)
    reinstate(site.engine, office.people["lina"], "izin", 2, "Revisi 3 keliru")
    page = words(putu.get(f"/tasks/{task.hex}").text)
    assert "Revisi 3 tidak berlaku lagi" in page
    assert "Sejak Senin, 23 November 2026 revisi 2 berlaku kembali. Alasan: Revisi 3 keliru" in page
    assert "siapa pun yang sudah diberi tahu tentang revisi 3 perlu tahu bahwa revisi 2 yang berlaku" in page
    approved_on_paper(office, submitted(office, to="PT5H"))
    other = words(putu.get(f"/tasks/{task.hex}").text)
    assert "Sejak Senin, 23 November 2026 revisi 4 berlaku." in other


def approved_on_paper(office: Office, number: int) -> None:
    """Let the page decide: the case that would is cancelled."""
    cancel(office.engine, office.people["putu"], cases(office)[-1], "Diputuskan dengan surat")
    approved(office, number, today(office))


def test_what_gave_way_and_what_came_back_say_which_is_which(site: Site) -> None:
    replace_twice(site.office)
    reinstate(site.engine, site.office.people["lina"], "izin", 2, "Revisi 3 keliru")
    lina = site.visitor("lina")
    assert "berkas baru memakai revisi lain (Revisi 2)." in lina.get("/library/izin/versions/3").text
    back = words(lina.get("/library/izin/versions/2/review").text)
    assert "Berlakukan kembali Revisi 3" in back
    assert "Kembali ke revisi sebelumnya" not in back
    assert (
        "Dibandingkan dengan Revisi 1, yang digantikannya waktu pertama kali berlaku. Bandingkan dengan"
        in (words(lina.get("/library/izin/compare?new=2").text))
    )
    other = words(lina.get("/library/izin/compare?old=3&new=2").text)
    assert "Dibandingkan dengan Revisi 3, yang digantikannya waktu diberlakukan kembali." in other


def test_an_auditor_reads_a_review_and_changes_nothing(site: Site) -> None:
    replace_twice(site.office)
    agus = site.visitor("agus")
    read = agus.get("/library/izin/versions/3/review")
    assert "Pengesah SOP" in read.text
    assert "<textarea" not in read.text
    assert "/versions/3/review" in agus.get("/library/izin/versions").text
    assert agus.get("/library/izin/versions/3/withdrawal").status_code == 404


def test_of_what_an_operator_put_in_force_no_approval_is_claimed(site: Site) -> None:
    izin = read_package(SAMPLES / "izin")
    title = b'title="Izin Kegiatan"'
    dated = replace(izin, bpmn=izin.bpmn.replace(title, title + b' number="1" effectiveOn="2026-01-05"'))
    deployed = deploy(site.engine, operator(site.office.id), dated)
    assert deployed.state is VersionState.IN_FORCE
    approved(site.office, submitted(site.office), today(site.office))
    page = words(site.visitor("lina").get(f"/library/izin/versions/{deployed.number}/reinstatement").text)
    assert "memakai Revisi 2, persis seperti waktu berlaku sebelumnya." in page
    assert "disahkan" not in page


def test_a_second_click_is_told_that_it_is_in_force(site: Site) -> None:
    replace_twice(site.office)
    lina = site.visitor("lina")
    lina.post(AGAIN, reason="Revisi 3 keliru")
    again = lina.post(AGAIN, reason="Revisi 3 keliru")
    assert again.status_code == 409
    assert "Revisi 2 sudah berlaku, sejak 23-11-2026" in words(again.text)


def test_what_was_made_from_the_one_that_was_given_up_is_said_so(site: Site) -> None:
    office = site.office
    approved(office, submitted(office), today(office))
    one = draft(office, number=2)
    lengthen(office, one, to="PT4H")
    approved(office, submit(office.engine, office.people["putu"], one, 2)[1], today(office))
    reinstate(office.engine, office.people["lina"], "izin", 2, "Revisi 3 keliru")
    later = draft(office, number=3)
    lengthen(office, later, to="PT5H")
    submit(office.engine, office.people["putu"], later, 2)
    page = words(site.visitor("lina").get("/library/izin/versions/4/review").text)
    assert "Revisi ini tidak disusun dari Revisi 2, yang kini dipakai." in page


def test_an_owner_is_not_offered_it(site: Site) -> None:
    replace_twice(site.office)
    putu = site.visitor("putu")
    assert "reinstatement" not in putu.get("/library/izin/versions/3/review").text
    assert "reinstatement" not in putu.get("/library/izin/versions/2/review").text
    assert putu.get(AGAIN).status_code == 404
    assert putu.post(AGAIN, reason="Revisi 3 keliru").status_code == 404
