"""XES: what IEEE 1849 asks for, checked rule by rule (its schema cannot be had as a package)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from lxml import etree

from engine.model.event_log import Detail, LogFormat, Selection
from tests.engine.record.cases import HOSTILE, finished, said, written
from tests.offices import Office

# Children of each element, in this order (XES schema: LogType, TraceType, EventType, GlobalsType).
ORDER = {
    "log": ("extension", "global", "classifier", "attribute", "trace", "event"),
    "trace": ("attribute", "event"),
    "event": ("attribute",),
    "global": ("attribute",),
}
NAME = re.compile(r"[A-Za-z_:][\w:.-]*", re.ASCII)  # xs:Name, without the letters that we do not use
NCNAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
LONG = re.compile(r"-?\d{1,19}")
READ = {
    "string": str,
    "date": datetime.fromisoformat,
    "int": lambda text: int(LONG.fullmatch(text).group()),  # type: ignore[union-attr]
    "boolean": {"true": True, "false": False}.__getitem__,
}
# The lifecycle extension of the standard.
STANDARD_LIFECYCLE = {
    "schedule",
    "assign",
    "withdraw",
    "reassign",
    "start",
    "suspend",
    "resume",
    "pi_abort",
    "ate_abort",
    "complete",
    "autoskip",
    "manualskip",
    "unknown",
}


def log_of(office: Office, detail: Detail = Detail.ALL) -> etree._Element:
    text = written(office, LogFormat.XES, Selection(detail=detail))
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))


def attributes(component: etree._Element) -> dict[str, object]:
    found = [child for child in component if child.tag in READ]
    assert len({one.get("key") for one in found}) == len(found)
    assert all(len(one) == 0 and set(one.attrib) == {"key", "value"} for one in found)
    assert all(NAME.fullmatch(one.get("key", "")) for one in found)
    return {one.get("key", ""): READ[str(one.tag)](one.get("value", "")) for one in found}


def components(log: etree._Element) -> Iterator[etree._Element]:
    yield log
    yield from log.iter("trace", "event", "global")


@pytest.fixture
def worked(office: Office) -> Office:
    finished(office, refusals=1)
    office.clock.move(timedelta(minutes=7))
    said(office, office.start(title=HOSTILE[:50]).instance, HOSTILE)
    return office


@pytest.mark.parametrize("detail", Detail)
def test_every_part_stands_where_the_schema_has_it(worked: Office, detail: Detail) -> None:
    log = log_of(worked, detail)
    assert log.tag == "log"
    assert set(log.attrib) == {"xes.version", "xes.features"}
    assert float(log.get("xes.version", "")) == 1849.2016
    for one in components(log):
        kinds = ["attribute" if child.tag in READ else str(child.tag) for child in one]
        assert set(kinds) <= set(ORDER[str(one.tag)])
        assert kinds == sorted(kinds, key=ORDER[str(one.tag)].index)
        attributes(one)


def test_declarations_have_names_as_the_schema_asks(worked: Office) -> None:
    log = log_of(worked)
    extensions = {one.get("prefix", ""): one for one in log.iter("extension")}
    assert set(extensions) == {"concept", "time", "lifecycle", "org", "alur"}
    assert all(NCNAME.fullmatch(one.get("name", "")) for one in extensions.values())
    assert all(set(one.attrib) == {"name", "prefix", "uri"} for one in extensions.values())
    used = {key.partition(":")[0] for one in components(log) for key in attributes(one) if ":" in key}
    assert used == set(extensions)
    for one in log.iter("classifier"):
        assert NCNAME.fullmatch(one.get("name", ""))
        keys = set(one.get("keys", "").split(" "))
        [declared] = [attributes(scope) for scope in log.iter("global") if scope.get("scope") == "event"]
        assert keys <= set(declared)


@pytest.mark.parametrize("detail", Detail)
def test_what_is_declared_for_all_is_there_in_each(worked: Office, detail: Detail) -> None:
    log = log_of(worked, detail)
    for scope in ("trace", "event"):
        [declared] = [attributes(one) for one in log.iter("global") if one.get("scope") == scope]
        found = [attributes(one) for one in log.iter(scope)]
        assert found
        assert all(set(declared) <= set(one) for one in found)
        assert all(type(one[key]) is type(value) for one in found for key, value in declared.items())


def test_events_of_a_trace_are_in_the_order_of_time_and_of_the_standard_s_lifecycle(worked: Office) -> None:
    for trace in log_of(worked).iter("trace"):
        events = [attributes(one) for one in trace.iter("event")]
        times = [one["time:timestamp"] for one in events]
        assert times == sorted(times)
        assert {one["lifecycle:transition"] for one in events} <= STANDARD_LIFECYCLE
        assert all(
            one["start_timestamp"] <= one["time:timestamp"] for one in events if "start_timestamp" in one
        )


def test_activities_alone_are_all_complete(worked: Office) -> None:
    events = [attributes(one) for one in log_of(worked, Detail.ACTIVITIES).iter("event")]
    assert {one["lifecycle:transition"] for one in events} == {"complete"}
    assert {one["alur:kind"] for one in events} == {"task.completed"}


def test_hostile_text_is_only_text(worked: Office) -> None:
    log = log_of(worked)
    titles = [attributes(one)["alur:title"] for one in log.iter("trace")]
    assert titles[-1] == HOSTILE[:50].replace("\x1b", "␛")
    payloads = [attributes(one).get("alur:payload") for one in log.iter("event")]
    [said_of] = [one for one in payloads if '"text"' in str(one)]
    assert "\\u001b[31m" in str(said_of)  # JSON within


def test_a_log_of_nothing_is_a_log(office: Office) -> None:
    assert list(log_of(office).iter("trace")) == []
