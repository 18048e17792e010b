"""The words for kinds of fields and for what is said of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from engine.bpmn.diff import values
from engine.bpmn.diff.form_fields import FormField, ReadForm
from engine.bpmn.diff.side import Side
from engine.bpmn.diff.words import NO, YES, plain
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
    "properties.plain": say("Kept as"),
    "increment": say("Step between numbers"),
    "searchable": say("Search in the choices"),
    "serializeToString": say("Number kept as a text"),
    "timeSerializingFormat": say("How a time is kept"),
    "timeInterval": say("Minutes between the times offered"),
    "use24h": say("Clock of 24 hours"),
    "disallowPassedDates": say("Days that are over"),
    "isRepeating": say("Rows in any number"),
    "allowAddRemove": say("Adding and removing rows"),
    "disableCollapse": say("Showing all rows"),
    "nonCollapsedItems": say("Rows shown at first"),
    "showOutline": say("Frame"),
    "verticalAlignment": say("Alignment"),
    "height": say("Height"),
    "validate.validationType": say("Kind of text"),
    "appearance.prefixAdorner": say("Words before the entry"),
    "appearance.suffixAdorner": say("Words behind the entry"),
}
VALUES: dict[tuple[str, bool], Sentence] = {
    ("readonly", True): say("can only be read"),
    ("readonly", False): say("can be changed"),
    ("multiple", True): say("several"),
    ("multiple", False): say("one"),
}
_WORDS: dict[tuple[str, str], Sentence] = {
    ("subtype", "date"): say("a day"),
    ("subtype", "time"): say("a time"),
    ("subtype", "datetime"): say("a day and a time"),
    ("properties.notBefore", "today"): say("today"),
    ("properties.notBefore", "arrival"): say("the day on which the task came"),
    ("properties.notAfter", "today"): say("today"),
    ("properties.notAfter", "arrival"): say("the day on which the task came"),
    ("properties.source", "people"): say("people of the office"),
    ("properties.source", "units"): say("units of the office"),
    ("properties.plain", "letter_number"): say("number of a letter, typed for now"),
    ("properties.plain", "signature"): say("signature, typed for now"),
    ("timeSerializingFormat", "no_timezone"): say("without the time zone"),
    ("timeSerializingFormat", "utc_offset"): say("with the time zone"),
    ("validate.validationType", "email"): say("e-mail address"),
    ("validate.validationType", "phone"): say("telephone number"),
}
_FIELDS = frozenset({"layout.row", "group", "properties.notBefore", "properties.notAfter"})
_CONDITIONS = frozenset({"properties.requiredIf", "properties.numberIf"})
_REQUIRED, _OPTIONAL = say("must be filled in"), say("may be left empty")


def flag(value: object) -> Sentence:
    """Say whether a field must be filled in."""
    return _REQUIRED if value is True else _OPTIONAL


@dataclass(frozen=True)
class Saying:
    """A form, and the SOP in whose words its values are said: fields, choices and roles by their names."""

    side: Side
    form: ReadForm

    def value(self, field: FormField | None, name: str, value: Any) -> Sentence | None:  # noqa: ANN401 - whatever stands in JSON
        """Say a value of the form, or of one of its fields."""
        if name == "validate.required":
            return flag(value)
        known = VALUES.get((name, value is True))
        if known is not None or value is None:
            return known
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, str):
            return _WORDS.get((name, value)) or self._text(field, name, value)
        return plain(json.dumps(value, ensure_ascii=False))

    def _text(self, field: FormField | None, name: str, value: str) -> Sentence | None:
        if name in _FIELDS:
            return plain(self._called(value))
        if name in _CONDITIONS:
            return self._condition(value)
        if name == "properties.source":
            return self._source(value)
        if name == "defaultValue" and field is not None:
            return plain(field.options.get(value, value))
        if name == "type":
            return TYPES.get(value) or plain(value)
        return _NAMING.get(name, values.text)(self.side, value)

    def _called(self, key: str) -> str:
        found = self.form.fields.get(key)
        return key if found is None else found.called

    def _condition(self, value: str) -> Sentence:
        key, equals, choice = value.partition("=")
        asked = self.form.fields.get(key)
        if not equals or asked is None:
            return plain(value)
        said = asked.options.get(choice, choice)
        return say("“%(field)s” is “%(choice)s”", field=asked.called, choice=said)

    def _source(self, value: str) -> Sentence:
        people, colon, role = value.partition(":")
        if people != "people" or not colon:
            return plain(value)
        return say("people with the role %(role)s", role=self.side.role_label(role))


_NAMING = {"properties.prefill": values.field, "properties.assigns": values.element}
