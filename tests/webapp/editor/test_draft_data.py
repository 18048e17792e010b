"""What the editor is given beside the diagram."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.webapp.visitors import Site
from tests.webapp.world import World, make_world


@pytest.fixture
def world(site: Site) -> World:
    return make_world(site)


def given(world: World) -> dict[str, Any]:
    """Open the draft as its owner, and read what its page hands to the script."""
    page = world.visitor("pemilik").get(f"/library/izin/drafts/{world.facts['draft']}").text
    [data] = re.findall(r'<script type="application/json" id="draft">(.*?)</script>', page, re.DOTALL)
    read: dict[str, Any] = json.loads(data)
    return read


def test_open_suggestions_stand_at_their_steps(world: World) -> None:
    sent = {"act:better": "Syarat rekening dapat dihapus"}
    world.visitor("staf").post(f"/tasks/{world.facts['task']}/suggestion", **sent)
    [one] = given(world)["suggestions"]
    assert one["text"] == "Syarat rekening dapat dihapus"
    assert one["element"]
    assert one["by"]


def test_accepted_suggestions_stand_at_their_steps_and_above_until_they_are_in_a_revision(
    world: World,
) -> None:
    world.visitor("staf").post(f"/tasks/{world.facts['task']}/suggestion", **{"act:better": "Hapus syarat"})
    owner = world.visitor("pemilik")
    page = owner.get("/library/izin/suggestions").text
    [address] = re.findall(r'action="(/library/izin/suggestions/[0-9a-f]{32}/answer)"', page)
    owner.post(address, state="taken", text="Baik, dihapus")
    [one] = given(world)["suggestions"]
    assert (one["accepted"], one["answer"]) == (True, "Baik, dihapus")
    above = owner.get(f"/library/izin/drafts/{world.facts['draft']}").text
    assert "Yang harus dibenahi dalam draf ini" in above
    assert f'data-show="{one["element"]}"' in above


def test_connectors_are_offered_with_what_they_need(world: World) -> None:
    connectors = {one["key"]: one["needed"] for one in given(world)["connectors"]}
    assert connectors["email"] == ["subject", "text", "to"]


def test_who_cannot_add_roles_is_not_sent_there(world: World) -> None:
    assert given(world)["role_address"] == ""
