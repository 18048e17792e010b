"""Blocks of messages, conditions, links, event subprocesses and compensation: see ``blocks``."""

from __future__ import annotations

from tests.engine.bpmn.drawn import element, timer
from tests.engine.properties.drawing import MESSAGES, VARIABLES, Block, Drawer, Ends, asks, signal, some_time

ERROR = '<bpmn:errorEventDefinition errorRef="wrong"/>'
ANY_ERROR = "<bpmn:errorEventDefinition/>"
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="up"/>'
CANCEL = "<bpmn:cancelEventDefinition/>"
COMPENSATE = "<bpmn:compensateEventDefinition/>"


def message(number: int) -> str:
    return f'<bpmn:messageEventDefinition messageRef="message_{number % MESSAGES}"/>'


def conditional(number: int) -> str:
    asked = asks(number).replace(">", "&gt;")
    condition = f"<bpmn:condition>{asked}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"


def send(draw: Drawer, block: Block) -> Ends:
    task = draw.put("sendTask", messageRef=f"message_{block.number % MESSAGES}")
    return Ends(task, task)


def receive(draw: Drawer, block: Block) -> Ends:
    task = draw.put("receiveTask", messageRef=f"message_{block.number % MESSAGES}")
    return Ends(task, task)


def throw_message(draw: Drawer, block: Block) -> Ends:
    event = draw.put("intermediateThrowEvent", message(block.number))
    return Ends(event, event)


