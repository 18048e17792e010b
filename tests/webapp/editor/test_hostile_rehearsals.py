"""What a process owner with bad intentions rehearses: nothing hangs, and nothing is shown unescaped."""

from __future__ import annotations

import json
import time
from html import escape

import pytest

from engine.actions.deployment import Package, deploy
from engine.actions.offices import operator
from tests.costs import cost
from tests.drawn_sops import form, package
from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, start_end, tasks, timer
from tests.rehearsing import Rehearsing
from tests.webapp.visitors import Site, Visitor

BAD = "<script>alert(1)</script>"
NAME = escape(BAD)


def rehearse(site: Site, made: Package) -> tuple[Rehearsing, Visitor, str]:
    deploy(site.engine, operator(site.office.id), made)
    one = Rehearsing.of(site.office, made.key)
    return one, site.visitor("putu"), f"/library/{made.key}/drafts/{one.draft.hex}/rehearsal"


def complete(visitor: Visitor, address: str, one: Rehearsing, **fields: str) -> tuple[int, str]:
    task = one.now.tasks[0].key
    sent = {
        "at:revision": str(one.read.revision),
        "at:element": task.element,
        "at:round": str(task.round),
        "at:iteration": str(task.iteration),
        "complete": "1",
    }
    answer = visitor.post(f"{address}/tasks", **(sent | fields))
    return answer.status_code, answer.text


def in_the_middle(drawn: str) -> Package:
    """Put one element between two tasks."""
    return package(
        "ganas", diagram(start_end(), tasks("a", "b"), drawn, flows("start", "a", "x", "b", "end"))
    )


@pytest.mark.parametrize(
    "source",
    [
        "while True:\n    pass",
        "x = 'a' * 10**10",
        "x = [[]]\nfor n in range(10**9):\n    x = [x, x]",
        "__import__('os').system('id')",
        "open('/etc/passwd').read()",
    ],
)
def test_a_script_is_stopped_and_the_rehearsal_stands_where_it_stood(site: Site, source: str) -> None:
    one, visitor, address = rehearse(site, in_the_middle(script("x", source)))
    seconds, (status, text) = cost(lambda: complete(visitor, address, one), time.monotonic)
    assert status == 409
    assert "Percobaan tidak dapat dilanjutkan" in text
    assert one.open == ["a"]
    assert seconds < 10  # half a second in the sandbox; what else a busy machine takes


def test_what_goes_round_in_circles_is_stopped(site: Site) -> None:
    circle = element("exclusiveGateway", "x", default="x_y") + script("y", "n = 1")
    made = package(
        "ganas",
        diagram(
            start_end(),
            tasks("a", "b"),
            circle,
            flows("start", "a", "x", "y", "x"),
            flow("x", "b", "1 == 2"),
            flows("b", "end"),
        ),
    )
    one, visitor, address = rehearse(site, made)
    status, _text = complete(visitor, address, one)
    assert status == 409
    assert one.open == ["a"]


def test_a_clock_that_wakes_a_timer_again_and_again_comes_to_rest(site: Site) -> None:
    again = element(
        "boundaryEvent", "x", timer("timeCycle", "R/PT1M"), attachedToRef="a", cancelActivity="false"
    )
    ways = flows("start", "a", "end") + flows("x", "y", "end")
    made = package("ganas", diagram(start_end(), tasks("a"), script("y", "n = 1"), again, ways))
    one, visitor, address = rehearse(site, made)
    begun = one.now.at
    sent = {"at:revision": str(one.read.revision), "by": "30d"}
    assert visitor.post(f"{address}/clock", **sent).status_code == 303
    assert 0 < (one.now.at - begun).total_seconds() <= 100 * 60
    assert "Jam berhenti di tengah jalan" in visitor.get(address).text


def test_of_a_thousand_tasks_the_first_are_listed(site: Site) -> None:
    many = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1000</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    made = package("ganas", diagram(start_end(), element("userTask", "a", many), flows("start", "a", "end")))
    one, visitor, address = rehearse(site, made)
    assert len(one.now.tasks) == 1000
    page = visitor.get(address)
    assert page.status_code == 200
    assert page.text.count("at%3Aelement=a") <= 100
    status, _text = complete(visitor, address, one)
    assert status == 303


