"""The instant from which a version is in force again: what was read before it is to be read once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("process_version", sa.Column("reinstated_at", Instant(), nullable=True))
