"""What a draft changes, and what two revisions differ in, on the page."""

from __future__ import annotations

import re
from uuid import UUID

from engine.actions import batches
from engine.actions.approvals import return_version
from engine.actions.process_drafts import DraftChange, save_draft, start_draft
from engine.actions.submissions import submit
from engine.ids import new_id
from engine.queries.process_drafts import draft_page
from tests.engine.actions.test_batches import worked
from tests.offices import Office
from tests.revising import draft, lengthen, submitted
from tests.webapp.visitors import Site

DRAWN = (
    '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane>'
    + "".join(
        f'<di:BPMNShape bpmnElement="{element}"><dc:Bounds x="{x}" y="80" width="{size}" height="{size}"/>'
        "</di:BPMNShape>"
        for element, x, size in (("mengajukan", 0, 118), ("lain", 300, 36), ("memeriksa", 500, 118))
    )
    + "</di:BPMNPlane></di:BPMNDiagram>"
)


def words(text: str) -> str:
    """Give a page as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def rows(page: str) -> list[list[str]]:
    """Give the cells of the table of changes, row by row."""
    table = page.partition('<table class="sheet difference">')[2].partition("</table>")[0]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[2:]]
    return [[words(cell).strip() for cell in row] for row in found]


def test_a_draft_is_compared_with_the_revision_it_would_replace(site: Site) -> None:
    one = draft(site.office)
    lengthen(site.office, one, to="PT3H")
    page = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference").text
    assert "Perbedaan draf terhadap revisi 1" in words(page)
    assert "1 perubahan: 1 diubah; 1 pelaksana terkena." in words(page)
    assert "Staf: 1 jam kerja lebih lama" in words(page)
    assert rows(page) == [["Staf", "1. Mengajukan izin", "Diubah Waktu baku", "2 jam kerja", "3 jam kerja"]]
    times = words(page).partition("Jumlah waktu baku")[2]
    assert "Staf 2 jam 30 menit 3 jam 30 menit" in times
    assert "Seluruh langkah SOP 1 hari kerja, 2 jam 30 menit 1 hari kerja, 3 jam 30 menit" in times
    assert "Kasub tidak terdampak." in words(page)


def test_hours_that_fill_a_day_are_also_said_in_days_of_the_office_and_days_stay_days(site: Site) -> None:
    one = draft(site.office)
    lengthen(site.office, one, to="PT10H30M")
    page = words(site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference").text)
    times = page.partition("Jumlah waktu baku")[2]
    assert "Staf 2 jam 30 menit 11 jam (1 hari 3 jam 30 menit)" in times  # the day has 7.5 hours
    assert "Seluruh langkah SOP 1 hari kerja, 2 jam 30 menit 1 hari kerja, 11 jam (1 hari 3 jam 30" in times


def test_a_diagram_is_drawn_with_what_becomes_of_its_elements(site: Site) -> None:
    one = draft(site.office)
    change(
        site.office,
        one,
        ("PT2H", "PT3H"),
        ('<bpmn:endEvent id="', '<bpmn:endEvent id="lain" name="Lain"/><bpmn:endEvent id="'),
        ("</bpmn:definitions>", f"{DRAWN}</bpmn:definitions>"),
    )
    page = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference").text
    before, after = page.split('<div class="drawing">')[1:]
    assert "Revisi 1" in words(before)
    (drawing,) = after.split('class="diagram-scroll"')[1:]
    assert re.findall(r'class="node (\w+)"', drawing) == ["changed", "added", "waiting"]
    assert re.findall(r'class="flag (\w+)"', drawing) == ["changed", "added"]
    assert re.search(r'class="flag changed".*?3 jam kerja', drawing, re.DOTALL)
    assert re.search(r'class="flag added".*?baru', drawing, re.DOTALL)


def test_an_untouched_draft_differs_in_nothing(site: Site) -> None:
    one = draft(site.office)
    page = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference").text
    assert "Tidak ada perbedaan." in words(page)
    assert "sheet difference" not in page


def test_a_draft_that_cannot_run_is_compared_all_the_same(site: Site) -> None:
    one = draft(site.office)
    change(site.office, one, ('sourceRef="', 'sourceRef="x'))
    answer = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference")
    assert answer.status_code == 200
    assert "Awal jalan" in words(answer.text)


def test_what_an_owner_writes_is_shown_as_text(site: Site) -> None:
    one = draft(site.office)
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    change(site.office, one, ('name="Mengajukan izin"', f'name="{hostile}"'))
    page = site.visitor("putu").get(f"/library/izin/drafts/{one.hex}/difference").text
    assert "<script>alert" not in page
    assert hostile in page


def test_two_revisions_are_compared_for_everybody_who_reads_the_library(site: Site) -> None:
    number = submitted(site.office, to="PT5H")
    page = site.visitor("joko").get(f"/library/izin/compare?old=1&new={number}").text
    assert rows(page) == [["Staf", "1. Mengajukan izin", "Diubah Waktu baku", "2 jam kerja", "5 jam kerja"]]
    backwards = site.visitor("joko").get(f"/library/izin/compare?old={number}&new=1").text
    assert rows(backwards)[0][3:] == ["5 jam kerja", "2 jam kerja"]
    assert rows(site.visitor("joko").get("/library/izin/compare").text) == rows(page)


def test_the_page_says_with_what_it_compares_and_offers_the_one_that_was_returned(site: Site) -> None:
    office = site.office
    number = submitted(office, to="PT5H")
    return_version(office.engine, office.people["lina"], "izin", number, "Belum disepakati")
    one = start_draft(office.engine, office.people["putu"], "izin", number, new_id())
    address = f"/library/izin/drafts/{one.hex}/difference"
    page = site.visitor("putu").get(address).text
    assert "Dibandingkan dengan Revisi 1, yang sekarang dipakai bekerja." in words(page)
    assert f'<a href="{address}?old=2">Bandingkan dengan yang dikembalikan: Revisi 2</a>' in page
    other = words(site.visitor("putu").get(f"{address}?old=2").text)
    assert "Dibandingkan dengan Revisi 2, yang dikembalikan." in other
    assert "Bandingkan dengan yang dipakai bekerja: Revisi 1" in other
    assert "Tidak ada perbedaan." in other


def test_the_approver_is_led_to_both_comparisons(site: Site) -> None:
    office = site.office
    number = submitted(office, to="PT5H")
    return_version(office.engine, office.people["lina"], "izin", number, "Belum disepakati")
    one = start_draft(office.engine, office.people["putu"], "izin", number, new_id())
    change(office, one, ("PT5H", "PT4H"))
    submit(office.engine, office.people["putu"], one, 2)
    page = site.visitor("lina").get("/library/izin/versions/3/review").text
    assert re.findall(r'/compare\?old=(\d)&amp;new=(\d)"', page) == [("1", "3"), ("2", "3")]
    assert "Terhadap yang dikembalikan: Revisi 2" in words(page)
    assert "Dibandingkan dengan Revisi 1" in words(site.visitor("lina").get("/library/izin/compare").text)


def test_a_revision_that_says_the_same_as_a_former_one_says_so(site: Site) -> None:
    one = draft(site.office)
    change(site.office, one, ("</bpmn:definitions>", "<!-- as drawn -->\n</bpmn:definitions>"))
    submit(site.office.engine, site.office.people["putu"], one, 2)
    page = site.visitor("lina").get("/library/izin/versions/2/review").text
    assert "Sama dengan Revisi 1" in words(page)


def test_the_dossier_has_what_was_worked_out_of_open_and_past_cases_or_says_that_nothing_was(
    site: Site,
) -> None:
    office = site.office
    office.start(year=2027, knowingly=True)
    one = draft(office)
    lengthen(office, one)
    address = f"/library/izin/drafts/{one.hex}/difference"
    page = words(site.visitor("putu").get(address).text)
    assert "Berkas-berkas itu belum diperiksa." in page
    assert "Draf belum diuji dengan berkas lama." in page
    worked(office, batches.replay_draft(office.engine, office.people["putu"], one))
    worked(office, batches.survey_draft(office.engine, office.people["putu"], one, {}))
    page = words(site.visitor("putu").get(address).text)
    told = page.partition("Akibat bagi")[2]
    assert "Diperiksa Senin, 23-11-2026 pukul 08.30 WIB: 2 dapat dipindahkan" in told
    assert "2 berkas diuji Senin, 23-11-2026 pukul 08.30 WIB: 2 akan berjalan sama" in told
    assert "belum diperiksa" not in told
    assert "belum diuji" not in told


def test_a_revision_that_is_not_there_is_not_found(site: Site) -> None:
    joko = site.visitor("joko")
    assert joko.get("/library/izin/compare?old=1&new=99").status_code == 404
    assert joko.get("/library/nichts/compare?old=1&new=1").status_code == 404
    assert joko.get("/library/izin/compare?old=1&new=1e9").status_code == 200


def change(office: Office, draft_id: UUID, *replaced: tuple[str, str]) -> None:
    text = draft_page(office.engine, office.people["putu"], "izin", draft_id).draft.bpmn
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    done = DraftChange(revision=1, bpmn=text.encode())
    save_draft(office.engine, office.people["putu"], draft_id, done)
