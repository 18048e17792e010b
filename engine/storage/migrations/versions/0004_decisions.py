"""The DMN files of a version of an SOP."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; versions deployed before have none."""
    op.add_column("process_version", sa.Column("decisions", sa.Text(), nullable=True))
