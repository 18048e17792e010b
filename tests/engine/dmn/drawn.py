"""Small decision tables, written in rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from engine.dmn.deciding import Answer, Decisions
from engine.dmn.files import ReadDecisions, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def text(tag: str, said: str) -> str:
    return f"<{tag}><text>{escape(said)}</text></{tag}>" if said else ""


def table(
    *rows: Sequence[str],
    inputs: Sequence[str] = ("x",),
    outputs: Sequence[str] = ("",),
    about: str = "",
    allowed: str = "",
    default: str = "",
) -> str:
    """Draw a table: each row has a cell per input, then one per output."""
    columns = "".join(f"<input>{text('inputExpression', one)}</input>" for one in inputs)
    columns += "".join(
        f'<output name="{one}">{text("outputValues", allowed)}{text("defaultOutputEntry", default)}</output>'
        for one in outputs
    )
    rules = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(inputs)])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[len(inputs) :])
        + "</rule>"
        for row in rows
    )
    return f"<decisionTable {about}>{columns}{rules}</decisionTable>"


def decision(inside: str, id_: str = "d", *requires: str, name: str = "") -> str:
    """Draw a decision."""
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>'
        for one in requires
    )
    return f'<decision id="{id_}" name="{name or id_.upper()}">{required}{inside}</decision>'


def file(*decisions: str, about: str = "") -> bytes:
    """Draw a whole file."""
    return f'<definitions xmlns="{NAMESPACE}" {about}>{"".join(decisions)}</definitions>'.encode()


def read(*decisions: str) -> ReadDecisions:
    """Read decisions, sound or not."""
    return read_decisions({"a.dmn": file(*decisions)})


def decide(drawn: str, **variables: Any) -> Answer:
    """Take the decision of one table, which must be sound."""
    found = read(decision(drawn))
    assert found.findings == ()
    return Decisions(found.decisions).decide("d", variables)


def reasons(*decisions: str) -> list[str]:
    """Say what is wrong."""
    return [str(one.sentence) for one in read(*decisions).findings]
