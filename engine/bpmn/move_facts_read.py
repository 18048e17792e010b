"""Reads what a version means from what is stored with it: what will run, its steps and their forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from engine.bpmn.definition_json import plain
from engine.bpmn.facts import About
from engine.bpmn.facts_read import facts_read
from engine.bpmn.flow import CHILD, SPLIT
from engine.bpmn.move_facts import ElementFacts, Part, VersionFacts, Way
from engine.bpmn.names import ACTIVITIES
from engine.bpmn.reader import load_spec
from engine.forms.conditions import Condition
from engine.forms.fields import Field, FormDefinition
from engine.forms.patterns import Pattern
from engine.model.definition import Definition, LeftDocument, NeededDocument, Step


def version_facts(spec: str, definition: Definition, forms: Mapping[str, FormDefinition]) -> VersionFacts:
    """Read the facts of a version from what is stored with it."""
    stored = json.loads(spec)
    processes = [stored["spec"], *stored["others"].values()]
    ways, edges, insides, undone = _read(spec)
    steps = {step.element: step for step in definition.steps}
    elements: dict[str, ElementFacts] = {}
    for process in processes:
        for name, specs in _by_element(process).items():
            found = _element(process["name"], name, specs, stored, steps.get(name), forms, ways.get(name, ()))
            elements[name] = found
    return VersionFacts(
        process=stored["process"],
        elements={
            name: replace(_completed(one, edges, insides), undone_by=undone.get(name, ""))
            for name, one in elements.items()
        },
        inputs={
            one["name"]: tuple(one["inputs"])
            for process in processes
            for one in process["task_specs"].values()
        },
        declared={
            process["name"]: stored.get("data", {}).get(process["name"], {}).get("scope", {})
            for process in processes
        },
        pools=frozenset(stored.get("pools", {})),
        steps={step.element: step.number for step in definition.steps},
    )


def _read(
    spec: str,
) -> tuple[dict[str, tuple[Way, ...]], dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """Give the ways by element, where events stand, what activities are made of, and what undoes them."""
    ways: dict[str, list[Way]] = {}
    edges: dict[str, tuple[str, str]] = {}
    insides: dict[str, str] = {}
    undone: dict[str, str] = {}
    for about, element, details in facts_read(*load_spec(spec)):
        if about is About.FLOW:
            ways.setdefault(element, []).append((details[0], ""))
        elif about is About.CONDITION:
            ways[element][-1] = (details[0], details[1])
        elif about is About.DEFAULT:
            ways[element][-1] = (details[0], None)
        elif about is About.BOUNDARY:
            edges[element] = (details[0], details[1])
        elif about is About.INSIDE:
            insides[element] = details[0]
        elif about is About.UNDOES:
            undone[element] = details[1]
    return {element: tuple(found) for element, found in ways.items()}, edges, insides, undone


def _completed(
    one: ElementFacts, edges: Mapping[str, tuple[str, str]], insides: Mapping[str, str]
) -> ElementFacts:
    beside = tuple(sorted(event for event, (activity, _) in edges.items() if activity == one.element))
    attached, cancels = edges.get(one.element, ("", "True"))
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    if one.handler:
        # What is known of its start event is how it begins; the event itself stands inside.
        started = [cancel for activity, cancel in edges.values() if activity == one.element]
        return ElementFacts(
            **{**values, "inner": insides.get(one.element, ""), "interrupting": "False" not in started}
        )
    is_edge = one.kind == "boundaryEvent"
    return ElementFacts(
        **{
            **values,
            "beside": beside if one.kind in ACTIVITIES else (),
            "attached": attached if is_edge else "",
            "interrupting": cancels != "False",
            "inner": insides.get(one.element, ""),
        }
    )


_LIBRARY = frozenset({"BpmnStartTask", "_EndJoin", "SimpleBpmnTask", "BoundaryEventJoin", "ActivitySplit"})
# How it is connected, and what people read: told apart from what it means.
_CONNECTED = frozenset(
    {"name", "inputs", "outputs", "default_task_spec", "cond_task_specs", "lookahead", "manual", "choice"}
)
_READ = frozenset({"description", "bpmn_name", "documentation", "lane", "bpmn_id"})
_EXTENSIONS_READ = frozenset({"name", "flows", "process", "type"})
_TIMES = frozenset({"DateTimer", "DurationTimer", "CycleTimer"})


def _by_element(process: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in process["task_specs"].values():
        if one["typename"] not in _LIBRARY:
            found.setdefault(one["name"].removesuffix(SPLIT).removesuffix(CHILD), []).append(one)
    return found


def _element(  # noqa: PLR0913, PLR0917 - everything that is known of it
    process: str,
    element: str,
    specs: list[dict[str, Any]],
    stored: Mapping[str, Any],
    step: Step | None,
    forms: Mapping[str, FormDefinition],
    ways: tuple[Way, ...],
) -> ElementFacts:
    extensions = specs[0].get("extensions") or {}
    rule = [_meant(one) for one in specs] + [
        stored.get("data", {}).get(element),
        _decided(extensions, stored),
    ]
    form = forms.get(step.form_key or "") if step is not None else None
    parts = {
        Part.KIND: extensions.get("type", ""),
        Part.RULE: _text(rule),
        Part.FORM: "" if form is None else _text([_asked(field) for field in form.inputs]),
        Part.ROLE: "" if step is None else step.role,
        Part.DOCUMENTS: "" if step is None else _text([_documents(step.inputs), _documents(step.outputs)]),
        Part.WAYS: _text([asks for _, asks in ways]),
    }
    given = [one.get("event_definition") for one in specs]
    definitions = [one for one in given if one and one["typename"] != "NoneEventDefinition"]
    return ElementFacts(
        element=element,
        name=extensions.get("name", "") or (step.name if step is not None else ""),
        kind=extensions.get("type", ""),
        scope=extensions.get("process", process),
        parts=parts,
        shown=_shown(extensions, step, form),
        ways=ways,
        repeats=len(specs) > 1,
        returns=step is not None and bool(step.return_to),
        awaited=_text([_without_time(one) for one in definitions]),
        handler=bool(extensions.get("event_subprocess")),
        calls=bool(extensions.get("service")),
    )


def _meant(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a spec does, without its connections and its words."""
    kept = {name: value for name, value in spec.items() if name not in _CONNECTED | _READ}
    extensions = spec.get("extensions") or {}
    kept["extensions"] = {name: value for name, value in extensions.items() if name not in _EXTENSIONS_READ}
    return kept


