"""Whatever is changed in an SOP is told: one thing of its files is made another, at random.

``ALUR_TEST_DIFFERENCES`` says how many are tried.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.actions.deployment import Package, read_package
from engine.bpmn.diff import Side, differences, read_side
from engine.bpmn.diff.canonical import is_part
from engine.errors import Refused
from tests.engine.bpmn.diff.mutating import json_places, mutate, mutate_json, places
from tests.engine.properties.blocks import MAKERS
from tests.engine.properties.drawing import Block
from tests.engine.properties.drawing import draw as drawn
from tests.engine.properties.growing import blocks

ROOT = Path(__file__).parents[4]
FOLDERS = sorted(
    path.parent
    for base in ("processes", "tests/samples/processes")
    for path in (ROOT / base).glob("*/process.bpmn")
)
MANY = int(os.environ.get("ALUR_TEST_DIFFERENCES", "150"))
random = settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))


@lru_cache(maxsize=50)
def package(folder: Path) -> Package:
    return read_package(folder)


@lru_cache(maxsize=50)
def side(folder: Path) -> Side:
    return whole(package(folder))


def whole(one: Package, bpmn: bytes | None = None) -> Side:
    return read_side(bpmn or one.bpmn, forms=one.forms, decisions=one.decisions, notes=one.notes)


def owner(element: etree._Element) -> str:
    """Give the id of what people know an element by."""
    for one in (element, *element.iterancestors()):
        if is_part(one) and one.get("id"):
            return one.get("id", "")
    return ""


def check(content: bytes, before: Side, number: int) -> None:
    found = places(etree.fromstring(content))
    done = mutate(content, found[number % len(found)], owner)
    if done is None:
        return
    try:
        after = read_side(done.content, forms=before.forms, decisions=before.decisions, notes=before.notes)
    except Refused:
        return  # no BPMN any more
    changes = differences(before, after)
    named = {name for one in changes for name in (one.element, one.was)}
    assert named & done.named, (done.what, [str(one.sentence) for one in changes])


@random
@given(folder=st.sampled_from(FOLDERS), number=st.integers(0, 2**20))
def test_each_mutation_of_a_real_diagram_names_its_element(folder: Path, number: int) -> None:
    check(package(folder).bpmn, side(folder), number)


@random
@given(block=blocks(), number=st.integers(0, 2**20))
def test_each_mutation_of_any_diagram_names_its_element(block: Block, number: int) -> None:
    content = drawn(block, MAKERS)
    check(content, read_side(content), number)


@random
@given(folder=st.sampled_from([one for one in FOLDERS if package(one).forms]), number=st.integers(0, 2**20))
def test_each_mutation_of_a_form_names_the_form(folder: Path, number: int) -> None:
    forms = package(folder).forms
    key = sorted(forms)[number % len(forms)]
    found = list(json_places(json.loads(forms[key])))
    path, act = found[number // len(forms) % len(found)]
    text = mutate_json(forms[key], path, act)
    if text is None:
        return
    before = side(folder)
    after = read_side(
        package(folder).bpmn, forms={**forms, key: text}, decisions=before.decisions, notes=before.notes
    )
    changes = differences(before, after)
    assert {one.form for one in changes} == {key}, (key, path, act)
    components = [part for part in path if isinstance(part, int)]
    assert not components or any(one.field for one in changes), (key, path, act)


@random
@given(
    folder=st.sampled_from([one for one in FOLDERS if package(one).decisions]), number=st.integers(0, 2**20)
)
def test_each_mutation_of_a_decision_table_is_told(folder: Path, number: int) -> None:
    files = package(folder).decisions
    name = sorted(files)[number % len(files)]
    found = places(etree.fromstring(files[name]))
    done = mutate(files[name], found[number // len(files) % len(found)], owner)
    if done is None:
        return
    before = side(folder)
    changes = differences(before, whole(_with(package(folder), name, done.content)))
    assert [one for one in changes if one.aspect == "decision"], done.what


def _with(one: Package, name: str, content: bytes) -> Package:
    return Package(
        key=one.key,
        bpmn=one.bpmn,
        forms=one.forms,
        notes=one.notes,
        decisions={**one.decisions, name: content},
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_nothing_differs_from_itself(folder: Path) -> None:
    assert differences(side(folder), whole(package(folder))) == ()
