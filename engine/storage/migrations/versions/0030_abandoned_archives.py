"""An archive whose file was lost before any text was read from it can be given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add since when it is none."""
    op.add_column("archive", sa.Column("abandoned_at", Instant(), nullable=True))
