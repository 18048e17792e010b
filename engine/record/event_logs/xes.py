"""XES (IEEE 1849-2016 and -2023): a trace per case, an event per activity, or per event of the record.

In no namespace, as the schema of the standard has it. Keys of our own begin with ``alur:``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from engine.model.event_log import UNKNOWN
from engine.record.event_logs.entries import Entry
from engine.record.event_logs.flat import instant, person_of
from engine.record.event_logs.log import Log, Trace
from engine.record.legible import legible

_NO_TIME = "1970-01-01T00:00:00Z"
_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Alur", "alur", "urn:alur:xes:1"),
)


def parts(log: Log) -> Iterator[str]:
    """Write it, a trace at a time."""
    yield _head(log)
    for trace in log.traces():
        yield _trace(log, trace)
    yield "</log>\n"


def _head(log: Log) -> str:
    asked = log.asked
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xes.version="1849.2016" xes.features="">']
    lines += [f'<extension name="{name}" prefix="{at}" uri="{uri}"/>' for name, at, uri in _EXTENSIONS]
    lines += [
        '<global scope="trace">',
        _string("concept:name", UNKNOWN) + _string("alur:sop", UNKNOWN) + _string("alur:status", UNKNOWN),
        "</global>",
        '<global scope="event">',
        _string("concept:name", UNKNOWN)
        + _date("time:timestamp", _NO_TIME)
        + _string("lifecycle:transition", UNKNOWN)
        + _string("alur:kind", UNKNOWN),
        "</global>",
        '<classifier name="Activity" scope="event" keys="concept:name"/>',
        '<classifier name="Activity_and_transition" scope="event" keys="concept:name lifecycle:transition"/>',
        _string("concept:name", f"Alur: {log.subjects.office}"),
        _string("lifecycle:model", "standard"),
        _date("alur:written", instant(log.written_at)),
        _string("alur:detail", asked.detail.value),
        _given("alur:sop", asked.sop)
        + _given("alur:since", asked.since.isoformat() if asked.since else "")
        + _given("alur:until", asked.until.isoformat() if asked.until else ""),
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _trace(log: Log, trace: Trace) -> str:
    about = [
        _string("concept:name", trace.number),
        _string("alur:case", trace.id.hex),
        _string("alur:title", trace.title),
        _int("alur:year", trace.year),
        _string("alur:sop", trace.sop),
        _string("alur:status", trace.status),
        _boolean("alur:trial", trace.trial),
        _date("alur:started", instant(trace.started_at)),
        _date("alur:ended", instant(trace.ended_at)) if trace.ended_at else "",
    ]
    events = [f"<event>{''.join(_event(log, one))}</event>\n" for one in trace.entries]
    return f"<trace>{''.join(about)}\n{''.join(events)}</trace>\n"


def _event(log: Log, one: Entry) -> Iterator[str]:
    yield _string("concept:name", one.activity)
    yield _date("time:timestamp", instant(one.at))
    yield _string("lifecycle:transition", UNKNOWN if one.withdrawn else one.transition)
    if one.element:
        yield _string("concept:instance", f"{one.element}/{one.round or 1}/{one.iteration or 0}")
        yield _string("alur:element", one.element)
    yield _given("org:resource", person_of(log, one.person)[0])
    yield _given("org:role", one.role)
    if one.begun:
        yield _date("start_timestamp", instant(one.begun))  # by this name tools look for it
    yield _string("alur:kind", one.kind)
    yield _string("alur:event", one.id)
    version = log.subjects.versions.get(one.version)
    for key, number in (
        ("alur:round", one.round),
        ("alur:version", version.number if version else None),
        ("alur:worked", one.worked),
        ("alur:waited", one.waited),
    ):
        if number is not None:
            yield _int(key, number)
    if one.person:
        yield _string("alur:person", one.person.hex)
    yield _given("alur:on_behalf_of", person_of(log, one.on_behalf_of)[0])
    if one.withdrawn:
        yield _boolean("alur:withdrawn", one.withdrawn)
    if one.payload is not None:
        yield _string("alur:payload", json.dumps(one.payload, ensure_ascii=False))


def _given(key: str, value: str) -> str:
    return _string(key, value) if value else ""


# New lines and tabs of an attribute would be read as spaces (XML 1.0 § 3.3.3).
_KEPT = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(legible(value), _KEPT)}/>'


def _date(key: str, value: str) -> str:
    return f'<date key="{key}" value="{value}"/>'


def _int(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


def _boolean(key: str, value: object) -> str:
    return f'<boolean key="{key}" value="{"true" if value else "false"}"/>'
