"""What is typed is kept: on two pages at once, by a preparer and a holder, before acts beside the form."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from engine.model.task import Task
from tests.offices import scan
from tests.webapp.inbox.a_form import FILLED, complete, hidden, opened, typed
from tests.webapp.visitors import Site, Visitor

# -- the same task on two pages ------------------------------------------------------------------


def test_an_old_page_is_told_and_both_versions_stay(site: Site, joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    desk, phone = opened(joko, task), opened(joko, task)
    joko.post(f"{address}/draft", kegiatan="Dari meja", **desk)
    answer = joko.post(f"{address}/draft", kegiatan="Dari telepon", **phone)
    assert answer.status_code == 409
    assert "Draf diubah di halaman lain" in answer.text
    assert 'value="Dari telepon"' in answer.text
    assert f'<a href="{address}">Buka draf dari halaman lain</a>' in answer.text
    assert "draft=aside" not in answer.text  # that is what stands in this page
    assert typed(site, task)["kegiatan"] == ["Dari meja"]
    page = joko.get(address).text
    assert 'value="Dari meja"' in page
    assert f'href="{address}?draft=aside"' in page
    assert 'value="Dari telepon"' in joko.get(f"{address}?draft=aside").text
    joko.post(f"{address}/draft", kegiatan="Dari telepon", **opened(joko, task, "?draft=aside"))
    assert typed(site, task)["kegiatan"] == ["Dari telepon"]
    assert 'value="Dari meja"' in joko.get(f"{address}?draft=aside").text


def test_an_old_page_completes_nothing_until_it_knows(site: Site, joko: Visitor, task: Task) -> None:
    old = opened(joko, task)
    joko.post(f"/tasks/{task.id.hex}/draft", kegiatan="Baru", **opened(joko, task))
    answer = complete(joko, task, **FILLED, **old)
    assert answer.status_code == 409
    assert 'value="Pelatihan guru"' in answer.text
    again = {name: hidden(answer.text, name) for name in ("attempt", "revision", "other")}
    assert complete(joko, task, **FILLED, **again).status_code == 303
    assert site.office.open_elements(task.instance) == ["memeriksa"]


def test_a_script_on_an_old_page_is_told_too(site: Site, joko: Visitor, task: Task) -> None:
    old = opened(joko, task)
    joko.post(f"/tasks/{task.id.hex}/draft", kegiatan="Baru", **opened(joko, task))
    answer = joko.client.post(
        f"/tasks/{task.id.hex}/draft",
        data={"csrf_token": joko.token(), "kegiatan": "Lama", **old},
        headers={"X-Requested-With": "fetch"},
    )
    assert (answer.status_code, answer.get_json()) == (409, {"elsewhere": "23-11-2026 pukul 08.30"})
    assert typed(site, task)["kegiatan"] == ["Baru"]


def test_the_preparer_and_the_holder_are_offered_each_others(site: Site, joko: Visitor, task: Task) -> None:
    address, tono = f"/tasks/{task.id.hex}", site.visitor("tono")
    asked = {"act:person": site.office.people["tono"].person.hex}  # type: ignore[union-attr]
    joko.post(f"{address}/preparation", kegiatan="Dari Joko", **asked, **opened(joko, task))
    assert 'value="Dari Joko"' in tono.get(address).text
    assert "Sejauh ini diisi oleh Staf Subbag (Joko)." in tono.get(address).text
    site.office.clock.move(timedelta(minutes=5))
    tono.post(f"{address}/draft", kegiatan="Dari Tono", **opened(tono, task))
    page = joko.get(address).text
    assert 'value="Dari Tono"' in page
    assert "Diisi oleh Tono." in page
    assert "Isi formulir dari draf Anda sendiri" in page
    mine = site.office.people["joko"].person
    assert mine is not None
    assert 'value="Dari Joko"' in joko.get(f"{address}?draft={mine.hex}").text


def test_a_body_that_cannot_be_read_saves_no_empty_draft(site: Site, joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}/draft"
    joko.post(address, kegiatan="Lama")
    cut = b'--b\r\nContent-Disposition: form-data; name="kegiatan"\r\n\r\nBar'
    for headers, status in (({}, 403), ({"X-CSRFToken": joko.token()}, 400)):
        answer = joko.client.post(
            address, data=cut, content_type="multipart/form-data; boundary=b", headers=headers
        )
        assert answer.status_code == status
    assert typed(site, task) == {"kegiatan": ["Lama"]}


def test_an_act_on_an_old_page_says_where_its_typing_is(site: Site, joko: Visitor, task: Task) -> None:
    address, old = f"/tasks/{task.id.hex}", opened(joko, task)
    joko.post(f"{address}/draft", kegiatan="Baru", **opened(joko, task))
    answer = joko.post(f"{address}/comments", kegiatan="Lama", **{"act:text": "Segera"}, **old)
    page = joko.get(answer.headers["Location"]).text
    assert f'<a href="{address}?draft=aside">Isi formulir dengan isian itu</a>' in page
    assert 'value="Lama"' in joko.get(f"{address}?draft=aside").text
    assert typed(site, task)["kegiatan"] == ["Baru"]


# -- acts beside the form ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("claim", {}),
        ("comments", {"act:text": "Segera"}),
        ("pause", {"act:reason": "Menunggu rapat"}),
        ("pause", {"act:reason": ""}),
        ("documents", {"act:name": "Lampiran"}),
    ],
)
def test_an_act_beside_the_form_keeps_what_is_typed(
    site: Site, joko: Visitor, task: Task, act: str, fields: dict[str, str]
) -> None:
    answer = joko.post(
        f"/tasks/{task.id.hex}/{act}", kegiatan="Belum disimpan", **fields, **opened(joko, task)
    )
    assert answer.status_code in {303, 422}
    assert typed(site, task)["kegiatan"] == ["Belum disimpan"]
    assert 'value="Belum disimpan"' in joko.get(f"/tasks/{task.id.hex}").text


def test_what_was_typed_into_a_task_that_somebody_else_completed_is_kept(
    site: Site, joko: Visitor, task: Task
) -> None:
    page = opened(joko, task)
    complete(site.visitor("wati"), task, **FILLED)
    said = {"act:text": "Sudah saya isi juga"}
    assert (
        joko.post(f"/tasks/{task.id.hex}/comments", kegiatan="Punya joko", **said, **page).status_code == 303
    )
    assert typed(site, task)["kegiatan"] == ["Punya joko"]


def test_an_act_beside_an_untouched_form_leaves_no_draft(site: Site, joko: Visitor, task: Task) -> None:
    page = joko.get(f"/tasks/{task.id.hex}").text.partition('id="task-form"')[2].partition("</form>")[0]
    untouched = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page))
    joko.post(f"/tasks/{task.id.hex}/claim", **untouched)
    assert typed(site, task) == {}


def test_the_buttons_of_acts_send_the_form_along(joko: Visitor, task: Task) -> None:
    page = joko.get(f"/tasks/{task.id.hex}").text.partition('id="task-form"')[2].partition("</form>")[0]
    for act in ("claim", "pause", "preparation", "documents", "comments"):
        assert f'formaction="/tasks/{task.id.hex}/{act}"' in page


@pytest.mark.parametrize("act", ["completion", "draft", "pause", "documents"])
def test_the_address_of_a_refused_form_opens_the_task_again(joko: Visitor, task: Task, act: str) -> None:
    answer = joko.get(f"/tasks/{task.id.hex}/{act}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tasks/{task.id.hex}")


def test_the_inbox_says_that_there_is_a_draft(site: Site, joko: Visitor, task: Task) -> None:
    assert "Draf tersimpan" not in joko.get("/tasks").text
    joko.post(f"/tasks/{task.id.hex}/draft", kegiatan="Mulai")
    assert "Draf tersimpan pukul 08.30" in joko.get("/tasks").text
    site.office.clock.move(timedelta(days=1))
    joko = site.visitor("joko")
    assert "Draf tersimpan 23-11-2026 pukul 08.30" in joko.get("/tasks").text
    assert "Draf tersimpan 23-11-2026 pukul 08.30" in joko.get(f"/tasks/{task.id.hex}").text


def test_what_is_more_than_a_form_can_hold_is_not_said_to_be_a_closed_task(joko: Visitor, task: Task) -> None:
    address, page = f"/tasks/{task.id.hex}", opened(joko, task)
    file = {"output.0": (io.BytesIO(scan().stream.read()), "rencana.pdf")}
    sent = {"csrf_token": joko.token(), "kegiatan": "x" * 1_000_001, "act:text": "Segera", **page, **file}
    answer = joko.client.post(f"{address}/comments", data=sent, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the client wrote it to a file, for it is long
    assert answer.status_code == 403
    assert "Isian ini melebihi" in answer.text
    assert "Tidak diterima, karena" not in answer.text + joko.get(address).text
