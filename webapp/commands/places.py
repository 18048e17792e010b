"""Whether `alur run` can have what it needs of the machine: a folder it may write to, and its port."""

from __future__ import annotations

import errno
import os
import socket
import tempfile

from webapp.settings import Settings


def unusable(settings: Settings) -> str | None:
    """Say what stands in the way, before anything is made; None where nothing does."""
    return _unwritable(settings) or _taken(settings)


def _unwritable(settings: Settings) -> str | None:
    folder = settings.data_dir.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"alur")
    except OSError as error:
        return (
            f"The data folder cannot be used: expected a folder that this account may write to, found "
            f"{folder} ({os.strerror(error.errno or 0)}). ALUR_DATA_DIR names another one."
        )
    return None


def _taken(settings: Settings) -> str | None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {settings.port} is taken: another program, perhaps another Alur, listens there. "
                    f"Stop it, or choose another port: make run PORT=8010, or ALUR_PORT=8010."
                )
            why = os.strerror(error.errno or 0)
            return f"Alur cannot listen on {settings.host}, port {settings.port}: {why}."
    return None
