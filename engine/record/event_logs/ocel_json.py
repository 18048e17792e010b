"""OCEL 2.0 as JSON: events as they are read; objects wait in a file of their own; types stand last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from tempfile import TemporaryFile
from typing import Any

from engine.record.event_logs.log import Log
from engine.record.event_logs.ocel import (
    ALWAYS,
    EVENT_ATTRIBUTES,
    OBJECT_TYPES,
    Happened,
    Relation,
    Thing,
    Value,
    told,
)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def parts(log: Log) -> Iterator[str]:
    """Write it; a line for each event and object."""
    types: set[str] = set()
    with TemporaryFile("w+", encoding="utf-8", errors="replace", newline="\n") as objects:
        yield '{"events":[\n'
        comma, first = "", ""
        for one in told(log):
            if isinstance(one, Thing):
                objects.write(f"{first}{_encode(_object(one))}\n")
                first = ","
            else:
                types.add(one.type)
                yield f"{comma}{_encode(_event(one))}\n"
                comma = ","
        yield '],"objects":[\n'
        objects.seek(0)
        yield from objects
    yield f'],"objectTypes":{_encode([_type(name, given) for name, given in OBJECT_TYPES.items()])},\n'
    yield f'"eventTypes":{_encode([_type(name, EVENT_ATTRIBUTES) for name in sorted(types)])}}}\n'


def _event(one: Happened) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "time": one.time,
        "attributes": [{"name": name, "value": value} for name, value in one.attributes.items()],
        "relationships": _relations(one.relations),
    }


def _object(one: Thing) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "attributes": [_since_ever(name, value) for name, value in one.attributes.items()],
        "relationships": _relations(one.relations),
    }


def _since_ever(name: str, value: Value) -> dict[str, Value]:
    return {"name": name, "time": ALWAYS, "value": value}


def _relations(found: tuple[Relation, ...]) -> list[dict[str, str]]:
    return [{"objectId": object_, "qualifier": qualifier} for object_, qualifier in found]


def _type(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "attributes": [{"name": key, "type": type_} for key, type_ in attributes.items()],
    }
