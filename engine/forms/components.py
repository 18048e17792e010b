"""One form-js component becomes one field, or findings that say why it cannot.

What the server would silently ignore (expressions in labels, unknown attributes and types) is
refused, so that a form does what it shows in its editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import say
from engine.forms.additions import own_properties, read_additions
from engine.forms.attributes import AttributeReader, Component
from engine.forms.conditions import BadCondition, Condition
from engine.forms.feel import read_condition
from engine.forms.fields import CHOICES, SEVERAL, TEXTS, Field, FieldType, Option
from engine.forms.patterns import BadPattern, Pattern, read_pattern
from engine.model.file_kind import read_accept

LONGEST_LABEL = 300
LONGEST_WORDS = 4000
MOST_OPTIONS = 200
_HEADING = 2  # hashes of a heading that stands directly under the page's own
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
RESERVED = frozenset({"csrf_token", "attempt", "revision", "done_on", "add", "remove", "paste", "unstage"})

_EVERYWHERE = frozenset({"type", "id", "layout", "properties", "conditional", "label", "description"})
_VALUED = _EVERYWHERE | {"key", "validate", "readonly", "disabled", "defaultValue", "appearance"}
_CHOOSING = _VALUED | {"values", "searchable"}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "textfield": _VALUED,
    "textarea": _VALUED,
    "number": _VALUED | {"decimalDigits", "increment", "serializeToString"},
    "checkbox": _VALUED,
    "checklist": _CHOOSING,
    "radio": _CHOOSING,
    "select": _CHOOSING,
    "taglist": _CHOOSING,
    "datetime": _VALUED
    | {"subtype", "dateLabel", "timeLabel", "timeSerializingFormat", "timeInterval", "use24h"}
    | {"disallowPassedDates"},
    "filepicker": _VALUED | {"accept", "multiple"},
    "dynamiclist": _EVERYWHERE
    | {"path", "components", "validate", "isRepeating", "allowAddRemove", "defaultRepetitions"}
    | {"showOutline", "verticalAlignment", "disableCollapse", "nonCollapsedItems"},
    "group": _EVERYWHERE | {"path", "components", "showOutline", "verticalAlignment"},
    "text": _EVERYWHERE | {"text"},
    "separator": _EVERYWHERE,
    "spacer": _EVERYWHERE | {"height"},
}
_CHECKS: Mapping[FieldType, frozenset[str]] = {
    FieldType.TEXTFIELD: frozenset({"required", "minLength", "maxLength", "pattern", "validationType"}),
    FieldType.TEXTAREA: frozenset({"required", "minLength", "maxLength"}),
    FieldType.NUMBER: frozenset({"required", "min", "max"}),
}


class ComponentReader(AttributeReader):
    """Reads components; nothing is raised."""

    def field(self, component: Component, fields: tuple[Field, ...] = ()) -> Field | None:
        """Read one component whose own components were read before."""
        self.component = component
        type_ = self._type()
        if type_ is None:
            return None
        checks, own = self.mapping("validate"), own_properties(self, type_)
        self.unknown(checks, _CHECKS.get(type_, frozenset({"required"})), "validate.")
        key = self._key(type_)
        return Field(
            type=type_,
            key=key,
            label=self._label(type_),
            description=self._words(),
            fields=fields,
            required=self.flag(checks, "required"),
            readonly=self.flag(component, "readonly") or self.flag(component, "disabled"),
            options=self._options(type_, own),
            default=self._default(type_),
            hide=self._hide(),
            **self._limits(checks),
            **self._shape(type_),
            **read_additions(self, own, type_),
        )

    def _type(self) -> FieldType | None:
        name = self.component.get("type")
        known = ATTRIBUTES.get(name) if isinstance(name, str) else None
        if known is None or not isinstance(name, str):
            self.find("form-type", say("%(type)s fields are not supported", type=str(name)[:40]))
            return None
        self.unknown(self.component, known)
        if name == "datetime":
            subtype = self.text(self.component, "subtype") or "date"
            if subtype not in ("date", "time", "datetime"):
                self.find("form-type", say("%(type)s fields are not supported", type=subtype[:40]))
                return None
            return FieldType(subtype)
        return FieldType.SEPARATOR if name == "spacer" else FieldType(name)

    def _key(self, type_: FieldType) -> str:
        if type_ in (FieldType.GROUP, FieldType.TEXT, FieldType.SEPARATOR):
            if self.component.get("path"):
                self.find("form-path", say("A group cannot have a path of its own"))
            return ""
        key = self.component.get("path" if type_ is FieldType.LIST else "key")
        if not isinstance(key, str) or not NAME.fullmatch(key):
            self.find("form-key", say("The key is not a name: letters, digits and _ only"))
            return ""
        if key in RESERVED:
            self.find("form-key", say("The key %(key)s is used by the page itself", key=key))
        return key

    def _label(self, type_: FieldType) -> str:
        label = self.text(self.component, "label", LONGEST_LABEL)
        if type_ is FieldType.TEXT:
            first = self.text(self.component, "text", LONGEST_WORDS).strip().partition("\n")[0]
            return first.lstrip("#").strip() if first.startswith("#") else ""
        if type_.value in ("date", "datetime", "time"):
            label = label or self.text(self.component, "dateLabel", LONGEST_LABEL)
            label = label or self.text(self.component, "timeLabel", LONGEST_LABEL)
        if not label.strip() and type_ not in (FieldType.GROUP, FieldType.SEPARATOR):
            self.find("form-label", say("The field has no label"))
        return label.strip()

    def _words(self) -> str:
        if self.component.get("type") != "text":
            return self.text(self.component, "description", LONGEST_WORDS).strip()
        words = self.text(self.component, "text", LONGEST_WORDS).strip()
        return words.partition("\n")[2].strip() if words.startswith("#") else words

    def _options(self, type_: FieldType, own: Mapping[str, str]) -> tuple[Option, ...]:
        if type_ not in CHOICES | SEVERAL:
            return ()
        given = self.component.get("values") or []
        if not isinstance(given, list) or len(given) > MOST_OPTIONS:
            self.find(
                "form-options", say("The options are not a list of at most %(most)s", most=MOST_OPTIONS)
            )
            return ()
        options = [Option(value=_text_of(item, "value"), label=_text_of(item, "label")) for item in given]
        if any(not option.value or not option.label for option in options):
            self.find("form-options", say("Every option needs a value and a label, both texts"))
        if len({option.value for option in options}) < len(options):
            self.find("form-options", say("Two options have the same value"))
        if bool(options) is bool(own.get("source")):
            self.find("form-options", say("Options come either from the form or from a source"))
        return tuple(options)

    def _default(self, type_: FieldType) -> str | bool | float | tuple[str, ...] | None:
        given = self.component.get("defaultValue")
        if given is None or given in ("", []):
            return None
        if type_ is FieldType.CHECKBOX and isinstance(given, bool):
            return given
        if type_ in SEVERAL and isinstance(given, list) and all(isinstance(one, str) for one in given):
            return tuple(given)
        if type_ is FieldType.NUMBER and isinstance(given, (int, float)) and not isinstance(given, bool):
            return given
        if type_ in TEXTS | CHOICES | {FieldType.NUMBER} and isinstance(given, str) and given[:1] != "=":
            return given
        self.find("form-default", say("The default value does not fit the field"))
        return None

    def _hide(self) -> Condition | None:
        hide = self.text(self.mapping("conditional"), "hide", expression=True)
        if not hide:
            return None
        try:
            return read_condition(hide)
        except BadCondition:
            self.find("form-condition", say("The condition cannot be read: %(text)s", text=hide[:120]))
            return None

    def _limits(self, checks: Component) -> dict[str, Any]:
        kind = self.text(checks, "validationType")
        if kind not in ("", "custom", "email", "phone"):
            self.find("form-attribute", say("%(name)s would be ignored", name=f"validationType {kind[:40]}"))
        return {
            "minimum": self.number(checks, "min"),
            "maximum": self.number(checks, "max"),
            "min_length": self.whole(checks, "minLength", 0, 100_000),
            "max_length": self.whole(checks, "maxLength", 1, 100_000),
            "pattern": self._pattern(self.text(checks, "pattern", expression=True)),
            "kind": kind if kind in ("email", "phone") else "",
        }

    def _pattern(self, text: str) -> Pattern | None:
        try:
            return read_pattern(text) if text else None
        except BadPattern as bad:
            self.find("form-pattern", say("The pattern cannot be used: %(where)s", where=str(bad)))
            return None

    def _shape(self, type_: FieldType) -> dict[str, Any]:
        layout, look = self.mapping("layout"), self.mapping("appearance")
        first = self.whole(self.component, "defaultRepetitions", 0, 50)
        if self.component.get("isRepeating") is False or self.component.get("allowAddRemove") is False:
            self.find("form-attribute", say("A list with a fixed number of rows is not supported"))
        if self.flag(self.component, "serializeToString"):
            self.find("form-attribute", say("%(name)s would be ignored", name="serializeToString"))
        words = self.component.get("text") if type_ is FieldType.TEXT else None
        hashes = len(words) - len(words.lstrip("#")) if isinstance(words, str) else 0
        return {
            "row": self.text(layout, "row"),
            "width": self.whole(layout, "columns", 1, 16),
            "prefix": self.text(look, "prefixAdorner"),
            "suffix": self.text(look, "suffixAdorner"),
            "decimals": self.whole(self.component, "decimalDigits", 0, 6),
            "no_past": self.flag(self.component, "disallowPassedDates"),
            "multiple": self.flag(self.component, "multiple"),
            "accept": self._accept(),
            "first_rows": 1 if first is None else first,
            "level": 3 if hashes > _HEADING else 2,
        }

    def _accept(self) -> tuple[str, ...]:
        accept = read_accept(self.text(self.component, "accept"))
        if accept is None:
            self.find("form-attribute", say("accept lists endings of files that are kept: .pdf, .docx"))
        return accept or ()


def _text_of(item: object, name: str) -> str:
    found = item.get(name) if isinstance(item, dict) else None
    return found.strip() if isinstance(found, str) and len(found) <= LONGEST_LABEL else ""
