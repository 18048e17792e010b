"""Which elements may stand in which: BPMN 2.0's schema (BPMN20.xsd, Semantic.xsd) as a table.

``documentation`` and ``extensionElements`` may stand in every element and are left out of the table.
"""

from __future__ import annotations

from engine.bpmn.names import ACTIVITIES, EVENTS, GATEWAYS, NODES, SUBPROCESSES

ANYTHING = frozenset({"documentation", "extensionElements", "text"})  # what is in them is not looked at


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTIFACTS = _words("association group textAnnotation")
_PEOPLE = _words("resourceRole performer humanPerformer potentialOwner")
_FLOW_ELEMENTS = NODES | _words("sequenceFlow dataObject dataObjectReference dataStoreReference")
_EVENT_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in _words("cancel compensate conditional error escalation link message signal terminate timer")
)
_FLOW_NODE = _words("auditing monitoring categoryValueRef incoming outgoing")
_ACTIVITY = (
    _FLOW_NODE
    | _PEOPLE
    | _words(
        "ioSpecification property dataInputAssociation dataOutputAssociation"
        " standardLoopCharacteristics multiInstanceLoopCharacteristics"
    )
)
_SUBPROCESS = _ACTIVITY | _FLOW_ELEMENTS | _ARTIFACTS | {"laneSet"}
_COLLABORATION = _ARTIFACTS | _words(
    "participant messageFlow conversation subConversation callConversation conversationAssociation"
    " participantAssociation messageFlowAssociation correlationKey choreographyRef conversationLink"
)
_CALLABLE = _words("supportedInterfaceRef ioSpecification ioBinding")
_GLOBAL_TASK = _CALLABLE | _PEOPLE
_ITEM_AWARE = _words("dataState")
_ASSOCIATION = _words("sourceRef targetRef transformation assignment")
_EVENT = _FLOW_NODE | _EVENT_DEFINITIONS | _words("property eventDefinitionRef")
_CATCH_EVENT = _EVENT | _words("dataOutput dataOutputAssociation outputSet")
_THROW_EVENT = _EVENT | _words("dataInput dataInputAssociation inputSet")
_PERSON = _words("resourceRef resourceParameterBinding resourceAssignmentExpression")

CHILDREN: dict[str, frozenset[str]] = {
    "definitions": _EVENT_DEFINITIONS
    | _words(
        "import extension relationship process collaboration choreography globalConversation"
        " category correlationProperty dataStore endPoint error escalation signal message"
        " globalTask globalBusinessRuleTask globalChoreographyTask globalManualTask globalScriptTask"
        " globalUserTask interface itemDefinition partnerEntity partnerRole resource"
    ),
    # What runs
    "process": _CALLABLE
    | _PEOPLE
    | _FLOW_ELEMENTS
    | _ARTIFACTS
    | _words("auditing monitoring property laneSet correlationSubscription supports"),
    **dict.fromkeys(ACTIVITIES, _ACTIVITY),
    **dict.fromkeys(GATEWAYS, _FLOW_NODE),
    **dict.fromkeys(EVENTS, _CATCH_EVENT),
    **dict.fromkeys(_words("endEvent intermediateThrowEvent event"), _THROW_EVENT),
    "userTask": _ACTIVITY | {"rendering"},
    "scriptTask": _ACTIVITY | {"script"},
    "subProcess": _SUBPROCESS,
    "transaction": _SUBPROCESS,
    "adHocSubProcess": _SUBPROCESS | {"completionCondition"},
    "complexGateway": _FLOW_NODE | {"activationCondition"},
    "sequenceFlow": _words("auditing monitoring categoryValueRef conditionExpression"),
    "laneSet": _words("lane"),
    "lane": _words("partitionElement flowNodeRef childLaneSet"),
    "childLaneSet": _words("lane"),
    "standardLoopCharacteristics": _words("loopCondition"),
    "multiInstanceLoopCharacteristics": _words(
        "loopCardinality loopDataInputRef loopDataOutputRef inputDataItem outputDataItem"
        " complexBehaviorDefinition completionCondition"
    ),
    "complexBehaviorDefinition": _words("condition event"),
    # Events
    "timerEventDefinition": _words("timeDate timeDuration timeCycle"),
    "conditionalEventDefinition": _words("condition"),
    "messageEventDefinition": _words("operationRef"),
    "linkEventDefinition": _words("source target"),
    # Data
    "dataObject": _ITEM_AWARE,
    "dataObjectReference": _ITEM_AWARE,
    "dataStore": _ITEM_AWARE,
    "dataStoreReference": _ITEM_AWARE,
    "property": _ITEM_AWARE,
    "dataInput": _ITEM_AWARE,
    "dataOutput": _ITEM_AWARE,
    "inputDataItem": _ITEM_AWARE,
    "outputDataItem": _ITEM_AWARE,
    "ioSpecification": _words("dataInput dataOutput inputSet outputSet"),
    "inputSet": _words("dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs"),
    "outputSet": _words("dataOutputRefs optionalOutputRefs whileExecutingOutputRefs inputSetRefs"),
    "dataInputAssociation": _ASSOCIATION,
    "dataOutputAssociation": _ASSOCIATION,
    "assignment": _words("from to"),
    # People
    **dict.fromkeys(_PEOPLE, _PERSON),
    "resourceParameterBinding": _words("expression formalExpression"),
    "resourceAssignmentExpression": _words("expression formalExpression"),
    "resource": _words("resourceParameter"),
    # Beside the process
    "collaboration": _COLLABORATION,
    "globalConversation": _COLLABORATION,
    "participant": _words("interfaceRef endPointRef participantMultiplicity"),
    "conversation": _words("participantRef messageFlowRef correlationKey"),
    "subConversation": _COLLABORATION | _words("participantRef messageFlowRef correlationKey"),
    "callConversation": _words("participantRef messageFlowRef correlationKey participantAssociation"),
    "conversationAssociation": frozenset(),
    "participantAssociation": _words("innerParticipantRef outerParticipantRef"),
    "correlationKey": _words("correlationPropertyRef"),
    "correlationProperty": _words("correlationPropertyRetrievalExpression"),
    "correlationPropertyRetrievalExpression": _words("messagePath"),
    "correlationSubscription": _words("correlationPropertyBinding"),
    "correlationPropertyBinding": _words("dataPath"),
    "category": _words("categoryValue"),
    "textAnnotation": _words("text"),
    "interface": _words("operation"),
    "operation": _words("inMessageRef outMessageRef errorRef"),
    "partnerEntity": _words("participantRef"),
    "partnerRole": _words("participantRef"),
    "relationship": _words("source target"),
    **dict.fromkeys(
        _words("globalTask globalBusinessRuleTask globalManualTask globalUserTask globalScriptTask"),
        _GLOBAL_TASK | _words("script rendering"),
    ),
}
# Not looked into: a choreography never runs, and a process that calls one is refused for the call.
UNREAD = _words("choreography globalChoreographyTask")
# May stand there by the schema, and says something of how a process runs, which is not done here.
WITHOUT_EFFECT = _PEOPLE | _words("auditing monitoring ioBinding supportedInterfaceRef rendering")
BOOLEANS = _words(
    "isExecutable isClosed isForCompensation triggeredByEvent cancelActivity isInterrupting parallelMultiple"
    " isSequential testBefore instantiate mustUnderstand isImmediate isCollection isUnlimited"
    " cancelRemainingInstances waitForCompletion isRequired"
)
# Of all elements together: enough to notice a misspelt one.
ATTRIBUTES = BOOLEANS | _words(
    "id name targetNamespace expressionLanguage typeLanguage exporter exporterVersion importType location"
    " namespace definition type direction textFormat processType definitionalCollaborationRef"
    " partitionElementRef startQuantity completionQuantity default implementation messageRef operationRef"
    " scriptFormat scriptLanguage calledElement method ordering loopMaximum behavior oneBehaviorEventRef"
    " noneBehaviorEventRef gatewayDirection eventGatewayType attachedToRef signalRef errorRef"
    " escalationRef activityRef waitForCompletion errorCode escalationCode structureRef itemRef sourceRef"
    " targetRef language evaluatesToTypeRef itemSubjectRef dataObjectRef dataStoreRef capacity itemKind"
    " processRef minimum maximum innerMessageFlowRef outerMessageFlowRef innerConversationNodeRef"
    " outerConversationNodeRef calledCollaborationRef associationDirection categoryValueRef value"
    " correlationPropertyRef correlationKeyRef inputDataRef outputDataRef implementationRef isRequired"
    " parameterRef"
)

