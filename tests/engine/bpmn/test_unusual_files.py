# ruff: noqa: E501 - files as they are found, a line each
"""Valid files that few would write so: accepted, nothing of them lost, and run to their end."""

from __future__ import annotations

import re

import pytest

from engine.bpmn.lint import lint_bytes
from engine.bpmn.timers import TimerRefused, read_duration
from engine.bpmn.trace import Limits, trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, start_end, tasks, timer

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
STRAIGHT = (start_end(), tasks("a"), flows("start", "a", "end"))
PLAIN = diagram(*STRAIGHT).decode()
FORK = diagram(
    start_end(), script("s", "x = 1"), element("exclusiveGateway", "g", default="g_b"), tasks("a", "b"),
    flow("start", "s"), flow("s", "g"), flow("g", "a", "x == 1"), flow("g", "b"), flow("a", "end"), flow("b", "end"),
).decode()  # fmt: skip


def way(*more: str, beside: str = "", after: str = "", attributes: str = 'isExecutable="true"') -> str:
    """Draw start, task a and end, and what is given."""
    return diagram(*STRAIGHT, *more, beside=beside, after=after, attributes=attributes).decode()


def between(kind: str, inside: str = "", /, beside: str = "", **attributes: str) -> str:
    """Draw one element x between start and end."""
    return diagram(
        start_end(), element(kind, "x", inside, **attributes), flows("start", "x", "end"), beside=beside
    ).decode()


def prefixed(text: str, prefix: str) -> str:
    """Write the elements of BPMN with another prefix, or with none."""
    declared = f"xmlns:{prefix}=" if prefix else "xmlns="
    text = text.replace("xmlns:bpmn=", declared)
    return re.sub(r"(</?)bpmn:", rf"\1{prefix}:" if prefix else r"\1", text)


def drawn(*planes: str) -> str:
    """Draw diagrams behind the process."""
    return PLAIN.replace("<bpmn:definitions", f"<bpmn:definitions {DI}").replace(
        "</bpmn:definitions>", "".join(planes) + "</bpmn:definitions>"
    )


def plane(of: str, *shapes: str, id_: str = "d1") -> str:
    inside = f'<bpmndi:BPMNPlane id="{id_}_p" bpmnElement="{of}">{"".join(shapes)}</bpmndi:BPMNPlane>'
    style = f'<bpmndi:BPMNLabelStyle id="{id_}_l"><dc:Font name="Arial" size="11"/></bpmndi:BPMNLabelStyle>'
    return f'<bpmndi:BPMNDiagram id="{id_}" name="n" resolution="96.5">{inside}{style}</bpmndi:BPMNDiagram>'


def shape(of: str, more: str = "", inside: str = "") -> str:
    bounds = '<dc:Bounds x="-12.5" y="1e2" width="100" height="80"/>'
    return f'<bpmndi:BPMNShape id="{of}_di" bpmnElement="{of}" {more}>{bounds}{inside}</bpmndi:BPMNShape>'


def renamed(text: str, **ids: str) -> str:
    """Give elements other ids, wherever they are named."""
    for old, new in ids.items():
        text = re.sub(rf'\b(id|default|sourceRef|targetRef)="{old}"', rf'\1="{new}"', text)
    return text


def lanes(*inside: str, id_: str = "ls") -> str:
    return element("laneSet", id_, "".join(inside))


def lane(id_: str, *nodes: str, inside: str = "") -> str:
    listed = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    return element("lane", id_, listed + inside)


def pools(*participants: str, more: str = "") -> str:
    return way(beside=element("collaboration", "c", "".join(participants) + more))


OWN = element("participant", "own", processRef="p")
HOUR = timer("timeDuration", "PT1H")
BELL = element("signal", "bell", name="Bell")
INSIDE = element("startEvent", "s1") + element("endEvent", "e1") + flow("s1", "e1")
FORMAL = 'xsi:type="bpmn:tFormalExpression"'


