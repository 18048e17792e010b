"""What every command starts with: the settings, and the bond between `alur run` and its processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

import click
from pydantic import ValidationError

from webapp.settings import Settings

CHILD = "ALUR_SUPERVISED"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> None:
    """End when `alur run` ends, even if it was killed; on other systems than Linux nothing happens."""
    parent = os.environ.get(CHILD)
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before the line above
        raise SystemExit(1)


def read_settings() -> Settings:
    """Read the settings; what is wrong with them ends the command with a sentence each."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"ALUR_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise click.ClickException("\n".join(lines)) from error
