"""Typed access to what a form file says: what has the wrong type or would be ignored is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Finding, Sentence, say

Component = Mapping[str, Any]

LONGEST_TEXT = 300
_NOTHING: Component = {}


class AttributeReader:
    """Reads the attributes of one component at a time and gathers findings; nothing is raised."""

    def __init__(self) -> None:
        """Start with no findings."""
        self.findings: list[Finding] = []
        self.component: Component = _NOTHING

    def find(self, code: str, sentence: Sentence) -> None:
        """Note a finding about the component being read."""
        key = self.component.get("key") or self.component.get("path") or self.component.get("id") or ""
        label = self.component.get("label") or ""
        element, name = str(key)[:80], str(label)[:80]
        self.findings.append(Finding(code=code, element=element, name=name, sentence=sentence))

    def unknown(self, holder: Component, known: frozenset[str], prefix: str = "") -> None:
        """Find every attribute that is not known."""
        for name in holder:
            if name not in known:
                self.find("form-attribute", say("%(name)s would be ignored", name=(prefix + name)[:60]))

    def mapping(self, name: str) -> Component:
        """Read an attribute that holds attributes."""
        found = self.component.get(name)
        if found is None or isinstance(found, dict):
            return found or _NOTHING
        self._wrong(name)
        return _NOTHING

    def text(
        self, holder: Component, name: str, longest: int = LONGEST_TEXT, *, expression: bool = False
    ) -> str:
        """Read a text; an expression or a template where none is run is a finding."""
        found = holder.get(name)
        if found is None:
            return ""
        if not isinstance(found, str) or len(found) > longest or "\0" in found:
            self._wrong(name)
            return ""
        if not expression and (found.startswith("=") or "{{" in found):
            self.find(
                "form-expression", say("%(name)s holds an expression, which is not supported", name=name)
            )
        return found

    def flag(self, holder: Component, name: str) -> bool:
        """Read a yes or no."""
        found = holder.get(name)
        if found is not None and not isinstance(found, bool):
            self._wrong(name)
        return found is True

    def number(self, holder: Component, name: str) -> float | None:
        """Read a number; form-js also writes them as text."""
        found = holder.get(name)
        if found is None or found == "":
            return None
        try:
            value = float(found) if isinstance(found, str) and len(found) <= 20 else found  # noqa: PLR2004
        except ValueError:
            value = None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e15:  # noqa: PLR2004
            self._wrong(name)
            return None
        return int(value) if value == int(value) else value

    def whole(self, holder: Component, name: str, least: int, most: int) -> int | None:
        """Read a whole number within bounds."""
        value = self.number(holder, name)
        if value is None:
            return None
        if not isinstance(value, int) or not least <= value <= most:
            self._wrong(name)
            return None
        return value

    def _wrong(self, name: str) -> None:
        self.find("form-attribute", say("%(name)s cannot be read", name=name[:60]))
