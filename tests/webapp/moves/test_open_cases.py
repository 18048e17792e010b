"""Open cases from the pages: looked at, chosen, moved by the worker, taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from engine.actions import batch_slices
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft
from engine.actions.submissions import Trial, submit
from engine.storage.tables import instance, move_choice
from tests.offices import SAMPLES, Office
from tests.revising import approved, draft, submitted
from tests.revisions import with_a_check_before_archiving, with_a_check_before_examining
from tests.webapp.visitors import Site, Visitor

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
HERE = "/library/izin/versions/2/cases"


def revise(site: Site, package: Package) -> None:
    deploy(site.engine, operator(site.office.id), package)


def cases(site: Site) -> list[UUID]:
    """Open a case beside the one that is at its first step, and let it come to the second."""
    second = site.office.start(year=2031).instance
    site.office.complete(second, "mengajukan", "joko", ASKED)
    return [second]


def work(site: Site) -> None:
    while batch_slices.work(site.engine):
        pass


def looked_at(site: Site, visitor: Visitor, address: str = HERE, **fields: str) -> str:
    answer = visitor.post(address, **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    work(site)
    return visitor.get(address).text


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def rows(page: str) -> dict[str, str]:
    """Give the table by where cases stand."""
    body = page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    found = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body, re.DOTALL)
    return {words(place).strip(): words(rest) for place, rest in found}


def test_nothing_is_looked_at_before_it_is_asked_for(site: Site) -> None:
    revise(site, with_a_check_before_archiving())
    page = words(site.visitor("putu").get(HERE).text)
    assert "Akibat bagi 1 berkas terbuka" in page
    assert "Periksa berkas terbuka" in page


def test_while_it_runs_the_page_says_how_far_it_is(site: Site) -> None:
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    putu.post(HERE)
    page = putu.get(HERE).text
    assert "Memeriksa berkas: 0 dari 1." in page
    assert "Halaman ini boleh ditutup." in page
    assert '<noscript><meta http-equiv="refresh"' in page
    work(site)
    assert 'http-equiv="refresh"' not in putu.get(HERE).text


def test_the_three_verdicts_stand_in_the_table_each_with_its_reason(site: Site) -> None:
    case = cases(site)[0]
    revise(site, with_a_check_before_examining())
    third = site.office.start(year=2032).instance
    site.office.complete(third, "mengajukan", "joko", ASKED)  # on the new revision: not looked at
    page = looked_at(site, site.visitor("putu"))
    table = rows(page)
    assert set(table) == {"1 Mengajukan izin", "2 Memeriksa permohonan"}
    assert "Dapat dipindahkan" in table["1 Mengajukan izin"]
    assert "langkah baru Mencatat permohonan" in table["1 Mengajukan izin"]
    assert "Belum dapat" in table["2 Memeriksa permohonan"]
    assert (
        "Agar dapat: Pilih di bawah bahwa Memeriksa permohonan menjadi Mencatat permohonan"
        in table["2 Memeriksa permohonan"]
    )
    assert f'href="/cases/{case.hex}"' in page
    assert page.count('type="checkbox" name="group"') == 1


def test_of_a_revision_that_is_in_force_nothing_is_advised_about_its_draft(site: Site) -> None:
    cases(site)
    package, made = read_package(SAMPLES / "izin"), b'<sop:output name="Permohonan" source="form" />'
    more = made + b'<sop:output name="Lampiran" required="false" accept=".pdf" />'
    revise(site, replace(package, bpmn=package.bpmn.replace(made, more)))
    table = rows(looked_at(site, site.visitor("putu")))
    assert "Agar dapat: Biarkan berkas selesai menurut revisinya sendiri." in table["2 Memeriksa permohonan"]


def test_what_a_case_is_past_stays(site: Site) -> None:
    case = cases(site)[0]
    site.office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    revise(site, with_a_check_before_examining())
    table = rows(looked_at(site, site.visitor("putu")))
    assert "Tetap" in table["3 Mengarsipkan izin"]
    assert "sudah melewati langkah baru Mencatat permohonan" in table["3 Mengarsipkan izin"]


def test_a_blocked_case_is_mapped_and_moved(site: Site) -> None:
    case = cases(site)[0]
    revise(site, with_a_check_before_examining())
    putu = site.visitor("putu")
    looked_at(site, putu)
    page = looked_at(site, putu, **{"map.memeriksa": "mencatat"})
    assert "Memeriksa permohonan menjadi Mencatat permohonan." in words(page)
    done = move(site, putu, page)
    assert "2 berkas dipindahkan dan berlanjut menurut revisi 2." in words(putu.get(done).text)
    assert site.office.open_elements(case) == ["mencatat"]


def move(site: Site, visitor: Visitor, page: str) -> str:
    """Send the form as it stands, with a reason; gives the address of the work."""
    survey = re.findall(r'name="survey" value="([0-9a-f]+)"', page)[0]
    groups = re.findall(r'name="group" value="([0-9a-f]+)"[^>]*checked', page)
    fields = {"survey": survey, "reason": "Revisi 2 berlaku", "csrf_token": visitor.token()}
    answer = visitor.client.post("/library/izin/versions/2/moves", data={**fields, "group": groups})
    assert answer.status_code == 303
    assert "Memindahkan berkas: 0 dari" in visitor.get(answer.headers["Location"]).text
    work(site)
    return str(answer.headers["Location"])


def test_a_move_is_taken_back(site: Site) -> None:
    case = cases(site)[0]
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    done = move(site, putu, looked_at(site, putu))
    assert f'href="/cases/{case.hex}">002/IZ/2026</a>' in putu.get(done).text
    answer = putu.post(f"{done}/undo")
    work(site)
    page = words(putu.get(answer.headers["Location"]).text)
    assert "2 berkas kembali seperti semula. 001/IZ/2026 , 002/IZ/2026" in page
    history = words(site.visitor("rina").get(f"/cases/{case.hex}").text)
    assert "Dipindahkan ke revisi lain dari SOP" in history
    assert "Dari revisi 1 ke revisi 2" in history
    assert "Revisi 2 berlaku" in history


def test_a_move_needs_a_reason(site: Site) -> None:
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    page = looked_at(site, putu)
    survey = re.findall(r'name="survey" value="([0-9a-f]+)"', page)[0]
    group = re.findall(r'name="group" value="([0-9a-f]+)"', page)[0]
    answer = putu.post("/library/izin/versions/2/moves", survey=survey, group=group, reason="")
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.text
    answer = putu.post("/library/izin/versions/2/moves", survey=survey, reason="Revisi 2 berlaku")
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu kelompok" in answer.text


def test_cases_are_chosen_one_by_one(site: Site) -> None:
    first, second = (site.office.start(year=year, knowingly=True).instance for year in (2041, 2042))
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    group = re.findall(rf'href="({HERE}/[0-9a-f]+)"', looked_at(site, putu))[0]
    page = putu.get(group).text
    assert words(page).count("/IZ/2026 Izin Kegiatan") == 3
    survey = re.findall(r'name="survey" value="([0-9a-f]+)"', page)[0]
    fields = {"survey": survey, "group": group.split("/")[-1], "one_by_one": "yes"}
    answer = putu.post("/library/izin/versions/2/moves", **fields, reason="Hanya satu")
    assert answer.status_code == 422
    assert "Pilih 1 sampai 100 berkas." in answer.text
    answer = putu.post("/library/izin/versions/2/moves", **fields, case=second.hex, reason="Hanya satu")
    work(site)
    assert "1 berkas dipindahkan" in words(putu.get(answer.headers["Location"]).text)
    numbers = [
        site.engine.versions.get(site.office.tasks(case)[0].version).number for case in (first, second)
    ]
    assert numbers == [1, 2]


def test_a_draft_is_looked_at_and_nothing_can_be_moved_to_it(site: Site) -> None:
    address = f"/library/izin/drafts/{draft(site.office).hex}/cases"
    page = looked_at(site, site.visitor("putu"), address)
    assert "Tetap" in rows(page)["1 Mengajukan izin"]
    assert "Pindahkan berkas yang dipilih" not in page
    assert "Berkas dapat dipindahkan sesudah draf ini disahkan dan berlaku." in words(page)


def test_after_a_move_and_after_an_undo_the_cases_are_looked_at_again(site: Site) -> None:
    cases(site)
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    done = move(site, putu, looked_at(site, putu))
    assert "Tidak ada berkas yang berjalan menurut revisi lain." in words(putu.get(HERE).text)
    putu.post(f"{done}/undo")
    assert batch_slices.work(site.engine)
    assert "Memeriksa berkas: 0 dari 2." in putu.get(HERE).text
    work(site)
    page = putu.get(HERE).text
    assert set(rows(page)) == {"1 Mengajukan izin", "2 Memeriksa permohonan"}
    assert "Periksa lagi" in page


def test_a_case_that_went_on_is_judged_no_more(site: Site) -> None:
    case = cases(site)[0]
    revise(site, with_a_check_before_archiving())
    putu = site.visitor("putu")
    looked_at(site, putu)
    site.office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    page = putu.get(HERE).text
    assert set(rows(page)) == {"1 Mengajukan izin"}
    assert "1 dapat dipindahkan, 0 tetap pada revisinya, 0 belum dapat dipindahkan." in words(page)
    assert "1 berkas terbuka dimulai atau berlanjut sesudah pemeriksaan terakhir" in words(page)
    assert page.count("Periksa lagi") == 1
    assert set(rows(looked_at(site, putu))) == {"1 Mengajukan izin", "3 Mengarsipkan izin"}


def test_what_is_only_tried_says_which_cases_it_takes(site: Site) -> None:
    cases(site)
    number = submitted(site.office, trial=Trial())
    marked = site.office.start(year=2044).instance
    with site.engine.store.transaction() as connection:
        connection.execute(update(instance).where(instance.c.id == marked).values(trial=True))
    putu = site.visitor("putu")
    page = looked_at(site, putu, f"/library/izin/versions/{number}/cases")
    assert "saat ini hanya berkas uji coba yang dapat dipindahkan ke sini" in words(page)
    assert "Berkas lain baru dapat dipindahkan setelah revisi ini berlaku." in words(page)
    table = rows(page)
    assert "Dapat dipindahkan setelah berlaku" in table["2 Memeriksa permohonan"]
    assert "setelah berlaku" not in table["1 Mengajukan izin Uji coba"]
    assert page.count('type="checkbox" name="group"') == 1
    listed = [putu.get(one).text for one in re.findall(r'href="(/library/[^"]+/cases/[0-9a-f]{16})"', page)]
    assert sorted('name="case"' in one for one in listed) == [False, False, True]
    assert sorted("saat ini hanya berkas uji coba" in words(one) for one in listed) == [False, True, True]


def test_what_waits_for_its_day_says_from_when_on_it_takes_cases(site: Site) -> None:
    cases(site)
    number = submitted(site.office)
    approved(site.office, number, date(2026, 12, 1))
    page = words(looked_at(site, site.visitor("putu"), f"/library/izin/versions/{number}/cases"))
    assert "sesudah revisi ini berlaku, mulai 01-12-2026." in page


def groups_in(page: str) -> dict[str, bool]:
    """Give by its key whether each group is ticked."""
    found = re.findall(r'name="group" value="([0-9a-f]+)"([^>]*)', page)
    return {key: "checked" in rest for key, rest in found}


def test_what_was_chosen_for_a_draft_stands_ready_when_it_is_in_force(site: Site) -> None:
    cases(site)
    office, putu = site.office, site.visitor("putu")
    one = draft(office)
    saved = replace_bpmn(office, one, with_a_check_before_examining())
    address = f"/library/izin/drafts/{one.hex}/cases"
    looked_at(site, putu, address)
    page = looked_at(site, putu, address, **{"map.memeriksa": "mencatat"})
    keys = groups_in(page)
    assert list(keys.values()) == [True, True]
    survey = re.findall(r'name="survey" value="([0-9a-f]+)"', page)[0]
    wanted = list(keys)[1]
    answer = putu.post("/library/izin/moves/choice", survey=survey, group=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    kept = putu.get(address).text
    assert "Pilihan Anda disimpan." in kept
    assert groups_in(kept) == {key: key == wanted for key in keys}
    number = submit(site.engine, office.people["putu"], one, saved)[1]
    approved(office, number, date(2026, 11, 23))
    there = f"/library/izin/versions/{number}/cases"
    before = putu.get(there).text
    assert 'name="map.memeriksa" value="mencatat"' in before
    page = looked_at(site, putu, there, **{"map.memeriksa": "mencatat"})
    assert groups_in(page) == {key: key == wanted for key in keys}
    assert "Pindahkan berkas yang dipilih" in page


def test_only_the_owner_of_the_office_chooses_and_only_of_a_survey(site: Site) -> None:
    cases(site)
    address = f"/library/izin/drafts/{draft(site.office).hex}/cases"
    page = looked_at(site, site.visitor("putu"), address)
    survey = re.findall(r'name="survey" value="([0-9a-f]+)"', page)[0]
    assert site.visitor("joko").post("/library/izin/moves/choice", survey=survey).status_code == 404
    putu = site.visitor("putu")
    assert putu.post("/library/izin/moves/choice", survey="0" * 32).status_code == 404
    deploy(site.engine, operator(site.office.id), read_package(SAMPLES / "surat"))
    assert putu.post("/library/surat/moves/choice", survey=survey).status_code == 404
    with site.engine.store.reading() as connection:
        assert connection.execute(select(move_choice)).all() == []


def replace_bpmn(office: Office, one: UUID, package: Package) -> int:
    """Draw a draft anew; gives its revision."""
    change = DraftChange(revision=1, bpmn=package.bpmn)
    return save_draft(office.engine, office.people["putu"], one, change).revision


def test_what_an_owner_calls_a_step_is_only_text(site: Site) -> None:
    """The names of steps of a draft stand in reasons, lists and choices."""
    name = "&lt;script&gt;alert(1)&lt;/script&gt;"
    package = with_a_check_before_examining()
    hostile = package.bpmn.replace(b"Mencatat permohonan", name.encode())
    revise(site, replace(package, bpmn=hostile))
    cases(site)
    page = looked_at(site, site.visitor("putu"))
    assert "<script>alert" not in page


def test_the_past_is_played_through_a_draft_and_a_case_is_kept(site: Site) -> None:
    case = cases(site)[0]
    address = f"/library/izin/drafts/{draft(site.office).hex}/past"
    putu = site.visitor("putu")
    assert "Ada 2 berkas untuk menguji draf ini." in words(putu.get(address).text)
    page = words(looked_at(site, putu, address))
    assert (
        "2 akan berjalan sama, 0 akan diminta isian tambahan, 0 akan lewat jalan lain, 0 akan terhenti."
        in page
    )
    kept = putu.post(f"/library/izin/kept-cases/{case.hex}", keep="yes", draft=address.split("/")[4])
    assert kept.headers["Location"] == address
    assert "002/IZ/2026 Berjalan sama Berkas akan berjalan sama sampai langkahnya sekarang." in words(
        putu.get(address).text
    )
    another = f"/library/izin/drafts/{draft(site.office).hex}/past"
    assert "002/IZ/2026 belum diuji" in words(putu.get(another).text)
    assert "002/IZ/2026 Berjalan sama Berkas akan berjalan sama sampai langkahnya sekarang." in words(
        looked_at(site, putu, another)
    )