def every_activity() -> str:
    """Draw an event beside an activity of each kind."""
    kinds = {
        "task": "", "userTask": "", "manualTask": "", "serviceTask": "", "businessRuleTask": "", "sendTask": "",
        "scriptTask": "<bpmn:script>z = 1</bpmn:script>", "subProcess": INSIDE,
        "transaction": INSIDE.replace("1", "2"),
    }  # fmt: skip
    activities = [element(kind, kind, inside) for kind, inside in kinds.items()]
    activities.append(element("callActivity", "callActivity", calledElement="q"))
    ids = [*kinds, "callActivity"]
    events = [element("boundaryEvent", f"at_{id_}", HOUR, attachedToRef=id_) for id_ in ids]
    return diagram(
        start_end(), *activities, *events, flows("start", *ids, "end"), *(flow(f"at_{id_}", "end") for id_ in ids),
        beside=element("process", "q", INSIDE.replace("1", "3")),
    ).decode()  # fmt: skip


def shuffled() -> str:
    """Draw flows before their ends, the end before the start, events before what they stand beside."""
    return diagram(
        flow("a", "end"), flow("b", "end"), element("boundaryEvent", "b", HOUR, attachedToRef="a"),
        element("endEvent", "end"), tasks("a"), flow("start", "a"), element("startEvent", "start"),
    ).decode()  # fmt: skip


