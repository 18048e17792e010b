"""A document made from a form can be seen before the task is completed."""

from __future__ import annotations

import re

from engine.model.task import Task
from tests.webapp.inbox.a_form import FILLED, typed
from tests.webapp.visitors import Site, Visitor


def test_what_is_typed_is_saved_and_shown_as_pages(site: Site, joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    assert f'formaction="{address}/preview/0"' in joko.get(address).text
    answer = joko.post(f"{address}/preview/0", **FILLED, attempt=task.id.hex, revision="0", inbox="q=izin")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}/preview/0?q=izin")
    assert typed(site, task)["kegiatan"] == ["Pelatihan guru"]
    page = joko.get(answer.headers["Location"]).text
    assert "Pratinjau: Permohonan" in page
    assert "Ini belum menjadi dokumen berkas." in page
    assert f'href="{address}?q=izin"' in page
    [first] = re.findall(r'<img [^>]*src="([^"]+)"', page)
    picture = joko.get(first)
    assert picture.headers["Content-Type"] == "image/webp"
    assert picture.data[8:12] == b"WEBP"
    assert site.office.kinds(task.instance) == ["case.started", "task.opened"]


def test_an_unfinished_form_is_shown_as_far_as_it_can_be_read(joko: Visitor, task: Task) -> None:
    address = f"/tasks/{task.id.hex}"
    joko.post(f"{address}/draft", kegiatan="Lomba", biaya="seribu")
    before = re.findall(r'<img [^>]*src="([^"]+)"', joko.get(f"{address}/preview/0").text)
    joko.post(f"{address}/draft", kegiatan="Lomba sains", biaya="seribu")
    assert before != re.findall(r'<img [^>]*src="([^"]+)"', joko.get(f"{address}/preview/0").text)


def test_there_is_nothing_to_see_of_what_is_uploaded_or_another_persons(
    site: Site, joko: Visitor, task: Task
) -> None:
    assert joko.get(f"/tasks/{task.id.hex}/preview/7").status_code == 404
    assert site.visitor("agus").get(f"/tasks/{task.id.hex}/preview/0").status_code == 404
