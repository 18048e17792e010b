"""The forms of a draft on its pages, as text: listed, added, renamed, removed, saved, refused, previewed."""

from __future__ import annotations

import json
import re

import pytest
from werkzeug.test import TestResponse

from tests.engine.forms.sample import choices, component, form_text
from tests.webapp.visitors import Site, Visitor
from tests.webapp.world import World, make_world

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
LINK = "[klik](javascript:alert(3)) <a href='javascript:alert(4)'>x</a>"


@pytest.fixture
def world(site: Site) -> World:
    return make_world(site)


@pytest.fixture
def owner(world: World) -> Visitor:
    return world.visitor("pemilik")


@pytest.fixture
def base(world: World) -> str:
    return f"/library/izin/drafts/{world.facts['draft']}"


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def preview(owner: Visitor, base: str, text: str) -> TestResponse:
    return owner.client.post(
        f"{base}/preview",
        json={"key": "mengajukan", "text": text},
        headers={"X-CSRF-Token": owner.token()},
    )


def test_forms_are_listed_with_the_steps_that_use_them(owner: Visitor, base: str) -> None:
    page = owner.get(f"{base}/forms").text
    for key in ("mengajukan", "memeriksa", "mengarsipkan"):
        assert f'href="{base}/forms/{key}"' in page


def test_a_form_is_added_copied_renamed_and_removed(owner: Visitor, base: str) -> None:
    steps = (
        ("", {"key": "baru"}),
        ("", {"key": "salinan", "copy": "mengajukan"}),
        ("/baru/name", {"key": "lama"}),
        ("/lama/removal", {}),
    )
    for address, fields in steps:
        now = revision(owner.get(f"{base}/forms").text)
        assert owner.post(f"{base}/forms{address}", revision=now, **fields).status_code == 303, address
    page = owner.get(f"{base}/forms").text
    assert f'href="{base}/forms/salinan"' in page
    assert f'href="{base}/forms/lama"' not in page


def test_a_title_that_gives_no_key_is_told_and_kept_in_its_field(owner: Visitor, base: str) -> None:
    answer = owner.post(f"{base}/forms", revision="1", title="???")
    assert answer.status_code == 422
    assert 'value="???"' in answer.text


def test_without_scripts_a_form_is_saved_as_text(owner: Visitor, base: str) -> None:
    address = f"{base}/forms/mengajukan"
    text = form_text([component("textfield", "alasan")])
    now = revision(owner.get(address).text)
    assert owner.post(address, revision=now, text=text).status_code == 303
    assert "alasan" in owner.get(address).text
    late = owner.post(address, revision=now, text=form_text([component("textfield", "lain")]))
    assert late.status_code == 422, "somebody else, or another page, saved it since"
    for words in ("lain", "alasan", "Yang tersimpan"):
        assert words in late.text, "what was typed and what was saved stand there to compare"
    again = owner.post(f"{address}?as=text", revision=revision(late.text), text=text)
    assert again.headers["Location"].endswith("/forms/mengajukan?as=text")
    assert (
        "form-editor"
        not in owner.get(f"{address}?as=text").text.partition("</head>")[0].partition("<script")[2]
    )
    assert "alasan" in owner.get(address).text


@pytest.mark.parametrize("type_", ["html", "iframe", "image", "button", "table", "documentPreview", "script"])
def test_what_the_server_does_not_draw_is_not_saved(type_: str, owner: Visitor, base: str) -> None:
    address = f"{base}/forms/mengajukan"
    text = json.dumps({"type": "default", "components": [{"type": type_, "id": "x", "content": EVIL}]})
    refused = owner.post(address, revision=revision(owner.get(address).text), text=text)
    assert refused.status_code == 422
    assert f"{type_} " in refused.text
    assert EVIL not in refused.text
    saved = owner.client.put(
        base, json={"revision": 1, "forms": {"mengajukan": text}}, headers={"X-CSRF-Token": owner.token()}
    )
    assert saved.status_code == 422
    assert f"{type_} " in saved.get_json()["problems"][0]["sentence"]
    assert preview(owner, base, text).status_code == 400


def test_the_preview_is_what_staff_will_see_and_is_not_kept(owner: Visitor, base: str) -> None:
    text = form_text(
        [
            component("textfield", "alasan", validate={"required": True}),
            component("datetime", "tanggal", subtype="date", properties={"prefill": "today"}),
        ]
    )
    drawn = preview(owner, base, text)
    assert drawn.status_code == 200
    assert not drawn.text.lstrip().startswith("<!DOCTYPE"), "a part of the editor's page"
    assert 'name="alasan"' in drawn.text
    assert "23-11-2026" in drawn.text
    page = owner.post(f"{base}/preview", key="mengajukan", text=text).text
    assert page.startswith("<!DOCTYPE")
    assert 'name="alasan"' in page
    assert "alasan" not in owner.get(f"{base}/forms/mengajukan").text


def test_whatever_an_owner_writes_is_shown_as_written(owner: Visitor, base: str) -> None:
    hostile = [
        {"type": "text", "id": "t", "text": f"# {EVIL}\n{LINK}"},
        component("textfield", "a") | {"label": EVIL, "description": LINK, "properties": {"example": EVIL}},
        component("radio", "b") | {"values": [{"value": EVIL, "label": EVIL}], "description": EVIL},
        component("select", "c", values=choices(EVIL)),
        {
            "type": "dynamiclist",
            "id": "d",
            "path": "d",
            "label": EVIL,
            "components": [component("textfield", "e") | {"label": EVIL}],
        },
        component("number", "f", appearance={"prefixAdorner": EVIL, "suffixAdorner": EVIL}),
        {
            "type": "group",
            "id": "g",
            "label": EVIL,
            "components": [component("textarea", "h", defaultValue=EVIL)],
        },
    ]
    text = form_text(hostile, title=EVIL)
    address = f"{base}/forms/mengajukan"
    assert owner.post(address, revision=revision(owner.get(address).text), text=text).status_code == 303
    pages = [preview(owner, base, text).text, owner.get(address).text, owner.get(f"{base}/forms").text]
    pages.append(owner.post(f"{base}/preview", key="mengajukan", text=text).text)
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "href='javascript" not in page
    assert "&lt;script&gt;alert(1)" in pages[0]


def test_only_the_editor_may_place_by_style(owner: Visitor, base: str) -> None:
    for address, may in (("/forms/mengajukan", True), ("/forms", False)):
        policy = owner.get(base + address).headers["Content-Security-Policy"]
        assert ("style-src-attr 'unsafe-inline'" in policy) is may
        assert "script-src 'self'" in policy


def test_a_preview_that_is_nonsense_is_refused(owner: Visitor, base: str) -> None:
    for text in ("", "[]", "{", '{"type": "default"}'):
        assert preview(owner, base, text).status_code == 400
    gone = owner.client.post(f"{base}/preview", json=[], headers={"X-CSRF-Token": owner.token()})
    assert gone.status_code == 404, "of no form"
