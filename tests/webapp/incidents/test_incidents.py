"""What stands still, on its pages: for everybody calmly, for who looks after it with all that is known."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.errors import ProcessFailed
from engine.ids import new_id
from engine.model.event import EventKind
from engine.queries.library_versions import versions_of
from engine.storage import incidents
from engine.storage.suspensions import MOST_TIME_OUTS, stopped_of
from engine.worker import fire_due
from tests.engine.actions.failing import failing_start, slow
from tests.offices import SAMPLES
from tests.webapp.visitors import Site, Visitor

LEAST = {"paling_sedikit": "5"}


@pytest.fixture
def case(site: Site) -> UUID:
    """Let Kasub press in vain: the amount and the days were left empty."""
    office = site.office
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "taksiran"))
    started = office.start(key="taksiran", title="Taksiran <b>gedung</b>").instance
    office.complete(started, "mengisi", "joko", {})
    with pytest.raises(ProcessFailed):
        office.complete(started, "memeriksa", "rina", LEAST)
    return started


def address(site: Site, case: UUID) -> str:
    with site.engine.store.reading() as connection:
        return f"/admin/incidents/{incidents.open_of(connection, case)[0].id.hex}"


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def english(visitor: Visitor) -> Visitor:
    visitor.post("/language", language="en", next="/account")
    return visitor


def test_the_list_says_what_fails_where_and_since_when(site: Site, case: UUID) -> None:
    page = said(english(site.visitor("dewi")).get("/admin/incidents").text)
    assert "Cukup? – 001/TB/2026 Taksiran <b>gedung</b> – Taksiran Biaya" in page
    assert "Cukup? failed: line 1, column 1: nothing and a number cannot be compared" in page
    assert "1 time" in page
    assert "Nothing solved yet" in said(site.visitor("dewi").get("/admin/incidents?state=solved").text)
    assert case


def test_its_number_stands_in_the_menu_of_who_looks_after_it(site: Site, case: UUID) -> None:
    counted = re.compile(r'href="/admin(?:/incidents)?".{0,400}?<span class="count">1</span>', re.DOTALL)
    for who in ("dewi", "putu"):
        assert counted.search(site.visitor(who).get("/cases").text), who
    for who in ("joko", "agus"):
        assert not counted.search(site.visitor(who).get(f"/cases/{case.hex}").text), who


def test_the_page_shows_the_data_the_diagram_and_who_was_first(site: Site, case: UUID) -> None:
    answer = english(site.visitor("putu")).get(address(site, case))
    page = said(answer.text)
    assert "Problem at “Cukup?”" in page
    assert 'mengisi["jumlah"] >= memeriksa["paling_sedikit"]' in page
    assert "Mengisi taksiran / jumlah empty the same Correct" in page
    assert "Memeriksa taksiran / paling_sedikit 5 comes with the form" in page
    assert 'class="stop"' in answer.text
    assert "stopped since 23-11-2026" in page
    assert "The task “Memeriksa taksiran” is still open with Kasub" in page
    assert "<b>gedung" not in answer.text


def test_a_value_is_corrected_and_what_failed_checked_again(site: Site, case: UUID) -> None:
    dewi, here = english(site.visitor("dewi")), address(site, case)
    dewi.post(f"{here}/retry")
    assert "It still fails: The expression at Cukup? failed" in said(dewi.get(here).text)
    answer = correct(dewi, here, kind="number", value="7", reason="Lupa diisi")
    assert answer.headers["Location"] == here
    page = said(dewi.get(here).text)
    assert "The value is corrected; the old one is on record." in page
    assert "It would go through now. Whoever has the task can complete it." in page
    assert "Mengisi taksiran / jumlah empty 7 Correct" in page
    assert (
        "A value was corrected Mengisi taksiran / jumlah: empty → 7 Lupa diisi Administrator (Dewi)" in page
    )
    site.office.complete(case, "memeriksa", "rina", LEAST)
    page = said(dewi.get(here).text)
    assert "Solved: the step went through" in page
    assert "Correct " not in page


def test_what_is_wrong_with_a_correction_is_told_beside_what_was_typed(site: Site, case: UUID) -> None:
    dewi, here = english(site.visitor("dewi")), address(site, case)
    answer = correct(dewi, here, kind="number", value="tujuh", reason="")
    assert answer.status_code == 422
    page = said(answer.text)
    assert "2 fields need correcting" in page
    assert "New value: This is not a number." in page
    assert "tujuh</textarea>" in answer.text
    assert 'id="kind-number" value="number" checked' in answer.text
    assert EventKind.INCIDENT_CORRECTED not in site.office.kinds(case)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [("text", "a<i>", "a<i>"), ("yes", "", "Yes"), ("no", "x", "No"), ("json", '["a", 1]', '[ "a", 1 ]')],
)
def test_every_kind_of_value_can_be_typed(site: Site, case: UUID, kind: str, value: str, shown: str) -> None:
    dewi, here = english(site.visitor("dewi")), address(site, case)
    correct(dewi, here, kind=kind, value=value, reason="Lupa diisi")
    answer = dewi.get(here).text
    assert f"Mengisi taksiran / jumlah empty {shown} Correct" in said(answer)
    assert "a<i>" not in answer


def test_a_value_that_changed_meanwhile_is_told(site: Site, case: UUID) -> None:
    dewi, putu, here = english(site.visitor("dewi")), site.visitor("putu"), address(site, case)
    old = seen_of(dewi, here)
    correct(putu, here, kind="number", value="7", reason="Lupa diisi")
    at = [("at", "mengisi"), ("at", "jumlah"), ("seen", old), ("kind", "number"), ("value", "8")]
    fields = [("csrf_token", dewi.token()), *at, ("reason", "Juga")]
    dewi.client.post(f"{here}/correction", data=MultiDict(fields))
    assert "has changed in the meantime" in said(dewi.get(here).text)


def test_a_timer_is_tried_again_and_the_case_goes_on(site: Site, case: UUID) -> None:
    site.office.clock.move(timedelta(hours=24))
    fire_due(site.engine)
    dewi = english(site.visitor("dewi"))
    with site.engine.store.reading() as connection:
        here = f"/admin/incidents/{incidents.open_of(connection, case)[-1].id.hex}"
    assert "Reaching the set time “Sehari”" in said(dewi.get(here).text)
    for name, value in (("jumlah", "8"), ("hari", "2")):
        correct(dewi, here, name, kind="number", value=value, reason="Lupa diisi")
    page = said(dewi.get(here).text)
    assert "It went through. The case goes on." in page
    assert "menagih" in site.office.open_elements(case)


def test_a_start_that_fails_is_shown_without_a_case_and_closed_by_hand(site: Site, tmp_path: Path) -> None:
    failing_start(site.office, tmp_path)
    with pytest.raises(ProcessFailed):
        site.office.start(key="taksiran", year=2027)
    putu = english(site.visitor("putu"))
    listed = putu.get("/admin/incidents").text
    assert "No case could be started – Taksiran Biaya" in said(listed)
    found = re.search(r'href="(/admin/incidents/[0-9a-f]{32})"', listed)
    assert found is not None
    here = found.group(1)
    page = said(putu.get(here).text)
    assert "Problem at “Menyiapkan”" in page
    assert "Starting a case" in page
    assert "case / year 2027" in page
    putu.post(f"{here}/retry")
    assert "It would go through now. A case can be started." in said(putu.get(here).text)
    refused = putu.post(f"{here}/closure", reason=" ")
    assert (refused.status_code, "Write the reason" in refused.text) == (422, True)
    putu.post(f"{here}/closure", reason="Tahun salah")
    page = said(putu.get(here).text)
    assert "Closed by hand" in page
    assert "Tahun salah" in page


def test_the_case_says_calmly_that_it_stands_still(site: Site, case: UUID) -> None:
    for who, may in (("joko", False), ("rina", False), ("agus", False), ("putu", True)):
        answer = english(site.visitor(who)).get(f"/cases/{case.hex}")
        page = said(answer.text)
        assert "Part of this case stands still “Cukup?” could not go on, since Monday" in page, who
        assert "Nothing is lost. This is looked after by: Administrator (Dewi), Pemilik SOP (Putu)." in page
        assert ("Look at the problem" in page) is may, who
        assert "NoneType" not in page, "what it saw is not for everybody"
        assert 'class="stop"' in answer.text
        assert "stopped since 23-11-2026" in page
    assert "Stopped by a problem Cukup?" in page
    assert 'class="stop"' in site.visitor("joko").get(f"/cases/{case.hex}/diagram").text


def test_whoever_presses_in_vain_is_told_that_it_is_noted(site: Site, case: UUID) -> None:
    task, rina = site.office.open_task(case, "memeriksa"), english(site.visitor("rina"))
    answer = rina.post(f"/tasks/{task.id.hex}/completion", paling_sedikit="5", attempt=new_id().hex)
    page = said(answer.text)
    assert answer.status_code == 409
    assert "The expression at Cukup? failed: nothing and a number cannot be compared" in page
    assert "This is noted as a problem; whoever looks after the SOP sees it." in page


@pytest.mark.parametrize(
    "place", ["at=case&at=year", "at=mengisi&at=none", "at=", "at=mengisi&at=jumlah&at=x"]
)
def test_what_the_step_did_not_see_has_no_page(site: Site, case: UUID, place: str) -> None:
    assert site.visitor("dewi").get(f"{address(site, case)}/correction?{place}").status_code == 404


def test_a_whole_variable_can_be_corrected(site: Site, case: UUID) -> None:
    dewi, here = english(site.visitor("dewi")), address(site, case)
    page = dewi.get(here).text
    assert f'href="{here}/correction?at=mengisi">Mengisi taksiran</a>' in page
    form = dewi.get(f"{here}/correction?at=mengisi").text
    seen = re.search(r'name="seen" value="([^"]+)"', form)
    assert seen is not None
    fields = {
        "at": "mengisi",
        "seen": seen.group(1),
        "kind": "json",
        "value": '{"jumlah": 9}',
        "reason": "Baru",
    }
    dewi.post(f"{here}/correction", **fields)
    assert "It would go through now." in said(dewi.get(here).text)


def test_a_case_that_goes_on_says_nothing_of_it(site: Site) -> None:
    office = site.office
    started = office.start(knowingly=True).instance
    page = english(site.visitor("putu")).get(f"/cases/{started.hex}").text
    assert "stands still" not in page
    assert 'class="stop"' not in page


def seen_of(visitor: Visitor, here: str, name: str = "jumlah") -> str:
    """Read the hidden field by which a value that changed meanwhile is told."""
    page = visitor.get(f"{here}/correction?at=mengisi&at={name}").text
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def correct(visitor: Visitor, here: str, name: str = "jumlah", **fields: str) -> TestResponse:
    place = [("at", "mengisi"), ("at", name), ("seen", seen_of(visitor, here, name))]
    sent = [("csrf_token", visitor.token()), *place, *fields.items()]
    return visitor.client.post(f"{here}/correction", data=MultiDict(sent))


@pytest.fixture
def stopped(site: Site, tmp_path: Path) -> str:
    """Stop an SOP whose condition never ends; gives the address of the problem."""
    office = site.office
    slow(office, tmp_path, start=True)
    for _ in range(MOST_TIME_OUTS):
        with pytest.raises(ProcessFailed):
            office.start(key="taksiran")
    with site.engine.store.reading() as connection:
        version = site.engine.versions.get(
            versions_of(connection, office.people["dewi"], "taksiran")[1][0].id
        )
        stops = stopped_of(connection, [version.id])[version.id]
    return f"/admin/incidents/{stops.hex}"


def test_a_stopped_sop_is_said_in_the_library_and_goes_on_with_a_button(site: Site, stopped: str) -> None:
    dewi, joko = english(site.visitor("dewi")), english(site.visitor("joko"))
    assert "Stopped for the time being." in said(joko.get("/library/taksiran").text)
    assert stopped not in joko.get("/library/taksiran").text
    assert stopped in dewi.get("/library/taksiran").text
    assert "Stopped" in said(joko.get("/library").text)
    page = dewi.get(stopped).text
    assert "Taksiran Biaya ran out of time 5 times within 10 minutes" in said(page)
    assert "Let the SOP go on" in said(page)
    assert "Check whether it would go through" not in said(page)
    assert dewi.post(f"{stopped}/closure", reason="").status_code == 422
    assert dewi.post(f"{stopped}/closure", reason="Server tidak sibuk lagi").status_code == 303
    assert "The SOP goes on; its cases are as they were." in said(dewi.get(stopped).text)
    assert "Stopped" not in said(joko.get("/library/taksiran").text)


def test_its_owner_sees_it_but_cannot_let_it_go_on(site: Site, stopped: str) -> None:
    putu = english(site.visitor("putu"))
    page = said(putu.get(stopped).text)
    assert "An administrator lets it go on." in page
    assert "Let the SOP go on" not in page
    assert putu.post(f"{stopped}/closure", reason="Saya pemiliknya").status_code == 403


def test_who_comes_back_to_the_task_reads_why_it_could_not_be_completed(site: Site, case: UUID) -> None:
    task = site.office.open_task(case, "memeriksa").id
    page = said(site.visitor("rina").get(f"/tasks/{task.hex}").text)
    assert "Tugas ini belum dapat diselesaikan Terakhir dicoba pada" in page
    assert "Cukup?" in page
    assert "baris 1" not in page, "where in the expression is for who looks after the SOP"
    assert "Isian di bawah dapat diubah lalu dikirim lagi." in page
    others = site.office.start("joko", knowingly=True).instance
    other = site.office.open_task(others, "mengajukan").id
    assert "belum dapat diselesaikan" not in site.visitor("joko").get(f"/tasks/{other.hex}").text
