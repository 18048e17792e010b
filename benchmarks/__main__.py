"""``python -m benchmarks``: measure, print a table, write ``var/bench.json``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import FULL, QUICK, Figure, Size, take

MODULES = (
    "completions",
    "http_completions",
    "inbox_pages",
    "review_rounds",
    "many_at_once",
    "deployment",
    "differences",
    "workers",
    "due_timers",
    "moving",
    "past",
    "replaying",
    "long_cases",
    "bundles",
    "exporting",
    "case_bytes",
    "sealing",
    "volume",
    "idle_memory",
)
_ABOUT = (
    "CPU time, sandbox workers included; on SQLite in WAL with synchronous=FULL where no database is named"
)


def main() -> None:
    """Take every figure, or those asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help=f"of {', '.join(MODULES)}; all without")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that it works, says nothing")
    parser.add_argument("--events", type=int, help="of the history that volume fills; 10000000 is a long run")
    parser.add_argument("--output", type=Path, default=Path("var/bench.json"), help="JSON file to write")
    asked = parser.parse_args()
    if unknown := set(asked.only) - set(MODULES):
        parser.error(f"no such figures: {', '.join(sorted(unknown))}")
    console, size = Console(), QUICK if asked.quick else FULL
    if asked.events:
        size = replace(size, history_events=asked.events)
    figures: list[Figure] = []
    for name in asked.only or MODULES:
        with console.status(f"measuring {name} …"):
            figures += _measured(name, size)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    written = {"figures": [figure.to_json() for figure in figures]}
    asked.output.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n")
    console.print(_table(figures))


def _measured(name: str, size: Size) -> list[Figure]:
    """Measure in a process of its own, so that no figure is taken in the heap another one left."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(take, name, size).result()


def _table(figures: Iterable[Figure]) -> Table:
    table = Table(title=f"Alur, {_ABOUT}", title_justify="left")
    for heading in ("figure", "measured", "unit", "target", "met"):
        table.add_column(heading, justify="right" if heading in {"measured", "target"} else "left")
    for figure in figures:
        bound = "≥" if figure.at_least else "≤"
        value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
        met = "yes" if figure.met else "[bold red]no[/]"
        table.add_row(figure.name, value, figure.unit, f"{bound} {figure.target:,g}", met)
    return table


if __name__ == "__main__":
    main()
