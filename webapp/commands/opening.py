"""What the commands share: settings, an open engine, the office they act in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
import structlog

from engine.actions.offices import operator
from engine.actions.settings_noted import note_settings
from engine.connectors.email import MailServer
from engine.connectors.registry import Outgoing
from engine.core import Engine, Sealing
from engine.errors import AlurError, Invalid, Refused
from engine.model.actor import Actor
from engine.opening import Places, open_engine
from engine.storage import people
from engine.storage.migrating import is_current
from engine.storage.transaction import StoreUnavailable
from webapp.commands.starting import read_settings
from webapp.settings import Settings

log = structlog.get_logger(__name__)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An open engine, and the operator who acts in one office."""

    engine: Engine
    settings: Settings
    actor: Actor


def places(settings: Settings) -> Places:
    """Say where the engine keeps things."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Places(
        database=settings.database,
        blobs=settings.blobs,
        outgoing=outgoing(settings),
        sealing=sealing(settings),
        archives=settings.archive_folder,
    )


def sealing(settings: Settings) -> Sealing:
    """Say by what the record is sealed, and where checkpoints go."""
    return Sealing(
        key=settings.seal_file,
        folder=settings.checkpoint_folder,
        addresses=tuple(one.strip() for one in settings.checkpoint_email.split(",") if one.strip()),
        keep_every=timedelta(minutes=settings.checkpoint_minutes),
        mail_every=timedelta(hours=settings.checkpoint_email_hours),
    )


def outgoing(settings: Settings) -> Outgoing:
    """Say what service tasks may send out."""
    mail = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
    )
    return Outgoing(
        http_hosts=tuple(settings.http_hosts.split(",")),
        http_authorization={
            host: value.get_secret_value() for host, value in settings.http_authorization.items()
        },
        mail=mail if settings.smtp_host else None,
    )


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Engine, Settings]]:
    """Open the engine for one command; its errors become sentences and exit code 1."""
    settings = settings or read_settings()
    engine = open_engine(places(settings))
    try:
        yield engine, settings
    except AlurError as error:
        raise click.ClickException(in_words(error)) from error
    finally:
        engine.close()


@contextmanager
def at_desk() -> Iterator[Desk]:
    """Open the engine and act as the operator in the office of the settings."""
    settings = read_settings()
    must_exist(settings)
    with opened(settings) as (engine, settings):
        if not is_current(engine.store):
            raise click.ClickException("The database is not of this release. Run: alur migrate")
        with engine.store.reading() as connection:
            office = people.office_by_key(connection, settings.office)
        if office is None:
            raise click.ClickException("There is no such office yet. Run: alur init")
        yield Desk(engine=engine, settings=settings, actor=operator(office))


def note_start(engine: Engine, settings: Settings, process: str) -> None:
    """Put on record with which settings a process starts; it starts without, where the database is away."""
    try:
        if is_current(engine.store):
            note_settings(engine, process, settings.told)
    except StoreUnavailable as error:
        log.warning("settings.not-noted", why=str(error))


def must_exist(settings: Settings) -> None:
    """Refuse a data folder that has no database: it is most likely not the one that is meant."""
    if settings.database_url or (settings.data_dir / "alur.db").exists():
        return
    here = settings.data_dir.resolve()
    raise click.ClickException(
        f"There is no database in {here}. Set ALUR_DATA_DIR to the folder of your data,"
        " run this in the folder that it is in (a clone keeps it in var), or make an office: alur init"
    )


def in_words(error: AlurError) -> str:
    """Say everything an error says, in English, a line each."""
    lines = [str(error.sentence)]
    if isinstance(error, Refused):
        lines += [f"  {one.element or '-'} {one.name}: {one.sentence}" for one in error.findings]
    if isinstance(error, Invalid):
        lines += [f"  {one.label}: {one.sentence}" for one in error.problems]
    return "\n".join(lines)


def library_folder() -> Path:
    """Find the processes that come with Alur: beside the program, or inside the wheel."""
    beside = ROOT / "processes"
    return beside if beside.is_dir() else ROOT / "webapp" / "library_files" / "processes"


def process_folders(path: Path) -> list[Path]:
    """Find the folders of processes at a path: itself, or those inside."""
    if (path / "process.bpmn").is_file():
        return [path]
    return sorted(inside.parent for inside in path.glob("*/process.bpmn"))


def link_address(settings: Settings, token: str) -> str:
    """Give the address of a one-time password link, as people will reach the server."""
    named = [name.strip() for name in settings.allowed_hosts.split(",") if name.strip()]
    if settings.behind_proxy and named:
        return f"https://{named[0]}/password/{token}"
    return f"http://{settings.host}:{settings.port}/password/{token}"