_GATES = _words("exclusiveGateway inclusiveGateway complexGateway")
# Attributes that steer tokens, where BPMN has them; anywhere else what they say would be lost.
STEERING: dict[str, frozenset[str]] = {
    "default": ACTIVITIES | _GATES,
    "attachedToRef": _words("boundaryEvent"),
    "cancelActivity": _words("boundaryEvent"),
    "parallelMultiple": _words("startEvent intermediateCatchEvent boundaryEvent"),
    "isInterrupting": _words("startEvent"),
    "triggeredByEvent": SUBPROCESSES,
    "isForCompensation": ACTIVITIES,
    "startQuantity": ACTIVITIES,
    "completionQuantity": ACTIVITIES,
    "instantiate": _words("receiveTask eventBasedGateway"),
    "eventGatewayType": _words("eventBasedGateway"),
    "calledElement": _words("callActivity"),
    "isSequential": _words("multiInstanceLoopCharacteristics"),
    "testBefore": _words("standardLoopCharacteristics"),
    "loopMaximum": _words("standardLoopCharacteristics"),
}
# What only describes: another value is told and does no harm.
VALUES: dict[str, frozenset[str]] = {
    "processType": _words("None Public Private"),
    "associationDirection": _words("None One Both"),
    "itemKind": _words("Information Physical"),
}
# Of these a second one would be passed over in silence; the schema has at most one.
ONCE = _words(
    "conditionExpression script ioSpecification loopCondition loopCardinality completionCondition condition"
    " loopDataInputRef loopDataOutputRef inputDataItem outputDataItem messagePath dataPath transformation"
    " from to"
)
# What editors write everywhere and means nothing more than being left out.
SAYING_NOTHING: dict[str, frozenset[str]] = {
    **dict.fromkeys(_words("parallelMultiple triggeredByEvent isForCompensation"), _words("false 0")),
    **dict.fromkeys(_words("instantiate isSequential testBefore"), _words("false 0")),
    **dict.fromkeys(_words("cancelActivity isInterrupting"), _words("true 1")),
    **dict.fromkeys(_words("startQuantity completionQuantity"), _words("1")),
    "eventGatewayType": _words("Exclusive"),
}


def is_lost(local: str, attribute: str, value: str) -> bool:
    """Tell whether an attribute steers tokens and stands on an element that BPMN gives none of the kind."""
    if local in STEERING.get(attribute, (local,)) or not value.strip():
        return False
    return value.strip() not in SAYING_NOTHING.get(attribute, ())


def may_stand_in(parent: str, child: str) -> bool:
    """Tell whether BPMN has a child of that name there (both are local names)."""
    return child in ANYTHING - {"text"} or child in CHILDREN.get(parent, frozenset())
