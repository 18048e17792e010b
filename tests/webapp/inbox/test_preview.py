"""A document made from a form can be seen before the task is completed."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.form_documents import Section
from engine.model.task import Task
from engine.queries.task_preview import task_preview
from tests.offices import SAMPLES
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


def test_two_documents_of_one_form_show_their_own_part_before_and_after(site: Site) -> None:
    office, joko = site.office, site.visitor("joko")
    deploy_with_a_list_of_its_own(site)
    case = office.start("joko", knowingly=True)
    assert case.first_task is not None
    joko.post(f"/tasks/{case.first_task.hex}/draft", kegiatan="Lomba", biaya="250")
    drawn = [task_preview(office.engine, office.people["joko"], case.first_task, slot) for slot in (0, 1)]
    assert [labels(one.drawn.sections) for one in drawn] == [["Kegiatan", "Biaya"], ["Kegiatan"]]
    office.complete(case.instance, "mengajukan", "joko", {"kegiatan": "Lomba", "biaya": "250"})
    request, other = (joko.get(f"/cases/{case.instance.hex}/documents/{no}").text for no in (1, 2))
    assert "<dt>Biaya</dt>" in request
    assert "<dt>Kegiatan</dt>" in other
    assert "<dt>Biaya</dt>" not in other


def deploy_with_a_list_of_its_own(site: Site) -> None:
    """Let the first step make a second document, in which what it costs is not printed."""
    izin = read_package(SAMPLES / "izin")
    form = json.loads(izin.forms["mengajukan"])
    form["components"][1]["properties"] = {"printedIn": "Permohonan"}
    output = b'<sop:output name="Permohonan" source="form" />'
    drawn = izin.bpmn.replace(output, output + output.replace(b"Permohonan", b"Daftar"))
    forms = {**izin.forms, "mengajukan": json.dumps(form)}
    deploy(site.office.engine, operator(site.office.id), replace(izin, bpmn=drawn, forms=forms))


def labels(sections: tuple[Section, ...]) -> list[str]:
    return [label for section in sections for label, _value in section.pairs]
