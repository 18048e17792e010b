"""None of the attacks escapes, hangs, or reaches another case.

Each is refused at deployment, fails with a sentence, or gives a small value; and an honest case goes on.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from tests.costs import cost
from tests.engine.attacks.places import BOUNDED, PLACES
from tests.engine.attacks.table import ATTACKS
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, script, spec_of, start_end, tasks

SECONDS = 2.0  # of this thread, per attack; the sandbox has half a second for itself
MEGABYTES = 256
MOST = 1_100_000  # characters of what is left
SECRET = "shibboleth-of-the-host"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALUR_SECRET", SECRET)
        pool = Sandbox(workers=1)
        yield pool
        pool.close()


@pytest.fixture(scope="module")
def bystander(sandbox: Sandbox) -> Case:
    """Let an honest case run in the same worker, with names that attacks like to change."""
    again = element("exclusiveGateway", "g", default="g_end")
    content = diagram(
        start_end(),
        script("sets", 'n = 3\ncatatan = ["satu"]'),
        element("exclusiveGateway", "back"),
        tasks("asks"),
        again,
        flows("start", "sets", "back", "asks", "g", "end"),
        flow("g", "back", "len(catatan) == 1 and n == 3 and str(sum([1, 2])) == '3'"),
    )
    text = spec_of(content, sandbox)
    return Case(Runner(sandbox, lambda _version: text), uuid4()).start()


def test_they_are_many_and_at_every_place() -> None:
    assert len(set(ATTACKS)) >= 150
    assert {place for place, _text, _what in ATTACKS} == set(PLACES)


@pytest.mark.parametrize(
    ("place", "text", "what"), ATTACKS, ids=[f"{n}-{place}" for n, (place, _, _) in enumerate(ATTACKS)]
)
def test_it_ends_as_it_must_and_an_honest_case_goes_on(
    sandbox: Sandbox, bystander: Case, place: str, text: str, what: str
) -> None:
    peak = _peak()
    seconds, (came, said) = cost(lambda: PLACES[place](sandbox, text))
    assert seconds < SECONDS
    assert _peak() - peak < MEGABYTES
    assert (came, bool(said) or came == BOUNDED) == (what, True), said
    told = json.dumps(said)
    assert len(told) < MOST
    assert SECRET not in told
    assert "root:" not in told
    before_it = bystander.variables
    bystander.complete("asks")
    assert bystander.open_elements == ["asks"]
    assert bystander.variables == before_it | {"asks": {}}


def test_nothing_of_them_is_left_on_the_disk() -> None:
    assert not Path("/tmp/alur-attack").exists()  # noqa: S108 - the name one of them tries


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
