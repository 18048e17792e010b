"""``python -m benchmarks.fill --cases N``: give the demo data years of history; see ``history``."""

from __future__ import annotations

import argparse
import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import exists, select

from benchmarks.history import Growing
from engine.core import Engine
from engine.opening import open_engine
from engine.storage.migrating import is_current
from engine.storage.tables import person
from webapp.commands.opening import must_exist, places
from webapp.commands.starting import read_settings


def main() -> None:
    """Fill the database of the settings, if it is one of demo accounts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fill", description=__doc__)
    parser.add_argument("--cases", type=_count, required=True, help="how many to write")
    parser.add_argument("--years", type=_count, default=5, help="over so many years before (5)")
    parser.add_argument("--seed", type=int, default=0, help="the same one makes the same choices (0)")
    asked = parser.parse_args()
    settings = read_settings()
    must_exist(settings)
    engine = open_engine(places(settings))
    try:
        _must_be_demo(engine)
        began = time.monotonic()
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns) as bar:
            cases = bar.add_task("cases", total=asked.cases)
            growing = Growing(engine, asked.seed)
            events = growing.grow(asked.cases, years=asked.years, progress=lambda n: bar.advance(cases, n))
        print(f"{asked.cases:,} cases with {events:,} events in {time.monotonic() - began:,.0f} s")
    finally:
        engine.close()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {text}")
    return number


def _must_be_demo(engine: Engine) -> None:
    if not is_current(engine.store):
        raise SystemExit("The database is not of this release. Run: alur migrate")
    with engine.store.reading() as connection:
        real = connection.scalar(select(exists().where(~person.c.demo)))
    if real:
        raise SystemExit("Only demo data is filled: this database has people who are no demo accounts.")


if __name__ == "__main__":
    main()
