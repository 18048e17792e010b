"""Blocks of what lies beyond their scope: data stores, other processes, working time, what begins unasked."""

from __future__ import annotations

import json

from tests.engine.bpmn.drawn import element, timer
from tests.engine.properties.blocks_events import message
from tests.engine.properties.drawing import GIVEN, VARIABLES, Block, Drawer, Ends

STORES = 2
_WORKING = '<bpmn:extensionElements><sop:Timer time="working"/></bpmn:extensionElements>'


def stored(draw: Drawer, block: Block) -> Ends:
    """Count in a data store of the office, and take the count."""
    store = f"store_{block.number % STORES}"
    if f'id="{store}"' not in "".join(draw.beside):
        draw.beside.append(element("dataStore", store, name=store.capitalize()))
    here, into, out = draw.put("dataStoreReference", dataStoreRef=store), draw.name("in"), draw.name("out")
    name = VARIABLES[block.number // STORES % 4]
    task = draw.put(
        "scriptTask",
        f'<bpmn:ioSpecification><bpmn:dataInput id="{into}" name="before"/>'
        f'<bpmn:dataOutput id="{out}" name="after"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'
        f"<bpmn:dataInputAssociation><bpmn:sourceRef>{here}</bpmn:sourceRef>"
        f"<bpmn:targetRef>{into}</bpmn:targetRef></bpmn:dataInputAssociation>"
        f"<bpmn:dataOutputAssociation><bpmn:sourceRef>{out}</bpmn:sourceRef>"
        f"<bpmn:targetRef>{here}</bpmn:targetRef></bpmn:dataOutputAssociation>"
        f"<bpmn:script>after = (before or 0) + 1\n{name} = after % 5</bpmn:script>",
    )
    return Ends(task, task)


def office_hours(draw: Drawer, block: Block) -> Ends:
    """Wait for so much working time."""
    span = ("PT90M", "PT8H", "P2D", '"PT" + str(v0 % 3 + 1) + "H"')[block.number % 4]
    event = draw.put("intermediateCatchEvent", _WORKING + timer("timeDuration", span))
    return Ends(event, event)


def reminded(draw: Drawer, block: Block) -> Ends:
    """Remind of what is open, a few times in working time; or take it away after a working day."""
    interrupts = block.number % 3 == 0
    sub = draw.put("subProcess", draw.whole_scope(Block("sequence", 0, block.inside[1:])))
    what = timer("timeDuration", "P1D") if interrupts else timer("timeCycle", "R2/PT2H")
    about = {"attachedToRef": sub, "cancelActivity": str(interrupts).lower()}
    event = draw.put("boundaryEvent", _WORKING + what, **about)
    after = draw.chain(Ends(event, event), draw.block(block.inside[0])).last
    if not interrupts:
        draw.end(after)
        return Ends(sub, sub)
    closes = draw.put("exclusiveGateway")  # with an end of its own, a join behind it would wait for ever
    draw.connect(sub, closes)
    draw.connect(after, closes)
    return Ends(sub, closes)


def any_of_two(draw: Drawer, block: Block) -> Ends:
    """Wait for one of two events of one element, or for both."""
    both = str(block.number // 3 % 2 == 0).lower()
    whats = message(block.number) + timer("timeDuration", f"PT{block.number % 4 + 1}H")
    event = draw.put("intermediateCatchEvent", whats, parallelMultiple=both)
    return Ends(event, event)


def call_shared(draw: Drawer, block: Block) -> Ends:
    """Call a global task."""
    name, shared = VARIABLES[block.number % 4], draw.name("shared")
    script = f"<bpmn:script>{name} = ({name} + 1) % 5</bpmn:script>"
    draw.beside.append(element("globalScriptTask", shared, script))
    activity = draw.put("callActivity", calledElement=shared)
    return Ends(activity, activity)


def scattered(draw: Drawer, block: Block) -> Ends:
    """Put activities into a scope that begins and ends wherever no flow leads."""
    with draw.scope() as body:
        for part in block.inside:  # no scope has only one kind of its events
            draw.put("subProcess", draw.whole_scope(part))
        text = "".join(body)
    sub = draw.put("subProcess", text)
    return Ends(sub, sub)


def other_process(draw: Drawer, block: Block) -> Ends:
    """Ask another process of the file, which begins by it, and wait for what it answers."""
    asks, answers = draw.name("asks"), draw.name("answers")
    draw.beside += [element("message", one, name=one) for one in (asks, answers)]
    given = "\n".join(f"{name} = {json.dumps(value)}" for name, value in GIVEN.items())
    with draw.scope() as body:
        merges = draw.put("exclusiveGateway")
        sets = draw.put("scriptTask", f"<bpmn:script>{given}</bpmn:script>")
        begins = [f'<bpmn:messageEventDefinition messageRef="{asks}"/>']
        if block.number % 3 == 0:  # it may begin by itself too, or by what only comes from outside
            begins.append(timer("timeDuration", f"PT{block.number % 4 + 1}H"))
        elif block.number % 3 == 1:
            other = draw.name("other")
            draw.beside.append(element("message", other, name=other))
            begins.append(f'<bpmn:messageEventDefinition messageRef="{other}"/>')
        for what in begins:
            draw.connect(draw.put("startEvent", what), merges)
        inside = draw.block(Block("sequence", 0, block.inside))
        ends = draw.chain(Ends(merges, merges), Ends(sets, sets), inside)
        draw.end(ends.last, f'<bpmn:messageEventDefinition messageRef="{answers}"/>')
        text = "".join(body)
    draw.after.append(element("process", draw.name("other"), text, isExecutable="true"))
    sends, hears = draw.put("sendTask", messageRef=asks), draw.put("receiveTask", messageRef=answers)
    return draw.chain(Ends(sends, sends), Ends(hears, hears))


def asked_process(draw: Drawer, block: Block) -> Ends:
    """Ask another process, which begins without a start event: at a task or gateway that waits for it."""
    asks, other = draw.name("asks"), draw.name("other")
    draw.beside += [element("message", one, name=one) for one in (asks, other)]
    given = "\n".join(f"{name} = {json.dumps(value)}" for name, value in GIVEN.items())
    with draw.scope() as body:
        sets = draw.put("scriptTask", f"<bpmn:script>{given}</bpmn:script>")
        if block.number % 2:
            draw.connect(draw.put("receiveTask", messageRef=asks, instantiate="true"), sets)
        else:
            merges, opens = draw.put("exclusiveGateway"), draw.put("eventBasedGateway", instantiate="true")
            for one in (asks, other):
                caught = draw.put(
                    "intermediateCatchEvent", f'<bpmn:messageEventDefinition messageRef="{one}"/>'
                )
                draw.connect(opens, caught)
                draw.connect(caught, merges)
            draw.connect(merges, sets)
        draw.end(draw.chain(Ends(sets, sets), draw.block(Block("sequence", 0, block.inside))).last)
        text = "".join(body)
    draw.after.append(element("process", draw.name("process"), text, isExecutable="true"))
    sends = draw.put("sendTask", messageRef=asks)
    return Ends(sends, sends)


ONE = {one.__name__: one for one in (stored, office_hours, any_of_two, call_shared)}
AROUND = {one.__name__: one for one in (reminded, scattered, other_process, asked_process)}
