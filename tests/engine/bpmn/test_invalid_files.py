# ruff: noqa: E501 - files as they are found, a line each
"""Files that break a rule of BPMN 2.0, chapters 7 to 10 and 13: each is refused where it breaks it, and says why."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint_bytes
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, start_end, tasks, timer
from tests.engine.bpmn.test_lint_invalid import (
    BESIDE,
    CATCHES,
    HOUR,
    MAIL,
    RECEIVES,
    TASK,
    WAITS,
    between,
    choice,
    found,
    way,
)

E = element
SIG, ESC, ERR = (
    '<bpmn:signalEventDefinition signalRef="bell"/>',
    '<bpmn:escalationEventDefinition escalationRef="up"/>',
    '<bpmn:errorEventDefinition errorRef="wrong"/>',
)
COMP, CAN, TERM = (
    "<bpmn:compensateEventDefinition/>",
    "<bpmn:cancelEventDefinition/>",
    "<bpmn:terminateEventDefinition/>",
)
LINK = '<bpmn:linkEventDefinition name="L"/>'
COND = "<bpmn:conditionalEventDefinition><bpmn:condition>a</bpmn:condition></bpmn:conditionalEventDefinition>"
INS = E("startEvent", "s1") + E("endEvent", "e1") + flow("s1", "e1")
OWN, OTHER = E("participant", "own", processRef="p"), E("participant", "oth")
Q = E(
    "process",
    "q",
    E("startEvent", "qs") + E("task", "qt") + E("endEvent", "qe") + flows("qs", "qt", "qe"),
    isExecutable="false",
)


def d(*body: str, beside: str = BESIDE) -> bytes:
    return diagram(*body, beside=beside)


def startev(inside: str, **attributes: str) -> bytes:
    return d(
        E("startEvent", "start", inside, **attributes),
        E("endEvent", "end"),
        tasks("a"),
        flows("start", "a", "end"),
    )


def endev(inside: str) -> bytes:
    return d(E("startEvent", "start"), E("endEvent", "end", inside), tasks("a"), flows("start", "a", "end"))


def bnd(inside: str, att: str = "a", **attributes: str) -> bytes:
    return way(E("boundaryEvent", "b", inside, attachedToRef=att, **attributes), flow("b", "end"))


def sub(inside: str, kind: str = "subProcess", *more: str) -> bytes:
    return d(start_end(), E(kind, "x", inside), flows("start", "x", "end"), *more)


def es(start: str, more: str = "", **attributes: str) -> bytes:
    inside = E("startEvent", "s1", start, **attributes) + E("endEvent", "e1") + flow("s1", "e1") + more
    return way(E("subProcess", "es", inside, triggeredByEvent="true"))


def coll(inside: str, more: str = "", *body: str) -> bytes:
    beside = E("collaboration", "c", inside) + more + "<bpmn:signal"
    return way(*body).replace(b"<bpmn:signal", beside.encode(), 1)


# What is refused, with the code and the element of every finding
FILES: dict[str, tuple[bytes, str]] = {
    "two cancel events at one transaction": (sub(INS, "transaction", *(E("boundaryEvent", id_, CAN, attachedToRef="x") + flow(id_, "end") for id_ in ("b", "b2"))), "caught-twice@b2"),
    "boundary cancel on task": (bnd(CAN), "cancel-outside-transaction@b"),
    "boundary cancel on subProcess": (sub(INS,"subProcess",E("boundaryEvent","b",CAN,attachedToRef="x"),flow("b","end")), "cancel-outside-transaction@b"),
    "cancel end nested sub": (sub(E("startEvent","s0")+E("endEvent","e0")+E("subProcess","in",E("startEvent","s1")+E("endEvent","e1",CAN)+flow("s1","e1"))+flows("s0","in","e0"),"transaction"), "cancel-outside-transaction@e1"),
    "boundary on gateway": (way(E("exclusiveGateway","g"),E("boundaryEvent","b",HOUR,attachedToRef="g"),flow("b","end"),flow("a","g"),flow("g","end")), "dangling-boundary@b"),
    "boundary on event": (bnd(HOUR,"start"), "dangling-boundary@b"),
    "boundary no attachedTo": (way(E("boundaryEvent","b",HOUR),flow("b","end")), "dangling-boundary@b"),
    "boundary in other scope": (d(start_end(),E("subProcess","x",INS+E("task","it")+""),E("boundaryEvent","b",HOUR,attachedToRef="it"),flows("start","x","end"),flow("b","end")), "dangling-boundary@b dead-end@it orphan@it"),
    "boundary incoming": (bnd(HOUR).replace(b"</bpmn:process>",flow("start","b",id_="ff").encode()+b"</bpmn:process>"), "flow-into-boundary@b"),
    "boundary no outgoing": (way(E("boundaryEvent","b",HOUR,attachedToRef="a")), "dead-end@b"),
    "boundary error non-interrupting": (bnd(ERR,cancelActivity="false"), "error-must-interrupt@b"),
    "boundary comp noninterrupting": (bnd(COMP,cancelActivity="false"), "compensation-in-flow@b compensation-without-handler@b"),
    "boundary on event subprocess": (way(E("subProcess","es",E("startEvent","s1",MAIL)+E("endEvent","e1")+flow("s1","e1"),triggeredByEvent="true"),E("boundaryEvent","b",HOUR,attachedToRef="es"),flow("b","end")), "event-subprocess-in-flow@es"),
    "es none start": (es(""), "event-subprocess-start@es"),
    "es two starts": (es(MAIL,E("startEvent","s2",MAIL)+flow("s2","e1")), "event-subprocess-start@es"),
    "es no start": (way(E("subProcess","es",E("task","t"),triggeredByEvent="true")), "event-subprocess-start@es"),
    "es error noninterrupting": (es(ERR,isInterrupting="false"), "error-must-interrupt@s1"),
    "es cancel": (es(CAN), "cancel-outside-transaction@s1 unsupported-event@s1"),
    "es link": (es(LINK), "unsupported-event@s1"),
    "es two error same": (way(*(E("subProcess",f"es{n}",E("startEvent",f"s{n}",ERR)+E("endEvent",f"e{n}")+flow(f"s{n}",f"e{n}"),triggeredByEvent="true") for n in (1,2))), "caught-twice@s2"),
    "boundary two same error": (way(E("boundaryEvent","b",ERR,attachedToRef="a"),flow("b","end"),E("boundaryEvent","b2",ERR,attachedToRef="a"),flow("b2","end")), "caught-twice@b2"),
    "es with incoming": (way(E("subProcess","es",E("startEvent","s1",MAIL)+E("endEvent","e1")+flow("s1","e1"),triggeredByEvent="true"),flow("a","es")), "event-subprocess-in-flow@es"),
    "es comp two": (sub(INS+"".join(E("subProcess",f"es{n}",E("startEvent",f"ss{n}",COMP)+E("endEvent",f"ee{n}")+flow(f"ss{n}",f"ee{n}"),triggeredByEvent="true") for n in (1,2))), "compensation-twice@ss2"),
    "sub event start": (sub(E("startEvent","s1",MAIL)+E("endEvent","e1")+flow("s1","e1")), "unsupported-event@s1"),
    "sub two starts": (sub(E("startEvent","s1")+E("startEvent","s2")+E("endEvent","e1")+flow("s1","e1")+flow("s2","e1")), "several-start-events@s2"),
    "flow into sub": (sub(INS,"subProcess",E("task","t"),flow("start","t"),flow("t","e1")), "flow-crosses@t_e1"),
    "flow out of sub": (sub(INS+flow("s1","end")), "flow-crosses@s1_end"),
    "flow declared elsewhere": (sub(E("startEvent","s1")+E("endEvent","e1"),"subProcess",flow("s1","e1")), "dead-end@s1 flow-crosses@s1_e1 orphan@e1"),
    "flow outer inside sub": (d(start_end(),E("subProcess","x",INS+flow("x","end",id_="zz")),flow("start","x")), "dead-end@x flow-crosses@zz orphan@end"),
    "flow between processes": (way(flow("a","qt")).replace(b"<bpmn:signal",(Q+"<bpmn:signal").encode(),1), "flow-crosses@a_qt"),
    "start incoming": (way(flow("a","start")), "flow-into-start@start"),
    "end outgoing": (way(flow("end","a")), "flow-from-end@end"),
    "flow to itself start": (way(flow("start","start")), "flow-into-start@start"),
    "flow to data": (way(E("dataObject","do"),flow("a","do")), "flow-crosses@a_do"),
    "flow to annotation": (way(E("textAnnotation","ta"),flow("a","ta")), "flow-crosses@a_ta"),
    "flow to lane": (way(E("laneSet","ls",E("lane","ln")),flow("a","ln")), "flow-crosses@a_ln"),
    "flow no src": (way('<bpmn:sequenceFlow id="zz" targetRef="a"/>'), "flow-without-source@zz"),
    "default not outgoing": (d(start_end(),tasks("a","b"),E("exclusiveGateway","g",default="a_end"),flow("start","g"),flow("g","a","1 == 1"),flow("g","b","1==1"),flow("a","end"),flow("b","end")), "dangling-default@g"),
    "default names a node": (way().replace(b'id="a" name',b'id="a" default="end" name'), "dangling-default@a"),
    "eg one": (choice(WAITS), "event-gateway@x"),
    "eg cond": (choice(WAITS,CATCHES).replace(b'id="x_t0"',b'id="x_t0"').replace(b'sourceRef="x" targetRef="t0">',b'sourceRef="x" targetRef="t0"><bpmn:conditionExpression>a</bpmn:conditionExpression>'), "event-gateway@x_t0"),
    "eg task": (choice(WAITS,TASK), "event-gateway@x"),
    "eg userTask": (choice(WAITS,E("userTask","t")), "event-gateway@x"),
    "eg throw": (choice(WAITS,E("intermediateThrowEvent","t",SIG)), "event-gateway@x"),
    "eg gateway": (choice(WAITS,E("exclusiveGateway","t")), "event-gateway@x"),
    "eg end": (d(start_end(),E("eventBasedGateway","x"),WAITS,flow("start","x"),flow("x","t"),flow("t","end"),flow("x","end")), "event-gateway@x"),
    "eg link": (choice(WAITS,E("intermediateCatchEvent","t",LINK)), "link@t1"),
    "eg error": (choice(WAITS,E("intermediateCatchEvent","t",ERR)), "unsupported-event@t1"),
    "eg receive w boundary": (choice(RECEIVES,WAITS).replace(b"</bpmn:process>",(E("boundaryEvent","b",SIG,attachedToRef="t0")+flow("b","end")+"</bpmn:process>").encode()), "event-gateway@x"),
    "eg extra incoming": (choice(WAITS,CATCHES).replace(b"</bpmn:process>",(E("task","w")+flow("start","w")+flow("w","t0")+"</bpmn:process>").encode()), "event-gateway@x"),
    "eg parallel noninst": (choice(WAITS,CATCHES,eventGatewayType="Parallel"), "event-gateway@x"),
    "eg inst with incoming": (choice(CATCHES,CATCHES,instantiate="true"), "flow-into-start@x"),
    "eg inst parallel timer": (d(E("eventBasedGateway","x",instantiate="true",eventGatewayType="Parallel"),E("intermediateCatchEvent","t0",HOUR),E("intermediateCatchEvent","t1",MAIL),E("endEvent","end"),flow("x","t0"),flow("x","t1"),flow("t0","end"),flow("t1","end")), "event-gateway@x"),
    "eg type bad": (choice(WAITS,CATCHES,eventGatewayType="Sometimes"), "event-gateway@x"),
    "eg inst in sub": (sub(E("eventBasedGateway","g",instantiate="true")+E("intermediateCatchEvent","t0",SIG)+E("intermediateCatchEvent","t1",MAIL)+flow("g","t0")+flow("g","t1")), "instantiate-inside@g"),
    "gw dir bad": (d(start_end(),E("exclusiveGateway","g",gatewayDirection="Both"),flows("start","g","end")), "gateway-direction@g"),
    "recv inst with incoming": (d(start_end(),tasks("w"),E("receiveTask","x",instantiate="true",messageRef="mail"),flows("start","w","x","end")), "flow-into-start@x"),
    "recv inst in sub": (sub(E("receiveTask","r",instantiate="true",messageRef="mail")+E("endEvent","e1")+flow("r","e1")), "instantiate-inside@r"),
    "complex": (between("complexGateway"), "unsupported-gateway@x"),
    "link throw only": (d(E("startEvent","start"),E("intermediateThrowEvent","t",LINK),flow("start","t")), "link@t"),
    "link catch only": (way(E("intermediateCatchEvent","c",LINK),flow("c","end")), "link@c"),
    "link dup catch": (d(start_end(),E("intermediateThrowEvent","t",LINK),E("intermediateCatchEvent","c",LINK),E("intermediateCatchEvent","c2",LINK),flow("start","t"),flow("c","end"),flow("c2","end")), "link@t"),
    "link other scope": (d(start_end(),E("intermediateThrowEvent","t",LINK),flow("start","t"),E("subProcess","x",E("intermediateCatchEvent","c",LINK)+E("endEvent","e1")+flow("c","e1")),flow("x","end")), "link@c link@t no-start-event@x orphan@x unreachable@end"),
    "link catch w incoming": (d(start_end(),tasks("a"),E("intermediateThrowEvent","t",LINK),E("intermediateCatchEvent","c",LINK),flow("start","t"),flow("c","end"),flow("start","a"),flow("a","c")), "link@c"),
    "link throw w outgoing": (d(start_end(),E("intermediateThrowEvent","t",LINK),E("intermediateCatchEvent","c",LINK),flow("start","t"),flow("t","end"),flow("c","end")), "link@t"),
    "link no name": (d(start_end(),E("intermediateThrowEvent","t","<bpmn:linkEventDefinition/>"),E("intermediateCatchEvent","c","<bpmn:linkEventDefinition/>"),flow("start","t"),flow("c","end")), "link@t"),
    "link throw no incoming": (way(E("intermediateThrowEvent","t",LINK),E("intermediateCatchEvent","c",LINK),flow("c","end")), "orphan@t"),
    "comp boundary no assoc": (way(E("boundaryEvent","b",COMP,attachedToRef="a")), "compensation-without-handler@b"),
    "comp boundary flow": (way(E("boundaryEvent","b",COMP,attachedToRef="a"),E("task","undo",isForCompensation="true"),flow("b","undo")), "compensation-in-flow@b compensation-in-flow@undo compensation-unused@undo compensation-without-handler@b"),
    "comp handler not marked": (way(E("boundaryEvent","b",COMP,attachedToRef="a"),E("task","undo"),E("association","as",sourceRef="b",targetRef="undo")), "compensation-without-handler@b dead-end@undo orphan@undo"),
    "comp two handlers": (way(E("boundaryEvent","b",COMP,attachedToRef="a"),*(E("task",f"undo{n}",isForCompensation="true")+E("association",f"as{n}",sourceRef="b",targetRef=f"undo{n}") for n in (1,2))), "compensation-without-handler@b"),
    "comp handler flow": (way(E("boundaryEvent","b",COMP,attachedToRef="a"),E("task","undo",isForCompensation="true"),E("association","as",sourceRef="b",targetRef="undo"),flow("undo","end")), "compensation-in-flow@undo"),
    "comp throw bad ref": (between("intermediateThrowEvent",'<bpmn:compensateEventDefinition activityRef="gone"/>'), "dangling-event@x"),
    "comp throw ref event": (between("intermediateThrowEvent",'<bpmn:compensateEventDefinition activityRef="start"/>'), "dangling-event@x"),
    "comp throw ref other scope": (sub(E("startEvent","s1")+E("task","it")+E("task","undo",isForCompensation="true")+E("boundaryEvent","b",COMP,attachedToRef="it")+E("association","as",sourceRef="b",targetRef="undo")+E("endEvent","e1")+flows("s1","it","e1"),"subProcess",E("intermediateThrowEvent","t",'<bpmn:compensateEventDefinition activityRef="it"/>'),flow("x","t"),flow("t","end")), "compensation-out-of-reach@t"),
    "message dangling": (between("intermediateCatchEvent",'<bpmn:messageEventDefinition messageRef="gone"/>'), "dangling-event@x"),
    "message wrong type": (between("intermediateCatchEvent",'<bpmn:messageEventDefinition messageRef="bell"/>'), "dangling-event@x"),
    "signal wrong type": (between("intermediateCatchEvent",'<bpmn:signalEventDefinition signalRef="mail"/>'), "dangling-event@x"),
    "error wrong": (bnd('<bpmn:errorEventDefinition errorRef="mail"/>'), "dangling-event@b"),
    "esc dangling": (bnd('<bpmn:escalationEventDefinition escalationRef="gone"/>'), "dangling-event@b"),
    "send wrong msg": (between("sendTask",messageRef="bell"), "dangling-event@x"),
    "op dangling": (between("serviceTask",operationRef="gone"), "dangling-reference@x"),
    "op dangling send": (between("sendTask",operationRef="gone",messageRef="mail"), "dangling-reference@x"),
    "op wrong": (between("receiveTask",operationRef="mail",messageRef="mail"), "dangling-reference@x"),
    "op in event": (between("intermediateCatchEvent",'<bpmn:messageEventDefinition messageRef="mail"><bpmn:operationRef>gone</bpmn:operationRef></bpmn:messageEventDefinition>'), "dangling-reference@x"),
    "evdefref dangling": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef>"), "dangling-event@x event-without-definition@x"),
    "evdefref wrong": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>mail</bpmn:eventDefinitionRef>"), "dangling-event@x event-without-definition@x"),
    "evdefref bad kind": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>tt</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("terminateEventDefinition","tt")+"<bpmn:signal ").encode(),1), "unsupported-event@x"),
    "root def dangling": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("signalEventDefinition","sd",signalRef="gone")+"<bpmn:signal ").encode(),1), "dangling-event@x"),
    "root def signal none": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("signalEventDefinition","sd")+"<bpmn:signal ").encode(),1), "signal-without-name@x"),
    "root timer none": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("timerEventDefinition","sd")+"<bpmn:signal ").encode(),1), "timer-without-time@x"),
    "root timer bad": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("timerEventDefinition","sd","<bpmn:timeDuration>P-1</bpmn:timeDuration>")+"<bpmn:signal ").encode(),1), "timer-time@x"),
    "root cond none": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("conditionalEventDefinition","sd")+"<bpmn:signal ").encode(),1), "event-without-condition@x"),
    "root cond syntax": (between("intermediateCatchEvent","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>").replace(b"<bpmn:signal ",(E("conditionalEventDefinition","sd","<bpmn:condition>a b</bpmn:condition>")+"<bpmn:signal ").encode(),1), "expression-syntax@x"),
    "root error code missing ref": (d(start_end(),E("endEvent","x","<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>"),E("parallelGateway","g"),flows("start","g","end"),flow("g","x"),beside=BESIDE+E("errorEventDefinition","sd",errorRef="gone")), "dangling-event@x"),
    "call dangling": (between("callActivity",calledElement="gone"), "unknown-called-process@x"),
    "call none": (between("callActivity"), "unknown-called-process@x"),
    "call a task": (between("callActivity",calledElement="start"), "unknown-called-process@x"),
    "call self": (between("callActivity",calledElement="p"), "call-ring@x"),
    "call a collab": (between("callActivity",calledElement="mail"), "unknown-called-process@x"),
    "data obj ref wrong": (way(E("dataObjectReference","r",dataObjectRef="a")), "dangling-reference@r"),
    "data store ref wrong": (way(E("dataStoreReference","r",dataStoreRef="a")), "dangling-reference@r"),
    "association dangling": (way(E("association","as",sourceRef="a",targetRef="gone")), "dangling-association@as"),
    "association missing": (way(E("association","as",sourceRef="a")), "dangling-association@as"),
    "participant dangling": (coll(E("participant","own",processRef="gone")), "dangling-participant@own"),
    "participant wrong": (coll(E("participant","own",processRef="mail")), "dangling-reference@own"),
    "mf within": (coll(OWN+E("messageFlow","m",sourceRef="a",targetRef="end")), "message-flow-end@m message-flow-within@m"),
    "mf pool to own task": (coll(OWN+E("messageFlow","m",sourceRef="own",targetRef="a")), "message-flow-within@m"),
    "mf dangling": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="gone")), "dangling-message-flow@m"),
    "mf missing": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth")), "dangling-message-flow@m"),
    "mf to gateway": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="gg"),"",E("exclusiveGateway","gg"),flow("start","gg"),flow("gg","end")), "message-flow-end@m"),
    "mf to end": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="end")), "message-flow-end@m"),
    "mf from start": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="start",targetRef="oth")), "message-flow-end@m"),
    "mf to flow": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="start_a")), "message-flow-end@m"),
    "mf to data": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="dd"),"",E("dataObject","dd")), "message-flow-end@m"),
    "mf to lane": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="ln"),"",E("laneSet","ls",E("lane","ln"))), "message-flow-end@m"),
    "mf pool pool same": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="oth")), "message-flow-within@m"),
    "mf message wrong": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="a",targetRef="oth",messageRef="bell")), "dangling-reference@m"),
    "mf message dangling": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="a",targetRef="oth",messageRef="gone")), "dangling-reference@m"),
    "mf to throw": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="oth",targetRef="rt"),"",E("intermediateThrowEvent","rt",MAIL),flow("start","rt"),flow("rt","end")), "message-flow-end@m"),
    "mf from catch": (coll(OWN+OTHER+E("messageFlow","m",sourceRef="rt",targetRef="oth"),"",E("intermediateCatchEvent","rt",MAIL),flow("start","rt"),flow("rt","end")), "message-flow-end@m"),
    "lane dangling": (way(E("laneSet","ls",E("lane","ln","<bpmn:flowNodeRef>gone</bpmn:flowNodeRef>"))), "dangling-lane@ln"),
    "dup id flow/node": (way(flow("a","end",id_="a")), "duplicate-id@a"),
    "dup id root": (way().replace(b'id="mail"',b'id="a"'), "duplicate-id@a"),
    "mi none": (between("userTask","<bpmn:multiInstanceLoopCharacteristics/>"), "multi-instance@x"),
    "mi card & list": (between("userTask","<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:loopDataInputRef>z</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"), "multi-instance@x"),
    "mi behaviour one dangling": (between("userTask",'<bpmn:multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="gone"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'), "dangling-event@x"),
    "loop and mi": (between("userTask",'<bpmn:standardLoopCharacteristics loopMaximum="2"/><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>'), "two-repetitions@x"),
    "two card": (between("userTask","<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"), "element-twice@x"),
    "loop on event sub": (way(E("subProcess","es",E("startEvent","s1",MAIL)+E("endEvent","e1")+flow("s1","e1")+'<bpmn:standardLoopCharacteristics loopMaximum="2"/>',triggeredByEvent="true")), "event-subprocess-in-flow@es"),
    "loop on gateway": (between("exclusiveGateway",'<bpmn:standardLoopCharacteristics loopMaximum="2"/>'), "unknown-element@x"),
    "two conditions": (d(start_end(),tasks("a","b"),E("exclusiveGateway","g",default="g_b"),flow("start","g"),flow("g","b"),E("sequenceFlow","ga","<bpmn:conditionExpression>1 == 2</bpmn:conditionExpression><bpmn:conditionExpression>1 == 1</bpmn:conditionExpression>",sourceRef="g",targetRef="a"),flow("a","end"),flow("b","end")), "element-twice@ga"),
    "two scripts": (between("scriptTask","<bpmn:script>x = 1</bpmn:script><bpmn:script>y = 1</bpmn:script>"), "element-twice@x"),
    "two iospec": (between("userTask","<bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification><bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"), "element-twice@x"),
    "two times": (between("intermediateCatchEvent","<bpmn:timerEventDefinition><bpmn:timeDate>2026-01-01</bpmn:timeDate><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"), "timer-without-time@x"),
    "two durations": (between("intermediateCatchEvent","<bpmn:timerEventDefinition><bpmn:timeDuration>PT2H</bpmn:timeDuration><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"), "timer-without-time@x"),
    "two cond in event": (between("intermediateCatchEvent","<bpmn:conditionalEventDefinition><bpmn:condition>a</bpmn:condition><bpmn:condition>b</bpmn:condition></bpmn:conditionalEventDefinition>"), "element-twice@x"),
    "assoc in no target": (between("userTask","<bpmn:dataInputAssociation><bpmn:sourceRef>gone</bpmn:sourceRef><bpmn:targetRef>gone2</bpmn:targetRef></bpmn:dataInputAssociation>"), "dangling-data@x"),
    "assoc target a task": (between("userTask","<bpmn:dataOutputAssociation><bpmn:sourceRef>x</bpmn:sourceRef><bpmn:targetRef>start</bpmn:targetRef></bpmn:dataOutputAssociation>"), "dangling-data@x"),
    "input on start": (startev("<bpmn:dataInput id='di'/>"), "unknown-element@di"),
    "output on end": (endev("<bpmn:dataOutput id='di'/>"), "unknown-element@di"),
    "set wrong type": (between("userTask","<bpmn:ioSpecification><bpmn:inputSet><bpmn:dataInputRefs>start</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet/></bpmn:ioSpecification>"), "dangling-data@x"),
    "correlation sub dangling": (way("<bpmn:correlationSubscription correlationKeyRef='gone'><bpmn:correlationPropertyBinding correlationPropertyRef='gone'><bpmn:dataPath>a</bpmn:dataPath></bpmn:correlationPropertyBinding></bpmn:correlationSubscription>"), "dangling-reference@p"),
    "corr key dangling": (coll(OWN+E("correlationKey","k","<bpmn:correlationPropertyRef>gone</bpmn:correlationPropertyRef>")), "dangling-reference@k"),
    "corr retr dangling": (way().replace(b"<bpmn:signal ",(E("correlationProperty","cp","<bpmn:correlationPropertyRetrievalExpression messageRef='gone'><bpmn:messagePath>x</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>")+"<bpmn:signal ").encode(),1), "dangling-reference@cp"),
    "startq 0": (between("userTask",startQuantity="0"), "token-quantity@x"),
    "dead adhoc ordering": (sub(INS,"adHocSubProcess"), "unsupported-ad-hoc@x"),
    "process nested": (way(E("process","zz","")), "unknown-element@zz"),
    "task in task": (between("userTask",E("task","tt")), "unknown-element@tt"),
    "lane in process": (way(E("lane","ln")), "unknown-element@ln"),
    "participant in process": (way(E("participant","pp")), "unknown-element@pp"),
    "mf in process": (way(E("messageFlow","mm",sourceRef="a",targetRef="end")), "message-flow-end@mm message-flow-within@mm unknown-element@mm"),
    "seqflow in collab": (coll(OWN+flow("start","a",id_="qq")), "unknown-element@qq"),
    "event def in task": (between("userTask",MAIL), "unknown-element@x"),
    "text in process": (way("some stray text"), "stray-text@p"),
    "isolated end": (way(E("endEvent","ee")), "orphan@ee"),
    "isolated start": (way(E("startEvent","ss",MAIL)), "dead-end@ss"),
    "unreachable loop": (way(tasks("b","c"),flow("b","c"),flow("c","b")), "unreachable@b unreachable@c"),
    "no way to end": (d(start_end(),tasks("a","b"),flow("start","a"),flow("a","b"),flow("b","a")), "orphan@end"),
    "lonely task no end": (d(E("startEvent","start"),tasks("a","b"),flow("start","a")), "orphan@b"),
    "signal no name no id ref": (between("intermediateCatchEvent","<bpmn:signalEventDefinition/>"), "signal-without-name@x"),
    "timer script": (between("intermediateCatchEvent",timer("timeDate","tomorrow")), "timer-time@x"),
    "boundary of msg + compens": (bnd(MAIL+COMP), "compensation-in-flow@b compensation-without-handler@b several-event-definitions@b"),
    "waitForCompletion bad": (between("intermediateThrowEvent",'<bpmn:compensateEventDefinition waitForCompletion="maybe"/>'), "not-a-boolean@x"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES.keys())
def test_it_is_refused_with_the_element_and_the_reason(
    content: bytes, expected: str, sandbox: Sandbox
) -> None:
    problems = lint_bytes(content, sandbox).problems
    assert {f"{one.code}@{one.element}" for one in problems} == set(expected.split())
    assert all(str(one.sentence) for one in problems)


KINDS = {"error": ERR, "escalation": ESC, "compensate": COMP, "cancel": CAN, "terminate": TERM, "link": LINK, "timer": HOUR, "conditional": COND}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        ("start", "error escalation compensate cancel terminate link"),
        ("end", "timer conditional link"),
        ("catch", "error cancel escalation terminate compensate"),
        ("throw", "error cancel timer conditional terminate"),
        ("boundary", "terminate link"),
    ],
)
def test_events_stand_where_bpmn_has_them(place: str, kinds: str, sandbox: Sandbox) -> None:
    drawn = {
        "start": startev,
        "end": endev,
        "catch": lambda inside: between("intermediateCatchEvent", inside),
        "throw": lambda inside: between("intermediateThrowEvent", inside),
        "boundary": bnd,
    }
    for kind in kinds.split():
        codes = {one.code for one in lint_bytes(drawn[place](KINDS[kind]), sandbox).problems}
        assert "unsupported-event" in codes, kind


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (way().replace(b'name="A">', b'name="A"><bpmn:incoming>gone</bpmn:incoming>'), ("dangling-reference", "a")),
        (way().replace(b'name="A">', b'name="A"><bpmn:incoming>a_end</bpmn:incoming>'), ("dangling-reference", "a")),
        (way().replace(b'name="A">', b'name="A"><bpmn:outgoing>end</bpmn:outgoing>'), ("dangling-reference", "a")),
        (way().replace(b'id="mail"', b'id="mail" itemRef="gone"'), ("dangling-reference", "mail")),
        (way(E("group", "g", categoryValueRef="gone")), ("dangling-reference", "g")),
        (way(E("laneSet", "ls", E("lane", "ln", "<bpmn:flowNodeRef>start_a</bpmn:flowNodeRef>"))), ("no-effect", "ln")),
        (coll("", Q, E("laneSet", "ls", E("lane", "ln", "<bpmn:flowNodeRef>qt</bpmn:flowNodeRef>"))), ("lane-elsewhere", "ln")),
        (es(COMP), ("no-effect", "s1")),
        (way().replace(b'isExecutable="true"', b'isExecutable="true" processType="Secret"'), ("unknown-value", "p")),
        (way(E("association", "as", sourceRef="a", targetRef="end", associationDirection="Up")), ("unknown-value", "as")),
        (between("intermediateThrowEvent", '<bpmn:compensateEventDefinition activityRef="a"/>').replace(b"</bpmn:process>", (tasks("a") + flow("start", "a") + flow("a", "end") + "</bpmn:process>").encode()), ("no-effect", "x")),
        (d(start_end(), tasks("a", "b"), E("parallelGateway", "g"), flow("start", "g"), flow("g", "a", "1 == 1"), flow("g", "b"), flow("a", "end"), flow("b", "end")), ("no-effect", "g_a")),
    ],
)  # fmt: skip
def test_what_does_no_harm_is_noted(content: bytes, note: tuple[str, str], sandbox: Sandbox) -> None:
    assert found(content, sandbox) == (set(), {note})


def test_what_is_referred_to_does_not_make_a_file_grow_without_end(sandbox: Sandbox) -> None:
    large = E("conditionalEventDefinition", "cd", f"<bpmn:condition>{'x' * 15_000}</bpmn:condition>")
    many = "<bpmn:eventDefinitionRef>cd</bpmn:eventDefinitionRef>" * 200
    content = d(start_end(), E("intermediateCatchEvent", "x", many), flows("start", "x", "end"), beside=large)
    assert [one.code for one in lint_bytes(content, sandbox).problems] == ["too-large"]
