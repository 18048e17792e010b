"""``alur web``."""

from __future__ import annotations

import atexit

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from webapp.commands.starting import end_with_parent, read_settings
from webapp.settings import Settings, refusal


@click.command()
def command() -> None:
    """Serve the pages. Only loopback without TLS; see ALUR_BEHIND_PROXY for anything else."""
    end_with_parent()
    settings = read_settings()
    refused = refusal(settings)
    if refused:
        raise click.ClickException(refused)
    _ = settings.signing_key  # made once, before there are several processes
    _Server(settings).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Threads in each process; the application is made in the process that serves, never before the fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn would read from a file."""
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        options = {
            "bind": f"{host}:{settings.port}",
            "worker_class": "gthread",
            "workers": settings.processes,
            "threads": settings.threads,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 5,
            "control_socket_disable": True,
            "loglevel": "warning",
            "accesslog": None,
            "forwarded_allow_ips": "127.0.0.1,::1",
            "proc_name": "alur-web",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Make the application."""
        from engine.opening import open_engine  # noqa: PLC0415 - only in the process that serves
        from webapp import logs  # noqa: PLC0415 - the same
        from webapp.app import create_app  # noqa: PLC0415 - the same
        from webapp.commands.opening import note_start, places  # noqa: PLC0415 - the same

        logs.configure(self._settings.log_level)
        engine = open_engine(places(self._settings))
        atexit.register(engine.close)
        note_start(engine, self._settings, "web")
        return create_app(engine, self._settings)
