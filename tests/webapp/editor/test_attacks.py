"""A process owner's words as attacks: stored in every place, and text on every page that shows them."""

from __future__ import annotations

import io
import json
from collections import deque
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import lxml.html
import pytest
from werkzeug.test import TestResponse

from engine.actions import batch_slices
from engine.demo_paper import paper
from tests.revising import draft, today
from tests.webapp.editor.hostile_sop import IZIN, attack, came_alive, hostile_diagram, hostile_form, places_in
from tests.webapp.visitors import Site, Visitor
from webapp.cli import main

SOP = "/library/izin"
NAME = "xss-file-here'><img src=x onerror=xss()>.pdf"
_MOST = 400


def test_no_page_runs_what_an_owner_wrote(site: Site) -> None:
    revise(site)
    seen, alive = set[str](), dict[str, list[str]]()
    for name in ("putu", "lina", "joko", "rina", "agus", "dewi"):
        for address, page in pages(site.visitor(name)):
            seen |= places_in(page)
            if found := list(came_alive(page)):
                alive[f"{name} {address}"] = found
    assert alive == {}
    assert seen >= PLACES, PLACES - seen


def test_what_comes_alive_would_be_seen() -> None:
    found = " ".join(came_alive(f"<!DOCTYPE html><title>x</title><p>{attack('raw')}</p>"))
    for kind in ("an element: xss-raw", "an attribute: img onerror", "a script", "an address: a href"):
        assert kind in found
    assert list(came_alive("<p>49{% print(7*7) %}</p>")) == ["a template was run"]


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "\ud800"])
def test_what_no_text_holds_is_refused_everywhere(site: Site, text: str) -> None:
    putu, lina = site.visitor("putu"), site.visitor("lina")
    address = f"{SOP}/drafts/{draft(site.office).hex}"
    bpmn = putu.get(f"{address}/diagram.bpmn").text
    content = (
        {"bpmn": bpmn.replace("Mengajukan izin", text)},
        {"forms": {"mengajukan": json.dumps({"type": "default", "title": text, "components": []})}},
        {"forms": {text: "{}"}},
    )
    for change in content:
        assert 400 <= putu.put(address, {"revision": 1, **change}).status_code < 500, change
    version = f"{SOP}/versions/{submit(site, putu)}"
    spoken = text.encode("utf-8", "surrogatepass").decode("latin-1")
    for act, fields in (("comments", {"text": spoken}), ("return", {"reason": spoken})):
        assert lina.post(f"{version}/{act}", **fields).status_code < 500
    assert "\x00" not in lina.get(f"{version}/review").text


def test_the_shell_says_it_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.bpmn", tmp_path / "new.bpmn"
    old.write_bytes(IZIN)
    new.write_bytes(hostile_diagram())
    with pytest.raises(SystemExit) as ended:
        main(["diff", str(old), str(new), "--json"])
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert any("<script>xss()</script>" in one["text"] for one in told)


# Each of these must have been on some page, else nothing was looked at.
PLACES = set(
    """
    participant lane userTask exclusiveGateway sequenceFlow startEvent endEvent documentation
    document notes title institution legalBasis qualification related equipment warning recording
    condition label description option default text unit group list column form comment returned
    withdrawn moved suggestion case number upload
    """.split()  # noqa: SIM905 - a word a place
)


def revise(site: Site) -> None:
    """Let everything be under way: a draft, revisions of every state, cases moved."""
    putu, lina, joko = (site.visitor(name) for name in ("putu", "lina", "joko"))
    suggest(site, joko)
    approve(site, lina, submit(site, putu))
    work_in_it(joko)
    move(site, putu)
    lina.post(f"{SOP}/versions/{submit(site, putu, 'PT4H')}/return", reason=attack("returned"))
    lina.post(f"{SOP}/versions/{submit(site, putu, 'PT5H')}/withdrawal", reason=attack("withdrawn"))
    commented = f"{SOP}/versions/{submit(site, putu, 'PT6H')}/comments"
    assert lina.post(commented, element="memeriksa", text=attack("comment")).status_code == 303
    address = save(site, putu, "PT7H")
    assert putu.post(f"{address}/rehearsal", year="2027").status_code == 303
    assert putu.post(f"{address}/cases").status_code == 303
    assert putu.post(f"{address}/past").status_code == 303
    work(site)


