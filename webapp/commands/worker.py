"""``alur worker``."""

from __future__ import annotations

import gc
import signal
import threading

import click

from engine import worker
from webapp import logs
from webapp.commands.opening import note_start, opened
from webapp.commands.starting import end_with_parent

_GARBAGE = 10_000  # objects made before it is looked for


@click.command()
def command() -> None:
    """Fire timers, tidy up: what nobody clicks on. Any number may run on one database."""
    end_with_parent()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with opened() as (engine, settings):
        logs.configure(settings.log_level)
        note_start(engine, settings, "worker")
        # Cases and rows are many and short-lived: looking for garbage after every 700 objects, Python's
        # default, was half of what firing timers took.
        gc.freeze()
        gc.set_threshold(_GARBAGE)
        worker.run(engine, stop)
