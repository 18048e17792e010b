"""The form of a task without scripts: drafts, rows, files, completing, and what can go wrong."""

from __future__ import annotations

import io
import re
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from engine.actions import tasks
from engine.demo_paper import paper
from engine.model.task import Task, TaskState
from tests.webapp.inbox.a_form import FILLED, complete, typed
from tests.webapp.visitors import Site, Visitor


def test_the_button_names_who_is_next(joko: Visitor, task: Task) -> None:
    page = joko.get(f"/tasks/{task.id.hex}").text
    assert "Selesai, teruskan ke Kasub" in page
    assert "Mengajukan izin kegiatan" in page
    assert f'href="/cases/{task.instance.hex}"' in page


def test_completing_says_where_the_case_is_now(site: Site, joko: Visitor, task: Task) -> None:
    answer = complete(joko, task, **FILLED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    page = joko.get("/tasks").text
    case = f'<a href="/cases/{task.instance.hex}">001/IZ/2026</a>'
    assert f"Mengajukan izin selesai. Berkas {case} sekarang pada Kasub." in page
    assert site.office.open_elements(task.instance) == ["memeriksa"]


def test_the_next_task_of_the_list_follows(site: Site, joko: Visitor, task: Task) -> None:
    other = site.office.start("joko", knowingly=True)
    answer = complete(joko, task, **FILLED, inbox="q=izin")
    assert answer.headers["Location"] == f"/tasks/{other.first_task.hex}?q=izin"  # type: ignore[union-attr]
    page = joko.get(answer.headers["Location"]).text
    assert "Ini berkas lain:</strong> Mengajukan izin, 002/IZ/2026 – " in page


def test_a_wrong_field_is_linked_and_nothing_typed_is_lost(site: Site, joko: Visitor, task: Task) -> None:
    answer = complete(joko, task, kegiatan="", biaya="seribu", done_on="kemarin")
    assert answer.status_code == 422
    for anchor in ("kegiatan", "biaya", "done_on"):
        assert f'href="#{anchor}"' in answer.text
    assert 'value="seribu"' in answer.text
    assert 'value="kemarin"' in answer.text
    assert answer.text.count('aria-invalid="true"') >= 3
    assert "Tugas belum diteruskan." in answer.text
    assert typed(site, task)["biaya"] == ["seribu"]
    assert site.office.open_task(task.instance, "mengajukan").state is TaskState.OPEN


def test_a_second_click_is_answered_like_the_first(site: Site, joko: Visitor, task: Task) -> None:
    attempt = uuid4().hex
    first = complete(joko, task, **FILLED, attempt=attempt)
    again = complete(joko, task, **FILLED, attempt=attempt)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert "Anda sudah mengirimnya pada Senin, 23-11-2026" in joko.get(again.headers["Location"]).text
    assert site.office.kinds(task.instance).count("task.completed") == 1


def test_who_is_too_late_is_told_who_was_first_and_keeps_a_draft(
    site: Site, joko: Visitor, task: Task
) -> None:
    complete(site.visitor("wati"), task, **FILLED)
    answer = complete(joko, task, kegiatan="Lomba siswa")
    assert answer.status_code == 409
    assert "Tugas ini sudah diselesaikan" in answer.text
    assert "Staf Subbag" in answer.text
    assert "08.30 WIB" in answer.text
    assert "Isian formulir Anda tidak dikirim, tetapi disimpan:" in answer.text
    assert typed(site, task)["kegiatan"] == ["Lomba siswa"]


def test_a_draft_comes_back_on_any_device(site: Site, joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    answer = joko.post(f"{address}/draft", kegiatan="Belum selesai", biaya="abc", save="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    page = site.visitor("joko").get(address).text
    assert 'value="Belum selesai"' in page
    assert 'value="abc"' in page
    assert "Draf tersimpan pukul 08.30" in page
    assert 'value="Belum selesai"' not in site.visitor("wati").get(address).text


def test_a_script_saves_without_leaving_the_page(site: Site, joko: Visitor, task: Task) -> None:
    answer = joko.client.post(
        f"/tasks/{task.id.hex}/draft",
        data={"csrf_token": joko.token(), "kegiatan": "Mengetik"},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.get_json() == {"revision": 1, "saved": "08.30", "closed": False}
    assert typed(site, task) == {"kegiatan": ["Mengetik"]}
    assert "draft.saved" not in site.office.kinds(task.instance)


def test_rows_are_added_removed_and_pasted_by_buttons(joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    cells = {"rincian.0.barang": "Kertas", "rincian.0.jumlah": "2", "kegiatan": "Lomba"}
    added = joko.post(f"{address}/completion", **cells, **{"add:rincian": "1"})
    assert (added.status_code, added.headers["Location"]) == (303, f"{address}#baris-2")
    page = joko.get(address).text
    assert 'id="baris-2"' in page
    assert 'value="Kertas"' in page
    assert 'value="Lomba"' in page
    joko.post(f"{address}/draft", **cells, **{"rincian.paste": "Pena\t3\nBuku\t4", "add:rincian": "paste"})
    assert 'name="rincian.2.barang" value="Buku"' in joko.get(address).text
    gone = joko.post(f"{address}/completion", **cells, **{"remove:rincian:0": "1"})
    assert gone.headers["Location"] == f"{address}#baris-1"
    assert 'value="Kertas"' not in joko.get(address).text


def test_enter_saves_the_draft_and_completes_nothing(joko: Visitor, task: Task) -> None:
    form = joko.get(f"/tasks/{task.id.hex}").text.partition('id="task-form"')[2]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert f'formaction="/tasks/{task.id.hex}/draft"' in first.group()


def test_a_chosen_file_survives_a_form_that_is_refused(site: Site, joko: Visitor, task: Task) -> None:
    answer = send_file(joko, task, kegiatan="")
    assert answer.status_code == 422
    assert "rencana.pdf" in answer.text
    staged = re.search(rf"/tasks/{task.id.hex}/staged/([0-9a-f]{{32}})", answer.text)
    assert staged is not None
    file = joko.get(staged.group())
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.data.startswith(b"%PDF")
    assert site.visitor("wati").get(staged.group()).status_code == 404
    gone = joko.post(f"/tasks/{task.id.hex}/completion", **{f"unstage:output.0:{staged.group(1)}": "1"})
    assert gone.status_code == 303
    assert "rencana.pdf" not in joko.get(f"/tasks/{task.id.hex}").text


def test_a_file_that_may_not_be_kept_is_named(joko: Visitor, task: Task) -> None:
    answer = send_file(joko, task, name="gambar.exe", content=b"MZ", **FILLED)
    assert answer.status_code == 422
    assert "gambar.exe" in answer.text
    assert 'href="#output.0"' in answer.text
    assert 'value="Pelatihan guru"' in answer.text


def test_a_slot_says_which_kinds_it_takes_and_refuses_others_by_name(site: Site, task: Task) -> None:
    joko, rina = site.visitor("joko"), site.visitor("rina")
    complete(joko, task, **FILLED)
    check = site.office.open_task(task.instance, "memeriksa")
    complete(rina, check, keputusan="Ya")
    archive = site.office.open_task(task.instance, "mengarsipkan")
    page = joko.get(f"/tasks/{archive.id.hex}").text
    assert "PDF, JPG, TXT, paling besar 50 MB." in page
    assert 'name="output.0" accept=".pdf,.jpg,.txt"' in page
    answer = send_file(joko, archive, name="arsip.csv", content=b"a;b", lokasi="Lemari 3")
    assert answer.status_code == 422
    assert "arsip.csv adalah dokumen CSV. Pilih dokumen jenis ini: PDF, JPG, TXT." in answer.text
    assert 'value="Lemari 3"' in answer.text


def test_a_refused_file_hides_no_other_problem(joko: Visitor, task: Task) -> None:
    answer = send_file(joko, task, name="gambar.exe", content=b"MZ", kegiatan="", done_on="kemarin")
    assert answer.status_code == 422
    for anchor in ("output.0", "kegiatan", "done_on"):
        assert f'href="#{anchor}"' in answer.text


def send_file(
    visitor: Visitor, task: Task, name: str = "rencana.pdf", content: bytes = b"", **fields: str
) -> TestResponse:
    data = {"csrf_token": visitor.token(), "attempt": uuid4().hex, **fields}
    file = (io.BytesIO(content or paper("Rencana")), name)
    return visitor.client.post(
        f"/tasks/{task.id.hex}/completion", data=data | {"output.0": file}, content_type="multipart/form-data"
    )


def test_a_day_before_today_is_kept(site: Site, task: Task) -> None:
    site.office.clock.set(site.office.clock.now().replace(day=25))
    joko = site.visitor("joko")
    complete(joko, task, **FILLED, done_on="24-11-2026")
    done = next(one for one in site.office.tasks(task.instance) if one.id == task.id)
    assert done.done_on is not None
    assert done.done_on.day == 24
    assert "Selasa, 24-11-2026" in joko.get(f"/tasks/{task.id.hex}").text


@pytest.mark.parametrize("attempt", ["", "x", str(UUID(int=0))])
def test_an_attempt_that_makes_no_sense_is_a_new_one(joko: Visitor, task: Task, attempt: str) -> None:
    assert complete(joko, task, **FILLED, attempt=attempt).status_code == 303


def test_messages_nobody_opens_do_not_fill_the_cookie(site: Site, joko: Visitor) -> None:
    for _ in range(12):
        case = site.office.start("joko", knowingly=True).instance
        assert complete(joko, site.office.open_task(case, "mengajukan"), **FILLED).status_code == 303
    assert joko.get("/tasks").text.count('class="note ok"') <= 2


def test_one_stays_in_the_case_while_its_next_step_is_ones_own(site: Site, joko: Visitor, task: Task) -> None:
    complete(joko, task, **FILLED)
    site.office.start("joko", knowingly=True)  # the next of the list, but of another case
    joko.get("/tasks")
    review = site.office.open_task(task.instance, "memeriksa")
    held_by = site.office.people["joko"].person
    assert held_by is not None
    tasks.assign(site.engine, site.office.people["rina"], review.id, held_by)
    answer = complete(joko, review, keputusan="Ya")
    own = site.office.open_task(task.instance, "mengarsipkan")
    assert answer.headers["Location"] == f"/tasks/{own.id.hex}"
    page = joko.get(answer.headers["Location"]).text
    assert "Tugas berikutnya, masih dalam berkas ini: Mengarsipkan izin." in page
    assert "berkas lain" not in page