def save(site: Site, putu: Visitor, time: str = "PT3H") -> str:
    """Store the attacks in a draft: the diagram by a file, forms as the editor sends them."""
    address = f"{SOP}/drafts/{draft(site.office).hex}"
    content = hostile_diagram().replace(b"PT2H", time.encode())
    answer = send(putu, f"{address}/upload", content)
    if answer.status_code == 409:  # the SOP is called otherwise still: a page shows both names and asks
        assert "<script>alert" not in answer.text
        answer = send(putu, f"{address}/upload/another", content, asked=sha256(content).hexdigest())
    assert answer.status_code == 303, answer.text[-3000:]
    saved = putu.put(address, {"revision": 2, "forms": {"mengajukan": hostile_form()}})
    assert saved.status_code == 200, saved.text
    assert saved.json is not None
    assert [one for one in saved.json["lint"] if one["severity"] == "error"] == []
    return address


def send(putu: Visitor, address: str, content: bytes, **fields: str) -> TestResponse:
    file = (io.BytesIO(content), f"{attack('upload')}.bpmn")
    data = {"csrf_token": putu.token(), "revision": "1", "file": file, **fields}
    return putu.client.post(address, data=data, content_type="multipart/form-data")


def submit(site: Site, putu: Visitor, time: str = "PT3H") -> int:
    address = save(site, putu, time)
    answer = putu.post(f"{address}/submission", revision="3")
    assert answer.status_code == 303, answer.text[-3000:]
    return int(answer.headers["Location"].split("/")[-2])


def approve(site: Site, lina: Visitor, number: int) -> None:
    data = {
        "csrf_token": lina.token(),
        "number": attack("number")[:100],
        "effective_from": today(site.office).isoformat(),
        "paper": (io.BytesIO(paper("Sah")), NAME),
    }
    answer = lina.client.post(
        f"{SOP}/versions/{number}/approval", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 303, answer.text[-3000:]


def suggest(site: Site, joko: Visitor) -> None:
    [task] = [one.id for one in site.office.tasks(first_case(joko))]
    answer = joko.post(f"/tasks/{task.hex}/suggestion", **{"act:better": attack("suggestion")})
    assert answer.status_code == 303, answer.text[-3000:]


def first_case(joko: Visitor) -> UUID:
    address = next(one for one in addresses_in(joko.get("/cases").text, "/cases") if "/cases/" in one)
    return UUID(hex=address.split("/")[2])


def work_in_it(joko: Visitor) -> None:
    """Start a case by the hostile revision; its tasks and pages show what the owner wrote."""
    answer = joko.post(f"{SOP}/cases/new", year="2029", title=attack("case")[:160], knowingly="1")
    assert answer.status_code == 303, answer.text[-3000:]


def move(site: Site, putu: Visitor) -> None:
    here = f"{SOP}/versions/2/cases"
    putu.post(here)
    work(site)
    page = lxml.html.document_fromstring(putu.get(here).text)
    groups = page.xpath("//input[@name='group']/@value")
    survey = page.xpath("//input[@name='survey']/@value")[0]
    data = {"csrf_token": putu.token(), "survey": survey, "group": groups, "reason": attack("moved")}
    assert putu.client.post(f"{SOP}/versions/2/moves", data=data).status_code == 303
    work(site)


def work(site: Site) -> None:
    while batch_slices.work(site.engine):
        pass


# -- every page


def pages(visitor: Visitor) -> list[tuple[str, str]]:
    """Open every page that links lead to."""
    ahead = deque(["/tasks", "/cases", "/library", f"{SOP}/draft?all", "/account"])
    seen, found = set(ahead), []
    while ahead and len(seen) < _MOST:
        address = ahead.popleft()
        answer = visitor.get(address)
        if not answer.content_type.startswith("text/html") or answer.status_code >= 500:
            assert answer.status_code < 500, (address, answer.text[-500:])
            continue
        if "attachment" in answer.headers.get("Content-Disposition", ""):  # a download is no page
            continue
        found.append((address, answer.text))
        new = [one for one in addresses_in(answer.text, address) if one not in seen]
        seen.update(new)
        ahead += new
    return found


def addresses_in(page: str, here: str) -> list[str]:
    """Give where the links of a page lead, on this site."""
    links = lxml.html.document_fromstring(page).xpath("//a/@href")
    found = (urlsplit(urljoin(f"http://localhost{here}", link)) for link in links)
    return list(
        dict.fromkeys(
            f"{one.path}{'?' if one.query else ''}{one.query}" for one in found if one.netloc == "localhost"
        )
    )