def catch_from_outside(draw: Drawer, block: Block) -> Ends:
    """Wait for a message or a signal, which may come from outside."""
    what = (message, signal)[block.number // 8 % 2](block.number)
    event = draw.put("intermediateCatchEvent", what)
    return Ends(event, event)


def link(draw: Drawer, _block: Block) -> Ends:
    name = draw.name("link")
    definition = f'<bpmn:linkEventDefinition name="{name}"/>'
    return Ends(
        draw.put("intermediateThrowEvent", definition), draw.put("intermediateCatchEvent", definition)
    )


def race_of_three(draw: Drawer, block: Block) -> Ends:
    """Let the first one win: a message, a condition or a time."""
    opens, closes = draw.put("eventBasedGateway"), draw.put("exclusiveGateway")
    waits = [message(block.number), conditional(block.number // 3), some_time(block.number)]
    for part, what in zip((*block.inside, None), waits, strict=False):
        event = draw.put("intermediateCatchEvent", what)
        draw.connect(opens, event)
        ends = Ends(event, event) if part is None else draw.chain(Ends(event, event), draw.block(part))
        draw.connect(ends.last, closes)
    return Ends(opens, closes)


def _handler(draw: Drawer, what: str, block: Block, *, interrupts: bool) -> str:
    """Draw an event subprocess."""
    with draw.scope() as body:
        start = draw.put("startEvent", what, isInterrupting=str(interrupts).lower())
        draw.end(draw.chain(Ends(start, start), draw.block(block)).last)
        text = "".join(body)
    return element("subProcess", draw.name("handler"), text, triggeredByEvent="true")


def handled(draw: Drawer, block: Block) -> Ends:
    """Put an event subprocess into a scope; one that does not interrupt adds a task."""
    number = block.number
    whats = (message(number), signal(number), conditional(number // 7), some_time(number), ESCALATION, ERROR)
    what = whats[number % 6]
    interrupts = what == ERROR or bool(number // 6 % 2)
    added = block.inside[-1] if interrupts else Block("user", 0)
    handler = _handler(draw, what, added, interrupts=interrupts)
    with draw.scope() as body:
        ends = draw.block(Block("sequence", 0, block.inside[:-1] or block.inside))
        draw.connect(draw.put("startEvent"), ends.first)
        if what == ERROR:
            draw.choice(ends.last, draw.put("endEvent", ERROR), asks(number))
        else:
            draw.end(ends.last)
        text = "".join(body)
    sub = draw.put("subProcess", text + handler)
    return Ends(sub, sub)


def handled_often(draw: Drawer, block: Block) -> Ends:
    """Put an event subprocess into a scope that a repeating time begins, or any of several events."""
    whats = (timer("timeCycle", "R2/PT1H"), message(block.number) + some_time(block.number))
    handler = _handler(draw, whats[block.number // 3 % 2], Block("user", 0), interrupts=False)
    sub = draw.put("subProcess", draw.whole_scope(Block("sequence", 0, block.inside), handler))
    return Ends(sub, sub)


def _undoable(draw: Drawer, activity: Ends, block: Block) -> Ends:
    """Give an activity a task that undoes it: for people, or a script."""
    event = draw.put("boundaryEvent", COMPENSATE, attachedToRef=activity.first)
    name = VARIABLES[block.number % 4]
    if block.number // 4 % 2:
        undo = draw.put("userTask", isForCompensation="true")
    else:
        undo = draw.put(
            "scriptTask", f"<bpmn:script>{name} = ({name} + 1) % 5</bpmn:script>", isForCompensation="true"
        )
    draw.put("association", sourceRef=event, targetRef=undo, associationDirection="One")
    return activity


def _undone_inside(draw: Drawer, block: Block) -> list[Ends]:
    parts = []
    for number, part in enumerate(block.inside):
        sub = draw.put("subProcess", draw.whole_scope(part))
        parts.append(_undoable(draw, Ends(sub, sub), Block("", block.number + 3 * number)))
    return parts


def undone(draw: Drawer, block: Block) -> Ends:
    """Undo what was done, all of it or one activity, on the way or at the end of its scope."""
    with draw.scope() as body:
        ends = draw.chain(*_undone_inside(draw, block))
        draw.connect(draw.put("startEvent"), ends.first)
        one = f'<bpmn:compensateEventDefinition activityRef="{ends.first}"/>'
        what = (COMPENSATE, one)[block.number // 2 % 2]
        if block.number % 2:
            event = draw.put("intermediateThrowEvent", what)
            draw.end(draw.chain(ends, Ends(event, event)).last)
        else:
            draw.end(ends.last, what)
        text = "".join(body)
    sub = draw.put("subProcess", text)
    return Ends(sub, sub)


def undone_by_a_handler(draw: Drawer, block: Block) -> Ends:
    """Undo a subprocess in which an event subprocess says how; what is inside has its own ways too."""
    handler = _handler(draw, COMPENSATE, Block("script", block.number), interrupts=True)
    with draw.scope() as body:
        ends = draw.chain(*_undone_inside(draw, block))
        draw.connect(draw.put("startEvent"), ends.first)
        draw.end(ends.last)
        text = "".join(body)
    sub = draw.put("subProcess", text + handler)
    event = draw.put("intermediateThrowEvent", f'<bpmn:compensateEventDefinition activityRef="{sub}"/>')
    return draw.chain(Ends(sub, sub), Ends(event, event))


def cancelled(draw: Drawer, block: Block) -> Ends:
    """Cancel a transaction, or not: what was done in it is undone before it is left."""
    with draw.scope() as body:
        ends = draw.chain(*_undone_inside(draw, block))
        draw.connect(draw.put("startEvent"), ends.first)
        draw.choice(ends.last, draw.put("endEvent", CANCEL), asks(block.number))
        text = "".join(body)
    activity = draw.put("transaction", text)
    event = draw.put("boundaryEvent", CANCEL, attachedToRef=activity)
    closes = draw.put("exclusiveGateway")
    draw.connect(event, closes)
    draw.connect(activity, closes)
    return Ends(activity, closes)


def ends_with_a_word(draw: Drawer, block: Block) -> Ends:
    """End a scope by throwing a message or a signal."""
    with draw.scope() as body:
        ends = draw.block(Block("sequence", 0, block.inside))
        draw.connect(draw.put("startEvent"), ends.first)
        draw.end(ends.last, (message, signal)[block.number // 8 % 2](block.number))
        text = "".join(body)
    sub = draw.put("subProcess", text)
    return Ends(sub, sub)


ONE = {one.__name__: one for one in (send, receive, throw_message, catch_from_outside, link)}
AROUND = {
    one.__name__: one
    for one in (
        race_of_three,
        handled,
        handled_often,
        undone,
        undone_by_a_handler,
        cancelled,
        ends_with_a_word,
    )
}
