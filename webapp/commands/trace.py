"""``alur trace FILE``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from engine.bpmn.guard import MAX_BYTES
from engine.bpmn.trace import Trace, TraceStatus, trace
from webapp.commands.opening import tell

_EXIT = {TraceStatus.COMPLETED: 0, TraceStatus.WAITING: 1, TraceStatus.FAILED: 1, TraceStatus.REFUSED: 2}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", "process_id", metavar="ID", help="Which process; else the first executable one.")
@click.option(
    "--data",
    default="{}",
    metavar="JSON",
    help="Variables, and under a task's id what it submits (a list: an item per round). @FILE reads a file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(file: Path, process_id: str | None, data: str, *, as_json: bool) -> None:
    """Run a diagram in memory: people answer with the data, timers are reached by moving the clock.

    Exit code 0 completed, 1 waiting or failed, 2 refused.
    """
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    done = trace(content, process_id=process_id, variables=_variables(data))
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