FILES: dict[str, str | bytes] = {
    # how it is written
    "prefix bpmn2": HEAD + prefixed(FORK, "bpmn2"),
    "prefix semantic": HEAD + prefixed(FORK, "semantic"),
    "prefix of odd letters": prefixed(FORK, "ns-1.é_"),
    "no prefix": prefixed(FORK, ""),
    "utf-16": (HEAD.replace("UTF-8", "UTF-16") + FORK).encode("utf-16"),
    "iso-8859-1": (HEAD.replace("UTF-8", "ISO-8859-1") + FORK.replace('name="A"', 'name="Prüfen"')).encode("latin-1"),
    "byte order mark": FORK.encode("utf-8-sig"),
    "windows line ends": FORK.replace("\n", "\r\n"),
    "standalone": '<?xml version="1.0" encoding="utf-8" standalone="yes"?>' + FORK,
    "xml 1.1": '<?xml version="1.1" encoding="utf-8"?>' + FORK,
    "a stylesheet before it": '<?xml-stylesheet href="x.xsl"?>' + FORK + "<!-- behind -->\n<?done?>",
    "comments everywhere": re.sub(r"(<bpmn:[^>]*[^/]>)", r"\1<!-- &lt; --><?pi x?>", FORK),
    "schemaLocation": FORK.replace("<bpmn:definitions", f'<bpmn:definitions xsi:schemaLocation="{BPMN} BPMN20.xsd"'),
    "namespaces declared inside": between("userTask", "<v:x xmlns:v='urn:v'/>").replace("<v:x", "<bpmn:extensionElements><v:x").replace("'/>", "'/></bpmn:extensionElements>"),
    "no id of the file": FORK.replace(' id="whole_file"', ""),
    "targetNamespace and all attributes": FORK.replace("<bpmn:definitions", '<bpmn:definitions name="n" targetNamespace="urn:x" expressionLanguage="http://www.python.org/" typeLanguage="http://www.w3.org/2001/XMLSchema" exporter="e" exporterVersion="1"'),
    "character references": FORK.replace("<![CDATA[x == 1]]>", "x &#61;&#x3D; 1"),
    "cdata in parts": FORK.replace("<![CDATA[x == 1]]>", "<![CDATA[x ]]>== <![CDATA[1]]>"),
    "spaces around conditions": FORK.replace("<![CDATA[x == 1]]>", "\n\t  x == 1\n\n"),
    "xml:space and xml:lang": FORK.replace("<bpmn:process", '<bpmn:process xml:lang="de" xml:space="preserve"'),
    "xsi:type with a prefix": FORK.replace("<bpmn:conditionExpression>", f"<bpmn:conditionExpression {FORMAL}>"),
    "xsi:type without a prefix": prefixed(FORK, "").replace("<conditionExpression>", '<conditionExpression xsi:type="tFormalExpression" id="c1" evaluatesToTypeRef="b">'),
    "xsi:type of an informal expression": FORK.replace("<bpmn:conditionExpression>", '<bpmn:conditionExpression xsi:type="bpmn:tExpression">'),
    # ids, names, references
    "unicode ids": FORK.replace('"g"', '"Gerbang_persetujuan-é.1"').replace('"a"', '"_任务"'),
    "ids with dots and dashes": FORK.replace('"a"', '"_a.b-c.1"').replace('"g"', '"sid-A0C4-1"'),
    "very long ids and names": FORK.replace('"a"', '"' + "a" * 3000 + '"').replace('name="B"', 'name="' + "wort " * 2000 + '"'),
    "names with line breaks": way().replace('name="A"', 'name="one&#10;two&#13;&#10;&#9;three"'),
    "names of markup": way().replace('name="A"', 'name="&lt;b&gt;&amp;amp; &quot;x&quot; %(name)s {0}"'),
    "empty names": way().replace('name="A"', 'name=""'),
    "no names and no ids of flows": re.sub(r'(<bpmn:sequenceFlow) id="[^"]*"', r"\1", way()),
    "incoming and outgoing with prefixes": way().replace('name="A">', 'name="A"><bpmn:incoming>tns:start_a</bpmn:incoming><bpmn:outgoing>tns:a_end</bpmn:outgoing>'),
    "references with a prefix": between("intermediateThrowEvent", '<bpmn:signalEventDefinition signalRef="tns:bell"/>', beside=BELL),
    "a call with a prefix": between("callActivity", calledElement="tns:q", beside=element("process", "q", INSIDE)),
    "default and attachedToRef with spaces around": shuffled(),
    "ids of the library's own": renamed(FORK, start="Start", end="End", a="Root", b="p.EndJoin"),
    "ids of Python's own": renamed(FORK, start="import", end="None", a="__init__", b="class"),
    "ids of every case's own": renamed(FORK, a="case", b="loopCounter"),
    "spaces around references": renamed(FORK, a=" a ", g_b=" g_b&#10;").replace('isExecutable="true"', 'isExecutable=" true "'),
    "a prefix where an event stands": shuffled().replace('attachedToRef="a"', 'attachedToRef="tns:a"'),
    "a signal without a name": between("intermediateThrowEvent", '<bpmn:signalEventDefinition signalRef="bell"/>', beside=element("signal", "bell")),
    "an error without a code": diagram(start_end(), element("subProcess", "s", element("startEvent", "s1") + element("endEvent", "e1", '<bpmn:errorEventDefinition errorRef="er"/>') + flow("s1", "e1")), element("boundaryEvent", "b", '<bpmn:errorEventDefinition errorRef="er"/>', attachedToRef="s"), flows("start", "s", "end"), flow("b", "end"), beside=element("error", "er", name="X")).decode(),
    # the drawing
    "a drawing without shapes": drawn(plane("p")),
    "a drawing of some": drawn(plane("p", shape("a"))),
    "a drawing of nothing": drawn(plane("gone", shape("gone"))),
    "colours": drawn(plane("p", shape("a", 'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" bioc:stroke="#000" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" color:background-color="#fff" xmlns:v="urn:v" v:x="1"', '<bpmndi:BPMNLabel labelStyle="d1_l" color="red"/>'))),
    "two planes": drawn(plane("p", shape("a")), plane("p", shape("start"), id_="d2")),
    "a plane of a subprocess": drawn(plane("p"), plane("a", id_="d2")),
    "the drawing before the process": drawn().replace("<bpmn:process", plane("p", shape("a")) + "<bpmn:process", 1),
    "a folded pool and its extension": drawn(plane("p", shape("a", 'isExpanded="false" isHorizontal="true" isMarkerVisible="true"', "<di:extension><v:x xmlns:v='urn:v'/></di:extension>"))),
    # pools and lanes
    "a pool that is only drawn": pools(OWN, element("participant", "other", name="Warga")),
    "a pool of no process": pools(OWN, element("participant", "other", processRef="")),
    "a pool with a prefix": pools(OWN.replace('"p"', '"tns:p"')),
    "an empty process in a pool": way(beside=element("process", "q", "", isExecutable="false") + element("collaboration", "c", OWN + element("participant", "o", processRef="q"))),
    "everything in a collaboration": pools(
        OWN, element("participant", "other", '<bpmn:interfaceRef>i</bpmn:interfaceRef><bpmn:endPointRef>ep</bpmn:endPointRef><bpmn:participantMultiplicity minimum="0" maximum="1"/>'),
        more=element("messageFlow", "mf", sourceRef="other", targetRef="a", messageRef="m")
        + element("conversation", "cv", "<bpmn:participantRef>own</bpmn:participantRef><bpmn:messageFlowRef>mf</bpmn:messageFlowRef>", name="x")
        + element("subConversation", "sc", element("conversation", "cv2"))
        + element("callConversation", "cc", calledCollaborationRef="c2")
        + element("conversationLink", "cl", sourceRef="own", targetRef="cv")
        + element("conversationAssociation", "ca", innerConversationNodeRef="cv", outerConversationNodeRef="sc")
        + element("participantAssociation", "pa", "<bpmn:innerParticipantRef>own</bpmn:innerParticipantRef><bpmn:outerParticipantRef>other</bpmn:outerParticipantRef>")
        + element("messageFlowAssociation", "ma", innerMessageFlowRef="mf", outerMessageFlowRef="mf")
        + element("correlationKey", "k", "<bpmn:correlationPropertyRef>cp</bpmn:correlationPropertyRef>", name="k")
        + element("textAnnotation", "ct", "<bpmn:text>x</bpmn:text>") + element("association", "cas", sourceRef="ct", targetRef="other")
        + element("group", "cg"),
    ).replace("<bpmn:process", element("message", "m", itemRef="it") + element("itemDefinition", "it", structureRef="xs:string") + element("interface", "i", element("operation", "op", "<bpmn:inMessageRef>m</bpmn:inMessageRef>", name="o"), name="i") + element("endPoint", "ep") + element("correlationProperty", "cp", '<bpmn:correlationPropertyRetrievalExpression messageRef="m"><bpmn:messagePath>n</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>', type="string") + "<bpmn:process", 1),
    "lanes without anything": way(lanes(), lanes(lane("l1"), lane("l2"), id_="ls2")),
    "nested lanes": way(lanes(lane("l1", "start", "a", "end", inside=element("childLaneSet", "cs", lane("l11", "a") + lane("l12", "start", inside=element("childLaneSet", "cs2", lane("l121")))))) ),
    "several lane sets": way(lanes(lane("l1", "a")), lanes(lane("l2", "start"), id_="ls2")),
    "a lane of an object": way(lanes(element("lane", "l", "<bpmn:partitionElement id='pe' xsi:type='bpmn:tBaseElement'/><bpmn:flowNodeRef>tns:a</bpmn:flowNodeRef>", partitionElementRef="r")), beside=element("resource", "r", element("resourceParameter", "rp", name="x", isRequired="false", type="xs:string"), name="Kasi")),
    "an element in two lane sets": way(lanes(lane("l1", "a")), lanes(lane("l2", "a", "start"), id_="ls2")),
    "spaces that nobody sees": way("\u200b\ufeff\xa0"),
    "lanes in a subprocess": between("subProcess", lanes(lane("l", "s1")) + INSIDE),
    # what a process may say
    "not marked as executable": way(attributes=""),
    "marked as not executable": way(attributes='isExecutable="false"'),
    "every attribute of a process": way(attributes='name="" processType="Public" isClosed="true" isExecutable="1" definitionalCollaborationRef="c"', beside=element("collaboration", "c", "", isClosed="false")),
    "private": way(attributes='processType="Private" isClosed="false" isExecutable="true"'),
    "none": way(attributes='processType="None" isExecutable="true"'),
    "many documentations": way('<bpmn:documentation>one</bpmn:documentation><bpmn:documentation id="d2" textFormat="text/html"><p xmlns="http://www.w3.org/1999/xhtml">x</p></bpmn:documentation>'),
    "auditing and monitoring": way('<bpmn:auditing id="au"/><bpmn:monitoring><bpmn:documentation>x</bpmn:documentation></bpmn:monitoring>').replace('name="A">', 'name="A"><bpmn:auditing/><bpmn:monitoring/>'),
    "supports, interfaces, bindings": way('<bpmn:supportedInterfaceRef>i</bpmn:supportedInterfaceRef><bpmn:ioSpecification><bpmn:dataInput id="di"/><bpmn:inputSet><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet/></bpmn:ioSpecification><bpmn:ioBinding operationRef="op" inputDataRef="di" outputDataRef="di"/>', '<bpmn:correlationSubscription id="cs"/><bpmn:supports>p2</bpmn:supports>', beside=element("process", "p2", "", isExecutable="false") + element("interface", "i", element("operation", "op", "<bpmn:inMessageRef>m</bpmn:inMessageRef><bpmn:outMessageRef>m</bpmn:outMessageRef><bpmn:errorRef>er</bpmn:errorRef>", name="o"), name="i", implementationRef="q:x") + element("message", "m") + element("error", "er")),
    "people": between("userTask", '<bpmn:performer id="pf"><bpmn:resourceRef>r</bpmn:resourceRef></bpmn:performer><bpmn:humanPerformer name="n"><bpmn:resourceAssignmentExpression><bpmn:formalExpression language="http://www.w3.org/1999/XPath">getX()</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:humanPerformer><bpmn:potentialOwner><bpmn:resourceRef>r</bpmn:resourceRef><bpmn:resourceParameterBinding parameterRef="rp"><bpmn:formalExpression>x</bpmn:formalExpression></bpmn:resourceParameterBinding></bpmn:potentialOwner><bpmn:resourceRole/><bpmn:rendering/>', beside=element("resource", "r", element("resourceParameter", "rp"))),
    "people of the process": way('<bpmn:potentialOwner id="po"/><bpmn:performer/><bpmn:resourceRole name="x"/>'),
    "everything beside": way(beside='<bpmn:import importType="http://www.w3.org/2001/XMLSchema" location="x.xsd" namespace="urn:x"/><bpmn:extension/>' + element("itemDefinition", "it", itemKind="Physical", isCollection="true", structureRef="x:y") + element("error", "e", structureRef="it", name="x") + element("escalation", "es", structureRef="it") + element("signal", "si", structureRef="it") + element("message", "ms", itemRef="it", name="m") + element("dataStore", "ds", capacity="3", isUnlimited="false", itemSubjectRef="it") + element("partnerEntity", "pe", "<bpmn:participantRef>x</bpmn:participantRef>", name="x") + element("partnerRole", "pr", name="x") + element("endPoint", "ep") + element("category", "cat", element("categoryValue", "cv", value="v"), name="n") + element("globalConversation", "gc") + element("timerEventDefinition", "td", "<bpmn:timeDuration>PT1H</bpmn:timeDuration>") + element("terminateEventDefinition", "tt"), after="<bpmn:relationship type='x' direction='Both'><bpmn:source>a</bpmn:source><bpmn:target>b</bpmn:target></bpmn:relationship>"),
    "global tasks": way(beside="".join(element(kind, kind, "<bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>", name=kind) for kind in ("globalTask", "globalUserTask", "globalManualTask", "globalBusinessRuleTask")) + element("globalScriptTask", "gs", "<bpmn:script>x = 1</bpmn:script>", scriptLanguage="python")),
    "a choreography beside": way(beside=element("choreography", "ch", element("choreographyTask", "ct", "<bpmn:participantRef>x</bpmn:participantRef>", initiatingParticipantRef="x")) + element("globalChoreographyTask", "gct", initiatingParticipantRef="x")),
    # artifacts and data
    "annotations everywhere": way(element("textAnnotation", "t1", "<bpmn:text>x</bpmn:text>", textFormat="text/plain"), element("textAnnotation", "t2"), element("association", "a1", sourceRef="a", targetRef="t1", associationDirection="Both"), element("association", "a2", sourceRef="start_a", targetRef="t2", associationDirection="None"), element("group", "g1", categoryValueRef="tns:cv"), element("group", "g2"), beside=element("category", "cat", element("categoryValue", "cv", value="v"))),
    "a category of flow elements": way(beside=element("category", "cat", element("categoryValue", "cv", value="v"))).replace('name="A">', 'name="A"><bpmn:categoryValueRef>cv</bpmn:categoryValueRef>'),
    "data with states": way(element("dataObject", "d", "<bpmn:dataState id='st' name='new'/>", isCollection="true", itemSubjectRef="it"), element("dataObjectReference", "r1", "<bpmn:dataState name='x'/>", dataObjectRef="d", name="D"), element("dataObjectReference", "r2", "<bpmn:dataState name='y'/>", dataObjectRef="tns:d", name="D"), element("dataStoreReference", "sr", dataStoreRef="ds"), element("property", "pr", name="pr"), beside=element("itemDefinition", "it") + element("dataStore", "ds", name="s")).replace('<bpmn:property id="pr" name="pr"></bpmn:property>', "").replace('isExecutable="true">', 'isExecutable="true"><bpmn:property id="pr" name="pr"/>'),
    "several sets of inputs": between("userTask", "<bpmn:ioSpecification id='io'><bpmn:dataInput id='i1' name='one' isCollection='false'/><bpmn:dataInput id='i2' itemSubjectRef='it'/><bpmn:dataOutput id='o1'/><bpmn:inputSet id='s1' name='n'><bpmn:dataInputRefs>i1</bpmn:dataInputRefs><bpmn:optionalInputRefs>i1</bpmn:optionalInputRefs><bpmn:whileExecutingInputRefs>i1</bpmn:whileExecutingInputRefs><bpmn:outputSetRefs>s3</bpmn:outputSetRefs></bpmn:inputSet><bpmn:inputSet id='s2'><bpmn:dataInputRefs>i2</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet id='s3'><bpmn:dataOutputRefs>o1</bpmn:dataOutputRefs><bpmn:inputSetRefs>s1</bpmn:inputSetRefs></bpmn:outputSet></bpmn:ioSpecification>", beside=element("itemDefinition", "it")),
    "data of events": diagram(element("startEvent", "start", "<bpmn:dataOutput id='do' name='got'/><bpmn:dataOutputAssociation id='oa'><bpmn:sourceRef>do</bpmn:sourceRef><bpmn:targetRef>d</bpmn:targetRef></bpmn:dataOutputAssociation><bpmn:outputSet><bpmn:dataOutputRefs>do</bpmn:dataOutputRefs></bpmn:outputSet><bpmn:messageEventDefinition messageRef='m'><bpmn:operationRef>op</bpmn:operationRef></bpmn:messageEventDefinition>"), element("dataObject", "d"), tasks("a"), element("endEvent", "end", "<bpmn:dataInput id='din'/><bpmn:dataInputAssociation><bpmn:sourceRef>d</bpmn:sourceRef><bpmn:targetRef>din</bpmn:targetRef></bpmn:dataInputAssociation><bpmn:inputSet><bpmn:dataInputRefs>din</bpmn:dataInputRefs></bpmn:inputSet>"), flows("start", "a", "end"), beside=element("message", "m") + element("interface", "i", element("operation", "op", "<bpmn:inMessageRef>m</bpmn:inMessageRef>"))).decode(),
    # attributes and expressions that say nothing
    "quantities of one": between("userTask", startQuantity="1", completionQuantity="1", isForCompensation="false", implementation="##unspecified"),
    "implementations": "".join(between("serviceTask", implementation="##WebService", operationRef="op", beside=element("interface", "i", element("operation", "op", "<bpmn:inMessageRef>m</bpmn:inMessageRef>")) + element("message", "m"))),
    "immediate flows": way().replace("<bpmn:sequenceFlow", '<bpmn:sequenceFlow isImmediate="true" name=""'),
    "empty expressions": FORK.replace('targetRef="b">', 'targetRef="b"><bpmn:conditionExpression/>').replace("<bpmn:script>", '<bpmn:script id="x">').replace(' id="x"', ""),
    "an empty condition on the only flow": way().replace('targetRef="end">', f'targetRef="end"><bpmn:conditionExpression {FORMAL}></bpmn:conditionExpression>'),
    "events that wait are marked": between("intermediateCatchEvent", HOUR, parallelMultiple="false"),
    "a plain subprocess": between("subProcess", INSIDE, triggeredByEvent="false"),
    "transactions with a method": between("transaction", INSIDE, method="##Compensate"),
    "a transaction with a method by address": between("transaction", INSIDE, method="http://example.org/2pc", triggeredByEvent="0"),
    "a loop asked before": between("scriptTask", "<bpmn:script>n = loopCounter</bpmn:script>" + element("standardLoopCharacteristics", "l", f"<bpmn:loopCondition {FORMAL}>loopCounter &lt; 2</bpmn:loopCondition>", testBefore="true", loopMaximum="3")),
    "instances that throw nothing": between("scriptTask", "<bpmn:script>n = loopCounter</bpmn:script>" + element("multiInstanceLoopCharacteristics", "l", f"<bpmn:loopCardinality {FORMAL}>2</bpmn:loopCardinality>", behavior="None", noneBehaviorEventRef="sd", isSequential="false"), beside=BELL + element("signalEventDefinition", "sd", signalRef="bell")),
    "an event beside every activity": every_activity(),
    "everything the other way round": shuffled(),
    "definitions that stand apart": diagram(start_end(), element("intermediateCatchEvent", "x", "<bpmn:eventDefinitionRef>tns:td</bpmn:eventDefinitionRef>"), flows("start", "x", "end"), beside=element("timerEventDefinition", "td", "<bpmn:timeDuration>PT1H</bpmn:timeDuration>")).decode(),
    "definitions that stand behind": diagram(start_end(), element("intermediateThrowEvent", "x", "<bpmn:eventDefinitionRef>sd</bpmn:eventDefinitionRef>"), flows("start", "x", "end"), after=element("signalEventDefinition", "sd", signalRef="bell") + BELL).decode(),
    "timers of every form": diagram(start_end(), element("intermediateCatchEvent", "t1", timer("timeDate", "2026-02-01T08:00:00+07:00")), element("intermediateCatchEvent", "t2", timer("timeDate", "2026-03-01T08:00:00Z")), element("intermediateCatchEvent", "t3", timer("timeDuration", "P1Y2M3DT4H5M6.7S")), element("intermediateCatchEvent", "t4", timer("timeDuration", "<![CDATA[ PT10M ]]>")), element("intermediateCatchEvent", "t5", timer("timeCycle", "R3/2026-01-01T00:00:00Z/PT1H")), element("intermediateCatchEvent", "t6", timer("timeDate", "2026-03-01T08:00:00.123456789Z")), element("intermediateCatchEvent", "t7", timer("timeDate", "2026-03-01")), flows("start", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "end")).decode(),
    "directions of gateways": diagram(start_end(), element("parallelGateway", "f", gatewayDirection="Diverging"), tasks("a", "b"), element("parallelGateway", "j", gatewayDirection="Converging"), element("exclusiveGateway", "u", gatewayDirection="Unspecified"), flows("start", "f", "a", "j", "u", "end"), flows("f", "b", "j")).decode(),
    "a loop of which only the maximum counts": between("userTask", element("standardLoopCharacteristics", "l", "<bpmn:loopCondition/>", loopMaximum=" +02 ")),
    "a gateway that ends the process": diagram(element("startEvent", "start"), tasks("a"), element("exclusiveGateway", "g"), element("inclusiveGateway", "h"), flows("start", "a", "g"), flows("a", "h")).decode(),
    "gateways of one flow": diagram(start_end(), *(element(kind, kind) for kind in ("exclusiveGateway", "parallelGateway", "inclusiveGateway")), flows("start", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "end")).decode(),
    "nothing but a task": diagram(tasks("a")).decode(),
    "nothing but a remark": diagram(element("textAnnotation", "t")).decode(),
    "a gateway first": diagram(element("parallelGateway", "g"), tasks("a", "b"), element("endEvent", "end"), flows("g", "a", "end"), flows("g", "b", "end")).decode(),
    "a subprocess of nothing": between("subProcess"),
    "an end of several results": diagram(element("startEvent", "start"), element("endEvent", "end", "<bpmn:signalEventDefinition signalRef='bell'/><bpmn:messageEventDefinition/>"), flow("start", "end"), beside=BELL).decode(),
    "a call that is repeated": between("callActivity", element("multiInstanceLoopCharacteristics", "l", "<bpmn:loopCardinality>2</bpmn:loopCardinality>"), calledElement="q", beside=element("process", "q", INSIDE)),
    "times in other forms of ISO 8601": diagram(start_end(), *(element("intermediateCatchEvent", f"t{n}", timer(kind, text)) for n, (kind, text) in enumerate((("timeDate", "20260301T080000Z"), ("timeDuration", "P0.5D"), ("timeDuration", "PT1,5H"), ("timeDuration", "PT0.5S"), ("timeCycle", "R2/2026-01-01T00:00:00Z/2026-01-01T01:00:00Z"), ("timeDate", "2026-03-01T08:00+07")))), flows("start", *(f"t{n}" for n in range(6)), "end")).decode(),
    "two flows between the same two": way(flow("a", "end", id_="again")),
    "operations and ways of tasks": diagram(start_end(), element("sendTask", "st", implementation="##WebService", operationRef="op", messageRef="m"), element("businessRuleTask", "br", implementation="##unspecified"), element("userTask", "ut", implementation="##WebService"), flows("start", "st", "br", "ut", "end"), beside=element("message", "m") + element("interface", "i", element("operation", "op", "<bpmn:inMessageRef>m</bpmn:inMessageRef>"))).decode(),
}  # fmt: skip


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_it_is_accepted_and_runs(
    content: str | bytes, sandbox: Sandbox, request: pytest.FixtureRequest
) -> None:
    file = content.encode() if isinstance(content, str) else content
    assert lint_bytes(file, sandbox).problems == ()
    done = trace(file, variables={"start": {}}, limits=Limits(steps=100), sandbox=sandbox)
    assert (done.status, done.error) == ("completed", None)
    assert done.steps or "remark" in request.node.name


def test_what_is_called_like_the_librarys_own_is_there(sandbox: Sandbox) -> None:
    done = trace(FILES["ids of the library's own"].encode(), variables={"x": 1}, sandbox=sandbox)  # type: ignore[union-attr]
    assert [step.element for step in done.steps if step.what.value == "completed"] == [
        "Start",
        "s",
        "g",
        "Root",
        "End",
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT1.5H", 5400), ("P0,5D", 43200), ("PT0.5S", 0.5), ("P1.5W", 907200), ("PT1M1.5S", 61.5)],
)
def test_the_last_part_of_a_duration_may_have_a_fraction(text: str, seconds: float) -> None:
    assert read_duration(text).rest.total_seconds() == seconds


@pytest.mark.parametrize("text", ["PT1.5H30M", "P1.5DT1H", "P1.5Y", "PT1.H"])
def test_no_other_part_may(text: str) -> None:
    with pytest.raises(TimerRefused):
        read_duration(text)
