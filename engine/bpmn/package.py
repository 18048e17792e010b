"""The files of one process: diagram, forms, decisions and notes, before they are a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.dmn.files import ReadDecisions, read_decisions
from engine.errors import Finding, Refused
from engine.forms.definition import FormDefinition, read_form


@dataclass(frozen=True, kw_only=True)
class Package:
    """The files of one process as they lie in a folder."""

    key: str
    bpmn: bytes
    forms: Mapping[str, str]  # form key -> form-js JSON
    notes: str = ""
    decisions: Mapping[str, bytes] = field(default_factory=dict)  # file name -> DMN

    @property
    def digest(self) -> bytes:
        """SHA-256 over the sorted (path, SHA-256) of every file that decides how it runs."""
        files = {"process.bpmn": self.bpmn} | {
            f"forms/{key}.json": text.encode() for key, text in self.forms.items()
        }
        files |= self.decisions
        lines = [f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files)]
        return hashlib.sha256("".join(lines).encode()).digest()


def read_forms(texts: Mapping[str, str]) -> dict[str, FormDefinition]:
    """Read every form, or raise Refused with what is wrong in all of them together."""
    forms, wrong = forms_in(texts)
    if wrong:
        raise Refused(wrong)
    return forms


def forms_in(texts: Mapping[str, str]) -> tuple[dict[str, FormDefinition], tuple[Finding, ...]]:
    """Read every form that can be read, and list what is wrong in all others together."""
    forms: dict[str, FormDefinition] = {}
    findings: list[Finding] = []
    for key, text in texts.items():
        try:
            forms[key] = read_form(key, text)
        except Refused as refused:
            findings += [_in_form(key, one) for one in refused.findings]
    return forms, tuple(findings)


def decisions_in(package: Package) -> ReadDecisions:
    """Read the decisions; what is wrong with one names its file before it."""
    found = read_decisions(package.decisions)
    return replace(found, findings=tuple(_in_file(found, one) for one in found.findings))


def _in_file(found: ReadDecisions, one: Finding) -> Finding:
    decision = found.decisions.get(one.element)
    return one if decision is None else replace(one, element=f"{decision.file}: {one.element}")


def _in_form(key: str, found: Finding) -> Finding:
    """Name the form's file before the component."""
    inside = found.element not in {"", key}
    return replace(found, element=f"{key}.json: {found.element}" if inside else f"{key}.json")
