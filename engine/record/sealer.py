"""The sealer: beside the worker's loop, so that neither holds up the other.

Two threads: one seals and keeps checkpoints, one brings them out, where a mail server may let it wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from engine.core import Engine
from engine.errors import AlurError
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal

_PAUSE = 2.0  # seconds between looks at what is to be sealed: so late it is at the most, and a commit later
_PATIENCE = 5.0  # seconds that a letter on its way gets when the worker is to stop

log = structlog.get_logger(__name__)


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; what fails is logged and tried again at the next look."""
    if engine.sealing is None:
        return
    bringing = threading.Thread(target=_turns, args=(engine, stop, bring_due), daemon=True)
    bringing.start()
    _turns(engine, stop, _seal)
    bringing.join(_PATIENCE)


def _seal(engine: Engine) -> bool:
    seal(engine)
    keep_due(engine)
    return False


def _turns(engine: Engine, stop: threading.Event, turn: Callable[[Engine], bool]) -> None:
    """Take turns, a pause between them unless there is more to do at once."""
    while not stop.is_set():
        try:
            more = turn(engine)
        except Exception as error:
            more = False
            log.warning("sealer.failed", why=str(error), exc_info=not isinstance(error, AlurError))
        if not more:
            stop.wait(_PAUSE)
