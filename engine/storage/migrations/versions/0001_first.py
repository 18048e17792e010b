"""The tables of the first release."""

from __future__ import annotations

from alembic import op

from engine.storage import search
from engine.storage.record_guard import protect_record
from engine.storage.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, the search table, and the triggers that keep the record append-only."""
    connection = op.get_bind()
    metadata.create_all(connection)
    search.create(connection)
    protect_record(connection)
