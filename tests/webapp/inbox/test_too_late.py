"""What is typed into a form that is no longer open is kept: others were first, or it was gone back to."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from engine.actions import tasks
from engine.model.task import Task
from tests.offices import scan
from tests.webapp.inbox.a_form import FILLED, complete, opened, typed
from tests.webapp.visitors import Site, Visitor

# -- taken or completed by somebody else ---------------------------------------------------------


@pytest.mark.parametrize("with_file", [False, True], ids=["alone", "with a file"])
@pytest.mark.parametrize("state", ["claimed", "completed"])
@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("completion", {}),
        ("draft", {}),
        ("draft", {"add:rincian": "1"}),
        ("comments", {"act:text": "Segera"}),
        ("preview/0", {}),
    ],
)
def test_what_comes_too_late_is_kept_and_can_be_read(
    site: Site, joko: Visitor, task: Task, act: str, more: dict[str, str], state: str, *, with_file: bool
) -> None:
    page = opened(joko, task)
    if state == "claimed":
        tasks.claim(site.engine, site.office.people["wati"], task.id)
    else:
        complete(site.visitor("wati"), task, **FILLED)
    file = {"output.0": (io.BytesIO(scan().stream.read()), "rencana.pdf")} if with_file else {}
    address = f"/tasks/{task.id.hex}"
    sent = {"csrf_token": joko.token(), "kegiatan": "Lomba siswa", **more, **page, **file}
    joko.client.post(f"{address}/{act}", data=sent, content_type="multipart/form-data")
    assert typed(site, task)["kegiatan"] == ["Lomba siswa"]
    later = joko.get(address).text
    assert "Yang Anda ketik" in later
    assert "<dd>Lomba siswa</dd>" in later


def test_who_lost_a_claimed_task_is_told_that_the_typing_is_kept(
    site: Site, joko: Visitor, task: Task
) -> None:
    page = opened(joko, task)
    tasks.claim(site.engine, site.office.people["wati"], task.id)
    answer = complete(joko, task, kegiatan="Lomba siswa", **{**page, "attempt": uuid4().hex})
    assert answer.status_code == 403
    assert "<dd>Lomba siswa</dd>" in answer.text


def test_a_second_click_with_a_file_is_no_refused_attempt(site: Site, joko: Visitor, task: Task) -> None:
    page = opened(joko, task)
    for _click in range(2):
        file = (io.BytesIO(scan().stream.read()), "rencana.pdf")
        sent = {"csrf_token": joko.token(), **FILLED, **page, "output.0": file}
        answer = joko.client.post(
            f"/tasks/{task.id.hex}/completion", data=sent, content_type="multipart/form-data"
        )
        assert answer.status_code == 303
    assert "attempt.refused" not in site.office.kinds(task.instance)


# -- gone back to, after it was sent --------------------------------------------------------------

LATER = {**FILLED, "kegiatan": "Lomba siswa"}


@pytest.fixture
def sent(joko: Visitor, task: Task) -> dict[str, str]:
    """Give what the page of joko's task has hidden, after he has sent its form."""
    page = opened(joko, task)
    assert complete(joko, task, **FILLED, **page).status_code == 303
    return page


@pytest.mark.parametrize(
    ("act", "more", "status"),
    [
        ("comments", {"act:text": "Segera"}, 303),
        ("suggestion", {"act:better": "Lebih singkat"}, 303),
        ("documents", {"act:name": "Lampiran"}, 409),
        ("pause", {"act:reason": "Menunggu rapat"}, 409),
        ("completion", {}, 303),
        ("completion", {"add:rincian": "1"}, 303),
        ("draft", {}, 303),
        ("preview/0", {}, 303),
    ],
)
def test_what_is_typed_into_a_form_gone_back_to_is_kept_and_named(
    site: Site,
    joko: Visitor,
    task: Task,
    sent: dict[str, str],
    act: str,
    *,
    more: dict[str, str],
    status: int,
) -> None:
    address = f"/tasks/{task.id.hex}"
    file = {"act:file": (io.BytesIO(scan().stream.read()), "lampiran.pdf")} if act == "documents" else {}
    fields = {"csrf_token": joko.token(), **LATER, **sent, **more, **file}
    answer = joko.client.post(f"{address}/{act}", data=fields, content_type="multipart/form-data")
    assert answer.status_code == status
    assert typed(site, task)["kegiatan"] == ["Lomba siswa"]
    said = answer if status == 409 else joko.get(answer.headers["Location"])
    assert f'<a href="{address}#typed">Yang Anda ketik</a>' in said.text
    there = joko.get(address).text
    assert 'id="typed"' in there
    assert "<dd>Lomba siswa</dd>" in there


def test_what_was_written_for_an_act_that_came_too_late_is_shown_to_be_copied(
    joko: Visitor, task: Task, sent: dict[str, str]
) -> None:
    reason = {"act:reason": "Menunggu <b>rapat</b>"}
    answer = joko.post(f"/tasks/{task.id.hex}/pause", **LATER, **sent, **reason)
    assert '<p class="read-text">Menunggu &lt;b&gt;rapat&lt;/b&gt;</p>' in answer.text


def test_a_file_chosen_in_a_form_gone_back_to_is_named_as_not_taken(
    joko: Visitor, task: Task, sent: dict[str, str]
) -> None:
    file = {"output.0": (io.BytesIO(scan().stream.read()), "rencana.pdf")}
    fields = {"csrf_token": joko.token(), **FILLED, **sent, "act:text": "Segera", **file}
    answer = joko.client.post(
        f"/tasks/{task.id.hex}/comments", data=fields, content_type="multipart/form-data"
    )
    page = joko.get(answer.headers["Location"]).text
    assert "Tidak diterima, karena tugas ini tidak lagi terbuka bagi Anda: rencana.pdf." in page
    assert "Segera" in page


@pytest.mark.parametrize("act", ["completion", "comments"])
def test_a_form_gone_back_to_and_left_as_it_was_sent_leaves_no_draft(
    site: Site, joko: Visitor, task: Task, sent: dict[str, str], act: str
) -> None:
    file = {"output.0": (io.BytesIO(scan().stream.read()), "rencana.pdf")}
    fields = {"csrf_token": joko.token(), **FILLED, **sent, "act:text": "Segera", **file}
    joko.client.post(f"/tasks/{task.id.hex}/{act}", data=fields, content_type="multipart/form-data")
    assert typed(site, task) == {}
    assert "Yang Anda ketik" not in joko.get(f"/tasks/{task.id.hex}").text


def test_a_script_says_when_the_page_was_gone_back_to(
    site: Site, joko: Visitor, task: Task, sent: dict[str, str]
) -> None:
    said = [
        joko.client.post(
            f"/tasks/{task.id.hex}/draft",
            data={"csrf_token": joko.token(), **LATER, **sent, **more},
            headers={"X-Requested-With": "fetch"},
        ).get_json()["closed"]
        for more in ({}, {"act:gone-back": "1"})
    ]
    assert said == [False, True]
    assert typed(site, task)["kegiatan"] == ["Lomba siswa"]
