"""``alur migrate``."""

from __future__ import annotations

import click

from engine.errors import AlurError
from engine.storage.migrating import migrate
from engine.storage.transaction import open_store
from webapp.commands.opening import in_words, places
from webapp.commands.starting import read_settings
from webapp.commands.telling import tell


@click.command()
def command() -> None:
    """Bring the database to the tables of this release; a second time does nothing."""
    store = open_store(places(read_settings()).database)
    try:
        migrate(store)
    except AlurError as error:
        raise click.ClickException(in_words(error)) from error
    finally:
        store.close()
    tell("The database is of this release.")
