"""Since when a version that had been replaced is in force again, and who decided that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("process_version", sa.Column("reinstated_on", sa.Date(), nullable=True))
    op.add_column("process_version", sa.Column("reinstated_by", Identity(), nullable=True))
