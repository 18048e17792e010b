"""Bring a database to the tables of this release, through Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.storage.transaction import Store

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Run every migration that the database has not seen; a second time does nothing."""
    with store.transaction() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Tell whether the database has every migration of this release."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config