def _documents(needed: Sequence[NeededDocument | LeftDocument]) -> list[dict[str, Any]]:
    """Give documents without the wording in which the SOP prints them."""
    return [{name: value for name, value in plain(one).items() if name != "printed"} for one in needed]


def _decided(extensions: Mapping[str, Any], stored: Mapping[str, Any]) -> object:
    return stored.get("decisions") if extensions.get("decision") else None


def _without_time(definition: Any) -> Any:  # noqa: ANN401 - JSON value
    """Leave out how long: what has begun to wait keeps the time it was given; not whether once or again."""
    if not isinstance(definition, dict):
        return definition
    if definition.get("typename") in _TIMES:
        return "cycle" if definition["typename"] == "CycleTimer" else "once"
    return {
        name: [_without_time(one) for one in value] if name == "definitions" else value
        for name, value in definition.items()
        if name != "description"
    }


# Where a field stands and how it looks; everything else says what was asked and what was taken for an answer.
_LAID_OUT = frozenset(
    {
        "description",
        "row",
        "width",
        "level",
        "example",
        "first_rows",
        "default",
        "prefill",
        "prefix",
        "suffix",
    }
)


def _asked(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(field):
        value = getattr(field, one.name)
        if one.name in _LAID_OUT or value == one.default:
            continue
        found[one.name] = [_asked(column) for column in value] if one.name == "fields" else _value(value)
    return found


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, Condition | Pattern):
        return value.text
    return plain(value)


def _shown(extensions: Mapping[str, Any], step: Step | None, form: FormDefinition | None) -> str:
    """Write what people see: of a step all but its number and where it leads, which follow from others."""
    row = (
        {}
        if step is None
        else {name: value for name, value in plain(step).items() if name not in ("number", "next")}
    )
    return _text([extensions.get("name", ""), row, "" if form is None else form.digest.hex()])


def _text(value: Any) -> str:  # noqa: ANN401 - JSON value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
