"""Absurd files: each a function that draws one, with what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, start_end, tasks, timer

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="whole_file">'
    '<bpmn:message id="M" name="M"/><bpmn:message id="N" name="N"/>'
)
# name -> (draw, codes of the findings, or what running it ends with)
FILES: dict[str, tuple[Callable[[], bytes], str]] = {}


def _ends_with(what: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def remember(draw: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES[draw.__name__] = (draw, what)
        return draw

    return remember


def _process(id_: str, *body: str) -> str:
    return f'<bpmn:process id="{id_}" isExecutable="true">{"".join(body)}</bpmn:process>'


def _event(kind: str, id_: str, definition: str) -> str:
    return element(kind, id_, f"<bpmn:{definition}/>")


def _two(first: str, second: str, *message_flows: tuple[str, str]) -> bytes:
    drawn = "".join(
        element("messageFlow", f"mf{n}", sourceRef=source, targetRef=target)
        for n, (source, target) in enumerate(message_flows)
    )
    pools = element("participant", "A", processRef="q0") + element("participant", "B", processRef="q1")
    whole = element("collaboration", "c", pools + drawn) + first + second
    return f"{HEAD}{whole}</bpmn:definitions>".encode()


def _repeated(card: str) -> str:
    inside = f"<bpmn:loopCardinality>{card}</bpmn:loopCardinality>"
    return f"<bpmn:multiInstanceLoopCharacteristics>{inside}</bpmn:multiInstanceLoopCharacteristics>"


def _nested(depth: int, inside: str = "", kind: str = "userTask") -> bytes:
    """Draw subprocesses in each other, each (and the task in the last) with something inside."""
    chain = flows("s", "deep", "e")
    body = element("startEvent", "s") + element(kind, "deep", inside) + element("endEvent", "e") + chain
    for n in range(depth):
        ends = element("startEvent", f"s{n}") + element("endEvent", f"e{n}")
        body = ends + element("subProcess", f"sub{n}", inside + body) + flows(f"s{n}", f"sub{n}", f"e{n}")
    return diagram(body)


def _handlers(depth: int) -> bytes:
    signalled = '<bpmn:signalEventDefinition signalRef="sig"/>'
    body = element("startEvent", "s", signalled) + element("endEvent", "e") + flows("s", "e")
    for n in range(depth):
        start = element("startEvent", f"s{n}", signalled if n < depth - 1 else "")
        handler = element("subProcess", f"sub{n}", body, triggeredByEvent="true")
        body = (
            start + tasks(f"u{n}") + handler + element("endEvent", f"e{n}") + flows(f"s{n}", f"u{n}", f"e{n}")
        )
    return diagram(body, beside=element("signal", "sig", name="S"))


def _many(count: int, prefix: str = "t") -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


def _chain(ids: list[str], drawn: str) -> bytes:
    return diagram(start_end(), drawn, flows("start", *ids, "end"))


@_ends_with("too-many-elements")
def a_chain_of_5000_tasks() -> bytes:
    return _chain(_many(5000), tasks(*_many(5000)))


@_ends_with("runs")
def a_chain_of_2400_tasks() -> bytes:
    return _chain(_many(2400), tasks(*_many(2400)))


@_ends_with("too-many-expressions")
def scripts_by_the_thousand() -> bytes:
    return _chain(_many(2400), "".join(script(one, "a = 1") for one in _many(2400)))


@_ends_with("too-many-expressions")
def conditions_by_the_thousand() -> bytes:
    ids = _many(2000)
    gates = "".join(element("exclusiveGateway", one, default=f"{one}_end") for one in ids)
    ways = "".join(flow(a, b, f"case == {n}") for n, (a, b) in enumerate(pairwise(ids)))
    return diagram(start_end(), gates, flows("start", ids[0]), ways, *(flow(one, "end") for one in ids))


@_ends_with("too-many-expressions")
def timers_by_the_thousand() -> bytes:
    texts = (timer("timeDuration", f"'PT' + '{n}S'") for n in range(2000))
    drawn = "".join(element("intermediateCatchEvent", f"t{n}", text) for n, text in enumerate(texts))
    return _chain(_many(2000), drawn)


@_ends_with("runs")
def boundary_timers_by_the_thousand() -> bytes:
    late = (
        element("boundaryEvent", one, timer("timeDuration", "PT1M"), attachedToRef="a") + flow(one, "end")
        for one in _many(2000)
    )
    return diagram(start_end(), tasks("a"), flows("start", "a", "end"), *late)


@_ends_with("runs")
def message_flows_by_the_thousand() -> bytes:
    between = [(f"a{n % 300}", f"b{n * 7 % 300}") for n in range(2000)]
    return _talking(_many(300, prefix="a"), _many(300, prefix="b"), between)


def _talking(sends: list[str], gets: list[str], between: Iterable[tuple[str, str]]) -> bytes:
    """Draw a process that sends and one that receives, with message flows between."""
    first = _process(
        "q0",
        element("startEvent", "s0") + element("endEvent", "e0") + tasks(*sends, kind="sendTask"),
        flows("s0", *sends, "e0"),
    )
    second = _process(
        "q1",
        element("startEvent", "s1") + element("endEvent", "e1") + tasks(*gets, kind="receiveTask"),
        flows("s1", *gets, "e1"),
    )
    return _two(first, second, *between)


def _pool_flows(*, boxed: bool) -> bytes:
    """Draw a process that sends 600 messages, and 6,000 message flows from its pool."""
    sends, gets = _many(600, prefix="a"), _many(200, prefix="b")
    content = _talking(sends, gets, (("A", "box" if boxed else gets[n % 200]) for n in range(6000)))
    return content.replace(b"<bpmn:messageFlow", b'<bpmn:participant id="box"/><bpmn:messageFlow', 1)


@_ends_with("runs")
def message_flows_to_a_black_box_by_the_thousand() -> bytes:
    return _pool_flows(boxed=True)


@_ends_with("too-many-message-flows")
def message_flows_of_a_pool_by_the_thousand() -> bytes:
    return _pool_flows(boxed=False)


@_ends_with("too-many-expressions")
def correlation_properties_by_the_thousand() -> bytes:
    named = "".join(
        f"<bpmn:correlationPropertyRef>{one}</bpmn:correlationPropertyRef>" for one in _many(2000)
    )
    properties = "".join(
        element(
            "correlationProperty",
            one,
            element(
                "correlationPropertyRetrievalExpression",
                f"r_{one}",
                f"<bpmn:messagePath>{n}</bpmn:messagePath>",
                messageRef="M",
            ),
        )
        for n, one in enumerate(_many(2000))
    )
    key = element("collaboration", "co", element("correlationKey", "key", named))
    waits = element("receiveTask", "r", messageRef="M")
    letter = '<bpmn:message id="M" name="M"/>'
    return diagram(start_end(), waits, flows("start", "r", "end"), beside=letter + properties + key)


@_ends_with("runs")
def subprocesses_nested_50_deep() -> bytes:
    return _nested(50)


@_ends_with("too-deep")
def subprocesses_nested_100_deep() -> bytes:
    return _nested(100)


@_ends_with("too-deep")
def event_subprocesses_nested_60_deep() -> bytes:
    return _handlers(60)


@_ends_with("runs")
def event_subprocesses_nested_20_deep() -> bytes:
    return _handlers(20)


@_ends_with("too-deep")
def ten_megabytes_of_nesting_in_two() -> bytes:
    return b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">' + b"<a>" * 600_000


@_ends_with("too-large")
def ten_megabytes_of_nesting() -> bytes:
    return b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">' + b"<a>" * 3_500_000


@_ends_with("duplicate-id")
def one_id_2000_times() -> bytes:
    return diagram(start_end(), tasks(*["a"] * 2000), flows("start", "a", "end"))


@_ends_with("dangling-flow")
def flows_to_nowhere_by_the_thousand() -> bytes:
    return diagram(
        start_end(), tasks("a"), flows("start", "a", "end"), *(flow("a", f"zz{n}") for n in range(5000))
    )


@_ends_with("call-ring")
def a_call_of_itself() -> bytes:
    return diagram(start_end(), element("callActivity", "c", calledElement="p"), flows("start", "c", "end"))


@_ends_with("call-ring")
def calls_in_a_ring() -> bytes:
    other = _process(
        "q",
        element("startEvent", "s2") + element("callActivity", "c2", calledElement="p"),
        element("endEvent", "e2") + flows("s2", "c2", "e2"),
    )
    call = element("callActivity", "c", calledElement="q")
    return diagram(start_end(), call, flows("start", "c", "end"), after=other)


@_ends_with("runs")
def calls_that_double_20_times() -> bytes:
    others = ""
    for n in range(20):
        calls = "".join(element("callActivity", f"{side}{n}", calledElement=f"q{n + 1}") for side in "xy")
        ends = element("startEvent", f"s{n}") + element("endEvent", f"e{n}")
        others += _process(f"q{n}", ends, calls, flows(f"s{n}", f"x{n}", f"y{n}", f"e{n}"))
    others += _process(
        "q20", element("startEvent", "s20"), tasks("u"), element("endEvent", "e20"), flows("s20", "u", "e20")
    )
    call = element("callActivity", "c", calledElement="q0")
    return diagram(start_end(), call, flows("start", "c", "end"), after=others)


@_ends_with("open more than|runs in circles")
def calls_that_double_at_once() -> bytes:
    others = ""
    for n in range(20):
        calls = "".join(element("callActivity", f"{side}{n}", calledElement=f"q{n + 1}") for side in "xy")
        around = element("startEvent", f"s{n}") + element("endEvent", f"e{n}")
        split = element("parallelGateway", f"g{n}") + element("parallelGateway", f"j{n}")
        ways = flows(f"s{n}", f"g{n}", f"x{n}", f"j{n}", f"e{n}") + flows(f"g{n}", f"y{n}", f"j{n}")
        others += _process(f"q{n}", around, calls, split, ways)
    others += _process(
        "q20", element("startEvent", "s20"), tasks("u"), element("endEvent", "e20"), flows("s20", "u", "e20")
    )
    call = element("callActivity", "c", calledElement="q0")
    return diagram(start_end(), call, flows("start", "c", "end"), after=others)


@_ends_with("multi-instance-count")
def a_million_instances() -> bytes:
    return diagram(start_end(), element("userTask", "u", _repeated("1000000")), flows("start", "u", "end"))


@_ends_with("open more than")
def a_thousand_times_a_thousand_times_a_thousand() -> bytes:
    return _nested(2, _repeated("1000"))


@_ends_with("compensation-without-handler")
def compensation_in_a_ring() -> bytes:
    handled = "".join(
        element("boundaryEvent", f"b{one}", "<bpmn:compensateEventDefinition/>", attachedToRef=one)
        + element("association", f"as{one}", sourceRef=f"b{one}", targetRef=other, associationDirection="One")
        for one, other in ("ab", "ba")
    )
    return diagram(start_end(), tasks("a", "b"), handled, flows("start", "a", "b", "end"))


def _link(kind: str, id_: str, name: str) -> str:
    return element(kind, id_, f'<bpmn:linkEventDefinition name="{name}"/>')


@_ends_with("runs in circles")
def links_in_a_ring() -> bytes:
    throws = _link("intermediateThrowEvent", "t1", "L") + _link("intermediateThrowEvent", "t2", "M")
    catches = _link("intermediateCatchEvent", "c1", "L") + _link("intermediateCatchEvent", "c2", "M")
    gates = element("exclusiveGateway", "g") + element("exclusiveGateway", "h", default="h_t2")
    ways = flows("start", "g", "t1") + flows("c1", "h", "t2") + flows("c2", "g") + flow("h", "end", "1 == 2")
    return diagram(start_end(), throws, catches, gates, ways)


@_ends_with("unreachable")
def links_that_nobody_reaches() -> bytes:
    ring = _link("intermediateThrowEvent", "t1", "L") + _link("intermediateCatchEvent", "c1", "L")
    return diagram(start_end(), flows("start", "end"), ring, flows("c1", "t1"))


@_ends_with("runs in circles|took longer")
def conditions_that_flip_for_ever() -> bytes:
    waits = "".join(
        element(
            "intermediateCatchEvent",
            f"c{n}",
            "<bpmn:conditionalEventDefinition>"
            f"<bpmn:condition>n % 2 == {n}</bpmn:condition></bpmn:conditionalEventDefinition>",
        )
        + script(f"f{n}", "n = n + 1")
        + element("exclusiveGateway", f"x{n}")
        + flows("g", f"x{n}", f"c{n}", f"f{n}", f"x{n}")
        for n in (0, 1)
    )
    begins = script("sets", "n = 0") + element("parallelGateway", "g") + tasks("u")
    return diagram(start_end(), begins, flows("start", "sets", "g", "u", "end"), waits)


@_ends_with("runs in circles|took longer")
def messages_to_and_fro_for_ever() -> bytes:
    first = _process(
        "q0",
        element("startEvent", "s0") + element("exclusiveGateway", "g0"),
        _event("intermediateThrowEvent", "t0", 'messageEventDefinition messageRef="M"'),
        _event("intermediateCatchEvent", "r0", 'messageEventDefinition messageRef="N"'),
        flows("s0", "g0", "t0", "r0", "g0"),
    )
    second = _process(
        "q1",
        _event("startEvent", "s1", 'messageEventDefinition messageRef="M"'),
        element("exclusiveGateway", "g1"),
        _event("intermediateThrowEvent", "t1", 'messageEventDefinition messageRef="N"'),
        _event("intermediateCatchEvent", "r1", 'messageEventDefinition messageRef="M"'),
        flows("s1", "g1", "t1", "r1", "g1"),
    )
    return _two(first, second, ("t0", "B"), ("t1", "A"))


@_ends_with("runs in circles|took longer")
def processes_that_open_each_other_for_ever() -> bytes:
    def opens(n: int, waits: str, throws: str, more: str = "") -> str:
        return _process(
            f"q{n}",
            more,
            _event("startEvent", f"s{n}", f'messageEventDefinition messageRef="{waits}"'),
            _event("intermediateThrowEvent", f"t{n}", f'messageEventDefinition messageRef="{throws}"'),
            element("endEvent", f"e{n}") + flows(f"s{n}", f"t{n}", f"e{n}"),
        )

    begins = element("startEvent", "n0") + flows("n0", "t0")
    return _two(opens(0, "N", "M", begins), opens(1, "M", "N"), ("t0", "B"), ("t1", "A"))


@_ends_with("runs in circles|took longer")
def forks_that_double_15_times() -> bytes:
    ids = _many(30)
    kinds = ("parallelGateway", "exclusiveGateway")
    gates = "".join(element(kinds[n % 2], one) for n, one in enumerate(ids))
    ways = "".join(
        flow(a, b, id_=f"{a}_{b}_{way}")
        for n, (a, b) in enumerate(pairwise(ids))
        for way in range(1 + (n + 1) % 2)
    )
    return diagram(start_end(), gates, flows("start", ids[0]), ways, flows(ids[-1], "end"))


@_ends_with("runs")
def data_in_a_circle() -> bytes:
    objects = "".join(
        element("dataObject", f"d{n}") + element("dataObjectReference", f"r{n}", dataObjectRef=f"d{n}")
        for n in (1, 2)
    )
    moves = "".join(
        f"<bpmn:dataInputAssociation><bpmn:sourceRef>{a}</bpmn:sourceRef>"
        f"<bpmn:targetRef>{b}</bpmn:targetRef></bpmn:dataInputAssociation>"
        for a, b in (("r1", "r2"), ("r2", "r1"))
    )
    return diagram(objects, start_end(), element("userTask", "u", moves), flows("start", "u", "end"))


@_ends_with("two-lanes")
def lanes_by_the_thousand() -> bytes:
    lanes = "".join(
        element("lane", one, "<bpmn:flowNodeRef>start</bpmn:flowNodeRef>") for one in _many(10_000)
    )
    return diagram(element("laneSet", "lanes", lanes), start_end(), flows("start", "end"))


@_ends_with("too-many-processes")
def processes_by_the_thousand() -> bytes:
    others = "".join(_process(f"z{n}", element("startEvent", f"zs{n}")) for n in range(2400))
    return diagram(start_end(), flows("start", "end"), after=others)


@_ends_with("runs")
def gateways_with_thirty_ways_each() -> bytes:
    ids = _many(200)
    gates = "".join(element("parallelGateway", one) for one in ids)
    ways = "".join(flow(one, other) for n, one in enumerate(ids) for other in ids[n + 1 : n + 30])
    return diagram(start_end(), gates, flows("start", ids[0]), ways, flows(ids[-1], "end"))


@_ends_with("too-many-expressions")
def every_gateway_to_every_other() -> bytes:
    ids = _many(60)
    gates = "".join(element("inclusiveGateway", one) for one in ids)
    ways = "".join(flow(a, b, "1 == 1") for a in ids for b in ids if a != b)
    return diagram(start_end(), gates, flows("start", ids[0]), ways, flows(ids[-1], "end"))


@_ends_with("runs in circles|took longer")
def a_script_repeated_for_ever() -> bytes:
    again = "<bpmn:loopCondition>True</bpmn:loopCondition>"
    loop = f"<bpmn:standardLoopCharacteristics>{again}</bpmn:standardLoopCharacteristics>"
    body = element("scriptTask", "t", "<bpmn:script>x = 1</bpmn:script>" + loop)
    return diagram(start_end(), body, flows("start", "t", "end"))


@_ends_with("doctype")
def an_entity_bomb() -> bytes:
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!DOCTYPE d [<!ENTITY a "ha">{laughs}]><definitions>&j;</definitions>'.encode()


def _extended(attributes: str, inside: str = "") -> bytes:
    task = f'<sop:Task xmlns:sop="urn:alur:sop:1"{attributes}/>{inside}'
    body = element("userTask", "a", f"<bpmn:extensionElements>{task}</bpmn:extensionElements>", name="A")
    return diagram(start_end(), body, flows("start", "a", "end"))


@_ends_with("runs")
def elements_of_another_program_50_deep() -> bytes:
    inside = '<x:a xmlns:x="http://example.org/x">' + "<x:a>" * 49 + "</x:a>" * 50
    return _extended("", inside)


@_ends_with("sop-value")
def a_row_number_of_5000_digits() -> bytes:
    return _extended(f' number="{"9" * 5000}"')


@_ends_with("too-many-elements")
def steps_and_lanes_of_their_own_by_the_thousand() -> bytes:
    ids = _many(3000)
    lanes = "".join(
        element("lane", f"lane_{one}", f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>", name=one) for one in ids
    )
    return diagram(element("laneSet", "lanes", lanes), start_end(), tasks(*ids), flows("start", *ids, "end"))
