"""What whoever submits a revision says to whoever decides on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("process_version", sa.Column("message", sa.Text(), nullable=False, server_default=""))
