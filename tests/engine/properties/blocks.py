"""The kinds of blocks: one function for each thing BPMN can do here. A new one is a function and its line.

A block always comes to its end when people complete what is open and time passes: of every event that
may never come there is another way on.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.bpmn.drawn import element, service, timer
from tests.engine.properties import blocks_apart, blocks_data, blocks_events
from tests.engine.properties.blocks_events import ANY_ERROR, CANCEL, ERROR, ESCALATION, conditional, message
from tests.engine.properties.blocks_rules import rule
from tests.engine.properties.drawing import SPAN, VARIABLES, Block, Drawer, Ends, asks, signal, some_time

TERMINATE = "<bpmn:terminateEventDefinition/>"


# One element


def user(draw: Drawer, _block: Block) -> Ends:
    task = draw.put("userTask")
    return Ends(task, task)


def manual(draw: Drawer, _block: Block) -> Ends:
    task = draw.put("manualTask")
    return Ends(task, task)


def abstract(draw: Drawer, _block: Block) -> Ends:
    task = draw.put("task")
    return Ends(task, task)


def script(draw: Drawer, block: Block) -> Ends:
    name = VARIABLES[block.number % 4]
    task = draw.put("scriptTask", f"<bpmn:script>{name} = ({name} + {block.number % 7}) % 5</bpmn:script>")
    return Ends(task, task)


def pause(draw: Drawer, block: Block) -> Ends:
    event = draw.put("intermediateCatchEvent", some_time(block.number))
    return Ends(event, event)


def milestone(draw: Drawer, _block: Block) -> Ends:
    event = draw.put("intermediateThrowEvent")
    return Ends(event, event)


def throw_signal(draw: Drawer, block: Block) -> Ends:
    event = draw.put("intermediateThrowEvent", signal(block.number))
    return Ends(event, event)


def escalate(draw: Drawer, _block: Block) -> Ends:
    event = draw.put("intermediateThrowEvent", ESCALATION)
    return Ends(event, event)


def service_call(draw: Drawer, block: Block) -> Ends:
    task = draw.name("serviceTask")
    draw.body.append(service(task, body=f"[{VARIABLES[block.number % 4]}, items]"))
    return Ends(task, task)


# Several blocks


def sequence(draw: Drawer, block: Block) -> Ends:
    return draw.chain(*map(draw.block, block.inside))


def parallel(draw: Drawer, block: Block) -> Ends:
    opens, closes = draw.put("parallelGateway"), draw.put("parallelGateway")
    for part in map(draw.block, block.inside):
        draw.connect(opens, part.first)
        draw.connect(part.last, closes)
    return Ends(opens, closes)


def _choice(draw: Drawer, block: Block, kind: str, join: str) -> Ends:
    """Ask for every branch but the last, which is the default."""
    opens, closes = draw.name(kind), draw.put(join)
    parts = [draw.block(part) for part in block.inside]
    for number, part in enumerate(parts[:-1]):
        draw.connect(opens, part.first, asks(block.number + number))
    draw.body.append(element(kind, opens, default=draw.connect(opens, parts[-1].first)))
    for part in parts:
        draw.connect(part.last, closes)
    return Ends(opens, closes)


def exclusive(draw: Drawer, block: Block) -> Ends:
    return _choice(draw, block, "exclusiveGateway", "exclusiveGateway")


def inclusive(draw: Drawer, block: Block) -> Ends:
    return _choice(draw, block, "inclusiveGateway", "inclusiveGateway")


def task_that_chooses(draw: Drawer, block: Block) -> Ends:
    """Take the flows out of a task whose conditions are true, without a gateway."""
    return _choice(draw, block, "userTask", "inclusiveGateway")


def task_that_splits(draw: Drawer, block: Block) -> Ends:
    """Take all flows out of a task."""
    opens, closes = draw.put("userTask"), draw.put("parallelGateway")
    for part in map(draw.block, block.inside):
        draw.connect(opens, part.first)
        draw.connect(part.last, closes)
    return Ends(opens, closes)


def race(draw: Drawer, block: Block) -> Ends:
    """Let the first one win: a time, another time or a signal, behind an event gateway."""
    opens, closes = draw.put("eventBasedGateway"), draw.put("exclusiveGateway")
    waits = [some_time(block.number), timer("timeDuration", SPAN), signal(block.number)]
    for part, what in zip((*block.inside, None), waits, strict=False):
        event = draw.put("intermediateCatchEvent", what)
        draw.connect(opens, event)
        if part is None:
            draw.connect(event, closes)
        else:
            draw.connect(draw.chain(Ends(event, event), draw.block(part)).last, closes)
    return Ends(opens, closes)


def again_by_flow(draw: Drawer, block: Block) -> Ends:
    """Lead back by a gateway, a few times."""
    count = draw.name("count")
    setup = draw.put("scriptTask", f"<bpmn:script>{count} = 0</bpmn:script>")
    opens, closes = draw.put("exclusiveGateway"), draw.name("exclusiveGateway")
    counts = draw.put("scriptTask", f"<bpmn:script>{count} = {count} + 1</bpmn:script>")
    body = sequence(draw, block)
    draw.chain(Ends(setup, setup), Ends(opens, opens), body, Ends(counts, counts), Ends(closes, closes))
    draw.connect(closes, opens, f"{count} < {block.number % 3 + 1}")
    onwards = draw.put("intermediateThrowEvent")
    draw.body.append(element("exclusiveGateway", closes, default=draw.connect(closes, onwards)))
    return Ends(setup, onwards)


def one_that_ends(draw: Drawer, block: Block) -> Ends:
    """Let a branch come to an end of its own, beside one that goes on."""
    opens = draw.put("parallelGateway")
    aside, onwards = draw.block(block.inside[0]), draw.block(Block("sequence", 0, block.inside[1:]))
    draw.connect(opens, aside.first)
    draw.connect(opens, onwards.first)
    draw.end(aside.last)
    return Ends(opens, onwards.last)


def token_for_each(draw: Drawer, block: Block) -> Ends:
    """Lead several tokens through the same elements, in a scope that ends after all."""
    with draw.scope() as body:
        opens, merges = draw.put("parallelGateway"), draw.put("exclusiveGateway")
        draw.connect(draw.put("startEvent"), opens)
        for part in block.inside[:-1]:
            ends = draw.block(part)
            draw.connect(opens, ends.first)
            draw.connect(ends.last, merges)
        draw.connect(opens, merges)
        ends = draw.block(block.inside[-1])
        draw.connect(merges, ends.first)
        draw.end(ends.last)
        text = "".join(body)
    sub = draw.put("subProcess", text)
    return Ends(sub, sub)


# Something inside an activity


def _inside(draw: Drawer, block: Block, *further: str) -> str:
    return draw.whole_scope(Block("sequence", 0, block.inside), *further)


def subprocess(draw: Drawer, block: Block) -> Ends:
    sub = draw.put("subProcess", _inside(draw, block))
    return Ends(sub, sub)


def call(draw: Drawer, block: Block) -> Ends:
    called = draw.name("called")
    draw.beside.append(element("process", called, _inside(draw, block), isExecutable="false"))
    activity = draw.put("callActivity", calledElement=called)
    return Ends(activity, activity)


def terminated(draw: Drawer, block: Block) -> Ends:
    """Let one branch end all others of its subprocess."""
    sub = _left(draw, block, "subProcess", TERMINATE)
    return Ends(sub, sub)


def _left(draw: Drawer, block: Block, kind: str, end: str) -> str:
    """Draw a scope with two branches; one of them comes to an end that may concern the other."""
    with draw.scope() as body:
        opens = draw.put("parallelGateway")
        draw.connect(draw.put("startEvent"), opens)
        first = draw.chain(Ends(opens, opens), draw.block(block.inside[0]))
        draw.choice(first.last, draw.put("endEvent", end), asks(block.number))
        other = draw.block(Block("sequence", 0, block.inside[1:]))
        draw.connect(opens, other.first)
        draw.end(other.last)
        text = "".join(body)
    return draw.put(kind, text)


def _leaves(draw: Drawer, block: Block, kind: str, end: str, caught: str) -> Ends:
    """Let a scope be left by an event at one of its ends, caught at its edge."""
    sub = _left(draw, block, kind, end)
    return _rescued(draw, Ends(sub, sub), caught, Block("user", 0))


def _rescued(draw: Drawer, activity: Ends, what: str, rescue: Block) -> Ends:
    """Let an event at the edge interrupt the activity; both ways meet behind it."""
    event = draw.put("boundaryEvent", what, attachedToRef=activity.first)
    closes = draw.put("exclusiveGateway")
    draw.chain(Ends(event, event), draw.block(rescue), Ends(closes, closes))
    draw.connect(activity.last, closes)
    return Ends(activity.first, closes)


def transaction(draw: Drawer, block: Block) -> Ends:
    return _leaves(draw, block, "transaction", CANCEL, CANCEL)


def left_by_error(draw: Drawer, block: Block) -> Ends:
    return _leaves(draw, block, "subProcess", ERROR, (ERROR, ANY_ERROR)[block.number % 2])


def left_by_escalation(draw: Drawer, block: Block) -> Ends:
    return _leaves(draw, block, "subProcess", ESCALATION, ESCALATION)


def service_that_may_fail(draw: Drawer, block: Block) -> Ends:
    """Catch what a service could not do, by its code or any."""
    activity = service_call(draw, block)
    return _rescued(draw, activity, (ERROR, ANY_ERROR)[block.number // 4 % 2], block.inside[-1])


def _activity(draw: Drawer, block: Block, more: str = "") -> str:
    """Draw a task, or a subprocess or a call around what is inside."""
    kind = ("userTask", "subProcess", "serviceTask", "callActivity")[block.number % 4]
    if kind == "serviceTask":
        task = draw.name(kind)
        draw.body.append(service(task, "post", more, body=VARIABLES[block.number // 4 % 4]))
        return task
    if kind == "subProcess":
        return draw.put(kind, _inside(draw, block) + more)
    if kind == "callActivity":
        called = draw.name("called")
        draw.beside.append(element("process", called, _inside(draw, block), isExecutable="false"))
        return draw.put(kind, more, calledElement=called)
    return draw.put(kind, more)


def interrupted(draw: Drawer, block: Block) -> Ends:
    """Let a time or a signal take an activity away."""
    activity = _activity(draw, block)
    makers = (some_time, signal, message, conditional)
    what = makers[block.number // 4 % 4](block.number)
    return _rescued(draw, Ends(activity, activity), what, block.inside[-1])


def interrupted_by_any(draw: Drawer, block: Block) -> Ends:
    """Let whatever comes first of two events of one element take an activity away."""
    activity = _activity(draw, block)
    number = block.number // 4
    what = (message, signal, conditional)[number % 3](number) + some_time(number)
    return _rescued(draw, Ends(activity, activity), what, block.inside[-1])


def accompanied(draw: Drawer, block: Block) -> Ends:
    """Let a time, a signal or an escalation add something to an activity."""
    activity = _activity(draw, block)
    number = block.number
    whats = [timer("timeCycle", "R3/PT1H"), some_time(number), signal(number), message(number)]
    whats += [conditional(number), ESCALATION] if number % 2 else []  # only what is inside can escalate
    what = whats[number // 4 % len(whats)]
    event = draw.put("boundaryEvent", what, attachedToRef=activity, cancelActivity="false")
    # What a signal adds must not throw the same signal: it would never come to an end.
    added = block.inside[-1] if "timer" in what or what == ESCALATION else Block("user", 0)
    draw.end(draw.chain(Ends(event, event), draw.block(added)).last)
    return Ends(activity, activity)


def _several(draw: Drawer, block: Block, sequential: str) -> Ends:
    number = block.number
    inside = (
        f"<bpmn:loopCardinality>{number % 4}</bpmn:loopCardinality>",
        f'<bpmn:loopDataInputRef>items</bpmn:loopDataInputRef><bpmn:inputDataItem id="{draw.name("item")}"/>',
        f"<bpmn:loopCardinality>{VARIABLES[number % 4]} % 4</bpmn:loopCardinality>",
    )[number // 4 % 3]
    enough = ("", "nrOfCompletedInstances == 2", f"{VARIABLES[number % 4]} == 1")[number // 12 % 3]
    if enough:
        inside += f"<bpmn:completionCondition>{enough}</bpmn:completionCondition>"
    several = element(
        "multiInstanceLoopCharacteristics", draw.name("several"), inside, isSequential=sequential
    )
    activity = _activity(draw, block, several)
    return Ends(activity, activity)


def one_after_the_other(draw: Drawer, block: Block) -> Ends:
    return _several(draw, block, "true")


def all_at_once(draw: Drawer, block: Block) -> Ends:
    return _several(draw, block, "false")


def again(draw: Drawer, block: Block) -> Ends:
    """Repeat an activity by a standard loop."""
    asked = (f"<bpmn:loopCondition>{asks(block.number).replace('>', '&gt;')}</bpmn:loopCondition>", "")
    loop = element(
        "standardLoopCharacteristics",
        draw.name("loop"),
        asked[block.number // 4 % 2],
        loopMaximum=str(block.number % 3 + 1),
        testBefore=("true", "false")[block.number // 8 % 2],
    )
    activity = _activity(draw, block, loop)
    return Ends(activity, activity)


ONE: dict[str, Callable[[Drawer, Block], Ends]] = {
    one.__name__: one
    for one in (user, manual, abstract, script, rule, pause, milestone, throw_signal, escalate, service_call)
}
AROUND: dict[str, Callable[[Drawer, Block], Ends]] = {
    one.__name__: one
    for one in (
        sequence,
        parallel,
        exclusive,
        inclusive,
        task_that_chooses,
        task_that_splits,
        race,
        again_by_flow,
        one_that_ends,
        token_for_each,
        subprocess,
        call,
        terminated,
        transaction,
        left_by_error,
        left_by_escalation,
        service_that_may_fail,
        interrupted,
        interrupted_by_any,
        accompanied,
        one_after_the_other,
        all_at_once,
        again,
    )
}
ONE |= blocks_events.ONE | blocks_data.ONE | blocks_apart.ONE
AROUND |= blocks_events.AROUND | blocks_data.AROUND | blocks_apart.AROUND
MAKERS = ONE | AROUND
