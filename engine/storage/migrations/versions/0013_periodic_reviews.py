"""When an SOP was due to be monitored or evaluated, and in which case that is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "periodic_review",
        sa.Column("process", Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["process"], ["process.id"]),
        sa.PrimaryKeyConstraint("process", "kind", "due_on"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_periodic_review_instance", "periodic_review", ["instance"])
