"""What is to be said of an SOP's files while they are drawn: everything that deploying them would tell.

The same reader decides at deployment; here it raises nothing, and files that it refuses have their findings
as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.bpmn.package import Package, decisions_in, forms_in
from engine.bpmn.parse import looked_at, names_in
from engine.connectors import signatures
from engine.core import Engine
from engine.errors import Finding, Sentence
from engine.expressions.sandbox import Sandbox
from engine.forms.fields import FieldType, FormDefinition, Option
from engine.storage import office


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # keeps the draft from being deployed
    WARNING = "warning"  # it runs, but its table would lack something
    NOTE = "note"  # has no effect here


@dataclass(frozen=True, kw_only=True)
class DraftFinding(Finding):
    """One thing to be said of a draft. The element is one of the diagram, or begins with a file's name."""

    severity: Severity


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field that a condition can ask about; ``values`` are those it can be chosen from."""

    key: str
    label: str
    type: FieldType
    values: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DraftFindings:
    """Findings in the order of the files, errors first; titles and fields of readable forms; known names."""

    findings: tuple[DraftFinding, ...]
    fields: Mapping[str, tuple[FormField, ...]]
    names: tuple[str, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ExpressionProblem:
    """What keeps an expression from being run, and where (from 1); 0 where it has no one place."""

    sentence: Sentence
    line: int = 0
    column: int = 0


def findings(engine: Engine, office_id: UUID, files: Package) -> DraftFindings:
    """Look at a draft's files as a deployment in the office would; nothing is kept."""
    with engine.store.reading() as connection:
        roles = frozenset(office.role_labels(connection, office_id))
    return findings_for(engine, roles, files)


def findings_for(engine: Engine, roles: AbstractSet[str], files: Package) -> DraftFindings:
    """Look at files where the office has these roles."""
    forms, wrong = forms_in(files.forms)
    sandbox = Sandbox(workers=1)  # of its own: an owner's draft keeps no case waiting
    try:
        linted = looked_at(
            files.bpmn,
            sandbox=sandbox,
            forms=forms,
            role_keys=roles,
            connectors=signatures(engine.connectors),
            decisions=decisions_in(files),
        )
    finally:
        sandbox.close()
    problems = [one for one in linted.problems if not _is_there(one, files)]
    told = {
        Severity.ERROR: [*wrong, *problems],
        Severity.WARNING: linted.warnings,
        Severity.NOTE: linted.notes,
    }
    return DraftFindings(
        findings=tuple(_told(one, severity) for severity, several in told.items() for one in several),
        fields={key: _fields(form) for key, form in forms.items()},
        names=tuple(sorted(names_in(files.bpmn, forms))),
        titles={key: form.title for key, form in forms.items()},
    )


def known_names(files: Package) -> frozenset[str]:
    """Give the names that an expression of a draft can use."""
    forms, _wrong = forms_in(files.forms)
    return frozenset(names_in(files.bpmn, forms))


def check_expression(text: str, names: AbstractSet[str]) -> ExpressionProblem | None:
    """Tell what keeps an expression from being run where these names are known; it is only compiled."""
    sandbox = Sandbox(workers=1)
    try:
        sentence = sandbox.check(text) or sandbox.unknown_names([text], names).get(0)
    finally:
        sandbox.close()
    if sentence is None:
        return None
    places = (sentence.values.get("line", 0), sentence.values.get("column", 0))
    line, column = (place if isinstance(place, int) else 0 for place in places)
    return ExpressionProblem(sentence=sentence, line=line, column=column)


def _is_there(found: Finding, files: Package) -> bool:
    """Tell whether a form that is said to be missing is one that could not be read: that is told already."""
    return found.code == "unknown-form" and found.sentence.values.get("form") in files.forms


def _told(found: Finding, severity: Severity) -> DraftFinding:
    return DraftFinding(
        code=found.code,
        element=found.element,
        name=found.name,
        sentence=found.sentence,
        severity=severity,
    )


def _fields(form: FormDefinition) -> tuple[FormField, ...]:
    return tuple(
        FormField(key=field.key, label=field.label, type=field.type, values=field.options)
        for field in form.inputs
    )
