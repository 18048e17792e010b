"""Steps and the forms they name, read and written without a look at the rest of the diagram."""

from __future__ import annotations

import pytest

from engine.bpmn.step_forms import step_forms, with_form, with_form_renamed
from engine.errors import Refused
from tests.engine.bpmn.drawn import diagram, element, flows, start_end


def task(id_: str, form: str = "", inside: str = "") -> str:
    own = f'<bpmn:extensionElements><sop:Task formKey="{form}"/></bpmn:extensionElements>' if form else ""
    return element("userTask", id_, inside + own, name=id_.capitalize())


DRAWN = diagram(
    start_end(), task("a", "one"), task("b", "one"), task("c"), flows("start", "a", "b", "c", "end")
)


def keys(content: bytes) -> list[tuple[str, str]]:
    return [(one.element, one.form_key) for one in step_forms(content)]


def test_every_step_is_told_with_its_form() -> None:
    assert keys(DRAWN) == [("a", "one"), ("b", "one"), ("c", "")]
    assert [one.name for one in step_forms(DRAWN)] == ["A", "B", "C"]


def test_a_form_is_renamed_wherever_a_step_names_it() -> None:
    assert keys(with_form_renamed(DRAWN, "one", "two")) == [("a", "two"), ("b", "two"), ("c", "")]
    assert keys(with_form_renamed(DRAWN, "one", "")) == [("a", ""), ("b", ""), ("c", "")]
    assert keys(with_form_renamed(DRAWN, "", "two")) == keys(DRAWN), "no key is nobody's key"


def test_a_step_is_given_a_form_where_bpmn_wants_extensions() -> None:
    said = "<bpmn:documentation>Menulis</bpmn:documentation>"
    more = "<bpmn:extensionElements><other xmlns='urn:x'/></bpmn:extensionElements>"
    content = diagram(start_end(), task("a", inside=said), task("b", inside=said + more))
    given = with_form(with_form(content, "a", "one"), "b", "two")
    assert keys(given) == [("a", "one"), ("b", "two")]
    assert given.index(b"Menulis") < given.index(b"formKey")
    assert b'xmlns="urn:x"' in given, "what else stands there stays"


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused):
        step_forms(b"<a/>")
