"""What the parts of a diagram are called that ``aspects`` has no words for: piece by piece of their path."""

from __future__ import annotations

from engine.errors import Sentence, say

_NAMES = {
    "id": say("Id"),
    "name": say("Name"),
    "type": say("Kind"),
    "documentation": say("Description"),
    "targetNamespace": say("Namespace of the file"),
    "expressionLanguage": say("Language of expressions"),
    "typeLanguage": say("Language of kinds"),
    "laneSet": say("Set of lanes"),
    "flowNodeRef": say("Element in the lane"),
    "messageRef": say("Message"),
    "signalRef": say("Signal"),
    "errorRef": say("Error of the event"),
    "escalationRef": say("Escalation"),
    "operationRef": say("Operation"),
    "errorCode": say("Code"),
    "escalationCode": say("Code"),
    "activityRef": say("Step"),
    "instantiate": say("Beginning of a case"),
    "gatewayDirection": say("Direction"),
    "eventGatewayType": say("Kind"),
    "parallelMultiple": say("All events at once"),
    "testBefore": say("Asked before the first time"),
    "scriptFormat": say("Language of the script"),
    "ioSpecification": say("Data of the step"),
    "dataInput": say("Data taken in"),
    "dataOutput": say("Data given out"),
    "inputSet": say("Set of data taken in"),
    "outputSet": say("Set of data given out"),
    "dataInputRefs": say("Data taken in"),
    "dataOutputRefs": say("Data given out"),
    "dataInputAssociation": say("Taking in of data"),
    "dataOutputAssociation": say("Giving out of data"),
    "assignment": say("Assignment of a value"),
    "from": say("Taken from"),
    "to": say("Put into"),
    "sourceRef": say("Taken from"),
    "targetRef": say("Put into"),
    "transformation": say("Working out of the value"),
    "property": say("Value of the process or step"),
    "dataState": say("State of the data"),
    "itemSubjectRef": say("Kind of data"),
    "isCollection": say("Several values"),
    "inputDataItem": say("Value of each repetition"),
    "outputDataItem": say("Result of each repetition"),
    "loopDataInputRef": say("List that is repeated over"),
    "loopDataOutputRef": say("List of the results"),
    "potentialOwner": say("Person or group named in the diagram"),
    "humanPerformer": say("Person or group named in the diagram"),
    "performer": say("Person or group named in the diagram"),
    "resourceAssignmentExpression": say("Who it is"),
    "expression": say("Expression"),
    "eventDefinitionRef": say("Event by reference"),
    "linkEventDefinition": say("Link event"),
}


def piece_words(piece: str) -> Sentence:
    """Say one piece of a path; what is of no known standard is named as it is written."""
    space, _brace, name = piece.removeprefix("@").removeprefix("{").rpartition("}")
    if space.startswith("http://www.w3.org/"):
        space = ""
    known = _NAMES.get(name) if not space else None
    if known is not None:
        return known
    if space:
        return say("“%(name)s” of another program", name=name)
    return say("“%(name)s”", name=name.removeprefix("sop:"))
