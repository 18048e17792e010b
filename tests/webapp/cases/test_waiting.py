"""A case that nobody has a task of says what it waits for: a message, or a time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.actions.api_tokens import holder_of, issue_token
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.messages import read_incoming, receive
from engine.actions.offices import operator
from engine.connectors import CallFailed
from engine.worker import deliver_due
from tests.connecting import desk_of
from tests.engine.bpmn.drawn import element, timer
from tests.letters import ANSWER, ASKS, draw, undrawn
from tests.offices import SAMPLES
from tests.webapp.visitors import Site

ANSWERED = draw(
    "dijawab",
    element("intermediateCatchEvent", "tunggu", ANSWER, name="Jawaban bidang"),
    steps=("meminta", "tunggu", "membaca"),
)
LATER = draw(
    "nanti",
    element("intermediateCatchEvent", "tunggu", timer("timeDuration", "PT3H"), name="Masa sanggah"),
    steps=("meminta", "tunggu", "membaca"),
)


BOTH = draw(
    "keduanya",
    '<bpmn:sequenceFlow id="juga" sourceRef="mulai" targetRef="membaca" />',
    steps=("meminta", "membaca"),
)


def seen(site: Site, package: Package) -> str:
    """Read the page of a case that has come to where it waits."""
    deploy(site.engine, operator(site.office.id), package)
    case = site.office.start(key=package.key).instance
    site.office.complete(case, "meminta", "joko", {})
    page = site.visitor("joko").get(f"/cases/{case.hex}")
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize("drawn", [ANSWERED, undrawn(ANSWERED)], ids=["drawn", "undrawn"])
def test_a_case_says_which_message_it_waits_for(site: Site, drawn: Package) -> None:
    assert "Jawaban bidang menunggu pesan “Jawaban”" in seen(site, drawn)


def test_a_case_says_that_its_message_reached_nobody(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), ASKS)
    case = site.office.start(key=ASKS.key).instance
    site.office.complete(case, "meminta", "joko", {})
    site.office.clock.move(timedelta(hours=25))
    deliver_due(site.engine)
    text = site.visitor("joko").get(f"/cases/{case.hex}").text
    assert "Pesan tidak diterima siapa pun" in text
    assert "“Permintaan”: selama sehari tidak ada berkas yang menunggunya" in text


@pytest.mark.parametrize("drawn", [LATER, undrawn(LATER)], ids=["drawn", "undrawn"])
def test_a_case_says_until_when_it_waits(site: Site, drawn: Package) -> None:
    assert "Masa sanggah menunggu sampai" in seen(site, drawn)


def test_a_case_says_how_many_of_its_own_messages_were_let_go(site: Site) -> None:
    often, more = (f'<bpmn:standardLoopCharacteristics loopMaximum="{times}"/>' for times in (1000, 3))
    talks = draw(
        "bicara",
        element("sendTask", "kirim", often, messageRef="jawaban"),
        element("sendTask", "lagi", more, messageRef="jawaban"),
        element("intermediateCatchEvent", "tunggu", ANSWER),
        steps=("meminta", "kirim", "lagi", "membaca", "tunggu"),
    )
    text = seen(site, talks)
    assert "Pesan tidak diterima siapa pun" in text
    assert (
        "“Jawaban”: tidak ada langkah berkas ini yang menunggunya dan simpanan sudah penuh; 3 pesan" in text
    )


def test_the_list_of_cases_does_not_call_a_message_a_time(site: Site) -> None:
    seen(site, ANSWERED)
    assert "Menunggu pesan atau waktu yang ditetapkan" in site.visitor("joko").get("/cases").text


@pytest.mark.parametrize("drawn", [True, False])
def test_a_case_that_stands_still_says_so_wherever_it_is_shown(site: Site, *, drawn: bool) -> None:
    desk = desk_of(site.office)
    if not drawn:
        deploy(desk.office.engine, operator(site.office.id), undrawn(read_package(SAMPLES / "surat")))
    desk.email.answers = [CallFailed("No such server", code="no-server", final=True)]
    case = desk.write()
    listed = site.visitor("joko").get("/cases").text
    assert ("Menunggu sistem lain" in listed, "Terhenti" in listed) == (True, False)
    desk.work()
    listed, page = (site.visitor("joko").get(address).text for address in ("/cases", f"/cases/{case.hex}"))
    assert ("Menunggu sistem lain" in listed, "Terhenti" in listed) == (False, True)
    assert "Sekarang: Mengirim undangan terhenti sejak" in page
    assert "Menunggu jawaban" not in page


def test_a_case_ends_with_a_step_only_where_nothing_else_is_open(site: Site) -> None:
    deploy(site.engine, operator(site.office.id), BOTH)
    case = site.office.start(key="keduanya").instance
    joko = site.visitor("joko")

    def buttons() -> str:
        return joko.get(f"/tasks/{site.office.open_task(case, 'membaca').id.hex}").text

    assert "Selesai, akhiri berkas" not in buttons()
    assert "berkas selesai" not in joko.get(f"/cases/{case.hex}").text
    site.office.complete(case, "membaca", "joko", {})
    site.office.complete(case, "meminta", "joko", {})
    assert "Selesai, akhiri berkas" in buttons()
    assert "berkas selesai" in joko.get(f"/cases/{case.hex}").text


def test_the_history_says_what_a_message_brought(site: Site) -> None:
    seen(site, ANSWERED)
    token = holder_of(
        site.engine, issue_token(site.engine, operator(site.office.id), "e-surat", timedelta(days=1))
    )
    assert token is not None
    brought = {"isi": "Pindah <b>hari</b>", "setuju": True, "lampiran": ["a"]}
    receive(site.engine, token, read_incoming({"id": "1", "name": "Jawaban", "data": brought}))
    joko = site.visitor("joko")
    address, *_ = re.findall(r'href="(/cases/[0-9a-f]{32})"', joko.get("/cases").text)
    page = joko.get(address).text
    assert "isi: Pindah &lt;b&gt;hari&lt;/b&gt;" in page
    assert "setuju: Ya" in page
    assert "lampiran" not in page
