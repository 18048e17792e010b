"""A block that decides: a table of a file beside the diagram sets one of the variables."""

from __future__ import annotations

from tests.engine.dmn import drawn as dmn
from tests.engine.properties.drawing import VARIABLES, Block, Drawer, Ends

_DECISIONS = (
    dmn.decision("<literalExpression><text>v0 + v1 + v2</text></literalExpression>", "total"),
    dmn.decision(
        dmn.table(
            ("0", "1"), ("[1..4]", "modulo(total + v3, 5)"), ("> 4", "modulo(total, 3)"),
            inputs=("total",), default="2",
        ),
        "next", "total",
    ),
    dmn.decision(
        dmn.table(
            ("> 1", "1"), ("> 2", "1"), ("-", "1"),
            inputs=("v2",), about='hitPolicy="COLLECT" aggregation="SUM"',
        ),
        "points",
    ),
)  # fmt: skip
DRAWN = dmn.file(*_DECISIONS)
DECISIONS = dmn.read(*_DECISIONS)


def rule(draw: Drawer, block: Block) -> Ends:
    """Take one of the decisions."""
    named = (
        f'<sop:Decision decision="{("next", "points")[block.number // 4 % 2]}"'
        f' result="{VARIABLES[block.number % 4]}"/>'
    )
    task = draw.put("businessRuleTask", f"<bpmn:extensionElements>{named}</bpmn:extensionElements>")
    return Ends(task, task)
