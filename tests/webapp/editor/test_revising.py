"""A revision from the pages: a draft begun, saved, submitted, approved; the header from the record."""

from __future__ import annotations

import io
import re

from engine.actions.approvals import return_version
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.packages import read_zip
from engine.demo_paper import paper
from tests.offices import LIBRARY, SAMPLES
from tests.revising import approved, draft, lengthen, submitted, today
from tests.webapp.visitors import Site, Visitor

PDF = paper("Sah")


def words(text: str) -> str:
    """Give a page as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def begin(visitor: Visitor) -> str:
    answer = visitor.post("/library/izin/drafts", revision="1")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_draft_is_begun_and_found_again(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)
    assert putu.get("/library/izin/draft").headers["Location"] == address
    page = putu.get(address)
    assert page.status_code == 200
    assert '"revision": 1' in page.text
    assert "style-src-attr 'unsafe-inline'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in putu.get("/library").headers["Content-Security-Policy"]


def test_a_draft_from_a_returned_revision_says_why_it_was_returned(site: Site) -> None:
    office = site.office
    number = submitted(office)
    return_version(office.engine, office.people["lina"], "izin", number, "Waktunya terlalu <b>pendek</b>")
    putu = site.visitor("putu")
    begun = putu.post("/library/izin/drafts", revision=str(number)).headers["Location"]
    page = putu.get(begun).text
    assert f"Revisi {number} dikembalikan: Waktunya terlalu &lt;b&gt;pendek&lt;/b&gt;" in words(page)
    assert "Yang harus dibenahi" not in putu.get(begin(putu)).text  # from one that was not


def test_another_owner_sees_whose_draft_it_is(site: Site) -> None:
    office = site.office
    one = draft(office)
    assert f"/library/izin/drafts/{one.hex}" in site.visitor("putu").get("/library/izin/draft?all").text


def test_a_save_tells_what_is_still_wrong(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)
    answer = putu.put(address, {"revision": 1, "forms": {"mengajukan": None}})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["revision"] == 2
    assert [one["severity"] for one in answer.json["lint"]].count("error") == 1


def test_who_saves_too_late_gets_what_is_there_now(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)
    bpmn = putu.get(f"{address}/diagram.bpmn").text
    assert putu.put(address, {"revision": 1, "bpmn": bpmn.replace("PT2H", "PT3H")}).status_code == 200
    late = putu.put(address, {"revision": 1, "bpmn": bpmn})
    assert late.status_code == 409
    assert late.json is not None
    assert "PT3H" in late.json["bpmn"]
    assert late.json["revision"] == 2
    assert "PT3H" in putu.get(f"{address}/diagram.bpmn").text


def test_nonsense_is_no_save(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)
    nonsense: tuple[object, ...] = (
        None,
        [],
        {"revision": "1"},
        {"revision": 2**40},
        {"revision": 1, "bpmn": 5},
        {"revision": 1, "forms": {"a": 5}},
        {"revision": 1, "bpmn": "\ud800"},
    )
    for content in nonsense:
        assert putu.put(address, content).status_code == 422
    assert putu.put(address, {"revision": 1}).status_code == 200


def test_a_draft_with_problems_is_not_submitted(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)
    putu.put(address, {"revision": 1, "forms": {"mengajukan": None}})
    page = putu.get(f"{address}/submission")
    assert "1 masalah menghalangi pengajuan draf" in page.text
    assert putu.post(f"{address}/submission", revision="2").status_code == 422


def test_a_revision_is_approved_by_paper_and_day(site: Site) -> None:
    office = site.office
    number = submitted(office)
    lina = site.visitor("lina")
    address = f"/library/izin/versions/{number}"
    assert f"Putuskan Revisi {number}" in lina.get(f"{address}/review").text
    day = today(office).isoformat()
    missing = lina.post(f"{address}/approval", number="065/1", effective_from=day)
    assert missing.status_code == 422
    assert "Naskah bertanda tangan: Pilih pindaian atau PDF" in missing.text
    assert 'value="065/1"' in missing.text  # what was typed is still there
    answer = lina.client.post(
        f"{address}/approval",
        data={
            "csrf_token": lina.token(),
            "number": "065/1",
            "effective_from": day,
            "paper": (io.BytesIO(PDF), "sah.pdf"),
        },
    )
    assert answer.status_code == 303
    header = words(site.visitor("joko").get("/library/izin").text)
    assert "Nomor SOP 065/1" in header
    assert "Disahkan oleh Pengesah SOP Lina" in header
    assert site.visitor("joko").get(f"{address}/approval/paper").data == PDF


def test_the_approver_says_whom_the_header_names(site: Site) -> None:
    office = site.office
    number = submitted(office)
    lina = site.visitor("lina")
    address = f"/library/izin/versions/{number}"
    form = lina.get(f"{address}/review").text
    assert re.search(r'name="name"[^>]*value="Lina"', form)
    assert re.search(r'name="post"[^>]*value="Pengesah SOP"', form)
    data = {
        "csrf_token": lina.token(),
        "number": "065/1",
        "effective_from": today(office).isoformat(),
        "post": "Kepala Dinas",
        "name": "Dra. Lina Sari",
        "nip": "19621027 198803 1 006",
        "paper": (io.BytesIO(PDF), "sah.pdf"),
    }
    assert lina.client.post(f"{address}/approval", data=data).status_code == 303
    header = words(site.visitor("joko").get("/library/izin").text)
    assert "Disahkan oleh Kepala Dinas Dra. Lina Sari NIP 19621027 198803 1 006" in header
    assert "dengan akun Lina" in words(lina.get(f"{address}/review").text)


def test_the_header_of_a_revision_says_nothing_that_is_not_on_record(site: Site) -> None:
    office = site.office
    number = submitted(office)
    page = words(site.visitor("putu").get(f"/library/izin/versions/{number}").text)
    assert "Nomor SOP belum ditetapkan" in page
    assert "Revisi ini menunggu pengesahan." in page


def test_a_comment_must_be_settled_before_the_approval(site: Site) -> None:
    office = site.office
    number = submitted(office)
    lina, putu = site.visitor("lina"), site.visitor("putu")
    address = f"/library/izin/versions/{number}"
    assert (
        lina.post(f"{address}/comments", element="mengajukan", text="Mengapa <b>3</b> jam?").status_code
        == 303
    )
    page = putu.get(f"{address}/review").text
    assert "Mengapa &lt;b&gt;3&lt;/b&gt; jam?" in page
    answer = lina.client.post(
        f"{address}/approval",
        data={
            "csrf_token": lina.token(),
            "number": "1",
            "effective_from": today(office).isoformat(),
            "paper": (io.BytesIO(PDF), "sah.pdf"),
        },
    )
    assert answer.status_code == 409
    settled = re.search(r'action="([^"]+/settlement)"', page)
    assert settled is not None
    assert putu.post(settled.group(1)).status_code == 303
    approved(office, number, today(office))


def test_a_trial_is_started_by_its_team(site: Site) -> None:
    office = site.office
    approved(office, submitted(office), today(office))
    putu, joko, wati = (site.visitor(name) for name in ("putu", "joko", "wati"))
    one = draft(office, number=1)
    lengthen(office, one, to="PT5H")
    team = office.people["joko"].person
    assert team is not None
    answer = putu.post(
        f"/library/izin/drafts/{one.hex}/submission", revision="2", team=team.hex, **{"for": "trial"}
    )
    assert answer.status_code == 303
    assert "Uji coba Revisi 3" in joko.get("/library/izin").text
    assert "Uji coba Revisi 3" not in wati.get("/library/izin").text
    assert joko.get("/library/izin/cases/new?revision=3").status_code == 200
    assert wati.get("/library/izin/cases/new?revision=3").status_code == 404
    tried, other = office.start("joko", version=3, knowingly=True), office.start("joko", year=2028)
    tag = '<span class="tag trial">Uji coba</span>'
    for address in ("/tasks", "/cases"):
        assert joko.get(address).text.count(tag) == 1
    for started, marked in ((tried, True), (other, False)):
        task = office.open_task(started.instance, "mengajukan")
        assert (tag in joko.get(f"/tasks/{task.id.hex}").text) is marked


def test_a_closed_draft_says_what_became_of_it(site: Site) -> None:
    office = site.office
    number = submitted(office)
    other = draft(office)
    putu = site.visitor("putu")
    assert putu.get(f"/library/izin/drafts/{other.hex}/discard").status_code == 200
    assert putu.post(f"/library/izin/drafts/{other.hex}/discard", revision="1").status_code == 303
    assert "dihapus pada" in putu.get(f"/library/izin/drafts/{other.hex}").text
    assert f"Revisi {number}" in putu.get("/library/izin/versions").text


def test_a_version_is_taken_away_as_it_is(site: Site) -> None:
    archive = site.visitor("agus").get("/library/izin/versions/1/package.zip")
    read = read_zip(archive.data, "izin")
    assert read.digest == read_package(SAMPLES / "izin").digest
    assert site.visitor("agus").get("/library/izin/versions/9/package.zip").status_code == 404


def test_while_a_case_decides_the_page_leads_to_it(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), read_package(LIBRARY / "revisi-sop"))
    submitted(site.office)
    lina = site.visitor("lina")
    page = lina.get("/library/izin/versions/2/review").text
    assert '/library/izin/versions/2/approval"' not in page  # of it only the paper to be signed
    assert "Revisi ini diputuskan pada berkas" in words(page)
    found = re.search(r'href="(/tasks/[0-9a-f]{32})"', page)
    assert found is not None
    task = lina.get(found[1]).text
    assert "Revisi 2: Izin Kegiatan" in words(task)
    assert "/library/izin/compare?old=1&amp;new=2" in task
    assert "3 jam kerja" in words(task)  # the change itself: nobody decides on a link
    assert "Kembalikan ke Pemilik SOP" in words(task)
    for place in ("compare?old=1&new=2&task=", "versions/2/review?task=", "versions/2?task="):
        away = lina.get(f"/library/izin/{place}{found[1].rpartition('/')[2]}").text
        assert re.search(f'class="back-link" href="{found[1]}"', away)
    assert found[1] not in site.visitor("putu").get("/library/izin/versions/2/review").text
    assert lina.post("/library/izin/versions/2/return", reason="Belum").status_code == 409


def test_a_condition_is_checked_with_the_names_of_the_draft(site: Site) -> None:
    putu = site.visitor("putu")
    address = begin(putu)

    def check(text: str) -> dict[str, object]:
        answer = putu.client.post(
            f"{address}/expression", json={"text": text}, headers={"X-CSRF-Token": putu.token()}
        )
        assert answer.json is not None
        return dict(answer.json)

    assert check("memeriksa.keputusan == 'Ya'") == {"ok": True}
    wrong = check("memeriksa.keputusan == )")
    assert wrong["line"] == 1
    assert wrong["sentence"]
    assert "tidak_ada" in str(check("tidak_ada == 1")["sentence"])