def test_names_and_labels_are_shown_as_text(site: Site) -> None:
    fields = [
        {"type": "textfield", "id": "n", "key": "n", "label": BAD, "description": BAD},
        {
            "type": "radio",
            "id": "r",
            "key": "r",
            "label": BAD,
            "values": [{"label": BAD, "value": BAD}, {"label": "B", "value": "b"}],
        },
    ]
    text = {"type": "default", "id": "f", "schemaVersion": 19, "title": BAD, "components": fields}
    own = '<bpmn:extensionElements><sop:Task formKey="f"/></bpmn:extensionElements>'
    message = f'<bpmn:message id="m" name="{NAME}"/>'
    waits = element("intermediateCatchEvent", "c", '<bpmn:messageEventDefinition messageRef="m"/>', name=NAME)
    times = element("intermediateCatchEvent", "t", timer("timeDuration", "PT1H"), name=NAME)
    drawn = diagram(
        start_end(),
        element("userTask", "a", own, name=NAME),
        waits,
        times,
        flows("start", "a", "c", "t", "end"),
        beside=message,
    )
    one, visitor, address = rehearse(site, package("ganas", drawn, {"f": json.dumps(text)}))
    pages = [visitor.get(f"{address}?anew=1").text, visitor.get(address).text]
    assert complete(visitor, address, one, n=BAD, r=BAD)[0] == 303
    pages.append(visitor.get(address).text)
    one.send(BAD, catatan=BAD)
    pages.append(visitor.get(address).text)
    one.later()
    pages.append(visitor.get(address).text)
    assert one.now.finished
    for page in pages:
        assert BAD not in page
    assert all(NAME in page for page in pages[1:])


@pytest.mark.parametrize(
    "values",
    [
        "tanpa nilai",
        "a b = 1",
        "= 1",
        "a.b.c.d.e.f = 1",
        "a = 1\na.b = 2",
        "__class__.__init__ = 1\n1a = 2",
        "n = 1\n" * 5000,
    ],
)
def test_what_is_no_value_is_told(site: Site, values: str) -> None:
    one, visitor, address = rehearse(site, _waiting())
    answer = visitor.post(f"{address}/messages", **_sent(one), values=values)
    assert answer.status_code == 409
    assert not one.now.finished


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ("", {}),
        ("n =", {}),
        ("n = NaN", {"n": "NaN"}),
        ("n = 1e999", {"n": "1e999"}),
        (f"n = {'[' * 9000}", {"n": "[" * 9000}),
        ("n = " + "9" * 6000, {"n": "9" * 6000}),
        ("n.a = 1\nn.b = ya", {"n": {"a": 1, "b": "ya"}}),
    ],
)
def test_odd_values_are_texts(site: Site, values: str, kept: object) -> None:
    one, visitor, address = rehearse(site, _waiting())
    assert visitor.post(f"{address}/messages", **_sent(one), values=values).status_code == 303
    [received] = [line for line in one.read.lines if line.kind == "message.received"]
    assert received.payload["data"] == kept


@pytest.mark.parametrize("where", ["tasks", "clock", "answers", "messages", "undo", "end"])
def test_nonsense_for_a_step_is_no_error_of_ours(site: Site, where: str) -> None:
    one, visitor, address = rehearse(
        site, package("ganas", diagram(start_end(), tasks("a"), flows("start", "a", "end")))
    )
    for text in ("", "-1", "9" * 30, "a" * 5000, "\0", "<b>", "%s", "../..", "\ud7ff"):
        for now in (str(one.read.revision) if one.kept else "1", text):
            names = ("at:element", "at:round", "at:iteration", "at:place", "at:to", "by", "code", "values")
            sent = dict.fromkeys(names, text) | {"at:revision": now, "failed": text, "add:a": text}
            status = visitor.post(f"{address}/{where}", **sent).status_code
            assert status in {200, 303, 403, 409, 422}, (text[:10], status)


def _waiting() -> Package:
    message = '<bpmn:message id="m" name="Kabar"/>'
    waits = element("intermediateCatchEvent", "c", '<bpmn:messageEventDefinition messageRef="m"/>')
    drawn = diagram(start_end(), waits, tasks("a"), flows("start", "c", "a", "end"), beside=message)
    return package("ganas", drawn, {"v": form("v")})


def _sent(one: Rehearsing) -> dict[str, str]:
    [wait] = one.now.waits
    return {
        "at:revision": str(one.read.revision),
        "at:element": wait.key.element,
        "at:round": str(wait.key.round),
        "at:place": str(wait.key.place),
    }
