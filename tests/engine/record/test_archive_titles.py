"""The title of an archived case is signed in its file, and stays."""

from __future__ import annotations

import pytest

from engine.actions.erasures import erase
from engine.core import Sealing
from engine.errors import Conflict
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.queries.erasable import erasable
from tests.engine.record.archives import set_up
from tests.offices import Office


def test_the_title_of_an_archived_case_stays(sealed_office: Office, sealing: Sealing) -> None:
    scene = set_up(sealed_office, sealing)
    scene.made()
    dewi, engine = sealed_office.people["dewi"], sealed_office.engine
    page = erasable(engine, dewi, scene.cases[0])
    assert page.is_archived
    assert 1 not in {one.seq for one in page.entries}
    asked = Erasure(events=frozenset({1}), letter="12/U", reason="Permintaan", attempt=new_id())
    with pytest.raises(Conflict, match="is signed there"):
        erase(engine, dewi, scene.cases[0], asked)
    assert scene.said() == ""
