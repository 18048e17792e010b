"""Service tasks: they wait for their connector, which is called outside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.guard import read_tree
from engine.bpmn.lint import lint
from engine.bpmn.parse import read_process
from engine.bpmn.trail import Happening
from engine.errors import Conflict, ProcessFailed, Refused
from engine.expressions.sandbox import Sandbox
from engine.model.job import Job, JobKey, Signature
from tests.engine.bpmn.drawn import (
    Case,
    codes,
    diagram,
    element,
    flow,
    flows,
    logs,
    script,
    service,
    start_end,
    tasks,
    timer,
)

NewCase = Callable[[bytes], Case]
CONNECTORS = {"post": Signature(needed=frozenset({"url"}), optional=frozenset({"body"}))}
SENT = diagram(
    start_end(),
    tasks("write", "read"),
    service("send", url="'http://x/' + write['to']", body="[write]"),
    flows("start", "write", "send", "read", "end"),
)


@pytest.mark.proves("tasks", "service, by a connector")
def test_the_token_waits_with_what_the_connector_is_to_get(new_case: NewCase) -> None:
    case = new_case(SENT).start()
    outcome = case.complete("write", {"to": "a"})
    key = JobKey(element="send", round=1)
    wanted = {"url": "http://x/a", "body": [{"to": "a"}]}
    assert outcome.jobs_set == (Job(key=key, connector="post", inputs=wanted),)
    assert (outcome.opened, outcome.finished, case.seen(Happening.JOB_SET)) == ((), False, ["send"])


@pytest.mark.proves("tasks", "service, by a connector")
def test_what_it_answers_is_kept_under_the_id_of_the_element(new_case: NewCase) -> None:
    case = new_case(SENT).start()
    case.complete("write", {"to": "a"})
    outcome = case.answer("send", {"status": 201})
    assert outcome.jobs_cleared == (JobKey(element="send", round=1),)
    assert case.open_elements == ["read"]
    assert case.variables["send"] == {"status": 201}
    case.complete("read")
    assert case.finished


def test_each_round_is_a_job_of_its_own(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        service("send", url="'u'"),
        element("exclusiveGateway", "again"),
        flows("start", "send", "again"),
        flow("again", "send", "send == 'again'"),
        flow("again", "end", "send == 'enough'"),
    )
    case = new_case(content).start()
    case.answer("send", "again")
    assert list(case.jobs) == [JobKey(element="send", round=2)]
    case.answer("send", "enough")
    assert case.finished


def test_a_job_is_over_once(new_case: NewCase) -> None:
    case = new_case(SENT).start()
    case.complete("write", {"to": "a"})
    kept = dict(case.jobs)
    case.answer("send", {})
    case.jobs = kept
    for late in (lambda: case.answer("send", {}), lambda: case.fail("send", "x")):
        with pytest.raises(Conflict):
            late()


def caught(reference: str = "", id_: str = "refused", on: str = "send") -> str:
    about = f' errorRef="{reference}"' if reference else ""
    return element("boundaryEvent", id_, f"<bpmn:errorEventDefinition{about}/>", attachedToRef=on)


def declared(code: str) -> str:
    return element("error", f"error_{code}", errorCode=code)


@pytest.mark.proves("tasks", "service, by a connector")
def test_a_failure_goes_to_the_event_beside_it_that_names_its_code(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        service("send", url="'u'"),
        caught("error_gone", "gone"),
        caught("", "other"),
        logs("on_gone", "on_other"),
        flows("start", "send", "end"),
        flows("gone", "on_gone", "end"),
        flows("other", "on_other", "end"),
        beside=declared("gone"),
    )
    for code, expected in (("gone", ["on_gone"]), ("full", ["on_other"])):
        case = new_case(content).start(log=[])
        outcome = case.fail("send", code)
        assert outcome is not None
        assert (case.finished, case.variables["log"]) == (True, expected)
        assert "send" in case.seen(Happening.CANCELLED)


def test_a_failure_goes_to_the_event_around_it(new_case: NewCase) -> None:
    inside = element("startEvent", "s") + element("endEvent", "e") + service("send", url="'u'")
    content = diagram(
        start_end(),
        element("subProcess", "sub", inside + flows("s", "send", "e")),
        caught(on="sub"),
        logs("x"),
        flows("start", "sub", "end"),
        flows("refused", "x", "end"),
    )
    case = new_case(content).start(log=[])
    assert case.fail("send", "any") is not None
    assert (case.finished, case.variables["log"]) == (True, ["x"])


def test_a_failure_that_nobody_catches_changes_nothing(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        service("send", url="'u'"),
        caught("error_gone"),
        flows("start", "send", "end"),
        flow("refused", "end"),
        beside=declared("gone"),
    )
    case = new_case(content).start()
    assert case.fail("send", "full") is None
    case.answer("send", 1)
    assert case.finished


def test_a_boundary_timer_takes_the_job_back(new_case: NewCase) -> None:
    late = element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="send")
    content = diagram(
        start_end(), service("send", url="'u'"), late, flows("start", "send", "end"), flow("late", "end")
    )
    case = new_case(content).start()
    outcome = case.fire("late")
    assert outcome.jobs_cleared == (JobKey(element="send", round=1),)
    assert case.finished


def test_a_job_that_another_branch_ends_at_once_is_never_told(new_case: NewCase) -> None:
    content = diagram(
        element("startEvent", "start"),
        element("parallelGateway", "split"),
        service("send", url="'u'"),
        element("endEvent", "all", "<bpmn:terminateEventDefinition/>"),
        element("endEvent", "end"),
        flows("start", "split", "send", "end"),
        flow("split", "all"),
    )
    outcome = new_case(content).start().outcome
    assert outcome is not None
    assert (outcome.finished, outcome.jobs_set, outcome.jobs_cleared) == (True, (), ())


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_several_instances_leave_their_answers_in_order(new_case: NewCase, sequential: str) -> None:
    several = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    content = diagram(
        start_end(), service("send", inside=several, url="loopCounter"), flows("start", "send", "end")
    )
    case = new_case(content).start()
    while not case.finished:
        first = next(iter(case.jobs.values()))
        case.answer("send", first.inputs["url"] * 10)
    assert case.variables["send"] == [10, 20, 30]


def test_a_service_without_connector_is_passed_with_a_note(new_case: NewCase, sandbox: Sandbox) -> None:
    content = diagram(start_end(), element("serviceTask", "idle"), flows("start", "idle", "end"))
    case = new_case(content).start()
    assert (case.finished, case.variables, case.seen(Happening.ENTERED)) == (
        True, {}, ["start", "idle", "end"],
    )  # fmt: skip
    (note,) = lint(read_tree(content), sandbox=sandbox).notes
    assert (note.code, note.element) == ("service-without-connector", "idle")


def test_an_input_that_cannot_be_worked_out_names_the_service(new_case: NewCase) -> None:
    case = new_case(SENT).start()
    with pytest.raises(ProcessFailed, match="The expression at Send failed") as failed:
        case.complete("write", {"from": "a"})
    assert failed.value.element == "send"


def test_more_than_a_connector_is_handed_is_refused(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        script("make", "many = 'x' * 70000"),
        service("send", url="many"),
        flows("start", "make", "send", "end"),
    )
    with pytest.raises(ProcessFailed, match="longer than 64000 characters"):
        new_case(content).start()


def at_deployment(drawn: str, sandbox: Sandbox) -> set[tuple[str, str]]:
    content = diagram(start_end(), drawn)
    found = lint(
        read_tree(content), sandbox=sandbox, forms={}, role_keys=frozenset(), connectors=CONNECTORS
    ).problems
    return {
        (one.code, str(one.sentence))
        for one in found
        if one.code not in ("orphan", "dead-end", "unreachable")
    }


@pytest.mark.parametrize(
    ("drawn", "code", "sentence"),
    [
        (
            element("serviceTask", "idle"),
            "service-without-connector",
            "idle names no connector, so nothing would be done there",
        ),
        (
            service("send", "fax", url="'u'"),
            "unknown-connector",
            "Send calls the connector fax, which is not known; known are: post",
        ),
        (service("send"), "service-input", "Send: the connector post needs the input url"),
        (
            service("send", url="1", body="1", colour="1"),
            "service-input",
            "Send: the connector post has no input colour",
        ),
        (
            service("send-it", url="1"),
            "id-not-a-name",
            "The id send-it must be a word that expressions can use: letters, digits and _",
        ),
        (
            service("send", url="nobody"),
            "expression-syntax",
            "The expression at Send cannot be run: line 1: nobody is not known here",
        ),
    ],
)
def test_what_could_not_be_called_is_refused_at_deployment(
    drawn: str, code: str, sentence: str, sandbox: Sandbox
) -> None:
    found = at_deployment(drawn, sandbox)
    assert {one for one, _ in found} == {code}
    if code != "expression-syntax":
        assert (code, sentence) in found


def test_what_a_service_leaves_is_a_name_that_conditions_may_use(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        service("send", url="'u'"),
        element("exclusiveGateway", "g"),
        flows("start", "send", "g"),
        flow("g", "end", "send['status'] == 200"),
        flow("g", "send", "send['status'] != 200"),
    )
    assert lint(
        read_tree(content), sandbox=sandbox, forms={}, role_keys=frozenset(), connectors=CONNECTORS
    ).problems == ()  # fmt: skip
    with pytest.raises(Refused, match="1 problems"):
        read_process(content, forms={}, role_keys=frozenset())


WAY = (start_end(), flows("start", "send", "end"))


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (service("send", url="1 +"), {"expression-syntax"}),
        (service("send", url=""), {"expression-syntax"}),
        (service("send", url="${a}"), {"expression-language"}),
        (service("send", url="1").replace('name="url"', ""), {"service-input"}),
        (service("send", url="1").replace('name="url"', 'name="url" required="true"'), {"sop-unknown"}),
        (service("send", "", url="1"), {"service-without-connector"}),
        (service("send", url="1", body="2").replace('name="body"', 'name="url"'), {"service-input"}),
        (service("send", url="1").replace("sop:input", "sop:output"), {"sop-unknown"}),
        (service("send", url="1").replace("serviceTask", "userTask"), {"sop-unknown"}),
        (service("send", url="1").replace('connector="post"', 'connector="post" tries="3"'), {"sop-unknown"}),
    ],
)
def test_what_is_wrong_in_the_extension_is_told_for_any_file(
    drawn: str, expected: set[str], sandbox: Sandbox
) -> None:
    assert codes(diagram(*WAY, drawn), sandbox) == expected
