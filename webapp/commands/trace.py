"""``alur trace FILE``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.bpmn.guard import read_bytes
from engine.bpmn.lint import decisions_beside
from engine.bpmn.trace import Trace, TraceStatus, refusal, trace
from engine.errors import Refused
from webapp.commands.telling import tell

_EXIT = {TraceStatus.COMPLETED: 0, TraceStatus.WAITING: 1, TraceStatus.FAILED: 1, TraceStatus.REFUSED: 2}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--process", "process_id", metavar="ID", help="Which process; else the first executable one.")
@click.option("--start", default="", metavar="ID", help="At which of several start events; else the first.")
@click.option(
    "--data",
    default="{}",
    metavar="JSON",
    help="What people answer, as an object; @FILE reads a file. See above.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(file: Path, process_id: str | None, start: str, data: str, *, as_json: bool) -> None:
    """Run a diagram in memory: people answer with the data, timers are reached by moving the clock.

    An entry of the data under the id of a user or manual task is what that task
    submits: one answer for every round, or a list with an answer per round (the
    last stands for all that follow). null is no answer: the task waits, so that
    the clock moves on to the timers beside it.

    Every other entry is a variable from the start, and is also submitted by each
    task that has no entry of its own: {"decision": "yes"} serves a condition that
    reads decision as well as one that reads review["decision"].

    round counts how often an element was entered. A loop or multi-instance
    activity is told by its instances only, and they are numbered on: with three
    instances the first time it has the rounds 1 to 3, the second time 4 to 6.

    Business rule tasks take the decisions of the .dmn files in the same folder.

    Timers in working time count an ordinary week, without holidays.

    A run is stopped after 10,000 elements, a second of work, or 20,000 elements that are opened
    at once. Exit code 0 completed, 1 waiting or failed, 2 refused.
    """
    given = _variables(data)
    try:
        content = read_bytes(file)
        decisions = decisions_beside(file, content)
        done = trace(content, process_id=process_id, start=start, variables=given, decisions=decisions)
    except Refused as refused:
        done = refusal(refused.findings, given)
    if as_json:
        tell(done.to_json())
    else:
        _print(done)
    raise SystemExit(_EXIT[done.status])


def _variables(text: str) -> dict[str, Any]:
    try:
        read = json.loads(Path(text[1:]).read_text("utf-8") if text.startswith("@") else text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"expected a JSON object, found {error}", param_hint="--data") from error
    if not isinstance(read, dict):
        raise click.BadParameter("expected a JSON object", param_hint="--data")
    return read


def _print(done: Trace) -> None:
    for step in done.steps:
        turn = f", round {step.round}" if step.round and step.round > 1 else ""
        name = f" ({step.name})" if step.name else ""
        tell(f"{step.what.value:9}  {step.type:18} {step.element}{name}{turn}")
    for one in done.findings:
        tell(f"{one.code}  {one.element or '-'}: {one.sentence}")
    tell(f"data: {json.dumps(dict(done.variables), ensure_ascii=False)}")
    if done.waiting_at:
        tell(f"waiting at: {', '.join(done.waiting_at)}")
    if done.error is not None and not done.findings:
        tell(f"error: {done.error.element or '-'}: {done.error.message}")
    tell(f"status: {done.status.value}")
