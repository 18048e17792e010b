"""What `alur run` does before it starts: the database, and in a demo the office, the SOPs and cases.

A process of its own, so that its memory is given back before anything is served.
"""

from __future__ import annotations

from pathlib import Path

import click

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.actions.passwords import hash_password, matches
from engine.core import Engine
from engine.demo import fill
from engine.errors import AlurError
from engine.model.actor import Actor
from engine.storage import people
from engine.storage.migrating import is_current, migrate
from webapp.commands.opening import in_words, library_folder, opened, places, process_folders
from webapp.commands.telling import tell
from webapp.settings import Settings

# Stands in the data folder while demo data are made: found at a start, they are made anew.
_UNFINISHED = "demo-unfinished"


@click.command()
def command() -> None:
    """Prepare the database for `alur run`."""
    with opened() as (engine, settings):
        if settings.demo:
            _clear_half_made(settings)
        if not is_current(engine.store):
            tell("database: making the tables")
            migrate(engine.store)
        with engine.store.reading() as connection:
            office = people.office_by_key(connection, settings.office)
        if office is None and not settings.demo:
            raise click.ClickException("There is no office yet. Run: alur init (or: alur run --demo)")
        if office is None:
            _fill(settings, engine)
        elif settings.demo:
            _refresh(settings, engine)


def _fill(settings: Settings, engine: Engine) -> None:
    mark = settings.data_dir / _UNFINISHED
    mark.touch()
    tell("demo: an office, its SOPs and cases (half a minute, only this once)")
    try:
        now = engine.clock.now()
        fill(places(settings), library_folder(), settings.demo_key, now, lambda what: tell(f"demo: {what}"))
    except AlurError as error:
        raise click.ClickException(in_words(error)) from error
    mark.unlink()


def _clear_half_made(settings: Settings) -> None:
    """Remove a demo that was interrupted while it was made; nobody has worked with it yet."""
    mark = settings.data_dir / _UNFINISHED
    if not mark.exists():
        return
    if settings.database_url:
        raise click.ClickException(
            f"The demo data in {settings.database_url} were not made to the end: empty that database, "
            f"then remove {mark}."
        )
    tell("demo: the last start was interrupted, beginning again")
    for name in ("alur.db", "alur.db-wal", "alur.db-shm"):
        (settings.data_dir / name).unlink(missing_ok=True)
    mark.unlink()


def _refresh(settings: Settings, engine: Engine) -> None:
    """Take changed processes into the library, and a changed password into the demo accounts."""
    with engine.store.reading() as connection:
        office = people.office_by_key(connection, settings.office)
        accounts = people.demo_accounts(connection)
    if office is None:
        return
    for folder in process_folders(library_folder()):
        _deploy(engine, operator(office), folder)
    if accounts and not matches(accounts[0].password_hash, settings.demo_key):
        hashed = hash_password(settings.demo_key)
        with engine.store.transaction() as connection:
            for account in accounts:
                people.swap_password(connection, account.id, account.password_hash, hashed)


def _deploy(engine: Engine, actor: Actor, folder: Path) -> None:
    try:
        done = deploy(engine, actor, read_package(folder))
    except AlurError as error:
        tell(f"library: {folder.name} was not taken. {in_words(error)}")
        return
    if done.new:
        instead = f", in the place of version {done.replaced}" if done.replaced is not None else ""
        tell(f"library: {folder.name}, version {done.number}{instead}")
