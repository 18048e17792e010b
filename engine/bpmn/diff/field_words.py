"""The words for kinds of fields and for what is said of them."""

from __future__ import annotations

from engine.errors import Sentence, say

TYPES: dict[str, Sentence] = {
    "textfield": say("a line of text"),
    "textarea": say("a text"),
    "number": say("a number"),
    "checkbox": say("a box to tick"),
    "checklist": say("several choices"),
    "radio": say("one of several"),
    "select": say("a list of choices"),
    "taglist": say("several of a list"),
    "datetime": say("a date or time"),
    "filepicker": say("a file"),
    "dynamiclist": say("a table"),
    "group": say("a group"),
    "text": say("a text to read"),
    "separator": say("a line"),
    "spacer": say("a space"),
}
ATTRIBUTES: dict[str, Sentence] = {
    "label": say("Label"),
    "dateLabel": say("Label"),
    "timeLabel": say("Label"),
    "text": say("Text"),
    "type": say("Kind"),
    "key": say("Key"),
    "path": say("Key"),
    "subtype": say("Kind"),
    "description": say("Help text"),
    "readonly": say("Entry"),
    "disabled": say("Entry"),
    "defaultValue": say("First value"),
    "multiple": say("Number of files"),
    "accept": say("Kinds of files"),
    "decimalDigits": say("Decimal digits"),
    "defaultRepetitions": say("Rows to begin with"),
    "validate.required": say("Obligation"),
    "validate.min": say("Smallest value"),
    "validate.max": say("Largest value"),
    "validate.minLength": say("Shortest text"),
    "validate.maxLength": say("Longest text"),
    "validate.pattern": say("Pattern"),
    "conditional.hide": say("Condition for hiding"),
    "group": say("Group"),
    "layout.row": say("Neighbour"),
    "layout.columns": say("Width"),
    "properties.shared": say("Shared name"),
    "properties.prefill": say("Prefilled value"),
    "properties.source": say("Source of the choices"),
    "properties.assigns": say("Task that it assigns"),
    "properties.document": say("Document that it fills"),
    "properties.printedIn": say("Documents that show it"),
    "properties.decision": say("Document that it decides on"),
    "properties.notes": say("Notes for who gets it back"),
    "properties.requiredIf": say("Condition for the obligation"),
    "properties.numberIf": say("Condition for a number"),
    "properties.workday": say("Working day"),
    "properties.notBefore": say("Earliest date"),
    "properties.notAfter": say("Latest date"),
    "properties.example": say("Example"),
}
VALUES: dict[tuple[str, bool], Sentence] = {
    ("readonly", True): say("can only be read"),
    ("readonly", False): say("can be changed"),
    ("multiple", True): say("several"),
    ("multiple", False): say("one"),
}
_REQUIRED, _OPTIONAL = say("must be filled in"), say("may be left empty")


def flag(value: object) -> Sentence:
    """Say whether a field must be filled in."""
    return _REQUIRED if value is True else _OPTIONAL
