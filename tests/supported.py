"""Writes README's table of the BPMN that runs, from the tests that prove each row.

``python -m tests.supported`` does it; a gate tells when it is due. A test says what it proves by
``@pytest.mark.proves("row", "what")``; a row is what its tests prove, and how many they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- supported: begin -->\n", "<!-- supported: end -->\n"
ROWS = (
    "tasks",
    "gateways and flows",
    "start events",
    "intermediate events",
    "boundary events",
    "end events",
    "event subprocesses",
    "subprocesses",
    "repetition",
    "messages",
    "data",
    "expressions",
)


def table() -> str:
    """Give the table as Markdown."""
    found: dict[str, dict[str, int]] = {row: {} for row in ROWS}
    for row, proved in _proofs():
        found[row][proved] = found[row].get(proved, 0) + 1
    lines = ["| runs | | tests |", "| --- | --- | --- |"]
    lines += [f"| {row} | {'; '.join(things)} | {sum(things.values())} |" for row, things in found.items()]
    return "\n".join(lines) + "\n"


def readme_with(text: str, rows: str) -> str:
    """Give the README with the table in its place."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}{rows}{END}{tail}"


def _proofs() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tests" / "engine").rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from filter(None, map(_proof, node.decorator_list))


def _proof(decorator: ast.expr) -> tuple[str, str] | None:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.proves":
        row, proved = (ast.literal_eval(argument) for argument in decorator.args)
        return row, proved
    return None


if __name__ == "__main__":
    README.write_text(readme_with(README.read_text(), table()))
